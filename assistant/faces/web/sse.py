"""An asker's events over HTTP: read by one task, sent as they come, stopped as soon as nobody listens.

The framework notices a lost client only when it next sends something, so both ways of answering here also watch
for the disconnect themselves: the work stops within moments even while the asker is silent.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from assistant.domain.dialogue import Done, Event, Failed
from assistant.errors import AssistantError

PING_SECONDS = 15.0  # silence after which a comment keeps proxies from closing the stream
_AHEAD = 32  # events an asker may be ahead of a slow reader
T = TypeVar("T")

log = logging.getLogger(__name__)


class Feed:
    """The events of one question. The iterator lives in a task of its own from its first step to its closing.

    One task, because time limits and cancel scopes inside an asker are bound to the task that runs it.
    """

    def __init__(self, events: AsyncIterator[Event]) -> None:
        self._queue: asyncio.Queue[Event | Exception] = asyncio.Queue(_AHEAD)
        self._task = asyncio.create_task(self._pump(events))

    async def _pump(self, events: AsyncIterator[Event]) -> None:
        try:
            async for event in events:
                await self._queue.put(event)
                if isinstance(event, Done | Failed):
                    return
            raise RuntimeError("the asker ended without `done` or `error`")
        except Exception as error:
            await self._queue.put(error)
        finally:
            close = getattr(events, "aclose", None)  # generators have it, other iterators may not
            if close is not None:
                await close()

    async def take(self) -> Event | Exception:
        """The next event, or what the asker raised: a value, so that its time-outs are not taken for ours."""
        return await self._queue.get()

    async def next(self) -> Event:
        """The next event; raises what the asker raised. Nothing may be asked for after the last event."""
        item = await self.take()
        if isinstance(item, Exception):
            raise item
        return item

    async def close(self) -> None:
        """Stop the work and wait until it has stopped."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def while_connected(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Await ``work``, or cancel it and raise :class:`ClientDisconnect` when the client goes away first."""

    async def disconnect() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    working, leaving = asyncio.ensure_future(work), asyncio.create_task(disconnect())
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def last_event(receive: Receive, events: AsyncIterator[Event]) -> Done | Failed:
    """Run the question to its end. Raises what the asker raises, ClientDisconnect when nobody waits any more."""
    feed = Feed(events)

    async def read() -> Done | Failed:
        while not isinstance(event := await feed.next(), Done | Failed):
            pass
        return event

    try:
        return await while_connected(receive, read())
    finally:
        await feed.close()


async def open_stream(
    receive: Receive, events: AsyncIterator[Event], encode: Callable[[Event], Iterable[str]]
) -> Response:
    """Start the question and answer with its stream once there is a first event.

    What the asker refuses before its first event is raised here, so that it leaves with a proper status.
    """
    feed = Feed(events)
    try:
        first = await while_connected(receive, feed.next())
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
            await while_connected(receive, self._run(send))
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
            event = await self._next(write)
        await write("", more=False)

    async def _next(self, write: Callable[[str], Coroutine[Any, Any, None]]) -> Event:
        while True:
            try:
                item = await asyncio.wait_for(self._feed.take(), PING_SECONDS)
            except TimeoutError:
                await write(": ping\n\n")
                continue
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
