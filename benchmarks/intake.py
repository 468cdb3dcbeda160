"""What ingest takes of real files, what it loses, and what a run costs.

    python -m benchmarks.intake [--small] [--folders NAME…] [--embedder fake|real] [--threads N] [--jobs N]
                                [--corpus DIR] [--json]

Every file of the folders, by default ``formats``, ``state-council``, ``laws`` and ``proposals-2019``, goes through the
product's pipeline in one run, then again. For the cost on one core: ``taskset -c 0 … --embedder real --threads 1 --jobs
1``. For each file: the Chinese characters that a crude reading finds in it, which shares nothing with the parsers (tags
stripped, XML text, pypdf, the strings of a workbook), how many of them are in clauses (counted with multiplicity), and
what the run says it could not take. ``--small`` takes the formats and every tenth law, for a check in minutes. Prints a
table for each format and, of the run, wall time, the share of each step and peak memory. The exit code is 1 when a
format that has text is covered by less than 99.9 % without a problem that says so.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import resource
import sys
import tempfile
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from assistant.adapters.database.engine import open_library
from assistant.adapters.database.intake import Intake
from assistant.adapters.embeddings import build_embedder
from assistant.domain.holdings import Holding
from assistant.domain.policy import Problem
from assistant.ports import Embedder
from benchmarks.coverage import source_characters
from benchmarks.machine import facts
from ingest.formats.model import Limits
from ingest.pipeline import Stages
from ingest.wiring import ingest_on, stages_for
from tests.fakes.stages import Silent

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
FOLDERS = ("formats", "state-council", "laws", "proposals-2019")
NEEDED = 0.999
_HAN = re.compile("[㐀-鿿豈-﫿]")
_TAGS = re.compile(rb"<[^>]*>")
#: Parts of zip formats that hold text, and elements in them that hold none that is shown.
_TEXT_PARTS = {
    ".docx": re.compile(r"word/(?:document|footnotes|endnotes|header\d*|footer\d*)\.xml$"),
    ".xlsx": re.compile(r"xl/(?:sharedStrings|worksheets/[^/]*)\.xml$"),
    ".ofd": re.compile(r"(?:^|/)(?:Content|Tpl[^/]*|Page[^/]*)\.xml$", re.IGNORECASE),
}
_UNSHOWN = re.compile(
    rb"<(?:w:delText|w:instrText|rPh|mc:Fallback)\b.*?</(?:w:delText|w:instrText|rPh|mc:Fallback)>", re.DOTALL
)
#: Formats whose text a crude reading cannot find: recognised print, and binary containers.
WITHOUT_COUNT = frozenset((".jpg", ".png", ".doc", ".xls", ".wps"))


@dataclass(frozen=True, slots=True)
class File:
    """One file: ``characters`` is None where no crude reading finds them."""

    name: str
    documents: int
    clauses: int
    characters: int | None
    held: int
    problems: tuple[str, ...]

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()


@dataclass(frozen=True, slots=True)
class Cost:
    """One run: seconds in all and by step, and the greatest memory of this process and of a worker, in MiB.

    ``cpu`` are seconds of processors in all processes, ``embedding_cpu`` those spent embedding: on a machine that does
    other work too they tell more than the clock.
    """

    wall: float
    steps: dict[str, float]
    clauses: int
    embedded: int
    memory: float
    worker_memory: float
    cpu: float = 0.0
    embedding_cpu: float = 0.0

    @property
    def pipeline_share(self) -> float:
        """What the run costs besides embedding, of all that it costs, in time of processors."""
        return 1 - self.embedding_cpu / self.cpu if self.cpu else 0.0

    @property
    def embedding_share(self) -> float:
        return self.steps.get("embed", 0.0) / self.wall


def crude_characters(path: Path) -> Counter[str] | None:
    """Chinese characters of a file without its parser; None where that cannot be told."""
    suffix, data = path.suffix.lower(), path.read_bytes()
    if suffix in WITHOUT_COUNT:
        return None
    if suffix in _TEXT_PARTS:
        found: Counter[str] = Counter()
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    if _TEXT_PARTS[suffix].search(name):
                        text = _TAGS.sub(b"", _UNSHOWN.sub(b"", archive.read(name))).decode("utf-8", "ignore")
                        found.update(_HAN.findall(_unescaped(text)))
        except zipfile.BadZipFile:
            return None
        return found
    if suffix == ".csv":
        return Counter(_HAN.findall(data.decode("utf-8-sig", "ignore")))
    return source_characters(path, data)


def _unescaped(text: str) -> str:
    import html

    return html.unescape(text)


def run_on(
    paths: Sequence[Path], data_dir: Path, embedder: Embedder, stages: Stages
) -> tuple[Cost, tuple[Problem, ...]]:
    """Ingest the paths into ``data_dir`` and tell what it cost."""
    began, spent, measured = time.perf_counter(), _cpu(), _Measured(embedder)
    with ingest_on(data_dir, measured, stages, Silent()) as ingest:
        outcome = ingest.run(paths)
    wall, cpu = time.perf_counter() - began, _cpu() - spent
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    seconds = dict(outcome.seconds)
    return Cost(
        wall, seconds, outcome.clauses, outcome.embedded, own, children, cpu, measured.seconds
    ), outcome.problems


class _Measured:
    """An embedder whose time of processors is counted."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.model = embedder.model
        self.seconds = 0.0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        began = time.process_time()
        found = self._embedder.embed_documents(texts)
        self.seconds += time.process_time() - began
        return found

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.embed_query(text)


