"""Ingest runs that are killed: what is served is always whole, and the next run repairs by itself.

Nothing in the product helps these tests: they watch the data folder and kill the process when the files show that
it is where they want it, or after a random part of the time that a run takes.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import pytest

from assistant.adapters.generation.build import GenerationBuilder
from assistant.domain.policy import Document
from tests.fakes.embedder import HashingEmbedder
from tests.ingest_runs.conftest import Desk, verified_here
from tests.patience import SECONDS, until

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS, LINES = 20, 15
#: One kill at each place. More go through the places again with other documents and signals, as before a release.
KILLS = int(os.environ.get("INGEST_KILLS", "6"))

Aim = Callable[[Path, random.Random, float], bool]


def text_of(number: int, version: int) -> str:
    lines = [f"第{number}号通知第{version}稿", *(f"第{number}处第{version}次办理第{n}项。" for n in range(LINES))]
    return "\n".join(lines)


def started(desk: Desk, *most: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.ingest_runs.driver", str(desk.data_dir), str(desk.corpus), *most]

    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def staging(index: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from (path for path in index.iterdir() if path.name.startswith("staging-gen"))


def at_random(index: Path, chance: random.Random, seconds: float) -> bool:
    time.sleep(chance.uniform(0.2, 1.0) * seconds)
    return True


def in_the_chroma_write(index: Path, chance: random.Random, seconds: float) -> bool:
    return any(True for folder in staging(index) for _ in folder.glob("parts/*/chroma/chroma.sqlite3"))


def in_the_graph_persist(index: Path, chance: random.Random, seconds: float) -> bool:
    return any(True for folder in staging(index) for _ in folder.glob("parts/*/chroma/*/*.bin"))


def in_the_verification(index: Path, chance: random.Random, seconds: float) -> bool:
    if any((folder / "manifest.json").exists() for folder in staging(index)):
        time.sleep(chance.uniform(0.0, 0.5))
        return True
    return False


def before_the_pointer(index: Path, chance: random.Random, seconds: float) -> bool:
    current = int((index / "CURRENT").read_text().strip().removeprefix("gen-"))
    return (index / f"gen-{current + 1}").exists()


class AtTheSwitch:
    """Strikes as soon as CURRENT is being, or has just been, replaced."""

    def __init__(self) -> None:
        self.before: int | None = None

    def __call__(self, index: Path, chance: random.Random, seconds: float) -> bool:
        now = (index / "CURRENT").stat().st_mtime_ns
        self.before = self.before or now
        return now != self.before or (index / "CURRENT.new").exists()


def killed(desk: Desk, aim: Aim, how: signal.Signals, chance: random.Random, seconds: float) -> bool:
    """Start a run and kill it where ``aim`` says; False where it was over before."""
    process = started(desk)
    try:
        while process.poll() is None:
            if aim(desk.data_dir / "index", chance, seconds):
                process.send_signal(how)
                break
            time.sleep(0.0005)
        code = process.wait(SECONDS)
        assert process.stderr is not None
        complaint = process.stderr.read().decode()
        assert code in (0, -how, 128 + how), complaint
        return code != 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stderr is not None:
            process.stderr.close()


def served(desk: Desk, chance: random.Random) -> set[str]:
    """The texts that are served, after looking that each can be read, and some be found in both ways."""
    embedder = HashingEmbedder()
    with desk.index() as index:
        documents: list[Document] = []
        for info in index.documents():
            document = index.document(info.id)
            assert document is not None
            documents.append(document)
        for document in chance.sample(documents, 3):
            chunks = index.chunks_of(document.id)
            assert len(chunks) == LINES + 1
            chunk = chance.choice(chunks)
            assert chunk.text == chunk.span.of(document.text)
            assert chunk.id in {h.chunk_id for h in index.dense(embedder.embed_query(chunk.passage), 40)}
            assert chunk.id in {h.chunk_id for h in index.lexical(chunk.passage, 40, [document.id])}
        return {document.text for document in documents}


def changed(desk: Desk, texts: dict[str, str], version: int, chance: random.Random) -> dict[str, str]:
    """Change, add and remove a file each."""
    texts = dict(texts)
    texts.pop(chance.choice(sorted(texts)))
    texts[chance.choice(sorted(texts))] = text_of(1000 + version, version)
    texts[f"new{version}.txt"] = text_of(2000 + version, version)
    for name in {p.name for p in desk.corpus.iterdir()} - set(texts):
        (desk.corpus / name).unlink()
    for name, text in texts.items():
        path = desk.corpus / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
    return texts


def test_a_killed_run_never_hurts_what_is_served_and_the_next_one_repairs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(20240229)
    texts = {f"{n}.txt": text_of(n, 0) for n in range(DOCUMENTS)}
    for name, text in texts.items():
        (desk.corpus / name).write_text(text, "utf-8")
    began = time.monotonic()
    process = started(desk)
    assert process.wait(2 * SECONDS) == 0
    seconds = time.monotonic() - began
    assert process.stderr is not None
    process.stderr.close()
    before = set(texts.values())
    assert served(desk, chance) == before

    in_a_fresh_process = GenerationBuilder.verify
    aims = cycle((at_random, in_the_chroma_write, in_the_graph_persist, in_the_verification, before_the_pointer, None))
    kills = 0
    for version, aim in zip(range(1, 5 * KILLS), aims, strict=False):
        how = signal.SIGKILL if version % 4 != 2 else signal.SIGTERM
        texts = changed(desk, texts, version, chance)
        wanted = set(texts.values())
        kills += killed(desk, aim or AtTheSwitch(), how, chance, seconds)
        assert served(desk, chance) in (before, wanted), f"{how.name}, kill {version}"
        # The run that repairs goes on in this process; every sixth verifies as the command does.
        monkeypatch.setattr(GenerationBuilder, "verify", verified_here if version % 6 != 1 else in_a_fresh_process)
        assert desk.run().documents == DOCUMENTS
        assert served(desk, chance) == wanted
        with desk.library() as library:
            assert library.counts()["documents"] <= 2 * DOCUMENTS
        index = desk.data_dir / "index"
        assert not list(staging(index))
        assert len(list(index.glob("gen-*"))) <= 2
        before = wanted
        if kills == KILLS:
            break
    monkeypatch.undo()
    assert kills == KILLS
    assert not desk.run().published


def test_a_run_that_is_asked_to_stop_says_so_and_leaves_nothing_half_done(desk: Desk) -> None:
    for n in range(DOCUMENTS):
        desk.write(f"{n}.txt", text_of(n, 0))
    process = started(desk)
    assert process.stderr is not None
    while process.poll() is None and not list(staging(desk.data_dir / "index")):
        time.sleep(0.002)
    process.send_signal(signal.SIGTERM)
    _, complaint = process.communicate(timeout=SECONDS)
    if process.returncode != 0:
        assert process.returncode == 128 + signal.SIGTERM
        assert "重新运行即可继续" in complaint.decode()
        assert "Traceback" not in complaint.decode()
    assert not list(staging(desk.data_dir / "index"))
    assert desk.run().documents == DOCUMENTS


def test_an_interrupted_embedding_goes_on_where_it_stopped(desk: Desk) -> None:
    for n in range(DOCUMENTS):
        desk.write(f"{n}.txt", text_of(n, 0))
    total = DOCUMENTS * (LINES + 1)
    process = started(desk, "100")  # and does nothing more, as if somebody had pulled the plug

    def embedded() -> int:
        if not (desk.data_dir / "library.db").exists():
            return 0
        with desk.library() as library:
            return library.counts()["embeddings"]

    until(lambda: embedded() >= 50, "nothing is embedded")
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    done = embedded()
    assert 0 < done < total
    assert desk.run().embedded == total - done
