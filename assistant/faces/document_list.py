"""The list of documents as every face gives it: which ones hold the words, and their form in JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.domain.language.text import fold
from assistant.ports import DocumentInfo


def matching(documents: Sequence[DocumentInfo], query: str) -> list[DocumentInfo]:
    """The documents that hold every word of the query in title, number, kind, source or a field."""
    words = fold(query).split()
    return [d for d in documents if all(word in _searchable(d) for word in words)]


def info_json(info: DocumentInfo) -> dict[str, Any]:
    """A document of the list as callers read it."""
    return {
        "id": info.id,
        "title": info.title,
        "number": info.number,
        "kind": info.kind,
        "source": info.source,
        "fields": {name: list(values) for name, values in info.fields.items()},
    }


def _searchable(document: DocumentInfo) -> str:
    values = [value for group in document.fields.values() for value in group]
    return fold("\n".join([document.title, document.number or "", document.kind, document.source, *values]))
