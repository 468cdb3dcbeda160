"""Whom to call is told of the office that is asked for, never of another that happens to have a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.domain.dialogue import Verdict

REPLY = """江教体提〔2024〕8号
对市政协九届三次会议第61号提案的答复
李××委员：
一、由市教体局组织校门改造。
江城市教育体育局
2024年2月20日
（联系人：职业教育与成人教育科　王××，电话：0432-6×××××1）
"""
LETTER = """江交函〔2024〕3号
关于校门停车的函
江城市教育体育局：
请配合做好校门停车管理。
江城市公安局交警支队
2024年3月1日
"""


@pytest.fixture
def office(desk: Callable[..., Any]) -> Any:
    return desk({"答复.txt": REPLY, "函.txt": LETTER})


@pytest.mark.parametrize("question", ["市教体局的联系人是谁", "职成科联系人电话", "联系人是谁"])
async def test_a_contact_of_the_office_that_is_asked_for(office: Any, question: str) -> None:
    assert "王××" in (await office.ask(question)).answer


async def test_no_other_office_answers_for_one_without_a_contact(office: Any) -> None:
    answer = await office.ask("交警支队联系人电话")
    assert answer.verdict is Verdict.NOT_STATED
    assert "0432" not in answer.answer and "交警支队" in answer.answer
