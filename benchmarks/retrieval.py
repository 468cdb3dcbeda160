"""Retrieval on CMRC 2018 dev: our routes beside other frameworks (:mod:`benchmarks.peers`), with the same embedder.

    python -m benchmarks.retrieval [--small] [--json] [--keep] [--engine onnx-int8] [--corpus FILE]

Each paragraph is a document; a question counts as found at rank r when its own paragraph is the r-th different document
found. Our routes go through the product's adapters (matrix, tantivy) and the product's fusion. Titles are left out on
all sides. Vectors are kept in ``benchmarks/results`` by (model, text), so that a second run only searches.

*Answered* is the share of questions whose gold answer stands in the sentence that one scripted model copies from what
a framework hands to a model by default (so many pieces): the sentence with most of the question's terms. It tells what
the evidence is worth and nothing about real models. ``--keep`` writes the figures of the README.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.embeddings.choose import build_embedder
from assistant.adapters.generation.matrix import ExactIndex, Matrix, MatrixWriter
from assistant.adapters.lexical import LexicalIndex, LexicalWriter
from assistant.answering.retrieval.fuse import fuse
from assistant.answering.retrieval.retrieve import DEPTH
from assistant.domain.holdings import Passage
from assistant.domain.language.text import sentences, terms
from assistant.domain.policy import Chunk, Span, document_id, part_id
from assistant.ports import Embedder, Hit
from benchmarks.peers import PEERS, Find, embedding_rate, ready, releases
from benchmarks.retrieval_figures import keep

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
CMRC = ROOT.parent / "shared" / "corpus" / "retrieval" / "cmrc2018" / "cmrc2018_dev.json"
SMALL = 300  # paragraphs, and as many questions
TOP = 10

Search = Callable[[int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of questions whose paragraph is in the first 1, 5 and 10, and of those answered by the scripted model;
    ``p50_ms`` leaves the question's vector out, ``ingest_s`` is storing and embedding of ``pieces``."""

    method: str
    recall_1: float
    recall_5: float
    recall_10: float
    mrr_10: float
    answered: float
    p50_ms: float
    pieces: int = 0
    ingest_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Questions:
    """Paragraphs, and questions with the number of the paragraph each was asked of."""

    paragraphs: list[str]
    questions: list[str]
    gold: list[int]
    answers: list[tuple[str, ...]]


def read_cmrc(path: Path, small: bool) -> Questions:
    """The dev set, or its first paragraphs with one question each."""
    data = json.loads(path.read_text(encoding="utf-8"))["data"]
    paragraphs = [p for article in data for p in article["paragraphs"]][: SMALL if small else None]
    asked = [(qa, i) for i, p in enumerate(paragraphs) for qa in p["qas"][: 1 if small else None]]
    answers = [tuple(a["text"] for a in qa["answers"]) for qa, _ in asked]
    return Questions(
        [p["context"] for p in paragraphs], [qa["question"] for qa, _ in asked], [i for _, i in asked], answers
    )


class KeptVectors:
    """Vectors by text, kept in a file of one model. Also an embedder for LangChain, so that both sides share them."""

    _BATCH = 64

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        name = hashlib.sha256(embedder.model.encode()).hexdigest()[:12]
        self._path = folder / f"vectors-{name}.npz"
        self._kept: dict[str, NDArray[np.float32]] = {}
        if self._path.is_file():
            with np.load(self._path, allow_pickle=False) as stored:
                self._kept = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._all("passage", texts, self._embedder.embed_documents)

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        return self._all("query", texts, lambda batch: [self._embedder.embed_query(text) for text in batch])

    def embed_query(self, text: str) -> list[float]:
        return self.embed_queries([text])[0]

    def _all(
        self, role: str, texts: Sequence[str], embed: Callable[[list[str]], list[list[float]]]
    ) -> list[list[float]]:
        keys = [hashlib.sha256(f"{role}:{text}".encode()).hexdigest() for text in texts]
        missing = list({key: text for key, text in zip(keys, texts, strict=True) if key not in self._kept}.items())
        for start in range(0, len(missing), self._BATCH):
            batch = missing[start : start + self._BATCH]
            vectors = np.asarray(embed([text for _, text in batch]), dtype=np.float32)
            self._kept.update(zip((key for key, _ in batch), vectors, strict=True))
            _tell(f"{role}: {start + len(batch)}/{len(missing)}")
        if missing:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(self._path, keys=np.array(list(self._kept)), vectors=np.stack(list(self._kept.values())))
        return [self._kept[key].tolist() for key in keys]


