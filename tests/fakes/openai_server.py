"""An OpenAI-compatible server on the loopback that behaves and misbehaves as it is told.

Written on bare sockets, because the misbehaviour (a cut connection, silence in the middle of a chunk) is the point.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

Behaviour = Literal["normal", "hang", "stall", "cut", "no_finish", "length", "garbage", "not_json", "html", "endless"]


@dataclass
class Server:
    """``text`` is streamed in pieces of ``size``; ``behaviour`` says what goes wrong, ``status`` is an HTTP error."""

    text: str = "拟由市科技局牵头。"
    size: int = 3
    behaviour: Behaviour = "normal"
    status: int | list[int] = 200
    reasoning: str = ""  # sent as reasoning_content before the text
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    pieces: int = 0  # sent by an endless reply, two hundred a second at most
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)  # the client closed before the end

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            headers = {name.lower(): value for name, value in headers.items()}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.requests.append(json.loads(body or b"{}"))
            self.headers.append(headers)
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.hung_up.set()
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        status = self.status.pop(0) if isinstance(self.status, list) else self.status
        if status != 200:
            payload = json.dumps({"error": {"message": "no", "type": "x", "code": str(status)}}).encode()
            writer.write(_head(status, "application/json", len(payload)) + payload)
            await writer.drain()
            return
        if self.behaviour == "hang":
            await self._until_hang_up(reader)
            return
        if self.behaviour == "html":
            payload = b"<html><body>gateway</body></html>"
            writer.write(_head(200, "text/html", len(payload)) + payload)
            await writer.drain()
            return
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
            b"transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
        )
        if self.behaviour == "garbage":
            await _chunk(writer, b"data: {not json at all\n\n")
            await _chunk(writer, b"")
            return
        if self.behaviour == "not_json":
            await _chunk(writer, b'data: ["a", "list"]\n\n')
            await _chunk(writer, b"")
            return
        await _chunk(writer, _event({"role": "assistant", "content": ""}))
        for start in range(0, len(self.reasoning), self.size):
            await _chunk(writer, _event({"reasoning_content": self.reasoning[start : start + self.size]}))
        hung_up = asyncio.create_task(self._until_hang_up(reader))
        try:
            for start in range(0, len(self.text), self.size):
                await _chunk(writer, _event({"content": self.text[start : start + self.size]}))
            while self.behaviour == "endless" and not hung_up.done():
                await _chunk(writer, _event({"content": "再想想"}))
                self.pieces += 1
                await asyncio.sleep(0.005)
            if self.behaviour == "stall":
                await hung_up
                return
            if self.behaviour == "cut":
                writer.transport.abort()
                return
            if self.behaviour != "no_finish":
                await _chunk(writer, _event({}, "length" if self.behaviour == "length" else "stop"))
                await _chunk(writer, b"data: [DONE]\n\n")
            await _chunk(writer, b"")
        finally:
            hung_up.cancel()

    async def _until_hang_up(self, reader: asyncio.StreamReader) -> None:
        while await reader.read(1024):
            pass
        self.hung_up.set()


def _head(status: int, kind: str, length: int) -> bytes:
    return (
        f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n".encode()
    )


def _event(delta: dict[str, str], finish: str | None = None) -> bytes:
    chunk = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "peer",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode()


async def _chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
    await writer.drain()


@asynccontextmanager
async def serving(server: Server) -> AsyncIterator[Server]:
    """The server under way on a free port of the loopback; ``server.url`` is its base URL with /v1."""
    listener = await asyncio.start_server(server.handle, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1"
    try:
        yield server
    finally:
        listener.close()
