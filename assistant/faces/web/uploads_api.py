"""``/api/me``, ``POST /api/documents`` and ``/api/uploads``: what the caller may do, and files that they bring in.

A file is the body of a request and its name a parameter: nothing has to be taken apart, and no page of another origin
can send one without asking first.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.domain.access import Identity, Scope, Visibility
from assistant.domain.uploads import ENDINGS, Upload, safe_name
from assistant.errors import BadRequest, Conflict, NotFound
from assistant.faces.web.doors import Asking, Ingesting
from assistant.faces.web.errors import Fault, encodable, error_response
from assistant.ports import Uploads

PATH = "/api/documents"
_TYPE = "application/octet-stream"
_PIECE = 1 << 20  # bytes written at a time
Id = Annotated[str, Path(max_length=32), AfterValidator(encodable)]
Words = Annotated[str, Query(max_length=300), AfterValidator(encodable)]


def router(uploads: Uploads | None) -> APIRouter:
    """The routes; without ``uploads`` the service takes no files."""
    routes = APIRouter(prefix="/api")

    @routes.get("/me", summary="What the caller may do")
    def me(caller: Asking) -> dict[str, Any]:
        may = sorted(scope.value for scope in Scope if caller.may(scope))
        if uploads is None or not caller.may(Scope.INGEST):
            return {"may": may, "upload": None}
        limits = {"max_bytes": uploads.most_bytes, "endings": sorted(ENDINGS), "visibility": str(uploads.default)}
        return {"may": may, "upload": limits}

    if uploads is not None:
        _add(routes, uploads)
    return routes


def _add(routes: APIRouter, uploads: Uploads) -> None:
    def of(caller: Identity) -> list[Upload]:
        """Those that the caller may know of: their own, and what they may see."""
        return [u for u in uploads.all() if u.by == caller.owner or caller.clearance.sees(u.visibility)]

    def one(caller: Identity, upload_id: str) -> Upload:
        for upload in of(caller):
            if upload.id == upload_id:
                return upload
        raise NotFound("没有这份上传的文件。", "它可能已被删除；请刷新列表。", "upload_not_found", "upload_id")

    @routes.post("/documents", summary="Bring a file in (the file as the body)", status_code=202)
    async def bring(
        caller: Ingesting,
        request: Request,
        name: Annotated[Words, Query(description="The file's name with its ending.")],
        visibility: Annotated[
            Words, Query(description="公开, 内部 or 部门:名称、名称; unset: as before, or the service's own.")
        ] = "",
        replaces: Annotated[
            str | None, Query(max_length=32, description="The id of the upload of which this is a new version.")
        ] = None,
    ) -> Response:
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != _TYPE:
            advice = f"请加上请求头 Content-Type: {_TYPE}，请求体就是文件本身"
            return error_response(request, Fault(415, "unsupported_media_type", "请求体须为文件", advice))
        kept, label = _named(name), _labelled(visibility) if visibility else uploads.default
        if replaces is not None:
            old = await run_in_threadpool(one, caller, replaces)
            label = label if visibility else old.visibility
        elif any(u.name == kept for u in await run_in_threadpool(of, caller)):
            raise Conflict(
                f"已有同名文件“{kept}”。", "要作为它的新版本请说明替换，否则请改名后再上传。", "same_name", "name"
            )
        with uploads.receiving() as file:
            waiting = bytearray()
            async for piece in request.stream():
                waiting += piece
                if len(waiting) >= _PIECE:
                    await run_in_threadpool(file.write, bytes(waiting))
                    waiting.clear()
            file.write(waiting)
            if not file.tell():
                raise BadRequest("文件是空的。", "请检查文件后重新选择。", "empty_file", "name")
            upload = await run_in_threadpool(uploads.keep, file, kept, label, caller.owner, replaces)
        request.state.object = upload.id
        return JSONResponse(upload_json(upload), 202, {"Location": f"/api/uploads/{upload.id}"})

    @routes.get("/uploads", summary="Files that were brought in, and how far they have come")
    def listed(caller: Ingesting) -> dict[str, Any]:
        found = [upload_json(upload) for upload in of(caller)]
        return {"uploads": found, "total": len(found)}

    @routes.get("/uploads/{upload_id}", summary="One of them")
    def read(caller: Ingesting, upload_id: Id) -> dict[str, Any]:
        return upload_json(one(caller, upload_id))

    @routes.delete("/uploads/{upload_id}", summary="Take a file and its documents out again", status_code=202)
    def remove(caller: Ingesting, upload_id: Id) -> dict[str, Any]:
        return upload_json(uploads.remove(one(caller, upload_id).id))


def _named(name: str) -> str:
    try:
        return safe_name(name)
    except ValueError as error:
        advice = "可上传 PDF、Word、WPS、Excel、OFD、网页、邮件、图片、文本和 ZIP。"
        raise BadRequest(f"{error}。", advice, "unsupported_type", "name") from None


def _labelled(words: str) -> Visibility:
    try:
        return Visibility.parse(words)
    except ValueError as error:
        raise BadRequest(f"{error}。", "请改正可见范围。", "invalid_field", "visibility") from None


def upload_json(upload: Upload) -> dict[str, Any]:
    """An upload as callers read it."""
    return {
        "id": upload.id,
        "name": upload.name,
        "size": upload.size,
        "visibility": str(upload.visibility),
        "by": upload.by,
        "uploaded_at": upload.at,
        "state": upload.state.value,
        "message": upload.message,
        "stage": asdict(upload.stage) if upload.stage else None,
        "documents": [{"id": document_id, "title": title} for document_id, title in upload.documents],
        "problems": [{"place": p.place, "reason": p.reason, "lost": p.lost} for p in upload.problems],
    }
