"""The question path over documents written in the test: parsed by the real parser, searched in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from assistant.answering.assistant import Assistant
from assistant.answering.retrieval.retrieve import Retriever
from assistant.domain.access import LOCAL
from assistant.domain.dialogue import Answer, Done, Failed
from ingest.chunk import chunks_of
from ingest.parse import parse
from tests.fakes.ledger import MemoryLedger
from tests.fakes.memory_index import MemoryConversations, MemoryIndex

TODAY = date(2024, 12, 1)


class Desk:
    """Asks an assistant over some documents, and keeps what it needs for follow-ups."""

    def __init__(self, documents: dict[str, str], **options: Any) -> None:
        parsed = []
        for name, text in documents.items():
            document, _ = parse(name, text.encode())
            assert document is not None, name
            parsed.append((document, chunks_of(document)))
        self.index = MemoryIndex(parsed)
        self.conversations = MemoryConversations()
        self.ledger = MemoryLedger([document for document, _ in parsed])
        self.assistant = Assistant(
            self.index, Retriever(None), self.conversations, self.ledger, today=lambda: TODAY, **options
        )

    async def events(self, question: str, conversation: str | None = None) -> list[Any]:
        return [event async for event in self.assistant.ask(question, reader=LOCAL, conversation_id=conversation)]

    async def ask(self, question: str, conversation: str | None = None) -> Answer:
        last = (await self.events(question, conversation))[-1]
        assert isinstance(last, Done), last if isinstance(last, Failed) else type(last)
        answer = last.answer
        for c in answer.citations:
            document = self.index.document(c.document_id)
            assert document is not None
            assert document.text[c.start : c.end] == c.quote
        return answer


@pytest.fixture
def desk() -> Callable[..., Desk]:
    return Desk
