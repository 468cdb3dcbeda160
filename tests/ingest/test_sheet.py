"""Spreadsheets: ledgers, task tables and rosters as rows of named cells."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from sheet_files import Rows, with_part, xls, xlsx

from assistant.domain.ledger.extraction import ledger_of
from assistant.domain.policy import ClauseKind
from ingest.formats.model import BlockKind, Limits, ParsedFile
from ingest.formats.sheet.parse import parse_sheet
from ingest.parse import parse

LEDGER: Rows = [
    ["某市2024年政协提案办理台账"],
    ["填报单位：某市政府办公室", None, None, None, "2024年6月"],
    ["序号", "案由", "责任单位", None, "完成时限", "进展情况"],
    [None, None, "牵头", "配合", None, None],
    ["一、教育类"],
    [1, "关于发展学前教育的提案", "市教育局", "市财政局", datetime.date(2024, 9, 30), "已完成"],
    [2, "关于校园安全的提案", None, "市公安局", datetime.date(2024, 12, 1), "推进中"],
    ["备注：本表由办公室汇总。"],
]
MERGES = ["A1:F1", "C3:D3", "A3:A4", "B3:B4", "E3:E4", "F3:F4", "A5:F5", "C6:C7"]
FORMATS = {"E6": 'yyyy"年"m"月"d"日"', "E7": 'yyyy"年"m"月"'}
LEDGER_ROWS = [
    "序号：1；案由：关于发展学前教育的提案；牵头单位：市教育局；配合单位：市财政局；完成时限：2024年9月30日；进展情况：已完成",
    "序号：2；案由：关于校园安全的提案；牵头单位：市教育局；配合单位：市公安局；完成时限：2024年12月；进展情况：推进中",
]


def read(data: bytes) -> ParsedFile:
    return parse_sheet(data, Limits())


def rows(data: bytes) -> list[str]:
    return [b.text for b in read(data).blocks if b.kind == BlockKind.TABLE_ROW]


def others(data: bytes) -> list[str]:
    return [b.text for b in read(data).blocks if b.kind != BlockKind.TABLE_ROW]


def remarks(data: bytes) -> list[str]:
    return [f"{t.place} {t.reason}".strip() for t in read(data).troubles]


def csv(text: str, encoding: str = "utf-8") -> bytes:
    return text.encode(encoding)


# Ledgers ---------------------------------------------------------------------------------------------------------


def test_a_ledger_with_a_two_line_header_and_merged_units() -> None:
    data = xlsx(LEDGER, merges=MERGES, formats=FORMATS)
    assert rows(data) == LEDGER_ROWS
    assert others(data) == [
        "某市2024年政协提案办理台账",
        "填报单位：某市政府办公室",
        "2024年6月",
        "一、教育类",
        "备注：本表由办公室汇总。",
    ]
    assert remarks(data) == []


def test_the_old_format_gives_the_same() -> None:
    written = [[v.toordinal() - 693594 if isinstance(v, datetime.date) else v for v in row] for row in LEDGER]
    merges = [
        (0, 0, 0, 5),
        (2, 2, 2, 3),
        (2, 3, 0, 0),
        (2, 3, 1, 1),
        (2, 3, 4, 4),
        (2, 3, 5, 5),
        (4, 4, 0, 5),
        (5, 6, 2, 2),
    ]
    data = xls(written, merges=merges, formats=FORMATS)
    assert read(data) == read(xlsx(LEDGER, merges=MERGES, formats=FORMATS))


def test_a_two_line_header_whose_merging_is_lost() -> None:
    text = "序号,任务,责任单位,,完成时限\n,,牵头,配合,\n1,建设实训基地,市教育局,市人社局,2025年6月底前\n"
    assert rows(csv(text)) == [
        "序号：1；任务：建设实训基地；牵头单位：市教育局；配合单位：市人社局；完成时限：2025年6月底前"
    ]


def test_labels_below_a_group_keep_what_the_group_says() -> None:
    table: Rows = [
        ["单位", "2024年", None, "责任单位", None, "完成时间", None],
        [None, "一季度", "二季度", "主责", "协办", "开始时间", "完成时间"],
        ["市教育局", 3, 5, "甲处", "乙处", "1月", "3月"],
    ]
    merges = ["B1:C1", "D1:E1", "F1:G1", "A1:A2"]
    assert rows(xlsx(table, merges=merges)) == [
        "单位：市教育局；2024年·一季度：3；2024年·二季度：5；主责单位：甲处；协办单位：乙处；开始时间：1月；完成时间：3月"
    ]


def test_a_data_row_under_a_header_with_an_empty_label_is_no_second_header() -> None:
    assert rows(csv("序号,任务,牵头单位,\n1,甲事,市教育局,急\n2,乙事,市科技局,缓\n")) == [
        "序号：1；任务：甲事；牵头单位：市教育局；急",
        "序号：2；任务：乙事；牵头单位：市科技局；缓",
    ]


def test_sections_and_totals() -> None:
    data = xlsx(
        [
            ["序号", "项目名称", "责任部门", "金额"],
            ["产业发展", None, None, None],
            [1, "建设园区", "市发改委", 1200],
            [2, "培育企业", "市工信局", 800],
            ["合计", None, None, 2000],
        ],
        merges=["A2:D2", "A5:C5"],
        formats={"D3": "#,##0", "D4": "#,##0", "D5": "#,##0.00"},
    )
    assert rows(data) == [
        "序号：1；项目名称：建设园区；责任部门：市发改委；金额：1,200",
        "序号：2；项目名称：培育企业；责任部门：市工信局；金额：800",
        "合计；金额：2,000.00",
    ]
    assert [(b.kind, b.level) for b in read(data).blocks if b.text == "产业发展"] == [(BlockKind.HEADING, 3)]


def test_a_roster() -> None:
    text = "姓名,单位,职务\n甲某,市教育局,局长\n乙某,市教育局,\n"
    assert rows(csv(text)) == ["姓名：甲某；单位：市教育局；职务：局长", "姓名：乙某；单位：市教育局"]


def test_numbers_of_columns_and_repeated_headers_are_named_and_left_out() -> None:
    text = "序号,任务,牵头单位\n1,2,3\n1,甲事,市教育局\n序号,任务,牵头单位\n2,乙事,市科技局\n"
    assert rows(csv(text)) == ["序号：1；任务：甲事；牵头单位：市教育局", "序号：2；任务：乙事；牵头单位：市科技局"]
    assert remarks(csv(text)) == ["第2行 栏次编号，未作为条款收入", "第4行 重复的表头，未作为条款收入"]


def test_a_second_table_below_an_empty_row_has_its_own_header() -> None:
    text = "序号,任务,牵头单位\n1,甲事,市教育局\n\n姓名,单位,联系方式\n甲某,市科技局,内线\n"
    assert rows(csv(text)) == ["序号：1；任务：甲事；牵头单位：市教育局", "姓名：甲某；单位：市科技局；联系方式：内线"]
    assert [b.table for b in read(csv(text)).blocks] == [1, 2]


def test_rows_without_a_header_are_rows_without_names() -> None:
    assert rows(csv("甲,乙,3\n丙,丁,4\n")) == ["甲；乙；3", "丙；丁；4"]


def test_columns_without_a_value_are_named() -> None:
    assert remarks(csv("序号,任务,备注\n1,甲事,\n2,乙事,\n")) == ["这些列没有内容：备注"]


def test_what_stands_below_the_table_is_no_row() -> None:
    text = "序号,任务,牵头单位\n1,甲事,市教育局\n填表人：甲某,,审核人：乙某\n"
    assert others(csv(text)) == ["填表人：甲某", "审核人：乙某"]


def test_the_ledger_reads_who_leads_and_by_when() -> None:
    document, _ = parse("a.xlsx", xlsx(LEDGER, merges=MERGES, formats=FORMATS))
    assert document is not None
    found = [(r.duty.leads, r.duty.cooperators) for r in ledger_of(document) if r.clause.kind == ClauseKind.TABLE]
    assert found == [(("市教育局",), ("市财政局",)), (("市教育局",), ("市公安局",))]


def test_a_two_line_header_may_be_repeated() -> None:
    table = [*LEDGER[2:4], *LEDGER[5:7], *LEDGER[2:4], [3, "关于体育的提案", "市体育局", "市财政局", "长期", "推进中"]]
    merges = ["C1:D1", "C5:D5", *(f"{c}{r}:{c}{r + 1}" for c in "ABEF" for r in (1, 5))]
    assert rows(xlsx(table, merges=merges))[2].startswith(
        "序号：3；案由：关于体育的提案；牵头单位：市体育局；配合单位：市财政局"
    )
    assert remarks(xlsx(table, merges=merges)) == ["第5–6行 重复的表头，未作为条款收入"]


def test_labels_with_long_remarks_in_brackets() -> None:
    text = "序号,工作任务（写明项目、地点和规模；每项不超过二百字，不得只写“推进”等）,牵头单位\n1,甲事,市教育局\n"
    assert rows(csv(text))[0].endswith("：甲事；牵头单位：市教育局")


def test_a_form_pairs_each_label_with_its_value() -> None:
    text = "姓名,甲某,性别,男\n年龄,45,职务,科长\n工作单位,市教育局,联系电话,内线\n"
    assert rows(csv(text)) == ["姓名：甲某；性别：男", "年龄：45；职务：科长", "工作单位：市教育局；联系电话：内线"]


@pytest.mark.parametrize(
    "change",
    [
        lambda table: [["机密★1年"], *table],
        lambda table: [[*table[0], "密级"], *([*row, "秘密"] for row in table[1:])],
    ],
    ids=["above the table", "in a column"],
)
def test_a_secrecy_mark_anywhere_refuses_the_file(change: Callable[[Rows], Rows]) -> None:
    table: Rows = [["序号", "任务", "牵头单位"], *([n, f"第{n}件事", "市教育局"] for n in range(1, 31))]
    document, problems = parse("a.xlsx", xlsx(table, more={"乙表": change(table)}))
    assert document is None
    assert "密级标志" in problems[0].reason
    assert parse("a.xlsx", xlsx(table, more={"乙表": table}))[0] is not None


def test_an_attachment_label_above_the_title_is_no_title() -> None:
    table: Rows = [["附件1"], ["2024年重点任务分解表"], ["序号", "任务", "牵头单位"], [1, "甲事", "市教育局"]]
    document, _ = parse("a.xlsx", xlsx(table, merges=["A2:C2"]))
    assert document is not None
    assert document.title == "2024年重点任务分解表"
    assert [c.path for c in document.clauses] == ["标注", "标题", "表第1行"]


# What carriers hide ----------------------------------------------------------------------------------------------


def test_hidden_rows_columns_and_sheets_are_kept_and_named() -> None:
    def hide(sheet: object) -> None:
        sheet.row_dimensions[3].hidden = True  # type: ignore[attr-defined]
        sheet.column_dimensions["C"].hidden = True  # type: ignore[attr-defined]

    data = xlsx([["序号", "任务", "牵头单位"], [1, "甲事", "市教育局"], [2, "乙事", "市科技局"]], change=hide)
    assert rows(data)[1] == "序号：2；任务：乙事；牵头单位：市科技局"
    assert remarks(data) == ["第3行是隐藏行，也已收入", "C列是隐藏列，也已收入"]
    two = xlsx([["甲"]], more={"乙表": [["乙"]]})
    hidden = with_part(
        two, "xl/workbook.xml", lambda x: x.replace(b'sheetId="2" state="visible"', b'sheetId="2" state="hidden"')
    )
    assert "乙" in others(hidden)
    assert remarks(hidden) == ["工作表“乙表” 工作表是隐藏的，也已收入"]


def test_each_sheet_is_headed_by_its_name() -> None:
    table: Rows = [["序号", "任务", "牵头单位"], [1, "甲事", "市教育局"]]
    data = xlsx(table, title="一季度", more={"二季度": table, "空": []})
    blocks = [(b.kind.value, b.text, b.table) for b in read(data).blocks]
    assert blocks == [
        ("paragraph", "工作表：一季度、二季度", None),
        ("heading", "一季度", None),
        ("table_row", "序号：1；任务：甲事；牵头单位：市教育局", 1),
        ("heading", "二季度", None),
        ("table_row", "序号：1；任务：甲事；牵头单位：市教育局", 2),
    ]


def test_formulas_give_the_value_that_was_saved_or_a_loss() -> None:
    data = xlsx([["序号", "单位", "金额"], [1, "市教育局", "=SUM(1,2)"]])
    [lost] = [t for t in read(data).troubles if t.lost]
    assert "1 处公式没有保存结果（C2）" in lost.reason
    saved = with_part(
        data, "xl/worksheets/sheet1.xml", lambda x: x.replace(b"<v></v>", b"<v>3</v>").replace(b"<v />", b"<v>3</v>")
    )
    assert rows(saved) == ["序号：1；单位：市教育局；金额：3"]


def test_comments_are_kept() -> None:
    from openpyxl.comments import Comment

    def note(sheet: object) -> None:
        sheet["B2"].comment = Comment("已征求意见", "某人")  # type: ignore[index]

    data = xlsx([["序号", "任务", "牵头单位"], [1, "甲事", "市教育局"]], change=note)
    assert others(data) == ["批注（B2）：已征求意见"]


def test_macros_are_not_read_and_named() -> None:
    data = with_part(xlsx([["甲"]]), "xl/vbaProject.bin", lambda _: b"Sub AutoOpen")
    assert remarks(data) == ["文件含宏；宏没有运行，也没有收入"]


def test_a_web_page_with_the_suffix_of_a_workbook_is_read_as_one() -> None:
    cells = "<tr><th>任务</th><th>牵头单位</th></tr><tr><td>甲事</td><td>市教育局</td></tr>"
    assert rows(f"<html><body><table>{cells}</table></body></html>".encode()) == ["任务：甲事；牵头单位：市教育局"]


# Delimited text --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    text = "序号,任务,牵头单位\n1,甲事,市教育局\n2,乙事,市科技局\n".replace(",", delimiter)
    assert rows(csv(text, encoding))[1] == "序号：2；任务：乙事；牵头单位：市科技局"


def test_quoted_cells_hold_delimiters_and_line_breaks() -> None:
    text = '序号,任务,牵头单位\r\n="001","建设甲,\n建设乙",市教育局\r\n'
    assert rows(csv(text)) == ["序号：001；任务：建设甲, 建设乙；牵头单位：市教育局"]


def test_a_quote_that_never_closes_is_named() -> None:
    text = '序号,任务,牵头单位\n1,"甲事,市教育局\n2,乙事,市科技局\n'
    assert "引号不成对，分列可能有误" in remarks(csv(text))
    assert "乙事" in "".join(b.text for b in read(csv(text)).blocks)


def test_tables_side_by_side_are_read_apart() -> None:
    """An empty column parts two tables under one row of headers; the same headers once more part a list."""
    rows: Rows = [
        ["序号", "任务", "牵头单位", None, "单位", "联系人"],
        [1, "建设实训基地", "市教育局", None, "市教育局", "甲某"],
        [2, "开展技能培训", "市人社局"],
    ]
    assert [b.text for b in parse_sheet(xlsx(rows), Limits()).blocks] == [
        "序号：1；任务：建设实训基地；牵头单位：市教育局",
        "单位：市教育局；联系人：甲某",
        "序号：2；任务：开展技能培训；牵头单位：市人社局",
    ]
    rows = [["姓名", "单位", "姓名", "单位"], ["甲某", "市教育局", "乙某", "市水利局"], ["丙某", "市财政局"]]
    assert [b.text for b in parse_sheet(xlsx(rows), Limits()).blocks] == [
        "姓名：甲某；单位：市教育局", "姓名：乙某；单位：市水利局", "姓名：丙某；单位：市财政局",
    ]  # fmt: skip


def test_an_empty_column_with_a_value_somewhere_parts_nothing() -> None:
    rows: Rows = [["任务", "牵头单位", None, "时限", "备注"], ["甲", "乙", "丙", "丁", "戊"]]
    assert len(parse_sheet(xlsx(rows), Limits()).blocks) == 1
