"""What a database says when it fails, in the words of an administrator with a next step."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import LibraryDamaged, LibraryError

_DAMAGED = LibraryDamaged(
    "资料库文件已损坏", "请停止服务，用 assistant restore 恢复最近的备份，见 docs/operations.md。"
)
_SAID: dict[int, LibraryError] = {
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_FULL: LibraryError("磁盘已满", "请腾出磁盘空间；不必重启，腾出后自动恢复。"),
    sqlite3.SQLITE_READONLY: LibraryError(
        "资料库现在只能读、不能写", "请检查磁盘是否已满、是否变为只读，以及目录权限；恢复后不必重启。"
    ),
    sqlite3.SQLITE_CANTOPEN: LibraryError("资料库文件打不开", "请检查数据目录的权限，磁盘是否已满、是否变为只读。"),
    sqlite3.SQLITE_IOERR: LibraryError(
        "磁盘已满，或读写出错", "请先检查磁盘空间，再检查硬件（dmesg），必要时恢复备份。"
    ),
    sqlite3.SQLITE_BUSY: LibraryError("资料库正被另一个进程长时间占用", "请稍后重试；若反复出现，请查看哪个进程在写。"),
}


_SERVER: dict[str, LibraryError] = {  # by SQLSTATE, or its class
    "08": LibraryError("与数据库服务器的连接断了", "请检查网络和数据库服务器；恢复后自动重连。"),
    "28": LibraryError("数据库服务器不接受这个用户或密码", "请检查 ASSISTANT_DATABASE_URL。"),
    "3D000": LibraryError(
        "数据库服务器上没有这个库", "请先建库，见 docs/operations.md，或检查 ASSISTANT_DATABASE_URL。"
    ),
    "42501": LibraryError("数据库用户的权限不够", "请让该用户成为库的所有者。"),
    "25006": LibraryError("数据库只能读、不能写", "请检查是否连到了备库。"),
    "53100": LibraryError("数据库服务器的磁盘已满", "请在数据库服务器上腾出空间。"),
    "53300": LibraryError("数据库服务器的连接数已满", "请调高 max_connections，每个服务进程最多用 40 个。"),
    "55P03": LibraryError("资料库正被另一个进程长时间占用", "请稍后重试；若反复出现，请查看哪个进程在写。"),
    "57P": LibraryError("数据库服务器正在停止或启动", "请稍后重试；恢复后自动重连。"),
    "XX001": LibraryDamaged("数据库服务器报告数据损坏", "请检查服务器磁盘，必要时恢复备份，见 docs/operations.md。"),
    "XX002": LibraryDamaged(
        "数据库服务器报告索引损坏", "请在服务器上 REINDEX，必要时恢复备份，见 docs/operations.md。"
    ),
}
_UNREACHABLE = "请检查 ASSISTANT_DATABASE_URL 与网络，以及服务器是否在运行；恢复后自动重连。"


def library_error(doing: str, error: SQLAlchemyError, advice: str) -> LibraryError:
    """The error of ours for one of the database's; ``advice`` where the cause is none that we know."""
    original: Any = getattr(error, "orig", None)
    known = _SAID.get(primary(original)) or _of_server(original)
    if known is not None:
        return type(known)(f"{doing}失败：{known.message}。", known.advice)
    return LibraryError(f"{doing}失败：{original or error}。", advice)


def _of_server(original: Any) -> LibraryError | None:
    """What a PostgreSQL driver's error means; one without a state never reached the server, or lost it."""
    if not hasattr(original, "sqlstate"):
        return None
    if original.sqlstate is None:
        if type(original).__name__ != "OperationalError":
            return None
        why = str(original).strip().rpartition("\n")[2]  # the server's own words; no password is in them
        return LibraryError(f"连不上数据库服务器（{why}）", _UNREACHABLE)
    state = str(original.sqlstate)
    return next((_SERVER[part] for part in (state, state[:3], state[:2]) if part in _SERVER), None)


def primary(original: object) -> int:
    """SQLite's primary result code of a driver's error, such as 11 for a damaged file; 0 for any other error."""
    code = getattr(original, "sqlite_errorcode", 0)
    return int(code) & 0xFF
