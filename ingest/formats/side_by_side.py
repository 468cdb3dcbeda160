"""Long pieces of work, such as reading the print of a page, on as many cores as are idle; results in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

from ingest.formats.allowance import spare_core

T = TypeVar("T")
_MOST = 64  # pieces at once, however many cores there are


@dataclass(frozen=True, slots=True)
class Later(Generic[T]):
    """A piece of work that is worth a thread. It must not raise but for a lack of memory."""

    work: Callable[[], T]


def in_order(pieces: Iterable[T | Later[T]]) -> Iterator[T]:
    """What the pieces give, in their order.

    One piece always runs, and others beside it while cores are idle (:func:`~ingest.formats.allowance.spare_core`).
    ``pieces`` is drawn from in the caller's thread, and not before there is a core for what it gives, so that no more
    is held ready than is being worked on.
    """
    waiting: deque[T | Future[T]] = deque()
    running: dict[Future[T], Callable[[], None] | None] = {}  # and how to give their core back; None for the file's own

    def settle(*, block: bool) -> None:
        done, _ = wait(running, timeout=None if block else 0, return_when=FIRST_COMPLETED)
        for future in done:
            if (give_back := running.pop(future)) is not None:
                give_back()

    with ThreadPoolExecutor(_MOST, "piece") as threads:
        try:
            for piece in pieces:
                if isinstance(piece, Later):
                    settle(block=False)
                    core = None
                    while None in running.values() and (core := spare_core()) is None:
                        settle(block=True)
                    future = threads.submit(piece.work)
                    running[future] = core
                    waiting.append(future)
                else:
                    waiting.append(piece)
                while waiting and (not isinstance(waiting[0], Future) or waiting[0].done()):
                    first = waiting.popleft()
                    yield first.result() if isinstance(first, Future) else first
            for rest in waiting:
                yield rest.result() if isinstance(rest, Future) else rest
        finally:
            while running:
                settle(block=True)
