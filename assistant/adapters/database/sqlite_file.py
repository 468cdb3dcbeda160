"""Connections to the library's file, also where nothing can be written: on a disk that is full or read-only.

A file with write-ahead logging wants a log and an index of the log beside it, which the last to close it takes away.
Where they cannot be made any more, nobody can have written since, so the file alone is the whole library: it is then
opened as one that never changes. Such a connection is for one use. The next one tries again, so that nothing has to be
restarted once there is room.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

_NO_ROOM = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}


class Unchanging(sqlite3.Connection):
    """A connection that takes the file for one that never changes."""


def connect(path: Path | str, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection that can read. Raises :class:`sqlite3.Error` where the file cannot be read, or not without a log."""
    where = _address(path, "mode=ro") if read_only else str(path)
    connection = sqlite3.connect(where, uri=read_only, check_same_thread=False)
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF not in _NO_ROOM or not _whole(Path(path)):
            raise
        address = _address(path, "mode=ro&immutable=1")
        return sqlite3.connect(address, uri=True, check_same_thread=False, factory=Unchanging)
    return connection


def for_one_use(connection: Any, record: Any) -> None:
    """Leave out of the pool what was opened as unchanging: it must not see what is written later."""
    if isinstance(connection, Unchanging):
        record.invalidate()


def _address(path: Path | str, how: str) -> str:
    return f"{Path(path).absolute().as_uri()}?{how}"


def _whole(path: Path) -> bool:
    """Whether the file has all there is: no log with something in it lies beside it."""
    log = path.with_name(f"{path.name}-wal")
    return path.is_file() and path.stat().st_size > 0 and not (log.exists() and log.stat().st_size)
