"""Lists from the ledger: conditions that combine, counted, complete, arranged as asked; relaxed visibly where empty."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from assistant.answering.extractive.arranging import MOST, by_unit, compared, grouped
from assistant.answering.extractive.conditions import (
    BOTH_PARTS,
    LEADING,
    Condition,
    all_units,
    base_rows,
    conditions_of,
    ids_of,
    period_asked,
    units_asked,
)
from assistant.answering.extractive.replies import searched_in, which_unit
from assistant.answering.extractive.telling import told, told_with_limit
from assistant.answering.retrieval.books import Row
from assistant.answering.retrieval.reading import Reading
from assistant.answering.statements import (
    NOT_STATED,
    Composition,
    Quote,
    Statement,
    attributed,
    shortened,
)
from assistant.answering.understanding.asked import Group
from assistant.answering.understanding.intents import Intent
from assistant.answering.understanding.periods import Period
from assistant.domain.dialogue import Completeness, Verdict
from assistant.domain.units.names import any_same, same_unit

_FEW_DOCUMENTS = 60  # are read whole for limits that no unit answers for
_BESIDE = 40  # rows told beside a list
_OUTNUMBERS = 5  # of two units of one short name, the one with so many times the rows is meant
LEVELLED = re.compile("[省市县区州盟旗]")  # how a name begins that says of which level the body is
_ANY_PART = re.compile("参与|涉及|有关|相关")


def listing(reading: Reading) -> Composition:
    """Every row of the ledger that meets what the question asks, counted."""
    asked = reading.question.asked
    base = base_rows(reading)
    if unclear := _unclear_unit(reading, base):
        return unclear
    if asked.compares and (answer := compared(base, units_asked(reading), reading.question.text)):
        return answer
    period = period_asked(reading)
    conditions = conditions_of(reading, base, period)
    rows = [r for r in base if all(c.meets(r) for c in conditions)]
    head = [*_understood_as(reading, rows), *_said(reading, conditions)]
    if not rows:
        return _relaxed(reading, base, conditions, head, period)
    main, beside = _parts(reading, rows)
    return _composed(reading, head, main, beside, period)


def players(row: Row, cooperating: bool) -> tuple[str, ...]:
    """The units of a row in one of the two parts, by the names they are known by."""
    return row.entry.cooperating_known if cooperating else row.entry.leads_known


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
    issuers = {issuer.value for row in rows if (issuer := row.document.field("issuer"))}
    for unit in reading.question.units:
        if LEVELLED.match(unit) and sum(any_same(unit, (name,)) for name in issuers) < 2:
            continue  # 市教育局 of one city needs no word
        for row in {r.entry.document_id: r for r in rows}.values():
            issuer = row.document.field("issuer")
            if issuer and issuer.value != unit and any_same(unit, (issuer.value,)):
                quote = Quote(row.document, issuer.span)
                found.append(Statement(f"“{unit}”按发文单位“{issuer.value}”理解。", (quote,)))
                break
    return found


def _unclear_unit(reading: Reading, base: Sequence[Row]) -> Composition | None:
    """A short name that several units of the ledger share: asked back, where none of them is plainly meant."""
    short = [u for u in reading.question.units if not any(u in all_units(row) for row in base)]
    if not short:
        return None
    rows = Counter(name for row in base for name in set(all_units(row)))
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
    if BOTH_PARTS.search(question.text):
        return rows, []
    if LEADING.search(question.text):
        words, main = "文件没有用“牵头”、写作负责或协调的", [r for r in rows if "牵头" in r.entry.commitment.role]
    else:
        words = "另外，作为配合或参与单位的"
        leading = frozenset.union(*(ids_of(reading, (u,), "lead") for u in units))
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
