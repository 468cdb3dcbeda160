"""Plain text as old programs wrote it: broken lines, drawn tables, columns of tabs."""

from __future__ import annotations

from collections import Counter
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parsing import body, clause_text, parsed

from ingest.formats.tables import Cell, row_texts
from ingest.formats.text import plain_blocks
from ingest.formats.wrapped import unwrapped

BROKEN = """关于印发要点的通知
各县区民政局，局属各单位：
    现将《2025年殡葬改革工作要点》印发给你们，请
结合实际，认真抓好落实。
    一、完善公益性公墓布局。年底前每个乡镇建成一处
公益性公墓，由市民政局负责。
    二、推进移风易俗。市文明办牵头，市民政局配合，清
明节前开展文明祭扫宣传。
"""
DRAWN = """任务如下：
┌──┬────────┬──────┐
│序号│任务        │牵头单位│
├──┼────────┼──────┤
│1 │建设实训基地│市教育局│
│   │和培训中心  │      │
├──┼────────┼──────┤
│2 │开展技能竞赛│市人社局│
└──┴────────┴──────┘
请认真落实。"""


def texts(text: str) -> list[str]:
    return [block.text for block in plain_blocks(text.split("\n"))]


def test_lines_that_were_broken_at_a_width_are_paragraphs_again() -> None:
    document = parsed(BROKEN)
    assert "印发给你们，请结合实际，认真抓好落实。" in document.text
    assert clause_text(document, "二") == "二、推进移风易俗。市文明办牵头，市民政局配合，清明节前开展文明祭扫宣传。"


@pytest.mark.parametrize(
    "lines",
    [
        [
            "某市教育局关于做好二〇二五年度职业院校招生录取有关工作的通知",
            "各职业院校，各县（市、区）教育局，局机关各处室：",
        ],
        ["甲" * 30 + "。", "乙" * 30 + "。", "丙" * 30 + "。"],
        ["甲" * 60, "乙" * 60, "丙" * 20],
        ["一、" + "甲" * 28, "二、" + "乙" * 28, "三、" + "丙" * 28],
        ["甲" * 30, "　　" + "乙" * 28, "　　" + "丙" * 28],
    ],
    ids="head sentences long items indented".split(),
)
def test_lines_that_end_where_their_writer_ended_them_stay(lines: list[str]) -> None:
    assert unwrapped(lines) == lines


def test_a_table_that_is_drawn_has_its_rows_with_names() -> None:
    assert texts(DRAWN) == [
        "任务如下：",
        "序号：1；任务：建设实训基地和培训中心；牵头单位：市教育局",
        "序号：2；任务：开展技能竞赛；牵头单位：市人社局",
        "请认真落实。",
    ]
    assert body(parsed(DRAWN))[1:3] == ["表第1行", "表第2行"]


def test_columns_of_tabs_are_a_table() -> None:
    assert texts("安排表\n序号\t项目\t责任单位\n1\t智慧校园\t市教育局\n2\t数字图书馆\t市文旅局\n备注：按月调度。") == [
        "安排表",
        "序号：1；项目：智慧校园；责任单位：市教育局",
        "序号：2；项目：数字图书馆；责任单位：市文旅局",
        "备注：按月调度。",
    ]
    assert texts("某局文件\t签发人：张三\n关于某事的通知") == ["某局文件\t签发人：张三", "关于某事的通知"]


def test_names_below_a_name_that_spans_columns_where_merging_is_lost() -> None:
    rows = [["序号", "责任单位", "", "时限"], ["", "牵头", "配合", ""], ["1", "市教育局", "市财政局", "6月底"]]
    assert row_texts([[Cell(c) for c in row] for row in rows]) == [
        "序号：1；牵头单位：市教育局；配合单位：市财政局；时限：6月底"
    ]


PIECES = st.sampled_from([*"甲乙。，：　 \t|│─┼1-", "一、", "市教育局", "甲" * 24, "\n", "\n", "    "])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=120).map("".join))
def test_no_character_is_lost_but_lines_and_space(text: str) -> None:
    kept = Counter(c for block in plain_blocks(text.split("\n")) for c in block.text)
    wanted = Counter(c for c in text if c.isalnum())
    assert not {c: n for c, n in wanted.items() if kept[c] < n}


@pytest.mark.parametrize("line", ["│", "│甲│乙│", "----", "a|b|c", "甲\t乙\t丙", "甲" * 40, "---|", "│甲"])
def test_any_number_of_lines_takes_linear_time(line: str) -> None:
    began = process_time()
    plain_blocks([line] * 40_000)
    assert process_time() - began < 15  # about 1 s; a square would take hours
