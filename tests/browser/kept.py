"""The scripted asker as the service has it: every answer is kept in a real library, a stopped one as far as it came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace

from assistant.domain.access import Identity
from assistant.domain.dialogue import Answer, Done, Event, EvidenceFound, Searching, Sentence, Turn, Verdict
from assistant.ports import Conversations
from tests.fakes.asker import FakeAsker, Step


class KeepingAsker:
    """:class:`assistant.ports.Asker` over a script; ids of answers and conversations count from 1."""

    def __init__(self, steps: Sequence[Step], conversations: Conversations) -> None:
        self.script = FakeAsker(steps)
        self.conversations = conversations
        self.answers = 0
        self.begun = 0

    async def ask(
        self,
        question: str,
        *,
        reader: Identity,
        conversation_id: str | None = None,
        history: Sequence[Turn] | None = None,
        replaces: str | None = None,
    ) -> AsyncIterator[Event]:
        self.answers += 1
        if conversation_id is None:
            self.begun += 1
        talk, name = conversation_id or f"c-{self.begun}", f"a-{self.answers}"
        shown: list[Event] = []
        kept = False
        try:
            async with aclosing(
                self.script.ask(question, reader=reader, conversation_id=talk, replaces=replaces)
            ) as steps:
                async for event in steps:
                    if isinstance(event, Searching):
                        event = Searching(event.message, talk, name)
                    if isinstance(event, Done):
                        meant = f"沿河绿道：{question}" if conversation_id else question
                        told = replace(event.answer, id=name, conversation_id=talk, standalone_question=meant)
                        event, kept = Done(told), True
                        self.conversations.append(event.answer, reader.owner, replaces=replaces)
                    shown.append(event)
                    yield event
        except (GeneratorExit, asyncio.CancelledError):
            if shown and not kept:
                self.conversations.append(_stopped(shown, question, talk, name), reader.owner, replaces=replaces)
            raise


def _stopped(shown: Sequence[Event], question: str, talk: str, name: str) -> Answer:
    text = "".join(event.text for event in shown if isinstance(event, Sentence))
    citations = tuple(c for event in shown if isinstance(event, EvidenceFound) for c in event.citations)
    verdict = Verdict.PARTIAL
    return Answer(
        name, talk, question, question, text, verdict, citations, (), None, "extractive", None, "gen-1", stopped=True
    )
