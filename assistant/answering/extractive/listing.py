"""Lists from the ledger: conditions that combine, counted, complete, arranged as asked; relaxed visibly where empty."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.answering.asked import Group, State
from assistant.answering.extractive.arranging import MOST, by_unit, compared, grouped
from assistant.answering.extractive.replies import searched_in, which_unit
from assistant.answering.extractive.telling import told, told_with_limit
from assistant.answering.periods import Period, find_periods
from assistant.answering.reading import Reading, Row
from assistant.answering.relevance import Relevance
from assistant.answering.statements import (
    NOT_STATED,
    Composition,
    Quote,
    Statement,
    attributed,
    shortened,
)
from assistant.answering.understand import Intent
from assistant.domain.dialogue import Completeness, Verdict
from assistant.domain.units import any_same, same_unit

ABOUT = 0.5
_FEW_DOCUMENTS = 60  # are read whole for limits that no unit answers for
_BESIDE = 40  # rows told beside a list
_OUTNUMBERS = 5  # of two units of one short name, the one with so many times the rows is meant
_STATES: dict[State, tuple[str, dict[str, Any]]] = {
    State.UNFINISHED: ("未见完成记载", {"unfinished": True}),
    State.DONE: ("已完成", {"status": "done"}),
    State.IN_PROGRESS: ("正在推进", {"status": "in_progress"}),
    State.PLANNED: ("尚属计划", {"status": "planned"}),
}
_OPEN_KINDS = frozenset({"none", "vague", "ongoing"})
_LEADING = re.compile("牵头")
_BOTH_PARTS = re.compile("牵头的?(?:和|、|与|及|或|以及|还是)配合|配合的?(?:和|、|与|及|或|以及)牵头")
_ANY_PART = re.compile("参与|涉及|有关|相关")
# Words of lists that name no object of their own.
_GENERAL = re.compile(
    "任务清单|任务分工|任务|事项|全(?![市国省县区])|工作|清单|依据|情况|活儿?|内容|建设任务|报告|方案|涉及|要完成|要参加|参加|要落实|落实|完成|到期|承担|参与|一共|合计|或者?|各家|各|家|名|"
    "份|里|中|上|所有|哪|列|出来|罗列|统计|汇总|按|改成|其|共同|双|多|少|最|更|比|前|底|内|以"
)
_IN_GENERAL = re.compile("(?:市域)?(?:产教)?(?:联合体|融合体|共同体)(?:建设|工作|组建|筹建|创建)?")
_OF_TITLE = 0.6  # a word so far in the titles of the documents names them, not an object in them
_YEAR = re.compile("(20[0-9]{2}|二〇[〇一二三四五六七八九]{2})年度?")
_EACH = re.compile("分别|各自?|都")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a list in words, and the rows that meet it."""

    said: str
    meets: Callable[[Row], bool]


def listing(reading: Reading) -> Composition:
    """Every row of the ledger that meets what the question asks, counted."""
    asked = reading.question.asked
    base = _base(reading)
    if unclear := _unclear_unit(reading, base):
        return unclear
    if asked.compares and (answer := compared(base, _units(reading), reading.question.text)):
        return answer
    period = _period(reading)
    conditions = _conditions(reading, base, period)
    rows = [r for r in base if all(c.meets(r) for c in conditions)]
    head = [*_understood_as(reading, rows), *_said(reading, conditions)]
    if not rows:
        return _relaxed(reading, base, conditions, head, period)
    main, beside = _parts(reading, rows)
    return _composed(reading, head, main, beside, period)


def players(row: Row, cooperating: bool) -> tuple[str, ...]:
    """The units of a row in one of the two parts, by the names they are known by."""
    return row.entry.cooperating_known if cooperating else row.entry.leads_known


def _base(reading: Reading) -> list[Row]:
    """The rows that the conditions choose from: of the documents named, else of the whole library."""
    ids = reading.scope.ids
    rows = reading.books.chosen(documents=frozenset(ids)) if ids is not None else reading.books.chosen()
    return [r for r in rows if reading.clauses is None or r.entry.clause_id in reading.clauses]


# ---- conditions ----------------------------------------------------------------------------------------------------


def _units(reading: Reading) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys((*reading.question.asked.leads, *reading.question.asked.cooperating, *reading.question.units))
    )


