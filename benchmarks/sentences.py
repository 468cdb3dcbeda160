"""Which sentence answers, on CMRC 2018 dev: the product's ranking beside its parts, and its weights fitted anew.

    python -m benchmarks.sentences [--small] [--json] [--fit] [--corpus FILE]

Each question is given the sentences of the four paragraphs that dense and lexical retrieval find best, and counts as
answered at rank r when the r-th sentence is of its own paragraph and holds one of its gold answers. ``--fit`` fits the
weights of :mod:`assistant.answering.retrieval.ranking` by listwise softmax, measures them in five folds by paragraph,
and prints the table for the module. Vectors are kept in ``benchmarks/results`` by (model, text).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.embeddings.choose import build_embedder
from assistant.adapters.lexical import LexicalIndex, LexicalWriter
from assistant.answering.retrieval.fuse import fuse
from assistant.answering.retrieval.ranking import AT_ONCE, WEIGHTS, Candidate, features, shown
from assistant.answering.retrieval.relevance import Level, Relevance
from assistant.answering.retrieval.retrieve import DEPTH
from assistant.answering.understanding.matter import object_of
from assistant.domain.language.text import sentences
from assistant.ports import Hit
from benchmarks.retrieval import CMRC, RESULTS, KeptVectors, chunks_of

FOLDS = 5
PASSAGES = 4
SMALL = 100  # paragraphs
STEPS, RATE, RIDGE = 400, 0.1, 3e-3
_TITLE, _WHOLLY = 0.6, 0.9  # as in assistant.answering.retrieval.shelf

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A question's candidates: their features, one row each, nearness last; and which of them hold the answer."""

    fold: int
    rows: Rows
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Paragraph:
    title: str
    text: str
    spoken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    question: str
    paragraph: int
    answers: tuple[str, ...]


def read(path: Path, small: bool) -> tuple[list[Paragraph], list[Asked]]:
    """The paragraphs with their sentences, and the questions with their gold answers."""
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    told = [(a.get("title", ""), p) for a in articles for p in a["paragraphs"]][: SMALL if small else None]
    paragraphs = [Paragraph(t, p["context"], _spoken(p["context"])) for t, p in told]
    asked = [
        Asked(qa["question"], i, tuple(a["text"] for a in qa["answers"]))
        for i, (_, p) in enumerate(told)
        for qa in p["qas"]
    ]
    return paragraphs, asked


def _spoken(text: str) -> tuple[str, ...]:
    return tuple(span.of(text) for span in sentences(text))


def cases(paragraphs: Sequence[Paragraph], asked: Sequence[Asked], vectors: KeptVectors) -> list[Case]:
    """Retrieve for each question and compute what the ranking sees."""
    chunks = chunks_of([p.text for p in paragraphs])
    place = {chunk.document_id: i for i, chunk in enumerate(chunks)}
    meanings = np.asarray(vectors.embed_documents([c.passage for c in chunks]))
    queries = np.asarray(vectors.embed_queries([a.question for a in asked]))
    every = [f"{p.title}：{s}" for p in paragraphs for s in p.spoken]
    sentence_vectors = dict(zip(every, np.asarray(vectors.embed_documents(every)), strict=True))
    found: list[Case] = []
    with tempfile.TemporaryDirectory() as folder:
        writer = LexicalWriter(Path(folder) / "lexical")
        writer.add(chunks)
        writer.close()
        words = LexicalIndex(Path(folder) / "lexical")
        for question, query in zip(asked, queries, strict=True):
            cosines = meanings @ query
            dense = [Hit(chunks[i].id, chunks[i].document_id, float(cosines[i])) for i in np.argsort(-cosines)[:DEPTH]]
            hits = fuse(dense, words.search(question.question, DEPTH))[:PASSAGES]
            passages = [(place[h.document_id], h.score) for h in hits]
            found.append(_case(question, query, passages, paragraphs, sentence_vectors))
        words.close()
    return found


def _case(
    asked: Asked,
    query: Rows,
    passages: Sequence[tuple[int, float]],
    paragraphs: Sequence[Paragraph],
    sentence_vectors: dict[str, Rows],
) -> Case:
    spoken = [(i, score, paragraphs[i], n) for i, score in passages for n in range(len(paragraphs[i].spoken))]
    relevance = Relevance(object_of(asked.question) or asked.question, [p.spoken[n] for _, _, p, n in spoken])
    candidates, right = [], []
    for i, score, paragraph, n in spoken:
        text = paragraph.spoken[n]
        candidates.append(
            Candidate(
                text=text,
                title=paragraph.title,
                over=paragraph.title,
                before=paragraph.spoken[n - 1] if n else "",
                after=paragraph.spoken[n + 1] if n + 1 < len(paragraph.spoken) else "",
                around=paragraph.title + paragraph.text,
                retrieved=score,
                named=relevance(Level(1.0, text), Level(_TITLE, paragraph.title, alone=_WHOLLY)),
            )
        )
        right.append(i == asked.paragraph and any(answer in text for answer in asked.answers))
    rows = np.array([list(row.values()) for row in features(asked.question, candidates)])
    near = np.array([sentence_vectors[shown(c)] @ query for c in candidates])
    return Case(asked.paragraph % FOLDS, np.column_stack([rows, near]), np.array(right))


