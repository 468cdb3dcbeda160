"""Which days a time limit means: resolved against the document's own date, with the formula that was used.

Rules of official practice (``docs/phrasings.md``): a limit without a year takes the year of 成文日期, else of 印发日期,
else of 发布日期, else the year of the number (文号), and is then *inferred* (推断), never stated. 年底 is 31 December,
上半年 ends on 30 June, 6月底 on 30 June; “十四五” ends with 2025. 前 excludes the period that it names: 2026年前 ends
with 2025, 三季度前 with June, 9月前 with August, unless that day lies before the document's own date; usage differs for
years and quarters, so that their day is *inferred*. A period runs from the document's date unless it
names another beginning; a beginning that no document dates leaves it unresolved, with the reason in words.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.domain.language.deadlines import DeadlineMention, Kind
from assistant.domain.language.numerals import parse_numeral
from assistant.domain.language.text import fold
from assistant.domain.policy import Document, Span

#: Whether a day is a working day in China; None for a day that the calendar does not know.
IsWorkday = Callable[[date], bool | None]


@dataclass(frozen=True, slots=True)
class Anchor:
    """The date that a document's own limits count from. ``day`` is None where only the year is known (文号)."""

    source: str  # 成文日期, 印发日期, 发布日期 or 文号年份
    year: int
    day: date | None
    as_written: str
    span: Span


@dataclass(frozen=True, slots=True)
class Resolved:
    """A limit and what it means: days from ``start`` to ``end``; both None where that is unknown (``reason``)."""

    as_written: str
    kind: Kind
    start: date | None = None
    end: date | None = None
    precision: str = ""  # day, month, quarter, half, year or plan; empty where nothing is resolved
    anchor: Anchor | None = None  # set only where the document's date was used
    formula: str = ""  # how the days were found, in words for the reader
    reason: str = ""  # why there are none
    ambiguous: bool = False  # usage differs on whether the period named is included (2026年前)

    @property
    def inferred(self) -> bool:
        """Whether the document's date had to be used, or usage differs: shown as 推断."""
        return self.anchor is not None or self.ambiguous


_SOURCES = (("issued_on", "成文日期"), ("printed_on", "印发日期"), ("published_on", "发布日期"))


def anchor_of(document: Document) -> Anchor | None:
    """The document's date: 成文 before 印发 before 发布 before the year of the number; None where it has none."""
    for name, source in _SOURCES:
        if field := document.field(name):
            try:
                day = date.fromisoformat(field.value[:10])
            except ValueError:
                continue  # such as 9月31日, kept as written
            return Anchor(source, day.year, day, field.as_written.strip(), field.span)
    if (field := document.field("number")) and (match := re.search("(?:19|20)[0-9]{2}", field.value)):
        return Anchor("文号年份", int(match.group()), None, field.as_written.strip(), field.span)
    return None


def resolve(
    mention: DeadlineMention,
    anchor: Anchor | None,
    *,
    before: str = "",
    after: str = "",
    is_workday: IsWorkday | None = None,
) -> Resolved:
    """The days that a limit means.

    ``before`` and ``after`` are the characters around it in the text (a beginning may stand before a period:
    受理后，7日内). ``is_workday`` is the calendar for 工作日; without it, or for years that it does not know, such
    limits stay unresolved.
    """
    kind, written = mention.kind, mention.as_written
    if kind == "recurring":
        return Resolved(written, kind, reason="周期性时限，没有单一的到期日")
    if kind == "ongoing":
        return Resolved(written, kind, reason="长期事项，没有到期日")
    if kind == "vague":
        return Resolved(written, kind, reason="不是确定的时限")
    plain = _without_halves(fold(written).replace(" ", ""))
    plain = _FIGURES.sub(lambda m: f"{m[1]}年{m[2]}月" + (f"{m[3]}日" if m[3] else ""), plain)
    if match := _RANGE.search(plain):
        return _range(mention, match)
    if kind == "relative" and (match := _PERIOD.search(plain)):
        return _period(mention, plain, match, anchor, before[-24:], after[:12], is_workday)
    if kind == "relative":
        return Resolved(written, kind, reason="只写明起算，没有截止日期")
    return _fixed(mention, plain, anchor)


_YEARS_AND_HALF = re.compile("([一两二三])年半")


def _without_halves(plain: str) -> str:
    """半年内 in months, 半个月内 in days, 一年半 in months."""
    plain = _YEARS_AND_HALF.sub(lambda m: f"{12 * (parse_numeral(m.group(1)) or 1) + 6}个月", plain)
    return re.sub("(?<![上下])半个?年(?=内|之内|以内|左右)", "6个月", plain).replace("半个月", "15日")


