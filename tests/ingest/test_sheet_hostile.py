"""Spreadsheets that are damaged, too large or made to harm: each ends within its limits, with a reason."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheet_files import with_part, xls, xlsx

from ingest.formats.model import Limits
from ingest.formats.sheet.parse import parse_sheet
from ingest.parse import parse

LEDGER = xlsx([["序号", "任务", "牵头单位"], [1, "甲事", "市教育局"], [2, "乙事", "市科技局"]])
SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row>'.encode()


def sheet(xml: bytes) -> bytes:
    return with_part(LEDGER, SHEET, lambda _: xml)


def reason(data: bytes, name: str = "a.xlsx") -> str:
    began = time.process_time()
    document, problems = parse(name, data)
    assert document is None
    assert not any("Error" in p.reason for p in problems)
    assert time.process_time() - began < 10
    return "；".join(p.reason for p in problems if p.lost)


def test_a_merged_range_over_all_places_costs_nothing() -> None:
    data = sheet(HEAD + ROW + b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>')
    began = time.process_time()
    assert [b.text for b in parse_sheet(data, Limits()).blocks] == ["甲"]
    assert time.process_time() - began < 3  # a moment; a merged range that is gone through takes minutes


def test_merged_ranges_that_copy_a_text_over_many_rows_are_limited() -> None:
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c><c r="C%d"><v>1</v></c></row>' % (n, n, n) for n in range(1, 2001)
    )
    merges = b"".join(b'<mergeCell ref="A%d:C2000"/>' % n for n in range(1, 2001))
    data = sheet(HEAD + rows + b"</sheetData><mergeCells>" + merges + b"</mergeCells></worksheet>")
    assert "合并单元格过多" in reason(data)


def test_a_bomb_is_refused_by_its_ratio() -> None:
    data = sheet(HEAD + (b"<!--" + b" " * 2**20 + b"-->") * 64 + b"</sheetData></worksheet>")
    assert len(data) < 2**20
    assert "压缩炸弹" in reason(data)


def test_entities_are_not_resolved(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("outside") / "secret.txt"
    secret.write_text("不应读到")
    xml = f'<!DOCTYPE w [<!ENTITY a "{"x" * 1000}"><!ENTITY b "{"&a;" * 1000}"><!ENTITY f SYSTEM "{secret.as_uri()}">]>'
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>甲&b;&f;</t></is></c></row>'
    document, _ = parse("a.xlsx", sheet(xml.encode() + HEAD + row.encode() + b"</sheetData></worksheet>"))
    text = document.text if document else ""
    assert "不应读到" not in text
    assert "xxx" not in text


def test_deep_nesting_ends() -> None:
    row = b'<row r="1"><c r="A1" t="inlineStr">' + b"<is>" * 100_000 + b"</is>" * 100_000 + b"</c></row>"
    reason(sheet(HEAD + row + b"</sheetData></worksheet>"))


def test_parts_that_lead_out_of_the_file_are_nothing() -> None:
    rels = "xl/_rels/workbook.xml.rels"
    data = with_part(LEDGER, rels, lambda x: x.replace(b"/xl/worksheets/sheet1.xml", b"../../../../etc/passwd"))
    assert "没有可收入的文字" in reason(data)


def test_too_many_cells_are_refused() -> None:
    _, problems = parse("a.xlsx", LEDGER, Limits(max_cells=5))
    assert "单元格过多：超过 5 个" in problems[0].reason


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_encrypted_workbooks_say_so(name: str) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    assert "已加密" in reason(data, name)


def test_what_is_no_workbook_says_so() -> None:
    assert "不是有效的 Excel 文件" in reason(b"PK\x03\x04" + bytes(100))
    assert "不是有效的 Excel 文件" in reason(b"\xd0\xcf\x11\xe0" + bytes(600), "a.xls")
    assert "另存为 .xlsx" in reason(b'<?xml version="1.0"?><Workbook/>', "a.xls")
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    assert "缺少工作簿" in reason(b"PK\x03\x04"[:0] + empty.getvalue())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_workbooks_never_raise(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([LEDGER, xls([["序号", "任务"], [1, "甲事"], [2, "乙事"]])])))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    parse("a.xlsx", bytes(whole[: data.draw(st.integers(1, len(whole)))]))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["", "序号", "任务", "牵头单位", "1", "2024-09-30", "甲事。", "备注：乙"]), max_size=5)
    )
)
def test_every_cell_of_any_table_is_in_the_text_or_in_a_remark(table: list[list[str]]) -> None:
    parsed = parse_sheet("\n".join(",".join(row) for row in table).encode(), Limits())
    told = "".join(b.text for b in parsed.blocks) + "".join(t.place + t.reason for t in parsed.troubles)
    left_out = "栏次" in told or "重复的表头" in told
    for row in table:
        assert left_out or all(cell in told for cell in row)


def test_many_rows_of_short_labels_take_time_in_proportion() -> None:
    rows = "\n".join("，".join(f"责任单位{n % 7}{m}" for m in range(30)).replace("，", ",") for n in range(400))
    started = time.process_time()
    document, _ = parse("a.csv", rows.encode())
    assert document is not None
    assert time.process_time() - started < 5  # 0.3 s; 12 s where every label is read anew at each row
