"""What holds now comes first; decisions, years of titles and single asks are told; nothing is taken for granted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.domain.dialogue import Verdict
from tests.fakes.over_time import MemoryOverTime

PLAN = """江政办发〔2024〕5号
关于印发江城数字农业产教联合体建设方案（2024—2026年）的通知
各有关单位：
《江城数字农业产教联合体建设方案（2024—2026年）》已经同意，现印发给你们。
江城市人民政府办公室
2024年3月1日
江城数字农业产教联合体建设方案（2024—2026年）
一、重点任务
1. 建设公共育种基地。占地三十亩。由市农业农村局牵头，市财政局配合，2025年6月底前投用。
2. 开放试验田块。向成员单位免费开放。市水利局负责，2024年12月底前完成。
3. 引进育种人才。市委人才办牵头，长期推进。
"""
LETTER = """江农函〔2025〕3号
关于调整江城数字农业产教联合体部分任务的函
各有关单位：
对江政办发〔2024〕5号文作如下调整：
一、公共育种基地建设的牵头单位由市农业农村局调整为市供销社，市农业农村局改为配合单位。
二、公共育种基地投用时间由2025年6月底前延至2025年12月底前。
江城市农业农村局
2025年2月8日
"""
MINUTES = """江城数字农业产教联合体第一次调度会议纪要
〔2025〕第1期
江城市农业农村局办公室　2025年4月9日
4月3日，市农业农村局召开联合体第一次调度会议。现纪要如下：
一、会议听取了进展。
1. 理事会于2024年11月22日成立。
二、会议议定以下事项：
1. 土地手续由市供销社于5月20日前办结。
2. 市财政局4月底前印发资金办法。
三、下次会议拟于7月召开。
"""
PROPOSAL = """政协江城市第九届委员会第三次会议提案
第61号

案由：关于组建数字农业产教联合体的提案

