"""One consistent copy of the whole database in a SQLite file, taken while others read and write."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Engine

from assistant.adapters.database.engine import open_database
from assistant.adapters.database.sqlite_file import connect
from assistant.adapters.database.transfer import copy_rows
from assistant.errors import LibraryError


def snapshot(engine: Engine, target: Path) -> None:
    """Copy the database to the new file ``target``. Raises :class:`LibraryError` where it is damaged or cannot be read.

    Writers go on meanwhile: SQLite's backup reads one snapshot of the write-ahead log, a server gives one to a
    transaction.
    """
    if engine.dialect.name != "sqlite":
        _from_server(engine, target)
        return
    try:
        raw = engine.raw_connection()
        try:
            source = raw.driver_connection
            assert isinstance(source, sqlite3.Connection)
            copy_sqlite(source, target)
        finally:
            raw.close()
        faults = damage(target)
    except sqlite3.Error as error:
        raise LibraryError(
            f"复制资料库失败：{error}。", "请检查磁盘空间；资料库若已损坏，请恢复以前的备份。"
        ) from error
    if faults:
        raise LibraryError(f"资料库已损坏，没有备份：{faults[0]}。", "请恢复以前的备份，见 docs/operations.md。")


def _from_server(engine: Engine, target: Path) -> None:
    lock = target.with_suffix(".lock")
    copy = open_database(URL.create("sqlite", database=str(target)), lock)
    try:
        copy_rows(engine, copy)
    finally:
        copy.dispose()
    with closing(sqlite3.connect(target)) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")
    lock.unlink(missing_ok=True)


def copy_sqlite(source: sqlite3.Connection, target: Path) -> None:
    """Copy an open SQLite database into one file without a write-ahead log beside it."""
    with closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def copy_sqlite_file(source: Path, target: Path) -> None:
    """The same of a SQLite database that others may have open."""
    with closing(connect(source, read_only=True)) as opened:
        copy_sqlite(opened, target)


def damage(path: Path) -> list[str]:
    """What SQLite finds wrong with the pages of a database file; empty where all is well."""
    try:
        with closing(connect(path, read_only=True)) as opened:
            said = [str(row[0]) for row in opened.execute("PRAGMA quick_check(5)")]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [] if said == ["ok"] else said
