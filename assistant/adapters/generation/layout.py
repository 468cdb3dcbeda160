"""Files and names: where generations lie, which is current, who holds one."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.holdings import Manifest
from assistant.errors import IndexUnavailable

CHROMA = "chroma"
LEXICAL = "lexical"
PARTS = "parts"
_MANIFEST = "manifest.json"
_CURRENT = "CURRENT"
_HOLD = "hold"  # locked shared by each process that has the generation open
_STAGING = "staging-"
_NAME = re.compile(r"gen-([1-9][0-9]{0,8})")
# Chroma touches its SQLite file at every opening, tantivy drops lock files: all else stays as it was written.
_CHANGES = re.compile(r"chroma\.sqlite3.*|\.tantivy.*|length\.bin")


def number(name: str) -> int:
    """The N of ``gen-N``; 0 for anything else."""
    match = _NAME.fullmatch(name)
    return int(match.group(1)) if match else 0


@dataclass(frozen=True, slots=True)
class Layout:
    """The folder of generations."""

    root: Path

    def folder(self, name: str) -> Path:
        return self.root / name

    def current(self) -> str | None:
        """The name in CURRENT; None where nothing was published, or the file holds no name."""
        try:
            name = (self.root / _CURRENT).read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return name if number(name) else None

    def switch(self, name: str) -> None:
        """Make ``name`` current, atomically and for good: after a power cut CURRENT is the old name or the new."""
        new = self.root / f"{_CURRENT}.new"
        with new.open("w", encoding="ascii") as file:
            file.write(f"{name}\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.root / _CURRENT)
        sync(self.root)

    def names(self) -> list[str]:
        """Generations that lie here, the newest first."""
        if not self.root.is_dir():
            return []
        return sorted((p.name for p in self.root.iterdir() if number(p.name)), key=number, reverse=True)

    def staging(self, name: str) -> Path:
        """Where to build ``name``: a folder that is not there yet, under a name that no other process uses."""
        return self.root / f"{_STAGING}{name}-{os.getpid()}-{os.urandom(4).hex()}"

    def clear_staging(self) -> None:
        """Remove what killed runs left behind. Only under the ingest lock."""
        if self.root.is_dir():
            for path in self.root.iterdir():
                if path.name.startswith(_STAGING):
                    shutil.rmtree(path, ignore_errors=True)

    def parts(self) -> list[str]:
        """Names of the parts that lie here."""
        folder = self.root / PARTS
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def staged_parts(self) -> list[str]:
        """Names of parts that killed runs have begun."""
        return sorted(path.name for path in self.root.glob(f"{_STAGING}*/{PARTS}/*"))

    def unnamed_parts(self) -> list[str]:
        """Names of the parts that no generation names."""
        if not (present := self.parts()):
            return []
        named: set[str] = set()
        for name in self.names():
            with suppress(IndexUnavailable):
                named |= {part.name for part in read_manifest(self.folder(name)).parts}
        return sorted(set(present) - named)

    def remove_parts(self) -> None:
        """Remove the parts that no generation names. Only under the ingest lock."""
        for name in self.unnamed_parts():
            shutil.rmtree(self.root / PARTS / name, ignore_errors=True)

    def remove(self, name: str) -> bool:
        """Remove a generation unless some process has it open; whether it is gone. Only under the ingest lock."""
        folder = self.folder(name)
        try:
            held = os.open(folder / _HOLD, os.O_RDONLY)
        except FileNotFoundError:  # half a generation, or none: nobody can hold it
            shutil.rmtree(folder, ignore_errors=True)
            return not folder.exists()
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # It leaves its name at once, so that nobody can open what is half removed.
            aside = folder.rename(self.root / f"{_STAGING}{name}-removed-{os.urandom(4).hex()}")
            shutil.rmtree(aside, ignore_errors=True)
        except BlockingIOError:
            return False
        finally:
            os.close(held)
        return True


def hold(folder: Path) -> int:
    """Keep a generation from being removed while this process lives; release by closing the descriptor.

    Raises :class:`IndexUnavailable` where it is not there, or just being removed.
    """
    gone = IndexUnavailable(f"索引 {folder.name} 已不存在。", "请稍后重试；若反复出现，请运行 ingest run。")
    try:
        held = os.open(folder / _HOLD, os.O_RDONLY)
    except OSError as error:
        raise gone from error
    try:
        fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(held), (folder / _HOLD).stat()):
            raise gone
    except OSError as error:
        os.close(held)
        raise gone from error
    except IndexUnavailable:
        os.close(held)
        raise
    return held


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation. Raises :class:`IndexUnavailable` where it is missing or damaged."""
    try:
        return Manifest.from_json(json.loads((folder / _MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexUnavailable(f"索引 {folder.name} 的清单缺失或损坏。", "请运行 ingest run 重建索引。") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """The last thing that is written into a staging folder, with the file that readers lock."""
    (folder / _HOLD).touch()
    (folder / _MANIFEST).write_text(json.dumps(manifest.to_json(), ensure_ascii=False, indent=1), "utf-8")


def lasting_files(folder: Path) -> dict[str, int]:
    """Sizes in bytes of the index files below ``folder`` that reading never changes, by path within it."""
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _CHANGES.fullmatch(path.name)
    }


def part_folder(generation: Path, name: str) -> Path:
    """Where a part of the generation in that folder lies: with it while it is being built, then beside all others."""
    within = generation / PARTS / name
    return within if within.is_dir() else generation.parent / PARTS / name


def intact(folder: Path, manifest: Manifest) -> bool:
    """Whether all files are there in the size that they were written in: a glance, not a verification."""
    places = [(folder, manifest.files), *((part_folder(folder, part.name), part.files) for part in manifest.parts)]
    with suppress(OSError):
        return all((place / path).stat().st_size == size for place, files in places for path, size in files.items())
    return False


def sync_tree(folder: Path) -> None:
    """Have everything in and below ``folder`` on the disk."""
    for directory, _, files in os.walk(folder):
        for name in files:
            sync(Path(directory, name))
        sync(Path(directory))


def sync(path: Path) -> None:
    """Have one file or folder on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
