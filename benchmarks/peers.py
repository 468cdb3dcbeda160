"""Other frameworks as their own first page has them, with our embedder and the same texts.

They come with ``pip install -e '.[peers]'``. Each cuts the texts by its own splitter, keeps the pieces in its own store
and gives back the nearest. Nothing of theirs is tuned; where the default of one does not fit Chinese, a second row has
the setting that its documentation offers for that. What they find is told as places in the texts, so that pieces of any
size can be compared.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

SAMPLE = 48  # texts that are embedded anew to tell what ingest takes without kept vectors


@dataclass(frozen=True, slots=True)
class Place:
    """A run of characters of a document's text."""

    document: str
    start: int
    end: int

    def shares(self, other: Place) -> bool:
        """Whether both have half of the shorter one in common."""
        common = min(self.end, other.end) - max(self.start, other.start)
        shorter = min(self.end - self.start, other.end - other.start)
        return self.document == other.document and 2 * common >= shorter > 0


class Vectors(Protocol):
    """An embedder as frameworks want it."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]: ...

    def embed_query(self, text: str) -> list[float]: ...


class Noting:
    """Vectors that note which texts were embedded: those are the pieces that a framework made."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self.texts: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.texts.extend(texts)
        return self._vectors.embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        return self._vectors.embed_query(text)


Find = Callable[[str, int], list[Place]]
"""The places nearest to a question, so many of them."""
Build = Callable[[Mapping[str, str], Noting, Path], Find]
"""Takes texts by document in; the folder is for what it writes."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A framework: the package that must be installed, how it takes texts in, and how many pieces it gives to a model
    unless told otherwise."""

    name: str
    package: str
    module: str
    build: Build
    given: int

    @property
    def installed(self) -> bool:
        return find_spec(self.module) is not None


@dataclass(frozen=True, slots=True)
class Ready:
    """A peer that has taken the texts in: what it took in seconds, with vectors at hand and, from a sample, without."""

    peer: Peer
    find: Find
    pieces: int
    store_s: float
    embed_s: float


def ready(peer: Peer, texts: Mapping[str, str], vectors: Vectors, rate: float, folder: Path) -> Ready:
    """Let a peer take the texts in; ``rate`` is what embedding a character takes (:func:`embedding_rate`)."""
    noting = Noting(vectors)
    peer.build(texts, noting, folder / "first")  # vectors are made and kept
    pieces = list(noting.texts)
    began = time.perf_counter()
    find = peer.build(texts, noting, folder / "second")
    stored = time.perf_counter() - began
    return Ready(peer, find, len(pieces), stored, rate * sum(map(len, pieces)))


