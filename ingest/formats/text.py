"""Plain text: one line, one block, but for lines that were broken at a fixed width and for tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.formats.charset import decode
from ingest.formats.model import Block, BlockKind, Limits, ParsedFile
from ingest.formats.plain_tables import table_at
from ingest.formats.wrapped import unwrapped


def parse_text(data: bytes, limits: Limits) -> ParsedFile:
    """All lines as paragraphs, blank ones and white space included. Line ends are ``\\n`` whatever the file had."""
    text, troubles = decode(data)
    return ParsedFile(plain_blocks(text.split("\n")), troubles=troubles)


def plain_blocks(lines: Sequence[str]) -> tuple[Block, ...]:
    """Blocks of lines: rows of tables, and paragraphs of what stands between them."""
    return tuple(_blocks(lines))


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    position = begun = tables = 0
    while position < len(lines):
        rows, taken = table_at(lines, position)
        if rows:
            yield from (Block(line) for line in unwrapped(lines[begun:position]))
            tables += 1
            yield from (Block(row, BlockKind.TABLE_ROW, table=tables) for row in rows)
            begun = position + taken
        position += taken
    yield from (Block(line) for line in unwrapped(lines[begun:]))
