"""The benchmark of streams: what it counts, and that the service it starts answers every reader."""

from __future__ import annotations

import asyncio
import socket

from benchmarks.streams import Load, Readers, measure, p95


def test_the_95th_of_a_hundred() -> None:
    assert p95([float(n) for n in range(1, 101)]) == 95
    assert p95([3.0]) == 3


def test_every_event_of_every_stream_is_timed() -> None:
    figures = measure(Load(streams=8, rounds=1, pause=0.05))
    assert (figures.streams, figures.errors, figures.open_at_once) == (8, 0, 8)
    assert 0 < figures.first_p50_ms <= figures.first_p95_ms <= figures.worst_ms
    assert figures.first_p95_ms < figures.answered_p95_ms


def test_a_stream_that_is_cut_off_is_an_error() -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"}")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nevent: sentence\ndata: at:1\n\n")
        writer.close()

    async def read() -> tuple[bool, int]:
        server = await asyncio.start_server(cut, "127.0.0.1", 0)
        stream = await Readers(server.sockets[0].getsockname()[1]).read()
        server.close()
        return stream.whole, len(stream.delays)

    assert asyncio.run(read()) == (False, 1)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert not asyncio.run(Readers(closed.getsockname()[1]).read()).whole
