"""How a document stands to others, as the document endpoint tells it."""

from __future__ import annotations

from typing import Any

from assistant.domain.holdings import LinkKind
from assistant.domain.policy import Document
from assistant.ports import Index

_MOST_VERSIONS = 50


def standing_json(index: Index, document: Document) -> dict[str, Any]:
    """``versions`` (the newest first, this one among them) and ``related``; each left out where there is none."""
    versions = _versions(index, document.id)
    related = [
        {"kind": link.kind.value, "by": link.subject == document.id, "note": link.note, "document": named}
        for link in index.links(document.id)
        if link.kind is not LinkKind.SUPERSEDES
        and (named := _named(index, link.object if link.subject == document.id else link.subject))
    ]
    return {**({"versions": versions} if len(versions) > 1 else {}), **({"related": related} if related else {})}


def _versions(index: Index, document_id: str) -> list[dict[str, Any]]:
    newest, seen = document_id, {document_id}
    while (newer := _superseding(index, newest)) and newer not in seen and len(seen) < _MOST_VERSIONS:
        seen.add(newer)
        newest = newer
    found: list[dict[str, Any]] = []
    waiting, met = [newest], {newest}
    while waiting and len(found) < _MOST_VERSIONS:
        current = waiting.pop(0)
        if named := _named(index, current):
            found.append({**named, "current": current == newest})
        for link in index.links(current):
            if link.kind is LinkKind.SUPERSEDES and link.subject == current and link.object not in met:
                met.add(link.object)
                waiting.append(link.object)
    return found


def _superseding(index: Index, document_id: str) -> str | None:
    links = index.links(document_id)
    return next((k.subject for k in links if k.kind is LinkKind.SUPERSEDES and k.object == document_id), None)


def _named(index: Index, document_id: str) -> dict[str, Any] | None:
    document = index.document(document_id)
    if document is None:
        return None
    return {"id": document.id, "title": document.title, "number": document.number, "source": document.source}
