"""The crowd: its model quotes what it is given, at its pace, and a reader knows whose words came."""

from __future__ import annotations

import asyncio
import json
import time

import httpx

from benchmarks.crowd import Model, Readers

PROMPT = """依据：
〔K3F7〕《复函》 一（一）
（所属标题：分工）
市教育局牵头建立实习基地。

〔K9A2〕《复函》
市财政局安排资金。
"""


def test_the_model_quotes_its_evidence_and_takes_its_time() -> None:
    async def ask() -> tuple[str, float]:
        server = await asyncio.start_server(Model().handle, "127.0.0.1", 0)
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
            assert (await client.get("/0.01")).status_code == 204
            began = time.perf_counter()
            answer = await client.post("/v1/chat/completions", json={"messages": [{"content": PROMPT}]})
            seconds = time.perf_counter() - began
        server.close()
        lines = [line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: {")]
        return "".join(json.loads(line)["choices"][0]["delta"].get("content", "") for line in lines), seconds

    text, seconds = asyncio.run(ask())
    assert text == "市教育局牵头建立实习基地〔K3F7〕。市财政局安排资金〔K9A2〕。"
    assert seconds > 0.75


def test_a_reader_takes_only_a_stream_with_its_last_event_for_whole() -> None:
    async def read(body: bytes) -> tuple[bool, bool]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"}")
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + body)
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        stream = await Readers(server.sockets[0].getsockname()[1]).ask("由谁牵头？")
        server.close()
        return stream.whole, stream.worded

    searching = b"event: searching\ndata: {}\n\n"
    assert asyncio.run(read(searching)) == (False, False)
    assert asyncio.run(read(searching + b'event: done\ndata: {"model": "extractive"}\n\n')) == (True, False)
    assert asyncio.run(read(searching + b'event: done\ndata: {"model": "fake"}\n\n')) == (True, True)
