"""Dates as documents write them. Found, never mended: a missing year stays missing, 9月31日 stays as it is."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass

from assistant.domain.language.numerals import parse_numeral
from assistant.domain.policy import Span

_D = "[0-9０-９]"
_Y = rf"(?P<year>{_D}{{4}}|[一二三四五六七八九〇○零Ｏ]{{4}})"
_SMALL = rf"(?:{_D}{{1,2}}|[一二三四五六七八九十廿]{{1,3}})"
_GAP = r"[ 　]{0,3}"
_WRITTEN = re.compile(
    rf"(?:{_Y}{_GAP}年{_GAP})?(?P<month>{_SMALL}){_GAP}月(?:{_GAP}(?P<day>{_SMALL}){_GAP}[日号])?"
    r"(?!月|个月)"
)
_YEAR_END = re.compile(rf"{_Y}{_GAP}年[底末]")
_NUMERIC = re.compile(
    rf"(?<![0-9０-９.\-/])(?P<year>{_D}{{4}})(?P<sep>[-./．－])(?P<month>{_D}{{1,2}})(?P=sep)(?P<day>{_D}{{1,2}})(?![0-9０-９])"
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text. ``iso`` is set only for a full, possible date; ``possible`` is False for such as 9月31日."""

    span: Span
    as_written: str
    year: int | None
    month: int | None
    day: int | None
    iso: str | None
    possible: bool


def find_dates(text: str) -> list[FoundDate]:
    """Dates in text order: 2019年1月12日, 2019-01-12, 2019.1.12, 二〇〇五年七月十四日, 5月16日, 2024年6月, 2023年底.

    A month alone (6月) counts only with a year or a day; durations (三个月, 6个月) are none. 2023年底 has a year only.
    """
    numeric = [_date(m) for m in _NUMERIC.finditer(text)]
    written = [_date(m) for m in _WRITTEN.finditer(text)]
    found = [d for d in (*numeric, *written) if d]
    taken = {d.span.start for d in found}
    # A year that opens a written date (2024年6月) is not a find of its own.
    found += [d for m in _YEAR_END.finditer(text) if m.start() not in taken and (d := _date(m))]
    apart: list[FoundDate] = []
    for date in sorted(found, key=lambda d: (d.span.start, -d.span.end)):
        if not apart or date.span.start >= apart[-1].span.end:
            apart.append(date)
    return apart


def _date(match: re.Match[str]) -> FoundDate | None:
    parts = match.groupdict()
    year, month, day = (parse_numeral(parts[name]) if parts.get(name) else None for name in ("year", "month", "day"))
    if year is None and (month is None or day is None):
        return None
    possible = _possible(year, month, day)
    iso = f"{year:04d}-{month:02d}-{day:02d}" if possible and year and month and day else None
    return FoundDate(Span(match.start(), match.end()), match.group(), year, month, day, iso, possible)


def _possible(year: int | None, month: int | None, day: int | None) -> bool:
    if year is not None and not 1 <= year <= 9999:
        return False
    if month is not None and not 1 <= month <= 12:
        return False
    if day is None:
        return True
    if month is None:
        return False
    # Without a year 2月29日 is possible.
    return 1 <= day <= calendar.monthrange(year or 2000, month)[1]
