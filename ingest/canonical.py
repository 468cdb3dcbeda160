"""Blocks to the one canonical text: metadata lines first, then the body, with personal numbers masked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.domain.policy import Span
from ingest.formats.model import Block, BlockKind, ParsedFile, Trouble

_SURROGATE = re.compile("[\ud800-\udfff]")
_DIGIT = "[0-9０-９]"
# Mainland mobile numbers, plain or in groups of 3-4-4. The country code before one stays.
_MOBILE = re.compile(rf"(?<!{_DIGIT})[1１][3-9３-９]{_DIGIT}[ \-]?{_DIGIT}{{4}}[ \-]?{_DIGIT}{{4}}(?!{_DIGIT})")
# Area code and number: 0432-12345678, (010)12345678. Without a separator any long number would look like one.
_LANDLINE = re.compile(rf"(?<!{_DIGIT})[（(]?[0０]{_DIGIT}{{2,3}}[）)\-－—– ]{{1,2}}({_DIGIT}{{7,8}})(?!{_DIGIT})")
_LABELLED = re.compile(rf"(?:电话|传真|手机|联系方式|热线)[：:号码\s]{{1,4}}({_DIGIT}{{7,12}})(?!{_DIGIT})")
# Identity numbers (GB 11643): region, date of birth, sequence, check digit.
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-8][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the canonical text with what its format said of it. ``span`` leaves out outer white space."""

    span: Span
    text: str
    kind: BlockKind
    level: int | None
    centred: bool
    table: int | None


@dataclass(frozen=True, slots=True)
class Canonical:
    """The canonical text; ``lines`` are those of the body that are not blank, ``metadata`` those before it."""

    text: str
    lines: tuple[Line, ...]
    metadata: tuple[tuple[str, Span, Span], ...]  # label, span of the whole line, span of the value
    page_starts: tuple[int, ...]
    troubles: tuple[Trouble, ...]


def canonical(parsed: ParsedFile) -> Canonical:
    """Lay the blocks out as one text and mask personal numbers in it. Masking keeps every offset."""
    pieces: list[str] = []
    metadata: list[tuple[str, Span, Span]] = []
    position = 0
    for label, value in parsed.metadata:
        line = f"{label}：{value}"
        metadata.append(
            (label, Span(position, position + len(line)), Span(position + len(label) + 1, position + len(line)))
        )
        pieces.append(line)
        position += len(line) + 1
    placed: list[tuple[Block, int]] = []
    starts: dict[int, int] = {}
    for block in parsed.blocks:
        placed.append((block, position))
        for offset, page in block.pages:
            starts.setdefault(page, position + offset)
        pieces.append(block.text)
        position += len(block.text) + 1
    text = _SURROGATE.sub("\ufffd", "\n".join(pieces))
    text, masked = mask(text)
    troubles = [Trouble("", f"已遮蔽 {masked} 处电话或证件号码", lost=False)] if masked else []
    lines = tuple(
        Line(span, span.of(text), block.kind, block.level, block.centred, block.table)
        for block, start in placed
        if (span := _trimmed(text, start, start + len(block.text))) is not None
    )
    return Canonical(text, lines, tuple(metadata), _page_starts(starts), tuple(troubles))


def _trimmed(text: str, start: int, end: int) -> Span | None:
    part = text[start:end]
    left = len(part) - len(part.lstrip())
    return Span(start + left, start + len(part.rstrip())) if part.strip() else None


def _page_starts(starts: dict[int, int]) -> tuple[int, ...]:
    """Offsets of pages 1 to n; a page that gave no text starts where the next one does."""
    if not starts:
        return ()
    found: list[int] = []
    following = starts[max(starts)]
    for page in range(max(starts), 0, -1):
        following = starts.get(page, following)
        found.append(following)
    found[-1] = 0 if 1 in starts else found[-1]
    return tuple(reversed(found))


def mask(text: str) -> tuple[str, int]:
    """The text with phone and identity numbers masked (138****1234), and how many. The length stays the same."""
    found = 0
    for pattern, group in ((_IDENTITY, 0), (_MOBILE, 0), (_LANDLINE, 1), (_LABELLED, 1)):
        characters = list(text)
        for match in pattern.finditer(text):
            found += 1
            places = [i for i in range(match.start(group), match.end(group)) if characters[i].isdigit()]
            # Of a number whose area code or label is its context only the last four digits stay.
            for i in places[0 if group else 3 : -4]:
                characters[i] = "*"
        text = "".join(characters)
    return text, found
