"""Blocks to the one canonical text: metadata lines first, then the body, with personal numbers and addresses masked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from assistant.domain.policy import Span
from ingest.formats.model import Block, BlockKind, ParsedFile, Trouble

_SURROGATE = re.compile("[\ud800-\udfff]")
_DIGIT = "[0-9０-９]"
# Mainland mobile numbers, plain or in groups of 3-4-4, and no decimals. The country code before one stays.
_MOBILE = re.compile(
    rf"(?<!{_DIGIT})(?<!{_DIGIT}[.．])[1１][3-9３-９]{_DIGIT}[ \-]?{_DIGIT}{{4}}[ \-]?{_DIGIT}{{4}}(?![.．]?{_DIGIT})"
)
# Area code and number: 0432-12345678, (010)12345678. Without a separator any long number would look like one.
_LANDLINE = re.compile(rf"(?<!{_DIGIT})[（(]?[0０]{_DIGIT}{{2,3}}[）)\-－—– ]{{1,2}}({_DIGIT}{{7,8}})(?!{_DIGIT})")
_LABELLED = re.compile(rf"(?:电话|传真|手机|联系方式|热线)[：:号码\s]{{1,4}}({_DIGIT}{{7,12}})(?!{_DIGIT})")
# Identity numbers (GB 11643): region, date of birth, sequence, check digit; whole, or in groups of 6-8-4.
_IDENTITY = re.compile(
    rf"(?<![0-9A-Za-z０-９])[1-8１-８]{_DIGIT}{{5}}(?P<a>[ \-]?)(?:18|19|20|１８|１９|２０){_DIGIT}{{2}}"
    rf"(?:[0０][1-9１-９]|[1１][0-2０-２])(?:[0-2０-２]{_DIGIT}|[3３][01０１])(?P<b>[ \-]?){_DIGIT}{{3}}"
    r"[0-9０-９XxＸｘ](?![0-9A-Za-z０-９])"
)
# Account numbers of banks, after the word for them: 12 to 21 digits, in groups or not, and no sum of money.
_ACCOUNT = re.compile(
    r"(?:[账帐]号|[账帐]户(?:号码?)?[：:]|卡号|银行卡)[^0-9０-９。；;]{0,30}"
    rf"((?:{_DIGIT}[ \-]?){{11,20}}{_DIGIT})(?!{_DIGIT}|[ ]?[元万亿%％.])"
)
# Numbers of bank cards where nothing says so: UnionPay's, 16 to 19 digits with a check digit (ISO/IEC 7812).
_CARD = re.compile(
    rf"(?<![0-9A-Za-z０-９.\-/])([6６][2２]{_DIGIT}{{2}}(?:[ \-]?{_DIGIT}{{4}}){{3}}(?:[ \-]?{_DIGIT}{{1,3}})?)"
    r"(?![0-9A-Za-z０-９.\-/])"
)
_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])([A-Za-z0-9._%+\-]{1,64})[@＠][A-Za-z0-9\-]{1,63}(?:[.．][A-Za-z0-9\-]{1,63}){1,6}"
)
_CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # of GB 11643, modulo 11


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the canonical text with what its format said of it. ``span`` leaves out outer white space."""

    span: Span
    text: str
    kind: BlockKind
    level: int | None
    centred: bool
    table: int | None
    confidence: float | None = None  # of recognised print; None where the text was read


@dataclass(frozen=True, slots=True)
class Canonical:
    """The canonical text; ``lines`` are those of the body that are not blank, ``metadata`` those before it."""

    text: str
    lines: tuple[Line, ...]
    metadata: tuple[tuple[str, Span, Span], ...]  # label, span of the whole line, span of the value
    page_starts: tuple[int, ...]
    troubles: tuple[Trouble, ...]


def canonical(parsed: ParsedFile) -> Canonical:
    """Lay the blocks out as one text and mask personal numbers and addresses in it. Masking keeps every offset."""
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
    troubles = [Trouble("", f"已遮蔽 {masked} 处电话、证件、银行账号或电子邮箱", lost=False)] if masked else []
    lines = tuple(
        Line(span, span.of(text), block.kind, block.level, block.centred, block.table, block.confidence)
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
    """The text with personal numbers and addresses masked, and how many. The length stays the same.

    Of a mobile or identity number the first three and the last four digits stay (138****1234); the last four of a
    bank's and of a number whose area code or label is its context; the first letter and the host of a mail address.
    """
    found = 0
    for pattern, group, first, last, holds in _MASKS:
        characters = list(text)
        for match in pattern.finditer(text):
            if not holds(match):
                continue
            found += 1
            places = [i for i in range(*match.span(group)) if characters[i].isalnum() or pattern is _MAIL]
            for i in places[first : len(places) - last] or places[:1]:
                characters[i] = "*"
        text = "".join(characters)
    return text, found


def _always(match: re.Match[str]) -> bool:
    return True


def _is_identity(match: re.Match[str]) -> bool:
    """Digits in groups are an identity number only with the right check digit; whole, they look like nothing else."""
    if not (match["a"] or match["b"]):
        return True
    *digits, check = (c for c in match.group() if c not in " -")
    total = sum(int(digit) * weight for digit, weight in zip(digits, _CHECK_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == unicodedata.normalize("NFKC", check).upper()


def _is_card(match: re.Match[str]) -> bool:
    """Whether the check digit is right (Luhn)."""
    digits = [int(c) for c in reversed(match[1]) if c not in " -"]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * d, 10)) for d in digits[1::2]) % 10


#: Pattern, its group that is masked, characters that stay at either end, and what else must hold.
_MASKS = (
    (_MAIL, 1, 1, 0, _always),
    (_IDENTITY, 0, 3, 4, _is_identity),
    (_ACCOUNT, 1, 0, 4, _always),
    (_CARD, 1, 0, 4, _is_card),
    (_MOBILE, 0, 3, 4, _always),
    (_LANDLINE, 1, 0, 4, _always),
    (_LABELLED, 1, 0, 4, _always),
)
