"""What an answer cites belongs to what was asked: no heading that adds nothing, no other matter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.domain.dialogue import Answer

PLAN = """关于加快乡村冷链建设的通知
一、主要任务
（一）建设产地冷藏库。由县农业农村局牵头，县供销社配合，2025年6月底前建成。
（二）开通冷链专线。由县交通运输局牵头开通连接各乡镇的冷链专线。
二、组织领导
由县政府办公室牵头，每季度调度一次冷链建设进展。
三、变更事项
冷链检测室建设任务的牵头单位由县科技局调整为县市场监管局。
"""
REPORT = """冷链建设工作情况的通报
现将有关情况印发给你们。
一、已完成的任务
（一）产地冷藏库。产地冷藏库已建成并投用。
二、正在推进的任务
（一）冷链专线。专线站点正在选址。
截至2025年3月底，6项任务中，已完成1项，正在推进5项。
"""


@pytest.fixture
def office(desk: Callable[..., object]) -> object:
    return desk({"通知.txt": PLAN, "通报.txt": REPORT})


def quotes(answer: Answer) -> str:
    return "\n".join(c.quote for c in answer.citations)


async def test_a_heading_is_cited_only_where_it_names_what_the_sentence_leaves_out(office) -> None:
    named_over_it = await office.ask("产地冷藏库由谁牵头？")
    assert "（一）建设产地冷藏库" in quotes(named_over_it)
    named_itself = await office.ask("冷链专线由谁牵头？")
    assert "县交通运输局牵头" in named_itself.answer
    assert "（二）开通冷链专线" not in [c.quote for c in named_itself.citations]
    listed = await office.ask("县政府办公室牵头的任务有哪些？")
    assert "二、组织领导" not in quotes(listed)


async def test_a_change_of_another_matter_is_not_told(office) -> None:
    assert "检测室" not in (await office.ask("产地冷藏库由谁牵头？")).answer
    assert "县市场监管局" in (await office.ask("冷链检测室由谁牵头？")).answer


async def test_a_count_is_told_by_the_sentence_that_counts(office) -> None:
    answer = await office.ask("冷链建设的6项任务完成了几项？")
    assert "已完成1项" in answer.answer
    assert "印发给你们" not in answer.answer
    assert "正在选址" not in answer.answer
