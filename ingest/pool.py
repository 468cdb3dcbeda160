"""Long-lived workers that parse files side by side; one that dies or takes too long is replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

from assistant.domain.policy import Problem
from assistant.errors import AssistantError
from ingest.cores import Cores
from ingest.formats.model import Limits
from ingest.mapping import Mapping
from ingest.parsed import Parsed, Reading
from ingest.starved import Starved
from ingest.worker import Ended, Job, MoreTime, Opened, Ready, limits_for

_START_SECONDS = 60.0
_BUSIEST = 10  # a worker may have to share its processor with so many others
_MOMENT = 0.01  # seconds that even a file which is alone has to wait for its processor
_AHEAD = 2  # files that wait beyond those being parsed
_DEATHS = 5  # of workers over one archive, after which the rest of it is refused
_SECRETS = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD")  # what names of variables end in that hold one


class WorkerFailed(AssistantError):
    """A worker does not even start: the installation is broken, not a file."""

    code = "worker"


class Pool:
    """:data:`ingest.parsed.Parsing` in ``jobs`` processes. They start with the first file and end with the last."""

    def __init__(self, jobs: int, limits: Limits, mapping: Mapping | None = None) -> None:
        self._jobs = jobs
        self._limits = limits
        self._mapping = mapping

    def __call__(self, readings: Iterable[Reading]) -> Iterator[tuple[Reading, tuple[Parsed, ...]]]:
        """Results in the order of ``readings``, however long each takes. Raises :class:`WorkerFailed`."""
        with tempfile.TemporaryDirectory(prefix="ingest-cores-") as folder:
            crew = _Crew(Cores(Path(folder), self._jobs))
            try:
                yield from self._parsed(readings, crew)
            finally:
                crew.close()  # only now, for a thread may still have been reading from a worker

    def _parsed(self, readings: Iterable[Reading], crew: _Crew) -> Iterator[tuple[Reading, tuple[Parsed, ...]]]:
        waiting: deque[tuple[Reading, Future[tuple[Parsed, ...]]]] = deque()
        with ThreadPoolExecutor(self._jobs) as threads:
            try:
                for reading in readings:
                    job = Job(reading.name, reading.data, self._limits, mapping=self._mapping)
                    waiting.append((reading, threads.submit(crew.parse, job)))
                    while waiting and (len(waiting) >= self._jobs + _AHEAD or waiting[0][1].done()):
                        done, future = waiting.popleft()
                        yield done, future.result()
                while waiting:
                    done, future = waiting.popleft()
                    yield done, future.result()
            finally:
                for _, future in waiting:
                    future.cancel()
                crew.dismiss()


class _Stopped(Exception):
    """A worker has come to its end over a file; the text is what the reader is told."""


class _Dismissed(Exception):
    pass


class _Crew:
    """The workers of one run, taken and given back by threads."""

    def __init__(self, cores: Cores) -> None:
        self._cores = cores
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._all: list[_Worker] = []
        self._dismissed = False

    def parse(self, job: Job) -> tuple[Parsed, ...]:
        """Everything in a file. What ends a worker costs that item alone."""
        name, found = job.name, list[Parsed]()
        for _ in range(_DEATHS):
            opened: list[str] = []
            worker = self._take()
            try:
                worker.parse(job, found, opened)
            except _Stopped as stopped:
                worker.close()
                # Before the first item was opened it is the file itself that cannot be taken.
                bad = opened[0] if opened else name
                found.append(Parsed(bad, None, (), (Problem(bad, "", str(stopped), lost=True),)))
                if bad == name:
                    return tuple(found)
                job = replace(job, skip=len(found), ended=job.ended | {bad})
            else:
                self._give_back(worker)
                return tuple(found)
        found.append(Parsed(name, None, (), (Problem(name, "", "多次解析失败，其后的文件未收入", lost=True),)))
        return tuple(found)

    def _take(self) -> _Worker:
        with self._lock:
            if self._dismissed:
                raise _Dismissed
            if self._idle:
                return self._idle.pop()
            worker = _Worker(self._cores)
            self._all.append(worker)
        worker.wait_until_ready()
        return worker

    def _give_back(self, worker: _Worker) -> None:
        with self._lock:
            self._idle.append(worker)

    def dismiss(self) -> None:
        """End all workers, at work or not; no more are started."""
        with self._lock:
            self._dismissed = True
            for worker in self._all:
                worker.kill()

    def close(self) -> None:
        """Give back what the workers held; nobody may be talking to one any more."""
        for worker in self._all:
            worker.close()


class _Deadline:
    """So many seconds from when it is made, and those in which the machine had no processor for the worker."""

    def __init__(self, pid: int, seconds: float) -> None:
        self._starved = Starved(pid)
        self._end = time.monotonic() + seconds
        self._last = self._end + (_BUSIEST - 1) * seconds

    def left(self) -> float:
        return max(0.0, self._end - time.monotonic())

    def over(self) -> bool:
        """Asked when nothing is left: whether that was all, or some is added."""
        now = time.monotonic()
        more = self._starved.seconds()
        self._end = min(now + more, self._last)
        return more < _MOMENT or now >= self._last


class _Worker:
    """One process and the connection to it."""

    def __init__(self, cores: Cores) -> None:
        self._connection, theirs = Pipe()
        watched, self._lifeline = os.pipe()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the worker
        self._killed = False
        fds = (theirs.fileno(), watched)
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own module on our own pipes
                [sys.executable, "-m", "ingest.worker", *map(str, (*fds, cores.folder, cores.count))],
                pass_fds=fds,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                start_new_session=True,  # so that what a parser starts can be ended with it
                env={k: v for k, v in os.environ.items() if not k.endswith(_SECRETS)},  # none beside bad files
            )
        finally:
            theirs.close()
            os.close(watched)

    def wait_until_ready(self) -> None:
        """Raises :class:`WorkerFailed`."""
        try:
            ready = self._connection.poll(_START_SECONDS) and isinstance(self._connection.recv(), Ready)
        except (EOFError, OSError):
            ready = False
        if not ready:
            self._errors.seek(0)
            said = self._errors.read().decode("utf-8", "replace").strip()[-300:]
            self.close()
            raise WorkerFailed(f"解析进程无法启动：{said or '没有回应'}。", "请检查安装是否完整。")

    def parse(self, job: Job, found: list[Parsed], opened: list[str]) -> None:
        """Have a job done; ``found`` grows by its items, ``opened`` holds the name of the one at work.

        Raises :class:`_Stopped` where the worker is of no more use.
        """
        allowed = job.limits.max_seconds
        deadline = _Deadline(self._process.pid, allowed)
        try:
            self._connection.send(job)
            while True:
                while not self._connection.poll(deadline.left()):
                    if deadline.over():
                        raise _Stopped(f"解析超过 {allowed:.0f} 秒，已中止")
                message: Any = self._connection.recv()
                if isinstance(message, Ended):
                    if message.exhausted:
                        limits = limits_for(opened[0], job.limits) if opened else job.limits
                        raise _Stopped(f"解析所需内存超过 {limits.max_memory / 2**20:.0f} MiB，已中止")
                    return
                if isinstance(message, MoreTime):
                    if deadline.left() < job.limits.picture_seconds:
                        deadline = _Deadline(self._process.pid, job.limits.picture_seconds)
                    continue
                opened.clear()
                allowed = job.limits.max_seconds
                if isinstance(message, Opened):
                    opened.append(message.name)
                    allowed = limits_for(message.name + message.suffix, job.limits).max_seconds
                else:
                    found.append(message)
                deadline = _Deadline(self._process.pid, allowed)
        except (EOFError, OSError) as error:
            raise _Stopped(f"解析进程异常退出（{self._end()}），已中止") from error

    def _end(self) -> str:
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            return "没有回应"
        return f"信号 {-code}" if code < 0 else f"代码 {code}"

    def kill(self) -> None:
        """End it with all that it has started."""
        if not self._killed:
            self._killed = True
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def close(self) -> None:
        """End it and let go of the connection; only for the one who talks to it."""
        self.kill()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
            self._connection.close()
            self._errors.close()
