"""Locks that hold across machines: advisory locks of a PostgreSQL server. On SQLite there is one machine, and files do.

The server drops a lock with the connection that took it, however its process or machine ends. What follows when a
connection is lost while the work goes on: a second ingest may begin; both build whole generations under numbers that
the database gives out once, and the one that is published last is served.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from sqlalchemy import Connection, Engine

from assistant.errors import Busy


class Key(IntEnum):
    """What a lock is for; the numbers are the same in every version of the program."""

    WRITER = 0x706F6C696301  # "polic", and a count
    MIGRATION = 0x706F6C696302
    INGEST = 0x706F6C696303
    SERVICE = 0x706F6C696304


@contextmanager
def alone_on(engine: Engine, key: Key, busy: Busy | None = None) -> Iterator[None]:
    """Be the only one on the database with this lock; waits, or raises ``busy`` where that is given."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if busy is None:
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({key.value})")
        elif not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({key.value})").scalar():
            raise busy
        try:
            yield
        finally:
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({key.value})")


def share(engine: Engine, key: Key, busy: Busy) -> Connection | None:
    """Hold a lock together with others until the connection is closed. Raises ``busy`` where one is alone on it."""
    if engine.dialect.name != "postgresql":
        return None
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    if not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock_shared({key.value})").scalar():
        connection.close()
        raise busy
    return connection
