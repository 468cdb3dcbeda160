"""What a backup holds, and what came of taking or restoring one: values for the commands and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORMAT = 1
"""Raised whenever what is written into a backup changes meaning; a newer one than this is refused."""


@dataclass(frozen=True, slots=True)
class KeptOriginal:
    """A file that documents were read from, in the backup under its SHA-256."""

    path: str  # absolute, where ingest found it
    sha256: str
    size: int  # bytes
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup says of itself (``backup.json``)."""

    created_at: str  # ISO 8601, UTC
    program: str  # version of the program that took it
    revision: str  # of the database's tables
    data_dir: str  # where the library lay: files below it move with it
    generation: str | None  # the index that is in it; None where nothing was published
    documents: int
    originals: tuple[KeptOriginal, ...] = ()
    missing: tuple[str, ...] = ()  # files of the library that were gone, or had changed since they were read
    with_originals: bool = True

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "created_at": self.created_at,
            "program": self.program,
            "revision": self.revision,
            "data_dir": self.data_dir,
            "generation": self.generation,
            "documents": self.documents,
            "with_originals": self.with_originals,
            "originals": [[o.path, o.sha256, o.size, o.mtime_ns] for o in self.originals],
            "missing": list(self.missing),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Contents:
        """Raises KeyError, TypeError or ValueError where ``data`` is none of ours, or of a newer form."""
        if int(data["format"]) > FORMAT:
            raise ValueError("newer format")
        return cls(
            created_at=str(data["created_at"]),
            program=str(data["program"]),
            revision=str(data["revision"]),
            data_dir=str(data["data_dir"]),
            generation=None if data["generation"] is None else str(data["generation"]),
            documents=int(data["documents"]),
            originals=tuple(KeptOriginal(str(p), str(h), int(s), int(m)) for p, h, s, m in data["originals"]),
            missing=tuple(map(str, data["missing"])),
            with_originals=bool(data["with_originals"]),
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that is whole and on the disk."""

    target: str
    size: int  # bytes of the files in it, before any compression
    files: int
    contents: Contents


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restored library is made of now."""

    contents: Contents
    data_dir: str
    index: bool  # whether the index came with it; else it must be built anew
    set_aside: str | None  # folder that now has what lay there before
    put_back: int  # originals that were written
    kept: tuple[str, ...] = ()  # originals in whose place another file lies, which was left
    waiting: int = 0  # originals that are in the backup alone
