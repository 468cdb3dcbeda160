"""Hundreds who ask at once: some begin, the others wait for their turn, all come to their end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from assistant.faces.wecom.desk import SEARCHING, Draft
from assistant.faces.wecom.streams import BEGINNING, Streams


async def test_so_many_begin_at_once_and_all_are_finished() -> None:
    streams, go = Streams(), asyncio.Event()
    begun: list[int] = []

    async def drafts(number: int) -> AsyncIterator[Draft]:
        begun.append(number)
        yield Draft(SEARCHING)
        await go.wait()
        yield Draft(f"第{number}答。", final=True)

    for number in range(3 * BEGINNING):
        assert streams.begin(f"s{number}", drafts(number), f"m{number}", None).text == SEARCHING
    for _ in range(10):
        await asyncio.sleep(0)
    assert begun == list(range(BEGINNING))
    go.set()
    async with asyncio.timeout(60):
        await asyncio.gather(*(stream.task for stream in streams._streams.values() if stream.task))
    assert [streams.poll(f"s{n}").text for n in range(3 * BEGINNING)] == [f"第{n}答。" for n in range(3 * BEGINNING)]
    await streams.close()


async def test_the_first_words_let_the_next_begin() -> None:
    streams, go, all_begun = Streams(), asyncio.Event(), asyncio.Event()
    begun: list[int] = []

    async def drafts(number: int) -> AsyncIterator[Draft]:
        begun.append(number)
        if len(begun) == 3 * BEGINNING:
            all_begun.set()
        yield Draft("由市水务局牵头。")
        await go.wait()
        yield Draft("由市水务局牵头。", final=True)

    for number in range(3 * BEGINNING):
        streams.begin(f"s{number}", drafts(number), f"m{number}", None)
    async with asyncio.timeout(60):
        await all_begun.wait()
    go.set()
    await streams.close()
