"""What the product's searches are held against: the plain way to do the same, and what is true."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.domain.language.text import terms
from assistant.domain.policy import Chunk
from assistant.ports import Hit


class FullText:
    """The plain way to search by words: SQLite's own full-text index over the same terms, in memory."""

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        self._table = sqlite3.connect(":memory:")
        self._table.execute("CREATE VIRTUAL TABLE passages USING fts5(terms, chunk UNINDEXED, document UNINDEXED)")
        rows = ((" ".join(terms(chunk.passage)), chunk.id, chunk.document_id) for chunk in chunks)
        self._table.executemany("INSERT INTO passages VALUES (?, ?, ?)", rows)
        self._table.execute("CREATE TEMP TABLE wanted (document PRIMARY KEY)")

    def search(self, question: str, k: int, among: Sequence[str] | None) -> list[str]:
        """The ids of the best by BM25."""
        query = "SELECT chunk FROM passages WHERE passages MATCH ? {} ORDER BY rank LIMIT ?"
        only = ""
        if among is not None:
            self._table.execute("DELETE FROM wanted")
            self._table.executemany("INSERT INTO wanted VALUES (?)", ((one,) for one in among))
            only = "AND document IN (SELECT document FROM wanted)"
        asked = " OR ".join(f'"{term}"' for term in dict.fromkeys(terms(question)))
        return [row[0] for row in self._table.execute(query.format(only), (asked, k))]


class Truth:
    """Exact search in double precision over all that the parts hold, sharing nothing with the product's."""

    def __init__(self, parts: Iterable[Path], held: set[str]) -> None:
        rows: dict[str, NDArray[np.float32]] = {}
        for folder in parts:
            told = json.loads((folder / "editions.json").read_text())
            ids = np.fromfile(folder / "chunks.ids", "S64")
            vectors = np.fromfile(folder / "vectors.f32", "<f4").reshape(len(ids), -1)
            documents = np.repeat([document for _, document, _ in told], [count for *_, count in told])
            for chunk, document, vector in zip(ids, documents, vectors, strict=True):
                if str(document) in held:
                    rows[bytes(chunk).decode()] = vector
        self._ids = np.array(list(rows))
        self._documents = np.array([chunk.rsplit("-k", 1)[0] for chunk in rows])
        self._vectors = np.stack(list(rows.values()))

    def recall(self, hits: Sequence[Hit], vector: Sequence[float], among: Sequence[str] | None) -> float:
        """The share of the ten nearest that are among the first ten hits; equals count for each other."""
        scores: NDArray[np.float64] = np.einsum("ij,j->i", self._vectors, np.asarray(vector, np.float64))
        if among is not None:
            scores[~np.isin(self._documents, list(among))] = -2
        least = float(np.sort(scores)[-10])
        by_id = dict(zip(self._ids.tolist(), scores.tolist(), strict=True))
        right: int = sum(by_id.get(hit.chunk_id, -3.0) >= least - 1e-6 for hit in hits[:10])
        return right / 10
