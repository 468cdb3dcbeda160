"""A crowd's reading: once for the same question in the same moment, never for longer, never for nobody."""

from __future__ import annotations

import asyncio
from threading import Event

import pytest

from assistant.answering.together import Together

LONG = 60


class Work:
    """Work that waits until it is let go, and counts how often it was begun."""

    def __init__(self, result: str = "读完") -> None:
        self.begun = 0
        self.started, self.go = Event(), Event()
        self._result = result

    def __call__(self) -> str:
        self.begun += 1
        self.started.set()
        assert self.go.wait(LONG)
        return self._result


async def until(event: Event) -> None:
    assert await asyncio.to_thread(event.wait, LONG)


async def test_who_asks_the_same_meanwhile_shares_one_reading() -> None:
    together: Together[str] = Together(2)
    work = Work()
    first = asyncio.create_task(together.done("问", work))
    await until(work.started)
    others = [asyncio.create_task(together.done("问", work)) for _ in range(5)]
    await asyncio.sleep(0)
    work.go.set()
    assert await asyncio.gather(first, *others) == ["读完"] * 6
    assert work.begun == 1
    together.close()


async def test_who_asks_afterwards_is_read_for_anew() -> None:
    together: Together[str] = Together(1)
    work = Work()
    work.go.set()
    assert [await together.done("问", work) for _ in range(3)] == ["读完"] * 3
    assert work.begun == 3
    together.close()


async def test_other_questions_are_read_by_themselves() -> None:
    together: Together[str] = Together(2)
    one, other = Work("甲"), Work("乙")
    both = asyncio.gather(together.done("甲问", one), together.done("乙问", other))
    one.go.set()
    other.go.set()
    assert await both == ["甲", "乙"]
    together.close()


async def test_the_first_to_ask_may_leave_without_taking_the_reading_along() -> None:
    together: Together[str] = Together(1)
    work = Work()
    first = asyncio.create_task(together.done("问", work))
    await until(work.started)
    second = asyncio.create_task(together.done("问", work))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    work.go.set()
    assert await second == "读完"
    assert work.begun == 1
    together.close()


async def test_what_nobody_waits_for_any_more_is_not_begun() -> None:
    together: Together[str] = Together(1)
    before, work = Work(), Work()
    busy = asyncio.create_task(together.done("别的", before))
    await until(before.started)
    gone = asyncio.create_task(together.done("问", work))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    before.go.set()
    assert await busy == "读完"
    work.go.set()
    assert await together.done("问", work) == "读完"
    assert work.begun == 1
    together.close()


async def test_a_failure_reaches_all_who_wait() -> None:
    together: Together[str] = Together(1)
    started, go = Event(), Event()

    def fails() -> str:
        started.set()
        assert go.wait(LONG)
        raise ValueError("坏了")

    first = asyncio.create_task(together.done("问", fails))
    await until(started)
    second = asyncio.create_task(together.done("问", fails))
    await asyncio.sleep(0)
    go.set()
    found = await asyncio.gather(first, second, return_exceptions=True)
    assert [str(error) for error in found] == ["坏了", "坏了"]
    together.close()
