"""Time in which the machine had no processor for a parser is not taken from its file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.pool import _Deadline
from ingest.starved import Starved
from tests.patience import until

COMPUTING = "while True: pass"


def test_a_process_that_shares_its_processor_is_starved_half_of_the_time() -> None:
    if not Path("/proc/self/task").is_dir() or not Starved(os.getpid())._waited():
        pytest.skip("the system does not tell how long a process waits")
    core = {min(os.sched_getaffinity(0))}
    commands = [[sys.executable, "-c", COMPUTING]] * 2
    with subprocess.Popen(commands[0]) as one, subprocess.Popen(commands[1]) as other:
        try:
            for process in (one, other):
                os.sched_setaffinity(process.pid, core)
            starved = Starved(one.pid)
            total = 0.0

            def waited() -> bool:
                nonlocal total
                total += starved.seconds()
                return total > 0.2

            until(waited)
        finally:
            one.kill()
            other.kill()


def test_nobody_is_starved_where_the_system_does_not_tell() -> None:
    assert Starved(2**22 + 1).seconds() == 0


def test_what_was_starved_is_added_and_not_more_than_tenfold(monkeypatch: pytest.MonkeyPatch) -> None:
    now, waited = [0.0], [0.0]
    monkeypatch.setattr("ingest.pool.time.monotonic", lambda: now[0])
    monkeypatch.setattr(Starved, "seconds", lambda _: waited[0])
    deadline = _Deadline(os.getpid(), 2.0)
    now[0], waited[0] = 2.0, 0.5
    assert not deadline.over()
    assert deadline.left() == 0.5
    now[0], waited[0] = 2.5, 0.0
    assert deadline.over()
    deadline = _Deadline(os.getpid(), 2.0)
    now[0], waited[0] = 22.4, 19.0
    assert not deadline.over()
    assert deadline.left() == pytest.approx(0.1)
    now[0] = 22.5
    assert deadline.over()
