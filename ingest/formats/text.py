"""Plain text: one line, one block. The joined blocks are the decoded file, so that offsets into it hold."""

from __future__ import annotations

from ingest.formats.charset import decode
from ingest.formats.model import Block, Limits, ParsedFile


def parse_text(data: bytes, limits: Limits) -> ParsedFile:
    """All lines as paragraphs, blank ones and white space included. Line ends are ``\\n`` whatever the file had."""
    text, troubles = decode(data)
    return ParsedFile(tuple(Block(line) for line in text.split("\n")), troubles=troubles)
