"""What a parser may ask of the process that it runs in: more time for long but bounded work, and idle cores."""

from __future__ import annotations

from collections.abc import Callable

_listeners: list[Callable[[], None]] = []
_lenders: list[Callable[[], Callable[[], None] | None]] = []


def more_time() -> None:
    """Say that a page is about to be recognised, which may take ``Limits.picture_seconds`` from now.

    Without it a file has the time of its limits in all. Outside of a worker process nothing is limited and this does
    nothing. To be called at most once for each page of a file; from any thread.
    """
    for listener in _listeners:
        listener()


def listen(listener: Callable[[], None]) -> None:
    """Tell ``listener`` of every request, in this process."""
    _listeners.append(listener)


def spare_core() -> Callable[[], None] | None:
    """A core beside the one that every file has, until what is returned is called; None where none is idle.

    Outside of a worker process there is none.
    """
    for lender in _lenders:
        if (give_back := lender()) is not None:
            return give_back
    return None


def lend(lender: Callable[[], Callable[[], None] | None]) -> None:
    """Have ``lender`` asked for cores, in this process."""
    _lenders.append(lender)
