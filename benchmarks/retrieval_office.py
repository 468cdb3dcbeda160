"""Retrieval for questions of an office: laws, proposals and state documents searched together, clause by clause.

    python -m benchmarks.retrieval_office [--data DIR] [--peers] [--keep] [--json] [--split dev|test] [--show]

``retrieval_office.jsonl`` holds the questions, in clerks' words, each with the clauses that it was asked of: title,
path and a hash of the text, so that a clause that is read otherwise than when the question was written is noticed.
A question marked ``all`` asks for every one of its clauses; of the others the first is looked for. What is tuned is
tuned on ``dev``. A piece of text counts as a clause where they share half of the shorter one.

Without ``--data`` the documents of ../shared/corpus are ingested into ``benchmarks/results`` first (minutes).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean, median

import numpy as np

from assistant.answering.retrieval.fuse import fuse
from assistant.answering.retrieval.reader import retrieved
from assistant.answering.retrieval.retrieve import DEPTH, Retriever
from assistant.answering.retrieval.scope import resolve
from assistant.answering.understanding.question import understand
from assistant.bootstrap import Service, open_service
from assistant.domain.holdings import Passage
from assistant.domain.policy import Chunk, Document
from assistant.ports import Embedder, Hit, Index
from assistant.settings import Settings
from benchmarks.office_lists import LISTS, Listed, Wanted, listed, means
from benchmarks.peers import PEERS, Place, embedding_rate, ready, releases
from benchmarks.retrieval import KeptVectors, store
from benchmarks.retrieval_figures import keep

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
CORPUS = ROOT.parent / "shared" / "corpus"
FOLDERS = ("laws", "state-council", "proposals-2019", "replies")
QUESTIONS = Path(__file__).with_suffix(".jsonl")
TOP = 10
DEEP = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the places of the clauses that answer it; ``every`` where all of them are asked for."""

    id: str
    split: str
    kind: str
    area: str
    question: str
    gold: tuple[Place, ...]
    every: bool
    leads: tuple[Place, ...] = ()  # what leads over to these clauses


