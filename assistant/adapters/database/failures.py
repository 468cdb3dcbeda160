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
    sqlite3.SQLITE_READONLY: LibraryError("数据目录只能读、不能写", "请检查磁盘是否变为只读、目录权限是否改过。"),
    sqlite3.SQLITE_CANTOPEN: LibraryError("资料库文件打不开", "请检查数据目录的权限，以及磁盘是否变为只读。"),
    sqlite3.SQLITE_IOERR: LibraryError("磁盘读写出错", "请检查磁盘空间与硬件（dmesg），必要时恢复备份。"),
    sqlite3.SQLITE_BUSY: LibraryError("资料库正被另一个进程长时间占用", "请稍后重试；若反复出现，请查看哪个进程在写。"),
}


def library_error(doing: str, error: SQLAlchemyError, advice: str) -> LibraryError:
    """The error of ours for one of the database's; ``advice`` where the cause is none that we know."""
    original: Any = getattr(error, "orig", None)
    known = _SAID.get(primary(original))
    if known is not None:
        return type(known)(f"{doing}失败：{known.message}。", known.advice)
    return LibraryError(f"{doing}失败：{original or error}。", advice)


def primary(original: object) -> int:
    """SQLite's primary result code of a driver's error, such as 11 for a damaged file; 0 for any other error."""
    code = getattr(original, "sqlite_errorcode", 0)
    return int(code) & 0xFF
