"""Does the service stay as it is: ``python -m benchmarks.soak [--minutes 30] [--rate 5] [--small]``.

The real ``assistant serve`` over the sample documents, asked at an even rate: streams and whole answers, lists of
documents and of the ledger, follow-ups in one conversation. Memory, open descriptors and threads of its process are
taken every few seconds. The bars: no error; after the first fifth of the time, in which caches fill, memory and
descriptors stay flat: memory grows by no more than 3 % and descriptors by none, as lines laid through all readings, not
first against last. ``--out X.json`` keeps all readings, with a plot beside them (``X.svg``).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import linear_regression, median
from typing import Any

import httpx

from benchmarks.machine import facts

QUESTIONS = (
    "碳纤维市域产教联合体由谁牵头？",
    "市教育局牵头哪些事项？",
    "中试基地什么时候建成？",
    "联合体理事会多久开一次会？",
    "第524号提案答复了什么？",
    "食堂几点开门？",
)
_WARM = 0.2  # share of the time in which caches fill
_MEMORY, _DESCRIPTORS = 0.03, 1.0  # growth that counts as none: a share, and a count


@dataclass(slots=True)
class Readings:
    """What was seen of a process, and of those who asked it."""

    at: list[float] = field(default_factory=list)  # seconds since the start
    memory: list[float] = field(default_factory=list)  # MiB resident
    descriptors: list[float] = field(default_factory=list)
    threads: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)  # of each answered request
    outcomes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a soak. Growth is that of the line through all readings after the warm-up, over that time."""

    minutes: float
    requests: int
    errors: int
    p50_ms: float
    p95_ms: float
    memory_mib: float  # median after the warm-up
    memory_growth: float  # share of it
    descriptors: float
    descriptor_growth: float
    threads: float  # the most that were seen
    flat: bool


def growth(at: Sequence[float], values: Sequence[float]) -> float:
    """By how much the line through the readings rises from the first to the last."""
    return linear_regression(at, values).slope * (at[-1] - at[0]) if len(set(at)) > 1 else 0.0


def figures_of(seen: Readings) -> Figures:
    """The figures, without the warm-up."""
    length = seen.at[-1]
    warm = next(n for n, at in enumerate(seen.at) if at >= _WARM * length)
    at, memory, descriptors = seen.at[warm:], seen.memory[warm:], seen.descriptors[warm:]
    middle = median(memory)
    more, opened = growth(at, memory) / middle, growth(at, descriptors)
    times = sorted(seen.seconds) or [0.0]
    errors = sum(count for outcome, count in seen.outcomes.items() if outcome != "200")
    return Figures(
        minutes=round(length / 60, 1),
        requests=sum(seen.outcomes.values()),
        errors=errors,
        p50_ms=round(1000 * median(times), 1),
        p95_ms=round(1000 * times[int(0.95 * (len(times) - 1))], 1),
        memory_mib=round(middle, 1),
        memory_growth=round(more, 4),
        descriptors=median(descriptors),
        descriptor_growth=round(opened, 2),
        threads=max(seen.threads, default=0.0),
        flat=errors == 0 and more <= _MEMORY and opened <= _DESCRIPTORS,
    )


def look(pid: int) -> tuple[float, float, float]:
    """Resident memory in MiB, open descriptors and threads of a process."""
    process = Path(f"/proc/{pid}")
    resident = int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    descriptors, threads = (float(len(list((process / kind).iterdir()))) for kind in ("fd", "task"))
    return resident / 2**20, descriptors, threads


async def ask(client: httpx.AsyncClient, number: int, conversation: str, seen: Readings) -> None:
    """One request of the mix."""
    question = {"question": QUESTIONS[number % len(QUESTIONS)]}
    began = time.perf_counter()
    try:
        match number % 5:
            case 0:
                answer = await client.get("/api/documents")
            case 1:
                answer = await client.get("/api/ledger", params={"limit": 20})
            case 2:
                answer = await client.post("/api/ask", json={**question, "conversation_id": f"soak-{conversation}"})
            case _:
                answer = await client.post("/api/ask", json={**question, "stream": True})
        outcome = str(answer.status_code)
        if answer.headers.get("content-type", "").startswith("text/event-stream") and "event: done" not in answer.text:
            outcome = "cut"
    except httpx.HTTPError as error:
        outcome = type(error).__name__
    seen.outcomes[outcome] += 1
    seen.seconds.append(time.perf_counter() - began)


