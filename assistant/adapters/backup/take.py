"""Taking a backup while the service answers and ingest works."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from assistant import __version__
from assistant.adapters.backup.parcel import Parcel, packing
from assistant.adapters.database.snapshot import copy_sqlite_file, snapshot
from assistant.adapters.generation.layout import Layout, hold, part_folder, read_manifest
from assistant.domain.backups import Contents, KeptOriginal, Taken
from assistant.errors import IndexUnavailable

INFO, LIBRARY, INDEX, ORIGINALS = "backup.json", "library.db", "index", "originals"
_TRIES = 5  # a generation may be swept away between being named and being held
_PASSING = ("-wal", "-shm", "-journal", ".lock")  # files of the moment, made anew at every opening


def take_backup(
    engine: Engine, data_dir: Path, target: Path, *, originals: bool = True, overwrite: bool = False
) -> Taken:
    """Write a backup of the library, the current index and the files behind the documents to ``target``.

    The generation is held first and the database copied then, so that the copy knows the generation; originals are
    those that the copy names, each only where it still is what was read. Raises
    :class:`~assistant.errors.BackupError` and :class:`~assistant.errors.LibraryError`.
    """
    with (
        packing(target, overwrite=overwrite) as parcel,
        tempfile.TemporaryDirectory(prefix=".backup-", dir=target.absolute().parent) as scratch,
        _held(Layout(data_dir / "index")) as generation,
    ):
        copy = Path(scratch, LIBRARY)
        snapshot(engine, copy)
        with closing(sqlite3.connect(copy)) as library:
            recorded = (
                generation is not None
                and library.execute("SELECT 1 FROM generations WHERE name = ?", [generation.name]).fetchone()
            )
            documents = library.execute("SELECT count(DISTINCT id) FROM documents").fetchone()[0]
            revision = library.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            sources = library.execute(
                "SELECT path, sha256, size, mtime_ns FROM sources"
                " WHERE container IS NULL AND sha256 IS NOT NULL ORDER BY path"
            ).fetchall()
        parcel.add(LIBRARY, copy)
        if generation is not None and recorded:
            _add_generation(parcel, generation, Path(scratch))
        kept, missing = _add_originals(parcel, [KeptOriginal(*row) for row in sources]) if originals else ([], [])
        contents = Contents(
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            program=__version__,
            revision=revision,
            data_dir=str(data_dir.absolute()),
            generation=generation.name if generation is not None and recorded else None,
            documents=documents,
            originals=tuple(kept),
            missing=tuple(missing),
            with_originals=originals,
        )
        parcel.add_bytes(INFO, json.dumps(contents.to_json(), ensure_ascii=False, indent=1).encode())
    return Taken(str(target.absolute()), parcel.size, len(parcel.sums), contents)


@contextmanager
def _held(layout: Layout) -> Iterator[Path | None]:
    """The folder of the current generation, which nobody removes until the block ends."""
    for attempt in range(_TRIES):
        if (name := layout.current()) is None:
            yield None
            return
        try:
            held = hold(layout.folder(name))
        except IndexUnavailable:
            if attempt == _TRIES - 1:  # CURRENT names what is not there: the library can build it anew
                yield None
                return
            time.sleep(0.2)
            continue
        try:
            folder = layout.folder(name)
            yield None if _on_server(folder) else folder
        finally:
            os.close(held)
        return


def _on_server(folder: Path) -> bool:
    """Whether the vectors of a generation are elsewhere: the library has them too, and it is built anew from there."""
    try:
        return read_manifest(folder).server
    except IndexUnavailable:
        return False


def _add_generation(parcel: Parcel, folder: Path, scratch: Path) -> None:
    """The files of a generation, and of the parts that it shares with others."""
    parts = [part_folder(folder, part.name) for part in read_manifest(folder).parts]
    for path in sorted(path for place in (folder, *parts) for path in place.rglob("*")):
        if not path.is_file() or path.name.endswith(_PASSING):
            continue
        name = f"{INDEX}/{path.relative_to(folder.parent).as_posix()}"
        if path.suffix == ".sqlite3":  # whoever opens it writes into it
            copy = scratch / "index.sqlite3"
            copy_sqlite_file(path, copy)
            parcel.add(name, copy)
            copy.unlink()
        else:
            parcel.add(name, path)


def _add_originals(parcel: Parcel, sources: list[KeptOriginal]) -> tuple[list[KeptOriginal], list[str]]:
    kept, missing = [], []
    for source in sources:
        name = f"{ORIGINALS}/{source.sha256}"
        if name not in parcel.sums:
            try:
                if _digest(Path(source.path)) != source.sha256:
                    raise OSError
                parcel.add(name, Path(source.path))
            except OSError:
                missing.append(source.path)
                continue
            if parcel.sums[name] != source.sha256:  # changed between the two readings
                missing.append(source.path)
                continue
        kept.append(source)
    return kept, missing


def _digest(path: Path) -> str:
    if not path.is_file():  # a device or a pipe would never end
        raise OSError
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
