"""How long a process stood ready to run and was given no processor: a busy machine makes no file a bad one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


class Starved:
    """Linux tells it of every thread; elsewhere it is always 0."""

    def __init__(self, pid: int) -> None:
        self._tasks = Path(f"/proc/{pid}/task")
        self._before = self._waited()

    def seconds(self) -> float:
        """Since this was made or last asked, of the thread that waited longest: others wait at the same time."""
        before, self._before = self._before, self._waited()
        return max((so_far - before.get(thread, 0) for thread, so_far in self._before.items()), default=0) / 1e9

    def _waited(self) -> dict[str, int]:
        """Nanoseconds by thread: the second field of ``schedstat`` (the kernel's sched-stats.rst)."""
        found: dict[str, int] = {}
        with suppress(OSError):
            for task in self._tasks.iterdir():
                with suppress(OSError, ValueError, IndexError):
                    found[task.name] = int((task / "schedstat").read_text().split()[1])
        return found
