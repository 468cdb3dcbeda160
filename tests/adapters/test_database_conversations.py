"""Conversations in the library."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.adapters.database.conversations import SqlConversations
from assistant.adapters.database.engine import open_library
from assistant.domain.dialogue import Answer, Citation, Turn, Verdict


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[SqlConversations]:
    engine = open_library(tmp_path)
    yield SqlConversations(engine)
    engine.dispose()


def answer(conversation: str, n: int) -> Answer:
    citations = tuple(
        Citation(i, document, "关于实习的复函", None, "一", None, 0, 4, "市教育局")
        for i, document in enumerate(("d1", "d2", "d1"), 1)
    )
    return Answer(
        id=f"a{n}",
        conversation_id=conversation,
        question=f"它呢{n}？",
        standalone_question=f"实习由谁负责{n}？",
        answer=f"由市教育局负责{n}。[1]",
        verdict=Verdict.ANSWERED,
        citations=citations,
        commitments=(),
        completeness=None,
        model="extractive",
        prompt=None,
        index="gen-1",
    )


def test_turns_come_back_oldest_first_and_only_the_last(conversations: SqlConversations) -> None:
    for n in range(5):
        conversations.append(answer("c1", n))
    conversations.append(answer("c2", 9))
    assert conversations.turns("c1", last=2) == [
        Turn(f"它呢{n}？", f"实习由谁负责{n}？", f"由市教育局负责{n}。[1]", ("d1", "d2")) for n in (3, 4)
    ]


def test_an_unknown_conversation_is_empty(conversations: SqlConversations) -> None:
    assert conversations.turns("nobody") == []
    assert conversations.conversation("nobody") is None


def test_the_whole_answers_are_kept(conversations: SqlConversations) -> None:
    conversations.append(answer("c1", 1))
    assert conversations.conversation("c1") == [answer("c1", 1).to_json()]


def test_many_may_append_at_once(conversations: SqlConversations) -> None:
    failures: list[BaseException] = []

    def talk(n: int) -> None:
        try:
            for _ in range(5):
                conversations.append(answer("same", n))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=talk, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(conversations.turns("same", last=100)) == 30
