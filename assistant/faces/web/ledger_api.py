"""``/api/ledger``: the commitments with filters, pages, counts and downloads; one by its id with its reasons."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.domain.commitments import Entry
from assistant.domain.selection import Filters, Page
from assistant.faces.ledger_files import MEDIA_TYPES, csv_bytes, xlsx_bytes
from assistant.faces.ledger_forms import LABEL, RULE_NAMES, contract_row, day, kind, state
from assistant.faces.ledger_forms import basis as basis_of
from assistant.faces.web.doors import Reading
from assistant.faces.web.errors import Fault, encodable, error_response
from assistant.ports import Ledger

Words = Annotated[str, Query(max_length=200), AfterValidator(encodable)]


def router(ledger: Ledger) -> APIRouter:
    """The routes of the ledger."""
    routes = APIRouter(prefix="/api")

    @routes.get("/ledger", summary="List commitments")
    def commitments(
        *,
        caller: Reading,
        lead: Annotated[Words | None, Query(description="Lead unit.")] = None,
        cooperating: Annotated[Words | None, Query(description="Cooperating unit.")] = None,
        unit: Annotated[Words | None, Query(description="Unit in any part.")] = None,
        role: Annotated[Words | None, Query(description="Role, or a part of it.")] = None,
        status: Annotated[Words | None, Query(description="planned, in_progress, done or unclear.")] = None,
        deadline: Annotated[Words | None, Query(description="Kind of time limit, none for without one.")] = None,
        basis: Annotated[Words | None, Query(description="explicit or inherited.")] = None,
        document: Annotated[Words | None, Query(description="Id, or part of number, title or file name.")] = None,
        text: Annotated[Words | None, Query(description="Words that task and quote must hold.")] = None,
        overdue: bool = False,
        due_within: Annotated[int | None, Query(ge=0, le=36500, description="Days from as_of.")] = None,
        as_of: Annotated[Words | None, Query(description="YYYY-MM-DD; today in China unless given.")] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        offset: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
        format: Annotated[Literal["json", "csv", "xlsx"], Query(description="Files hold all rows.")] = "json",
    ) -> Response:
        filters = Filters(
            as_of=day(as_of, "as_of"),
            lead=lead or None,
            cooperating=cooperating or None,
            unit=unit or None,
            role=role or None,
            status=state(status or None),
            deadline=kind(deadline or None),
            basis=basis_of(basis or None),
            document=document or None,
            text=text or None,
            overdue=overdue,
            due_within=due_within,
        )
        if format != "json":
            return _file(ledger.commitments(filters), format)
        page = ledger.commitments(filters, limit=limit, offset=offset)
        return JSONResponse(_page_json(page, limit, offset))

    @routes.get("/ledger/{commitment_id}", summary="One commitment, and how it was read")
    def commitment(caller: Reading, request: Request, commitment_id: Annotated[str, Path(max_length=64)]) -> Response:
        entry = ledger.commitment(commitment_id)
        if entry is None:
            advice = "文件可能已更新；请在责任台账中重新查找"
            return error_response(request, Fault(404, "commitment_not_found", "没有这项责任", advice, "commitment_id"))
        row = _row(entry, day(None, "as_of"))
        reasons = {"name": entry.rule, "reads": RULE_NAMES.get(entry.rule, entry.rule)}
        return JSONResponse({**row, "rule": reasons})

    return routes


def _page_json(page: Page, limit: int, offset: int) -> dict[str, Any]:
    return {
        "rows": [_row(entry, page.as_of) for entry in page.entries],
        "total": page.total,
        "limit": limit,
        "offset": offset,
        "as_of": page.as_of.isoformat(),
        "counts": {
            "units": [{"unit": unit, "rows": rows} for unit, rows in page.units],
            "statuses": dict(page.statuses),
        },
        "index": page.index,
        "label": LABEL,
    }


def _row(entry: Entry, as_of: date) -> dict[str, Any]:
    """The contract's row, and what a list needs beside it to show and open its source."""
    return {
        **contract_row(entry),
        "title": entry.title,
        "number": entry.number,
        "page": entry.page,
        "start": entry.start,
        "end": entry.end,
        "url": entry.url,
        "units_meant": dict(entry.meant),
        "helps": list(entry.helps),
        "above": asdict(entry.above) if entry.above else None,
        "events": [asdict(event) for event in entry.events],
        "due": {"date": entry.due_on, "inferred": entry.due_inferred, "note": entry.due_note},
        "overdue": entry.overdue(as_of),
    }


def _file(page: Page, form: Literal["csv", "xlsx"]) -> Response:
    made = (csv_bytes if form == "csv" else xlsx_bytes)(page.entries, page.as_of)
    name = f"ledger-{page.as_of.isoformat()}.{form}"
    chinese = f"%E8%B4%A3%E4%BB%BB%E5%8F%B0%E8%B4%A6-{page.as_of.isoformat()}.{form}"  # 责任台账
    disposition = f"attachment; filename=\"{name}\"; filename*=UTF-8''{chinese}"
    return Response(made, media_type=MEDIA_TYPES[form], headers={"Content-Disposition": disposition})
