"""Time limits and states, each rule with its example; near misses beside them."""

from __future__ import annotations

import time

import pytest

from assistant.domain.language.deadlines import find_deadlines
from assistant.domain.language.status import read_status


@pytest.mark.parametrize(
    ("text", "written", "kind"),
    [
        ("2017年底前建成三个中心", "2017年底前", "fixed"),
        ("应当在每年3月底前报送", "每年3月底前", "recurring"),
        ("力争今年年内推出", "今年年内", "fixed"),
        ("自印发之日起3个月内办结", "自印发之日起3个月内", "relative"),
        ("受理后7个工作日内反馈", "受理后7个工作日内", "relative"),
        ("三年内实现全覆盖", "三年内", "relative"),
        ("“十四五”期间新建两所", "“十四五”期间", "fixed"),
        ("6月底前完成", "6月底前", "fixed"),
        ("坚持长期坚持", "长期坚持", "ongoing"),
        ("完成时限：2024年9月30日", "2024年9月30日", "fixed"),
        ("尽快研究", "尽快", "vague"),
        ("有效期5年", "有效期5年", "relative"),
    ],
)
def test_limits(text: str, written: str, kind: str) -> None:
    found = [(m.as_written, m.kind) for m in find_deadlines(text)]
    assert (written, kind) in found
    assert all(m.span.of(text) == m.as_written for m in find_deadlines(text))


@pytest.mark.parametrize(
    "text",
    [
        "5月16日，联盟正式成立",
        "定期开展评估",
        "截至2020年底，已建成5个",
        "2019年印发的通知",
        "任务：建基地；开工时间：2025年3月1日",
        "交办时间：2025/3/1",
        "版本2.2025.3前后",
    ],
)
def test_dates_that_limit_nothing(text: str) -> None:
    assert find_deadlines(text) == []


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("拟由市财政局牵头建设", "planned"),
        ("将于明年启动", "planned"),
        ("力争年底建成投用", "planned"),
        ("联盟正式成立", "done"),
        ("已完成主体工程", "in_progress"),
        ("正在办理用地手续", "in_progress"),
        ("尚未建立台账", "unclear"),
        ("对已开办和拟开办的专业进行评估", "unclear"),
        ("落实《关于建成三个中心的计划》要求", "unclear"),
        ("加强队伍建设", "unclear"),
    ],
)
def test_states(text: str, state: str) -> None:
    assert read_status(text).state == state


@pytest.mark.parametrize("text", ["2019年" * 25_000, "自" * 100_000, "每" * 100_000, "已一二" * 33_333, "“" * 100_000])
def test_reading_is_linear(text: str) -> None:
    started = time.process_time()
    find_deadlines(text)
    read_status(text)
    assert time.process_time() - started < 8


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("每年2月底前各县报送，3月底前市局汇总", [("每年2月底前", "recurring"), ("3月底前", "recurring")]),
        ("2020年年底前免缴", [("2020年年底前", "fixed")]),
        ("在2—3年内调整到位", [("2—3年内", "relative")]),
        ("应当在决定作出之日起20个工作日内公开", [("决定作出之日起20个工作日内", "relative")]),
        ("诉求要限时办结", [("限时", "vague")]),
    ],
)
def test_limits_in_their_full_length(text: str, limits: list[tuple[str, str]]) -> None:
    assert [(m.as_written, m.kind) for m in find_deadlines(text)] == limits


@pytest.mark.parametrize(
    "text",
    [
        "化解长期债务",
        "纳入年底效能考核",
        "距法定退休年龄五年以内",
        "近三年来新增就业十万人",
        "及时移送线索",
        "对近期地震活动的分析",
        "截至2023年底，由市住建局牵头已建成三千套",
        "我局每年都进行会商",
    ],
)
def test_words_of_time_that_limit_nothing(text: str) -> None:
    assert find_deadlines(text) == []


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("将养老平台交由协会运营", "unclear"),  # 将 marks the object
        ("市民政局将对机构进行检查", "planned"),
        ("制定年度工作计划", "unclear"),
        ("计划新建三所学校", "planned"),
        ("由市教育局建设虚拟仿真实训室", "unclear"),  # no 拟 of its own
        ("开展模拟演练", "unclear"),
        ("拟开展模拟演练", "planned"),
        ("解决推进中的困难", "unclear"),
        ("正会同有关部门起草", "in_progress"),
        ("已完成总投资的八成", "done"),
    ],
)
def test_states_of_look_alikes(text: str, state: str) -> None:
    assert read_status(text).state == state


@pytest.mark.parametrize(
    ("cell", "written", "kind"),
    [
        ("完成节点：2025年4月30日；验收标准：甲", "2025年4月30日", "fixed"),
        ("截止日期：2025年11月", "2025年11月", "fixed"),
        ("完成节点：全年；验收标准：甲", "全年", "ongoing"),
        ("完成节点：视省级部署确定", "视省级部署确定", "vague"),
    ],
)
def test_a_cell_under_a_heading_of_limits_is_one(cell: str, written: str, kind: str) -> None:
    (found,) = find_deadlines(cell)
    assert (found.as_written, found.kind) == (written, kind)
