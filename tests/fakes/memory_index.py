"""A generation in memory with a small exact BM25: the question path over texts written in the test itself."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from assistant.domain.access import Clearance
from assistant.domain.dialogue import Answer, Turn
from assistant.domain.holdings import Link
from assistant.domain.language.text import terms
from assistant.domain.policy import Chunk, Document
from assistant.ports import DocumentInfo, Hit


class MemoryIndex:
    """:class:`assistant.ports.Index`, :class:`assistant.ports.Indexes` and :class:`assistant.ports.GuardedIndexes` in
    one, over parsed documents that everybody sees.
    """

    name = "gen-1"
    view = ""
    model = None

    def __init__(self, parsed: Iterable[tuple[Document, Sequence[Chunk]]]) -> None:
        self._documents: dict[str, Document] = {}
        self._chunks: dict[str, Chunk] = {}
        for document, chunks in parsed:
            self._documents[document.id] = document
            self._chunks.update({c.id: c for c in chunks})
        self._counts = {c.id: Counter(terms(c.passage)) for c in self._chunks.values()}
        self.linked: list[Link] = []
        self._df = Counter(t for counts in self._counts.values() for t in counts)

    def put(self, document: Document) -> None:
        """Hold another reading of the same text."""
        self._documents[document.id] = document

    @contextmanager
    def lease(self) -> Iterator[MemoryIndex]:
        yield self

    def seen_by(self, clearance: Clearance) -> MemoryIndex:
        return self

    def hidden(self, clearance: Clearance, document_ids: Iterable[str]) -> frozenset[str]:
        return frozenset()

    def dense(self, vector: Sequence[float], k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        return []

    def lexical(self, query: str, k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        total, wanted = len(self._counts), set(terms(query))
        average = sum(c.total() for c in self._counts.values()) / max(1, total)
        hits = []
        for chunk_id, counts in self._counts.items():
            chunk = self._chunks[chunk_id]
            if document_ids is not None and chunk.document_id not in document_ids:
                continue
            norm = 1.2 * (0.25 + 0.75 * counts.total() / average)
            score = sum(
                math.log(1 + (total - self._df[t] + 0.5) / (self._df[t] + 0.5)) * counts[t] * 2.2 / (counts[t] + norm)
                for t in wanted & counts.keys()
            )
            if score > 0:
                hits.append(Hit(chunk_id, chunk.document_id, score))
        return sorted(hits, key=lambda h: -h.score)[:k]

    def documents(self) -> Sequence[DocumentInfo]:
        return [_info(d) for d in sorted(self._documents.values(), key=lambda d: d.title)]

    def document(self, document_id: str) -> Document | None:
        return self._documents.get(document_id)

    def links(self, document_id: str) -> Sequence[Link]:
        return [link for link in self.linked if document_id in (link.subject, link.object)]

    def chunks(self, chunk_ids: Iterable[str]) -> Mapping[str, Chunk]:
        return {i: self._chunks[i] for i in chunk_ids if i in self._chunks}

    def chunks_of(self, document_id: str) -> Sequence[Chunk]:
        return [c for c in self._chunks.values() if c.document_id == document_id]


class MemoryConversations:
    """:class:`assistant.ports.Conversations` in a dictionary; everything belongs to whoever asks."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}

    def turns(self, conversation_id: str, owner: str, *, replaces: str | None = None) -> Sequence[Turn]:
        return [Turn.of(a) for a in self.answers.get(conversation_id, []) if a.id != replaces]

    def append(self, answer: Answer, owner: str, *, replaces: str | None = None) -> None:
        kept = [a for a in self.answers.get(answer.conversation_id, []) if a.id != replaces]
        self.answers[answer.conversation_id] = [*kept, answer]


def _info(document: Document) -> DocumentInfo:
    fields: dict[str, tuple[str, ...]] = {}
    for field in document.fields:
        fields[field.name] = (*fields.get(field.name, ()), field.value)
    return DocumentInfo(document.id, document.title, document.number, document.kind, document.source, fields)
