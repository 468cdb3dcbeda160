"""Work that the service does for itself while it runs: once at the start and then every day."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

from assistant.errors import AssistantError

log = logging.getLogger(__name__)
_DAY = 86_400.0  # seconds


def daily(work: Callable[[], None], every: float = _DAY) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """A lifespan during which ``work`` is done at once and then every so many seconds, beside the loop."""

    async def again_and_again() -> None:
        while True:
            try:
                await asyncio.to_thread(work)
            except AssistantError:
                log.exception("the daily upkeep failed; it is tried again")
            await asyncio.sleep(every)

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        task = asyncio.create_task(again_and_again())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return lifespan