# ---- days named ----------------------------------------------------------------------------------------------------

_RANGE = re.compile(
    "([0-9]{4})年(?:([0-9]{1,2})月)?(?:([0-9]{1,2})日)?起?(?:至|—|-|到)([0-9]{4})年(?:([0-9]{1,2})月)?(?:([0-9]{1,2})日)?"
)
_FIGURES = re.compile("(?<![0-9./])([12][0-9]{3})[-./](0?[1-9]|1[0-2])(?:[-./](3[01]|[12][0-9]|0?[1-9]))?(?![0-9])")
_YEAR = re.compile("([0-9]{4}|[〇○零一二三四五六七八九]{4})年|(今年|本年|当年)|(明年|次年|今明两年)")
_MONTH = re.compile("([0-9一二三四五六七八九十]{1,3})月(?:([0-9一二三四五六七八九十]{1,3})[日号])?")
_DAY_ALONE = re.compile("^([0-9一二三四五六七八九十]{1,3})[日号]")
_QUARTER = re.compile("([一二三四1-4])季度")
_PLAN = re.compile('([一二三四五六七八九十]{1,3}?)五[”"]?(?:规划)?(?:期|时期|末)')
_BEFORE_QUARTER = re.compile("季度(?:以|之)?前")
_BEFORE_MONTH = re.compile("月(?:以|之)?前")
_BEFORE_YEAR = re.compile("[0-9〇○零一二三四五六七八九明次]年(?:以|之)?前$")
_FROM = re.compile("^.*[0-9一二三四五六七八九十月日号年起](?:至|到)(?=[0-9一二三四五六七八九十])")
_THIS_MONTH = re.compile("^(本|当|下|次|(?=月底))个?月(?:([0-9一二三四五六七八九十]{1,3})[日号])?(?![初上中下])")
# Feasts whose day of the calendar is the same every year; a limit ends on the day before.
_FEASTS = {"元旦": (1, 1), "五一": (5, 1), "六一": (6, 1), "七一": (7, 1), "教师节": (9, 10), "国庆": (10, 1)}
_FEAST_BEFORE = re.compile(
    '(元旦|五一|六一|七一|教师节|国庆)[节”"]{0,2}(?:假期|长假|小长假)?(?:来临|到来)?(?:以|之)?前'
)
_OTHER_WORDS = re.compile("[^年度底末内终以之前到至截止为完成]")
_TENTHS = {"上旬": 10, "中旬": 20}


def _range(mention: DeadlineMention, match: re.Match[str]) -> Resolved:
    numbers = [int(g) if g else None for g in match.groups()]
    first, last = _span(*numbers[:3]), _span(*numbers[3:])
    if first is None or last is None:
        return Resolved(mention.as_written, mention.kind, reason="日历上没有这一天，原文如此")
    return Resolved(mention.as_written, mention.kind, first[0], last[1], last[2], formula="原文写明起止日期")


def _fixed(mention: DeadlineMention, plain: str, anchor: Anchor | None) -> Resolved:
    written, kind = mention.as_written, mention.kind
    if plan := _PLAN.search(plain):
        number = parse_numeral(plan.group(1))
        if number is None or not 1 <= number <= 30:
            return Resolved(written, kind, reason="不认识的规划期")
        # 一五 1953–57, 二五 1958–62, then a gap; from 三五 (1966–70) every five years.
        end = {1: 1957, 2: 1962}.get(number, 1970 + 5 * (number - 3))
        return Resolved(
            written,
            kind,
            date(end - 4, 1, 1),
            date(end, 12, 31),
            "plan",
            formula=f"第{number}个五年规划至{end}年12月31日",
        )
    year, used = _year_of(plain, anchor)
    if year is None:
        return Resolved(written, kind, reason="原文没有写年份，文件也没有可供推断的日期")
    found = _in_year(plain, year, anchor)
    if found is None:
        return Resolved(written, kind, reason="不能换算到日历上的一天，原文如此")
    start, end_day, precision = found
    ambiguous = bool(_BEFORE_QUARTER.search(plain) or _BEFORE_YEAR.search(plain))
    said = f"{end_day.year}年{end_day.month}月{end_day.day}日"
    formula = f"按{used.source}“{used.as_written}”推断为{year}年，到期日{said}" if used else f"到期日{said}"
    if used and used.day and end_day < used.day:
        formula += "（早于文件日期，请核实年份）"
    if ambiguous:
        how = "按不含" if precision == "day" else "不含则早于文件日期，按含"
        formula += f"（“{written}”用法不一，{how}所写的{'季度' if '季度' in plain else '年份'}推断，请核实）"
    return Resolved(written, kind, start, end_day, precision, used, formula, ambiguous=ambiguous)


