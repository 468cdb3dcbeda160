"""Opening the library: the only place that knows which database engine runs, SQLite in a file or PostgreSQL.

Everyone who opens the library brings its schema up to date first (numbered Alembic revisions, under a lock); a
library that a newer version of the program has written is refused, never guessed at.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from filelock import FileLock
from filelock import Timeout as LockTimeout
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

from assistant.adapters.database import sqlite_file
from assistant.adapters.database.failures import library_error, primary
from assistant.adapters.database.locks import Key, alone_on
from assistant.errors import LibraryError, SettingsError

HEAD = "0011"
"""The newest revision in ``migrations/versions``; a test holds it to what Alembic finds there."""

_FILE = "library.db"
_LOCK = "library.lock"
_BUSY_SECONDS = 15  # how long one writer waits for another: longer than any transaction of ours
_MIGRATION_SECONDS = 120
_CONNECTIONS = 20  # kept to a PostgreSQL server, and as many again for moments: threads that answer may all read
_CONNECT_SECONDS = 5


def open_library(data_dir: Path, url: str | None = None) -> Engine:
    """The engine for ``data_dir/library.db``, or for the PostgreSQL database at ``url``; made or migrated where needed.

    Raises :class:`LibraryError` where the folder cannot be written, the file is no database of ours, or a newer
    version of the program has written it.
    """
    path = data_dir / _FILE
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # texts, questions and keys are in it
    except OSError as error:
        raise LibraryError(
            f"无法建立数据目录 {data_dir}：{error.strerror}。", "请检查目录权限，或用 ASSISTANT_DATA_DIR 另指定目录。"
        ) from error
    target = URL.create("sqlite", database=str(path)) if url is None else postgresql_url(url)
    return open_database(target, lock=data_dir / _LOCK)


def postgresql_url(text: str) -> URL:
    """The address of a PostgreSQL database with the driver that we use. Raises :class:`SettingsError`."""
    wrong = SettingsError(
        "ASSISTANT_DATABASE_URL 应为 PostgreSQL 的地址。",
        "写法：postgresql://用户:密码@主机:5432/库名；密码中的特殊字符用百分号编码。",
    )
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise wrong from error
    if url.get_backend_name() not in ("postgresql", "postgres") or not url.database:
        raise wrong
    if find_spec("psycopg") is None:
        raise SettingsError("使用 PostgreSQL 需要 psycopg。", "请安装：pip install 'policy-assistant[postgres]'。")
    return url.set(drivername="postgresql+psycopg")


def open_database(url: URL | str, lock: Path) -> Engine:
    """The engine for any database that SQLAlchemy knows, migrated under the file ``lock``."""
    target = make_url(url)
    if target.get_backend_name() == "postgresql":
        engine = create_engine(
            target,
            pool_pre_ping=True,
            pool_size=_CONNECTIONS,
            max_overflow=_CONNECTIONS,
            connect_args={"connect_timeout": _CONNECT_SECONDS, "application_name": "policy-assistant"},
        )
        event.listen(engine, "begin", _on_postgresql_begin)
    else:
        engine = create_engine(target, creator=partial(sqlite_file.connect, target.database or ":memory:"))
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "checkin", sqlite_file.for_one_use)
        event.listen(engine, "handle_error", _on_sqlite_error)
        event.listen(engine, "begin", _on_sqlite_begin)
    try:
        _bring_up_to_date(engine, lock)
    except SQLAlchemyError as error:
        engine.dispose()
        advice = "请确认它是本程序的资料库且可读写；若已损坏，请用 assistant restore 恢复备份。"
        raise library_error(f"打开资料库 {target.database} ", error, advice) from error
    except LibraryError:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent snapshot, for reading only. Database failures come out as :class:`LibraryError`."""
    if engine.dialect.name == "postgresql":  # there each statement has a snapshot of its own unless told otherwise
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise library_error("读取资料库", error, "请稍后重试；若反复出现，请运行 assistant doctor。") from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction for writing, all or nothing. Database failures come out as :class:`LibraryError`.

    One writer at a time, on all machines: what a transaction reads stays true until it has written. SQLite takes the
    write lock at once, for a transaction that begins by reading could not wait for another writer; PostgreSQL is made
    to do the same by a lock of ours.
    """
    try:
        to_write = engine.execution_options(library_write=True)
        with ExitStack() as open_now:
            connection = open_now.enter_context(to_write.connect())
            try:
                begun = connection.begin()
            except OperationalError as error:
                if primary(error.orig) != sqlite3.SQLITE_READONLY:
                    raise
                # Opened while nothing could be written: it stays so for as long as it is open.
                connection = open_now.enter_context(to_write.connect())
                begun = connection.begin()
            open_now.enter_context(begun)
            yield connection
    except SQLAlchemyError as error:
        raise library_error("写入资料库", error, "请检查磁盘空间与目录权限后重试。") from error


def shrink(engine: Engine) -> None:
    """Take deleted rows off the disk where the engine would keep them in its write-ahead log. Best effort."""
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _bring_up_to_date(engine: Engine, lock: Path) -> None:
    if _revision(engine) == HEAD:
        return
    try:
        with FileLock(str(lock), timeout=_MIGRATION_SECONDS), alone_on(engine, Key.MIGRATION):
            _prepare(engine)
            if (found := _revision(engine)) == HEAD:
                return
            _migrate(engine, found)
    except LockTimeout as error:
        raise LibraryError("资料库正在由另一个进程升级。", "请稍后重试。") from error


def _migrate(engine: Engine, found: str | None) -> None:
    from alembic import command  # 0.2 s, and only needed when there is something to do
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise LibraryError(
            f"资料库由更新版本的程序写入（结构版本 {found}，本程序只认识到 {HEAD}）。",
            "请升级本程序，或换一个数据目录。",
        )
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _prepare(engine: Engine) -> None:
    """Write-ahead logging is a property of the file: set once, while nobody else opens it."""
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL")  # a published generation must still be recorded after a power cut
    cursor.execute("PRAGMA secure_delete=ON")  # what is removed is overwritten, not just unlinked
    cursor.close()


def _on_sqlite_error(context: Any) -> None:
    if primary(context.original_exception) == sqlite3.SQLITE_READONLY:
        context.is_disconnect = True  # let no other use meet it


def _on_postgresql_begin(connection: Connection) -> None:
    if connection.get_execution_options().get("library_write"):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_BUSY_SECONDS}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({Key.WRITER.value})")


def _on_sqlite_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("library_write") else "BEGIN")
