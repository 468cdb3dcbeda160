"""Sentences that change what was said before, and those that only look like it."""

from __future__ import annotations

import pytest

from assistant.domain.overtime.changes import Change, changes_rows, read_changes, read_table_change
from assistant.domain.policy import Span


def only(text: str) -> Change:
    (found,) = read_changes(text)
    return found


@pytest.mark.parametrize(
    ("text", "was", "now", "matter"),
    [
        (
            "冷链物流基地建设任务的牵头单位由市商务局调整为市农业农村局，市财政局配合。",
            ("市商务局",),
            ("市农业农村局",),
            "冷链物流基地建设任务",
        ),
        ("冷链物流基地由市商务局牵头调整为由市农业农村局牵头。", ("市商务局",), ("市农业农村局",), "冷链物流基地"),
        ("原由市商务局牵头的冷链物流基地，现改由市农业农村局牵头。", ("市商务局",), ("市农业农村局",), "冷链物流基地"),
        ("市商务局不再担任冷链基地的牵头单位，由市农业农村局接替。", ("市商务局",), ("市农业农村局",), "冷链基地"),
        ("冷链物流基地建设改由市农业农村局、市供销社共同牵头。", (), ("市农业农村局", "市供销社"), "冷链物流基地"),
        (
            "将滨江公园的责任单位由市园林局、市水务局变更为市城管局。",
            ("市园林局", "市水务局"),
            ("市城管局",),
            "滨江公园",
        ),
    ],
)
def test_a_change_of_lead(text: str, was: tuple[str, ...], now: tuple[str, ...], matter: str) -> None:
    change = only(text)
    assert (change.kind, change.was, change.now, change.proposed) == ("lead", was, now, False)
    assert matter in change.matter
    assert change.span.of(text) == text


def test_who_leads_no_more_and_who_helps_then() -> None:
    assert (only("市商务局不再牵头冷链物流基地建设。").kind, only("市商务局不再牵头冷链物流基地建设。").now) == (
        "leaves",
        (),
    )
    helped = only("冷链基地的牵头单位由市商务局调整为市农业农村局，市财政局、市交通局配合。")
    assert helped.cooperators == ("市财政局", "市交通局")
    assert only("冷链基地的牵头单位由市商务局调整为市供销社，市商务局改为配合单位。").cooperators == ("市商务局",)


@pytest.mark.parametrize(
    ("text", "was", "now"),
    [
        ("冷链基地建成时限由2024年10月底前调整为2025年3月底前。", ("2024年10月底前",), ("2025年3月底前",)),
        ("平台上线试运行时限顺延至2024年9月底前。", (), ("2024年9月底前",)),
        ("冷库一期启用时间由2025年6月底前延至2025年12月底前。", ("2025年6月底前",), ("2025年12月底前",)),
        ("智慧水务平台上线时间推迟到明年6月底。", (), ("明年6月底",)),
        ("会议原定于5月10日召开，推迟到5月20日。", ("5月10日",), ("5月20日",)),
    ],
)
def test_a_day_that_moves(text: str, was: tuple[str, ...], now: tuple[str, ...]) -> None:
    change = only(text)
    assert (change.kind, change.was, change.now) == ("deadline", was, now)


def test_a_limit_that_moves_by_a_time() -> None:
    change = only("智慧水务平台建设期延长6个月。")
    assert (change.kind, change.now) == ("shift", ("6个月",))


@pytest.mark.parametrize(
    ("text", "was", "now"),
    [
        ("因机构改革，市大数据管理局更名为市数据局，职责不变。", "市大数据管理局", "市数据局"),
        ("同意将“农机调度平台”更名为“农机服务平台”。", "农机调度平台", "农机服务平台"),
        ("市数据局（原市大数据局）负责平台运维。", "市大数据局", "市数据局"),
    ],
)
def test_another_name(text: str, was: str, now: str) -> None:
    change = only(text)
    assert (change.kind, change.was, change.now) == ("renamed", (was,), (now,))


@pytest.mark.parametrize(
    "text",
    [
        "建议牵头单位由市科技局调整为市教育局。",
        "申请将智慧水务平台上线时限延期至2025年6月底前。",
        "拟将冷链基地的牵头单位由市商务局调整为市农业农村局。",
    ],
)
def test_what_is_only_asked_for_is_proposed(text: str) -> None:
    assert all(change.proposed for change in read_changes(text))
    assert read_changes(text)


@pytest.mark.parametrize(
    "text",
    [
        "任何单位不得将完成时限推迟至2026年。",
        "补贴标准由每人500元调整为600元。",
        "是否调整牵头单位和完成时限，由市教育局商市科技局提出意见。",
        "起征点由5000元调整为8000元。",
        "由市科技局牵头，调整优化产业结构。",
    ],
)
def test_no_change(text: str) -> None:
    assert read_changes(text) == []


def test_a_table_of_changes() -> None:
    row = (
        "序号：1；任务：冷链基地；原牵头单位：市商务局；调整后牵头单位：市农业农村局；原时限：9月底；调整后时限：12月底"
    )
    lead, limit = read_table_change(row, Span(0, len(row)))
    assert (lead.kind, lead.was, lead.now, lead.matter) == ("lead", ("市商务局",), ("市农业农村局",), "冷链基地")
    assert (limit.kind, limit.was, limit.now) == ("deadline", ("9月底",), ("12月底",))
    plain = "序号：1；任务：冷链基地；牵头单位：市商务局；完成时限：9月底"
    assert not changes_rows(plain, Span(0, len(plain)))
