"""Cores that the workers of one run share: as many as files are parsed at once (``--jobs``).

A file takes one while it is parsed, and one more for each further page that it recognises at the same time. So a long
scan has all cores while nothing else is to be done, and one of them while other files are parsed beside it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cores:
    """``count`` cores, each a file in ``folder``. Who holds the lock on it has the core.

    The system lets go of a lock when its process ends, however it ends.
    """

    folder: Path
    count: int

    def take(self) -> Callable[[], None] | None:
        """An idle core, until what is returned is called; None where there is none."""
        for number in range(self.count):
            try:
                descriptor = os.open(self.folder / f"core-{number}", os.O_RDWR | os.O_CREAT, 0o600)
            except OSError:  # the run is over, and its folder gone
                return None
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(descriptor)
            else:
                return partial(os.close, descriptor)
        return None
