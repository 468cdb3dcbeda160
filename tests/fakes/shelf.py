"""A generation that lives in memory and only reads documents, for what needs no search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from assistant.domain.access import Clearance
from assistant.domain.dialogue import Citation
from assistant.domain.holdings import Link
from assistant.domain.policy import Chunk, Clause, ClauseKind, Document, Field, Span, document_id, part_id
from assistant.errors import IndexUnavailable
from assistant.ports import DocumentInfo, Hit


def document(
    title: str,
    *clauses: tuple[str, str, int, str],
    kind: str = "方案",
    source: str = "sample.txt",
    fields: Mapping[str, str] | None = None,
    page_after: str | None = None,
) -> Document:
    """A document of the title and one line a clause, given as (path, label, level, text of the clause).

    ``fields`` are names and values that occur in the text; ``page_after`` is the text before a page break.
    """
    lines = [title, *(text for _, _, _, text in clauses)]
    text = "\n".join(lines)
    identity = document_id(text)
    parts: list[Clause] = []
    position = 0
    for ordinal, line in enumerate(lines):
        path, label, level = clauses[ordinal - 1][:3] if ordinal else ("标题", "", 0)
        span = Span(position, position + len(line))
        parent = next((c.id for c in reversed(parts) if c.level < level and c.level > 0), None)
        heading = line.removeprefix(label).split("。")[0] if level else ""
        clause_kind = ClauseKind.BODY if ordinal else ClauseKind.HEAD
        parts.append(
            Clause(
                part_id(identity, "c", span), identity, ordinal, parent, path, label, heading, level, clause_kind, span
            )
        )
        position += len(line) + 1
    found = tuple(Field(name, value, value, span_of(text, value)) for name, value in (fields or {}).items())
    pages = (0, text.index(page_after) + len(page_after)) if page_after else ()
    return Document(identity, title, kind, source, text, pages, found, tuple(parts))


def span_of(text: str, quote: str) -> Span:
    start = text.index(quote)
    return Span(start, start + len(quote))


def cite(n: int, source: Document, quote: str) -> Citation:
    """The citation of a quote that stands in the document."""
    span = span_of(source.text, quote)
    clause = source.clause_at(span.start)
    assert clause is not None
    page = source.page_of(span.start)
    issued = source.field("issued_on")
    date = issued.value if issued else None
    return Citation(n, source.id, source.title, source.number, clause.path, page, span.start, span.end, quote, date)


@dataclass
class Shelf:
    """An :class:`assistant.ports.Index` over these documents; nothing is ever found in it by search."""

    held: Sequence[Document]
    name: str = "gen-1"
    view: str = ""
    model: str | None = None
    linked: Sequence[Link] = ()

    def dense(self, vector: Sequence[float], k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        return []

    def lexical(self, query: str, k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        return []

    def documents(self) -> Sequence[DocumentInfo]:
        return [
            DocumentInfo(d.id, d.title, d.number, d.kind, d.source, {f.name: (f.value,) for f in d.fields})
            for d in sorted(self.held, key=lambda d: d.title)
        ]

    def document(self, document_id: str) -> Document | None:
        return next((d for d in self.held if d.id == document_id), None)

    def links(self, document_id: str) -> Sequence[Link]:
        return [link for link in self.linked if document_id in (link.subject, link.object)]

    def chunks(self, chunk_ids: Iterable[str]) -> Mapping[str, Chunk]:
        return {}

    def chunks_of(self, document_id: str) -> Sequence[Chunk]:
        return []


@dataclass
class ShelfIndexes:
    """:class:`assistant.ports.GuardedIndexes` with one shelf that everybody sees, or with nothing published (None)."""

    shelf: Shelf | None
    leases: list[str] = field(default_factory=list)

    def seen_by(self, clearance: Clearance) -> ShelfIndexes:
        return self

    def hidden(self, clearance: Clearance, document_ids: Iterable[str]) -> frozenset[str]:
        return frozenset()

    @contextmanager
    def lease(self) -> Iterator[Shelf]:
        if self.shelf is None:
            raise IndexUnavailable("还没有可用的索引", "请先运行 ingest run")
        self.leases.append("open")
        try:
            yield self.shelf
        finally:
            self.leases.pop()
