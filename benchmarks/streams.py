"""How soon what the core says is with its readers, and how many can listen: ``python -m benchmarks.streams [--small]``.

The real application on one worker of uvicorn, in a process of its own, over a core that knows its answers: it stamps
every event with the clock of this machine as it gives it away, and the reader takes the difference when the bytes have
come. So nothing is measured but the way out: the application, the server and the loop. The bars: 50 streams at once,
first event within 50 ms for 95 of 100; 300 streams open on one worker, none in error.

The readers share the machine with the service: both take their time from the same cores. ``--json`` prints one object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from assistant.domain.access import Identity
from assistant.domain.dialogue import Answer, Done, Event, Searching, Sentence, Turn, Verdict
from assistant.ports import GuardedIndexes
from benchmarks.machine import facts

SENTENCES = 8  # of an answer
STAMP = re.compile(rb"at:(\d+)")


@dataclass(frozen=True, slots=True)
class Load:
    """So many streams at once, so many times, with so many seconds between the sentences."""

    streams: int
    rounds: int
    pause: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What the readers of a load met. Times are milliseconds from the core's giving an event to its bytes' coming."""

    streams: int
    errors: int
    first_p50_ms: float
    first_p95_ms: float
    all_p95_ms: float
    worst_ms: float
    answered_p95_ms: float  # from the question's sending to the first event: the way in and the way out
    open_at_once: int


class StampingAsker:
    """:class:`assistant.ports.Asker` whose events say when they were given."""

    def __init__(self, pause: float) -> None:
        self._pause = pause

    async def ask(
        self,
        question: str,
        *,
        reader: Identity,
        conversation_id: str | None = None,
        history: Sequence[Turn] | None = None,
        replaces: str | None = None,
    ) -> AsyncIterator[Event]:
        yield Searching(_stamped("正在检索 26 份文件…"), "c-1", "a-1")
        for _ in range(SENTENCES):
            await asyncio.sleep(self._pause)
            yield Sentence(_stamped("市教育局牵头建立碳纤维市域产教联合体。"), ())
        answer = Answer(
            "a-1", "c-1", question, question, "", Verdict.ANSWERED, (), (), None, "extractive", None, "gen-1"
        )
        yield Done(answer)


def _stamped(text: str) -> str:
    return f"{text}at:{time.monotonic_ns()}"


def serve(pause: float) -> None:
    """Run the service; the first line on standard output is its port."""
    import uvicorn

    from assistant.faces.web.app import create_app

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    app = create_app(StampingAsker(pause), cast(GuardedIndexes, None))  # no route of documents is asked for
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, backlog=4096)).run(sockets=[listener])


@dataclass(slots=True)
class Stream:
    """What one reader met, in milliseconds; ``whole`` where the last event came."""

    delays: list[float]
    answered: float = 0.0
    whole: bool = False


class Readers:
    """So many readers of one service."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open = 0
        self.most = 0

    async def read(self) -> Stream:
        """Ask one question and read the answer to its end; what goes wrong leaves it less than whole."""
        stream = Stream([])
        body = json.dumps({"question": "由谁牵头？", "stream": True}, ensure_ascii=False).encode()
        head = (
            f"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            return stream
        self._open += 1
        self.most = max(self.most, self._open)
        try:
            asked = time.monotonic_ns()
            writer.write(head.encode() + body)
            while line := await reader.readline():
                if match := STAMP.search(line):
                    now = time.monotonic_ns()
                    stream.delays.append((now - int(match[1])) / 1e6)
                    stream.answered = stream.answered or (now - asked) / 1e6
                stream.whole = stream.whole or line.startswith(b"event: done")
        except OSError:
            stream.whole = False
        finally:
            self._open -= 1
            writer.close()
        stream.whole = stream.whole and len(stream.delays) == SENTENCES + 1
        return stream


async def _measured(port: int, load: Load) -> Figures:
    readers = Readers(port)
    await readers.read()  # the first request of a process loads what later ones have
    streams: list[Stream] = []
    for _ in range(load.rounds):
        streams += await asyncio.gather(*(readers.read() for _ in range(load.streams)))
    good = [s for s in streams if s.whole]
    if not good:
        raise SystemExit(f"no stream of {load.streams} came to its end")
    firsts, every = [s.delays[0] for s in good], [d for s in good for d in s.delays]
    return Figures(
        streams=load.streams,
        errors=len(streams) - len(good),
        first_p50_ms=round(statistics.median(firsts), 2),
        first_p95_ms=round(p95(firsts), 2),
        all_p95_ms=round(p95(every), 2),
        worst_ms=round(max(every), 2),
        answered_p95_ms=round(p95([s.answered for s in good]), 2),
        open_at_once=readers.most,
    )


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def measure(load: Load) -> Figures:
    """Start a service, put the load on it, stop it."""
    command = [sys.executable, "-m", "benchmarks.streams", "--serve", str(load.pause)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            return asyncio.run(_measured(port, load))
        finally:
            process.terminate()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="one short round of each load")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--serve", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve is not None:
        serve(arguments.serve)
        return
    rounds = 1 if arguments.small else 10
    loads = [Load(1, 3 * rounds, 0.02), Load(50, rounds, 0.1), Load(300, 1 if arguments.small else 3, 0.5)]
    found: list[dict[str, Any]] = [asdict(measure(load)) for load in loads]
    if arguments.json:
        print(json.dumps({"machine": facts("uvicorn", "fastapi"), "streams": found}, ensure_ascii=False, indent=2))
        return
    print(" · ".join(f"{name} {value}" for name, value in facts("uvicorn", "fastapi").items()))
    heads = list(found[0])
    print(" | ".join(heads))
    for row in found:
        print(" | ".join(f"{row[head]:>{len(head)}}" for head in heads))


if __name__ == "__main__":
    main()