def embedding_rate(pieces: Sequence[str], fresh: Vectors) -> float:
    """The seconds that embedding a character takes, by a sample of some texts: one rate for all, so that what else the
    machine does while it is measured falls on nobody alone."""
    sample = list(pieces[:: max(1, len(pieces) // SAMPLE)])[:SAMPLE]
    began = time.perf_counter()
    fresh.embed_documents(sample)
    return (time.perf_counter() - began) / max(1, sum(map(len, sample)))


def langchain(texts: Mapping[str, str], vectors: Noting, folder: Path) -> Find:
    """LangChain's tutorial: split by characters (1000, 200), one Chroma collection, nearest by vector."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    class Shared(Embeddings):
        embed_documents = staticmethod(vectors.embed_documents)
        embed_query = staticmethod(vectors.embed_query)

    whole = [Document(text, metadata={"document": key}) for key, text in texts.items()]
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    store = Chroma.from_documents(splitter.split_documents(whole), Shared(), persist_directory=str(folder))

    def find(question: str, k: int) -> list[Place]:
        found = store.similarity_search(question, k=k)
        return [_place(d.metadata["document"], d.metadata["start_index"], d.page_content) for d in found]

    return find


def llama_index(texts: Mapping[str, str], vectors: Noting, folder: Path) -> Find:
    """LlamaIndex's starter: VectorStoreIndex.from_documents with its own splitter (1024 tokens, 200) and store."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.schema import TextNode

    class Shared(BaseEmbedding):  # type: ignore[misc]
        def _get_query_embedding(self, query: str) -> list[float]:
            return vectors.embed_query(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return vectors.embed_query(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return vectors.embed_documents([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return vectors.embed_documents(texts)

    whole = [Document(text=text, doc_id=key) for key, text in texts.items()]
    index = VectorStoreIndex.from_documents(whole, embed_model=Shared())

    def find(question: str, k: int) -> list[Place]:
        places: list[Place] = []
        for found in index.as_retriever(similarity_top_k=k).retrieve(question):
            node = found.node
            assert isinstance(node, TextNode) and node.ref_doc_id is not None
            places.append(_place(node.ref_doc_id, node.start_char_idx or 0, node.text))
        return places

    return find


def haystack(texts: Mapping[str, str], vectors: Noting, folder: Path) -> Find:
    """Haystack's indexing pipeline: DocumentSplitter as it comes (200 words between spaces), in-memory store."""
    from haystack.components.preprocessors import DocumentSplitter

    return _haystack(texts, vectors, DocumentSplitter(), hybrid=False)


def haystack_characters(texts: Mapping[str, str], vectors: Noting, folder: Path) -> Find:
    """The same for a language without spaces: RecursiveDocumentSplitter by characters, at 。 where it can."""
    return _haystack(texts, vectors, _by_characters(), hybrid=False)


def haystack_hybrid(texts: Mapping[str, str], vectors: Noting, folder: Path) -> Find:
    """Haystack's tutorial of hybrid retrieval: the pieces by characters, by BM25 and by vector, joined by ranks."""
    return _haystack(texts, vectors, _by_characters(), hybrid=True)


def _by_characters() -> Any:
    from haystack.components.preprocessors import RecursiveDocumentSplitter

    return RecursiveDocumentSplitter(
        split_length=500, split_overlap=0, split_unit="char", separators=["\n\n", "\n", "。", "，"]
    )


def _haystack(texts: Mapping[str, str], vectors: Noting, splitter: Any, *, hybrid: bool) -> Find:
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    from haystack import Document
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    if hasattr(splitter, "warm_up"):
        splitter.warm_up()
    whole = [Document(content=text, meta={"document": key}) for key, text in texts.items()]
    pieces = splitter.run(documents=whole)["documents"]
    for piece, vector in zip(pieces, vectors.embed_documents([p.content for p in pieces]), strict=True):
        piece.embedding = vector
    store = InMemoryDocumentStore(shared=False)
    store.write_documents(pieces)
    near, words = InMemoryEmbeddingRetriever(store), InMemoryBM25Retriever(store)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def find(question: str, k: int) -> list[Place]:
        found = near.run(query_embedding=vectors.embed_query(question), top_k=k)["documents"]
        if hybrid:
            by_words = words.run(query=question, top_k=k)["documents"]
            found = joiner.run(documents=[by_words, found], top_k=k)["documents"]
        return [_place(d.meta["document"], d.meta["split_idx_start"], d.content) for d in found]

    return find


def _place(document: str, start: int, text: str) -> Place:
    return Place(document, start, start + len(text))


PEERS: tuple[Peer, ...] = (
    Peer("LangChain tutorial", "langchain-chroma", "langchain_chroma", langchain, 4),
    Peer("LlamaIndex starter", "llama-index-core", "llama_index", llama_index, 2),
    Peer("Haystack, as it comes", "haystack-ai", "haystack", haystack, 10),
    Peer("Haystack, by characters", "haystack-ai", "haystack", haystack_characters, 10),
    Peer("Haystack hybrid, by characters", "haystack-ai", "haystack", haystack_hybrid, 10),
)


def releases() -> dict[str, str]:
    """The versions of the frameworks that are installed, by package."""
    return {peer.package: version(peer.package) for peer in PEERS if peer.installed}