def _year_of(plain: str, anchor: Anchor | None) -> tuple[int | None, Anchor | None]:
    match = _YEAR.search(plain)
    if match and match.group(1):
        return parse_numeral(match.group(1)), None
    if anchor is None:
        return None, None
    return anchor.year + (1 if match and match.group(3) else 0), anchor


def _in_year(plain: str, year: int, anchor: Anchor | None) -> tuple[date, date, str] | None:
    plain = _FROM.sub("", plain)  # 2024年9月至11月 ends with its second half
    if (named := _THIS_MONTH.match(plain)) and anchor and anchor.day:
        later = named.group(1) in ("下", "次")
        first = date(
            year + (anchor.day.month == 12 and later), anchor.day.month % 12 + 1 if later else anchor.day.month, 1
        )
        return _span(first.year, first.month, parse_numeral(named.group(2)) if named.group(2) else None)
    if feast := _FEAST_BEFORE.search(plain):
        next_one = feast.group(1) == "元旦" and not _YEAR.search(plain)
        last = date(year + next_one, *_FEASTS[feast.group(1)]) - timedelta(days=1)
        return last, last, "day"
    month = _MONTH.search(plain)
    if month:
        found = _span(year, parse_numeral(month.group(1)), parse_numeral(month.group(2)) if month.group(2) else None)
        if found and _BEFORE_MONTH.search(plain):  # 9月前 ends with August
            return _before(found, anchor)
        tenth = next((day for word, day in _TENTHS.items() if word in plain), None)
        if found and tenth and not month.group(2):
            return found[0], found[0].replace(day=tenth), "day"
        return found
    if day := _DAY_ALONE.match(plain):
        return _span(year, anchor.day.month, parse_numeral(day.group(1))) if anchor and anchor.day else None
    if quarter := _QUARTER.search(plain):
        number = parse_numeral(quarter.group(1)) or 1
        months = date(year, 3 * number - 2, 1), _month_end(year, 3 * number), "quarter"
        return _before(months, anchor) if _BEFORE_QUARTER.search(plain) else months  # 三季度前 ends with June
    if "上半年" in plain:
        return date(year, 1, 1), date(year, 6, 30), "half"
    if "下半年" in plain:
        return date(year, 7, 1), date(year, 12, 31), "half"
    if _OTHER_WORDS.search(_YEAR.sub("", plain)):  # 2025年汛期前
        return None
    whole = date(year, 1, 1), date(year, 12, 31), "year"
    return _before(whole, anchor) if _BEFORE_YEAR.search(plain) else whole  # 2026年前 ends with 2025


def _before(named: tuple[date, date, str], anchor: Anchor | None) -> tuple[date, date, str]:
    """The day before a period begins; the period itself where that day lies before the document's date."""
    last = named[0] - timedelta(days=1)
    written_on = anchor and (anchor.day or date(anchor.year, 1, 1))
    return named if written_on and last < written_on else (last, last, "day")


def _span(year: int | None, month: int | None, day: int | None) -> tuple[date, date, str] | None:
    if year is None or not 1 <= year <= 9998:
        return None
    if month is None:
        return date(year, 1, 1), date(year, 12, 31), "year"
    if not 1 <= month <= 12:
        return None
    if day is None:
        return date(year, month, 1), _month_end(year, month), "month"
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return date(year, month, day), date(year, month, day), "day"


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


# ---- periods -------------------------------------------------------------------------------------------------------

_PERIOD = re.compile(
    "(?:[0-9一二三四五六七八九十两百]{1,4}[—~至到或\\-])?([0-9一二三四五六七八九十两百]{1,4})(?:个)?(工作日|自然日|日|天|周|月|季度|学期|学年|年|小时)"
    "(?:内|之内|以内|之?后|(?:左右)?的?时间|$)"
)
# A beginning that is the document's own: 自印发之日起, 本通知发布后. Any other (受理后, or 自细则印发之日起 in a reply
# that only plans them) needs a date of its own.
_OWN_START = re.compile(
    "(?:^|[自从于在，,])(?:(?:本|该)[一-鿿]{0,4}(?:通知|方案|意见|办法|文件|决定|规定|细则|清单|规划|计划|章程|纪要|函|条例|要点|公告))?(?:正式)?"
    "(?:印发|发布|公布|下发|下达|制发|出台|成文|施行|实施)[^，。；]{0,4}(?:之日起|之?后)"
)
_START = re.compile("之日起|之?后(?!$)|后$|^(?:至少)?提前|^分|[开办行始满期届]之?前$")
_START_BEFORE = re.compile("(?:[^，。；]{2,20}(?:之日起|后)[，,]?(?:应当?|须|要)?(?:在|于)?)$")
# The period of a benefit runs from each case of it, not from the document.
_BENEFIT = re.compile("^[^，。；]{0,2}(?:免征|免缴|免收|减征|减按|减半|享受|免予)")
_WORD = re.compile("有效期|任期|周期|执行期限|为期|期限")