def names() -> list[str]:
    """The features in the order of a case's columns."""
    one = features("", [Candidate("", "", "", "", "", "", 0.0, 0.0)])[0]
    return [*one, "near"]


def fitted(training: Sequence[Case]) -> Rows:
    """Weights that make the sentences with the answer likeliest: softmax over each question's candidates, Adam."""
    training = [c for c in training if c.right.any()]
    rows = np.concatenate([c.rows for c in training])
    spread = rows.std(axis=0) + 1e-9
    rows = rows / spread
    sizes = np.array([len(c.rows) for c in training])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    target = np.concatenate([c.right / c.right.sum() for c in training])
    weights = np.zeros(rows.shape[1])
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        logits = rows @ weights
        raised = np.exp(logits - np.repeat(np.maximum.reduceat(logits, starts), sizes))
        likely = raised / np.repeat(np.add.reduceat(raised, starts), sizes)
        gradient = rows.T @ (likely - target) / len(training) + RIDGE * weights
        mean, square = 0.9 * mean + 0.1 * gradient, 0.99 * square + 0.01 * gradient**2
        rate = RATE if step < 0.7 * STEPS else 0.3 * RATE
        weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights / spread


def ranked(case: Case, weights: Rows) -> NDArray[np.int64]:
    """The candidates best first, nearness only among the best without it, as the product does."""
    plain = case.rows[:, :-1] @ weights[:-1]
    best = np.argsort(-plain)[:AT_ONCE]
    near = np.full(len(plain), case.rows[best, -1].min())
    near[best] = case.rows[best, -1]
    return np.argsort(-(plain + weights[-1] * near))


def within(over: Sequence[Case], weights: Rows) -> tuple[float, float, float]:
    """Shares of questions with an answering sentence among the first 1, 2 and 3."""
    orders = [(case.right, ranked(case, weights)) for case in over]
    one, two, three = (float(np.mean([right[order[:k]].any() for right, order in orders])) for k in (1, 2, 3))
    return one, two, three


def only(*kept: str) -> Rows:
    """Weights of 1 for these features, 0 for the rest."""
    return np.array([float(name in kept) for name in names()])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 when it ran, 1 where the data or an embedder is missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sentences", description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help=f"the first {SMALL} paragraphs")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--fit", action="store_true", help="fit the weights and print them")
    parser.add_argument("--engine", default="auto", help="embeddings engine, as in ASSISTANT_EMBEDDINGS_ENGINE")
    parser.add_argument("--corpus", type=Path, default=CMRC, help="a SQuAD-style file")
    options = parser.parse_args(arguments)
    embedder = build_embedder(options.engine, cache_dir=RESULTS / "models")
    if not options.corpus.is_file() or embedder is None:
        print(f"no question file at {options.corpus}, or no embedder works here", file=sys.stderr)
        return 1
    paragraphs, asked = read(options.corpus, options.small)
    given = cases(paragraphs, asked, KeptVectors(embedder, RESULTS))

    present = np.array([WEIGHTS.get(name, 0.0) for name in names()])
    without = present * (np.arange(len(present)) < len(present) - 1)
    figures = {
        "coverage of the question's words": within(given, only("own")),
        "the product, words alone": within(given, without),
        "the product": within(given, present),
    }
    if options.fit:
        parts = [([c for c in given if c.fold == f], [c for c in given if c.fold != f]) for f in range(FOLDS)]
        each = np.array([within(test, fitted(training)) for test, training in parts])
        one, two, three = each.mean(axis=0).tolist()
        figures["fitted, five folds"] = (one, two, three)
    _print(figures, len(asked), as_json=options.json)
    if options.fit:
        print(json.dumps({n: round(float(w), 2) for n, w in zip(names(), fitted(given), strict=True)}, indent=4))
    return 0


def _print(figures: dict[str, tuple[float, float, float]], questions: int, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"questions": questions, "within": figures}, indent=2))
        return
    print(f"{questions} questions; an answering sentence among the first 1, 2, 3")
    for name, shares in figures.items():
        print(f"{name:34}" + "".join(f"{100 * share:7.1f}" for share in shares))


if __name__ == "__main__":
    sys.exit(main())
