"""By when a proposal must be answered (办复时限), and whether its reply kept the day.

The rules differ from place to place (three or five months, from 交办, 收到 or 立案, extensions or none), so none is
built in: an administrator fills a table with one rule a row and its source. Without a rule, or without the day that it
counts from, the only answer is 无法计算, with what is missing.

Columns of the table (CSV with these headers, or YAML: a list with these keys):

``地区`` place whose proposals it is for (empty: everywhere); ``承办单位`` who replies (empty: anyone); ``类别`` 提案,
建议 or 议案 (empty: all); ``起算`` 交办, 收到 or 立案; ``期限`` such as 3个月, 90日, 60个工作日 or a day of the year
(6月30日); ``延长`` by how much it may be extended (empty: not at all); ``依据`` the document that says so; ``起用`` and
``停用`` the days between which it holds (empty: open).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from assistant.domain.language.dates import find_dates
from assistant.domain.language.numerals import parse_numeral
from assistant.domain.language.resolution import IsWorkday, anchor_of
from assistant.domain.language.text import fold
from assistant.domain.policy import Document, Span

Start = Literal["交办", "收到", "立案"]
STARTS: tuple[Start, ...] = ("交办", "收到", "立案")
COLUMNS = ("地区", "承办单位", "类别", "起算", "期限", "延长", "依据", "起用", "停用")
Outcome = Literal["kept", "kept_extended", "late", "open", "overdue", "unknown"]
OUTCOMES = {
    "kept": "按期办复",
    "kept_extended": "在延长期内办复",
    "late": "超期办复",
    "open": "尚在期限内",
    "overdue": "已超期，未见答复",
    "unknown": "无法计算",
}
"""What each outcome is called for the reader."""

_TERM = re.compile("(?P<count>[0-9一二三四五六七八九十两百]{1,4})个?(?P<unit>月|工作日|日|天|周)")
_DAY_OF_YEAR = re.compile("(?P<next>次年)?(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日")


@dataclass(frozen=True, slots=True)
class Term:
    """A time to add, or a day of the year of the start (``unit`` is then 日期, ``next_year`` for 次年)."""

    written: str
    unit: Literal["月", "工作日", "日", "日期"]
    count: int = 0
    month: int = 0
    day: int = 0
    next_year: bool = False

    @classmethod
    def parse(cls, written: str) -> Term:
        """Raises ValueError, with the reason for the administrator, where ``written`` is no term."""
        plain = fold(written).replace(" ", "")
        if match := _DAY_OF_YEAR.fullmatch(plain):
            month, day = int(match["month"]), int(match["day"])
            if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(2024, month)[1]):
                raise ValueError(f"“{written}”不是日历上的一天")
            return cls(written, "日期", month=month, day=day, next_year=bool(match["next"]))
        match = _TERM.fullmatch(plain)
        count = parse_numeral(match["count"]) if match else None
        if match is None or not count or count > 1000:
            raise ValueError(f"“{written}”不是期限（应为 3个月、90日、60个工作日 或 6月30日）")
        if match["unit"] == "周":
            return cls(written, "日", 7 * count)
        return cls(written, "日" if match["unit"] == "天" else match["unit"], count)  # type: ignore[arg-type]

    def after(self, start: date, is_workday: IsWorkday | None) -> date | None:
        """The last day; None for working days that the calendar does not know."""
        if self.unit == "日期":
            year = start.year + self.next_year
            return date(year, self.month, min(self.day, calendar.monthrange(year, self.month)[1]))
        if self.unit == "日":
            return start + timedelta(days=self.count)
        if self.unit == "月":
            year, month = divmod(start.year * 12 + start.month - 1 + self.count, 12)
            return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
        day, left = start, self.count
        while left:
            day += timedelta(days=1)
            works = is_workday(day) if is_workday else None
            if works is None:
                return None
            left -= works
        return day


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table; ``source`` is the document that says so."""

    place: str
    issuer: str
    kind: str
    start: Start
    term: Term
    extension: Term | None
    source: str
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def narrowness(self) -> int:
        """Of two rules that fit the one that says more goes first."""
        return bool(self.issuer) * 4 + bool(self.place) * 2 + bool(self.kind)

    def told(self) -> str:
        """The rule in words, with its source."""
        more = f"，可延长{self.extension.written}" if self.extension else ""
        return f"自{self.start}之日起{self.term.written}{more}（{self.source}）"


