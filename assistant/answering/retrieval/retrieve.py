"""The dense and the lexical route side by side, fused."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from assistant.answering.retrieval.fuse import fuse
from assistant.answering.retrieval.ranking import FITTED_FOR, Nearness
from assistant.domain.policy import Chunk
from assistant.errors import RerankError, VectorsUnreachable
from assistant.ports import Embedder, Hit, Index, Reranker

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEPTH = 100  # hits of each route that enter the fusion
RERANKED = 32  # passages that a reranker reads: one request of the smallest server
RERANK_FAILED = "重排服务没有响应，本次按通常的次序检索。"
VECTORS_FAILED = "向量服务器没有应答，这次只按词语检索，可能不全。"
_KEPT_QUERIES, _KEPT_SENTENCES = 100, 2000  # vectors


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk with its fused score in [0, 1]; ``cosine`` is None where only words found it."""

    chunk: Chunk
    score: float
    cosine: float | None


class Retriever:
    """Hybrid retrieval over one leased index. ``embedder`` None: words alone; ``reranker`` None: fusion alone."""

    def __init__(self, embedder: Embedder | None, reranker: Reranker | None = None) -> None:
        self._embedder = embedder
        self._reranker = reranker
        self._queries: dict[str, list[float]] = {}
        self._sentences: dict[str, NDArray[np.float64]] = {}
        self._keeping = Lock()
        self._routes = ThreadPoolExecutor(max_workers=8, thread_name_prefix="retrieve")

    def find(
        self,
        index: Index,
        query: str,
        k: int,
        document_ids: Sequence[str] | None = None,
        notices: list[str] | None = None,
    ) -> list[Passage]:
        """The ``k`` best passages for ``query``, best first; only of ``document_ids`` where given.

        What a reader should know of a route that failed is added to ``notices``.
        """
        lexical = self._routes.submit(index.lexical, query, DEPTH, document_ids)
        dense = self._dense(index, query, document_ids, notices)
        cosines = {h.chunk_id: h.score for h in dense}
        fused = fuse(dense, lexical.result())[:k]
        chunks = index.chunks([h.chunk_id for h in fused])
        found = [Passage(chunks[h.chunk_id], h.score, cosines.get(h.chunk_id)) for h in fused if h.chunk_id in chunks]
        return found if self._reranker is None else self._reranked(self._reranker, query, found, notices)

    def _reranked(
        self, reranker: Reranker, query: str, found: list[Passage], notices: list[str] | None
    ) -> list[Passage]:
        """The first passages in the reranker's order, the rest behind them; as they are where it fails, saying so."""
        head, tail = found[:RERANKED], found[RERANKED:]
        if len(head) < 2:
            return found
        try:
            scores = reranker.scores(query, [p.chunk.text for p in head])
        except RerankError:
            if notices is not None and RERANK_FAILED not in notices:
                notices.append(RERANK_FAILED)
            return found
        low, high = min(scores), max(scores)
        scaled = [(s - low) / (high - low) if high > low else 1.0 for s in scores]
        ranked = sorted(zip(head, scaled, strict=True), key=lambda pair: -pair[1])
        return [*(replace(p, score=s) for p, s in ranked), *(replace(p, score=0.0) for p in tail)]

    def _dense(
        self, index: Index, query: str, document_ids: Sequence[str] | None, notices: list[str] | None
    ) -> list[Hit]:
        # Vectors of another model say nothing here: until a rebuild, such a generation is searched by words alone.
        if self._embedder is None or index.model != self._embedder.model:
            return []
        try:
            return index.dense(self._vector(self._embedder, query), DEPTH, document_ids)
        except VectorsUnreachable:
            if notices is not None and VECTORS_FAILED not in notices:
                notices.append(VECTORS_FAILED)
            return []

    def _vector(self, embedder: Embedder, query: str) -> list[float]:
        """The vector of a question, kept a while: a question is searched for and compared several times."""
        with self._keeping:
            kept = self._queries.get(query)
        if kept is None:
            kept = embedder.embed_query(query)
            with self._keeping:
                self._queries[query] = kept
                while len(self._queries) > _KEPT_QUERIES:
                    self._queries.pop(next(iter(self._queries)))
        return kept

    def nearness(self, query: str) -> Nearness | None:
        """How near sentences are to ``query`` in meaning; None without the embedder that the ranking is fitted for.

        Vectors of sentences are kept for the questions to come: documents do not change while they are read.
        """
        embedder = self._embedder
        if embedder is None or FITTED_FOR not in embedder.model:
            return None

        import numpy as np

        def near(texts: Sequence[str]) -> list[float]:
            if not texts:
                return []
            asked = np.asarray(self._vector(embedder, query))
            with self._keeping:
                known = {text: self._sentences[text] for text in texts if text in self._sentences}
            missing = [text for text in dict.fromkeys(texts) if text not in known]
            read = np.asarray(embedder.embed_documents(missing)) if missing else ()
            made = dict(zip(missing, read, strict=True))
            with self._keeping:
                self._sentences.update(made)
                while len(self._sentences) > _KEPT_SENTENCES:
                    self._sentences.pop(next(iter(self._sentences)))
            vectors = known | made
            # Not the matrix product, which takes a thread a core that wait for each other by spinning.
            stacked = np.stack([vectors[text] for text in texts])
            return np.einsum("ij,j->i", stacked, asked).tolist()  # type: ignore[no-any-return]

        return near

    def close(self) -> None:
        """Stop the threads of the routes."""
        self._routes.shutdown(wait=False, cancel_futures=True)
