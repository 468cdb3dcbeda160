"""The form of a backup on the disk: a folder or a tar archive with a list of hashes. Knows nothing of libraries."""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import shutil
import tarfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from assistant.errors import BackupError

SUMS = "SHA256SUMS"
_ARCHIVES = {".tar": "w", ".tgz": "w:gz", ".gz": "w:gz"}
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_BLOCK = 1 << 20
_SUMS_BYTES = 256 << 20  # of a list of hashes: some two million files


class Parcel(ABC):
    """A backup that is being written; each file is hashed as it goes in."""

    def __init__(self) -> None:
        self.sums: dict[str, str] = {}
        self.size = 0

    def add(self, name: str, path: Path) -> None:
        """Put a file in under ``name``; one that grows meanwhile goes in as long as it was."""
        with path.open("rb") as file:
            self.sums[name] = self._write(name, file, os.fstat(file.fileno()).st_size)

    def add_bytes(self, name: str, data: bytes) -> None:
        self.sums[name] = self._write(name, io.BytesIO(data), len(data))

    def _write(self, name: str, file: IO[bytes], size: int) -> str:
        hashed = _Hashing(file, size)
        self._store(name, hashed, size)
        if hashed.left:
            raise BackupError(f"备份时 {name} 变短了。", "请重试；若反复出现，请检查磁盘。")
        self.size += size
        return hashed.digest.hexdigest()

    def finish(self) -> None:
        """Add the list of hashes; nothing may be added after it."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.sums.items())).encode()
        self._store(SUMS, _Hashing(io.BytesIO(lines), len(lines)), len(lines))

    @abstractmethod
    def _store(self, name: str, file: _Hashing, size: int) -> None: ...


class _Hashing(io.RawIOBase):
    """The first ``left`` bytes of a file, hashed as they are read."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self.left = size
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the stub knows no memoryview
        data = self._file.read(min(len(buffer), self.left))
        self.digest.update(data)
        self.left -= len(data)
        buffer[: len(data)] = data
        return len(data)


class _Folder(Parcel):
    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root
        root.mkdir(mode=0o700)

    def _store(self, name: str, file: _Hashing, size: int) -> None:
        path = self._root / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            shutil.copyfileobj(file, out, _BLOCK)
            out.flush()
            os.fsync(out.fileno())


class _Archive(Parcel):
    def __init__(self, archive: tarfile.TarFile) -> None:
        super().__init__()
        self._archive = archive

    def _store(self, name: str, file: _Hashing, size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self._archive.addfile(entry, file)


@contextmanager
def packing(target: Path, *, overwrite: bool) -> Iterator[Parcel]:
    """Write a backup to ``target``, an archive where its name ends as one; it appears whole, at the end.

    Raises :class:`BackupError` where something lies there that ``overwrite`` does not allow to replace: with it a
    backup may be replaced, anything else never is.
    """
    if target.exists() and not (overwrite and _is_backup(target)) and not _empty_folder(target):
        raise BackupError(
            f"{target} 已经存在，没有覆盖。",
            "换一个名称；要替换原有的备份请加 --overwrite（不是备份的文件和目录不会被替换）。",
        )
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if mode := _ARCHIVES.get(target.suffix.lower()):
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                with tarfile.open(fileobj=out, mode=mode, format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload]
                    parcel: Parcel = _Archive(archive)
                    yield parcel
                    parcel.finish()
                out.flush()
                os.fsync(out.fileno())
        else:
            parcel = _Folder(draft)
            yield parcel
            parcel.finish()
        _replace(draft, target)
    except OSError as error:
        raise BackupError(
            f"无法写入备份 {target}：{error.strerror or error}。", "请检查磁盘空间与目录权限后重试。"
        ) from error
    finally:
        _discard(draft)


def read(backup: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Every file of a backup with its name, in the order in which they lie; each must be read before the next.

    Raises :class:`BackupError` where it holds what no backup does, and what reading a broken file raises.
    """
    return _files_of_folder(backup) if backup.is_dir() else _files_of_archive(backup)


def verify(backup: Path, wanted: str) -> bytes:
    """Hold every file against its hash; gives the content of the one called ``wanted``.

    Raises :class:`BackupError` that names what is damaged, missing or too much.
    """
    found: dict[str, str] = {}
    sums: dict[str, str] | None = None
    kept: bytes | None = None
    try:
        for name, file in read(backup):
            if name == SUMS:
                sums = _sums(file.read(_SUMS_BYTES))
            elif name == wanted:
                kept = file.read()
                found[name] = hashlib.sha256(kept).hexdigest()
            else:
                found[name] = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:  # also what a changed gzip stream gives
        raise BackupError(f"备份 {backup} 读不出来：{error}。", "文件可能不完整，请换一份备份。") from error
    if sums is None or kept is None:
        raise BackupError(f"{backup} 不是本程序的备份，或没有写完。", "请换一份备份。")
    wrong = sorted(name for name in sums.keys() | found.keys() if sums.get(name) != found.get(name))
    if wrong:
        shown = "、".join(wrong[:5]) + (f" 等 {len(wrong)} 个" if len(wrong) > 5 else "")
        raise BackupError(f"备份 {backup} 中有文件缺失、多出或损坏：{shown}。", "请换一份备份；没有写入任何内容。")
    return kept


def _files_of_folder(folder: Path) -> Iterator[tuple[str, IO[bytes]]]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise BackupError(f"备份 {folder} 中有不该有的链接或设备：{path.name}。", "请换一份备份。")
        if path.is_file():
            with path.open("rb") as file:
                yield path.relative_to(folder).as_posix(), file


def _files_of_archive(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(archive, "r:*") as opened:
        for entry in opened:
            file = opened.extractfile(entry) if entry.isreg() else None
            if file is None or entry.name.startswith("/") or ".." in entry.name.split("/"):
                raise BackupError(f"备份 {archive} 中有不该有的条目：{entry.name}。", "请换一份备份。")
            with file:
                yield entry.name, file
        # What comes after the last entry is padding and the sum of the compressed stream: read, it is checked.
        while opened.fileobj is not None and opened.fileobj.read(1 << 20):
            pass


def _sums(data: bytes) -> dict[str, str]:
    lines = [_LINE.fullmatch(line) for line in data.decode("utf-8", "replace").split("\n")[:-1]]
    return {match.group(2): match.group(1) for match in lines if match}


def _is_backup(path: Path) -> bool:
    if path.is_dir():
        return (path / SUMS).is_file()
    with suppress(tarfile.TarError, OSError, EOFError), tarfile.open(path, "r:*") as opened:
        return opened.next() is not None
    return False


def _empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir()) and path.suffix.lower() not in _ARCHIVES


def _replace(draft: Path, target: Path) -> None:
    if target.is_dir():
        old = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        target.rename(old)
        draft.rename(target)
        _discard(old)
    else:
        draft.replace(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _discard(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
