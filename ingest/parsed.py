"""What lies between a file and the library: bytes that are to be parsed, and what they gave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.domain.policy import Chunk, Document, Problem


class SourceFile(Protocol):
    """A file that was found: its absolute path, and its name for the reader, relative to the folder that was given."""

    @property
    def path(self) -> Path: ...
    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def mtime_ns(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's bytes as they were read; ``name`` is the one that its documents go by, ``digest`` their SHA-256."""

    file: SourceFile
    name: str
    data: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """One document of a file, or why there is none.

    ``name`` is the file's; for a file of several documents theirs, such as ``archive.zip/inner.docx``.
    """

    name: str
    document: Document | None
    chunks: tuple[Chunk, ...] = ()
    problems: tuple[Problem, ...] = ()


#: Readings in, each with all that its file gave out, in the same order. Never raises on bad input.
Parsing = Callable[[Iterable[Reading]], Iterator[tuple[Reading, tuple[Parsed, ...]]]]


def in_turn(parse: Callable[[str, bytes], Iterable[Parsed]]) -> Parsing:
    """Parse in this process, file after file."""

    def parsing(readings: Iterable[Reading]) -> Iterator[tuple[Reading, tuple[Parsed, ...]]]:
        for reading in readings:
            yield reading, tuple(parse(reading.name, reading.data))

    return parsing
