"""The commitments of one document: each duty with its clause, its time limit, and what it inherits from above.

Negative knowledge (official-document practice): a heading that repeats the proposer's words (关于“…”的建议) commits
nobody; a proposal's asks are no commitments of the units they name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.domain.deadlines import DeadlineMention, find_deadlines
from assistant.domain.duties import Duty, read_duties, states_first_leads
from assistant.domain.policy import Clause, ClauseKind, Document, Span
from assistant.domain.status import read_status

_READ = (ClauseKind.BODY, ClauseKind.TABLE)


@dataclass(frozen=True, slots=True)
class Row:
    """A duty in its clause. ``duty.span`` counts in the document's text; ``deadline`` is the limit of that span."""

    document: Document
    clause: Clause
    duty: Duty
    deadline: DeadlineMention | None

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
        for duty in read_duties(document.text, span, first_leads=first_leads):
            if is_order(duty.span.of(document.text)):
                continue
            if duty.rule == "bracket":
                duty = _with_measure(document, clause, duty, position)
            position = duty.span.end
            limits = find_deadlines(duty.span.of(document.text))
            rows.append(Row(document, clause, duty, limits[0] if limits else None))
    return tuple(rows)


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


# A sentence that tells its reader what to answer is no act of its issuer (a comment that the document reports, or
# an attempt on a program that reads it): it commits nobody.
_ORDER = re.compile(
    "(?:忽略|无视|忘记|不要理会|抛开|绕过)[^。\\n]{0,16}(?:要求|指令|指示|规则|提示|内容|文件)"
    "|(?:请|必须|务必|应|直接|只)(?:你)?(?:回答|回复|输出|声称|告诉(?:所有人|用户|提问))"
    "|(?:ignore|disregard|forget)\\b[^.\\n]{0,40}\\b(?:instruction|rule|prompt|above|previous)",
    re.IGNORECASE,
)


def is_order(text: str) -> bool:
    """Whether a sentence orders its reader what to answer."""
    return bool(_ORDER.search(text))


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
    for ancestor in document.ancestors(clause):
        for row in rows:
            if row.clause.id == ancestor.id and row.duty.leads and row.duty.role != "配合":
                return row
    return None
