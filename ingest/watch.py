"""Taking in a folder again whenever something in it changes, until asked to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

from assistant.errors import AssistantError

_SETTLE_MS = 2000  # a burst of changes, such as a folder that is being copied, is gathered for as long as it lasts…
_SETTLE_AT_MOST_MS = 30_000  # …but no longer than this
_TICK_MS = 1000  # how often it looks whether it is time
_RETRY_SECONDS = 30.0  # after a failure


def watch(
    paths: Sequence[Path],
    ingest: Callable[[], None],
    failed: Callable[[AssistantError], None],
    stop: threading.Event,
    *,
    every: float,
    leave_out: Path,
    settle_ms: int = _SETTLE_MS,
) -> None:
    """Call ``ingest`` at once, after every burst of changes under ``paths``, and every so many seconds.

    The last is for shared drives, which do not tell of changes made elsewhere. Changes under ``leave_out`` (the data
    folder) do not count. An :class:`AssistantError` is handed to ``failed`` and tried again soon; nothing else is
    caught. Returns once ``stop`` is set.
    """
    from watchfiles import watch as changes

    def counts(_: object, path: str) -> bool:
        return not Path(path).is_relative_to(leave_out)

    due = monotonic()
    pending = True
    while not stop.is_set():
        if missing := [path for path in paths if not path.exists()]:
            # A drive that is not there now: what is in the library stays, and the drive may come back.
            failed(AssistantError(f"路径不存在：{missing[0]}", "等它恢复后会自动继续。"))
            stop.wait(min(every, _RETRY_SECONDS))
            continue
        # The watch begins before the folder is read, so that nothing is missed that changes meanwhile.
        for found in changes(
            *paths,
            watch_filter=counts,
            debounce=_SETTLE_AT_MOST_MS,
            step=settle_ms,
            stop_event=stop,
            rust_timeout=_TICK_MS,
            yield_on_timeout=True,
            raise_interrupt=True,
        ):
            if stop.is_set():
                return
            if found or pending:
                pending = False
                due = monotonic() + (every if _attempt(ingest, failed) else min(every, _RETRY_SECONDS))
            elif monotonic() >= due:
                pending = True  # and watch anew: a folder that was removed and made again is another one
                break


def _attempt(ingest: Callable[[], None], failed: Callable[[AssistantError], None]) -> bool:
    try:
        ingest()
    except AssistantError as error:
        failed(error)
        return False
    return True
