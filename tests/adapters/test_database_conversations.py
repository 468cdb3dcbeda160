"""Conversations and judgements in the library."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assistant.adapters.database.conversations import SqlConversations
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.feedback import SqlFeedback
from assistant.domain.conversations import HISTORY_CHARACTERS, Judgement
from assistant.domain.dialogue import Answer, Citation, Turn, Verdict
from assistant.errors import BadRequest, NotFound

ME, OTHER = "key:1", "key:2"


@pytest.fixture
def engine(tmp_path: Path, library_url: str | None) -> Iterator[Engine]:
    opened = open_library(tmp_path, library_url)
    yield opened
    opened.dispose()


@pytest.fixture
def conversations(engine: Engine) -> SqlConversations:
    return SqlConversations(engine)


def answer(conversation: str, n: int) -> Answer:
    citations = tuple(
        Citation(i, document, "关于实习的复函", None, "一", None, 0, 4, "市教育局")
        for i, document in enumerate(("d1", "d2", "d1"), 1)
    )
    return Answer(
        id=f"{conversation}-a{n}",
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


def test_turns_come_back_oldest_first_with_the_documents_they_stood_on(conversations: SqlConversations) -> None:
    for n in range(3):
        conversations.append(answer("c1", n), ME)
    conversations.append(answer("c2", 9), ME)
    assert conversations.turns("c1", ME) == [
        Turn(f"它呢{n}？", f"实习由谁负责{n}？", f"由市教育局负责{n}。[1]", ("d1", "d2")) for n in range(3)
    ]


def test_a_history_is_cut_by_its_characters_and_keeps_the_last_turn_whatever_its_length(
    conversations: SqlConversations,
) -> None:
    long = "长" * (HISTORY_CHARACTERS // 3)
    for n in range(5):
        conversations.append(replace(answer("c1", n), answer=long), ME)
    assert [turn.question for turn in conversations.turns("c1", ME)] == ["它呢3？", "它呢4？"]
    conversations.append(replace(answer("c1", 5), answer=long * 9), ME)
    assert [turn.question for turn in conversations.turns("c1", ME)] == ["它呢5？"]


def test_a_conversation_is_unknown_to_everybody_but_its_owner(conversations: SqlConversations) -> None:
    conversations.append(answer("c1", 1), ME)
    assert conversations.turns("nobody", OTHER) == []
    for attempt in (
        lambda: conversations.turns("c1", OTHER),
        lambda: conversations.append(answer("c1", 2), OTHER),
        lambda: conversations.conversation("c1", OTHER),
        lambda: conversations.rename("c1", OTHER, "我的"),
        lambda: conversations.delete("c1", OTHER),
    ):
        with pytest.raises(NotFound) as caught:
            attempt()
        assert caught.value.code == "conversation_not_found"
    assert conversations.conversations(OTHER) == ([], 0)
    info, turns = conversations.conversation("c1", ME)
    assert (info.title, info.turns, len(turns)) == ("它呢1？", 1, 1)


def test_the_whole_answers_are_kept(conversations: SqlConversations) -> None:
    conversations.append(answer("c1", 1), ME)
    _, (turn,) = conversations.conversation("c1", ME)
    assert turn.answer == answer("c1", 1).to_json()
    assert turn.judgement is None


def test_conversations_are_listed_latest_first_by_pages_and_words(conversations: SqlConversations) -> None:
    for n in range(4):
        conversations.append(replace(answer(f"c{n}", 0), question=f"第{n}号 提案\n由谁牵头？"), ME)
    conversations.append(answer("c0", 1), ME)
    page, total = conversations.conversations(ME, limit=2)
    assert ([c.id for c in page], total) == (["c0", "c3"], 4)
    assert [c.id for c in conversations.conversations(ME, limit=2, offset=2)[0]] == ["c2", "c1"]
    found, total = conversations.conversations(ME, words="2号 牵头")
    assert ([c.title for c in found], total) == (["第2号 提案 由谁牵头？"], 1)
    assert conversations.conversations(ME, words="%") == ([], 0)


def test_the_latest_comes_first_within_one_tick_of_the_clock(
    conversations: SqlConversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.adapters.database.conversations.now", lambda: "2026-11-23T01:02:03.004+00:00")
    for n in (2, 0, 3, 1):
        conversations.append(answer(f"c{n}", 0), ME)
    conversations.append(answer("c0", 1), ME)
    assert [c.id for c in conversations.conversations(ME)[0]] == ["c0", "c1", "c3", "c2"]


def test_a_title_may_be_changed_and_is_kept_short(conversations: SqlConversations) -> None:
    conversations.append(replace(answer("c1", 1), question="问" * 100), ME)
    assert conversations.conversations(ME)[0][0].title == "问" * 39 + "…"
    assert conversations.rename("c1", ME, " 冷链\n物流 ").title == "冷链 物流"
    conversations.append(answer("c1", 2), ME)
    assert conversations.conversations(ME)[0][0].title == "冷链 物流"


def test_what_is_deleted_is_gone_from_the_files_too(tmp_path: Path) -> None:
    engine = open_library(tmp_path)
    conversations = SqlConversations(engine)
    conversations.append(replace(answer("c1", 1), question="绝密的问题？", answer="绝密的回答"), ME)
    assert any("绝密的回答".encode() in path.read_bytes() for path in tmp_path.glob("library.db*"))
    conversations.delete("c1", ME)
    assert conversations.turns("c1", ME) == []
    assert not any("绝密的回答".encode() in path.read_bytes() for path in tmp_path.glob("library.db*"))
    engine.dispose()


def test_the_last_answer_can_be_replaced_and_no_other(conversations: SqlConversations) -> None:
    for n in range(2):
        conversations.append(answer("c1", n), ME)
    assert [t.question for t in conversations.turns("c1", ME, replaces="c1-a1")] == ["它呢0？"]
    conversations.append(answer("c1", 7), ME, replaces="c1-a1")
    assert [t.question for t in conversations.turns("c1", ME)] == ["它呢0？", "它呢7？"]
    for attempt in (
        lambda: conversations.turns("c1", ME, replaces="c1-a0"),
        lambda: conversations.append(answer("c1", 8), ME, replaces="c1-a1"),
    ):
        with pytest.raises(BadRequest) as caught:
            attempt()
        assert caught.value.code == "not_last_answer"
    with pytest.raises(NotFound):
        conversations.turns("unknown", ME, replaces="x")


def test_a_first_question_that_is_edited_gives_the_conversation_its_new_title(conversations: SqlConversations) -> None:
    conversations.append(answer("c1", 1), ME)
    conversations.append(answer("c1", 2), ME, replaces="c1-a1")
    assert conversations.conversations(ME)[0][0].title == "它呢2？"
    conversations.rename("c1", ME, "自己取的")
    conversations.append(answer("c1", 3), ME, replaces="c1-a2")
    assert conversations.conversations(ME)[0][0].title == "自己取的"


def test_many_may_append_at_once(conversations: SqlConversations) -> None:
    failures: list[BaseException] = []

    def talk(n: int) -> None:
        try:
            for _ in range(5):
                conversations.append(answer("same", n), ME)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=talk, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert conversations.conversation("same", ME)[0].turns == 30


def test_a_judgement_is_kept_with_all_that_it_is_about_and_can_be_changed(
    engine: Engine, conversations: SqlConversations
) -> None:
    feedback = SqlFeedback(engine)
    conversations.append(answer("c1", 1), ME)
    conversations.append(answer("c1", 2), ME)
    feedback.judge(ME, "c1-a2", Judgement(True))
    feedback.judge(ME, "c1-a2", Judgement(False, ("引用不对",), "应为市财政局"))
    (judged,) = feedback.judged()
    assert judged.judgement == Judgement(False, ("引用不对",), "应为市财政局")
    assert judged.questions == ("它呢1？", "它呢2？")
    assert judged.answer == answer("c1", 2).to_json()
    assert conversations.conversation("c1", ME)[1][1].judgement == judged.judgement
    conversations.delete("c1", ME)
    assert len(feedback.judged(useful=False)) == 1
    assert feedback.judged(useful=True) == []
    assert feedback.judged(since="9999") == []


def test_only_the_owner_of_an_answer_can_judge_it(engine: Engine, conversations: SqlConversations) -> None:
    conversations.append(answer("c1", 1), ME)
    for owner, answer_id in ((OTHER, "c1-a1"), (ME, "unknown")):
        with pytest.raises(NotFound) as caught:
            SqlFeedback(engine).judge(owner, answer_id, Judgement(True))
        assert caught.value.code == "answer_not_found"


def test_open_questions_are_those_not_stated_and_those_with_sentences_withheld(
    engine: Engine, conversations: SqlConversations
) -> None:
    conversations.append(answer("c1", 1), ME)
    conversations.append(replace(answer("c1", 2), verdict=Verdict.NOT_STATED), ME)
    conversations.append(replace(answer("c2", 3), withheld=2), OTHER)
    found = SqlFeedback(engine).open_questions()
    assert [(q.question, q.verdict, q.withheld) for q in found] == [
        ("实习由谁负责2？", "not_stated", 0),
        ("实习由谁负责3？", "answered", 2),
    ]
