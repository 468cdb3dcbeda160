"""``/api/ledger/timeline``: limits and events of the rows that the filters let through, as a picture and as rows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request

from assistant.domain.ledger.timeline import NOBODY, OTHERS, Mark, Timeline, timeline
from assistant.faces.ledger_chart import KIND_WORDS, svg
from assistant.faces.web.doors import Reading
from assistant.faces.web.ledger_filters import Chosen
from assistant.ports import GuardedLedger

_NAMED = 5  # rows that a mark names


def add_timeline(routes: APIRouter, ledger: GuardedLedger) -> None:
    """Add the route of the timeline to those of ``/api``."""

    @routes.get("/ledger/timeline", summary="Limits and events over time")
    def over_time(caller: Reading, request: Request, filters: Chosen) -> dict[str, Any]:
        page = ledger.seen_by(caller.clearance).commitments(filters)
        shown = timeline(page.entries, filters.as_of)
        query = {name: value for name, value in request.query_params.items() if value}

        def address(mark: Mark) -> str:
            return _address(shown, mark, query)

        return {
            "as_of": filters.as_of.isoformat(),
            "total": page.total,
            "undated": shown.undated,
            "outside": shown.outside,
            "svg": svg(shown, address),
            "marks": [
                {
                    "first": mark.first.isoformat(),
                    "last": mark.last.isoformat(),
                    "lane": shown.lanes[mark.lane],
                    "kind": mark.kind,
                    "kind_name": KIND_WORDS[mark.kind],
                    "total": len(mark.entries),
                    "url": address(mark),
                    "rows": [{"id": e.id, "task": e.commitment.task, "url": e.url} for e in mark.entries[:_NAMED]],
                }
                for mark in shown.marks
            ],
        }


def _address(shown: Timeline, mark: Mark, query: dict[str, str]) -> str:
    """One row opens at its clause; several as the list of them, with the filters of now."""
    if len(mark.entries) == 1 or mark.kind == "event":  # no filter is on the days of events
        return mark.entries[0].url
    lane = shown.lanes[mark.lane]
    narrowed = {"due_from": mark.first.isoformat(), "due_to": mark.last.isoformat(), "as_of": shown.as_of.isoformat()}
    if lane not in (OTHERS, NOBODY):
        name = "lead" if all(e.leads_known for e in mark.entries) else "unit"
        narrowed[name] = query.get(name, lane)
    if mark.kind == "done":
        narrowed["status"] = "done"
    elif mark.kind == "overdue":
        narrowed["overdue"] = "true"
    return f"/ledger?{urlencode({**query, **narrowed})}"