def _conditions(reading: Reading, base: Sequence[Row], period: Period | None) -> tuple[Condition, ...]:
    question = reading.question
    asked = question.asked
    found = _unit_conditions(reading, base)
    if asked.state is not None:
        said, filters = _STATES[asked.state]
        found.append(_of_ledger(reading, said, filters))
    if asked.overdue:
        found.append(_of_ledger(reading, f"截至{_day(reading.today)}时限已过且未见完成记载", {"overdue": True}))
    if period is not None:
        found.append(_of_ledger(reading, f"时限在{period.said}", {"due_from": period.first, "due_to": period.last}))
    if asked.undated:
        found.append(_of_ledger(reading, "没有写明确定的时限", {"deadlines": _OPEN_KINDS}))
    if asked.inherited:
        found.append(_of_ledger(reading, "责任单位按上级条目推定", {"basis": "inherited"}))
    if about := _about(reading, base):
        found.append(about)
    return tuple(found)


def _unit_conditions(reading: Reading, base: Sequence[Row]) -> list[Condition]:
    question = reading.question
    asked, text = question.asked, question.text
    found: list[Condition] = []
    leads, helps = asked.leads, asked.cooperating
    if _BOTH_PARTS.search(text):
        leads, helps = (), ()
    rest = tuple(u for u in question.units if u not in (*leads, *helps))
    rest = tuple(u for u in rest if _ids(reading, _meaning(reading, u, base), "unit"))
    if question.intent is Intent.COOPERATION and not helps and not leads and not _BOTH_PARTS.search(text):
        helps, rest = rest, ()
    elif _LEADING.search(text) and not helps and not leads and not _BOTH_PARTS.search(text):
        leads, rest = rest, ()
    elif not helps and (not _LEADING.search(text) or _BOTH_PARTS.search(text)):
        # 负责 and 承担 may be of those behind the first too: of what is found, the lead's rows come first.
        leads, rest = (), (*leads, *rest)
    for names, said, part in (
        (leads, "牵头或负责单位", "lead"),
        (helps, "配合单位", "cooperating"),
        (rest, "有关单位", "unit"),
    ):
        if names:
            found.append(_with_units(reading, names, said, part, base))
    return found


def _with_units(reading: Reading, names: tuple[str, ...], said: str, part: str, base: Sequence[Row]) -> Condition:
    """All of the units together (甲和乙牵头的); any of them where no row has all, or each is asked for."""
    sets = [_ids(reading, _meaning(reading, n, base), part) for n in names]
    common = frozenset.intersection(*sets)
    together = len(names) > 1 and not _EACH.search(reading.question.text) and any(r.entry.id in common for r in base)
    ids = common if together else frozenset.union(*sets)
    words = f"{said} {'、'.join(names)}" + ("（共同）" if together else "")
    return Condition(words, lambda r: r.entry.id in ids)


def _ids(reading: Reading, names: tuple[str, ...], part: str) -> frozenset[str]:
    """Ids of the rows that have one of the names in a part (lead, cooperating, or unit for any)."""
    return frozenset(r.entry.id for name in names for r in reading.books.chosen(**{part: name}))


def _meaning(reading: Reading, name: str, base: Sequence[Row]) -> tuple[str, ...]:
    """The names by which the ledger knows a unit: its own, or the one that it is a short form of."""
    if reading.books.chosen(unit=name):
        return (name,)
    longer = {u for r in base for u in _all(r) if u.endswith(name)}
    return tuple(longer) if len(longer) == 1 else (name,)


def _of_ledger(reading: Reading, said: str, filters: dict[str, Any]) -> Condition:
    ids = frozenset(r.entry.id for r in reading.books.chosen(**filters))
    return Condition(said, lambda r: r.entry.id in ids)


