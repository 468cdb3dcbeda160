"""Answers under way, which the vendor asks for again and again until they are finished (page 101031)."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from assistant.faces.wecom.desk import SEARCHING, Draft

_log = logging.getLogger(__name__)

LONGEST = 330.0
"""Seconds after which a stream is ended with a promise; the vendor drops it after 360 from the member's message."""
_KEPT = 600.0  # seconds that a finished stream can still be asked for
LATER = "这个问题查得较久，完成后会另行发送。"
GONE = "这次回答已不在，请重新提问。"
FAILED = "服务暂时出错，请稍后再问。"
BUSY = "现在提问的人较多，请稍后再问。"

BEGINNING = 12
"""Answers that may be looked up, or waited for, at once; more begin one after another. Where hundreds ask in the same
moment, the callbacks, for which the vendor waits five seconds, would else wait behind the work for all of them."""

Push = Callable[[str], Awaitable[None]]


@dataclass(slots=True)
class _Stream:
    begun: float
    draft: Draft = field(default_factory=lambda: Draft(SEARCHING))
    promised: bool = False  # that the answer will come by push
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class Streams:
    """Runs drafts in the background and gives the latest of each. For one event loop; ``most`` at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = 1000) -> None:
        self._clock = clock
        self._most = most
        self._streams: dict[str, _Stream] = {}
        self._by_message: dict[str, str] = {}
        self._beginning = asyncio.Semaphore(BEGINNING)

    def of_message(self, message_id: str) -> str | None:
        """The stream that a message already has: the vendor sends a message again that it believes lost."""
        return self._by_message.get(message_id)

    def begin(self, stream_id: str, drafts: AsyncIterator[Draft], message_id: str, push: Push | None) -> Draft:
        """Run ``drafts`` under a new id. ``push`` sends the answer where it comes after the stream had to end."""
        self._forget()
        if sum(not s.draft.final for s in self._streams.values()) >= self._most:
            return Draft(BUSY, final=True)
        stream = self._streams[stream_id] = _Stream(self._clock())
        if message_id:
            self._by_message[message_id] = stream_id
        stream.task = asyncio.get_running_loop().create_task(self._run(stream, drafts, push))
        return stream.draft

    def poll(self, stream_id: str) -> Draft:
        """How far a stream is."""
        stream = self._streams.get(stream_id)
        if stream is None:
            return Draft(GONE, final=True)
        if not stream.draft.final and self._clock() - stream.begun >= LONGEST:
            stream.promised = True
            text = stream.draft.text
            return Draft(f"{text}\n\n{LATER}" if text != SEARCHING else LATER, final=True)
        return stream.draft

    async def close(self) -> None:
        """End what is under way; those who poll are told."""
        tasks = [s.task for s in self._streams.values() if s.task and not s.task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self, stream: _Stream, drafts: AsyncIterator[Draft]) -> None:
        """Take in the drafts; the place among those that begin is given back with the first words."""
        async with AsyncExitStack() as place:
            await place.enter_async_context(self._beginning)
            async for draft in drafts:
                stream.draft = draft
                if draft.text != SEARCHING:
                    await place.aclose()

    async def _run(self, stream: _Stream, drafts: AsyncIterator[Draft], push: Push | None) -> None:
        try:
            await self._follow(stream, drafts)
        except asyncio.CancelledError:
            stream.draft = Draft(FAILED, final=True)
            raise
        except Exception:  # a defect on one message must not leave a member waiting
            _log.exception("a message could not be answered")
        if not stream.draft.final:
            stream.draft = Draft(FAILED, final=True)
        if stream.promised and push is not None:
            await push(stream.draft.text)

    def _forget(self) -> None:
        now = self._clock()
        old = {i for i, s in self._streams.items() if s.draft.final and now - s.begun > _KEPT}
        for stream_id in old:
            del self._streams[stream_id]
        if old:
            self._by_message = {m: i for m, i in self._by_message.items() if i not in old}


def new_id() -> str:
    """An id for a stream or its feedback."""
    return secrets.token_hex(16)
