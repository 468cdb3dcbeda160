"""Holding a generation against the library: is every passage in both indexes, with its own vector?

Run as a module in a process of its own before a generation gets its name: what the process that wrote an index
believes of it is no proof of what lies on the disk.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from assistant.adapters.database.library import Library
from assistant.adapters.generation.layout import intact
from assistant.adapters.generation.opened import OpenGeneration
from assistant.domain.holdings import Passage
from assistant.domain.text import terms
from assistant.errors import AssistantError, IndexUnavailable

_SAMPLES = 32
_MISSES = 2  # self-queries by vector that may fail in a full sample: the search is approximate, its graph is not broken
_TIMEOUT_SECONDS = 600
_SAME = 0.999  # cosine from which two vectors are one: Chroma normalises again, in float32
_SHOWN = 20  # faults listed; the rest are counted


def in_fresh_process(data_dir: Path, folder: Path, name: str) -> None:
    """Verify the generation ``name`` that lies in ``folder``. Raises :class:`IndexUnavailable` with its faults."""
    # The child reads from this pipe and gives up when it closes: were we killed, it would go on opening, and by that
    # writing, files that the next run is clearing away.
    ours, theirs = os.pipe()
    command = [sys.executable, "-m", __name__, str(data_dir), str(folder), name, str(ours)]
    try:
        done = subprocess.run(  # noqa: S603  # our own module on our own paths
            command,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_TIMEOUT_SECONDS,
            check=False,
            pass_fds=[ours],
        )
        found = json.loads(done.stdout) if done.stdout else [done.stderr.strip()[-500:]]
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        found = [str(error)]
    finally:
        os.close(ours)
        os.close(theirs)
    if found:
        raise IndexUnavailable(
            f"新建的索引 {name} 未通过校验：{'；'.join(map(str, found))}。", "原有索引继续使用；请检查磁盘后重新运行。"
        )


def faults(generation: OpenGeneration, folder: Path, library: Library) -> list[str]:
    """What is wrong with an open generation; empty where all is well."""
    found = list(islice(_faults(generation, folder, library), _SHOWN + 1))
    return [*found[:_SHOWN], "……"] if len(found) > _SHOWN else found


def _faults(generation: OpenGeneration, folder: Path, library: Library) -> Iterator[str]:
    manifest = generation.manifest
    if not intact(folder, manifest):
        yield "索引文件缺失或大小不符"
    if (infos := len(generation.documents())) != len(manifest.holdings):
        yield f"资料库中有 {infos} 份文件，清单为 {len(manifest.holdings)} 份"
    words = generation.stored_words()
    vectors = dict(generation.stored_vectors())
    step = max(1, manifest.chunks // _SAMPLES)
    seen = 0
    unfound: list[str] = []
    for passage in library.passages(manifest.holdings, manifest.model):
        chunk = passage.chunk
        if chunk.id not in words:
            yield f"词索引缺少 {chunk.id}"
        if manifest.model is not None:
            yield from _vector_faults(passage, vectors.pop(chunk.id, None))
        if seen % step == 0:
            if not _finds_itself_by_vector(generation, passage):
                unfound.append(chunk.id)
            if not _finds_itself_by_words(generation, passage):
                yield f"用 {chunk.id} 的文字查不到它自己"
        words.discard(chunk.id)
        seen += 1
    if len(unfound) > (_MISSES if seen >= 16 * _SAMPLES else 0):
        yield f"用自己的向量查不到自己：{'、'.join(unfound)}"
    if seen != manifest.chunks:
        yield f"资料库中有 {seen} 条，清单为 {manifest.chunks} 条"
    yield from (f"词索引中多出 {chunk_id}" for chunk_id in sorted(words))
    yield from (f"向量索引中多出 {chunk_id}" for chunk_id in sorted(vectors))


def _vector_faults(passage: Passage, stored: bytes | None) -> Iterator[str]:
    import numpy as np

    if passage.vector is None:
        yield f"资料库中缺少 {passage.chunk.id} 的向量"
    elif stored is None:
        yield f"向量索引缺少 {passage.chunk.id}"
    elif len(stored) != len(passage.vector):
        yield f"{passage.chunk.id} 的向量维数不符"
    else:
        ours, theirs = np.frombuffer(passage.vector, "<f4"), np.frombuffer(stored, "<f4")
        if float(ours @ theirs) < _SAME * float(np.linalg.norm(ours) * np.linalg.norm(theirs)):
            yield f"{passage.chunk.id} 的向量与资料库不同"


def _finds_itself_by_vector(generation: OpenGeneration, passage: Passage) -> bool:
    """Whether a passage's vector leads to it, or to another passage with the very same vector."""
    import numpy as np

    if passage.vector is None:
        return True
    hits = generation.dense(np.frombuffer(passage.vector, "<f4").tolist(), 5)
    return bool(hits) and (hits[0].score >= _SAME or passage.chunk.id in {hit.chunk_id for hit in hits})


def _finds_itself_by_words(generation: OpenGeneration, passage: Passage) -> bool:
    """Whether a passage's words lead to it within its document."""
    chunk = passage.chunk
    if not terms(chunk.passage):
        return True
    siblings = len(generation.chunks_of(chunk.document_id))
    return chunk.id in {hit.chunk_id for hit in generation.lexical(chunk.passage, siblings, [chunk.document_id])}


def main(arguments: Sequence[str]) -> int:
    """``DATA_DIR FOLDER NAME PIPE``: print the faults as a JSON list; 1 where there are any."""
    threading.Thread(target=_end_with_parent, args=(int(arguments[3]),), daemon=True).start()
    from assistant.adapters.database.engine import open_library

    data_dir, folder, name = Path(arguments[0]), Path(arguments[1]), arguments[2]
    engine = open_library(data_dir)
    try:
        library = Library(engine)
        generation = OpenGeneration(folder, library, name=name)
        try:
            found = faults(generation, folder, library)
        finally:
            generation.close()
    except AssistantError as error:
        found = [error.message]
    finally:
        engine.dispose()
    sys.stdout.write(json.dumps(found, ensure_ascii=False))
    return 1 if found else 0


def _end_with_parent(pipe: int) -> None:
    os.read(pipe, 1)  # nothing is ever written: it returns when the other end is closed
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
