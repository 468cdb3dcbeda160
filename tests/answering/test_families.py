"""哪几步, 哪些问题: where a text says it in clauses of their own, all of them are told, and no others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.answering.retrieval.families import asks_for_all, families, ranked
from assistant.domain.dialogue import Verdict
from ingest.parse import parse
from tests.answering.conftest import Desk

PLAN = (
    "关于老旧电梯更新工作的通知\n各街道：\n一、总体要求\n坚持住户自愿，分批更新老旧电梯。\n"
    "二、工作步骤\n（一）摸清底数。社区逐栋登记使用满十五年的电梯，核对维保记录。\n"
    "（二）征求意见。街道召集住户协商，形成书面决议并张榜公布。\n（三）组织更换。施工队伍进场更换，检验合格后交付使用。\n"
    "三、资金保障\n（一）财政补助。市级按每台五万元补助。\n（二）维修资金。住户可以申请使用维修资金。\n"
)
REPLY = (
    "关于河东区在调研中所提问题办理情况的函\n河东区人民政府：\n现将你区所提问题的办理情况函告如下：\n"
    "一、关于跨河桥梁建设问题。你区请求新建跨河桥梁，已列入年度计划。\n"
    "二、关于菜市场改造问题。你区请求补助改造经费，正在评审。\n三、关于公交线路延伸问题。你区请求延伸三条线路，将于秋季开通。\n"
)
SURVEY = (
    "关于共享单车停放的调研报告\n一、存在问题\n（一）占用盲道，行人绕行。\n（二）堵住消防通道。\n"
    "二、工作建议\n（一）划定停放区域。\n（二）限定投放数量。\n"
)


async def test_the_steps_under_a_heading_are_told_whole(desk: Callable[..., Desk]) -> None:
    answer = await desk({"电梯.txt": PLAN}).ask("老旧电梯更新分哪几步走？")
    assert answer.verdict is Verdict.ANSWERED
    assert [c.path for c in answer.citations][-3:] == ["二（一）", "二（二）", "二（三）"]
    assert not any(c.path.startswith(("一", "三")) for c in answer.citations)
    assert answer.completeness is not None
    assert "共 3 项" in answer.answer
    assert "别处另有写到的不在内" in answer.answer


async def test_the_top_clauses_are_the_list_where_each_is_of_the_kind(desk: Callable[..., Desk]) -> None:
    answer = await desk({"河东.txt": REPLY, "电梯.txt": PLAN}).ask("调研时河东区提了哪几个问题？")
    assert [c.path for c in answer.citations] == ["一", "二", "三"]


async def test_the_sentence_that_leads_over_is_told_with_its_items(desk: Callable[..., Desk]) -> None:
    rules = (
        "游泳馆管理办法\n第一条 本办法适用于各游泳馆。\n第二条 入馆应当持有健康证。"
        "但是，有下列情形之一的，不需要健康证：\n"
        "（一）在浅水池陪同幼儿；\n（二）参加学校组织的教学。\n第三条 水质每日检测。\n"
    )
    answer = await desk({"游泳.txt": rules}).ask("入馆时哪些情形不需要健康证？")
    assert "有下列情形之一的，不需要健康证" in answer.answer
    assert [c.path for c in answer.citations] == ["第二条", "第二条（一）", "第二条（二）"]
    assert "共 2 项，全部列出" in answer.answer


async def test_a_unit_that_the_lead_does_not_name_is_not_given_the_whole_list(desk: Callable[..., Desk]) -> None:
    plan = (
        "东河区交通局、东河区公安局关于印发通学班车方案的通知\n各学校：\n一、任务分工\n（一）区交通局牵头规划线路。\n"
        "（二）区公安局负责校门口停靠点。\n（三）各学校登记乘车需求。\n"
    )
    answer = await desk({"班车.txt": plan}).ask("通学班车方案里东河区公安局有啥任务？")
    assert "共 3 项" not in answer.answer


async def test_a_part_that_is_of_another_kind_is_not_the_list(desk: Callable[..., Desk]) -> None:
    answer = await desk({"电梯.txt": PLAN}).ask("老旧电梯更新存在哪几个问题？")
    assert "这一部分已全部列出" not in answer.answer


async def test_a_contract_without_a_limit_is_no_duty_without_one(desk: Callable[..., Desk]) -> None:
    rules = (
        "临时用工管理规定\n第一条 用工应当订立合同。\n第二条 有下列情形之一的，可以订立没有期限的劳动合同：\n"
        "（一）连续用工满八年的；\n（二）获得技师称号的。\n"
    )
    answer = await desk({"用工.txt": rules}).ask("哪些情形下可以签没有期限的劳动合同？")
    assert [c.path for c in answer.citations] == ["第二条", "第二条（一）", "第二条（二）"]


def test_who_they_are_is_asked_of_a_sentence() -> None:
    assert not asks_for_all("更新工作由哪几家单位联合开展？")
    assert asks_for_all("更新工作分哪几步？")
    assert not asks_for_all("每台电梯补助多少？")


@pytest.mark.parametrize(
    ("question", "first"), [("停放有哪些问题？", "（一）占用盲道"), ("提了哪些措施？", "（一）划定停放区域")]
)
def test_what_is_counted_tells_one_family_from_another(question: str, first: str) -> None:
    document, _ = parse("调研.txt", SURVEY.encode())
    assert document is not None
    found = {clause.id: 0.5 for clause in document.clauses}
    best = ranked(question, [document], found, lambda *levels: 0.0)[0]
    assert best.items[0].span.of(document.text).strip().startswith(first)
    assert len(list(families(document))) >= 2
