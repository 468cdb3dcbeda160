"""Bringing a backup back: nothing is written before every file was held against its hash."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from sqlalchemy import Engine

from assistant.adapters.backup import parcel
from assistant.adapters.backup.take import INDEX, INFO, LIBRARY, ORIGINALS
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.library import Library
from assistant.adapters.database.locks import Key, alone_on
from assistant.adapters.database.snapshot import damage, snapshot
from assistant.adapters.database.transfer import copy_rows
from assistant.adapters.generation.build import elsewhere, ingest_lock
from assistant.adapters.generation.layout import Layout, sync, sync_tree
from assistant.adapters.generation.opened import OpenGeneration
from assistant.adapters.in_use import SERVING, alone
from assistant.domain.backups import Contents, KeptOriginal, Restored
from assistant.errors import BackupError, IndexUnavailable

_STAGING = ".restoring"


def check_backup(backup: Path) -> Contents:
    """Hold every file of a backup against its hash. Raises :class:`BackupError` where it is damaged or none of ours."""
    try:
        return Contents.from_json(json.loads(parcel.verify(backup, INFO)))
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(
            f"备份 {backup} 的说明读不懂，可能由更新版本的程序写成。", "请升级本程序后再恢复。"
        ) from error


def restore_backup(
    backup: Path,
    data_dir: Path,
    *,
    originals: Path | None = None,
    overwrite: bool = False,
    url: str | None = None,
) -> Restored:
    """Make ``data_dir`` what the backup holds; a backup of an earlier version is brought up to date on the way.

    With ``url`` the library goes into that database, whatever engine the backup was taken from.

    What lies there stays beside it in a folder of its own, and only ``overwrite`` lets it be put aside. Files below the
    old data folder come back below the new one; others only where ``originals`` says so: below that folder under their
    whole path (``/``: where they were), and never over another file. Raises :class:`BackupError` and
    :class:`~assistant.errors.Busy`.
    """
    contents = check_backup(backup)
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with ingest_lock(data_dir), alone(data_dir):
            occupied = [data_dir / name for name in (LIBRARY, f"{LIBRARY}-wal", f"{LIBRARY}-shm", INDEX)]
            occupied = [path for path in occupied if path.exists()]
            if occupied and not overwrite:
                raise _occupied(data_dir)
            with _staging(data_dir) as staging, _server(url, data_dir) as server:
                if server is not None and not overwrite and not _is_empty(server):
                    raise _occupied(data_dir)
                _unpack(backup, staging)
                places = _places(contents, data_dir.absolute(), originals)
                index = _make_ready(staging, contents, places)
                put_back, kept = _put_back(backup, contents, places)
                set_aside = _set_aside(data_dir, occupied, server)
                if server is not None:
                    _hand_over(staging, server)
                _install(staging, data_dir, index)
    except OSError as error:
        raise BackupError(
            f"恢复到 {data_dir} 失败：{error.strerror or error}。", "请检查磁盘空间与目录权限后重试。"
        ) from error
    waiting = len(contents.originals) - len(places)
    return Restored(contents, str(data_dir.absolute()), index is not None, set_aside, put_back, tuple(kept), waiting)


def _occupied(data_dir: Path) -> BackupError:
    return BackupError(
        f"{data_dir} 或数据库中已有资料库，没有覆盖。",
        "请用 ASSISTANT_DATA_DIR 另指定目录；确要替换请加 --overwrite，原有的会移到旁边保留。",
    )


@contextmanager
def _server(url: str | None, data_dir: Path) -> Iterator[Engine | None]:
    """The database server's engine with nobody else at work on it; None where the library is a file."""
    if url is None:
        yield None
        return
    engine = open_library(data_dir, url)
    try:
        with elsewhere(engine), alone_on(engine, Key.SERVICE, SERVING):
            yield engine
    finally:
        engine.dispose()


def _is_empty(engine: Engine) -> bool:
    counts = Library(engine).counts()
    return not (counts["sources"] or counts["documents"])


def _hand_over(staging: Path, server: Engine) -> None:
    """Move the staged library into the server; the file is of no more use."""
    engine = open_library(staging)
    try:
        copy_rows(engine, server)
    finally:
        engine.dispose()
    (staging / LIBRARY).unlink()


@contextmanager
def _staging(data_dir: Path) -> Iterator[Path]:
    for left in data_dir.glob(f"{_STAGING}-*"):  # of a restore that was killed; we are alone here
        shutil.rmtree(left, ignore_errors=True)
    folder = data_dir / f"{_STAGING}-{os.urandom(4).hex()}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(backup: Path, staging: Path) -> None:
    for name, file in parcel.read(backup):
        if name == LIBRARY or PurePosixPath(name).parts[0] == INDEX:
            path = staging / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as out:
                shutil.copyfileobj(file, out, 1 << 20)


