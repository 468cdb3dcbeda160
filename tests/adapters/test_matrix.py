"""Exact search in mapped matrices: the same as multiplying everything, whatever is held, filtered or gone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.generation.matrix import ExactIndex, Matrix, MatrixWriter
from assistant.domain.holdings import Passage
from assistant.domain.policy import Chunk, Span
from assistant.errors import IndexUnavailable

DIMENSION = 16


def passage(document: str, number: int, vector: np.ndarray) -> Passage:
    chunk = Chunk(f"{document}-k{number}", document, f"{document}-c0", number, "", Span(0, 1), "", "文")
    return Passage(chunk, vector.astype("<f4").tobytes())


def written(folder: Path, documents: dict[str, np.ndarray]) -> Matrix:
    """A matrix of documents ``d``, each of the edition ``e-d``."""
    writer = MatrixWriter(folder)
    for document, vectors in documents.items():
        writer.add(f"e-{document}", document, [passage(document, n, v) for n, v in enumerate(vectors)])
    writer.close()
    return Matrix(folder, DIMENSION)


@pytest.fixture
def documents() -> dict[str, np.ndarray]:
    random = np.random.default_rng(5)
    return {f"d{n}": random.standard_normal((random.integers(1, 9), DIMENSION)) for n in range(40)}


def best(documents: dict[str, np.ndarray], vector: np.ndarray, k: int) -> list[tuple[str, float]]:
    """Every chunk by cosine, in double precision."""
    scores = {
        f"{document}-k{n}": float(row @ vector / np.linalg.norm(row) / np.linalg.norm(vector))
        for document, rows in documents.items()
        for n, row in enumerate(rows)
    }
    return sorted(scores.items(), key=lambda item: -item[1])[:k]


@pytest.mark.parametrize("shown", [2, 8, 30, 40])  # few are multiplied run by run, many all together
def test_it_finds_what_multiplying_everything_finds(
    tmp_path: Path, documents: dict[str, np.ndarray], shown: int
) -> None:
    names = list(documents)
    matrices = [written(tmp_path / str(n), {name: documents[name] for name in names[n::3]}) for n in range(3)]
    index = ExactIndex(matrices, {f"e-{name}": name for name in names})
    assert index.count == sum(map(len, documents.values()))
    for seed in range(5):
        vector = np.random.default_rng(seed).standard_normal(DIMENSION)
        among = {name: documents[name] for name in names[:shown]}  # some beside each other, some not
        hits = index.search(vector.tolist(), 10, None if shown == 40 else [*among, "d-unknown"])
        assert [(h.chunk_id, pytest.approx(h.score, abs=1e-5)) for h in hits] == best(among, vector, 10)
        assert all(h.chunk_id.startswith(f"{h.document_id}-") for h in hits)


def test_an_edition_that_is_not_held_is_not_found(tmp_path: Path, documents: dict[str, np.ndarray]) -> None:
    matrix = written(tmp_path, documents)
    held = {name: rows for name, rows in documents.items() if name not in ("d3", "d39")}
    index = ExactIndex([matrix], {f"e-{name}": name for name in held})
    gone = documents["d3"][0]
    assert [h.chunk_id for h in index.search(gone.tolist(), 5)] == [chunk for chunk, _ in best(held, gone, 5)]
    assert index.search(gone.tolist(), 5, ["d3"]) == []
    assert len(index.search(gone.tolist(), 10_000)) == index.count == sum(map(len, held.values()))


def test_an_edition_in_two_parts_counts_once(tmp_path: Path, documents: dict[str, np.ndarray]) -> None:
    rows = documents["d0"]
    both = [written(tmp_path / "a", {"d0": rows}), written(tmp_path / "b", {"d1": documents["d1"], "d0": rows})]
    index = ExactIndex(both, {"e-d0": "d0", "e-d1": "d1"})
    found = [h.chunk_id for h in index.search(rows[0].tolist(), 100)]
    assert len(found) == len(set(found)) == index.count


def test_nothing_is_found_in_nothing(tmp_path: Path) -> None:
    index = ExactIndex([written(tmp_path, {})], {})
    assert (index.count, index.search([1.0] * DIMENSION, 5), ExactIndex([], {}).search([1.0], 3)) == (0, [], [])


@pytest.mark.parametrize("name", ["vectors.f32", "chunks.ids", "editions.json"])
@pytest.mark.parametrize("content", [None, b"", b"[[1]]"])
def test_a_damaged_file_is_told_at_opening(
    tmp_path: Path, documents: dict[str, np.ndarray], name: str, content: bytes | None
) -> None:
    written(tmp_path, documents)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(IndexUnavailable):
        Matrix(tmp_path, DIMENSION)
