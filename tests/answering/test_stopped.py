"""An answer that is stopped, once and again, is kept as far as it was shown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from assistant.domain.access import LOCAL
from assistant.domain.dialogue import Answer, Sentence
from assistant.errors import LibraryError
from assistant.prompts import Prompts
from tests.answering.test_assistant_model import PLAN
from tests.fakes.chat_model import ScriptedModel
from tests.fakes.memory_index import MemoryConversations
from tests.patience import until_async

QUESTION = "城南骨干冷库由谁牵头？"


class SlowConversations(MemoryConversations):
    """Writes as a busy disk does."""

    def append(self, answer: Answer, owner: str, *, replaces: str | None = None) -> None:
        time.sleep(0.1)
        super().append(answer, owner, replaces=replaces)


class FullConversations(MemoryConversations):
    def append(self, answer: Answer, owner: str, *, replaces: str | None = None) -> None:
        raise LibraryError("磁盘已满。")


def office(desk: Callable[..., Any], conversations: MemoryConversations) -> Any:
    model = ScriptedModel("城南骨干冷库拟由市商务局牵头。〔{0}〕\n", endless=True)
    made = desk({"plan.txt": PLAN}, model=model, prompts=Prompts())
    made.assistant._conversations = conversations
    return made.assistant


async def first_sentence(assistant: Any, begun: asyncio.Event) -> None:
    async for event in assistant.ask(QUESTION, reader=LOCAL):
        if isinstance(event, Sentence):
            begun.set()


async def test_stopping_twice_loses_nothing(desk: Callable[..., Any]) -> None:
    conversations = SlowConversations()
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    task = asyncio.create_task(first_sentence(office(desk, conversations), begun))
    await begun.wait()
    busy = loop.run_in_executor(None, time.sleep, 0.1)  # so that keeping has not begun when it is cancelled again
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0.01)
    await asyncio.gather(task, return_exceptions=True)
    await until_async(lambda: conversations.answers)
    ((answer,),) = conversations.answers.values()
    await busy
    assert answer.stopped
    assert answer.answer.startswith("城南骨干冷库拟由市商务局牵头。[1]")


async def test_what_cannot_be_kept_stops_nothing(desk: Callable[..., Any]) -> None:
    begun = asyncio.Event()
    task = asyncio.create_task(first_sentence(office(desk, FullConversations()), begun))
    await begun.wait()
    task.cancel()
    (ended,) = await asyncio.gather(task, return_exceptions=True)
    assert isinstance(ended, asyncio.CancelledError)
