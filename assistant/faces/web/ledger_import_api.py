"""``POST /api/ledger/import``: an edited export, given back as reviews."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.domain.ledger.reviews import LONGEST_NAME, LONGEST_WHY
from assistant.faces.ledger_files import MEDIA_TYPES
from assistant.faces.ledger_import import carry_out, plan, plan_json
from assistant.faces.web.doors import Reviewing
from assistant.faces.web.errors import Fault, error_response
from assistant.faces.web.ledger_filters import Words
from assistant.faces.web.reviewer import reviewer
from assistant.ports import GuardedLedger

# None that a page of another origin may send without asking first.
_TYPES = frozenset(("application/octet-stream", *(kind.split(";")[0] for kind in MEDIA_TYPES.values())))
Name = Annotated[Words, Query(max_length=LONGEST_NAME)]
Why = Annotated[Words, Query(max_length=LONGEST_WHY)]


def add_import(routes: APIRouter, ledger: GuardedLedger) -> None:
    """Add the route of the import to those of ``/api``."""

    @routes.post("/ledger/import", summary="Give back an edited export (.xlsx or .csv as the body)")
    async def give_back(
        caller: Reviewing,
        request: Request,
        by: Annotated[Name, Query(description="Who says so.")] = "",
        why: Annotated[Why, Query(description="For rows without a reason of their own.")] = "由表格导入",
        dry_run: Annotated[bool, Query(description="Tell what it would do, and keep nothing.")] = False,
    ) -> Response:
        if request.headers.get("content-type", "").split(";")[0].strip().lower() not in _TYPES:
            advice = "请加上请求头 Content-Type: application/octet-stream"
            return error_response(request, Fault(415, "unsupported_media_type", "请求体须为表格文件", advice))
        data = await request.body()
        seen = ledger.seen_by(caller.clearance)

        def work() -> dict[str, Any]:
            made = plan(data, seen, reviewer(caller, by), why)
            return plan_json(made, 0 if dry_run else carry_out(made, seen), dry_run)

        return JSONResponse(await run_in_threadpool(work))