def _cpu() -> float:
    """Seconds of processors that this process and those that it has started and seen end have taken."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in used)


def files_of(paths: Iterable[Path], data_dir: Path, problems: Iterable[Problem]) -> list[File]:
    """What the library holds of every file, beside what the file holds."""
    said: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        said[problem.source].append(problem)
    found: list[File] = []
    engine = open_library(data_dir)
    try:
        library = Intake(engine)
        sources = library.sources()
        for root in paths:
            for path in sorted(p for p in (root.rglob("*") if root.is_dir() else [root]) if p.is_file()):
                own = [s for s in sources.values() if s.path == str(path) or s.container == str(path)]
                if not own:
                    continue  # no document by its name: a list, a licence
                held: Counter[str] = Counter()
                clauses = 0
                for source in own:
                    if source.edition is None:
                        continue
                    document = library.document(Holding("", source.edition, source.name))
                    assert document is not None, source.name
                    clauses += len(document.clauses)
                    held.update(_HAN.findall("".join(c.span.of(document.text) for c in document.clauses)))
                wanted = crude_characters(path)
                covered = held.total() if wanted is None else (wanted & held).total()
                remarks = tuple(
                    f"{p.place} {p.reason}".strip() for s in own for p in said[s.name] if p.lost or wanted is None
                )
                documents = sum(s.edition is not None for s in own)
                count = None if wanted is None else wanted.total()
                found.append(File(str(path), documents, clauses, count, covered, remarks))
    finally:
        engine.dispose()
    return found


def chosen_paths(corpus: Path, small: bool, folders: Sequence[str] = FOLDERS) -> list[Path]:
    """The folders to ingest; with ``small`` the formats and every tenth law."""
    if not small:
        return [corpus / folder for folder in folders]
    return [corpus / "formats", *sorted((corpus / "laws").rglob("*.md"))[::10]]


def table(files: Sequence[File]) -> str:
    """Coverage by format, in Markdown."""
    lines = [
        "| format | files | with a document | clauses | characters | in clauses | coverage |",
        "|---|---|---|---|---|---|---|",
    ]
    by_suffix: dict[str, list[File]] = defaultdict(list)
    for file in files:
        by_suffix[file.suffix].append(file)
    for suffix, group in sorted(by_suffix.items()):
        counted = [f for f in group if f.characters is not None]
        total, held = sum(f.characters or 0 for f in counted), sum(f.held for f in counted)
        share = f"{held / total:.3%}" if total else "–"
        documents, clauses = sum(f.documents > 0 for f in group), sum(f.clauses for f in group)
        shown = (total or "–", held if counted else sum(f.held for f in group))
        lines.append(f"| {suffix} | {len(group)} | {documents} | {clauses} | {shown[0]} | {shown[1]} | {share} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What ingest takes, loses and costs.")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--folders", nargs="+", choices=FOLDERS, default=FOLDERS)
    parser.add_argument("--threads", type=int, default=2, help="of the real embedder")
    parser.add_argument("--embedder", choices=("fake", "real"), default="fake")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    if not chosen.corpus.is_dir():
        print(f"no corpus at {chosen.corpus}", file=sys.stderr)
        return 2
    paths = chosen_paths(chosen.corpus, chosen.small, chosen.folders)
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        embedder = _embedder(chosen.embedder, chosen.threads, data_dir)
        stages = stages_for(Limits(), chosen.jobs)  # once: their fingerprint is that of the code as it is now
        first, problems = run_on(paths, data_dir, embedder, stages)
        second, _ = run_on(paths, data_dir, embedder, stages)
        files = files_of(paths, data_dir, problems)
    if chosen.json:
        report = {"machine": facts(), "embedder": embedder.model, "files": [asdict(f) for f in files]}
        print(json.dumps(report | {"first": asdict(first), "second": asdict(second)}, ensure_ascii=False, indent=1))
    else:
        _show(files, first, second, embedder.model, chosen.corpus)
    return 1 if any(_is_silent(f) for f in files) else 0


def _is_silent(file: File) -> bool:
    """Whether a file lost characters that nothing names."""
    return bool(file.characters) and file.held < NEEDED * (file.characters or 0) and not file.problems


def _embedder(which: str, threads: int, data_dir: Path) -> Embedder:
    if which == "fake":
        from tests.fakes.embedder import HashingEmbedder

        return HashingEmbedder()
    embedder = build_embedder(
        "auto", base_url=None, model=None, api_key=None, threads=threads, cache_dir=data_dir / "cache"
    )
    assert embedder is not None
    return embedder


def _show(files: Sequence[File], first: Cost, second: Cost, model: str, corpus: Path) -> None:
    print(" ".join(f"{k}={v}" for k, v in facts().items()))
    for file in files:
        short = file.characters is not None and file.held < NEEDED * file.characters
        if file.problems or short or not file.documents:
            share = f"{file.held}/{file.characters}" if file.characters is not None else f"{file.held} read"
            name = Path(file.name).relative_to(corpus)
            print(f"{name}  {share}  {'; '.join(file.problems)[:200]}{'  SILENT' if _is_silent(file) else ''}")
    print(table(files))
    for run, cost in (("first", first), ("second", second)):
        steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in cost.steps.items())
        print(f"{run} run: {cost.wall:.1f} s ({steps}); {cost.clauses} passages, {cost.embedded} embedded by {model}")
    print(
        f"processors: {first.cpu:.0f} s, of it embedding {first.embedding_cpu:.0f} s; "
        f"all else {first.pipeline_share:.1%}; load {facts()['load']}"
    )
    print(f"embedding: {first.embedding_share:.1%} of the first run; second run: {second.wall / first.wall:.1%} of it")
    print(f"peak memory: {first.memory:.0f} MiB here, {first.worker_memory:.0f} MiB in the largest worker")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