def chunks_of(paragraphs: Iterable[str]) -> list[Chunk]:
    """One chunk for each paragraph."""
    found = []
    for ordinal, text in enumerate(paragraphs):
        identity, span = document_id(text), Span(0, len(text))
        found.append(
            Chunk(
                id=part_id(identity, "k", span),
                document_id=identity,
                clause_id=part_id(identity, "c", span),
                ordinal=ordinal,
                path="",
                span=span,
                context="",
                text=text,
            )
        )
    return found


def measure(method: str, search: Search, asked: Questions, given: int = TOP) -> Figures:
    """Ask every question; ``search`` takes a question's number and gives document ids, best first.

    ``given`` is how many documents the scripted model reads.
    """
    texts = {document_id(text): text for text in asked.paragraphs}
    ids = [document_id(text) for text in asked.paragraphs]
    ranks: list[int] = []  # from 1; 0 where the paragraph is not in the first ten
    spent: list[float] = []
    answered = 0
    for number, gold in enumerate(asked.gold):
        begun = time.perf_counter()
        found = list(dict.fromkeys(search(number)))[:TOP]
        spent.append(time.perf_counter() - begun)
        ranks.append(found.index(ids[gold]) + 1 if ids[gold] in found else 0)
        said = copied(asked.questions[number], [texts[i] for i in found[:given]])
        answered += any(answer in said for answer in asked.answers[number])
    count = len(ranks)
    within = {k: sum(0 < rank <= k for rank in ranks) / count for k in (1, 5, 10)}
    mrr = sum(1 / rank for rank in ranks if rank) / count
    return Figures(method, within[1], within[5], within[10], mrr, answered / count, median(spent) * 1000)


def copied(question: str, evidence: Sequence[str]) -> str:
    """What the scripted model says: the first of the sentences that hold most of the question's terms."""
    wanted = set(terms(question))
    spoken = [span.of(text) for text in evidence for span in sentences(text)]
    return max(spoken, key=lambda said: len(wanted & set(terms(said))), default="")


def store(passages: Sequence[Passage], folder: Path) -> None:
    """Write the index of words and the matrix of passages that have their vectors."""
    writer = LexicalWriter(folder / "lexical")
    writer.add(passage.chunk for passage in passages)
    writer.close()
    matrix = MatrixWriter(folder / "matrix")
    for document, held in groupby(passages, key=lambda passage: passage.chunk.document_id):
        matrix.add(document, document, list(held))
    matrix.close()


def ours(asked: Questions, vectors: KeptVectors, rate: float, folder: Path) -> list[Figures]:
    """Our three ways to search, over our adapters."""
    chunks = chunks_of(asked.paragraphs)
    embedded = vectors.embed_documents([chunk.passage for chunk in chunks])
    began = time.perf_counter()
    store([Passage(c, np.asarray(v, "<f4").tobytes()) for c, v in zip(chunks, embedded, strict=True)], folder)
    stored = time.perf_counter() - began
    spent = stored + rate * sum(len(chunk.passage) for chunk in chunks)

    words = LexicalIndex(folder / "lexical")
    held = {chunk.document_id: chunk.document_id for chunk in chunks}
    meanings = ExactIndex([Matrix(folder / "matrix", len(embedded[0]))], held)
    queries = vectors.embed_queries(asked.questions)

    def lexical(number: int) -> list[Hit]:
        return words.search(asked.questions[number], DEPTH)

    def dense(number: int) -> list[Hit]:
        return meanings.search(queries[number], DEPTH)

    def documents(find: Callable[[int], list[Hit]]) -> Search:
        return lambda number: [hit.document_id for hit in find(number)]

    try:
        rows = [
            measure("ours, dense", documents(dense), asked),
            measure("ours, lexical", documents(lexical), asked),
            measure("ours, hybrid", documents(lambda n: fuse(dense(n), lexical(n))), asked),
        ]
        return [replace(row, pieces=len(chunks), ingest_s=spent) for row in rows]
    finally:
        words.close()


