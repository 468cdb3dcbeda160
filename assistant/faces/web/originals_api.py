"""``/api/documents/{id}/original`` and ``…/pages/{n}``: the file a document was read from, and how its pages look."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from assistant.domain.policy import Document
from assistant.faces.web.described import files
from assistant.faces.web.doors import Reading
from assistant.faces.web.edge import content_security_policy
from assistant.faces.web.errors import Fault, error_response
from assistant.ports import GuardedIndexes, Original, Originals

Id = Annotated[str, Path(max_length=64)]
# A file from outside is given for keeping, never shown: opened as a page, it could not even run.
_AS_FILE = {"Content-Security-Policy": f"{content_security_policy()}; sandbox"}
_MISSING = Fault(
    404, "original_not_found", "没有这份原件", "原件可能已移动、修改或在压缩包内；正文以本页为准", "document_id"
)


def router(indexes: GuardedIndexes, originals: Originals) -> APIRouter:
    """The routes of originals."""
    routes = APIRouter(prefix="/api/documents/{document_id}")

    def find(caller: Reading, document_id: str) -> Original | None:
        """The original of a document that the caller may see."""
        with indexes.seen_by(caller.clearance).lease() as index:
            seen = index.document(document_id) is not None
        return originals.original(document_id) if seen else None

    @routes.get(
        "/original",
        summary="Download the file that a document was read from",
        response_class=Response,
        responses=files("*/*"),
    )
    def original(caller: Reading, request: Request, document_id: Id) -> Response:
        found = find(caller, document_id)
        if found is None:
            return error_response(request, _MISSING)
        return FileResponse(found.path, media_type=found.media_type, filename=found.name, headers=_AS_FILE)

    @routes.get(
        "/pages/{number}",
        summary="See a page of a PDF or of a scan",
        response_class=Response,
        responses=files("image/jpeg", description="A picture."),
    )
    def page(
        caller: Reading, request: Request, document_id: Id, number: Annotated[int, Path(ge=1, le=100_000)]
    ) -> Response:
        found = find(caller, document_id)
        picture = originals.page(found, number) if found else None
        if picture is None:
            return error_response(request, _MISSING)
        return Response(picture, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})

    return routes


def original_json(originals: Originals | None, document: Document) -> dict[str, Any]:
    """``original`` of a document: its file's name, size in bytes, and how many pages can be seen."""
    found = originals.original(document.id) if originals else None
    if found is None:
        return {}
    pages = max(1, len(document.page_starts)) if found.drawable else 0
    return {"original": {"name": found.name, "size": found.size, "pages": pages}}
