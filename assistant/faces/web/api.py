"""``/api``: questions and documents as JSON, the contract that people's tools read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.domain.access import Identity
from assistant.domain.dialogue import Event, Failed, event_json
from assistant.domain.ledger.commitments import Entry
from assistant.domain.ledger.selection import Filters
from assistant.domain.policy import Document
from assistant.faces.document_list import info_json, matching
from assistant.faces.ledger_forms import today
from assistant.faces.suggestions import follow_ups, suggestions
from assistant.faces.web.described import ANSWER
from assistant.faces.web.doors import Asking, Questioning, Reading
from assistant.faces.web.errors import Fault, encodable, error_response, of_event
from assistant.faces.web.originals_api import original_json
from assistant.faces.web.related import standing_json
from assistant.faces.web.sse import frame, last_event, open_stream
from assistant.ports import Asker, GuardedIndexes, GuardedLedger, Index, Originals

Words = Annotated[StrictStr, AfterValidator(encodable)]


class AskBody(BaseModel):
    """A question. An unknown field is refused: a misspelt ``conversation_id`` would silently lose the history."""

    model_config = ConfigDict(extra="forbid")

    question: Words = Field(description="The question, in Chinese.")
    conversation_id: Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = Field(
        None, description="The id of an earlier answer's conversation, to ask a follow-up."
    )
    replaces: Annotated[StrictStr, Field(max_length=128)] | None = Field(
        None, description="The id of the conversation's last answer, to regenerate it or to edit its question."
    )
    stream: StrictBool = Field(False, description="Answer with server-sent events instead of one object.")


def router(
    asker: Asker, indexes: GuardedIndexes, originals: Originals | None = None, ledger: GuardedLedger | None = None
) -> APIRouter:
    """The routes of ``/api`` over these ports."""
    routes = APIRouter(prefix="/api")

    @routes.post("/ask", summary="Ask a question", responses=ANSWER)
    async def ask(caller: Questioning, request: Request, body: Annotated[AskBody, Body()]) -> Response:
        request.state.object, request.state.content = body.conversation_id or "", body.question
        events = asker.ask(body.question, reader=caller, conversation_id=body.conversation_id, replaces=body.replaces)
        if body.stream:
            return await open_stream(request.receive, events, _frames)
        event = await last_event(request.receive, events)
        if isinstance(event, Failed):
            return error_response(request, of_event(event))
        return JSONResponse(event.answer.to_json())

    @routes.get("/documents", summary="List documents")
    def documents(
        caller: Reading,
        q: Annotated[str, Query(max_length=200, description="Words that title, number or fields must hold.")] = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        offset: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    ) -> dict[str, Any]:
        with indexes.seen_by(caller.clearance).lease() as index:
            found = matching(index.documents(), q)
            return {
                "documents": [info_json(info) for info in found[offset : offset + limit]],
                "total": len(found),
                "limit": limit,
                "offset": offset,
                "index": index.name,
            }

    @routes.get("/documents/{document_id}", summary="Read a document with its clauses")
    def document(caller: Reading, request: Request, document_id: Annotated[str, Path(max_length=64)]) -> Response:
        with indexes.seen_by(caller.clearance).lease() as index:
            found = index.document(document_id)
            standing = standing_json(index, found) if found else {}
        if found is None:
            advice = "文件可能已更新或删除；请在文件列表中重新查找"
            return error_response(request, Fault(404, "document_not_found", "没有这份文件", advice, "document_id"))
        return JSONResponse({**document_json(found), **standing, **original_json(originals, found)})

    @routes.get("/suggestions", summary="Questions that this corpus can answer")
    def suggest(caller: Asking) -> dict[str, Any]:
        with indexes.seen_by(caller.clearance).lease() as index:
            infos = index.documents()
            return {"suggestions": suggestions(infos, rows(caller, index)), "documents": len(infos)}

    @routes.get("/follow-ups", summary="Questions to go on with after an answer")
    def going_on(
        caller: Asking,
        question: Annotated[Words, Query(max_length=2000, description="What was asked.")],
        cited: Annotated[
            list[Annotated[str, Query(pattern=r"^[^:]{1,64}:\d{1,9}$")]] | None,
            Query(max_length=20, description="The places that the answer cites: document_id:start."),
        ] = None,
    ) -> dict[str, Any]:
        with indexes.seen_by(caller.clearance).lease() as index:
            places = [(place.rpartition(":")[0], int(place.rpartition(":")[2])) for place in cited or ()]
            found = {document_id: index.document(document_id) for document_id, _ in places}
            there = [(document, start) for document_id, start in places if (document := found[document_id])]
            every = rows(caller, index)
            if not there:  # nothing was found: what can be asked at all
                return {"suggestions": suggestions(index.documents(), every)}
            near = [entry for entry in every if entry.document_id in found]
            return {"suggestions": follow_ups(question, there, near, every)}

    def rows(caller: Identity, index: Index) -> Sequence[Entry]:
        return ledger.seen_by(caller.clearance).chosen(index, Filters(today())) if ledger else ()

    return routes


def _frames(event: Event) -> tuple[str]:
    return (frame(event_json(event), event.type),)


def document_json(document: Document) -> dict[str, Any]:
    """A document as callers read it. Offsets count Unicode characters (code points) of ``text``, pages from 1."""
    return {
        "id": document.id,
        "title": document.title,
        "number": document.number,
        "kind": document.kind,
        "source": document.source,
        "text": document.text,
        "page_starts": list(document.page_starts),
        "fields": [
            {
                "name": field.name,
                "value": field.value,
                "as_written": field.as_written,
                "start": field.span.start,
                "end": field.span.end,
                "page": document.page_of(field.span.start),
            }
            for field in document.fields
        ],
        "clauses": [
            {
                "id": clause.id,
                "parent_id": clause.parent_id,
                "path": clause.path,
                "label": clause.label,
                "heading": clause.heading,
                "level": clause.level,
                "kind": clause.kind.value,
                "start": clause.span.start,
                "end": clause.span.end,
                "page": document.page_of(clause.span.start),
            }
            for clause in document.clauses
        ],
    }
