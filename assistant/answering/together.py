"""Reading for a crowd: on few threads, and once for those who ask the same in the same moment.

Reading a question is work for a processor, and Python does one such thing at a time: more threads than processors make
nobody's answer earlier, they take turns with each other and with the event loop, so that all answers come at the end.
Few threads take the questions in order. Who asks what is being read for another, of the same documents, waits for that.
Nothing is kept: a reading is shared only until it is done, so that no answer is older than its question.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from threading import RLock
from typing import Generic, TypeVar

T = TypeVar("T")

# Beside the processors two more, for those that wait: an embedder or a reranker may be across a network.
THREADS = (os.cpu_count() or 1) + 2


@dataclass(slots=True)
class _Going(Generic[T]):
    future: Future[T]
    waiting: int = 0


class Together(Generic[T]):
    """Work by key, on ``threads`` threads. Safe among threads and event loops; :meth:`close` lets the threads go."""

    def __init__(self, threads: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="read")
        self._lock = RLock()  # a future that is cancelled calls back at once, in the same thread
        self._going: dict[Hashable, _Going[T]] = {}

    async def done(self, key: Hashable, work: Callable[[], T]) -> T:
        """What ``work`` gives, or raises; that of another caller where the same ``key`` is under way.

        Work that has not begun when the last of its callers is cancelled is never done.
        """
        with self._lock:
            going = self._going.get(key)
            if going is None:
                going = self._going[key] = _Going(self._pool.submit(copy_context().run, work))
                going.future.add_done_callback(partial(self._over, key, going))
            going.waiting += 1
        try:
            return await asyncio.shield(asyncio.wrap_future(going.future))
        finally:
            with self._lock:
                going.waiting -= 1
                if not going.waiting:
                    going.future.cancel()  # nothing, where it has begun

    def close(self) -> None:
        """Let the threads go; what has not begun is not done."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _over(self, key: Hashable, gone: _Going[T], _: Future[T]) -> None:
        with self._lock:
            if self._going.get(key) is gone:
                del self._going[key]