def _period(
    mention: DeadlineMention,
    plain: str,
    match: re.Match[str],
    anchor: Anchor | None,
    before: str,
    after: str,
    is_workday: IsWorkday | None,
) -> Resolved:
    def unresolved(reason: str) -> Resolved:
        return Resolved(mention.as_written, mention.kind, reason=reason)

    if plain.endswith("后") and "满" in plain:  # 满一年后: a first day, no last one
        return unresolved("只写明起算，没有截止日期")
    count, unit = parse_numeral(match.group(1)), match.group(2)
    head = plain[: match.start()]
    stated = _stated_start(before + head)
    if stated and count is not None and count < 1000 and unit not in ("小时", "学期", "学年", "工作日"):
        end = _added(stated, count, unit)
        length = f"{count}{'个' if unit in ('月', '季度') else ''}{unit}"
        said = f"原文写明{stated.isoformat()}起{length}，到期日{end.isoformat()}"
        return Resolved(mention.as_written, mention.kind, stated, end, "day", formula=said)
    own = _OWN_START.search(head) or (not head and _OWN_START.search(before))
    if not own and (_START.search(head) or (not head and _START_BEFORE.search(before))):
        event = (head or before).strip("，, ")
        return unresolved(f"起算日（{event[-14:]}）没有写明日期，无法计算")
    if _BENEFIT.match(after) or (_WORD.search(head) and "有效期" not in head):
        return unresolved("起算日没有写明，无法计算")
    if count is None or unit in ("小时", "学期", "学年"):
        return unresolved(f"不能换算到日期：{mention.as_written}")
    if anchor is None or anchor.day is None:
        return unresolved("文件没有写明成文或印发日期，无法起算")
    return _counted(mention, anchor, anchor.day, count, unit, is_workday)


_DATED_START = re.compile(
    "自([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日起(?:施行|实施|执行|生效)?[，,]?(?:有效期)?(?:为)?$"
)


def _stated_start(before: str) -> date | None:
    """The day from which a period runs where the text writes it: 自2024年5月1日起施行，有效期五年."""
    if match := _DATED_START.search(fold(before).replace(" ", "")):
        found = _span(*(int(g) for g in match.groups()))
        return found[0] if found else None
    return None


def _counted(
    mention: DeadlineMention, anchor: Anchor, start: date, count: int, unit: str, is_workday: IsWorkday | None
) -> Resolved:
    if unit == "工作日":
        end = _after_workdays(start, count, is_workday)
        if end is None:
            reason = "没有工作日历" if is_workday is None else "工作日历没有收录有关年份的节假日安排"
            return Resolved(mention.as_written, mention.kind, reason=f"{reason}，无法计算工作日")
    else:
        try:
            end = _added(start, count, unit)
        except (ValueError, OverflowError):
            return Resolved(mention.as_written, mention.kind, reason="期限过长，无法换算")
    formula = f"{anchor.source}“{anchor.as_written}”起{count}{'个' if unit in ('月', '季度', '工作日') else ''}{unit}"
    return Resolved(mention.as_written, mention.kind, start, end, "day", anchor, f"{formula}，到期日{end.isoformat()}")


def _added(start: date, count: int, unit: str) -> date:
    if unit in ("日", "天", "自然日"):
        return start + timedelta(days=count)
    if unit == "周":
        return start + timedelta(weeks=count)
    months = start.year * 12 + start.month - 1 + count * {"月": 1, "季度": 3, "年": 12}[unit]
    year, month = divmod(months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def _after_workdays(start: date, count: int, is_workday: IsWorkday | None) -> date | None:
    if is_workday is None or count > 1000:
        return None
    day = start
    while count:
        day += timedelta(days=1)
        if (works := is_workday(day)) is None:
            return None
        count -= works
    return day