Search = Callable[[Asked], Sequence[Place]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of the questions for one clause found among the first 1, 5 and 10 pieces; of the clauses of questions
    for all, ``all_10`` and ``all_60`` among so many pieces; ``characters`` that ten pieces have together; ``ingest_s``
    is storing and embedding of ``pieces``, the reading of files left out."""

    method: str
    recall_1: float
    recall_5: float
    recall_10: float
    mrr_10: float
    all_10: float
    all_60: float
    characters: float
    p50_ms: float
    pieces: int = 0
    ingest_s: float = 0.0


def fingerprint(text: str) -> str:
    """What a clause's text is known by: eight hex digits of its characters without white space."""
    return hashlib.sha256(re.sub(r"\s+", "", text).encode()).hexdigest()[:8]


def read_questions(path: Path, documents: Iterable[Document]) -> tuple[list[Asked], list[str]]:
    """The questions whose clauses are found, and a remark for each that is not."""
    wanted = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    titles = {gold["title"] for row in wanted for gold in row["gold"]}
    known: dict[tuple[str, str, str], Place] = {}
    over: dict[Place, Place] = {}
    for document in documents:
        if document.title not in titles:
            continue
        for clause in document.clauses:
            span = document.passage(clause)  # an article with all of its 款
            key = (document.title, document.path_of(span), fingerprint(span.of(document.text)))
            known[key] = place = Place(document.id, span.start, span.end)
            if parent := next(iter(document.ancestors(clause)), None):
                over[place] = Place(document.id, parent.span.start, parent.span.end)
    asked: list[Asked] = []
    missing: list[str] = []
    for row in wanted:
        keys = [(gold["title"], gold["path"], gold["sha"]) for gold in row["gold"]]
        missing += [f"{row['id']}: {title} {path}" for title, path, sha in keys if (title, path, sha) not in known]
        gold = tuple(known[key] for key in keys if key in known)
        if len(gold) == len(keys):
            told = (row["id"], row["split"], row["kind"], row["area"], row["question"])
            leads = tuple(dict.fromkeys(over[place] for place in gold if place in over))
            asked.append(Asked(*told, gold, bool(row.get("all")), leads))
    return asked, missing


def measure(method: str, search: Search, questions: Sequence[Asked]) -> tuple[Figures, dict[str, float]]:
    """Ask every question; the figures, and by question its rank from 1 (0: not among ten) or the share found."""
    ranks: list[int] = []
    shares: dict[int, list[float]] = {TOP: [], DEEP: []}
    spent: list[float] = []
    read: list[int] = []
    single: dict[str, float] = {}
    for asked in questions:
        search(asked)  # makes the question's vector, which is not timed
        began = time.perf_counter()
        found = search(asked)
        spent.append(time.perf_counter() - began)
        read.append(sum(place.end - place.start for place in found[:TOP]))
        if asked.every:
            for most in shares:
                held = [any(place.shares(gold) for place in found[:most]) for gold in asked.gold]
                shares[most].append(sum(held) / len(held))
            single[asked.id] = shares[TOP][-1]
        else:
            hit = (n for n, place in enumerate(found[:TOP], 1) if any(place.shares(gold) for gold in asked.gold))
            ranks.append(next(hit, 0))
            single[asked.id] = ranks[-1]
    within = {k: sum(0 < rank <= k for rank in ranks) / max(1, len(ranks)) for k in (1, 5, TOP)}
    mrr = sum(1 / rank for rank in ranks if rank) / max(1, len(ranks))
    every = {most: mean(found or [0.0]) for most, found in shares.items()}
    row = Figures(
        method, within[1], within[5], within[TOP], mrr, every[TOP], every[DEEP], mean(read), median(spent) * 1000
    )
    return row, single


def routes(index: Index, retriever: Retriever, service: Service) -> dict[str, Search]:
    """Our ways to search: each route alone, both fused, and what the product does with a question."""
    embedder = service.embedder
    kept: dict[str, list[float]] = {}

    def places(hits: Sequence[Hit]) -> list[Place]:
        chunks = index.chunks([hit.chunk_id for hit in hits[:DEEP]])
        held = (chunks[hit.chunk_id] for hit in hits[:DEEP] if hit.chunk_id in chunks)
        return [Place(chunk.document_id, chunk.span.start, chunk.span.end) for chunk in held]

    def dense(text: str) -> list[Hit]:
        if embedder is None:
            return []
        if text not in kept:
            kept[text] = embedder.embed_query(text)
        return index.dense(kept[text], DEPTH)

    def product(asked: Asked) -> list[Place]:
        question = understand(asked.question)
        found = retrieved(index, question, resolve(question, index.documents()), retriever, DEEP)
        return [Place(p.chunk.document_id, p.chunk.span.start, p.chunk.span.end) for p in found]

    return {
        "ours, dense": lambda asked: places(dense(asked.question)),
        "ours, lexical": lambda asked: places(index.lexical(asked.question, DEPTH)),
        "ours, hybrid": lambda asked: places(fuse(dense(asked.question), index.lexical(asked.question, DEPTH))),
        "ours, as asked": product,
    }


def others(documents: Sequence[Document], questions: Sequence[Asked], embedder: Embedder, rate: float) -> list[Figures]:
    """The frameworks that are installed, over the same texts."""
    texts = {document.id: document.text for document in documents}
    vectors = KeptVectors(embedder, RESULTS)
    rows: list[Figures] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, peer in enumerate(PEERS):
            if not peer.installed:
                print(f"{peer.name}: not installed (pip install -e '.[peers]')", file=sys.stderr)
                continue
            held = ready(peer, texts, vectors, rate, Path(folder) / str(number))
            find = held.find
            row, _ = measure(peer.name, lambda asked, find=find: find(asked.question, DEEP), questions)  # type: ignore[misc]
            rows.append(replace(row, pieces=held.pieces, ingest_s=held.store_s + held.embed_s))
            print(f"{peer.name}: measured", file=sys.stderr)
    return rows


def own_ingest(chunks: Sequence[Chunk], rate: float) -> float:
    """The seconds that embedding and storing our passages takes."""
    vectors = np.random.default_rng(0).standard_normal((len(chunks), 384)).astype("<f4")
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        store([Passage(c, v.tobytes()) for c, v in zip(chunks, vectors, strict=True)], Path(folder))
        stored = time.perf_counter() - began
    return stored + rate * sum(len(chunk.passage) for chunk in chunks)


def library(folder: Path) -> None:
    """Ingest the real documents into a data folder, unless that was done before."""
    if (folder / "index" / "CURRENT").is_file():
        return
    paths = [str(CORPUS / name) for name in FOLDERS]
    told = {**os.environ, "ASSISTANT_DATA_DIR": str(folder)}
    subprocess.run([sys.executable, "-m", "ingest", "run", *paths], env=told, cwd=ROOT, stdout=sys.stderr, check=False)


def _wanted(asked: Asked) -> Wanted:
    return Wanted(asked.id, asked.question, asked.gold, asked.leads)


def _figures(told: Mapping[str, Listed]) -> dict[str, float]:
    found, right = means(told)
    return {"questions": len(told), "found": found, "right": right}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 when it ran, 1 where the documents are missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval_office", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=RESULTS / "office", help="data folder with the real documents")
    parser.add_argument("--split", choices=("dev", "test"), help="only these questions")
    parser.add_argument(
        "--peers", action="store_true", help="the other frameworks too (embeds all texts once for each)"
    )
    parser.add_argument("--keep", action="store_true", help="write the figures that README and docs show")
    parser.add_argument("--show", action="store_true", help="tell which questions fail")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        print(f"no documents at {CORPUS}", file=sys.stderr)
        return 1
    library(options.data)
    service = open_service(Settings(data_dir=options.data))
    peers: list[Figures] = []
    try:
        with service.indexes.lease() as index:
            documents = [d for d in (index.document(info.id) for info in index.documents()) if d is not None]
            questions, missing = read_questions(QUESTIONS, documents)
            for remark in missing:
                print(f"not found: {remark}", file=sys.stderr)
            further, unknown = read_questions(LISTS, documents)
            for remark in unknown:
                print(f"not found: {remark}", file=sys.stderr)
            questions = [asked for asked in questions if options.split in (None, asked.split)]
            further = [asked for asked in further if options.split in (None, asked.split)]
            ways = routes(index, Retriever(service.embedder), service)
            rows = {name: measure(name, way, questions) for name, way in ways.items()}
            if options.peers and service.embedder:
                chunks = [chunk for document in documents for chunk in index.chunks_of(document.id)]
                rate = embedding_rate([chunk.passage for chunk in chunks], service.embedder)
                spent = own_ingest(chunks, rate)
                rows = {
                    name: (replace(row, pieces=len(chunks), ingest_s=spent), single)
                    for name, (row, single) in rows.items()
                }
                peers = others(documents, questions, service.embedder, rate)
        lists = listed(service, [_wanted(asked) for asked in questions if asked.every])
        later = listed(service, [_wanted(asked) for asked in further])
    finally:
        service.close()
    if options.show:
        for asked in questions:
            ranks = " ".join(f"{rows[name][1][asked.id]:.2f}" for name in rows)
            print(f"{asked.id} {asked.split} {asked.kind:12} {ranks} {asked.question}")
        for asked in (*questions, *further):
            if one := (lists | later).get(asked.id):
                print(f"{asked.id} {asked.split} found {one.found:.2f} right {one.right:.2f} {asked.question}")
    figures = [*(row for row, _ in rows.values()), *peers]
    told = {
        "questions": len(questions),
        "documents": len(documents),
        "lists": _figures(lists),
        "lists_later": _figures(later),
        "releases": releases(),
        "rows": [asdict(row) for row in figures],
    }
    if options.keep:
        keep("office", told)
    if options.json:
        print(json.dumps(told, indent=1, ensure_ascii=False))
        return 0
    print(f"{len(questions)} questions")
    for name, some in (("lists", lists), ("lists written later", later)):
        found, right = means(some)
        print(f"{len(some)} {name}: {found:.3f} of their clauses cited, {right:.3f} of the citations in them")
    print(
        f"{'':30} {'@1':>6} {'@5':>6} {'@10':>6} {'MRR@10':>7} {'all@10':>7} {'all@60':>7} {'chars':>7} {'p50 ms':>7}"
    )
    for row in figures:
        shares = " ".join(f"{100 * share:6.2f}" for share in (row.recall_1, row.recall_5, row.recall_10))
        every = f"{row.all_10:7.3f} {row.all_60:7.3f} {row.characters:7.0f} {row.p50_ms:7.2f}"
        print(f"{row.method:30} {shares} {row.mrr_10:7.4f} {every}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
