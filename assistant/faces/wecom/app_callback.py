"""``/wecom/app``: a self-built app's callback (pages 90238, 90239): XML in an AES envelope.

The vendor waits five seconds and then sends again: the answer to the callback is an empty 200 at once, the answer to
the member is pushed.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated

from fastapi import APIRouter, Query
from lxml import etree
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from assistant.faces.wecom.desk import Desk
from assistant.faces.wecom.envelope import BadEnvelope, Envelope
from assistant.faces.wecom.messages import BadMessage, Kind, Message, from_app
from assistant.faces.wecom.push import AppMessages, PushFailed
from assistant.faces.wecom.rendering import APP_BYTES
from assistant.faces.wecom.streams import FAILED

_log = logging.getLogger(__name__)
_Word = Annotated[str, Query(max_length=256)]
_Echo = Annotated[str, Query(max_length=4096)]
_AT_ONCE = 200  # answers under way
_LONGEST = 3 * APP_BYTES  # bytes of an answer, in up to three messages


class AppDesk:
    """Answers the app's messages in the background."""

    def __init__(self, desk: Desk, app: AppMessages) -> None:
        self._desk = desk
        self._app = app
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(_AT_ONCE)

    def take(self, message: Message) -> None:
        """Begin to answer; the reply goes to the member by push."""
        task = asyncio.get_running_loop().create_task(self._answer(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Wait for what is under way to be cut off."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _answer(self, message: Message) -> None:
        try:
            async with self._places:
                text = await self._text(message)
                await self._app.send(message.user, text)
        except PushFailed as error:
            _log.error("an answer could not be sent to WeCom: %s", error)
        except Exception:  # one message must not end the others
            _log.exception("a message could not be answered")

    async def _text(self, message: Message) -> str:
        if message.kind is Kind.ENTERED:
            return await run_in_threadpool(self._desk.welcome, message)
        text = ""
        try:
            async for draft in self._desk.drafts(message, limit=_LONGEST):
                text = draft.text
        except Exception:  # the member is told in any case
            _log.exception("a message could not be answered")
            return FAILED
        return text


def router(desk: Desk, answers: AppDesk, envelope: Envelope) -> APIRouter:
    """The app's address."""
    routes = APIRouter(prefix="/wecom", include_in_schema=False)

    @routes.get("/app", summary="WeCom app: address check")
    def check(msg_signature: _Word, timestamp: _Word, nonce: _Word, echostr: _Echo) -> Response:
        try:
            return PlainTextResponse(envelope.verify_url(msg_signature, timestamp, nonce, echostr))
        except BadEnvelope:
            return Response(status_code=403)

    @routes.post("/app", summary="WeCom app: messages")
    async def receive(request: Request, msg_signature: _Word, timestamp: _Word, nonce: _Word) -> Response:
        try:
            message = from_app(envelope.open(_encrypted(await request.body()), msg_signature, timestamp, nonce))
        except (BadEnvelope, BadMessage):
            return Response(status_code=403)
        if message.kind is not Kind.OTHER and await run_in_threadpool(desk.first_time, message):
            answers.take(message)
        return Response()

    return routes


def _encrypted(body: bytes) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        found = etree.fromstring(body, parser).findtext("Encrypt")
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadEnvelope from error
    if not found:
        raise BadEnvelope
    return str(found)
