"""A request to stop (Ctrl-C, SIGTERM): raised at once wherever the work is, told once, never lost."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_AGAIN_SECONDS = 0.5  # a finalizer, and the report of what it swallowed, have returned by then on a busy machine too


class StopRequest:
    """The handler of a request to stop, and the ``number`` of the signal that asked last.

    Everything that is saved survives ``kill -9``, so that the request may interrupt the work anywhere: it is raised as
    :class:`KeyboardInterrupt`. It takes no lock, for the thread that it interrupts may hold one.
    """

    def __init__(self) -> None:
        self.number = signal.SIGINT

    def __call__(self, number: int, _frame: FrameType | None) -> NoReturn:
        self.number = signal.Signals(number)
        raise KeyboardInterrupt


@contextmanager
def stoppable() -> Iterator[StopRequest]:
    """Raise requests to stop in the main thread, where the caller catches them.

    Two places catch them first. A finalizer cannot raise: Python reports the exception and goes on, so the request is
    made again. The pool of database connections raises it again after logging it as an error, which it is not.
    """
    request = StopRequest()
    before = {number: signal.signal(number, request) for number in (signal.SIGINT, signal.SIGTERM)}
    report = sys.unraisablehook
    here = threading.get_ident()
    again: list[threading.Timer] = []

    def unraisable(args: sys.UnraisableHookArgs) -> None:
        if args.exc_type is KeyboardInterrupt:  # sent to this thread, so that what it waits for is interrupted
            again.append(threading.Timer(_AGAIN_SECONDS, signal.pthread_kill, [here, request.number]))
            again[-1].start()
        else:
            report(args)

    handler = logging.lastResort or logging.NullHandler()  # `ingest` sets up no other: it reports through its outcome
    sys.unraisablehook = unraisable
    handler.addFilter(_no_interrupt)
    try:
        yield request
    finally:
        for timer in again:
            timer.cancel()
        handler.removeFilter(_no_interrupt)
        sys.unraisablehook = report
        for number, earlier in before.items():
            signal.signal(number, earlier)


def _no_interrupt(record: logging.LogRecord) -> bool:
    return not (record.exc_info and record.exc_info[0] is KeyboardInterrupt)
