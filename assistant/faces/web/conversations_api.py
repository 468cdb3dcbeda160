"""``/api/conversations``: what its owner asked before: listed, reloaded whole, renamed, deleted, exported."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Body, Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictStr
from starlette.responses import JSONResponse, Response

from assistant.domain.access import Identity
from assistant.domain.conversations import Conversation, KeptTurn, readable, title_of
from assistant.errors import BadRequest
from assistant.faces.transcripts import conversation_json, json_text, markdown_text, whole_json
from assistant.faces.web.described import files
from assistant.faces.web.doors import Asking
from assistant.faces.web.errors import encodable
from assistant.ports import ConversationArchive, GuardedIndexes

Id = Annotated[str, Path(max_length=128), AfterValidator(encodable)]
_MEDIA_TYPES = {"json": "application/json", "markdown": "text/markdown; charset=utf-8"}
_ENDINGS = {"json": "json", "markdown": "md"}


class RenameBody(BaseModel):
    """A new title; white space is folded and what is too long is cut."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[StrictStr, Field(max_length=200), AfterValidator(encodable)]


def router(archive: ConversationArchive, indexes: GuardedIndexes) -> APIRouter:
    """The routes of conversations."""
    routes = APIRouter(prefix="/api/conversations")

    def kept(caller: Identity, conversation_id: str) -> tuple[Conversation, list[KeptTurn]]:
        conversation, turns = archive.conversation(conversation_id, caller.owner)
        cited = {c["document_id"] for turn in turns for c in turn.answer["citations"]}
        hidden = indexes.hidden(caller.clearance, cited)
        return conversation, [readable(turn, hidden) for turn in turns]

    @routes.get("", summary="List conversations")
    def conversations(
        caller: Asking,
        q: Annotated[
            str, Query(max_length=200, description="Words that the title must hold."), AfterValidator(encodable)
        ] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    ) -> dict[str, Any]:
        found, total = archive.conversations(caller.owner, words=q, limit=limit, offset=offset)
        listed = [conversation_json(conversation) for conversation in found]
        return {"conversations": listed, "total": total, "limit": limit, "offset": offset}

    @routes.get("/{conversation_id}", summary="Read a conversation with all its turns")
    def conversation(caller: Asking, conversation_id: Id) -> Response:
        return JSONResponse(whole_json(*kept(caller, conversation_id)))

    @routes.patch("/{conversation_id}", summary="Rename a conversation")
    def rename(caller: Asking, conversation_id: Id, body: Annotated[RenameBody, Body()]) -> dict[str, Any]:
        title = title_of(body.title)
        if not title:
            raise BadRequest("标题是空的。", "请写明标题。", param="title")
        return conversation_json(archive.rename(conversation_id, caller.owner, title))

    @routes.delete("/{conversation_id}", summary="Delete a conversation", status_code=204)
    def delete(caller: Asking, conversation_id: Id) -> Response:
        archive.delete(conversation_id, caller.owner)
        return Response(status_code=204)

    @routes.get(
        "/{conversation_id}/export",
        summary="Download a conversation",
        responses=files(*(kind.split(";")[0] for kind in _MEDIA_TYPES.values())),
    )
    def export(
        caller: Asking,
        conversation_id: Id,
        format: Annotated[Literal["markdown", "json"], Query(description="For people, or for programs.")] = "markdown",
    ) -> Response:
        info, turns = kept(caller, conversation_id)
        text = (json_text if format == "json" else markdown_text)(info, turns)
        ending = _ENDINGS[format]
        chinese = quote(f"{info.title}.{ending}", safe="")
        headers = {"Content-Disposition": f"attachment; filename=\"conversation.{ending}\"; filename*=UTF-8''{chinese}"}
        return Response(text.encode(), media_type=_MEDIA_TYPES[format], headers=headers)

    return routes
