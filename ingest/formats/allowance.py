"""How a parser asks for more time where its work is long but bounded, such as reading the print of one page."""

from __future__ import annotations

from collections.abc import Callable

_listeners: list[Callable[[float], None]] = []


def more_time(seconds: float) -> None:
    """Say that the next piece of work, one that ends by itself, may take up to ``seconds`` from now.

    Without it a file has the time of its limits in all. Outside of a worker process nothing is limited and this does
    nothing. To be called before each such piece, at most once for each page of a file.
    """
    for listener in _listeners:
        listener(seconds)


def listen(listener: Callable[[float], None]) -> None:
    """Tell ``listener`` of every request, in this process."""
    _listeners.append(listener)
