"""Lists from the ledger: conditions in words, counts, groups, comparisons, and what is said where nothing fits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.domain.dialogue import Verdict
from tests.fakes.ledger import MemoryLedger

PLAN = """临市发〔2024〕8号
关于印发城区停车设施建设方案的通知
各有关单位：
现将方案印发给你们。
一、新建停车场。由市住建局牵头，市财政局配合，2024年10月底前建成停车场3处。
二、智慧停车平台。由市大数据局牵头，市公安局配合，2025年3月底前上线运行。
三、停车收费。由市发改委牵头，市财政局、市住建局配合，尽快制定收费办法。
四、执法检查。由市公安局负责，每年6月底前组织一次专项检查。
五、宣传引导。由市住建局牵头，开展文明停车宣传。
（一）编印手册。组织编印停车指南手册。
临市人民政府办公室
2024年3月1日
"""
REPORT = """临市住建〔2024〕20号
关于停车设施建设进展的报告
市人民政府：
一、由市住建局牵头的地下停车普查已全部完成。
二、建设资金尚未到位，11月底前补齐缺口。
临市住建局
2024年9月5日
"""


@pytest.fixture
def office(desk: Callable[..., object]) -> object:
    return desk({"方案.txt": PLAN, "报告.txt": REPORT})


def places(answer) -> list[str]:
    words = ("停车场3处", "智慧停车平台", "收费办法", "专项检查", "文明停车", "指南手册", "普查")
    told = "".join(c.quote for c in answer.citations)
    return [w for w in words if w in told]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("市住建局牵头、市财政局配合的事项有哪些？", ["停车场3处"]),
        ("市财政局配合的有哪些？", ["停车场3处", "收费办法"]),
        ("停车设施建设方案里今年要完成的有哪些？", ["停车场3处"]),
        ("2025年以前到期的任务有哪些", ["停车场3处"]),
        ("2025年3月底前要完成的任务有哪些", ["停车场3处", "智慧停车平台"]),
        ("没有写明确时限的任务有哪些？", ["收费办法", "文明停车", "指南手册", "普查"]),
        ("市住建局牵头、还没完成的任务有哪些", ["停车场3处", "文明停车", "指南手册"]),
        ("市住建局牵头、已完成的任务有哪些", ["普查"]),
        ("有哪些任务逾期了？", ["停车场3处"]),
        ("已经完成的有哪些，是谁牵头的？", ["普查"]),
    ],
)
async def test_conditions_combine(office, question: str, expected: list[str]) -> None:
    answer = await office.ask(question)
    assert places(answer) == expected
    assert answer.completeness is not None
    assert answer.completeness.shown == answer.completeness.total


async def test_the_conditions_are_shown_in_words(office) -> None:
    answer = await office.ask("市住建局牵头的、今年要完成的、还没完成的有几项？")
    assert "牵头或负责单位 市住建局" in answer.answer
    assert "时限在2024年1月1日至2024年12月31日" in answer.answer
    assert "未见完成记载" in answer.answer
    assert answer.completeness is not None and answer.completeness.total == 1


async def test_a_limit_without_a_unit_is_told_beside_the_count(office) -> None:
    answer = await office.ask("2024年11月底前要完成的任务有哪些")
    assert answer.completeness is not None and answer.completeness.total == 1
    assert "另有 1 处" in answer.answer
    assert "11月底前" in answer.answer


async def test_nothing_fits_and_one_condition_is_given_up_visibly(office) -> None:
    answer = await office.ask("市住建局牵头、2026年到期的任务有哪些")
    assert answer.verdict is Verdict.PARTIAL
    assert "没有同时符合全部条件的事项" in answer.answer
    assert "不限“时限在2026年1月1日至2026年12月31日”" in answer.answer


async def test_nothing_at_all(office) -> None:
    answer = await office.ask("市审计局牵头、2026年到期的任务有哪些")
    assert answer.verdict in (Verdict.NOT_STATED, Verdict.PARTIAL)
    assert "市审计局" in answer.answer
    assert answer.commitments == ()


async def test_by_unit_counted(office) -> None:
    answer = await office.ask("停车设施建设方案里各单位分别牵头几项？")
    assert "市住建局（牵头或负责 3 项）" in answer.answer
    assert "市发改委（牵头或负责 1 项）" in answer.answer
    assert "共 4 个单位，6 项" in answer.answer


async def test_one_unit_against_another(office) -> None:
    answer = await office.ask("市住建局牵头的任务比市发改委多几项？")
    # An inherited row (编印手册) is not counted for a unit that its clause does not name.
    assert "市住建局 3 项，市发改委 1 项，市住建局多 2 项。" in answer.answer


async def test_rows_that_inherit_are_marked_and_counted_apart(office) -> None:
    answer = await office.ask("市住建局牵头的事项有哪些？")
    assert "共 4 项，其中推定 1 项，全部列出" in answer.answer
    assert "〔推定〕" in answer.answer
    assert [c.basis for c in answer.commitments].count("inherited") == 1


async def test_a_list_is_arranged_narrowed_and_counted_by_the_next_question(office) -> None:
    first = await office.ask("市住建局牵头的任务有哪些？")
    arranged = await office.ask("改成按状态列", first.conversation_id)
    assert "已完成（1 项）" in arranged.answer
    second = await office.ask("市住建局牵头的任务有哪些？")
    narrowed = await office.ask("其中还没完成的呢？", second.conversation_id)
    assert "普查" not in "".join(c.quote for c in narrowed.citations)
    third = await office.ask("市住建局牵头的任务有哪些？")
    counted = await office.ask("一共几项？", third.conversation_id)
    assert "共 4 项" in counted.answer


async def test_the_answer_and_the_ledger_say_the_same(office) -> None:
    """What a person corrects in the ledger is what an answer tells; what they reject is in no list."""
    from assistant.domain.ledger.reviews import Changes, Decision

    ledger: MemoryLedger = office.ledger
    (row,) = [e for e in ledger.read.entries if "停车场3处" in e.quote]
    ledger.review(row.id, Decision("correct", "张某", "已竣工验收", changes=Changes(status="done")))
    assert (await office.ask("有哪些任务逾期了？")).verdict is Verdict.NOT_STATED
    ledger.review(row.id, Decision("reject", "张某", "不是任务"))
    assert places(await office.ask("市财政局配合的有哪些？")) == ["收费办法"]


async def test_a_short_name_that_two_units_share_is_asked_back(desk) -> None:
    notice = """关于防汛的通知
一、由江东区管委会牵头清理河道。
二、由江西区管委会牵头加固堤防。
临市水务局
2024年5月1日
"""
    office = desk({"通知.txt": notice})
    answer = await office.ask("管委会牵头哪些事项？")
    assert answer.verdict is Verdict.CLARIFY
    assert "江东区管委会（1 项）" in answer.answer


async def test_another_matter_of_the_same_kind_is_not_listed(desk) -> None:
    """Most characters are the same; the first word of the compound is another, and so is the matter."""
    notice = """关于家庭教育工作的通知
一、由市妇联牵头推进家庭教育指导服务体系建设。
二、由市民政局牵头规范社区活动室管理。
临市人民政府办公室
2024年5月1日
"""
    office = desk({"通知.txt": notice})
    answer = await office.ask("养老服务体系建设由哪几个部门负责？")
    assert answer.verdict is Verdict.NOT_STATED
    assert "市妇联牵头" not in answer.answer
    answer = await office.ask("家庭教育服务体系建设由哪几个部门负责？")
    assert answer.verdict is Verdict.ANSWERED
    assert "市妇联" in answer.answer
