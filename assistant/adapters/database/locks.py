"""Locks that hold across machines: advisory locks of a PostgreSQL server. On SQLite there is one machine, and files do.

The server drops a lock with the connection that took it, however its process or machine ends. What follows when a
connection is lost while the work goes on: a second ingest may begin; both build whole generations under numbers that
the database gives out once, and the one that is published last is served.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from assistant.adapters.database.failures import library_error
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
    connection = _asked(engine, f"SELECT pg_{'try_' if busy else ''}advisory_lock({key.value})", busy)
    try:
        yield
    finally:
        with suppress(SQLAlchemyError):  # the server is gone, and the lock with it
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({key.value})")
        connection.close()


def share(engine: Engine, key: Key, busy: Busy) -> Connection | None:
    """Hold a lock together with others until the connection is closed. Raises ``busy`` where one is alone on it."""
    if engine.dialect.name != "postgresql":
        return None
    return _asked(engine, f"SELECT pg_try_advisory_lock_shared({key.value})", busy)


def _asked(engine: Engine, question: str, busy: Busy | None) -> Connection:
    """A connection that holds the lock asked for. Raises ``busy`` where the answer is no, :class:`LibraryError`."""
    try:
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            granted = connection.exec_driver_sql(question).scalar()
        except BaseException:
            connection.close()
            raise
    except SQLAlchemyError as error:
        raise library_error("取得数据库的锁", error, "请稍后重试；若反复出现，请运行 assistant doctor。") from error
    if busy is not None and not granted:
        connection.close()
        raise busy
    return connection