async def soak(address: str, pid: int, seconds: float, rate: float) -> Readings:
    """Ask so many times a second, whether earlier answers have come or not."""
    seen = Readings()
    began = time.perf_counter()
    pending: set[asyncio.Task[None]] = set()
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        number = 0
        looked = -1e9
        while (now := time.perf_counter() - began) < seconds:
            if now - looked >= min(5.0, seconds / 20):
                memory, descriptors, threads = look(pid)
                seen.at.append(now)
                seen.memory.append(memory)
                seen.descriptors.append(descriptors)
                seen.threads.append(threads)
                looked = now
            task = asyncio.create_task(ask(client, number, str(number // 100), seen))
            pending.add(task)
            task.add_done_callback(pending.discard)
            number += 1
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        await asyncio.gather(*pending)
    return seen


def measure(minutes: float, rate: float, corpus: Path, engine: str) -> Readings:
    """Ingest the documents into a folder of its own, serve them, and soak the service."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "ASSISTANT_DATA_DIR": folder,
            "ASSISTANT_PORT": "0",
            "ASSISTANT_EMBEDDINGS_ENGINE": engine,
            "ASSISTANT_QUESTIONS_AT_ONCE": "0",
        }
        ingest = [sys.executable, "-m", "ingest", "run", str(corpus)]
        subprocess.run(ingest, env=environment, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        serve = [sys.executable, "-m", "assistant", "serve"]
        with subprocess.Popen(serve, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
            try:
                said = ""
                while "打开" not in said:
                    assert process.stdout is not None
                    said = process.stdout.readline()
                    assert said, "the service did not start"
                found = re.search(r"http://[^ ]+", said)
                assert found is not None
                return asyncio.run(soak(found[0], process.pid, 60 * minutes, rate))
            finally:
                process.terminate()
                process.wait(120)


def plot(seen: Readings, path: Path) -> None:
    """Memory against its own axis, descriptors and threads against the other, by minutes."""
    import pygal

    chart = pygal.XY(show_dots=False, x_title="minutes", title="Soak", width=900, js=())
    chart.value_formatter = lambda value: f"{value:.0f}" if isinstance(value, float) else str(value)
    minutes = [at / 60 for at in seen.at]
    chart.add("memory, MiB", list(zip(minutes, seen.memory, strict=True)))
    chart.add("descriptors", list(zip(minutes, seen.descriptors, strict=True)), secondary=True)
    chart.add("threads", list(zip(minutes, seen.threads, strict=True)), secondary=True)
    path.write_bytes(chart.render())


def main() -> int:
    """Measure and print; 1 where it did not stay flat."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=5.0, help="requests a second")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--engine", default="auto", help="as ASSISTANT_EMBEDDINGS_ENGINE")
    parser.add_argument("--small", action="store_true", help="twelve seconds: whether it runs, not whether it is flat")
    parser.add_argument("--out", type=Path, help="a JSON file for all readings; a plot is written beside it")
    chosen = parser.parse_args()
    minutes = 0.2 if chosen.small else chosen.minutes
    seen = measure(minutes, chosen.rate, chosen.corpus, chosen.engine)
    figures = figures_of(seen)
    machine = facts("uvicorn", "fastapi")
    print(" · ".join(f"{name} {value}" for name, value in machine.items()))
    print(" · ".join(f"{name} {value}" for name, value in asdict(figures).items()), dict(seen.outcomes))
    if chosen.out:
        chosen.out.parent.mkdir(parents=True, exist_ok=True)
        readings = {"seconds": [round(at) for at in seen.at], "memory_mib": [round(m, 1) for m in seen.memory]}
        readings |= {"descriptors": seen.descriptors, "threads": seen.threads}
        told: dict[str, Any] = {"machine": machine, **asdict(figures), "outcomes": dict(seen.outcomes)}
        chosen.out.write_text(json.dumps(told | {"readings": readings}, ensure_ascii=False) + "\n", "utf-8")
        plot(seen, chosen.out.with_suffix(".svg"))
    return 0 if (figures.errors == 0 if chosen.small else figures.flat) else 1


if __name__ == "__main__":
    sys.exit(main())