def rules_of(rows: Iterable[Mapping[str, object]]) -> tuple[Rule, ...]:
    """The rules of a table. Raises ValueError with row and column for the administrator; empty rows are left out."""
    rules: list[Rule] = []
    for n, row in enumerate(rows, start=1):
        cells = {str(k).strip(): "" if v is None else str(v).strip() for k, v in row.items() if k is not None}
        if not any(cells.values()):
            continue
        try:
            rules.append(_rule(cells))
        except ValueError as error:
            raise ValueError(f"第{n}行：{error}") from None
    return tuple(rules)


def _rule(cells: Mapping[str, str]) -> Rule:
    if unknown := sorted(set(cells) - set(COLUMNS)):
        raise ValueError(f"不认识的栏目“{unknown[0]}”（应为 {'、'.join(COLUMNS)}）")
    start = next((s for s in STARTS if s == cells.get("起算", "").removesuffix("之日")), None)
    if start is None:
        raise ValueError("“起算”应为 交办、收到 或 立案")
    if not cells.get("依据"):
        raise ValueError("“依据”没有填写：每条规则都要写明出自哪份文件")
    days = [date.fromisoformat(d) if (d := cells.get(name, "")) else None for name in ("起用", "停用")]
    extension = cells.get("延长", "")
    return Rule(
        cells.get("地区", ""),
        cells.get("承办单位", ""),
        cells.get("类别", ""),
        start,
        Term.parse(cells.get("期限", "")),
        Term.parse(extension) if extension else None,
        cells["依据"],
        *days,
    )


@dataclass(frozen=True, slots=True)
class Dated:
    """A day that a document gives: ``document.text[span]`` are the words that say so."""

    event: Start
    day: date
    document: Document
    span: Span

    @property
    def quote(self) -> str:
        return self.span.of(self.document.text)


@dataclass(frozen=True, slots=True)
class Handling:
    """A proposal (or a reply whose proposal is not held) with its time limit.

    ``due`` is the last day by the rule, ``extended`` the last one that an extension could give; ``formula`` says how
    they were found. ``missing`` says what keeps them from being computed; the outcome is then unknown.
    """

    proposal: Document | None
    replies: tuple[Document, ...]
    outcome: Outcome
    rule: Rule | None = None
    start: Dated | None = None
    known: tuple[Dated, ...] = ()  # the days that the documents give, whichever the rule counts from
    due: date | None = None
    extended: date | None = None
    replied_on: date | None = None
    formula: str = ""
    missing: tuple[str, ...] = ()


def handling_of(
    proposal: Document | None,
    replies: Sequence[Document],
    rules: Sequence[Rule],
    as_of: date,
    is_workday: IsWorkday | None = None,
) -> Handling:
    """When a proposal is to be answered, and whether it was; ``as_of`` is the day for what has no reply yet."""
    documents = ((proposal,) if proposal else ()) + tuple(replies)
    known = tuple(d for document in documents for d in dates_of(document))
    replied = min((a.day for r in replies if (a := anchor_of(r)) and a.day), default=None)

    def unknown(*missing: str, rule: Rule | None = None, start: Dated | None = None) -> Handling:
        return Handling(proposal, tuple(replies), "unknown", rule, start, known, replied_on=replied, missing=missing)

    if not rules:
        return unknown("办复时限规则：尚未设置规则表（ASSISTANT_HANDLING_RULES）", *_no_start(known))
    fitting = [r for r in rules if _fits(r, documents)]
    if not fitting:
        return unknown("办复时限规则：规则表中没有适用于这件提案的规则", *_no_start(known))
    narrowest = max(r.narrowness for r in fitting)
    chosen = [r for r in fitting if r.narrowness == narrowest]
    in_force = [(r, d) for r in chosen if (d := _start(r, known)) and _in_force(r, d.day)]
    if not in_force:
        events = "或".join(dict.fromkeys(r.start for r in chosen))
        if any(_start(r, known) for r in chosen):
            return unknown("办复时限规则：起算日不在任何一条规则的施行期间内", rule=chosen[0])
        return unknown(f"起算日：文件没有写明{events}日期", rule=chosen[0] if len(chosen) == 1 else None)
    if len({(r.start, r.term, r.extension) for r, _ in in_force}) > 1:
        named = "；".join(r.told() for r, _ in in_force)
        return unknown(f"办复时限规则：有{len(in_force)}条规则同样适用，不能确定用哪一条（{named}）")
    rule, start = in_force[0]
    due = rule.term.after(start.day, is_workday)
    if due is None:
        return unknown("工作日历：没有收录有关年份的节假日安排", rule=rule, start=start)
    extended = rule.extension.after(due, is_workday) if rule.extension else None
    formula = f"{rule.start}日期{start.day.isoformat()}起{rule.term.written}，到期日{due.isoformat()}"
    if rule.term.unit == "日期":
        formula = f"{rule.start}日期{start.day.isoformat()}，规则定为{rule.term.written}，到期日{due.isoformat()}"
    if extended:
        formula += f"；如经批准延长{rule.extension.written if rule.extension else ''}，至{extended.isoformat()}"
    outcome, missing = _outcome(replies, replied, due, extended, as_of)
    return Handling(proposal, tuple(replies), outcome, rule, start, known, due, extended, replied, formula, missing)


