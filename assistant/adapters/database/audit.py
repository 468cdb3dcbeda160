"""The audit log in the library's database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, delete, select

from assistant.adapters.database import access_schema as a
from assistant.adapters.database.engine import reading, writing
from assistant.domain.audit import Deed


class SqlAudit:
    """:class:`assistant.ports.AuditLog`; thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, deed: Deed) -> None:
        """See :class:`assistant.ports.AuditLog`."""
        row = {
            "at": deed.at,
            "who": deed.who,
            "action": deed.action,
            "object": deed.object,
            "status": deed.status,
            "request_id": deed.request_id,
            "content": deed.content,
        }
        with writing(self._engine) as connection:
            connection.execute(a.audit.insert(), row)

    def deeds(self, *, since: str = "", who: str = "", action: str = "", limit: int | None = None) -> Sequence[Deed]:
        """See :class:`assistant.ports.AuditLog`."""
        t = a.audit
        query = select(t).where(t.c.at >= since).order_by(t.c.id.desc()).limit(limit)
        if who:
            query = query.where(t.c.who == who)
        if action:
            query = query.where(t.c.action == action)
        with reading(self._engine) as connection:
            return [
                Deed(r.at, r.who, r.action, r.object, r.status, r.request_id, r.content)
                for r in connection.execute(query)
            ]

    def purge(self, before: str) -> int:
        """See :class:`assistant.ports.AuditLog`."""
        with writing(self._engine) as connection:
            return connection.execute(delete(a.audit).where(a.audit.c.at < before)).rowcount
