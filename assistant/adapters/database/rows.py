"""Between rows and the values of the domain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select

from assistant.adapters.database import schema as s
from assistant.domain.holdings import passage_hash
from assistant.domain.policy import Chunk, Clause, ClauseKind, Document, Field, Span

CHUNK_COLUMNS = (
    s.chunks.c.id,
    s.chunks.c.clause_id,
    s.chunks.c.ordinal,
    s.chunks.c.path,
    s.chunks.c.start,
    s.chunks.c.end,
    s.chunks.c.context,
    s.chunks.c.text,
)

_c = s.clauses.c
_CLAUSES = select(_c.id, _c.ordinal, _c.parent_id, _c.path, _c.label, _c.heading, _c.level, _c.kind, _c.start, _c.end)
_KINDS = {kind.value: kind for kind in ClauseKind}


def chunk_of(row: Sequence[Any], document_id: str) -> Chunk:
    """A chunk from a row that begins with :data:`CHUNK_COLUMNS`."""
    identity, clause, ordinal, path, start, end, context, text = row[:8]
    return Chunk(identity, document_id, clause, ordinal, path, Span(start, end), context, text)


def document_of(connection: Connection, edition: str, source: str) -> Document | None:
    """A whole document, shown under the file name ``source``; None where the library has no such edition."""
    head = connection.execute(select(s.documents).where(s.documents.c.edition == edition)).one_or_none()
    if head is None:
        return None
    fields = connection.execute(
        select(s.fields.c.name, s.fields.c.value, s.fields.c.as_written, s.fields.c.start, s.fields.c.end)
        .where(s.fields.c.edition == edition)
        .order_by(s.fields.c.ordinal)
    )
    clauses = connection.execute(_CLAUSES.where(s.clauses.c.edition == edition).order_by(s.clauses.c.ordinal))
    return Document(
        id=head.id,
        title=head.title,
        kind=head.kind,
        source=source,
        text=head.text,
        page_starts=tuple(json.loads(head.page_starts)),
        fields=tuple(Field(name, value, written, Span(start, end)) for name, value, written, start, end in fields),
        # A law has hundreds: taken by place, which costs a third of taking them by name.
        clauses=tuple(
            Clause(i, head.id, ordinal, parent, path, label, heading, level, _KINDS[kind], Span(start, end))
            for i, ordinal, parent, path, label, heading, level, kind, start, end in clauses
        ),
    )


def insert_document(connection: Connection, edition: str, document: Document, chunks: Sequence[Chunk]) -> None:
    """Write a document with its parts; the edition must be new."""
    connection.execute(
        s.documents.insert(),
        {
            "edition": edition,
            "id": document.id,
            "title": document.title,
            "kind": document.kind,
            "text": document.text,
            "page_starts": json.dumps(document.page_starts),
        },
    )
    _insert(
        connection,
        s.clauses,
        (
            {
                "edition": edition,
                "ordinal": c.ordinal,
                "id": c.id,
                "parent_id": c.parent_id,
                "path": c.path,
                "label": c.label,
                "heading": c.heading,
                "level": c.level,
                "kind": c.kind.value,
                "start": c.span.start,
                "end": c.span.end,
            }
            for c in document.clauses
        ),
    )
    _insert(
        connection,
        s.fields,
        (
            {
                "edition": edition,
                "ordinal": ordinal,
                "name": f.name,
                "value": f.value,
                "as_written": f.as_written,
                "start": f.span.start,
                "end": f.span.end,
            }
            for ordinal, f in enumerate(document.fields)
        ),
    )
    _insert(
        connection,
        s.chunks,
        (
            {
                "edition": edition,
                "ordinal": c.ordinal,
                "id": c.id,
                "clause_id": c.clause_id,
                "path": c.path,
                "start": c.span.start,
                "end": c.span.end,
                "context": c.context,
                "text": c.text,
                "passage_hash": passage_hash(c.passage),
            }
            for c in chunks
        ),
    )


def _insert(connection: Connection, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    if listed := list(rows):
        connection.execute(table.insert(), listed)
