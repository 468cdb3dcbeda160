"""Who may see which document: labels of files as ingest gave them, and of documents as the index is filtered by."""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, Engine, delete, select

from assistant.adapters.database import access_schema as a
from assistant.adapters.database import schema as s
from assistant.adapters.database.engine import reading, writing
from assistant.adapters.database.library import batches
from assistant.domain.access import HIDDEN, INTERNAL, Visibility

_MARK = "labels"


class SqlLabels:
    """:class:`assistant.ports.Labels` in the library's database; thread-safe. Read again only when they change."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._known: tuple[str, Mapping[str, Visibility]] = ("", {})

    def current(self) -> tuple[str, Mapping[str, Visibility]]:
        """See :class:`assistant.ports.Labels`."""
        m = s.marks
        with reading(self._engine) as connection:
            version = connection.execute(select(m.c.value).where(m.c.name == _MARK)).scalar() or "-"
            if version != self._known[0]:
                rows = connection.execute(select(a.labels.c.document_id, a.labels.c.label)).all()
                read: dict[str, Visibility] = {}
                labels = {document: read.setdefault(label, _parsed(label)) for document, label in rows}
                with self._lock:
                    self._known = (version, labels)
        return self._known

    def of_sources(self) -> dict[str, tuple[Visibility, str]]:
        """Label and what gave it, for each file that has one of its own."""
        t = a.source_labels
        with reading(self._engine) as connection:
            rows = connection.execute(select(t.c.path, t.c.label, t.c.origin)).all()
        return {path: (_parsed(label), origin) for path, label, origin in rows}

    def put(self, labels: Mapping[str, tuple[Visibility, str] | None]) -> None:
        """Label files by path; None takes a label away. Paths that are no sources are left out."""
        t = a.source_labels
        with writing(self._engine) as connection:
            for paths in batches(labels):
                connection.execute(delete(t).where(t.c.path.in_(paths)))
                known = set(connection.execute(select(s.sources.c.path).where(s.sources.c.path.in_(paths))).scalars())
                rows = [
                    {"path": path, "label": str(given[0]), "origin": given[1]}
                    for path in paths
                    if path in known and (given := labels[path]) is not None
                ]
                if rows:
                    connection.execute(t.insert(), rows)

    def settle(self, default: Visibility = INTERNAL) -> int:
        """Work out the label of each document from the labels of the files that give it, or gave it before.

        A document that no file gives any more keeps its label: answers quote it. Returns how many labels changed.
        """
        with writing(self._engine) as connection:
            given: dict[str, list[Visibility]] = defaultdict(list)
            for document, label in _given(connection):
                given[document].append(default if label is None else _parsed(label))
            wanted = {document: str(Visibility.strictest(labels)) for document, labels in given.items()}
            rows = connection.execute(select(a.labels.c.document_id, a.labels.c.label)).all()
            before = {row.document_id: row.label for row in rows}
            changed = {document: label for document, label in wanted.items() if before.get(document) != label}
            if not changed:
                return 0
            for documents in batches(changed):
                connection.execute(delete(a.labels).where(a.labels.c.document_id.in_(documents)))
                connection.execute(
                    a.labels.insert(), [{"document_id": document, "label": changed[document]} for document in documents]
                )
            version = hashlib.sha256(repr(sorted((before | changed).items())).encode()).hexdigest()[:12]
            connection.execute(delete(s.marks).where(s.marks.c.name == _MARK))
            connection.execute(s.marks.insert(), {"name": _MARK, "value": version})
            return len(changed)


def _given(connection: Connection) -> list[tuple[str, str | None]]:
    """(document, label) for each file that gives a document now, and for each of its earlier versions."""
    d, v, labels = s.documents, s.versions, a.source_labels
    now = select(d.c.id, labels.c.label).join(s.sources, s.sources.c.edition == d.c.edition)
    now = now.outerjoin(labels, labels.c.path == s.sources.c.path)
    earlier = select(d.c.id, labels.c.label).join(v, v.c.edition == d.c.edition)
    earlier = earlier.outerjoin(labels, labels.c.path == v.c.path)
    return [(row[0], row[1]) for query in (now, earlier) for row in connection.execute(query)]


def _parsed(label: str) -> Visibility:
    try:
        return Visibility.parse(label)
    except ValueError:
        return HIDDEN  # "部门:" without a name is written so, and what cannot be read is for nobody else either
