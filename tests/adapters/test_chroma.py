"""Search by meaning: every passage can be found, also among many that are alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.chroma import AT_ONCE, ChromaIndex, ChromaWriter
from assistant.domain.holdings import Passage
from assistant.domain.policy import Chunk, Span
from assistant.errors import IndexUnavailable


def write(folder: Path, vectors: np.ndarray) -> None:
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype("<f4")
    writer = ChromaWriter(folder, len(vectors))
    passages = [
        Passage(Chunk(f"k{i}", f"d{i % 7}", "c", i, "", Span(0, 0), "", ""), vector.tobytes())
        for i, vector in enumerate(vectors)
    ]
    for start in range(0, len(passages), AT_ONCE):
        writer.add(passages[start : start + AT_ONCE])
    writer.close()


@pytest.mark.parametrize("equal", [0, 150])
def test_each_of_many_alike_passages_finds_itself(tmp_path: Path, equal: int) -> None:
    random = np.random.default_rng(7)
    vectors = np.repeat(random.normal(size=(8, 64)), 50, 0) + 0.1 * random.normal(size=(400, 64))
    vectors[:equal] = vectors[0]
    write(tmp_path / "chroma", vectors)
    index = ChromaIndex(tmp_path / "chroma")
    try:
        for i, vector in enumerate(vectors):
            hits = index.search(vector.tolist(), 5)
            assert hits[0].score == pytest.approx(1.0, abs=1e-4)
            assert i < equal or f"k{i}" in {hit.chunk_id for hit in hits}
    finally:
        index.close()


def test_hits_come_best_first_with_the_cosine(tmp_path: Path) -> None:
    write(tmp_path / "chroma", np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]))
    index = ChromaIndex(tmp_path / "chroma")
    try:
        hits = index.search([2.0, 0.0], 5)
        assert [(hit.chunk_id, hit.document_id) for hit in hits] == [("k0", "d0"), ("k2", "d2"), ("k1", "d1")]
        assert [hit.score for hit in hits] == pytest.approx([1.0, 0.5**0.5, 0.0], abs=1e-5)
        assert [hit.chunk_id for hit in index.search([2.0, 0.0], 5, ["d1"])] == ["k1"]
        assert index.search([2.0, 0.0], 0) == []
    finally:
        index.close()


def test_what_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable):
        ChromaIndex(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"nonsense" * 200)
    with pytest.raises(IndexUnavailable) as caught:
        ChromaIndex(tmp_path)
    assert caught.value.advice
