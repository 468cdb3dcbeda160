"""The commitments of one document: each duty with its clause, its time limit, and what it inherits from above.

Negative knowledge (official-document practice): a heading that repeats the proposer's words (关于“…”的建议) commits
nobody; a proposal's asks are no commitments of the units they name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from assistant.domain.duties.reading import Duty, joining_in, read_duties, states_first_leads
from assistant.domain.language.dates import find_dates
from assistant.domain.language.deadlines import DeadlineMention, chief_limit, find_deadlines
from assistant.domain.language.orders import gives_orders
from assistant.domain.language.resolution import Anchor, IsWorkday, Resolved, anchor_of, resolve
from assistant.domain.language.status import read_status
from assistant.domain.policy import Clause, ClauseKind, Document, Span

_BRACKETED = re.compile("[（(\\[［【](?:牵头|责任|主要责任|负责|主办|承办|组织)(?:单位|部门)")
_READ = (ClauseKind.BODY, ClauseKind.TABLE)


@dataclass(frozen=True, slots=True)
class Row:
    """A duty in its clause. ``duty.span`` counts in the document's text; ``deadline`` is the limit of that span.

    ``basis`` is inherited where the clause names nobody, or only whom it helps, and the units are those of ``above``:
    shown as 推定, with the words of ``above`` beside it.
    """

    document: Document
    clause: Clause
    duty: Duty
    deadline: DeadlineMention | None
    basis: Literal["explicit", "inherited"] = "explicit"
    above: Row | None = None

    @property
    def quote(self) -> Span:
        return self.duty.span


def ledger_of(document: Document) -> tuple[Row, ...]:
    """All duties that the clauses of a document state, in text order."""
    rows: list[Row] = []
    first_leads = False
    for clause in document.clauses:
        if clause.kind not in _READ:
            continue
        span = own_words(document, clause)
        first_leads = first_leads or states_first_leads(span.of(document.text))
        position = span.start
        for duty in read_duties(document.text, span, first_leads=first_leads, row=clause.kind is ClauseKind.TABLE):
            if gives_orders(duty.span.of(document.text)):
                continue
            if _BRACKETED.match(duty.span.of(document.text)) or duty.rule == "bracket":
                duty = _with_measure(document, clause, duty, position)
                position = duty.span.end
            rows.append(Row(document, clause, duty, _limit(document, duty)))
    return tuple(rows)


def _limit(document: Document, duty: Duty) -> DeadlineMention | None:
    """The limit that binds a duty: of its own words where they have one, else of its sentence."""
    found = find_deadlines(duty.span.of(document.text))
    own = duty.own and Span(duty.own.start - duty.span.start, duty.own.end - duty.span.start)
    return (own and chief_limit([m for m in found if own.covers(m.span)])) or chief_limit(found)


def full_ledger_of(document: Document) -> tuple[Row, ...]:
    """:func:`ledger_of` and what its clauses inherit, in text order.

    A numbered clause of the body that states a task and names nobody inherits lead and cooperating units of its
    nearest ancestor that states a lead (``duty.rule`` is inherited); a clause that only helps another body
    (配合省教育厅…) keeps its own words, and its acting unit is the ancestor's (``above``).
    """
    explicit = ledger_of(document)
    own: dict[str, list[Row]] = {}
    for row in explicit:
        own.setdefault(row.clause.id, []).append(row)
    parents = {c.parent_id for c in document.clauses if not c.is_paragraph}
    over: dict[str, Row | None] = {}  # by clause: the row that its children inherit
    beside: dict[str, Row | None] = {}  # by clause: the row that it inherits itself, and so the other 款 of an article
    found: list[Row] = []
    for clause in document.clauses:  # a parent comes before its children
        rows = own.get(clause.id, [])
        above = (beside if clause.is_paragraph else over).get(clause.parent_id or "")
        beside[clause.id] = above
        over[clause.id] = next((r for r in rows if _governs(r)), above)
        for row in rows:
            helps = above if row.duty.rule == "assists" else None
            found.append(replace(row, basis="inherited", above=helps) if helps else row)
        if rows or clause.kind is not ClauseKind.BODY or not clause.label or clause.id in parents:
            continue
        if above and _goes_on(document, clause, above) and (inherited := _inherited(document, clause, above)):
            found.append(inherited)
    return tuple(found)


def _governs(row: Row) -> bool:
    """Whether a row states a lead that the clauses below it inherit."""
    return bool(row.duty.leads) and row.duty.role != "配合"


_ARTICLE = re.compile("第[一二三四五六七八九十百零0-9]{1,6}条")


def _goes_on(document: Document, clause: Clause, above: Row) -> bool:
    """Whether a clause can be a task of the row above it.

    The items of an article (第X条) are its conditions or cases, unless the sentence with the duty ends by announcing
    them: 秘书处履行下列职责：.
    """
    if not (_ARTICLE.match(above.clause.label) or above.clause.is_paragraph):
        return True
    lead_in = document.text[above.quote.start : clause.span.start].rstrip()
    first = lead_in.find("：")
    return first >= 0 and "。" not in lead_in[:first]


_LEAST_TASK = 8  # characters from which the text of a clause can be a task


def _inherited(document: Document, clause: Clause, above: Row) -> Row | None:
    span = own_words(document, clause)
    text = span.of(document.text)
    said = text.strip().removeprefix(clause.label).strip()
    if len(said) < _LEAST_TASK or gives_orders(text):
        return None
    duty = replace(
        above.duty,
        task=clause.heading or said[:80],
        cooperators=joining_in(text) or above.duty.cooperators,
        status=read_status(text),
        span=span,
        rule="inherited",
        cue="",
    )
    return Row(document, clause, duty, chief_limit(find_deadlines(text)), "inherited", above)


def limit_of(row: Row, is_workday: IsWorkday | None = None) -> Resolved | None:
    """The row's time limit with the days that it means; None where the row has none."""
    if row.deadline is None:
        return None
    text = row.quote.of(row.document.text)
    limit = row.deadline.span
    before, after = text[max(0, limit.start - 24) : limit.start], text[limit.end : limit.end + 12]
    return resolve(row.deadline, anchor_of(row.document), before=before, after=after, is_workday=is_workday)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day. ``anchor`` is what a missing year was inferred from (推断)."""

    as_written: str
    date: str | None  # ISO 8601; None where the year is unknown or the day does not exist
    span: Span  # in the document's text
    anchor: Anchor | None = None


def events_of(row: Row) -> Iterator[Event]:
    """The dated events of a row that is done: days that limit nothing (5月16日，…正式成立)."""
    if row.duty.status.state != "done":
        return
    text, start = row.quote.of(row.document.text), row.quote.start
    limits = [m.span for m in find_deadlines(text)]
    for found in find_dates(text):
        if found.day is None or any(s.start < found.span.end and found.span.start < s.end for s in limits):
            continue
        span = Span(start + found.span.start, start + found.span.end)
        anchor = anchor_of(row.document) if found.year is None else None
        iso = found.iso
        if anchor and found.possible and found.month:
            iso = f"{anchor.year:04d}-{found.month:02d}-{found.day:02d}"
        yield Event(found.as_written, iso, span, anchor)


def _with_measure(document: Document, clause: Clause, duty: Duty, start: int) -> Duty:
    """A bracket at the end of a measure speaks for all of it, from where the bracket before ended."""
    measure = Span(start, duty.span.end)
    return replace(
        duty,
        span=measure,
        task=duty.task or clause.heading or measure.of(document.text).strip()[:80],
        status=read_status(measure.of(document.text)),
    )


_SELF = re.compile("^(?:我|本)(?:局|委|办|厅|部|院|校|会|市|县|单位|机关)$")


def meant_by(document: Document, name: str) -> str:
    """Whom a name means in a document: 我局 and the like are its issuer; every other name means itself."""
    issuer = document.field("issuer")
    return issuer.value if issuer and _SELF.match(name) else name


def leads_of(row: Row) -> tuple[str, ...]:
    """The leads of a row by the names they are known by outside the document."""
    return tuple(meant_by(row.document, name) for name in row.duty.leads)


def own_words(document: Document, clause: Clause) -> Span:
    """The clause's text without a heading that only repeats what was asked (关于“…”的建议)."""
    heading = clause.heading
    if not heading.startswith(("关于", "对“", "针对")):
        return clause.span
    start = document.text.find(heading, clause.span.start, clause.span.end)
    return Span(start + len(heading), clause.span.end) if start >= 0 else clause.span


def governing_row(document: Document, clause: Clause, rows: tuple[Row, ...]) -> Row | None:
    """The duty that a clause without one inherits: the first of its nearest ancestor that states a lead.

    Always shown as 推定 (inferred), with the ancestor's own words beside it.
    """
    for ancestor in document.ruling(clause):
        for row in rows:
            if row.clause.id == ancestor.id and _governs(row):
                return row
    return None
