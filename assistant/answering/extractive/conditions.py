"""The conditions of a list in words and rows: units in their parts, states, limits, the object that is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.answering.retrieval.books import Row
from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.relevance import Relevance
from assistant.answering.understanding.asked import State
from assistant.answering.understanding.intents import Intent
from assistant.answering.understanding.matter import matters_in
from assistant.answering.understanding.periods import Period, find_periods

ABOUT = 0.5
_STATES: dict[State, tuple[str, dict[str, Any]]] = {
    State.UNFINISHED: ("未见完成记载", {"unfinished": True}),
    State.DONE: ("已完成", {"status": "done"}),
    State.IN_PROGRESS: ("正在推进", {"status": "in_progress"}),
    State.PLANNED: ("尚属计划", {"status": "planned"}),
}
_OPEN_KINDS = frozenset({"none", "vague", "ongoing"})
LEADING = re.compile("牵头")
BOTH_PARTS = re.compile("牵头的?(?:和|、|与|及|或|以及|还是)配合|配合的?(?:和|、|与|及|或|以及)牵头")
_IN_GENERAL = re.compile("(?:市域)?(?:产教)?(?:联合体|融合体|共同体)(?:建设|工作|组建|筹建|创建)?")
_OF_TITLE = 0.6  # a word so far in the titles of the documents names them, not an object in them
_YEAR = re.compile("(20[0-9]{2}|二〇[〇一二三四五六七八九]{2})年度?")
_EACH = re.compile("分别|各自?|都")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a list in words, and the rows that meet it."""

    said: str
    meets: Callable[[Row], bool]


def base_rows(reading: Reading) -> list[Row]:
    """The rows that the conditions choose from: of the documents named, else of the whole library."""
    ids = reading.scope.ids
    rows = reading.books.chosen(documents=frozenset(ids)) if ids is not None else reading.books.chosen()
    return [r for r in rows if reading.clauses is None or r.entry.clause_id in reading.clauses]


def units_asked(reading: Reading) -> tuple[str, ...]:
    """The units that a question names, in any part."""
    return tuple(
        dict.fromkeys((*reading.question.asked.leads, *reading.question.asked.cooperating, *reading.question.units))
    )


def conditions_of(reading: Reading, base: Sequence[Row], period: Period | None) -> tuple[Condition, ...]:
    """All conditions of a question, in the order in which they are said and given up."""
    question = reading.question
    asked = question.asked
    found = _unit_conditions(reading, base)
    if asked.state is not None:
        said, filters = _STATES[asked.state]
        found.append(_of_ledger(reading, said, filters))
    if asked.overdue:
        found.append(_of_ledger(reading, f"截至{day_said(reading.today)}时限已过且未见完成记载", {"overdue": True}))
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
    if BOTH_PARTS.search(text):
        leads, helps = (), ()
    rest = tuple(u for u in question.units if u not in (*leads, *helps))
    rest = tuple(u for u in rest if ids_of(reading, _meaning(reading, u, base), "unit"))
    if question.intent is Intent.COOPERATION and not helps and not leads and not BOTH_PARTS.search(text):
        helps, rest = rest, ()
    elif LEADING.search(text) and not helps and not leads and not BOTH_PARTS.search(text):
        leads, rest = rest, ()
    elif not helps and (not LEADING.search(text) or BOTH_PARTS.search(text)):
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
    sets = [ids_of(reading, _meaning(reading, n, base), part) for n in names]
    common = frozenset.intersection(*sets)
    together = len(names) > 1 and not _EACH.search(reading.question.text) and any(r.entry.id in common for r in base)
    ids = common if together else frozenset.union(*sets)
    words = f"{said} {'、'.join(names)}" + ("（共同）" if together else "")
    return Condition(words, lambda r: r.entry.id in ids)


def ids_of(reading: Reading, names: tuple[str, ...], part: str) -> frozenset[str]:
    """Ids of the rows that have one of the names in a part (lead, cooperating, or unit for any)."""
    return frozenset().union(*(reading.books.ids(**{part: name}) for name in names))


def _meaning(reading: Reading, name: str, base: Sequence[Row]) -> tuple[str, ...]:
    """The names by which the ledger knows a unit: its own, or the one that it is a short form of."""
    if reading.books.ids(unit=name):
        return (name,)
    longer = {u for r in base for u in all_units(r) if u.endswith(name)}
    return tuple(longer) if len(longer) == 1 else (name,)


def _of_ledger(reading: Reading, said: str, filters: dict[str, Any]) -> Condition:
    ids = reading.books.ids(**filters)
    return Condition(said, lambda r: r.entry.id in ids)


def _about(reading: Reading, base: Sequence[Row]) -> Condition | None:
    """The object that the question names, less what only names a document that was found, or matters in general."""
    question = reading.question
    unknown = [u for u in question.units if not ids_of(reading, _meaning(reading, u, base), "unit")]
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
    return Condition(f"与“{' '.join(words)}”有关", lambda r: relevance.about(*reading.own_levels(r)) >= ABOUT)


def all_units(row: Row) -> tuple[str, ...]:
    """The units of a row in any part, by the names they are known by."""
    return (*row.entry.leads_known, *row.entry.cooperating_known)


def period_asked(reading: Reading) -> Period | None:
    """The period that limits are asked for; its year from the question, or from the documents where they share one."""
    question = reading.question
    due = question.asked.due
    if due is None or question.asked.state is State.DONE:
        return None
    outside = question.text[: due.start] + question.text[due.end :]
    year = None
    if named := _YEAR.search(outside):
        year = int(named.group(1)) if named.group(1).isdigit() else None
    elif reading.scope.documents is not None:
        years = {d.entry.dated[:4] for d in base_rows(reading) if d.entry.dated}
        year = int(years.pop()) if len(years) == 1 else None
    return next((p for p in find_periods(question.text, reading.today, year) if p.span == due), None)


def day_said(day: date) -> str:
    """A day in words."""
    return f"{day.year}年{day.month}月{day.day}日"