def _outcome(
    replies: Sequence[Document], replied: date | None, due: date, extended: date | None, as_of: date
) -> tuple[Outcome, tuple[str, ...]]:
    if replied is not None:
        if replied <= due:
            return "kept", ()
        return ("kept_extended" if extended and replied <= extended else "late"), ()
    if replies:
        return "unknown", ("答复日期：答复没有写明成文日期",)
    return ("open" if as_of <= due else "overdue"), ()


_PLACE = "[：:]\\s*|(?:时间|日期)(?:[：:为]|\\s)*"
_LABELS: tuple[tuple[Start, re.Pattern[str]], ...] = (
    ("交办", re.compile(f"(?:交办|转办|分办)(?:时间|日期|之日)?(?:{_PLACE})")),
    ("收到", re.compile(f"(?:收到|收文|签收|接收|接办)(?:时间|日期|之日)?(?:{_PLACE})")),
    ("立案", re.compile(f"(?:立案|审查立案)(?:时间|日期|之日)?(?:{_PLACE})")),
)
_TOLD: tuple[tuple[Start, re.Pattern[str]], ...] = (
    ("交办", re.compile("^(?:[，,]?(?:正式|集中|由[^，。；]{2,16}))?(?:交办|转办|分办)")),
    ("收到", re.compile("^(?:[，,]?(?:我[局委办厅]|正式))?(?:收到|收悉|签收)")),
    ("立案", re.compile("^(?:[，,]?(?:经审查|正式))?(?:予以)?立案")),
)


def dates_of(document: Document) -> tuple[Dated, ...]:
    """The days of 交办, 收到 and 立案 that a document writes out in full, in text order.

    Only what has a year counts: the start of a time limit is never inferred.
    """
    text = document.text
    days = [d for d in find_dates(text) if d.iso]
    found: dict[tuple[Start, str], Dated] = {}
    for day in days:
        before, after = text[max(0, day.span.start - 12) : day.span.start], text[day.span.end : day.span.end + 24]
        iso = date.fromisoformat(day.iso or "")
        for event, pattern in _LABELS:
            labels = [m for m in pattern.finditer(before) if m.end() == len(before)]
            if labels:
                start = day.span.start - len(before) + labels[-1].start()
                found.setdefault((event, day.iso or ""), Dated(event, iso, document, Span(start, day.span.end)))
        for event, pattern in _TOLD:
            if match := pattern.match(after):
                span = Span(day.span.start, day.span.end + match.end())
                found.setdefault((event, day.iso or ""), Dated(event, iso, document, span))
    return tuple(found.values())


def _start(rule: Rule, known: Sequence[Dated]) -> Dated | None:
    """The day that the rule counts from; the earliest where the documents give several."""
    return min((d for d in known if d.event == rule.start), key=lambda d: d.day, default=None)


def _no_start(known: Sequence[Dated]) -> tuple[str, ...]:
    return () if known else ("起算日：文件没有写明交办、收到或立案日期",)


def _in_force(rule: Rule, day: date) -> bool:
    return (rule.valid_from or date.min) <= day <= (rule.valid_to or date.max)


def _fits(rule: Rule, documents: Sequence[Document]) -> bool:
    """Whether a rule is for these documents: place, who replies and kind, as far as the rule names them."""
    heads = [d.title + d.text[:_HEAD] + d.text[-_TAIL:] + "".join(f.value for f in d.fields) for d in documents]
    said = "".join("".join(heads).split())
    if rule.place and rule.place not in said:
        return False
    if rule.kind and not any(rule.kind in d.title or rule.kind == d.kind for d in documents):
        return False
    if rule.issuer:
        issuers = [f.value for d in documents for f in d.fields if f.name == "issuer"]
        return any(rule.issuer in value or value in rule.issuer for value in issuers)
    return True


_HEAD, _TAIL = 600, 300  # characters of a document in which its place is named
