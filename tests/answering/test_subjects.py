"""A body that a question calls by a short form of its own is told by the names of the ledger, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.answering.understanding.subjects import spelled_out, subject_of
from assistant.domain.dialogue import Verdict

PLAN = """江城市陶瓷产教联合体任务分工
江教发〔2024〕2号
一、开设釉料实训班。由江城工艺美术学院牵头，恒川陶瓷有限公司配合，2024年9月底前完成。
二、编写拉坯教材。由江城工艺美术学院牵头，2024年12月底前完成。
三、建设窑炉车间。由江城市工业和信息化局牵头，江城工商学校配合，2024年10月底前完成。
江城市教育局
2024年2月1日
"""
UNITS = ("江城工艺美术学院", "恒川陶瓷有限公司", "江城工商学校", "市工信局")


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("江工美院2024年牵头几项任务", "江工美院"),
        ("恒川配合哪些任务", "恒川"),
        ("请问江工美院都负责什么", "江工美院"),
        ("釉料实训班谁牵头", ""),
        ("目前牵头哪些任务", ""),
        ("哪些单位牵头什么任务", ""),
    ],
)
def test_the_subject_of_a_question_for_duties(question: str, name: str) -> None:
    assert subject_of(question) == name


def test_a_short_form_that_can_mean_one_unit_alone_is_spelled_out() -> None:
    assert spelled_out("江工美院牵头哪些任务", UNITS) == ("江工美院", "江城工艺美术学院")
    assert spelled_out("恒川配合哪些任务", UNITS) == ("恒川", "恒川陶瓷有限公司")
    assert spelled_out("江城牵头哪些任务", UNITS) is None  # two begin so
    assert spelled_out("江工商院牵头哪些任务", UNITS) is None


@pytest.fixture
def office(desk: Callable[..., Any]) -> Any:
    return desk({"分工.txt": PLAN})


async def test_its_duties_are_listed_and_the_reading_is_said(office: Any) -> None:
    answer = await office.ask("江工美院2024年牵头几项任务")
    assert "釉料实训班" in answer.answer and "拉坯教材" in answer.answer
    assert "窑炉车间" not in answer.answer
    assert "“江工美院”按“江城工艺美术学院”理解。" in answer.notices


async def test_a_body_that_nobody_writes_of_leads_nothing(office: Any) -> None:
    answer = await office.ask("飞凌院2024年牵头几项任务")
    assert answer.verdict is Verdict.NOT_STATED
    assert "飞凌院" in answer.answer
