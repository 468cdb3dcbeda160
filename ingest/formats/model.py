"""What every parser gives: blocks of text in reading order, the metadata of the carrier, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class BlockKind(StrEnum):
    """What the format says a block is; what the *text* says it is (一、, 第三条) is found later."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    TABLE_ROW = "table_row"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or table row.

    ``text`` holds no line break. ``pages`` gives, for formats with pages, the offsets within ``text`` at which a page
    begins, as (offset, page from 1); a paragraph that runs over a page break has one such entry inside. ``level`` is
    that of a heading (1 the highest), ``centred`` is set where the format says so, ``table`` numbers the tables of a
    file from 1. ``confidence`` is that of the least certain line of recognised print, 0 to 1; None where the text was
    not recognised but read.
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int | None = None
    centred: bool = False
    table: int | None = None
    pages: tuple[tuple[int, int], ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem of a file before it has a name: see :class:`assistant.domain.policy.Problem`."""

    place: str
    reason: str
    lost: bool
    detail: str = field(default="", compare=False)  # what a library said of it, in its own words


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file as blocks. ``metadata`` are (label, value) pairs of the page around the document, such as 索引号."""

    blocks: tuple[Block, ...]
    metadata: tuple[tuple[str, str], ...] = ()
    troubles: tuple[Trouble, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is taken; beyond it the file is a problem that names the limit. All of them are settings.

    Parsers keep the counts and sizes; the process that they run in keeps ``max_seconds`` (of a file, or of one member
    of an archive) and ``max_memory`` (bytes of address space). Pictures and files that need LibreOffice have times and
    memory of their own; ``picture_seconds`` is also what each recognised page may take.
    """

    max_bytes: int = 50 * 2**20
    max_pages: int = 2000
    max_scanned_pages: int = 500
    max_pixels: int = 60_000_000
    max_characters: int = 5_000_000
    max_cells: int = 500_000  # with text, copies of merged ones included
    max_unpacked: int = 300 * 2**20  # bytes of all that is unpacked of a zip, a .docx, an .xlsx or an .ofd
    max_ratio: int = 250  # unpacked to packed; XML of real documents stays below 100
    max_members: int = 2000  # documents in an archive, attachments of a mail
    max_rows: int = 10_000  # documents in a table that holds one a row
    max_depth: int = 2  # archives in archives, mails in mails
    max_seconds: float = 20.0
    max_memory: int = 2**30
    picture_seconds: float = 60.0
    picture_memory: int = 4 * 2**30
    office_seconds: float = 120.0
    office_memory: int = 8 * 2**30  # LibreOffice reserves far more addresses than it uses


#: Bytes and limits in, blocks out. A parser may raise anything on bad input: the caller turns it into a problem.
Parser = Callable[[bytes, Limits], ParsedFile]
