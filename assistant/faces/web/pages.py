"""The pages: static files of this package, filled in by their own scripts over ``/api``."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse

STATIC = Path(__file__).parent / "static"


def router() -> APIRouter:
    """``/``, ``/ledger`` and ``/documents/{id}``; all take GET and HEAD."""
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/", methods=["GET", "HEAD"])
    def chat() -> FileResponse:
        return FileResponse(STATIC / "index.html")

    @routes.api_route("/ledger", methods=["GET", "HEAD"])
    def ledger() -> FileResponse:
        return FileResponse(STATIC / "ledger.html")

    @routes.api_route("/documents/{document_id}", methods=["GET", "HEAD"])
    def document(document_id: str) -> FileResponse:
        return FileResponse(STATIC / "document.html")

    return routes