def _places(contents: Contents, data_dir: Path, originals: Path | None) -> dict[str, Path]:
    """Where each original that is to be brought back belongs now, by the path under which the backup has it."""
    places = {}
    for original in contents.originals:
        path = PurePosixPath(original.path)
        if not path.is_absolute() or ".." in path.parts:
            raise BackupError(f"备份中的文件路径不对：{original.path}。", "请换一份备份。")
        if path.is_relative_to(contents.data_dir):
            places[original.path] = data_dir / path.relative_to(contents.data_dir)
        elif originals is not None:
            places[original.path] = originals.absolute() / path.relative_to("/")
    return places


def _make_ready(staging: Path, contents: Contents, places: dict[str, Path]) -> str | None:
    """Bring the staged library up to date and open the staged index on it; its name, None where it must be built."""
    if faults := damage(staging / LIBRARY):
        raise BackupError(f"备份中的资料库已损坏：{faults[0]}。", "请换一份备份。")
    engine = open_library(staging)
    try:
        library = Library(engine)
        if contents.generation is not None and not _opens(staging / INDEX / contents.generation, library):
            shutil.rmtree(staging / INDEX, ignore_errors=True)
        names = Layout(staging / INDEX).names()
    finally:
        engine.dispose()
    moved = {old: str(new) for old, new in places.items() if old != str(new)}
    with closing(sqlite3.connect(staging / LIBRARY)) as connection:
        _move_sources(connection, moved)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return names[0] if names else None


def _opens(folder: Path, library: Library) -> bool:
    try:
        generation = OpenGeneration(folder, library)
    except IndexUnavailable:
        return False
    try:
        return library.manifest_hash(folder.name) == generation.manifest.digest
    finally:
        generation.close()


def _move_sources(connection: sqlite3.Connection, moved: dict[str, str]) -> None:
    """Give files their new paths wherever the library names them; parts of an archive go with it."""
    connection.execute("PRAGMA foreign_keys=OFF")
    with connection:
        for old, new in moved.items():
            below = (new, len(old), old, old)
            root = connection.execute("SELECT root FROM sources WHERE path = ?", [old]).fetchone()[0]
            up = len(PurePosixPath(old).parts) - len(PurePosixPath(root).parts)
            new_root = str(PurePosixPath(new).parents[up - 1]) if up else new
            for table in ("versions", "problems", "source_labels"):
                connection.execute(
                    f"UPDATE {table} SET path = ? || substr(path, ? + 1) WHERE path IN"  # noqa: S608  # nosec B608: names of ours
                    " (SELECT path FROM sources WHERE path = ? OR container = ?)",
                    below,
                )
            connection.execute(
                "UPDATE sources SET path = ? || substr(path, ? + 1), root = ?,"
                " container = CASE WHEN container IS NULL THEN NULL ELSE ? END WHERE path = ? OR container = ?",
                (new, len(old), new_root, new, old, old),
            )


def _put_back(backup: Path, contents: Contents, places: dict[str, Path]) -> tuple[int, list[str]]:
    """Write originals where nothing lies; how many they were, and in whose place something else was found."""
    by_digest: dict[str, list[KeptOriginal]] = {}
    for original in contents.originals:
        if original.path in places:
            by_digest.setdefault(original.sha256, []).append(original)
    written, kept = 0, []
    for name, file in parcel.read(backup):
        folder, _, digest = name.partition("/")
        for original in by_digest.get(digest, ()) if folder == ORIGINALS else ():
            path = places[original.path]
            if path.exists():
                found = path.stat()
                if (found.st_size, found.st_mtime_ns) != (original.size, original.mtime_ns):
                    kept.append(str(path))
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}"[-200:])
            with draft.open("xb") as out:
                file.seek(0)
                shutil.copyfileobj(file, out, 1 << 20)
            os.utime(draft, ns=(original.mtime_ns, original.mtime_ns))  # or ingest would read it again
            draft.rename(path)
            written += 1
    return written, sorted(kept)


def _set_aside(data_dir: Path, occupied: list[Path], server: Engine | None) -> str | None:
    kept_by_server = server is not None and not _is_empty(server)
    if not occupied and not kept_by_server:
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    folder = data_dir / f"before-restore-{stamp}-{os.urandom(2).hex()}"
    folder.mkdir(mode=0o700)
    for path in occupied:
        path.rename(folder / path.name)
    if server is not None and kept_by_server and not (folder / LIBRARY).exists():
        snapshot(server, folder / LIBRARY)
    return str(folder)


def _install(staging: Path, data_dir: Path, index: str | None) -> None:
    """The library first: without an index it says that there is none, an index without its library says nothing."""
    sync_tree(staging)
    if (staging / LIBRARY).exists():
        (staging / LIBRARY).rename(data_dir / LIBRARY)
    if index is not None:
        Layout(staging / INDEX).switch(index)
        (staging / INDEX).rename(data_dir / INDEX)
    sync(data_dir)