def _about(reading: Reading, base: Sequence[Row]) -> Condition | None:
    """The object that the question names, less what only names a document that was found, or matters in general."""
    question = reading.question
    unknown = [u for u in question.units if not _ids(reading, _meaning(reading, u, base), "unit")]
    # 联合体建设 in general is what all of them are about.
    words = [w for w in (*matters_in(question.object), *unknown) if len(w) > 1 and not _IN_GENERAL.fullmatch(w)]
    titles = " ".join(f"{d.title} {d.number}" for d in reading.scope.documents or ())
    if titles:
        words = [w for w in words if Relevance(w, [titles])(titles) < _OF_TITLE]
    if not words:
        return None
    texts = [f"{r.entry.commitment.task} {r.text} {r.entry.title}" for r in base]
    # One character left of a question (办, 做) narrows nothing, nor do two that no row knows (或参).
    words = [w for w in words if len(w) > 2 or any(w in t for t in texts)]
    relevance = Relevance(" ".join(words), texts)
    if relevance.empty:
        return None
    return Condition(f"与“{' '.join(words)}”有关", lambda r: relevance(*reading.own_levels(r)) >= ABOUT)


def matters_in(words: str) -> list[str]:
    """The words of a question that name a matter of its own, without those of every list."""
    return _GENERAL.sub(" ", words).split()


def _all(row: Row) -> tuple[str, ...]:
    return (*row.entry.leads_known, *row.entry.cooperating_known)


def _period(reading: Reading) -> Period | None:
    question = reading.question
    due = question.asked.due
    if due is None or question.asked.state is State.DONE:
        return None
    outside = question.text[: due.start] + question.text[due.end :]
    year = None
    if named := _YEAR.search(outside):
        year = int(named.group(1)) if named.group(1).isdigit() else None
    elif reading.scope.documents is not None:
        years = {d.entry.dated[:4] for d in _base(reading) if d.entry.dated}
        year = int(years.pop()) if len(years) == 1 else None
    return next((p for p in find_periods(question.text, reading.today, year) if p.span == due), None)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# ---- what is said of the conditions ----------------------------------------------------------------------------------


def _said(reading: Reading, conditions: Sequence[Condition]) -> list[Statement]:
    """The conditions in words, where there is more than the unit that was asked for."""
    asked = reading.question.asked
    if not (asked.filtered or asked.overdue or asked.state):
        return []
    of = [f"文件 {'、'.join(f'《{d.title}》' for d in reading.scope.documents[:3])}"] if reading.scope.documents else []
    return [Statement(f"按：{'；'.join([*of, *(c.said for c in conditions)])}。")] if conditions or of else []


def _understood_as(reading: Reading, rows: Sequence[Row]) -> list[Statement]:
    """Says how a short name was read (教育局 as the issuer 吉林市教育局), where the reading was not literal."""
    found: list[Statement] = []
    for unit in reading.question.units:
        for row in {r.entry.document_id: r for r in rows}.values():
            issuer = row.document.field("issuer")
            if issuer and issuer.value != unit and any_same(unit, (issuer.value,)):
                quote = Quote(row.document, issuer.span)
                found.append(Statement(f"“{unit}”按发文单位“{issuer.value}”理解。", (quote,)))
                break
    return found


def _unclear_unit(reading: Reading, base: Sequence[Row]) -> Composition | None:
    """A short name that several units of the ledger share: asked back, where none of them is plainly meant."""
    short = [u for u in reading.question.units if not any(u in _all(row) for row in base)]
    if not short:
        return None
    rows = Counter(name for row in base for name in set(_all(row)))
    for unit in short:
        counts: dict[str, int] = {}
        for name, count in rows.items():
            if same_unit(unit, name) or name.endswith(unit):
                one = next((n for n in counts if same_unit(n, name)), name)
                counts[one] = counts.get(one, 0) + count
        ranked = sorted(counts.items(), key=lambda item: -item[1])
        if len(ranked) < 2 or ranked[0][1] >= _OUTNUMBERS * ranked[1][1]:
            continue
        return which_unit(unit, ranked)
    return None


# ---- composing -------------------------------------------------------------------------------------------------------


def _parts(reading: Reading, rows: list[Row]) -> tuple[list[Row], list[tuple[str, list[Row]]]]:
    """The rows that count, and those beside them with what they are: 协调 and 负责 are no 牵头, 配合 is no 负责."""
    question = reading.question
    units = question.asked.leads or question.units
    if question.intent is Intent.COOPERATION or not units or _ANY_PART.search(question.text):
        return rows, []
    if _BOTH_PARTS.search(question.text):
        return rows, []
    if _LEADING.search(question.text):
        words, main = "文件没有用“牵头”、写作负责或协调的", [r for r in rows if "牵头" in r.entry.commitment.role]
    else:
        words = "另外，作为配合或参与单位的"
        leading = frozenset.union(*(_ids(reading, (u,), "lead") for u in units))
        main = [r for r in rows if r.entry.id in leading]
    counted_rows = {r.entry.id for r in main}
    other = [r for r in rows if r.entry.id not in counted_rows]
    return (main, [(words, other)]) if main and other else (rows, [])


