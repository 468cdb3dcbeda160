"""The command ``ingest`` as a process beside us: the question path asks for its work, and never imports it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.uploads import Stage

_STOP_SECONDS = 20.0  # ingest stops between two steps; after that it is killed, which loses nothing but the step
_OUTCOMES = {0: "done", 1: "done", 3: "busy"}  # exit codes of `ingest`; 1: text of some file was lost
_LAST_LINES = 5


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: ``done``, ``busy`` (another run is at work) or ``failed``, with what it said."""

    outcome: str
    said: str = ""


class IngestProcess:
    """Runs ``ingest`` commands one after the other; :meth:`stop` may be called from any thread."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """``environment`` comes over our own."""
        self._environment = {**os.environ, **environment, "PYTHONIOENCODING": "utf-8"}
        self._running: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def run(self, arguments: Sequence[str], note: Callable[[Stage], None]) -> Ended:
        """Run a command to its end; ``note`` is told of its progress."""
        command = [sys.executable, "-m", "ingest", *arguments]
        with self._lock:
            if self._stopped:
                return Ended("busy")
            process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                env=self._environment,
                start_new_session=True,  # Ctrl-C at our terminal is for us to hand on
            )
            self._running = process
        said: deque[str] = deque(maxlen=_LAST_LINES)
        assert process.stderr is not None
        with process.stderr as lines:
            for line in lines:
                if (stage := _stage(line)) is not None:
                    note(stage)
                elif line.strip():
                    said.append(line.strip())
        code = process.wait()
        with self._lock:
            self._running = None
            if self._stopped:
                return Ended("busy")
        return Ended(_OUTCOMES.get(code, "failed"), "\n".join(said))

    def stop(self) -> None:
        """End the run under way, and let none begin."""
        with self._lock:
            self._stopped = True
            process = self._running
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _stage(line: str) -> Stage | None:
    """A line of ``--progress json``; None for anything else."""
    if not line.startswith("{"):
        return None
    try:
        told = json.loads(line)
        return Stage(str(told["stage"]), int(told["done"]), int(told["total"]))
    except (ValueError, KeyError, TypeError):
        return None
