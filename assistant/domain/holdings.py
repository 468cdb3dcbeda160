"""What the library holds and what a generation of the index was made of: values shared by ingest and the adapters.

One parse of a canonical text is an *edition*: the same text read by a later parser, or from another format, may have
other clauses or pages, and a generation that is being served must go on seeing the parse that it was built from.
So editions are content-addressed over everything that was parsed and never change; a document's id stays that of its
text, and a generation holds exactly one edition of each of its documents.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any

from assistant.domain.policy import Chunk, Document, Problem

INDEX_FORMAT = 2
"""Raised whenever what is written into a generation changes meaning; older generations are then rebuilt."""


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One file as it was last read. ``edition`` is None where no document could be made of it."""

    path: str  # absolute, the identity of a source
    root: str  # the folder (or file) that was given to ingest
    name: str  # relative to root: what the reader sees
    size: int  # bytes
    mtime_ns: int
    sha256: str | None  # None where the file could not be read
    parser: str  # version and limits of the parser that read it
    edition: str | None
    problems: tuple[Problem, ...] = ()
    container: str | None = None  # path of the file that this document is a part of (archive, table of documents)


@dataclass(frozen=True, slots=True, order=True)
class Holding:
    """One document of a generation: which edition of it, and the name of the file that it is shown under."""

    document_id: str
    edition: str
    source: str


class LinkKind(StrEnum):
    """How one document stands to another: *subject* does it, *object* has it done to it."""

    SUPERSEDES = "supersedes"  # a new version; the object is out of the indexes
    REPEALS = "repeals"  # 废止, 失效
    SUSPENDS = "suspends"  # 停止执行
    REPLACES = "replaces"  # 代替, 取代
    ANSWERS = "answers"  # a reply and its proposal
    DUPLICATES = "duplicates"  # all but the same text
    CONFLICTS = "conflicts"  # one number, different titles


#: How a document ends by another, in the words of offices.
ENDS = {LinkKind.REPEALS: "废止", LinkKind.SUSPENDS: "停止执行", LinkKind.REPLACES: "替代"}


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two documents of the library by their ids, and why they are linked, for the reader."""

    kind: LinkKind
    subject: str
    object: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Traits:
    """What ingest has read of a document's text to relate it to others; ``told`` is JSON of its own."""

    document_id: str
    told: str
    signature: bytes  # what texts like it are found by; empty where it is too short


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk on its way into an index; ``vector`` is little-endian float32 bytes, None without an embedder."""

    chunk: Chunk
    vector: bytes | None


@dataclass(frozen=True, slots=True)
class Part:
    """The vectors of some editions: written once, and shared by all generations that need them.

    ``chunks`` are all that it has, those of editions among them that a generation no longer holds. ``files`` as in
    :class:`Manifest`, by path within the part.
    """

    name: str
    chunks: int
    files: Mapping[str, int]


class Reuse(Enum):
    """What a new generation may take over from the current one."""

    ALL = "all"  # all that it needs
    CLEAN = "clean"  # but nothing in which a document that has gone has left a trace
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built of. ``files`` are sizes in bytes of those files that reading never changes."""

    name: str  # "gen-7"
    created_at: str  # ISO 8601, UTC
    model: str | None
    dimension: int | None
    chunks: int
    holdings: tuple[Holding, ...]
    files: Mapping[str, int] = field(default_factory=dict)
    format: int = INDEX_FORMAT
    superseded: tuple[Holding, ...] = ()  # earlier versions: to be read, but in no index
    parts: tuple[Part, ...] = ()  # where its vectors are
    server: bool = False  # whether the vectors of its parts are on a vector server, not in files
    dropped: int = 0  # chunks that were taken out of its word index since that was written whole

    def to_json(self) -> dict[str, Any]:
        # Left out where empty, as manifests of before have it: their digest is on record.
        earlier = {"superseded": [[h.document_id, h.edition, h.source] for h in self.superseded]}
        parts = {"parts": [{"name": p.name, "chunks": p.chunks, "files": dict(p.files)} for p in self.parts]}
        return {
            "name": self.name,
            "created_at": self.created_at,
            "format": self.format,
            "model": self.model,
            "dimension": self.dimension,
            "chunks": self.chunks,
            "files": dict(sorted(self.files.items())),
            "documents": [[h.document_id, h.edition, h.source] for h in self.holdings],
            **(earlier if self.superseded else {}),
            **(parts if self.parts else {}),
            **({"server": True} if self.server else {}),
            **({"dropped": self.dropped} if self.dropped else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Manifest:
        """Raises KeyError, TypeError or ValueError where ``data`` is no manifest."""
        return cls(
            name=str(data["name"]),
            created_at=str(data["created_at"]),
            model=data["model"],
            dimension=data["dimension"],
            chunks=int(data["chunks"]),
            holdings=tuple(Holding(*map(str, row)) for row in data["documents"]),
            files=_sizes(data["files"]),
            format=int(data["format"]),
            superseded=tuple(Holding(*map(str, row)) for row in data.get("superseded", ())),
            parts=tuple(Part(str(p["name"]), int(p["chunks"]), _sizes(p["files"])) for p in data.get("parts", ())),
            server=bool(data.get("server", False)),
            dropped=int(data.get("dropped", 0)),
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest: the library keeps it, so that a generation cannot be taken for another's."""
        return _digest(self.to_json())

    def made_of(self, model: str | None, holdings: Iterable[Holding], superseded: Iterable[Holding] = ()) -> bool:
        """Whether building from these would give the same generation again."""
        return (self.format, self.model, self.holdings, self.superseded) == (
            INDEX_FORMAT,
            model,
            tuple(sorted(holdings)),
            tuple(sorted(superseded)),
        )


def edition_of(document: Document, chunks: Iterable[Chunk]) -> str:
    """The identity of a parse: ``e`` and 24 hex digits over all that was parsed but the name of the file."""
    return (
        "e"
        + _digest(
            [
                document.id,
                document.title,
                document.kind,
                document.text,
                document.page_starts,
                [[f.name, f.value, f.as_written, f.span.start, f.span.end] for f in document.fields],
                [
                    [c.id, c.parent_id, c.path, c.label, c.heading, c.level, c.kind.value, c.span.start, c.span.end]
                    for c in document.clauses
                ],
                [[c.id, c.clause_id, c.path, c.span.start, c.span.end, c.context, c.text] for c in chunks],
            ]
        )[:24]
    )


def passage_hash(passage: str) -> str:
    """The key under which a passage's vector is kept: what is embedded, and nothing else, decides it."""
    return hashlib.sha256(passage.encode()).hexdigest()


def _sizes(files: Mapping[str, Any]) -> dict[str, int]:
    return {str(path): int(size) for path, size in files.items()}


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
