"""Fifty readers at once, the whole way: ``python -m benchmarks.crowd [--small] [--out X.json]``.

The real ``assistant serve`` in a process of its own, with its embedder, its index and its checks, and an
OpenAI-compatible model on the loopback in another, which quotes its evidence in pieces at a given pace. The pace is
known, so what a stream took beyond it is the service's own: retrieval, composing, verification, the way in and out, and
all waiting for others. Whatever the model's process and the readers lose to a busy machine is counted as the service's
too. Crowds: *steady*, in which everybody asks again as soon as an answer is whole, so that all streams are open all
the time; *new*, the same, but that no question has been asked before, so that sentences are embedded for it; *open*, in
which 300 streams are open, of a slow model; *burst*, in which all ask in the same moment;
*burst new*, the same with new questions.

The bars: no error, own overhead of 95 of 100 answers within 300 ms. ``--small`` is for CI: whether it runs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from benchmarks.machine import facts
from benchmarks.streams import p95

ROOT = Path(__file__).resolve().parent.parent
USUAL = (
    "碳纤维市域产教联合体由谁牵头建立？",
    "中试基地建设由谁负责？",
    "联合体理事会怎样召开会议？",
    "实训基地怎样建设？",
    "产业学院怎样建设？",
    "学生实习的安全怎样保障？",
    "理事会多久开一次会？",
    "联合体的秘书处设在哪里？",
    "中试基地什么时候建成？",
    "企业怎样参与人才培养？",
)
THINGS = (
    "市域产教联合体 中试基地 联合体理事会 实训基地 产业学院 秘书处 校企合作项目 学生实习 兼职教师 现场工程师".split()
)
ASKED = (
    "由谁牵头？ 怎样建设？ 什么时候完成？ 由谁配合？ 有哪些任务？ 进展怎样？ 经费怎样安排？ 怎样考核？ 有哪些要求？ "
    "由哪个部门负责？"
).split()
NEW = tuple(thing + asked for asked in ASKED for thing in THINGS)
_BLOCK = re.compile(r"〔([A-Z][0-9][A-Z][0-9A-Z])〕[^\n]*\n(?:（所属标题[^\n]*\n)?([^\n]+)")
_FIRST_SECONDS = 0.5  # until the model begins
_PIECES = 30
_PAUSE_SECONDS = 0.1  # between them: 3.5 s in all, as a model of 7 billion parameters on one card takes


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many readers, each of whom asks so many times in a row; ``spread`` seconds between the first and the last.

    ``pause``: seconds between the pieces of the model.
    """

    name: str
    readers: int
    times: int
    spread: float
    pause: float = _PAUSE_SECONDS
    asked: tuple[str, ...] = USUAL


@dataclass(frozen=True, slots=True)
class Figures:
    """What a crowd met; milliseconds beyond the model's own time. ``cpu``: of the service's process, for one answer."""

    crowd: str
    readers: int
    answers: int
    errors: int
    worded: int  # by the model; lists and what is not stated are answered without it
    first_event_p95_ms: float
    overhead_p50_ms: float
    overhead_p95_ms: float
    overhead_worst_ms: float
    cpu_ms: float
    open_at_once: int
    threads: int


# ── the model ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _event(text: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}
    told = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "fake", "choices": [choice]}
    data = f"data: {json.dumps(told, ensure_ascii=False)}\n\n".encode()
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


