"""The question path: one question in, one stream of events out."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial

from assistant.answering.draft import EXTRACTIVE, Aside, Draft
from assistant.answering.extractive.compose import compose
from assistant.answering.extractive.replies import fixed_reply
from assistant.answering.generative.completion import left_out
from assistant.answering.generative.compose import Finished, write
from assistant.answering.generative.model_evidence import evidence_of, narrowed
from assistant.answering.retrieval.books import Books
from assistant.answering.retrieval.reader import read
from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.retrieve import Retriever
from assistant.answering.retrieval.shelf import Shelf
from assistant.answering.several import answered, parts_of, unlike
from assistant.answering.statements import REPEALED, Composition, Statement, name_of
from assistant.answering.together import Together
from assistant.answering.understanding.followups import Standalone, standalone
from assistant.answering.understanding.intents import Intent
from assistant.answering.understanding.periods import as_of
from assistant.answering.understanding.question import Understood, understand
from assistant.answering.understanding.standalone import standalone as rewritten
from assistant.answering.understanding.subjects import spelled_out, subject_of
from assistant.domain.access import Clearance, Identity
from assistant.domain.dialogue import (
    Answer,
    Done,
    Event,
    EvidenceFound,
    Failed,
    Searching,
    Sentence,
    Table,
    Turn,
    Verdict,
)
from assistant.domain.holdings import ENDS
from assistant.errors import AssistantError, BadRequest, LibraryError
from assistant.ports import ChatModel, Conversations, GuardedIndexes, Index, Ledger, OverTime
from assistant.prompts import Prompts

_log = logging.getLogger(__name__)
_SHANGHAI = timezone(timedelta(hours=8))
_NOT_KEPT = "这次问答没能保存（磁盘或资料库有故障），不能追问，请自行留存；请告知管理员。"


def today_in_shanghai() -> date:
    """The date that the readers' offices have now."""
    return datetime.now(UTC).astimezone(_SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a question and a model may take: characters, and seconds."""

    question_chars: int = 2000
    model_seconds: float = 60.0
    model_stall_seconds: float = 15.0


class Assistant:
    """:class:`assistant.ports.Asker`: extractive by itself, with a model's wording where one is configured."""

    def __init__(
        self,
        indexes: GuardedIndexes,
        retriever: Retriever,
        conversations: Conversations,
        ledger: Ledger,
        *,
        over_time: OverTime | None = None,
        model: ChatModel | None = None,
        prompts: Prompts | None = None,
        limits: Limits | None = None,
        today: Callable[[], date] = today_in_shanghai,
    ) -> None:
        self._indexes = indexes
        self._retriever = retriever
        self._conversations = conversations
        self._ledger = ledger
        self._over_time = over_time
        self._model = model if prompts is not None else None
        self._prompts = prompts
        self._limits = limits or Limits()
        self._today = today
        self._shelf = Shelf()
        self._readings: Together[tuple[Reading, Composition, Aside]] = Together()

    def close(self) -> None:
        """Let the threads go that read."""
        self._readings.close()

    async def ask(
        self,
        question: str,
        *,
        reader: Identity,
        conversation_id: str | None = None,
        history: Sequence[Turn] | None = None,
        replaces: str | None = None,
    ) -> AsyncGenerator[Event, None]:
        """See :meth:`assistant.ports.Asker.ask`."""
        text = self._checked(question)
        draft = Draft(conversation_id or uuid.uuid4().hex, text, text)
        keep = partial(self._conversations.append, owner=reader.owner, replaces=replaces)
        begun = False
        try:
            turns = history
            if turns is None:
                turns = await asyncio.to_thread(
                    self._conversations.turns, draft.conversation_id, reader.owner, replaces=replaces
                )
            async with aclosing(self._events(draft, turns, reader.clearance)) as events:
                async for event in events:
                    if isinstance(event, Done) and history is None:
                        event = await asyncio.to_thread(_kept, keep, event)
                    begun = not isinstance(event, Done)
                    draft.shown += isinstance(event, Sentence)
                    yield event
        except BadRequest:
            raise
        except AssistantError as error:
            yield Failed(error.code, str(error))
        except (GeneratorExit, asyncio.CancelledError):
            if begun and history is None:
                # Shielded, because who stops an answer may do so twice; then it is kept all the same, unattended.
                await asyncio.shield(asyncio.to_thread(_quietly, keep, draft.stopped()))
            raise

    def _checked(self, question: str) -> str:
        text = question.strip()
        if not text:
            raise BadRequest("问题是空的。", "请写明要问的事。", param="question")
        if len(text) > self._limits.question_chars:
            advice = f"请缩短到 {self._limits.question_chars} 字以内。"
            raise BadRequest(f"问题有 {len(text)} 字，太长了。", advice, code="too_long", param="question")
        return text

    async def _events(self, draft: Draft, turns: Sequence[Turn], clearance: Clearance) -> AsyncGenerator[Event, None]:
        # What was answered from documents that the reader may no longer see is not told again.
        turns = [turn for turn in turns if not self._indexes.hidden(clearance, turn.document_ids)]
        alone = await self._alone(draft.question, turns)
        question = understand(alone.text)
        draft.standalone_question = alone.text
        draft.took("understand", draft.started)
        if (reply := fixed_reply(question.intent)) is not None:
            for event in _extractive(draft, reply):
                yield event
            return
        with self._indexes.seen_by(clearance).lease() as index:
            draft.index = index.name
            yield Searching(f"正在检索 {len(index.documents())} 份文件…", draft.conversation_id, draft.id)
            same = (index.name, index.view, clearance, alone)
            reading, composition, aside = await self._readings.done(same, partial(self._read, index, alone))
            draft.add(aside)
            draft.notices += await asyncio.to_thread(_no_longer_in_force, index, composition)
            if self._model is not None and _wordable(question, composition):
                async with aclosing(self._generative(self._model, reading, composition, draft, turns)) as events:
                    async for event in events:
                        yield event
                return
            for event in _extractive(draft, composition):
                yield event

    async def _alone(self, text: str, turns: Sequence[Turn]) -> Standalone:
        """The question without what it leaves to the conversation; a model words it where the rules had to."""
        alone = standalone(text, turns)
        if self._model is None or self._prompts is None or (alone.text == text and not alone.focus):
            return alone
        reworded = await rewritten(text, turns, self._model, self._prompts)
        return Standalone(reworded, alone.focus) if reworded else alone

    def _read(self, index: Index, alone: Standalone) -> tuple[Reading, Composition, Aside]:
        """What is read for a question, and its extractive answer; several questions in one are answered each."""
        aside = Aside()
        asked = understand(alone.text).asked
        today = (as_of(alone.text) if asked.overdue else None) or self._today()
        books = Books(index, self._ledger, today, self._over_time)
        if parts := parts_of(alone):
            told = answered(parts, lambda part: self._composed(index, part, books, aside), alone.text)
            if told[1].verdict is Verdict.ANSWERED or unlike(alone.text) is None:
                return *told, aside
        return *self._composed(index, alone, books, aside), aside

    def _composed(self, index: Index, alone: Standalone, books: Books, aside: Aside) -> tuple[Reading, Composition]:
        question = _spelled_out(understand(alone.text), books, aside.notices)
        began = time.perf_counter()
        reading = read(index, question, alone.focus, self._retriever, self._shelf, books, aside.notices)
        aside.took("retrieve", began)
        began = time.perf_counter()
        composition = compose(reading)
        aside.took("compose", began)
        if reading.scope.by_focus and composition.verdict is Verdict.NOT_STATED:
            # What was spoken of before does not say it: look everywhere, and say so.
            wider = read(index, question, (), self._retriever, self._shelf, books)
            if (elsewhere := compose(wider)).verdict in (Verdict.ANSWERED, Verdict.PARTIAL):
                aside.notices.append("前面提到的文件中没有写明，以下来自其他文件。")
                return wider, elsewhere
        if alone.before and composition.verdict is Verdict.NOT_STATED and reading.scope.documents is None:
            # Asked of everything it is stated nowhere: perhaps it was meant of what was spoken of before.
            nearer = read(index, question, alone.before, self._retriever, self._shelf, books)
            if (spoken_of := compose(nearer)).verdict is Verdict.ANSWERED:
                return nearer, spoken_of
        return reading, composition

    async def _generative(
        self, model: ChatModel, reading: Reading, composition: Composition, draft: Draft, turns: Sequence[Turn]
    ) -> AsyncGenerator[Event, None]:
        """The model's sentences that stand; the extractive answer where none does, saying so."""
        assert self._prompts is not None
        draft.model = model.name
        evidence = evidence_of(reading, composition)
        by_key = {e.key: e for e in evidence}
        began = time.perf_counter()
        finished: Finished | None = None
        writing = write(
            reading.question.text,
            evidence,
            model,
            self._prompts,
            timeout=self._limits.model_seconds,
            stall_timeout=self._limits.model_stall_seconds,
            history=turns,
        )
        async with aclosing(writing) as pieces:
            async for piece in pieces:
                if isinstance(piece, Finished):
                    finished = piece
                    break
                quotes = [narrowed(piece.text, by_key[key], reading) for key in piece.keys]
                known = len(draft.numbering.citations)
                numbers = tuple(dict.fromkeys(draft.numbering.number(q) for q in quotes))
                if new := draft.numbering.citations[known:]:
                    yield EvidenceFound(tuple(new))
                lead = "\n" if draft.sentences else ""
                sentence = Sentence(lead + piece.text + "".join(f"[{n}]" for n in numbers), numbers)
                draft.sentences.append(sentence)
                yield sentence
        draft.took("model", began)
        if finished is not None and finished.withheld:
            draft.withheld = finished.withheld
            draft.notices.append(f"有 {finished.withheld} 句与原文依据不符，已略去。")
        failed = finished is None or finished.finish != "complete"
        if not draft.sentences:
            draft.notices.append(
                "模型服务没有响应，以下为原文摘录。" if failed else "模型没有给出能与原文核对的回答，以下为原文摘录。"
            )
            draft.model = EXTRACTIVE
            for event in _extractive(draft, composition):
                yield event
            return
        if failed:
            draft.notices.append("模型的回答没有写完，已写的各句均与原文核对过，其余为原文摘录。")
        rest = left_out(composition, [s.text for s in draft.sentences])
        for event in _extractive(draft, composition, rest, model=model.name, prompt=self._prompts.answer.hash):
            yield event


def _kept(keep: Callable[[Answer], None], done: Done) -> Done:
    """The last event after its answer was kept; where the disk does not take it, the reader still gets the answer."""
    try:
        keep(done.answer)
    except LibraryError as error:
        _log.error("an answer could not be kept: %s", error)
        return Done(replace(done.answer, notices=(*done.answer.notices, _NOT_KEPT)))
    return done


def _quietly(keep: Callable[[Answer], None], answer: Answer) -> None:
    with suppress(AssistantError):  # nobody is left to be told
        keep(answer)


def _no_longer_in_force(index: Index, composition: Composition) -> list[str]:
    """A word on each document of the answer that a later one repeals, suspends or replaces: none speaks silently."""
    documents = {q.document.id: q.document for s in composition.statements for q in s.quotes}
    notices: list[str] = []
    for document in documents.values():
        for link in index.links(document.id):
            later = index.document(link.subject) if link.object == document.id else None
            if later is not None and link.kind in ENDS:
                notices.append(f"{name_of(document)}已由{name_of(later)}{ENDS[link.kind]}{REPEALED}，请核对现行规定。")
    return notices


def _spelled_out(question: Understood, books: Books, notices: list[str]) -> Understood:
    """The question with the whole name of a body that it calls by a short one; says so."""
    if question.units or not subject_of(question.text):
        return question
    entries = (row.entry.commitment for row in books.chosen())
    found = spelled_out(question.text, (u for c in entries for u in (*c.lead_units, *c.cooperating_units)))
    if found is None:
        return question
    notices.append(f"“{found[0]}”按“{found[1]}”理解。")
    return understand(question.text.replace(found[0], found[1], 1))


def _wordable(question: Understood, composition: Composition) -> bool:
    """Whether a model may word this: counted lists, particulars and honest silence stay as the documents give them."""
    plain = composition.completeness is None and question.intent is not Intent.METADATA
    return plain and composition.verdict in (Verdict.ANSWERED, Verdict.PARTIAL)


def _extractive(
    draft: Draft,
    composition: Composition,
    shown: Sequence[Statement] | None = None,
    *,
    model: str = EXTRACTIVE,
    prompt: str | None = None,
) -> list[Event]:
    """The events of a composed answer: its evidence first, then sentence by sentence, the table of rows, the end.

    Where a model began the answer, ``shown`` is what it left out, and ``model`` and ``prompt`` are those of its text.
    """
    statements = composition.statements if shown is None else shown
    known = len(draft.numbering.citations)
    sentences = [draft.numbering.sentence(s, last=i == len(statements) - 1) for i, s in enumerate(statements)]
    if draft.sentences and sentences:
        sentences[0] = Sentence("\n" + sentences[0].text, sentences[0].citations)
    draft.sentences.extend(sentences)
    rows = tuple(c for s in composition.statements if (c := draft.numbering.commitment(s)) is not None)
    events: list[Event] = []
    if new := draft.numbering.citations[known:]:
        events.append(EvidenceFound(tuple(new)))
    events.extend(sentences)
    table = Table(rows, composition.completeness) if composition.completeness is not None else None
    if table is not None and rows:
        events.append(table)
    events.append(Done(draft.finished(composition.verdict, rows, table, model, prompt)))
    return events
