"""``/api/ledger``: the commitments with filters, pages, counts and downloads; one with its reasons; their review."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.domain.access import Identity
from assistant.domain.ledger.commitments import Entry
from assistant.domain.ledger.reviews import Action, Changes, Decision
from assistant.domain.ledger.selection import Filters, Page
from assistant.errors import BadRequest, NotFound
from assistant.faces.ledger_files import MEDIA_TYPES, csv_bytes, xlsx_bytes
from assistant.faces.ledger_forms import LABEL, OFFERED_LABEL, RULE_NAMES, contract_row, day, pending_json, review_json
from assistant.faces.ledger_reasons import reasons
from assistant.faces.web.described import files
from assistant.faces.web.doors import Reading, Reviewing
from assistant.faces.web.errors import encodable
from assistant.faces.web.ledger_filters import Chosen, Words
from assistant.faces.web.ledger_import_api import add_import
from assistant.faces.web.ledger_timeline_api import add_timeline
from assistant.faces.web.reviewer import reviewer
from assistant.ports import GuardedIndexes, GuardedLedger, Indexes, Ledger

Id = Annotated[str, Path(max_length=64)]
AsOf = Annotated[Words | None, Query(description="YYYY-MM-DD, for overdue; today in China unless given.")]
Text = Annotated[StrictStr, AfterValidator(encodable)]


class ChangesBody(BaseModel):
    """What the row should show in place of what was read; a field that is left out stays."""

    model_config = ConfigDict(extra="forbid")

    task: Text | None = None
    lead_units: list[Text] | None = None
    cooperating_units: list[Text] | None = None
    role: Text | None = None
    due: Annotated[Text | None, Field(description="YYYY-MM-DD; empty for no day.")] = None
    status: Text | None = None


class ReviewBody(BaseModel):
    """What someone says of a row. ``version`` is the row's, as they have read it."""

    model_config = ConfigDict(extra="forbid")

    action: Action
    version: Text = Field(description="The row's version, as it was read.")
    by: Text = Field("", description="Who says so; a signed-on user's name goes before it.")
    why: Text = Field("", description="Why; needed for correct and reject.")
    changes: ChangesBody = Field(ChangesBody(), description="For correct.")


def router(ledger: GuardedLedger, indexes: GuardedIndexes) -> APIRouter:
    """The routes of the ledger."""
    routes = APIRouter(prefix="/api")
    add_timeline(routes, ledger)  # before the ids, which any word could be
    add_import(routes, ledger)

    @routes.get(
        "/ledger",
        summary="List commitments",
        responses=files(*(kind.split(";")[0] for kind in MEDIA_TYPES.values()), description="Rows, or a file of all."),
    )
    def commitments(
        caller: Reading,
        request: Request,
        filters: Chosen,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        offset: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
        format: Annotated[Literal["json", "csv", "xlsx"], Query(description="Files hold all rows.")] = "json",
    ) -> Response:
        seen = ledger.seen_by(caller.clearance)
        if format != "json":
            return _file(seen.commitments(filters), filters, format, str(request.base_url))
        page = seen.commitments(filters, limit=limit, offset=offset)
        return JSONResponse(_page_json(page, limit, offset))

    @routes.get("/ledger/pending", summary="Reviews whose words are others now")
    def pending(caller: Reading) -> Response:
        found = ledger.seen_by(caller.clearance).pending()
        return JSONResponse({"rows": [pending_json(p) for p in found], "total": len(found)})

    @routes.get("/ledger/candidates", summary="What a model offers and nobody has confirmed: in no list, in no count")
    def candidates(
        caller: Reading,
        rejected: Annotated[bool, Query(description="Those that were rejected, instead.")] = False,
        as_of: AsOf = None,
    ) -> Response:
        shown_on = day(as_of or None, "as_of")
        found = [e for e in ledger.seen_by(caller.clearance).candidates() if e.rejected == rejected]
        rows = [_row(entry, shown_on) for entry in found]
        return JSONResponse({"rows": rows, "total": len(rows), "as_of": shown_on.isoformat(), "label": OFFERED_LABEL})

    @routes.get("/ledger/{commitment_id}", summary="One commitment, how it was read, and what was said of it")
    def commitment(caller: Reading, commitment_id: Id, as_of: AsOf = None) -> Response:
        seen = ledger.seen_by(caller.clearance)
        entry = seen.commitment(commitment_id)
        if entry is None:
            advice = "文件可能已更新；请在责任台账中重新查找"
            raise NotFound("没有这项责任", advice, "commitment_not_found", "commitment_id")
        return JSONResponse(_whole(entry, seen, indexes.seen_by(caller.clearance), as_of))

    @routes.patch("/ledger/{commitment_id}", summary="Confirm, correct, reject, or withdraw what was said")
    def review(
        caller: Reviewing, commitment_id: Id, body: Annotated[ReviewBody, Body()], as_of: AsOf = None
    ) -> Response:
        day(as_of or None, "as_of")  # before anything is kept
        seen = ledger.seen_by(caller.clearance)
        kept = seen.review(commitment_id, _decision(body, caller))
        entry = seen.commitment(commitment_id)
        answer = _whole(entry, seen, indexes.seen_by(caller.clearance), as_of) if entry else {"id": commitment_id}
        return JSONResponse({**answer, "review_kept": review_json(kept)})

    return routes


def _decision(body: ReviewBody, caller: Identity) -> Decision:
    changes = Changes.from_json(body.changes.model_dump(exclude_none=True))
    decision = Decision(body.action, reviewer(caller, body.by), body.why, changes, body.version)
    unfit = decision.unfit()
    if unfit and unfit.field in ("task", "lead_units", "cooperating_units", "role", "due", "status"):
        raise BadRequest("更正的内容有误", unfit.reason, "invalid_field", f"changes.{unfit.field}")
    return decision


def _whole(entry: Entry, ledger: Ledger, indexes: Indexes, as_of: str | None) -> dict[str, Any]:
    with indexes.lease() as index:
        document = index.document(entry.document_id)
    return {
        **_row(entry, day(as_of or None, "as_of")),
        "rule": {"name": entry.rule, "reads": RULE_NAMES.get(entry.rule, entry.rule)},
        "explain": [{"name": name, "text": " ".join(text.split())} for name, text in reasons(entry, document)],
        "reviews": [review_json(r) for r in ledger.reviews(entry.id)],
    }


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
            "reviews": dict(page.reviews),
            "watch": asdict(page.watch),
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


def _file(page: Page, filters: Filters, form: Literal["csv", "xlsx"], site: str) -> Response:
    made = csv_bytes(page, site) if form == "csv" else xlsx_bytes(page, filters, site)
    name = f"ledger-{page.as_of.isoformat()}.{form}"
    chinese = f"%E8%B4%A3%E4%BB%BB%E5%8F%B0%E8%B4%A6-{page.as_of.isoformat()}.{form}"  # 责任台账
    disposition = f"attachment; filename=\"{name}\"; filename*=UTF-8''{chinese}"
    return Response(made, media_type=MEDIA_TYPES[form], headers={"Content-Disposition": disposition})