def _composed(
    reading: Reading,
    head: list[Statement],
    rows: list[Row],
    beside: list[tuple[str, list[Row]]],
    period: Period | None,
    verdict: Verdict = Verdict.ANSWERED,
) -> Composition:
    asked = reading.question.asked
    if asked.overdue:
        verdict = Verdict.PARTIAL
    if asked.counts_units or asked.group is Group.UNIT:
        return by_unit(rows, head, reading.question.intent is Intent.COOPERATION, verdict)
    if asked.group in (Group.STATE, Group.LIMIT):
        return grouped(rows, head, asked.group, verdict)
    tell = told_with_limit if asked.overdue or period is not None or asked.undated else told
    shown = rows[:MOST]
    inferred = sum(r.inherited for r in rows)
    count = f"共 {len(rows)} 项" + (f"，其中推定 {inferred} 项" if inferred else "")
    lines = [*head, *([Statement(f"{count}：")] if reading.question.wants_count else [])]
    body = list(attributed([tell(r) for r in shown]))
    rest = f"，列出前 {MOST} 项，其余请在责任台账中查看。" if len(rows) > MOST else "，全部列出。"
    body.append(Statement(count + rest))
    for words, others in beside:
        body += [Statement(f"{words} {len(others)} 项："), *attributed([tell(r) for r in others[:_BESIDE]])]
    body += _unowned(reading, period)
    return Composition(verdict, (*lines, *body), Completeness(len(shown), len(rows)))


_MAY_LIMIT = re.compile("[年月日周季底末前内期]")  # a sentence without any of these sets no day


def _unowned(reading: Reading, period: Period | None) -> list[Statement]:
    """Limits in the period that stand in sentences without a unit: in no ledger, and yet to be kept."""
    if period is None or reading.question.units or len(reading.documents) > _FEW_DOCUMENTS:
        return []
    found: list[Statement] = []
    for segment in reading.segments():
        if segment.document.kind == "提案" or not _MAY_LIMIT.search(segment.text):
            continue
        if reading.row_of(segment) is not None:
            continue
        for limit in reading.limits_of(segment):
            inside = limit.due is not None and (period.first or date.min) <= limit.due <= (period.last or date.max)
            if inside and limit.kind in ("fixed", "relative"):
                found.append(Statement(f"{limit.as_written}：“{shortened(segment.quote.text)}”", (segment.quote,)))
                break
    if not found:
        return []
    return [Statement(f"另有 {len(found)} 处写了这段时间内的时限，但没有写责任单位："), *attributed(found)]


def _relaxed(
    reading: Reading,
    base: list[Row],
    conditions: tuple[Condition, ...],
    head: list[Statement],
    period: Period | None,
) -> Composition:
    """Nothing meets all conditions: says so, and shows what is there without the one that leaves nothing."""
    if unowned := _unowned(reading, period):
        return Composition(Verdict.PARTIAL, (*head, Statement("没有写明责任单位的事项符合条件。"), *unowned))
    # The object first: it is what rules read least surely. A unit is given up last.
    for dropped in sorted(range(len(conditions)), key=lambda n: -n):
        kept = [c for n, c in enumerate(conditions) if n != dropped]
        rows = [r for r in base if all(c.meets(r) for c in kept)]
        if kept and rows and not conditions[dropped].said.startswith(("牵头", "有关")):
            without = conditions[dropped].said
            line = Statement(f"没有同时符合全部条件的事项。不限“{without}”时有 {len(rows)} 项：")
            tell = told_with_limit if period is not None or reading.question.asked.overdue else told
            count = Completeness(len(rows[:MOST]), len(rows))
            return Composition(Verdict.PARTIAL, (*head, line, *attributed([tell(r) for r in rows[:MOST]])), count, True)
    said = "；".join(c.said for c in conditions)
    text = f"{NOT_STATED}符合条件的事项（{said}；已查{searched_in(reading)}）。"
    return Composition(Verdict.NOT_STATED, (Statement(text),))
