"""One generation, open for reading."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from assistant.adapters.chroma import ChromaIndex
from assistant.adapters.chroma_server import ChromaServer
from assistant.adapters.database.library import Library
from assistant.adapters.generation.layout import CHROMA, LEXICAL, hold, part_folder, read_manifest
from assistant.adapters.generation.matrix import ExactIndex, Matrix
from assistant.adapters.generation.on_server import ServerIndex
from assistant.adapters.lexical import LexicalIndex
from assistant.domain.holdings import Holding, Link
from assistant.domain.policy import Chunk, Document
from assistant.errors import IndexUnavailable
from assistant.ports import DocumentInfo, Hit

_KEPT = 256  # documents kept in memory; a long one is some 100 kB
_KEPT_CHUNKS = 10_000  # chunks kept in memory, of some 1 kB each


class OpenGeneration:
    """:class:`assistant.ports.Index` over the files of a generation and its documents in the library; thread-safe."""

    def __init__(
        self, folder: Path, library: Library, *, name: str | None = None, server: ChromaServer | None = None
    ) -> None:
        """Open it and look that it is whole.

        ``name`` is what the manifest must say where the folder still has a staging name; ``server`` is asked where the
        vectors are not in files. Raises
        :class:`IndexUnavailable` where anything is missing, damaged, or not what the library has recorded.
        """
        self._held = hold(folder)
        self.server = server
        self._vectors: ExactIndex | ChromaIndex | ServerIndex | None = None
        self._words: LexicalIndex | None = None
        try:
            self.manifest = read_manifest(folder)
            if self.manifest.name != (name or folder.name):
                raise _damaged(folder, "清单上的名称不符")
            self._library = library
            readable = (*self.manifest.superseded, *self.manifest.holdings)
            self._holdings: dict[str, Holding] = {h.document_id: h for h in readable}
            self._editions = {h.edition: h.document_id for h in self.manifest.holdings}
            self._open(folder)
        except BaseException:
            self.close()
            raise
        self._document = lru_cache(_KEPT)(self._load)
        self._chunks_of = lru_cache(_KEPT)(self._load_chunks)
        self._known: dict[str, Chunk] = {}
        self._infos: Sequence[DocumentInfo] | None = None
        self._links: Mapping[str, Sequence[Link]] | None = None  # by either document

    def _open(self, folder: Path) -> None:
        try:
            self._words = LexicalIndex(folder / LEXICAL)
        except (ValueError, OSError) as error:
            raise _damaged(folder, f"词索引无法打开（{error}）") from error
        if self._words.count != self.manifest.chunks:
            raise _damaged(folder, "词索引的条数不符")
        if self.manifest.model is not None:
            self._vectors = self._open_vectors(folder)
            if self._vectors.count != self.manifest.chunks:
                raise _damaged(folder, "向量索引的条数不符")
            if self.manifest.dimension:
                # What is read at the first search is read now, while there is still another generation to turn to.
                self._vectors.search([1.0] * self.manifest.dimension, 1)

    def _open_vectors(self, folder: Path) -> ExactIndex | ChromaIndex | ServerIndex:
        if self.manifest.server:
            if self.server is None:
                raise IndexUnavailable(
                    f"索引 {self.manifest.name} 的向量在向量服务器上。",
                    "请设置 ASSISTANT_CHROMA_URL，或运行 ingest rebuild。",
                )
            return ServerIndex(self.server, self.manifest.parts)
        if self.manifest.format < 2:  # of before there were parts: served until the next run makes a new one
            return ChromaIndex(folder / CHROMA)
        dimension = self.manifest.dimension or 0
        matrices = [Matrix(part_folder(folder, part.name), dimension) for part in self.manifest.parts]
        return ExactIndex(matrices, self._editions)

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def view(self) -> str:
        return ""

    @property
    def model(self) -> str | None:
        return self.manifest.model

    def dense(self, vector: Sequence[float], k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        """The nearest chunks by cosine; none where the generation has no vectors."""
        if self._vectors is None or not self.manifest.chunks:
            return []
        if len(vector) != self.manifest.dimension:
            raise IndexUnavailable(
                f"问题向量为 {len(vector)} 维，而索引 {self.name} 为 {self.manifest.dimension} 维。",
                "向量模型已更换，请运行 ingest run 更新索引。",
            )
        return self._vectors.search(vector, k, document_ids)

    def lexical(self, query: str, k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        """The best chunks by BM25."""
        return self._words.search(query, k, document_ids) if self._words else []

    def documents(self) -> Sequence[DocumentInfo]:
        """The documents of this generation, by title, without superseded ones."""
        return self._infos if self._infos is not None else self.know_documents(None)

    def know_documents(self, before: OpenGeneration | None) -> Sequence[DocumentInfo]:
        """Read what :meth:`documents` gives; of documents that the generation ``before`` has the same, from there."""
        earlier = {info.id: info for info in (before._infos or ())} if before else {}
        same = set(before.manifest.holdings) if before else set()
        known = [earlier[h.document_id] for h in self.manifest.holdings if h in same and h.document_id in earlier]
        new = [h for h in self.manifest.holdings if h not in same or h.document_id not in earlier]
        found = [*known, *self._library.infos(new)]
        self._infos = tuple(sorted(found, key=lambda info: (info.title, info.id)))
        return self._infos

    def document(self, document_id: str) -> Document | None:
        """A document of this generation, whole; a superseded one too."""
        return self._document(document_id) if document_id in self._holdings else None

    def links(self, document_id: str) -> Sequence[Link]:
        """How a document stands to others of this generation; read once: a list may cite hundreds of documents."""
        if self._links is None:
            found: dict[str, list[Link]] = {}
            for link in self._library.links():
                if link.subject in self._holdings and link.object in self._holdings:
                    for end in dict.fromkeys((link.subject, link.object)):
                        found.setdefault(end, []).append(link)
            self._links = found
        return self._links.get(document_id, ())

    def chunks(self, chunk_ids: Iterable[str]) -> Mapping[str, Chunk]:
        """Chunks of this generation by id; those that were asked for last are kept."""
        wanted, kept = list(chunk_ids), self._known
        known = {i: kept[i] for i in wanted if i in kept}
        if missing := [i for i in wanted if i not in known]:
            read = self._library.chunks(missing, self._editions)
            if len(kept) + len(read) > _KEPT_CHUNKS:
                self._known = kept = {}
            kept.update(read)
            known.update(read)
        return known

    def chunks_of(self, document_id: str) -> Sequence[Chunk]:
        """All chunks of a document of this generation, in text order."""
        return self._chunks_of(document_id) if document_id in self._holdings else ()

    def stored_words(self) -> set[str]:
        """The ids of all chunks in the lexical index, for verification."""
        return self._words.ids() if self._words else set()

    def close(self) -> None:
        """Let go of the files; the generation may then be removed. Once is enough, twice does no harm."""
        vectors, self._vectors = self._vectors, None
        words, self._words = self._words, None
        held, self._held = self._held, -1
        if isinstance(vectors, ChromaIndex | ServerIndex):
            vectors.close()
        if words:
            words.close()
        if held >= 0:
            os.close(held)

    def _load(self, document_id: str) -> Document | None:
        return self._library.document(self._holdings[document_id])

    def _load_chunks(self, document_id: str) -> Sequence[Chunk]:
        return tuple(self._library.chunks_of(self._holdings[document_id]))


def _damaged(folder: Path, what: str) -> IndexUnavailable:
    return IndexUnavailable(f"索引 {folder.name} 已损坏：{what}。", "请运行 ingest run 重建索引。")