class Model:
    """A model that quotes its evidence, a piece at a time."""

    def __init__(self) -> None:
        self._pause = _PAUSE_SECONDS

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests; ``GET /0.5`` sets the pause between pieces."""
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                if head.startswith("GET /"):
                    self._pause = float(head.split()[1].removeprefix("/"))
                    writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                    continue
                length = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
                began = time.perf_counter()
                asked = json.loads(await reader.readexactly(int(length[1]) if length else 0))
                await self._quote(asked["messages"][-1]["content"], writer, began)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _quote(self, prompt: str, writer: asyncio.StreamWriter, began: float) -> None:
        told = _BLOCK.findall(prompt)[:3]
        text = "".join(f"{line.strip().rstrip('。')}〔{key}〕。" for key, line in told) or "文件未载明。"
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        size, pause = -(-len(text) // _PIECES), self._pause
        for n in range(_PIECES):
            await asyncio.sleep(began + _FIRST_SECONDS + (n + 1) * pause - time.perf_counter())
            if piece := text[n * size : (n + 1) * size]:
                writer.write(_event(piece))
                await writer.drain()
        writer.write(_event("", "stop") + b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")
        await writer.drain()


async def _model() -> None:
    server = await asyncio.start_server(Model().handle, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


# ── the readers ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Stream:
    """What one reader met, in seconds; ``whole`` where the last event came, ``worded`` where the model wrote it."""

    first: float = 0.0
    seconds: float = 0.0
    whole: bool = False
    worded: bool = False


class Readers:
    """Readers of one service."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open = 0
        self.most = 0

    async def ask(self, question: str) -> Stream:
        """One question and its answer to the end."""
        stream = Stream()
        body = json.dumps({"question": question, "stream": True}, ensure_ascii=False).encode()
        head = (
            f"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        asked = time.perf_counter()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 22)
        except OSError:
            return stream
        self._open += 1
        self.most = max(self.most, self._open)
        try:
            writer.write(head.encode() + body)
            kind = ""
            while line := (await reader.readline()).decode().strip("\r\n"):
                pass  # the head of the answer
            while raw := await reader.readline():
                line = raw.decode().strip()
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                    stream.first = stream.first or time.perf_counter() - asked
                elif line.startswith("data: ") and kind == "done":
                    stream.whole = True
                    stream.seconds = time.perf_counter() - asked
                    stream.worded = '"model": "fake"' in line or '"model":"fake"' in line
        except OSError:
            stream.whole = False
        finally:
            self._open -= 1
            writer.close()
        return stream

    async def crowd(self, crowd: Crowd) -> list[Stream]:
        """All readers of a crowd."""

        async def one(number: int) -> list[Stream]:
            await asyncio.sleep(crowd.spread * number / crowd.readers)
            return [
                await self.ask(crowd.asked[(number + n * crowd.readers) % len(crowd.asked)]) for n in range(crowd.times)
            ]

        found = await asyncio.gather(*(one(n) for n in range(crowd.readers)))
        return [stream for streams in found for stream in streams]


def _cpu(pid: int) -> float:
    """Seconds of processors that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """Where a service is, its process, and where its model is."""

    port: int
    pid: int
    model: int


def measure(served: Served, crowd: Crowd) -> Figures:
    """Put a crowd on a service."""
    readers, pid = Readers(served.port), served.pid
    urlopen(f"http://127.0.0.1:{served.model}/{crowd.pause}", timeout=10).close()
    before = _cpu(pid)
    streams = asyncio.run(readers.crowd(crowd))
    taken = _cpu(pid) - before
    good = [s for s in streams if s.whole]
    if not any(s.worded for s in good):
        raise SystemExit(f"no answer of {len(streams)} came in the model's words")
    model = _FIRST_SECONDS + _PIECES * crowd.pause
    own = [1000 * (s.seconds - s.worded * model) for s in good]
    return Figures(
        crowd=crowd.name,
        readers=crowd.readers,
        answers=len(streams),
        errors=len(streams) - len(good),
        worded=sum(s.worded for s in good),
        first_event_p95_ms=round(p95([1000 * s.first for s in good]), 1),
        overhead_p50_ms=round(statistics.median(own), 1),
        overhead_p95_ms=round(p95(own), 1),
        overhead_worst_ms=round(max(own), 1),
        cpu_ms=round(1000 * taken / len(streams), 1),
        open_at_once=readers.most,
        threads=len(list(Path(f"/proc/{pid}/task").iterdir())),
    )


@contextmanager
def serving(data_dir: Path | None, engine: str) -> Iterator[Served]:
    """A service with the model, over a library or over the sample documents."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.crowd", "--model"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as model:
            assert model.stdout is not None
            model_port = int(model.stdout.readline())
            environment = {
                **os.environ,
                "ASSISTANT_DATA_DIR": str(data_dir or folder),
                "ASSISTANT_PORT": "0",
                "ASSISTANT_EMBEDDINGS_ENGINE": engine,
                "ASSISTANT_QUESTIONS_AT_ONCE": "0",
                "ASSISTANT_LLM_BASE_URL": f"http://127.0.0.1:{model_port}/v1",
                "ASSISTANT_LLM_MODEL": "fake",
            }
            try:
                if data_dir is None:
                    ingest = [sys.executable, "-m", "ingest", "run", str(ROOT / "corpus")]
                    subprocess.run(ingest, env=environment, check=False, capture_output=True)
                serve = [sys.executable, "-m", "assistant", "serve"]
                with subprocess.Popen(
                    serve, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8"
                ) as process:
                    try:
                        yield Served(_port(process), process.pid, model_port)
                    finally:
                        process.terminate()
                        process.wait(120)
            finally:
                model.terminate()


def _port(process: subprocess.Popen[str]) -> int:
    """The port that a starting service tells of."""
    assert process.stdout is not None
    while said := process.stdout.readline():
        if "打开" in said and (found := re.search(r"http://[^ :]+:(\d+)", said)):
            return int(found[1])
    raise SystemExit("the service did not start")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where an answer failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="a few readers, once")
    parser.add_argument("--data", type=Path, help="a data folder to serve; else the sample documents are ingested")
    parser.add_argument("--engine", default="auto", help="as ASSISTANT_EMBEDDINGS_ENGINE")
    parser.add_argument("--out", type=Path, help="a JSON file for the figures")
    parser.add_argument("--model", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.model:
        asyncio.run(_model())
        return 0
    crowds = [
        Crowd("one", 1, 5, 0),
        Crowd("steady", 50, 5, 3.5),
        Crowd("new", 50, 2, 3.5, asked=NEW),
        Crowd("open", 300, 1, 20, pause=1.0),
        Crowd("burst", 50, 2, 0),
        Crowd("burst new", 50, 2, 0, asked=NEW),
    ]
    if chosen.small:
        crowds = [Crowd("steady", 8, 1, 1, pause=0.02)]
    figures: list[dict[str, Any]] = []
    with serving(chosen.data, chosen.engine) as service:
        measure(service, Crowd("first", 1, len(USUAL), 0, pause=0.01))  # what is loaded and read once
        for crowd in crowds:
            figures.append(asdict(measure(service, crowd)))
            print(" · ".join(f"{name} {value}" for name, value in figures[-1].items()), flush=True)
    machine = facts("uvicorn", "fastapi")
    print(" · ".join(f"{name} {value}" for name, value in machine.items()))
    if chosen.out:
        chosen.out.write_text(json.dumps({"machine": machine, "crowds": figures}, ensure_ascii=False) + "\n", "utf-8")
    return 1 if any(found["errors"] for found in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
