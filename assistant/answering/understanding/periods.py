"""Spans of days as people ask for them: 今年, 下个月, 9月底前, 2025年以前, 30天内, 第四季度, 2024年3月到6月.

前 after a year or a month leaves it out (2025年以前 ends with 2024), after 底, 末 or a day it includes it (9月底前 ends
on 30 September), as offices count. What names no year takes the one that is given, else that of today.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.domain.language.numerals import parse_numeral
from assistant.domain.policy import Span

_N = "[0-9０-９一二两三四五六七八九十百]{1,4}"
_YEAR = "(?P<year>[0-9０-９]{4}|[〇零一二三四五六七八九]{4})年(?!度)|(?P<said>今年|本年|明年|后年|去年|上年|前年)度?"
_MONTH = f"(?P<month>{_N})月份?(?:(?P<day>{_N})[日号])?"
_PART = "第?(?P<quarter>[一二三四1-4])季度|(?P<half>上|下)半年"
_EDGE = "(?P<edge>年?底以?之?前|末以?之?前|年?底|末|以?之?前|以?之?内|中|期间|以?之?后)?"
_ABSOLUTE = re.compile(f"(?:{_YEAR})?(?:{_MONTH}|{_PART})?{_EDGE}")
_NAMED = re.compile(
    "(?P<which>这个?|本|当|上个?|下个?)(?P<unit>月|季度|周|星期)(?P<edge>底前|底|以?之?前|以?内)?"
    f"|(?:未来|今后|接下来|近|最近)?的?(?P<count>{_N})个?(?P<of>天|日|周|星期|月|年)(?:之内|以内|内)"
    "|(?P<end>年底前|年底|年内)"
)
_TO = re.compile("(?:到|至|—|-|和)")
_YEARS = {"今年": 0, "本年": 0, "明年": 1, "后年": 2, "去年": -1, "上年": -1, "前年": -2}


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included; None: open. ``span`` is its place in the text that was read."""

    first: date | None
    last: date | None
    span: Span

    @property
    def said(self) -> str:
        """The period in words, both ends shown."""
        if self.first and self.last:
            return f"{_day(self.first)}至{_day(self.last)}"
        return f"{_day(self.last)}及以前" if self.last else f"{_day(self.first)}及以后" if self.first else ""


_AS_OF = re.compile(
    "(?:截至|截止到?|到|以|按|站在)(?:今年|去年)?([0-9]{4})[年-]([0-9]{1,2})[月-]([0-9]{1,2})[日号]?(?:为准|这天|那天|当天|时|止|为止|，|,|的)?"
)


def as_of(text: str) -> date | None:
    """The day that a question wants things judged on (截至2025年10月31日); None where it names none in full."""
    match = _AS_OF.search(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:  # no day of the calendar
        return None


def find_periods(text: str, today: date, year: int | None = None) -> list[Period]:
    """The periods of ``text``, left to right; ``year`` is what one without a year means, else that of ``today``."""
    found: list[Period] = []
    position = 0
    while position < len(text):
        period = _named(text, position, today) or _absolute(text, position, today, year)
        if period is None:
            position += 1
            continue
        position = period.span.end
        if found and _joined(text, found[-1], period):
            before = found.pop()
            period = Period(before.first, period.last, Span(before.span.start, period.span.end))
        found.append(period)
    return found


def _joined(text: str, left: Period, right: Period) -> bool:
    return bool(_TO.fullmatch(text, left.span.end, right.span.start)) and left.first is not None and left != right


def _named(text: str, position: int, today: date) -> Period | None:
    match = _NAMED.match(text, position)
    if match is None or (position and text[position - 1].isdigit()):
        return None
    span = Span(match.start(), match.end())
    if match["count"]:
        count = parse_numeral(match["count"])
        return Period(today, _later(today, count, match["of"]), span) if count and count < 1000 else None
    if match["end"]:
        return Period(None if match["end"].endswith("前") else date(today.year, 1, 1), date(today.year, 12, 31), span)
    step = {"上": -1, "下": 1}.get(match["which"][0], 0)
    if match["unit"] == "月":
        first, last = _month(today.year, today.month + step)
    elif match["unit"] == "季度":
        quarter = (today.month - 1) // 3 + step
        first, last = _month(today.year, 3 * quarter + 1)[0], _month(today.year, 3 * quarter + 3)[1]
    else:
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        last = first + timedelta(days=6)
    return Period(None if "前" in (match["edge"] or "") else first, last, span)


def _absolute(text: str, position: int, today: date, year: int | None) -> Period | None:
    match = _ABSOLUTE.match(text, position)
    if match is None or match.end() == position or (position and text[position - 1] in "0123456789每度十"):
        return None
    named = match["year"] or match["said"]
    if not (named or match["month"] or match["quarter"] or match["half"]):
        return None
    which = parse_numeral(match["year"]) if match["year"] else None
    if match["said"]:
        which = today.year + _YEARS[match["said"]]
    days = _days(match, which or year or today.year)
    if days is None:
        return None
    first, last = days
    edge, whole = match["edge"] or "", first != last
    span = Span(match.start(), match.end())
    if edge.endswith("后"):
        return Period(first, None, span)
    if edge.endswith("前"):
        included = "底" in edge or "末" in edge or not whole
        return Period(None, last if included else first - timedelta(days=1), span)
    if edge in ("底", "末", "年底"):
        return Period(last.replace(day=1), last, span)
    return Period(first, last, span)


def _days(match: re.Match[str], year: int) -> tuple[date, date] | None:
    if not 1900 <= year <= 2200:
        return None
    if match["month"]:
        month = parse_numeral(match["month"])
        day = parse_numeral(match["day"]) if match["day"] else None
        if month is None or not 1 <= month <= 12:
            return None
        first, last = _month(year, month)
        if day is None:
            return first, last
        return (first.replace(day=day),) * 2 if 1 <= day <= last.day else None
    if match["quarter"]:
        quarter = parse_numeral(match["quarter"]) or 1
        return _month(year, 3 * quarter - 2)[0], _month(year, 3 * quarter)[1]
    if match["half"]:
        return _month(year, 1 if match["half"] == "上" else 7)[0], _month(year, 6 if match["half"] == "上" else 12)[1]
    return date(year, 1, 1), date(year, 12, 31)


def _month(year: int, month: int) -> tuple[date, date]:
    """The first and last day of a month, counted on over the year's ends."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _later(day: date, count: int, unit: str) -> date:
    if unit in ("天", "日"):
        return day + timedelta(days=count)
    if unit in ("周", "星期"):
        return day + timedelta(weeks=count)
    first, last = _month(day.year, day.month + count * (12 if unit == "年" else 1))
    return first.replace(day=min(day.day, last.day))


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
