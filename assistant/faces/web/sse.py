"""An asker's events over HTTP: read by one task, sent as they come, stopped as soon as nobody listens.

The framework notices a lost client only when it next sends something, so a task beside also watches for the disconnect:
the work stops within moments even while the asker is silent. What it sees goes through the same queue as the events, so
that an event is on its way one turn of the loop after the asker gave it, however many streams are open.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any
from weakref import WeakSet

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from assistant.domain.dialogue import Done, Event, Failed
from assistant.errors import AssistantError, Stopping

PING_SECONDS = 15.0  # silence after which a comment keeps proxies from closing the stream
_AHEAD = 32  # events an asker may be ahead of a slow reader

log = logging.getLogger(__name__)


_open: WeakSet[Feed] = WeakSet()


def end_feeds() -> None:
    """Have every question that is under way end with an error that says that the service stops."""
    for feed in list(_open):
        feed.end(Stopping("服务正在停止或重新启动，回答没有写完。", "请稍后再问一次。"))


class Feed:
    """The events of one question. The iterator lives in a task of its own from its first step to its closing.

    One task, because time limits and cancel scopes inside an asker are bound to the task that runs it. When the client
    goes, the work is cancelled and :class:`ClientDisconnect` is the last item.
    """

    def __init__(self, events: AsyncIterator[Event], receive: Receive) -> None:
        self._queue: asyncio.Queue[Event | Exception] = asyncio.Queue()
        self._room = asyncio.Semaphore(_AHEAD)
        self._work = asyncio.create_task(self._pump(events))
        self._watch = asyncio.create_task(self._notice(receive))
        _open.add(self)

    async def _pump(self, events: AsyncIterator[Event]) -> None:
        try:
            async for event in events:
                await self._room.acquire()
                self._queue.put_nowait(event)
                if isinstance(event, Done | Failed):
                    return
            raise RuntimeError("the asker ended without `done` or `error`")
        except Exception as error:
            self._queue.put_nowait(error)
        finally:
            close = getattr(events, "aclose", None)  # generators have it, other iterators may not
            if close is not None:
                await close()

    async def _notice(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._work.cancel()
        self._queue.put_nowait(ClientDisconnect())

    async def take(self) -> Event | Exception:
        """The next event, or what ended them: a value, so that an asker's time-outs are not taken for ours."""
        item = await self._queue.get()
        self._room.release()
        return item

    async def next(self) -> Event:
        """The next event; raises what the asker raised, ClientDisconnect when nobody waits any more.

        Nothing may be asked for after the last event.
        """
        item = await self.take()
        if isinstance(item, Exception):
            raise item
        return item

    def end(self, error: AssistantError) -> None:
        """Stop the work; ``error`` is the last item."""
        self._work.cancel()
        self._queue.put_nowait(error)

    async def close(self) -> None:
        """Stop the work and wait until it has stopped."""
        _open.discard(self)
        self._work.cancel()
        self._watch.cancel()
        await asyncio.gather(self._work, self._watch, return_exceptions=True)


async def last_event(receive: Receive, events: AsyncIterator[Event]) -> Done | Failed:
    """Run the question to its end. Raises what the asker raises, ClientDisconnect when nobody waits any more."""
    feed = Feed(events, receive)
    try:
        while not isinstance(event := await feed.next(), Done | Failed):
            pass
        return event
    finally:
        await feed.close()


async def open_stream(
    receive: Receive, events: AsyncIterator[Event], encode: Callable[[Event], Iterable[str]]
) -> Response:
    """Start the question and answer with its stream once there is a first event.

    What the asker refuses before its first event is raised here, so that it leaves with a proper status.
    """
    feed = Feed(events, receive)
    try:
        first = await feed.next()
    except BaseException:
        await feed.close()
        raise
    return EventStream(first, feed, encode)


class EventStream(Response):
    """Server-sent events, one write an event; ``encode`` turns an event into frames."""

    media_type = "text/event-stream"

    def __init__(self, first: Event, feed: Feed, encode: Callable[[Event], Iterable[str]]) -> None:
        super().__init__(headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._first, self._feed, self._encode = first, feed, encode

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._run(send)
        except ClientDisconnect:
            log.info("the client left; the question was stopped")
        finally:
            await self._feed.close()

    async def _run(self, send: Send) -> None:
        async def write(text: str, more: bool = True) -> None:
            await send({"type": "http.response.body", "body": text.encode(), "more_body": more})

        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        event = self._first
        while True:
            await write("".join(self._encode(event)))
            if isinstance(event, Done | Failed):
                break
            while (coming := await self._next()) is None:
                await write(": ping\n\n")
            event = coming
        await write("", more=False)

    async def _next(self) -> Event | None:
        """The next event; None when it has been silent for long. Raises ClientDisconnect."""
        try:
            async with asyncio.timeout(PING_SECONDS):
                item = await self._feed.take()
        except TimeoutError:
            return None
        if isinstance(item, ClientDisconnect):
            raise item
        return _as_event(item) if isinstance(item, Exception) else item


def _as_event(error: Exception) -> Failed:
    if isinstance(error, AssistantError):
        return Failed(error.code, str(error))
    log.error("the question path failed in the middle of a stream", exc_info=error)
    return Failed("internal", "服务内部出错，请稍后重试")


def frame(data: Any, event: str | None = None) -> str:
    """One server-sent event. JSON keeps line breaks escaped, so that the data is always one line."""
    name = f"event: {event}\n" if event else ""
    return f"{name}data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"
