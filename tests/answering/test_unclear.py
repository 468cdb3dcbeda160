"""A question that only points, with nothing said before, is asked back and not answered with every duty there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.domain.dialogue import Verdict

PLAN = """江城市陶瓷产教联合体任务分工
江教发〔2024〕2号
一、开设釉料实训班。由市教育局牵头，市人社局配合，2024年9月底前完成。
二、建设窑炉车间。由市工信局牵头，市财政局配合，2024年10月底前完成。
江城市教育局
2024年2月1日
"""


@pytest.fixture
def office(desk: Callable[..., Any]) -> Any:
    return desk({"分工.txt": PLAN})


@pytest.mark.parametrize("question", ["它由谁配合", "这项工作什么时候完成？", "那个谁牵头", "该任务由谁负责？"])
async def test_what_only_points_is_asked_back(office: Any, question: str) -> None:
    answer = await office.ask(question)
    assert answer.verdict is Verdict.CLARIFY
    assert "没有说明指哪件事" in answer.answer and answer.citations == ()


@pytest.mark.parametrize(
    "question", ["窑炉车间由谁配合", "这个窑炉车间谁牵头", "市教育局牵头哪些任务", "那釉料实训班什么时候完成"]
)
async def test_what_names_its_matter_is_answered(office: Any, question: str) -> None:
    assert (await office.ask(question)).verdict is Verdict.ANSWERED


async def test_after_an_answer_the_same_words_follow_on(office: Any) -> None:
    first = await office.ask("窑炉车间由谁牵头？")
    answer = await office.ask("它由谁配合", first.conversation_id)
    assert "市财政局" in answer.answer
