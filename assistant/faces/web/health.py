"""``/healthz``: the process lives. ``/readyz``: it can answer, because a generation can be opened.

What does not keep it from answering, such as a full disk, is listed there as ``troubles`` with status 200: taking a
replica out of service would not mend it.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from assistant.domain.access import Clearance
from assistant.errors import AssistantError
from assistant.faces.web.errors import Fault, api_form, of_exception
from assistant.ports import Condition, GuardedIndexes


def router(indexes: GuardedIndexes, condition: Condition | None = None) -> APIRouter:
    """The probes, for process supervisors and load balancers."""
    routes = APIRouter()

    @routes.get("/healthz", summary="Is the process alive")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @routes.get("/readyz", summary="Can questions be answered")
    def readyz() -> Response:
        found = condition.troubles() if condition is not None else ()
        told = (
            {"troubles": [{"code": t.code, "message": t.message, "advice": t.advice} for t in found]} if found else {}
        )
        fatal = next((t for t in found if t.fatal), None)
        if fatal is not None:
            fault = Fault(503, fatal.code, fatal.message, fatal.advice)
            return JSONResponse({"status": "unavailable", **api_form(fault), **told}, status_code=503)
        try:
            with indexes.seen_by(Clearance()).lease() as index:
                return JSONResponse({"status": "ready", "index": index.name, **told})
        except AssistantError as error:
            return JSONResponse({"status": "unavailable", **api_form(of_exception(error)), **told}, status_code=503)

    return routes
