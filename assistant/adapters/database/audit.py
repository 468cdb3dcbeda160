"""The audit log in the library's database."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Sequence

from sqlalchemy import Engine, delete, select

from assistant.adapters.database import access_schema as a
from assistant.adapters.database.engine import reading, writing
from assistant.domain.audit import Deed
from assistant.errors import LibraryError

_log = logging.getLogger(__name__)
_WAITING = 10_000  # deeds that may wait for the disk; they are a few hundred bytes each
_AT_ONCE = 500  # deeds of one transaction
_PATIENCE = 10.0  # seconds that closing and reading wait for what is still to be written


class SqlAudit:
    """:class:`assistant.ports.AuditLog`; thread-safe.

    Deeds are written by a thread of its own, all that have come meanwhile in one transaction: nobody who asks waits for
    the disk, and fifty answers that end at once cost one write. What has not reached the disk is lost when the process
    is killed: some tenths of a second.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: queue.Queue[Deed] = queue.Queue(_WAITING)
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None

    def note(self, deed: Deed) -> None:
        """See :class:`assistant.ports.AuditLog`."""
        try:
            self._queue.put_nowait(deed)
        except queue.Full:
            _log.error("the audit log cannot keep up; a deed is lost: %s by %s", deed.action, deed.who)
            return
        if self._writer is None:
            with self._starting:
                if self._writer is None:
                    self._writer = threading.Thread(target=self._write, name="audit", daemon=True)
                    self._writer.start()

    def flush(self) -> None:
        """Wait until all that was noted has been written, or has failed to be."""
        done = threading.Thread(target=self._queue.join, daemon=True)
        done.start()
        done.join(_PATIENCE)

    def deeds(self, *, since: str = "", who: str = "", action: str = "", limit: int | None = None) -> Sequence[Deed]:
        """See :class:`assistant.ports.AuditLog`."""
        self.flush()
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
        self.flush()
        with writing(self._engine) as connection:
            return connection.execute(delete(a.audit).where(a.audit.c.at < before)).rowcount

    def _write(self) -> None:
        while True:
            deeds = [self._queue.get()]
            while len(deeds) < _AT_ONCE and not self._queue.empty():
                deeds.append(self._queue.get())
            try:
                with writing(self._engine) as connection:
                    connection.execute(a.audit.insert(), [_row(deed) for deed in deeds])
            except LibraryError:
                _log.exception("the audit log cannot be written; %d deeds are lost", len(deeds))
            finally:
                for _ in deeds:
                    self._queue.task_done()


def _row(deed: Deed) -> dict[str, object]:
    return {
        "at": deed.at,
        "who": deed.who,
        "action": deed.action,
        "object": deed.object,
        "status": deed.status,
        "request_id": deed.request_id,
        "content": deed.content,
    }