一、建议
（一）划出三十亩土地建设公共育种基地。
（二）给予成员企业税费减免。
"""
REPLY = """对第61号提案的答复
江农议〔2024〕8号
一、基地建设。公共育种基地由市农业农村局牵头建设，在城北划出三十亩土地。
江城市农业农村局
2024年2月20日
"""
Desk = Callable[..., Any]


@pytest.fixture
def office(desk: Desk) -> Any:
    return desk({"方案.txt": PLAN, "函.txt": LETTER, "纪要.txt": MINUTES}, over_time=MemoryOverTime())


@pytest.fixture
def proposals(desk: Desk) -> Any:
    return desk({"提案.txt": PROPOSAL, "答复.txt": REPLY}, over_time=MemoryOverTime())


async def test_a_changed_lead_is_told_as_it_is_now_and_then_as_it_was(office) -> None:
    answer = await office.ask("公共育种基地是哪家牵头？")
    first, *rest = answer.answer.splitlines()
    assert "现由市供销社牵头" in first and "2025年2月8日" in first
    assert any("市农业农村局牵头" in line for line in rest)


async def test_a_limit_that_was_put_off_is_told_as_it_is_now(office) -> None:
    answer = await office.ask("公共育种基地最晚什么时候投用？")
    assert "2025年12月底前" in answer.answer.splitlines()[0]
    assert "2025年6月底前" in answer.answer


async def test_one_history_answers_whether_and_when_the_lead_changed(office) -> None:
    answer = await office.ask("公共育种基地的牵头单位换过吗，什么时候换的？")
    assert "有变更" in answer.answer and "2025年2月8日" in answer.answer
    assert "关于“" not in answer.answer


async def test_a_former_lead_is_no_lead(office) -> None:
    answer = await office.ask("公共育种基地是不是市农业农村局牵头？")
    assert answer.answer.startswith("与现行的记载不符")


async def test_a_meeting_is_asked_for_what_it_decided(office) -> None:
    answer = await office.ask("第一次调度会定了哪几件事？")
    assert "5月20日前办结" in answer.answer and "4月底前印发" in answer.answer
    assert (answer.completeness.shown, answer.completeness.total) == (2, 2)
    assert "7月召开" not in answer.answer


async def test_what_is_told_with_its_day_has_happened(office) -> None:
    answer = await office.ask("联合体理事会成立了没有？")
    assert answer.verdict is Verdict.ANSWERED
    assert "2024年11月22日" in answer.answer


async def test_the_years_of_a_plan_stand_in_its_title(office) -> None:
    answer = await office.ask("数字农业联合体建设方案的规划期到哪一年？")
    assert "2024—2026年" in answer.answer


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("氢能产教联合体由谁牵头？", "氢能产教联合体"),
        ("公共育种基地的监理单位是哪家？", "监理单位"),
        ("公共育种基地由哪家公司承建？", "公司"),
    ],
)
async def test_what_nobody_writes_of_is_not_stated(office, question: str, what: str) -> None:
    answer = await office.ask(question)
    assert answer.verdict is Verdict.NOT_STATED
    assert what in answer.answer


async def test_an_addressed_item_is_told_under_its_heading(office) -> None:
    answer = await office.ask("联合体建设方案第2项任务讲了什么？")
    assert "开放试验田块" in answer.answer


async def test_one_ask_by_its_place_and_the_source_of_what_was_said(proposals) -> None:
    await proposals.ask("第61号提案建议了什么？", "c")
    second = await proposals.ask("第二条答复怎么说？", "c")
    assert "税费减免" in second.answer and "育种基地" not in second.answer
    assert second.verdict is Verdict.NOT_STATED


async def test_the_source_of_an_answer_is_the_answer_again(office) -> None:
    await office.ask("公共育种基地换过牵头单位吗？", "c")
    again = await office.ask("依据是哪份文件？", "c")
    assert "江农函〔2025〕3号" in again.answer
    assert again.standalone_question == "公共育种基地换过牵头单位吗？"


REPORT = """关于江城数字农业产教联合体2025年上半年进展的通报
江农通〔2025〕7号
各有关单位：
一、已完成的任务
理事会于2024年11月22日成立。
二、正在推进的任务
产业工人夜校已办班11期，培训760人次。
三、未启动的任务
育种技能大赛尚未制定方案。
四、要求
对没有进展的任务，由市农业农村局约谈。
江城市农业农村局
2025年7月4日
"""


async def test_how_far_of_nothing_in_particular_is_asked_back_with_figures(desk: Desk) -> None:
    office = desk({"方案.txt": PLAN, "函.txt": LETTER, "纪要.txt": MINUTES, "通报.txt": REPORT})
    answer = await office.ask("现在进展怎么样？")
    assert answer.verdict is Verdict.CLARIFY
    assert "责任台账共" in answer.answer and "2025年上半年进展的通报" in answer.answer


async def test_what_stands_under_a_heading_of_progress_is_in_that_state(desk: Desk) -> None:
    office = desk({"方案.txt": PLAN, "通报.txt": REPORT}, over_time=MemoryOverTime())
    answer = await office.ask("产业工人夜校办得怎么样了？")
    assert "〔进行中〕“产业工人夜校已办班11期" in answer.answer
    undone = await office.ask("哪些任务还没有启动？")
    assert "育种技能大赛" in undone.answer and "约谈" not in undone.answer


async def test_an_alliance_without_its_name_is_the_one_that_changed(office) -> None:
    answer = await office.ask("什么时候延期的？")
    assert "2025年12月底前" in answer.answer and "2025年2月8日" in answer.answer


async def test_of_a_year_that_nobody_writes_of_nothing_is_told(office) -> None:
    answer = await office.ask("公共育种基地2019年进展怎么样？")
    assert answer.verdict is Verdict.NOT_STATED
    assert "2019年" in answer.answer


async def test_which_ones_after_how_many(desk: Desk) -> None:
    office = desk({"通报.txt": REPORT})
    await office.ask("通报说完成了几项任务？", "c")
    which = await office.ask("是哪几项？", "c")
    assert which.standalone_question == "通报说完成了哪些？"


PROSE = """江城数字农业产教联合体联席会议纪要
第3号
江城市农业农村局　2025年11月12日
11月6日，市农业农村局召开联席会议第三次会议。
服务平台于10月27日上线试运行。会议要求市供销社年内注册企业达到80家。
会议明确，农技规程编制改由市林业局牵头，市农业农村局配合，时限不变。
"""
TASKS = """江农发〔2025〕1号
关于印发江城数字农业产教联合体年度任务的通知
各有关单位：
一、编制数字农业农技规程。由市农业农村局牵头，2027年3月底前完成。
江城市农业农村局
2025年1月5日
"""


async def test_minutes_in_prose_are_asked_for_what_they_decided(desk: Desk) -> None:
    office = desk({"纪要.txt": PROSE})
    answer = await office.ask("第三次联席会议定了什么？")
    assert "注册企业达到80家" in answer.answer and "改由市林业局牵头" in answer.answer
    assert answer.completeness.total == 2
    other = await office.ask("第四次联席会议定了什么？")
    assert other.verdict is Verdict.NOT_STATED and "第四次" in other.answer


async def test_a_later_change_under_another_name_stands_first(desk: Desk) -> None:
    office = desk({"纪要.txt": PROSE, "任务.txt": TASKS}, over_time=MemoryOverTime())
    answer = await office.ask("农技规程谁牵头编制？")
    assert answer.answer.index("市林业局牵头") < answer.answer.index("市农业农村局牵头")
    assert "单位名称有变更" not in (await office.ask("农技规程牵头单位变了吗？")).answer
