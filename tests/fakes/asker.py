"""An asker that follows a script, and notes what it was asked and whether it was stopped."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from assistant.domain.access import Identity
from assistant.domain.dialogue import (
    Answer,
    Citation,
    Commitment,
    Completeness,
    Done,
    Event,
    EvidenceFound,
    Failed,
    Searching,
    Sentence,
    Turn,
    Verdict,
)
from assistant.errors import BadRequest

CONVERSATION = "c-1"
LONGEST_QUESTION = 2000


@dataclass(frozen=True)
class Wait:
    """A step of a script: seconds of silence."""

    seconds: float


@dataclass(frozen=True)
class Held:
    """A step of a script: silence until a test opens the gate, whatever thread it runs in."""

    gate: threading.Event = field(default_factory=threading.Event)

    async def opened(self) -> None:
        while not self.gate.is_set():  # noqa: ASYNC110 - an event of threads cannot be awaited
            await asyncio.sleep(0.005)


Step = Event | Wait | Held | Exception


@dataclass(frozen=True)
class Call:
    question: str
    conversation_id: str | None
    history: list[Turn] | None
    reader: Identity
    replaces: str | None = None


@dataclass
class FakeAsker:
    """Plays ``script`` for every question; :attr:`stopped` is set when the iterator is closed before its end.

    The last event's answer is given the question and conversation id of the call, as the real one would.
    """

    script: Sequence[Step]
    calls: list[Call] = field(default_factory=list)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    finished: int = 0

    async def ask(
        self,
        question: str,
        *,
        reader: Identity,
        conversation_id: str | None = None,
        history: Sequence[Turn] | None = None,
        replaces: str | None = None,
    ) -> AsyncIterator[Event]:
        if not question.strip():
            raise BadRequest("问题为空", "请输入问题", "question_empty", "question")
        if len(question) > LONGEST_QUESTION:
            raise BadRequest("问题过长", f"请缩短到 {LONGEST_QUESTION} 字以内", "question_too_long", "question")
        told = None if history is None else list(history)
        self.calls.append(Call(question, conversation_id, told, reader, replaces))
        ended = False
        try:
            for step in self.script:
                if isinstance(step, Wait):
                    await asyncio.sleep(step.seconds)
                elif isinstance(step, Held):
                    await step.opened()
                elif isinstance(step, Exception):
                    ended = True
                    raise step
                else:
                    ended = isinstance(step, Done | Failed)
                    yield _asked(step, question, conversation_id)
        finally:
            if ended:
                self.finished += 1
            else:
                self.stopped.set()


def _asked(event: Event, question: str, conversation_id: str | None) -> Event:
    if not isinstance(event, Done):
        return event
    answer = event.answer
    return Done(
        Answer(
            id=answer.id,
            conversation_id=conversation_id or answer.conversation_id,
            question=question,
            standalone_question=question,
            answer=answer.answer,
            verdict=answer.verdict,
            citations=answer.citations,
            commitments=answer.commitments,
            completeness=answer.completeness,
            model=answer.model,
            prompt=answer.prompt,
            index=answer.index,
            timings_ms=answer.timings_ms,
            notices=answer.notices,
        )
    )


def script(
    *sentences: str,
    citations: Sequence[Citation] = (),
    commitments: Sequence[Commitment] = (),
    verdict: Verdict = Verdict.ANSWERED,
    model: str = "extractive",
    notices: Sequence[str] = (),
    pause: float = 0.0,
    held: Sequence[Held] = (),
) -> list[Step]:
    """The events of a usual answer.

    ``pause`` is the silence before each sentence, in seconds; ``held`` are the gates before the first, second …
    sentence, and before the end.
    """
    gates = iter(held)
    steps: list[Step] = [Searching("正在检索 3 份文件…", CONVERSATION)]
    if citations:
        steps.append(EvidenceFound(tuple(citations)))
    for text in sentences:
        if pause:
            steps.append(Wait(pause))
        steps.extend(islice(gates, 1))
        steps.append(Sentence(text, tuple(c.n for c in citations if f"[{c.n}]" in text)))
    steps.extend(gates)
    answer = Answer(
        id="a-1",
        conversation_id=CONVERSATION,
        question="",
        standalone_question="",
        answer="".join(sentences),
        verdict=verdict,
        citations=tuple(citations),
        commitments=tuple(commitments),
        completeness=Completeness(len(commitments), len(commitments)) if commitments else None,
        model=model,
        prompt=None if model == "extractive" else "p1",
        index="gen-1",
        timings_ms={"total": 12.34},
        notices=tuple(notices),
    )
    return [*steps, Done(answer)]
