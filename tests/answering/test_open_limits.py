"""Where a text writes 适时 for a limit, that is told; and 多少人了 asks for a number, of nothing called 人了."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.domain.dialogue import Verdict

TABLE = """# 江城市陶瓷产教联合体任务表

| 序号 | 任务 | 牵头单位 | 完成时限 |
|---|---|---|---|
| 1 | 申报釉料检测资质 | 市市场监管局 | 适时 |
| 2 | 开办拉坯实训班 | 市教育局 | 2024年9月底前 |
"""
REPORT = """江城市陶瓷产教联合体进展情况
一、拉坯实训班已培训86人。
二、企业成员每年缴纳会费3万元。
江城市教育局
2024年8月2日
"""


@pytest.fixture
def office(desk: Callable[..., Any]) -> Any:
    return desk({"任务表.md": TABLE, "进展.txt": REPORT})


async def test_a_limit_that_is_left_open_is_told_as_it_is_written(office: Any) -> None:
    answer = await office.ask("申报釉料检测资质的时限")
    assert answer.verdict is Verdict.PARTIAL
    assert answer.answer.startswith("文件没有写明确定的时限，只写“适时”：")
    assert answer.citations[0].quote.endswith("完成时限：适时")


async def test_a_limit_that_is_written_is_no_open_one(office: Any) -> None:
    answer = await office.ask("拉坯实训班什么时候开办")
    assert "2024年9月底前" in answer.answer and "只写" not in answer.answer


@pytest.mark.parametrize(
    ("question", "said"), [("拉坯实训班培训了多少人了", "86人"), ("企业会费交多少钱一年", "3万元")]
)
async def test_particles_behind_how_many_are_no_noun(office: Any, question: str, said: str) -> None:
    answer = await office.ask(question)
    assert said in answer.answer and answer.verdict is not Verdict.NOT_STATED
