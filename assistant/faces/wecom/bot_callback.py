"""``/wecom/aibot``: the robot's callback (pages 100719, 101031, 101033): JSON in an AES envelope, polled."""

from __future__ import annotations

import json
import logging
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from assistant.faces.wecom.desk import MEDIA, Desk, Draft
from assistant.faces.wecom.envelope import BadEnvelope, Envelope
from assistant.faces.wecom.messages import BadMessage, Kind, Message, from_robot
from assistant.faces.wecom.push import ResponseUrl
from assistant.faces.wecom.streams import Streams, new_id

_log = logging.getLogger(__name__)
_Word = Annotated[str, Query(max_length=256)]
_Echo = Annotated[str, Query(max_length=4096)]


def router(desk: Desk, envelope: Envelope, streams: Streams, response_url: ResponseUrl, name: str = "") -> APIRouter:
    """The robot's address; ``name`` is what the robot is called in groups."""
    routes = APIRouter(prefix="/wecom", include_in_schema=False)

    @routes.get("/aibot", summary="WeCom robot: address check")
    def check(msg_signature: _Word, timestamp: _Word, nonce: _Word, echostr: _Echo) -> Response:
        try:
            return PlainTextResponse(envelope.verify_url(msg_signature, timestamp, nonce, echostr))
        except BadEnvelope:
            return Response(status_code=403)

    @routes.post("/aibot", summary="WeCom robot: messages")
    async def receive(request: Request, msg_signature: _Word, timestamp: _Word, nonce: _Word) -> Response:
        try:
            body = json.loads(await request.body())
            opened = json.loads(envelope.open(str(body["encrypt"]), msg_signature, timestamp, nonce))
            message = from_robot(opened, name)
        except (BadEnvelope, BadMessage, ValueError, KeyError, TypeError):
            return Response(status_code=403)
        reply = await _reply(message)
        return JSONResponse(envelope.seal(json.dumps(reply, ensure_ascii=False), nonce)) if reply else Response()

    async def _reply(message: Message) -> dict[str, Any] | None:
        match message.kind:
            case Kind.POLL:
                return _stream(message.stream, streams.poll(message.stream))
            case Kind.ENTERED:
                welcome = await run_in_threadpool(desk.welcome, message)
                return {"msgtype": "text", "text": {"content": welcome}}
            case Kind.FEEDBACK:
                await run_in_threadpool(desk.judged, message)
                return None
            case Kind.MEDIA:
                return _stream(new_id(), Draft(MEDIA, final=True))
            case Kind.QUESTION:
                return await _begin(message)
            case _:
                return None

    async def _begin(message: Message) -> dict[str, Any] | None:
        if (known := streams.of_message(message.id)) is not None:
            return _stream(known, streams.poll(known))
        if not await run_in_threadpool(desk.first_time, message):
            return None  # answered before a restart
        stream = new_id()

        async def push(text: str) -> None:
            await response_url.send(message.response_url, text)

        draft = streams.begin(stream, desk.drafts(message, feedback=stream), message.id, push)
        return _stream(stream, draft, feedback=stream)

    return routes


def _stream(stream_id: str, draft: Draft, feedback: str = "") -> dict[str, Any]:
    stream: dict[str, Any] = {"id": stream_id, "finish": draft.final, "content": draft.text}
    if feedback:  # on the first reply only
        stream["feedback"] = {"id": feedback}
    return {"msgtype": "stream", "stream": stream}
