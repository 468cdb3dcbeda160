"""The ledger over time for programs: the JSON forms that the command line and the HTTP interface share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.domain.ledger.handling import OUTCOMES as HANDLING_OUTCOMES
from assistant.domain.ledger.handling import Dated, Handling
from assistant.domain.overtime.asks import OUTCOMES as ASK_OUTCOMES
from assistant.domain.overtime.asks import Answered, Place
from assistant.domain.overtime.conflicts import KINDS, Conflict
from assistant.domain.overtime.grouping import Statement
from assistant.domain.overtime.history import History
from assistant.domain.overtime.overview import ProposalAsks
from assistant.domain.overtime.steps import STANDINGS, Aspect, Step
from assistant.domain.overtime.telling import current_lines, dispute_lines, history_lines
from assistant.domain.policy import Document, Span

ASPECTS: tuple[Aspect, ...] = ("lead", "deadline", "status")


def history_json(history: History) -> dict[str, Any]:
    """One thing: what holds now, every step with its place, what contradicts, and the same in words."""
    return {
        "id": history.id,
        "object": history.name,
        "names": list(history.names),
        "documents": history.documents,
        "current": {aspect: [_value(s) for s in history.current(aspect)] for aspect in ASPECTS},
        "lead": [_step(s) for s in history.leads],
        "deadline": [_step(s) for s in history.deadlines],
        "status": [_step(s) for s in history.states],
        "conflicts": [
            {"aspect": d.aspect, "reason": d.reason, "settled": d.settled or None, "values": [s.value for s in d.steps]}
            for d in history.disputes
        ],
        "merged_names": list(history.joined),
        "not_merged": [
            {"object": n.right.mention.full, "reason": n.reason, **place_json(n.right)} for n in history.near
        ],
        "summary": summary(history),
    }


def summary(history: History) -> list[str]:
    """The thing in words: what holds now, what contradicts, and how it came to be."""
    current = current_lines(history)
    lines = [*current, *(line for line in dispute_lines(history) if line.settled)]
    for aspect in ASPECTS:
        told = history_lines(history, aspect)
        lines += told if len(told) > 1 or not current else ()
    return [line.text for line in lines]


def conflict_json(conflict: Conflict) -> dict[str, Any]:
    """One conflict: both sides with their places, why neither is chosen, and what settled it."""
    return {
        "id": conflict.id,
        "object": conflict.thing,
        "aspect": conflict.aspect,
        "aspect_name": KINDS[conflict.aspect],
        "reason": conflict.reason,
        "settled": conflict.settled or None,
        "sides": [_step(s) for s in conflict.steps],
    }


def place_json(statement: Statement) -> dict[str, Any]:
    """Where a statement stands: ``text[start:end] == quote`` of the document."""
    told, mention = statement.told, statement.mention
    return {
        "document_id": told.document_id,
        "title": told.title,
        "number": told.number,
        "dated": told.dated,
        "year": told.year,
        "path": mention.path,
        "page": mention.page,
        "start": mention.start,
        "end": mention.end,
        "quote": mention.quote,
        "url": f"/documents/{told.document_id}#{mention.start}-{mention.end}",
    }


def asks_json(found: ProposalAsks) -> dict[str, Any]:
    """A proposal: its replies, each ask with what is said to it, and the counts."""
    outcomes: list[str] = [a.outcome for a in found.asks]
    return {
        "proposal": document_json(found.proposal),
        "replies": [document_json(r) for r in found.replies],
        "asks": [_ask(a) for a in found.asks],
        "total": len(outcomes),
        "counts": {name: outcomes.count(name) for name in ASK_OUTCOMES},
    }


def handling_json(found: Handling) -> dict[str, Any]:
    """The time limit of a proposal; ``missing`` says what keeps it from being computed."""
    return {
        "proposal": document_json(found.proposal) if found.proposal else None,
        "replies": [document_json(r) for r in found.replies],
        "outcome": found.outcome,
        "outcome_name": HANDLING_OUTCOMES[found.outcome],
        "due": found.due.isoformat() if found.due else None,
        "extended_due": found.extended.isoformat() if found.extended else None,
        "replied_on": found.replied_on.isoformat() if found.replied_on else None,
        "formula": found.formula or None,
        "rule": found.rule.told() if found.rule else None,
        "start": _dated(found.start) if found.start else None,
        "known_dates": [_dated(d) for d in found.known],
        "missing": list(found.missing),
    }


def document_json(document: Document) -> dict[str, Any]:
    """A document by what it goes by."""
    issued = document.field("issued_on")
    return {
        "document_id": document.id,
        "title": document.title,
        "number": document.number,
        "dated": issued.value if issued else None,
    }


def _value(step: Step) -> dict[str, Any]:
    return {
        "value": step.value,
        "units": list(step.units),
        "due": step.due,
        "state": step.state or None,
        "standing": step.standing,
    }


def _step(step: Step) -> dict[str, Any]:
    m = step.statement.mention
    return {
        **_value(step),
        "standing_name": STANDINGS[step.standing],
        "reason": step.reason or None,
        "inherited": m.inherited,
        "inferred": m.due_inferred or m.on_inferred,
        "renamed": [{"was": was, "now": now.name, "reason": now.reason} for was, now in step.renamed],
        "change": m.change,
        "was": list(m.was) or ([m.was_limit] if m.was_limit else []),
        "table": m.table,
        **place_json(step.statement),
    }


def _ask(said: Answered) -> dict[str, Any]:
    ask = said.ask
    return {
        **_span(ask.proposal, ask.clause.path, ask.span),
        "outcome": said.outcome,
        "outcome_name": ASK_OUTCOMES[said.outcome],
        "cue": said.cue or None,
        "places": [_place(p) for p in said.places],
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        **_span(place.reply, place.clause.path, place.span),
        "score": place.score,
        "commitments": [
            {
                "id": e.id,
                "task": e.commitment.task,
                "lead_units": list(e.commitment.lead_units),
                "deadline": e.commitment.deadline.as_written,
                "status": e.commitment.status.state,
            }
            for e in place.entries
        ],
    }


def _dated(dated: Dated) -> dict[str, Any]:
    clause = dated.document.clause_at(dated.span.start)
    place = _span(dated.document, clause.path if clause else "", dated.span)
    return {"event": dated.event, "date": dated.day.isoformat(), **place}


def _span(document: Document, path: str, span: Span) -> dict[str, Any]:
    return {
        "document_id": document.id,
        "title": document.title,
        "number": document.number,
        "path": path,
        "page": document.page_of(span.start),
        "start": span.start,
        "end": span.end,
        "quote": span.of(document.text),
        "url": f"/documents/{document.id}#{span.start}-{span.end}",
    }


def chosen(histories: Sequence[History], words: str | None) -> str:
    """What a list of histories shows, in words."""
    return f"与“{words}”相符的事项 {len(histories)} 个" if words else f"多份文件提到或有变更的事项 {len(histories)} 个"
