"""``/api/ledger/history | conflicts | asks | handling``: the ledger over time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator
from starlette.responses import JSONResponse, Response

from assistant.faces.history_forms import asks_json, conflict_json, handling_json, history_json
from assistant.faces.ledger_forms import LABEL, day
from assistant.faces.web.doors import Reading
from assistant.faces.web.errors import encodable
from assistant.ports import GuardedIndexes, OverTime

Words = Annotated[str, Query(max_length=200), AfterValidator(encodable)]


def router(over_time: OverTime, indexes: GuardedIndexes) -> APIRouter:
    """The routes; to be included before those that take an id behind ``/api/ledger``."""
    routes = APIRouter(prefix="/api/ledger")

    @routes.get("/history", summary="What became of a thing over documents")
    def history(
        caller: Reading,
        object: Annotated[
            Words | None, Query(description="What the thing is called; all that changed without.")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        offset: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    ) -> Response:
        with indexes.seen_by(caller.clearance).lease() as index:
            overview = over_time.overview(index)
        found = overview.find(object) if object else overview.changed()
        shown = [history_json(h) for h in found[offset : offset + limit]]
        page = {"limit": limit, "offset": offset, "index": overview.index, "label": LABEL}
        return JSONResponse({"histories": shown, "total": len(found), **page})

    @routes.get("/conflicts", summary="What contradicts, with both sides")
    def conflicts(
        caller: Reading,
        open: Annotated[bool, Query(description="Only what no later document settled.")] = False,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        offset: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    ) -> Response:
        with indexes.seen_by(caller.clearance).lease() as index:
            overview = over_time.overview(index)
        found = [c for c in overview.conflicts if not (open and c.settled)]
        shown = [conflict_json(c) for c in found[offset : offset + limit]]
        page = {"limit": limit, "offset": offset, "index": overview.index, "label": LABEL}
        return JSONResponse({"conflicts": shown, "total": len(found), **page})

    @routes.get("/asks", summary="Each ask of a proposal, and what its reply says to it")
    def asks(
        caller: Reading,
        proposal: Annotated[Words | None, Query(description="第524号, 524, a part of title or file name.")] = None,
    ) -> Response:
        with indexes.seen_by(caller.clearance).lease() as index:
            found = over_time.asks(index, proposal or None)
            name = index.name
        return JSONResponse(
            {"proposals": [asks_json(p) for p in found], "total": len(found), "index": name, "label": LABEL}
        )

    @routes.get("/handling", summary="By when proposals must be answered, and whether they were")
    def handling(
        caller: Reading,
        proposal: Annotated[Words | None, Query(description="第524号, 524, a part of title or file name.")] = None,
        as_of: Annotated[Words | None, Query(description="YYYY-MM-DD; today in China unless given.")] = None,
    ) -> Response:
        today = day(as_of, "as_of")
        with indexes.seen_by(caller.clearance).lease() as index:
            found = over_time.handling(index, today, proposal or None)
            name = index.name
        rows = [handling_json(h) for h in found]
        return JSONResponse(
            {"rows": rows, "total": len(rows), "as_of": today.isoformat(), "index": name, "label": LABEL}
        )

    return routes