def others(asked: Questions, vectors: KeptVectors, rate: float, folder: Path) -> list[Figures]:
    """The frameworks that are installed."""
    texts = {document_id(text): text for text in asked.paragraphs}
    rows: list[Figures] = []
    for number, peer in enumerate(PEERS):
        if not peer.installed:
            _tell(f"{peer.name}: not installed (pip install -e '.[peers]')")
            continue
        held = ready(peer, texts, vectors, rate, folder / str(number))
        find = held.find

        def search(question: int, find: Find = find) -> list[str]:
            # Twice the ten: two pieces of one paragraph count once.
            return [place.document for place in find(asked.questions[question], 2 * TOP)]

        row = measure(peer.name, search, asked, peer.given)
        rows.append(replace(row, pieces=held.pieces, ingest_s=held.store_s + held.embed_s))
        _tell(f"{peer.name}: measured")
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 when it ran, 1 where the data or an embedder is missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval", description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help=f"{SMALL} paragraphs and as many questions")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--keep", action="store_true", help="write the figures that README and docs show")
    parser.add_argument("--engine", default="auto", help="embeddings engine, as in ASSISTANT_EMBEDDINGS_ENGINE")
    parser.add_argument("--corpus", type=Path, default=CMRC, help="a SQuAD-style file")
    options = parser.parse_args(arguments)
    if not options.corpus.is_file():
        _tell(f"no question file at {options.corpus}")
        return 1
    embedder = build_embedder(options.engine, cache_dir=RESULTS / "models")
    if embedder is None:
        _tell("no embedder works here")
        return 1

    asked = read_cmrc(options.corpus, options.small)
    vectors = KeptVectors(embedder, RESULTS)
    with tempfile.TemporaryDirectory() as folder:
        rate = embedding_rate(asked.paragraphs, embedder)
        rows = [*ours(asked, vectors, rate, Path(folder)), *others(asked, vectors, rate, Path(folder))]
    if options.keep:
        counted = {"paragraphs": len(asked.paragraphs), "questions": len(asked.questions)}
        keep("cmrc", {**counted, "model": embedder.model, "releases": releases(), "rows": [asdict(r) for r in rows]})
    _print(rows, asked, embedder.model, as_json=options.json)
    return 0


def _print(rows: Sequence[Figures], asked: Questions, model: str, *, as_json: bool) -> None:
    if as_json:
        whole = {"paragraphs": len(asked.paragraphs), "questions": len(asked.questions), "model": model}
        print(json.dumps({**whole, "methods": [asdict(row) for row in rows]}, indent=2))
        return
    print(f"{len(asked.questions)} questions over {len(asked.paragraphs)} paragraphs, {model}")
    print(f"{'':31} {'@1':>6} {'@5':>6} {'@10':>6} {'MRR@10':>7} {'answered':>8} {'p50 ms':>7} {'ingest s':>8}")
    for row in rows:
        shares = " ".join(f"{100 * share:6.2f}" for share in (row.recall_1, row.recall_5, row.recall_10))
        rest = f"{row.mrr_10:7.4f} {100 * row.answered:8.2f} {row.p50_ms:7.2f} {row.ingest_s:8.1f}"
        print(f"{row.method:31} {shares} {rest}")


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
