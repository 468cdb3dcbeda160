"""A service with two documents and set answers, for the commands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from assistant.domain.access import INTERNAL, PUBLIC, ApiKey, Identity, Visibility
from assistant.domain.conditions import Trouble
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
    Status,
    Turn,
    Verdict,
)
from assistant.domain.holdings import Link
from assistant.domain.policy import Chunk, Document
from assistant.domain.uploads import Upload
from assistant.errors import BadRequest, IndexUnavailable
from assistant.ports import DocumentInfo, Hit
from assistant.settings import Settings

TEXT = "关于夜间公交的答复\n一、拟由市交通局牵头延长三条线路。\n"
QUOTE = "拟由市交通局牵头延长三条线路"
DOCUMENT = Document(
    id="d1",
    title="关于夜间公交的答复",
    kind="答复",
    source="replies/bus.txt",
    text=TEXT,
    page_starts=(0,),
    fields=(),
    clauses=(),
)
INFOS = (
    DocumentInfo(
        id="d1",
        title="关于夜间公交的答复",
        number="吉市交议〔2024〕3号",
        kind="答复",
        source="replies/bus.txt",
        fields={"issued_on": ("2024-05-01",), "issuer": ("市交通局",)},
    ),
    DocumentInfo(id="d2", title="关于图书馆的提案", number=None, kind="提案", source="b.md", fields={}),
)
START = TEXT.index(QUOTE)
CITATION = Citation(1, "d1", DOCUMENT.title, "吉市交议〔2024〕3号", "一", 1, START, START + len(QUOTE), QUOTE)
ANSWER = Answer(
    id="a1",
    conversation_id="c1",
    question="夜间公交由谁牵头？",
    standalone_question="夜间公交由谁牵头？",
    answer="拟由市交通局牵头延长三条线路。[1]",
    verdict=Verdict.ANSWERED,
    citations=(CITATION,),
    commitments=(
        Commitment(task="延长线路", lead_units=("市交通局",), status=Status("planned", "拟"), citations=(1,)),
    ),
    completeness=Completeness(1, 1),
    model="extractive",
    prompt=None,
    index="gen-7",
    timings_ms={"total": 12.0},
)


class FakeIndex:
    name = "gen-7"
    model: str | None = "fake"

    def dense(self, vector: Sequence[float], k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        return []

    def lexical(self, query: str, k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        return []

    def documents(self) -> Sequence[DocumentInfo]:
        return INFOS

    def document(self, document_id: str) -> Document | None:
        return DOCUMENT if document_id == "d1" else None

    def links(self, document_id: str) -> Sequence[Link]:
        return ()

    def chunks(self, chunk_ids: Iterable[str]) -> Mapping[str, Chunk]:
        return {}

    def chunks_of(self, document_id: str) -> Sequence[Chunk]:
        return ()


@dataclass
class FakeIndexes:
    published: bool = True

    @contextmanager
    def lease(self) -> Iterator[FakeIndex]:
        if not self.published:
            raise IndexUnavailable("还没有可用的索引。", "请运行 ingest run。")
        yield FakeIndex()


@dataclass
class FakeEmbedder:
    model: str = "fake"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[1.0, 0.0, 0.0] for _ in texts]

    def embed_query(self, text: str) -> list[float]:
        return [1.0, 0.0, 0.0]


Script = Callable[[str, str], Sequence[Event]]


def answers(question: str, conversation_id: str) -> Sequence[Event]:
    """Every question gets the set answer."""
    answer = replace(ANSWER, question=question, conversation_id=conversation_id)
    return (
        Searching("正在检索 2 份文件…", conversation_id),
        EvidenceFound((CITATION,)),
        Sentence(ANSWER.answer, (1,)),
        Done(answer),
    )


def fails(question: str, conversation_id: str) -> Sequence[Event]:
    """Every question ends with an error."""
    return (Failed("index_unavailable", "索引不可用，请运行 ingest run。"),)


@dataclass
class FakeAsker:
    script: Script = answers
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    told: list[int | None] = field(default_factory=list)  # turns of the history that came with each question

    async def ask(
        self,
        question: str,
        *,
        reader: Identity,
        conversation_id: str | None = None,
        history: Sequence[Turn] | None = None,
        replaces: str | None = None,
    ) -> AsyncIterator[Event]:
        self.asked.append((question, conversation_id))
        self.told.append(None if history is None else len(history))
        if not question.strip():
            raise BadRequest("问题是空的。", "请写明要问的事。")
        for event in self.script(question, conversation_id or f"c{len(self.asked)}"):
            await asyncio.sleep(0)
            yield event


@dataclass
class FakeKeys:
    held: list[ApiKey] = field(default_factory=list)

    def all(self) -> list[ApiKey]:
        return self.held


@dataclass
class FakeLabels:
    labels: dict[str, Visibility] = field(default_factory=lambda: {"d1": PUBLIC, "d2": INTERNAL})

    def current(self) -> tuple[str, dict[str, Visibility]]:
        return "1", self.labels


@dataclass
class FakeCondition:
    found: tuple[Trouble, ...] = ()

    def troubles(self) -> tuple[Trouble, ...]:
        return self.found

    def examine(self) -> None:
        pass


@dataclass
class FakeUploads:
    held: Sequence[Upload] = ()

    def all(self) -> Sequence[Upload]:
        return self.held


@dataclass
class FakeService:
    asker: FakeAsker = field(default_factory=FakeAsker)
    indexes: FakeIndexes = field(default_factory=FakeIndexes)
    settings: Settings = field(default_factory=Settings)
    embedder: FakeEmbedder | None = field(default_factory=FakeEmbedder)
    keys: FakeKeys = field(default_factory=FakeKeys)
    labels: FakeLabels = field(default_factory=FakeLabels)
    condition: FakeCondition = field(default_factory=FakeCondition)
    closed: bool = False
    uploads: FakeUploads = field(default_factory=FakeUploads)

    def __call__(self) -> FakeService:
        """Stands for ``open_service`` as well."""
        return self

    def close(self) -> None:
        self.closed = True
