"""Waiting for what a test looks for.

A limit here ends a test that would hang; it measures nothing: the machine may be slow and busy with other work. What
has to come before something else is held to that by a gate (:class:`tests.fakes.asker.Held`), never by a duration.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

SECONDS = 60.0  # how long anything may take that comes at once on an idle machine


def until(condition: Callable[[], object], missing: object = "it did not happen") -> None:
    """Look again and again whether a condition holds; an assertion fails, saying what is ``missing``, where it never
    does."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, missing() if callable(missing) else missing
        time.sleep(0.01)


async def until_async(condition: Callable[[], object], missing: str = "it did not happen") -> None:
    """The same in an event loop, that goes on meanwhile."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, missing
        await asyncio.sleep(0.01)
