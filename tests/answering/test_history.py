"""Questions over time: who leads now, whether it changed, when a day moved, what contradicts, what answers each ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.domain.dialogue import Verdict
from assistant.domain.holdings import Link, LinkKind
from assistant.domain.ledger.handling import rules_of
from tests.fakes.over_time import MemoryOverTime

PLAN = """江城冷链物流建设方案
江商发〔2024〕1号
各有关单位：
一、建设冷链物流基地。由市商务局牵头，市财政局配合，2024年12月底前建成。
二、搭建农机调度平台。由市农业农村局牵头，2024年9月底前上线。
三、编制冷库分布图谱。由市商务局牵头，长期坚持。
江城市商务局
2024年1月10日
"""
LETTER = """关于调整冷链任务的函
江商函〔2024〕9号
各有关单位：
依据《江城冷链物流建设方案》（江商发〔2024〕1号），调整如下：
一、冷链物流基地的牵头单位由市商务局调整为市供销社。
二、冷链物流基地建成时限由2024年12月底前调整为2025年3月底前。
三、农机调度平台由市大数据局牵头。
江城市商务局
2024年6月1日
"""
PROPOSAL = """政协江城市第十三届委员会第二次会议提案
第31号

案由：关于发展冷链物流的提案
立案日期：2024年2月1日

一、建议
（一）建设冷链物流基地，服务生鲜配送。
（二）设立冷链专项资金，每年不少于一千万元。
"""
REPLY = """对第31号提案的答复
江商议〔2024〕2号
一、基地建设。由市商务局牵头建设冷链物流基地，年内开工。
江城市商务局
2024年5月20日
"""
RULES = rules_of([{"地区": "江城市", "起算": "立案", "期限": "3个月", "依据": "江城市办法第三条"}])
Desk = Callable[..., Any]


@pytest.fixture
def office(desk: Desk) -> Any:
    return desk({"方案.txt": PLAN, "函.txt": LETTER}, over_time=MemoryOverTime())


@pytest.fixture
def proposals(desk: Desk) -> Any:
    return linked(desk({"提案.txt": PROPOSAL, "答复.txt": REPLY}, over_time=MemoryOverTime(RULES)))


def linked(opened: Any) -> Any:
    """The reply linked to its proposal, as ingest does it."""
    by_kind = {info.kind: info.id for info in opened.index.documents()}
    opened.index.linked = [Link(LinkKind.ANSWERS, by_kind["答复"], by_kind["提案"])]
    return opened


async def test_who_leads_now_and_who_did(office: Any) -> None:
    answer = await office.ask("冷链物流基地现在由谁牵头？")
    assert answer.verdict is Verdict.ANSWERED
    assert answer.answer.startswith("现由市供销社牵头（江商函〔2024〕9号，2024年6月1日）")
    assert "2024年1月10日，江商发〔2024〕1号：由市商务局牵头" in answer.answer
    assert "牵头单位由市商务局调整为市供销社" in answer.answer
    assert len(answer.citations) == 2


@pytest.mark.parametrize("question", ["冷链物流基地换过牵头单位吗？", "冷链物流基地的牵头单位有变化吗"])
async def test_whether_the_lead_changed(office: Any, question: str) -> None:
    assert "冷链物流基地的牵头单位有变更。" in (await office.ask(question)).answer
    unchanged = await office.ask(question.replace("冷链物流基地", "冷库分布图谱"))
    assert "冷库分布图谱的牵头单位在已导入的文件中没有变更的记载。" in unchanged.answer


async def test_when_a_day_was_moved(office: Any) -> None:
    answer = await office.ask("冷链物流基地是什么时候延期的？")
    assert "现行时限：2025年3月底前（江商函〔2024〕9号，2024年6月1日）" in answer.answer
    assert "时限由2024年12月底前调整为2025年3月底前" in answer.answer


async def test_what_cannot_be_decided_is_partial_and_shows_both(office: Any) -> None:
    answer = await office.ask("农机调度平台现在由谁牵头？")
    assert answer.verdict is Verdict.PARTIAL
    assert "牵头单位不能确定" in answer.answer
    assert "市农业农村局" in answer.answer
    assert "市大数据局" in answer.answer


async def test_lists_of_what_changed_and_of_what_contradicts(office: Any) -> None:
    changed = await office.ask("哪些任务的牵头单位有过调整？")
    assert "冷链物流基地：2024年6月1日，江商函〔2024〕9号：牵头单位由市商务局调整为市供销社" in changed.answer
    assert (changed.completeness.shown, changed.completeness.total) == (1, 1)
    contradicting = await office.ask("这些文件有没有互相矛盾的地方？")
    assert "农机调度平台（牵头单位）" in contradicting.answer
    assert contradicting.completeness.total == 1


async def test_a_question_without_a_history_is_answered_as_before(office: Any) -> None:
    answer = await office.ask("市财政局现在配合哪些任务？")
    assert "冷链" in answer.answer
    assert "现由" not in answer.answer


async def test_each_ask_with_its_answer(proposals: Any) -> None:
    answer = await proposals.ask("对第31号提案的每条建议是怎么答复的？")
    assert "1. 建设冷链物流基地" in answer.answer
    assert "答复〔有承诺〕：“由市商务局牵头建设冷链物流基地，年内开工。”" in answer.answer
    assert "答复：〔未见回应〕" in answer.answer
    assert (answer.completeness.shown, answer.completeness.total) == (2, 2)


async def test_by_when_a_proposal_must_be_answered(proposals: Any, desk: Desk) -> None:
    answer = await proposals.ask("第31号提案的办复时限是哪天，按期答复了吗？")
    assert "立案日期2024-02-01起3个月，到期日2024-05-01" in answer.answer
    assert "超期办复" in answer.answer
    without = linked(desk({"提案.txt": PROPOSAL, "答复.txt": REPLY}, over_time=MemoryOverTime()))
    unknown = await without.ask("第31号提案的办复时限是哪天？")
    assert unknown.verdict is Verdict.NOT_STATED
    assert "无法计算，缺：办复时限规则" in unknown.answer
