"""Search by meaning: one Chroma collection, written once and then only read.

What Chroma must be kept from (each was measured or seen): downloading a model for its default embedding function,
telling home, reading ``.env`` and loose environment variables for our clients' settings, leaking file descriptors,
and being written by one process while another reads. Batches stay inside Chroma Cloud's quotas, so that another
deployment is a change of constructor. Chroma's failures come out as :class:`~assistant.errors.IndexUnavailable`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.adapters.chroma_server import ChromaServer
from assistant.domain.holdings import Passage
from assistant.errors import IndexUnavailable
from assistant.ports import Hit

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

COLLECTION = "clauses"
AT_ONCE = 300
"""Records in one write, and the most that one query gives: Chroma Cloud's quotas."""

# Chroma's own settings (16, 100, 100) leave passages out of reach that no question finds: of 100 alike clauses 9 to 29
# did not find themselves, of 2,000 passages with 260 equal ones recall@10 was 0.84. With these it was ≥ 0.999 on all
# that was tried, up to 1,000 equal ones, at 1.3–3.2 ms a query and 1,100–3,400 adds a second for 10,000 passages.
_SEARCHED = {"max_neighbors": 64, "ef_construction": 400, "ef_search": 400}

# Chroma shares one system among all clients of a path and counts them without a lock of its own.
_clients = threading.Lock()


def _open(place: Path | ChromaServer) -> ClientAPI:
    if isinstance(place, ChromaServer):
        return place.connect()
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")  # before the import: the module makes settings of its own
    with _clients, _translated("打开"):
        import chromadb
        from chromadb.config import Settings

        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
            anonymized_telemetry=False,
            chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
            allow_reset=False,
        )
        return chromadb.PersistentClient(path=str(place), settings=settings)


def _close(client: ClientAPI, place: Path | ChromaServer) -> None:
    if isinstance(place, ChromaServer):  # all parts share it
        return
    with _clients:
        client.close()  # type: ignore[attr-defined]  # of every client class, but not of the interface


class ChromaWriter:
    """Writes ``total`` vectors into an empty folder, or a new collection of a server; whole only after :meth:`close`.

    ``searched``: its graph is what questions will be answered from. Where it is not, because a matrix beside it is,
    Chroma's own settings do, which are built three times as fast.
    """

    def __init__(
        self, place: Path | ChromaServer, total: int, *, searched: bool = True, collection: str = COLLECTION
    ) -> None:
        if isinstance(place, Path):
            place.mkdir(parents=True)
        self._place = place
        self._client = _open(place)
        # The graph is built in memory and persisted every sync_threshold rows: once, at the end, so that nobody who
        # opens the generation has to rebuild it from the log.
        graph = _SEARCHED if searched else {}
        threshold = {"sync_threshold": max(2, total)} if isinstance(place, Path) else {}
        configuration: Any = {"hnsw": {"space": "cosine", **threshold, **graph}}
        try:
            with _translated("建立", place):
                self._collection = self._client.create_collection(
                    collection, embedding_function=None, configuration=configuration
                )
        except BaseException:
            _close(self._client, self._place)
            raise

    def add(self, passages: Sequence[Passage]) -> None:
        """Write at most :data:`AT_ONCE` passages; each must have its vector."""
        import numpy as np

        with _translated("写入", self._place):
            self._collection.add(
                ids=[p.chunk.id for p in passages],
                embeddings=[np.frombuffer(p.vector or b"", "<f4") for p in passages],
                metadatas=[{"document_id": p.chunk.document_id} for p in passages],
            )

    def close(self) -> None:
        """Let Chroma write everything out and let go of the files."""
        _close(self._client, self._place)


class ChromaIndex:
    """A finished collection, open for reading; thread-safe."""

    def __init__(self, place: Path | ChromaServer, collection: str = COLLECTION) -> None:
        # Chroma would make a new, empty database in its place.
        if isinstance(place, Path) and not (place / "chroma.sqlite3").is_file():
            raise IndexUnavailable(f"索引 {place} 中没有向量库文件。", "请运行 ingest rebuild 重建索引。")
        self._place = place
        self._client = _open(place)
        try:
            with _translated("打开", place):
                self._collection = self._client.get_collection(collection, embedding_function=None)
                self.count: int = self._collection.count()
        except BaseException:
            _close(self._client, self._place)
            raise

    def search(self, vector: Sequence[float], k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        """The ``k`` nearest chunks by cosine, at most :data:`AT_ONCE`, best first; of ``document_ids`` if given."""
        import numpy as np

        limit = min(k, self.count, AT_ONCE)
        if limit <= 0 or (document_ids is not None and not document_ids):
            return []
        where: Any = None if document_ids is None else {"document_id": {"$in": list(document_ids)}}
        with _translated("查询", self._place):
            found = self._collection.query(
                query_embeddings=[np.asarray(vector, "<f4")],
                n_results=limit,
                where=where,
                include=["metadatas", "distances"],
            )
        rows = zip(found["ids"][0], (found["metadatas"] or [[]])[0], (found["distances"] or [[]])[0], strict=True)
        hits = [Hit(chunk, str(meta["document_id"]), 1.0 - distance) for chunk, meta, distance in rows]
        return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))

    def vectors(self) -> Iterator[tuple[str, bytes]]:
        """All (chunk id, vector as little-endian float32), as Chroma holds them."""
        import numpy as np

        for offset in range(0, self.count, AT_ONCE):
            with _translated("读取", self._place):
                page = self._collection.get(include=["embeddings"], limit=AT_ONCE, offset=offset)
            embeddings = page["embeddings"]
            for chunk, vector in zip(page["ids"], [] if embeddings is None else embeddings, strict=True):
                yield chunk, np.asarray(vector, "<f4").tobytes()

    def close(self) -> None:
        """Let go of files and threads: without it each opening leaks descriptors."""
        _close(self._client, self._place)


@contextmanager
def _translated(doing: str, place: Path | ChromaServer | None = None) -> Iterator[None]:
    try:
        yield
    except IndexUnavailable:
        raise
    except Exception as error:  # Chroma raises its own, pyo3's and sqlite's errors, with no common base
        if isinstance(place, ChromaServer) and not _is_told(error):
            raise place.unreachable(error) from error
        raise IndexUnavailable(
            f"向量索引{doing}失败：{error}。", "请运行 ingest verify 检查；必要时用 ingest rebuild 重建索引。"
        ) from error


def _is_told(error: Exception) -> bool:
    """Whether a server has said what is wrong, such as that there is no such collection."""
    from chromadb.errors import InvalidArgumentError, NotFoundError

    return isinstance(error, InvalidArgumentError | NotFoundError)
