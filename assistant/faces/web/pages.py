"""The pages: static files of this package, filled in by their own scripts over ``/api``."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, HTMLResponse

from assistant.faces.web.edge import content_security_policy

STATIC = Path(__file__).parent / "static"


def router(embedders: Sequence[str] = ()) -> APIRouter:
    """``/``, ``/ledger``, ``/documents/{id}``, ``/widget`` and ``/widget.js``; all take GET and HEAD.

    ``embedders`` are the origins whose pages may show ``/widget`` in a frame; pages of the service itself always may.
    The frame is told them too, because it answers messages of these origins only.
    """
    routes = APIRouter(include_in_schema=False)
    origins = " ".join(embedders)
    frame = (STATIC / "widget.html").read_text(encoding="utf-8").replace("{{embedders}}", escape(origins))
    frame_headers = {"Content-Security-Policy": content_security_policy(f"'self' {origins}".strip())}

    @routes.api_route("/", methods=["GET", "HEAD"])
    def chat() -> FileResponse:
        return FileResponse(STATIC / "index.html")

    @routes.api_route("/ledger", methods=["GET", "HEAD"])
    def ledger() -> FileResponse:
        return FileResponse(STATIC / "ledger.html")

    @routes.api_route("/documents/{document_id}", methods=["GET", "HEAD"])
    def document(document_id: str) -> FileResponse:
        return FileResponse(STATIC / "document.html")

    @routes.api_route("/widget", methods=["GET", "HEAD"])
    def widget() -> HTMLResponse:
        return HTMLResponse(frame, headers=frame_headers)

    @routes.api_route("/widget.js", methods=["GET", "HEAD"])
    def embedding() -> FileResponse:
        return FileResponse(STATIC / "widget.js", media_type="text/javascript")

    return routes
