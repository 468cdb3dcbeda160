"""Whether a document is still in force is answered by what ended it, and by its own term where nothing did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.domain.dialogue import Verdict
from assistant.domain.holdings import Link, LinkKind

OLD = """江城市校园食堂管理办法
（江教发〔2019〕6号）
第一条　学校食堂应当公示菜价。
第二条　本办法自2019年9月1日起施行，有效期五年。
"""
NEW = """江教发〔2023〕11号
关于规范校园食堂管理的通知
各学校：
一、菜价每周公示一次。
二、本通知自2023年9月1日起施行。《江城市校园食堂管理办法》（江教发〔2019〕6号）同时废止。
江城市教育局
2023年8月10日
"""


@pytest.fixture
def office(desk: Callable[..., Any]) -> Any:
    opened = desk({"办法.txt": OLD, "通知.txt": NEW})
    old, new = (next(d.id for d in opened.index.documents() if d.source == n) for n in ("办法.txt", "通知.txt"))
    opened.index.linked = [Link(LinkKind.REPEALS, new, old)]
    return opened


@pytest.mark.parametrize(
    "question",
    [
        "江教发〔2019〕6号还有效吗？",
        "2019年的食堂管理办法能不能继续用",
        "校园食堂管理办法废止了没",
        "食堂管理办法是不是已经失效了",
    ],
)
async def test_what_ended_a_document_is_told_with_the_clause(office: Any, question: str) -> None:
    answer = await office.ask(question)
    assert answer.verdict is Verdict.ANSWERED
    assert answer.answer.startswith("《江城市校园食堂管理办法》（江教发〔2019〕6号）已由《关于规范校园食堂管理的通知》")
    assert "不再有效" in answer.answer
    assert answer.citations[0].quote == "《江城市校园食堂管理办法》（江教发〔2019〕6号）同时废止"


async def test_what_nothing_ended_is_told_by_its_own_words(office: Any) -> None:
    answer = await office.ask("江教发〔2023〕11号现在还管用吗？")
    assert answer.verdict is Verdict.PARTIAL
    assert "自2023年9月1日起施行" in answer.answer
    assert "没有废止、停止执行或替代《关于规范校园食堂管理的通知》（江教发〔2023〕11号）的记载" in answer.answer


@pytest.mark.parametrize("question", ["校园食堂管理办法的有效期是几年？", "菜价多久公示一次？"])
async def test_other_questions_are_answered_as_ever(office: Any, question: str) -> None:
    assert "不再有效" not in (await office.ask(question)).answer
