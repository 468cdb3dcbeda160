"""How the product grows with its library: ``python -m benchmarks.scale [--small] [--sizes 1000,10000] [--million]``.

For each size a library of real documents and their copies (:mod:`benchmarks.scale_texts`) is ingested by the product's
pipeline, and then measured: what a run costs by stage; what it costs when one document has changed, and whether readers
notice; how long the routes of retrieval take, with and without a filter, beside the plain way asked the same in turn
(the vector store's own graphs, SQLite's full-text search: :mod:`benchmarks.scale_plain`); what a process needs to open
it; when the first sentence of an answer comes. ``--million`` puts a million made-up vectors and passages into the two
indexes alone.

Times are medians and 95th percentiles by the clock, with processor time beside them: on a machine that does other work
the clock tells of that work. Where there is a baseline, so is the ratio to it, whatever the machine.

Prints a table; JSON and a plot (SVG) go to ``benchmarks/results/scale.*`` or ``--out``.
Without ``../shared/corpus`` the samples of ``corpus/`` are copied. ``--small`` is for CI.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from assistant.adapters.chroma import ChromaIndex
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.library import Library
from assistant.adapters.embeddings.choose import build_embedder
from assistant.adapters.generation import Generations
from assistant.adapters.generation.layout import Layout
from assistant.adapters.generation.matrix import ExactIndex, Matrix, MatrixWriter
from assistant.adapters.generation.opened import OpenGeneration
from assistant.adapters.lexical import LexicalIndex, LexicalWriter
from assistant.bootstrap import _PATIENCE_SECONDS
from assistant.domain.access import LOCAL
from assistant.domain.dialogue import Sentence
from assistant.domain.holdings import Passage
from assistant.domain.ledger.selection import Filters
from assistant.domain.policy import Chunk, Document, Span
from assistant.ports import Embedder
from benchmarks.machine import facts
from benchmarks.retrieval import RESULTS, ROOT, KeptVectors
from benchmarks.scale_plain import FullText, Truth
from benchmarks.scale_texts import KnownEmbedder, Made, MadeStages, library_of, questions_of
from benchmarks.streams import p95
from ingest.formats.model import Limits
from ingest.wiring import ingest_on, stages_for
from tests.fakes.stages import Silent

SHARED = ROOT.parent / "shared" / "corpus"
FOLDERS = ("laws", "proposals-2019", "state-council")
DEPTH = 100  # hits of a route, as retrieval asks for
CHANGES = 3
_COMPARED = 15  # questions that the plain way is asked too: with a filter it takes long


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of one size, in milliseconds, MiB or as the name says. ``baseline``: the same done the plain way."""

    passages: int
    name: str
    median: float
    p95: float | None = None
    cpu: float | None = None  # processor time, median
    baseline: float | None = None  # median
    ratio: float | None = None  # of the median to the baseline's


def _cpu() -> float:
    """Seconds of processors that this process and those that it has seen end have taken."""
    used = os.times()
    return time.process_time() + used.children_user + used.children_system


def _ratio(ours: float, baseline: float | None) -> float | None:
    return round(ours / baseline, 4) if baseline else None


class Clock:
    """Times of something that is done again and again."""

    def __init__(self, wall: Sequence[float] = (), cpu: Sequence[float] = ()) -> None:
        self.wall = list(wall)
        self.cpu = list(cpu)

    def time(self, do: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), _cpu()
        found = do()
        self.cpu.append((_cpu() - cpu) * 1000)
        self.wall.append((time.perf_counter() - wall) * 1000)
        return found

    def row(self, passages: int, name: str, baseline: Clock | None = None) -> Row:
        other = round(median(baseline.wall), 2) if baseline else None
        times = (round(median(self.wall), 2), round(p95(self.wall), 2), round(median(self.cpu), 2))
        return Row(passages, name, *times, other, _ratio(times[0], other))


def parsed_texts(small: bool) -> list[tuple[Document, tuple[Chunk, ...]]]:
    """Real documents as the product parses them."""
    folders = [SHARED / name for name in FOLDERS] if SHARED.is_dir() and not small else [ROOT / "corpus"]
    stages = stages_for(Limits(), os.cpu_count() or 1)
    files, _ = stages.discover(folders)
    from ingest.parsed import Reading

    readings = (Reading(file, file.name, data, "") for file in files if isinstance(data := stages.read(file), bytes))
    found: dict[str, tuple[Document, tuple[Chunk, ...]]] = {}
    for _, parsed in stages.parse(readings):
        found |= {p.document.id: (p.document, p.chunks) for p in parsed if p.document and p.document.clauses}
    return sorted(found.values(), key=lambda pair: pair[0].source)


