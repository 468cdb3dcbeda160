"""Parts whose vectors lie on a Chroma server: written and searched there; of a part nothing but its runs lies here."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence

from assistant.adapters.chroma import AT_ONCE, ChromaIndex, ChromaWriter
from assistant.adapters.chroma_server import ChromaServer
from assistant.adapters.database.library import Library, batches
from assistant.domain.holdings import Holding, Part
from assistant.errors import IndexUnavailable
from assistant.ports import Hit


def write_there(
    server: ChromaServer,
    name: str,
    library: Library,
    model: str,
    holdings: Sequence[Holding],
    advance: Callable[[int], None],
    total: int,
) -> int:
    """The vectors of these editions into a new collection; their dimension. Raises :class:`IndexUnavailable`."""
    dimension = 0
    store = ChromaWriter(server, total, collection=server.collection(name))
    try:
        for passages in batches(library.passages(holdings, model), AT_ONCE):
            sizes = {len(p.vector) // 4 if p.vector else 0 for p in passages} | ({dimension} if dimension else set())
            if len(sizes) != 1 or 0 in sizes:
                raise IndexUnavailable("资料库中有向量缺失或维数不符。", "请运行 ingest rebuild。")
            (dimension,) = sizes
            store.add(passages)
            advance(len(passages))
    finally:
        store.close()
    return dimension


class ServerIndex:
    """Search over the collections of several parts as over one; thread-safe."""

    def __init__(self, server: ChromaServer, parts: Sequence[Part]) -> None:
        """Raises :class:`IndexUnavailable` where the server does not answer, or a collection is not whole."""
        self._server = server
        self._parts: list[ChromaIndex] = []
        try:
            for part in parts:
                opened = ChromaIndex(server, server.collection(part.name))
                self._parts.append(opened)
                if opened.count != part.chunks:
                    raise IndexUnavailable(
                        f"向量服务器上的 {part.name} 有 {opened.count} 条，应为 {part.chunks} 条。",
                        "请运行 ingest rebuild 重建索引。",
                    )
        except BaseException:
            self.close()
            raise
        self.count = sum(part.count for part in self._parts)

    def search(self, vector: Sequence[float], k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        """The ``k`` nearest chunks by cosine, best first; of ``document_ids`` if given. One query a part."""
        found = [hit for part in self._parts for hit in part.search(vector, k, document_ids)]
        return heapq.nsmallest(k, found, key=lambda hit: (-hit.score, hit.chunk_id))

    def close(self) -> None:
        """Let go of the connections."""
        for part in self._parts:
            part.close()
