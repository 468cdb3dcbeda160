"""``/healthz``: the process lives. ``/readyz``: it can answer, because a generation can be opened."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from assistant.domain.access import Clearance
from assistant.errors import AssistantError
from assistant.faces.web.errors import api_form, of_exception
from assistant.ports import GuardedIndexes


def router(indexes: GuardedIndexes) -> APIRouter:
    """The probes, for process supervisors and load balancers."""
    routes = APIRouter()

    @routes.get("/healthz", summary="Is the process alive")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @routes.get("/readyz", summary="Can questions be answered")
    def readyz() -> Response:
        try:
            with indexes.seen_by(Clearance()).lease() as index:
                return JSONResponse({"status": "ready", "index": index.name})
        except AssistantError as error:
            return JSONResponse({"status": "unavailable", **api_form(of_exception(error))}, status_code=503)

    return routes