class Bench:
    """One library of one size."""

    def __init__(self, made: Sequence[Made], embedder: KnownEmbedder, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.passages = sum(len(one.chunks) for one in made)
        self._embedder = embedder
        self._stages = MadeStages(data_dir / "made", made)
        self._first: dict[str, float] = {}

    def _run(self) -> dict[str, float]:
        with ingest_on(self.data_dir, self._embedder, self._stages.stages(), Silent()) as ingest:
            return dict(ingest.run([self._stages.root]).seconds)

    def ingest(self) -> Iterator[Row]:
        """The first run, by stage; parsing and the model's own time are not in it."""
        clock = Clock()
        self._first = clock.time(self._run)
        yield clock.row(self.passages, "ingest: all")
        for stage, seconds in self._first.items():
            yield Row(self.passages, f"ingest: {stage}", round(seconds * 1000, 1))

    def change(self, times: int = CHANGES) -> Iterator[Row]:
        """One document has changed, so many times, while a reader in a process of its own goes on asking."""
        whole, publishing = Clock(), []
        command = [sys.executable, "-m", "benchmarks.scale", "--read", str(self.data_dir)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
            assert reader.stdout is not None
            reader.stdout.readline()  # it has begun
            for n in range(times):
                self._stages.change(n)
                publishing.append(whole.time(self._run)["publish"] * 1000)
                time.sleep(1.5)  # the reader takes the new generation up
            told, _ = reader.communicate()
        waited = Clock(*json.loads(told))
        yield whole.row(self.passages, "one document changed: run")
        middle, first = round(median(publishing), 1), self._first.get("publish", 0) * 1000
        row = Row(self.passages, "one document changed: publish", middle, round(max(publishing), 1))
        yield replace(row, baseline=round(first, 1), ratio=_ratio(middle, first)) if first else row
        yield waited.row(self.passages, "a reader's search meanwhile")
        yield Row(self.passages, "the longest of them", round(max(waited.wall), 1))

    def retrieval(self, questions: Sequence[str]) -> Iterator[Row]:
        """The routes over the generation, beside the graphs of the vector stores of its parts and SQLite's search."""
        with _opened(self.data_dir) as index:
            vectors = [self._embedder.embed_query(question) for question in questions]
            ids = [info.id for info in index.documents()]
            folders = [self.data_dir / "index" / "parts" / part.name for part in index.manifest.parts]
            truth = Truth(folders, set(ids))
            stores = [ChromaIndex(folder / "chroma") for folder in folders]
            table = FullText(chunk for one in self._stages.made() for chunk in one.chunks)

            def by_graph(vector: Sequence[float], among: Sequence[str] | None) -> None:
                for store in stores:
                    store.search(vector, DEPTH, among)

            for name, among in (("all", None), ("1 of 30", ids[::30]), ("1 of 3", ids[::3]), ("9 of 10", _most(ids))):
                ours, graph, words, plain = Clock(), Clock(), Clock(), Clock()
                recalls: list[float] = []
                for n, (question, vector) in enumerate(zip(questions, vectors, strict=True)):
                    hits = ours.time(partial(index.dense, vector, DEPTH, among))
                    words.time(partial(index.lexical, question, DEPTH, among))
                    if n < _COMPARED:
                        graph.time(partial(by_graph, vector, among))
                        plain.time(partial(table.search, question, DEPTH, among))
                    recalls.append(truth.recall(hits, vector, among))
                yield ours.row(self.passages, f"dense, {name}", graph)
                yield words.row(self.passages, f"lexical, {name}", plain)
                yield Row(self.passages, f"recall@10, {name}", round(float(np.mean(recalls)), 4))
            for store in stores:
                store.close()

    def opening(self) -> Iterator[Row]:
        """A process that opens the generation and searches once."""
        command = [sys.executable, "-m", "benchmarks.scale", "--open", str(self.data_dir)]
        clocks: dict[str, list[float]] = {}
        for _ in range(3):
            told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout)
            for name, value in told.items():
                clocks.setdefault(name, []).append(value)
        for name, values in clocks.items():
            yield Row(self.passages, name, round(median(values), 1))

    def answers(self, questions: Sequence[str], embedder: Embedder | None) -> Iterator[Row]:
        """First sentences of answers without a model, and what pages ask for."""
        from assistant.bootstrap import open_service
        from assistant.settings import Settings

        service = open_service(Settings(data_dir=self.data_dir))
        first, asked = Clock(), Clock()

        async def ask(question: str) -> None:
            async for event in service.asker.ask(question, reader=LOCAL, history=()):
                if isinstance(event, Sentence):
                    return

        try:
            opening, warm = Clock(), Clock()
            filters = Filters(date(2024, 1, 1))
            opening.time(lambda: service.ledger.commitments(filters, limit=50))
            warm.time(lambda: service.ledger.commitments(filters, limit=50))
            yield opening.row(self.passages, "ledger, first page, first time")
            yield warm.row(self.passages, "ledger, first page, again")
            asyncio.run(ask("由谁负责？"))  # what is loaded once
            for question in questions:
                if embedder is not None:
                    asked.time(partial(embedder.embed_query, question))
                first.time(lambda: asyncio.run(ask(question)))  # noqa: B023  # called at once
        finally:
            service.close()
        yield first.row(self.passages, "first sentence")
        if asked.wall:
            yield asked.row(self.passages, "of it the question's vector")


def _most(ids: Sequence[str]) -> list[str]:
    return [one for n, one in enumerate(ids) if n % 10]


def million(count: int, folder: Path) -> Iterator[Row]:
    """The two indexes over ``count`` made-up passages: vectors at random, words drawn as they are in texts."""
    random = np.random.default_rng(3)
    writer, clock = MatrixWriter(folder / "matrix"), Clock()

    def chunk(n: int, text: str = "") -> Chunk:
        return Chunk(f"d{n // 20}-k{n}", f"d{n // 20}", f"d{n // 20}-c", n, "", Span(0, 1), "", text)

    def write() -> None:
        for start in range(0, count, 20):
            rows = random.standard_normal((20, 384), np.float32)
            passages = [Passage(chunk(start + n), row.tobytes()) for n, row in enumerate(rows)]
            writer.add(f"e{start // 20}", f"d{start // 20}", passages)
        writer.close()

    clock.time(write)
    yield clock.row(count, "matrix: write all")
    exact = ExactIndex([Matrix(folder / "matrix", 384)], {f"e{n}": f"d{n}" for n in range(count // 20)})
    for name, among in (("all", None), ("1 of 30", [f"d{n}" for n in range(0, count // 20, 30)])):
        clock = Clock()
        for _ in range(30):
            vector = random.standard_normal(384).tolist()
            clock.time(partial(exact.search, vector, DEPTH, among))
        yield clock.row(count, f"dense, {name}")
    characters = [chr(0x4E00 + n) for n in range(3000)]
    likely = 1 / np.arange(1, 3001)
    likely /= likely.sum()
    drawn = np.array(characters)[random.choice(3000, (2000, 120), p=likely)]
    pieces = ["".join(row) for row in drawn]
    words, clock = LexicalWriter(folder / "lexical"), Clock()

    def index() -> None:
        for n in range(count):  # halves of two pieces: other words in other company
            words.add([chunk(n, pieces[n % 2000][:60] + pieces[(n * 7919 + n // 2000) % 2000][60:])])
        words.close()

    clock.time(index)
    yield clock.row(count, "lexical: write all")
    searched = LexicalIndex(folder / "lexical")
    clock = Clock()
    for n in range(30):
        clock.time(partial(searched.search, pieces[n][10:18], DEPTH))
    yield clock.row(count, "lexical, all")
    searched.close()


@contextmanager
def _opened(data_dir: Path) -> Iterator[OpenGeneration]:
    """The current generation."""
    layout, engine = Layout(data_dir / "index"), open_library(data_dir)
    generation = OpenGeneration(layout.folder(layout.current() or ""), Library(engine))
    try:
        yield generation
    finally:
        generation.close()
        engine.dispose()


def open_once(data_dir: Path) -> dict[str, float]:
    """What a fresh process needs until its first search is done, and the memory that it then holds."""
    clock = Clock()
    before = _memory()
    with ExitStack() as open_now:

        def begin() -> None:
            index = open_now.enter_context(_opened(data_dir))
            index.documents()
            index.lexical("由谁负责", DEPTH)
            index.dense([1.0] * (index.manifest.dimension or 0), DEPTH)

        clock.time(begin)
        after = _memory()
    return {
        "open and search once": clock.wall[0],
        "memory of the indexes, MiB": after["Rss"] - before["Rss"],
        "of it its own, MiB": after["Pss_Anon"] - before["Pss_Anon"],
    }


def read_on(data_dir: Path) -> tuple[list[float], list[float]]:
    """Search by both routes 20 times a second until standard input ends; ms by the clock, and of a processor.

    A search that could not begin when it was due, because the one before had not ended, has waited since then: so a
    pause counts for all who would have asked in it.
    """
    engine = open_library(data_dir)
    generations = Generations(data_dir, Library(engine), _PATIENCE_SECONDS)
    clock, ended = Clock(), threading.Event()

    def ask() -> None:
        with generations.lease() as index:
            index.dense([1.0] * 384, DEPTH)
            index.lexical("由谁负责", DEPTH)

    def wait() -> None:
        sys.stdin.read()
        ended.set()

    ask()
    threading.Thread(target=wait, daemon=True).start()
    print(flush=True)
    began = due = time.perf_counter()
    while not ended.wait(max(0.0, due - time.perf_counter())):
        late = max(0.0, time.perf_counter() - due)
        clock.time(ask)
        clock.wall[-1] += 1000 * late
        due = began + len(clock.wall) / 20
    generations.close()
    engine.dispose()
    return clock.wall, clock.cpu


def _memory() -> dict[str, float]:
    """MiB by kind: resident pages are its own or of files that others share."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    return {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}


def plot(rows: Sequence[Row], path: Path) -> None:
    """Medians by size, both axes by powers of ten."""
    import pygal

    wanted = (
        "ingest: all",
        "one document changed: publish",
        "dense, all",
        "dense, 1 of 3",
        "lexical, all",
        "open and search once",
        "first sentence",
    )
    chart = pygal.XY(logarithmic=True, x_title="passages", y_title="ms (median)", title="Growth", width=900, js=())
    chart.x_value_formatter = lambda x: f"{10**x:,.0f}"
    for name in wanted:
        points = [(float(np.log10(row.passages)), row.median) for row in rows if row.name == name and row.median > 0]
        if points:
            chart.add(name, points)
    path.write_bytes(chart.render())


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; 1 where a bar of the larger sizes is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="the samples of corpus/, 300 and 1,000 passages")
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--million", action="store_true", help="a million made-up passages in the indexes alone")
    parser.add_argument("--out", type=Path, default=RESULTS / "scale.json")
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.open:
        print(json.dumps(open_once(options.open)))
        return 0
    if options.read:
        print(json.dumps(read_on(options.read)))
        return 0
    sizes = [300, 1000] if options.small else [int(size) for size in options.sizes.split(",") if size]
    rows: list[Row] = []
    embedder = build_embedder("auto", cache_dir=RESULTS / "models")
    if embedder is None:
        print("no embedder works here", file=sys.stderr)
        return 1
    parsed = parsed_texts(options.small)
    kept = KeptVectors(embedder, RESULTS)
    known = KnownEmbedder(embedder, kept.embed_documents)
    for size in sizes:
        made = library_of(parsed, size)
        known.learn(made)
        questions = questions_of(made, 10 if options.small else 60)
        with tempfile.TemporaryDirectory(prefix="scale-") as folder:
            bench = Bench(made, known, Path(folder))
            rows += _told(bench.ingest())
            rows += _told(bench.change(1 if options.small else CHANGES))
            rows += _told(bench.opening())
            rows += _told(bench.retrieval(questions))
            rows += _told(bench.answers(questions, embedder))
    if options.million:
        with tempfile.TemporaryDirectory(prefix="scale-") as folder:
            rows += _told(million(1_000_000, Path(folder)))
    machine = facts("chromadb", "tantivy", "numpy")
    report = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine, "model": embedder.model}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    whole = report | {"rows": [asdict(row) for row in rows]}
    options.out.write_text(json.dumps(whole, ensure_ascii=False, indent=1), "utf-8")
    plot(rows, options.out.with_suffix(".svg"))
    print(" · ".join(f"{name} {value}" for name, value in machine.items()))
    low = [row for row in rows if row.name.startswith("recall") and row.median < 0.99]
    return 1 if low else 0


def _told(rows: Iterator[Row]) -> list[Row]:
    found = []
    for row in rows:
        found.append(row)
        more = [
            f"p95 {row.p95:,.2f}" if row.p95 is not None else "",
            f"cpu {row.cpu:,.2f}" if row.cpu is not None else "",
        ]
        more.append(f"baseline {row.baseline:,.2f}" if row.baseline is not None else "")
        more.append(f"ratio {row.ratio:.3f}" if row.ratio is not None else "")
        print(f"{row.passages:>9,}  {row.name:34} {row.median:>12,.2f}  {'  '.join(filter(None, more))}", flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
