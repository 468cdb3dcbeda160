"""Two hundred members of WeCom at once: ``python -m benchmarks.wecom [--small] [--out X.json]``.

The real ``assistant serve`` with the robot's callback, over the samples and the model of :mod:`benchmarks.crowd`; this
process plays WeCom: it seals every question, sends it, sends it once more (as WeCom does where it thinks that nothing
came), and asks for the stream every second until it is finished. The bars are the vendor's and ours: every callback is
answered within 5 seconds, every stream is finished, within 6 minutes; every question is answered once, counted in the
database; what is asked for a second time is the same stream.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from assistant.faces.wecom.envelope import Envelope
from benchmarks.crowd import NEW, ROOT, serving
from benchmarks.machine import facts
from benchmarks.streams import p95

TOKEN = secrets.token_hex(8)
AES_KEY = "MFo5SzNRN3RYYzFWbjhFcjRHeTZVaTBPcFdhU2RGZ0g"  # any: 43 letters and digits
CALLBACK_SECONDS, STREAM_SECONDS = 5.0, 360.0  # that the vendor waits
_BETWEEN_POLLS = 1.0


@dataclass(slots=True)
class Member:
    """What one member met; seconds."""

    callbacks: list[float] = field(default_factory=list)
    whole: float = 0.0  # until the stream was finished
    answered: bool = False
    same: bool = False  # the message that came twice was one stream


@dataclass(frozen=True, slots=True)
class Figures:
    """What all met; milliseconds, ``whole`` in seconds."""

    members: int
    finished: int
    kept: int  # answers in the database
    seen_twice: int  # messages that came twice and were one stream
    callback_p50_ms: float
    callback_p95_ms: float
    callback_worst_ms: float
    whole_p50_s: float
    whole_worst_s: float


class WeCom:
    """The vendor's side of one robot."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._envelope = Envelope(TOKEN, AES_KEY)

    async def ask(self, number: int, question: str) -> Member:
        """One member's question, to the end of its stream."""
        member, began = Member(), time.perf_counter()
        asked = self._message(number, "text", text={"content": question})
        reply = (await self._post(asked, member))["stream"]
        again = (await self._post(asked, member))["stream"]
        member.same = again["id"] == reply["id"]
        while not reply["finish"] and time.perf_counter() - began < STREAM_SECONDS:
            await asyncio.sleep(_BETWEEN_POLLS)
            reply = (await self._post(self._message(number, "stream", stream={"id": reply["id"]}), member))["stream"]
        member.whole = time.perf_counter() - began
        member.answered = reply["finish"] and bool(reply["content"])
        return member

    async def _post(self, message: dict[str, Any], member: Member) -> Any:
        nonce = secrets.token_hex(5)
        sealed = self._envelope.seal(json.dumps(message, ensure_ascii=False), nonce)
        query = {"msg_signature": sealed["msgsignature"], "timestamp": sealed["timestamp"], "nonce": nonce}
        began = time.perf_counter()
        fields = json.loads(await self._exchange(urlencode(query), json.dumps({"encrypt": sealed["encrypt"]})))
        member.callbacks.append(time.perf_counter() - began)
        opened = self._envelope.open(fields["encrypt"], fields["msgsignature"], str(fields["timestamp"]), nonce)
        return json.loads(opened)

    async def _exchange(self, query: str, body: str) -> bytes:
        """One request on a connection of its own. No client library: those take more time than the service does."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            head = (
                f"POST /wecom/aibot?{query} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nConnection: close\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            writer.write((head + body).encode("ascii"))
            status, _, content = (await reader.read(-1)).partition(b"\r\n\r\n")
        finally:
            writer.close()
        if b" 200 " not in status.split(b"\r\n", 1)[0]:
            raise SystemExit(f"a callback was refused: {status.decode()}")
        return content

    @staticmethod
    def _message(number: int, kind: str, **content: Any) -> dict[str, Any]:
        message_id = secrets.token_hex(8)
        head = {"msgid": message_id, "aibotid": "b", "from": {"userid": f"u{number}"}, "chattype": "single"}
        return {**head, "msgtype": kind, "response_url": "https://example.com/late", **content}


async def crowd(port: int, members: int, spread: float = 0.0) -> list[Member]:
    """All members; ``spread`` seconds between the first and the last, 0: in the same moment."""
    wecom = WeCom(port)

    async def one(number: int) -> Member:
        await asyncio.sleep(spread * number / members)
        return await wecom.ask(number, NEW[number % len(NEW)])

    return await asyncio.gather(*(one(n) for n in range(members)))


def measure(members: int, engine: str, data_dir: Path | None, spread: float) -> Figures:
    """Serve a library, or the samples, and put the members on the service."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = data_dir or Path(scratch)
        os.environ |= {
            "ASSISTANT_DATA_DIR": str(folder),
            "ASSISTANT_EMBEDDINGS_ENGINE": engine,
            "ASSISTANT_WECOM_ROBOT_TOKEN": TOKEN,
            "ASSISTANT_WECOM_ROBOT_AES_KEY": AES_KEY,
        }
        if data_dir is None:
            ingest = [sys.executable, "-m", "ingest", "run", str(ROOT / "corpus")]
            subprocess.run(ingest, check=False, capture_output=True)
        with serving(folder, engine) as service:
            asyncio.run(crowd(service.port, 1))  # what is loaded and read once
            before = _turns(folder)
            found = asyncio.run(crowd(service.port, members, spread))
            kept = _turns(folder) - before
    callbacks = [1000 * seconds for member in found for seconds in member.callbacks]
    return Figures(
        members=members,
        finished=sum(m.answered for m in found),
        kept=kept,
        seen_twice=sum(m.same for m in found),
        callback_p50_ms=round(statistics.median(callbacks), 1),
        callback_p95_ms=round(p95(callbacks), 1),
        callback_worst_ms=round(max(callbacks), 1),
        whole_p50_s=round(statistics.median(m.whole for m in found), 2),
        whole_worst_s=round(max(m.whole for m in found), 2),
    )


def _turns(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "library.db")) as library:
        count: int = library.execute("SELECT count(*) FROM turns").fetchone()[0]
        return count


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="eight members")
    parser.add_argument("--data", type=Path, help="a data folder to serve; else the sample documents are ingested")
    parser.add_argument("--spread", type=float, default=0.0, help="seconds between the first and the last question")
    parser.add_argument("--engine", default="auto", help="as ASSISTANT_EMBEDDINGS_ENGINE")
    parser.add_argument("--out", type=Path, help="a JSON file for the figures")
    chosen = parser.parse_args(arguments)
    found = measure(8 if chosen.small else 200, chosen.engine, chosen.data, chosen.spread)
    print(" · ".join(f"{name} {value}" for name, value in asdict(found).items()))
    machine = facts("uvicorn", "fastapi")
    print(" · ".join(f"{name} {value}" for name, value in machine.items()))
    if chosen.out:
        chosen.out.write_text(json.dumps({"machine": machine, "wecom": asdict(found)}, ensure_ascii=False) + "\n")
    once = found.finished == found.kept == found.seen_twice == found.members
    return 0 if once and found.callback_worst_ms < 1000 * CALLBACK_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
