"""Small documents made by hand: one clause a line, one passage a clause."""

from __future__ import annotations

from assistant.domain.policy import Chunk, Clause, ClauseKind, Document, Field, Span, document_id, part_id


def document_of(text: str, source: str = "样例.txt", pages: tuple[int, ...] = ()) -> tuple[Document, tuple[Chunk, ...]]:
    """The first line is the title and its field; each line is a clause, addressed by its number."""
    identity = document_id(text)
    lines = text.split("\n")
    clauses: list[Clause] = []
    chunks: list[Chunk] = []
    position = 0
    for ordinal, line in enumerate(lines):
        span = Span(position, position + len(line))
        clause = part_id(identity, "c", span)
        kind = ClauseKind.BODY if ordinal else ClauseKind.HEAD
        clauses.append(Clause(clause, identity, ordinal, None, str(ordinal), "", "", 0, kind, span))
        context = lines[0] if ordinal else ""
        chunks.append(Chunk(part_id(identity, "k", span), identity, clause, ordinal, str(ordinal), span, context, line))
        position = span.end + 1
    title = Field("title", lines[0], lines[0], Span(0, len(lines[0])))
    document = Document(identity, lines[0], "其他", source, text, pages, (title,), tuple(clauses))
    return document, tuple(chunks)
