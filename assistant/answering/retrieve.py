"""The dense and the lexical route side by side, fused."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from assistant.answering.fuse import fuse
from assistant.domain.policy import Chunk
from assistant.ports import Embedder, Hit, Index

DEPTH = 100  # hits of each route that enter the fusion


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk with its fused score in [0, 1]; ``cosine`` is None where only words found it."""

    chunk: Chunk
    score: float
    cosine: float | None


class Retriever:
    """Hybrid retrieval over one leased index. ``embedder`` None: words alone."""

    def __init__(self, embedder: Embedder | None) -> None:
        self._embedder = embedder
        self._routes = ThreadPoolExecutor(max_workers=8, thread_name_prefix="retrieve")

    def find(self, index: Index, query: str, k: int, document_ids: Sequence[str] | None = None) -> list[Passage]:
        """The ``k`` best passages for ``query``, best first; only of ``document_ids`` where given."""
        lexical = self._routes.submit(index.lexical, query, DEPTH, document_ids)
        dense = self._dense(index, query, document_ids)
        cosines = {h.chunk_id: h.score for h in dense}
        fused = fuse(dense, lexical.result())[:k]
        chunks = index.chunks([h.chunk_id for h in fused])
        return [Passage(chunks[h.chunk_id], h.score, cosines.get(h.chunk_id)) for h in fused if h.chunk_id in chunks]

    def _dense(self, index: Index, query: str, document_ids: Sequence[str] | None) -> list[Hit]:
        # Vectors of another model say nothing here: until a rebuild, such a generation is searched by words alone.
        if self._embedder is None or index.model != self._embedder.model:
            return []
        return index.dense(self._embedder.embed_query(query), DEPTH, document_ids)

    def close(self) -> None:
        """Stop the threads of the routes."""
        self._routes.shutdown(wait=False, cancel_futures=True)
