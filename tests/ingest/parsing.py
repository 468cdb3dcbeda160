"""Short ways for the tests of parsing: text in, structure out."""

from __future__ import annotations

from assistant.domain.policy import Document, Problem
from ingest.check import check
from ingest.chunk import chunks_of
from ingest.parse import parse


def parsed(text: str | bytes, name: str = "样例.txt") -> Document:
    """The document of a text, with every invariant checked."""
    document, _ = with_problems(text, name)
    return document


def with_problems(text: str | bytes, name: str = "样例.txt") -> tuple[Document, tuple[Problem, ...]]:
    document, problems = parse(name, text.encode() if isinstance(text, str) else text)
    assert document is not None, problems
    assert check(document, chunks_of(document)) == ()
    return document, problems


def paths(document: Document) -> list[str]:
    return [clause.path for clause in document.clauses]


def body(document: Document) -> list[str]:
    """Paths of body and tables, without head and tail."""
    return [c.path for c in document.clauses if c.kind in ("body", "table")]


def clause_text(document: Document, path: str) -> str:
    return next(c.span.of(document.text) for c in document.clauses if c.path == path)


def heading(document: Document, path: str) -> str:
    return next(c.heading for c in document.clauses if c.path == path)


def values(document: Document, name: str) -> list[str]:
    return [f.value for f in document.fields if f.name == name]
