"""The ledger as files: fit to be sent on, safe to be opened, and read back as what a clerk changed in them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from assistant.domain.ledger.reviews import Changes, Decision
from assistant.domain.ledger.selection import Filters, Page
from assistant.errors import BadRequest
from assistant.faces.ledger_files import HEAD_ROW, csv_bytes, xlsx_bytes
from assistant.faces.ledger_forms import LABEL
from assistant.faces.ledger_import import Plan, carry_out, plan
from assistant.faces.ledger_table import COLUMNS, NAMES
from tests.fakes.ledger import PLAN, MemoryLedger

DAY = date(2024, 12, 1)
NOW = datetime(2024, 12, 1, 9, 30, tzinfo=UTC)
SITE = "http://10.0.0.5:8000/"
DREDGING, PATROL, FUNDS = "清淤", "巡查", "筹措"


def exported(ledger: MemoryLedger, **filters: Any) -> bytes:
    chosen = Filters(DAY, **filters)
    return xlsx_bytes(ledger.commitments(chosen), chosen, SITE, NOW)


def edited(data: bytes, change: Callable[[Any, dict[str, int], dict[str, int]], None]) -> bytes:
    """The export after ``change(sheet, column numbers by name, row numbers by a word of the quote)``."""
    book = load_workbook(io.BytesIO(data))
    sheet = book["责任台账"]
    columns = {cell.value: cell.column for cell in sheet[HEAD_ROW]}
    rows = {
        word: n
        for n in range(HEAD_ROW + 1, sheet.max_row + 1)
        for word in (DREDGING, PATROL, FUNDS)
        if word in (sheet.cell(n, columns["原文"]).value or "")
    }
    change(sheet, columns, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_back(ledger: MemoryLedger, data: bytes) -> Plan:
    return plan(data, ledger, "李明", "由表格导入")


def test_the_spreadsheet_can_be_sent_on() -> None:
    book = load_workbook(io.BytesIO(exported(MemoryLedger(), unit="市水务局", overdue=True)))
    sheet = book["责任台账"]
    assert sheet["A1"].value == f"责任台账　共 1 项　截至 2024-12-01　（{LABEL}）"
    assert "单位：市水务局；只看逾期" in sheet["A2"].value
    assert "AI生成：程序从文件中自动提取，2024-12-01 09:30 导出" in sheet["A2"].value
    assert [c.value for c in sheet[HEAD_ROW]] == list(NAMES)
    assert sheet.freeze_panes == "D4"
    assert sheet.auto_filter.ref == "A3:U4"
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    printed = COLUMNS[: NAMES.index("页码") + 1]
    assert sheet.print_area == "'责任台账'!$A$1:$N$4"
    assert sum(column.width for column in printed) < 210  # characters: 11 points become 8 on A4, which can be read
    head = zip(sheet[HEAD_ROW], COLUMNS, strict=True)
    assert all(sheet.column_dimensions[cell.column_letter].width == column.width for cell, column in head)
    first = dict(zip(NAMES, sheet[HEAD_ROW + 1], strict=True))
    assert (first["序号"].value, first["牵头单位"].value, first["逾期"].value) == (1, "市水务局", "逾期")
    assert (first["文号"].value, first["条款"].value, first["页码"].value) == ("吉市水发〔2024〕3号", "一", 1)
    assert first["到期日"].value == datetime(2024, 6, 30)  # a day that can be sorted and filtered
    assert first["原文"].value in PLAN.text
    assert first["原文"].alignment.wrap_text
    assert first["链接"].hyperlink.target == first["链接"].value
    assert first["链接"].value.startswith(f"http://10.0.0.5:8000/documents/{PLAN.id}#")
    notes = {row[0].value: row[1].value for row in book["说明"].iter_rows()}
    assert "AI生成" in notes["标识"]
    assert "2024-12-01" in notes["标识"]
    assert notes["事项总数"] == "1 项，全部列出"
    assert book["导出记录"].sheet_state == "hidden"


def test_rows_are_as_tall_as_their_printed_text_and_a_long_quote_makes_them_no_giants() -> None:
    ledger = MemoryLedger()
    page = ledger.commitments(Filters(DAY))
    task, quote = "清淤" * 60, "整治河道。" * 400
    first, second = page.entries[0], page.entries[1]
    tall = replace(first, commitment=replace(first.commitment, task=task))
    page = replace(page, entries=(tall, replace(second, quote=quote), page.entries[2]))
    sheet = load_workbook(io.BytesIO(xlsx_bytes(page, Filters(DAY))))["责任台账"]
    heights = [sheet.row_dimensions[HEAD_ROW + n].height for n in (1, 2, 3)]
    assert heights[0] == 7 * 16.5  # 240 half-width columns in lines of 37
    assert heights[1] == 5 * 16.5
    assert all(height <= 409 for height in heights)


def test_csv_opens_in_excel_and_runs_nothing() -> None:
    made = csv_bytes(MemoryLedger().commitments(Filters(DAY)), SITE)
    assert made.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))
    assert table[0] == list(NAMES)
    assert len(table) == 6
    assert table[1][NAMES.index("原文")] in PLAN.text


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", " =1", '=HYPERLINK("x")\x07'])
def test_no_cell_is_a_formula(evil: str) -> None:
    entry = MemoryLedger().commitments(Filters(DAY)).entries[0]
    entry = replace(entry, title=evil, commitment=replace(entry.commitment, task=evil, lead_units=(evil,)))
    page = Page((entry,), 1, (), (), DAY)
    sheet = load_workbook(io.BytesIO(xlsx_bytes(page, Filters(DAY, text=evil))))["责任台账"]
    assert {c.data_type for row in sheet.iter_rows() for c in row} <= {"s", "inlineStr", "n", "d"}
    task = sheet.cell(HEAD_ROW + 1, NAMES.index("事项") + 1)
    assert task.value == evil.replace("\x07", "")
    assert task.quotePrefix
    table = list(csv.reader(io.StringIO(csv_bytes(page).decode("utf-8-sig"), newline="")))
    for name in ("事项", "牵头单位", "文件"):
        assert table[1][NAMES.index(name)] == f"'{evil}"


def test_an_export_read_back_unchanged_asks_for_nothing() -> None:
    ledger = MemoryLedger()
    for data in (exported(ledger), csv_bytes(ledger.commitments(Filters(DAY)))):
        made = read_back(ledger, data)
        assert (made.rows, made.unchanged, made.steps, made.remarks) == (5, 5, [], [])


def test_changed_cells_become_corrections() -> None:
    ledger = MemoryLedger()

    def change(sheet: Any, columns: dict[str, int], rows: dict[str, int]) -> None:
        sheet.cell(rows[DREDGING], columns["牵头单位"]).value = "市住建局、 市水务局"
        sheet.cell(rows[DREDGING], columns["到期日"]).value = "2025年3月31日"
        sheet.cell(rows[DREDGING], columns["核对说明"]).value = "会议纪要已调整"
        sheet.cell(rows[PATROL], columns["核对"]).value = "已核对"
        sheet.cell(rows[FUNDS], columns["核对"]).value = "驳回"
        sheet.cell(rows[FUNDS], columns["进展"]).value = "已完成"  # not of what is no commitment

    made = read_back(ledger, edited(exported(ledger), change))
    assert (made.unchanged, made.remarks) == (2, [])
    assert [(s.decision.action, s.decision.why) for s in made.steps] == [
        ("correct", "会议纪要已调整"),
        ("confirm", "由表格导入"),
        ("reject", "由表格导入"),
    ]
    assert made.steps[0].decision.changes == Changes(lead_units=("市住建局", "市水务局"), due="2025-03-31")
    assert carry_out(made, ledger) == 3
    rows = {e.quote: e for e in ledger.commitments(Filters(DAY, rejected=True)).entries}
    dredging = next(e for q, e in rows.items() if DREDGING in q)
    assert (dredging.commitment.lead_units, dredging.due_on) == (("市住建局", "市水务局"), "2025-03-31")
    assert next(e for q, e in rows.items() if FUNDS in q).rejected
    # The corrected ledger, exported again, says what the document says and reads back as unchanged.
    again = exported(ledger, rejected=True)
    remark = load_workbook(io.BytesIO(again))["责任台账"].cell(HEAD_ROW + 1, NAMES.index("备注") + 1).value
    assert "程序提取为：牵头单位：市水务局；到期日：2024-06-30" in remark
    assert read_back(ledger, again).steps == []


def test_what_changed_since_the_export_is_not_written_over() -> None:
    ledger = MemoryLedger()
    data = exported(ledger)
    entry = next(e for e in ledger.commitments(Filters(DAY)).entries if DREDGING in e.quote)
    ledger.review(entry.id, Decision("correct", "王芳", "误读", Changes(role="负责")))

    def change(sheet: Any, columns: dict[str, int], rows: dict[str, int]) -> None:
        sheet.cell(rows[DREDGING], columns["牵头单位"]).value = "市住建局"

    made = read_back(ledger, edited(data, change))
    assert made.steps == []
    (remark,) = made.remarks
    assert (remark.row, remark.lost) == (HEAD_ROW + 1, True)
    assert "重新导出" in remark.reason


def test_a_file_is_carried_out_once() -> None:
    ledger = MemoryLedger()

    def change(sheet: Any, columns: dict[str, int], rows: dict[str, int]) -> None:
        sheet.cell(rows[DREDGING], columns["角色"]).value = "负责"

    data = edited(exported(ledger), change)
    made = read_back(ledger, data)
    assert carry_out(made, ledger) == 1
    assert carry_out(made, ledger) == 0  # the same plan again meets another version
    assert "已有变化" in made.remarks[-1].reason
    assert len(ledger.said) == 1


def test_a_deleted_row_is_told_and_not_rejected() -> None:
    ledger = MemoryLedger()
    made = read_back(ledger, edited(exported(ledger), lambda sheet, _, rows: sheet.delete_rows(rows[DREDGING])))
    (remark,) = made.remarks
    assert not remark.lost
    assert "清淤" in remark.reason
    assert made.steps == []
    lines = csv_bytes(ledger.commitments(Filters(DAY))).decode("utf-8-sig").splitlines(keepends=True)
    made = read_back(ledger, "".join(lines[:2] + lines[3:]).encode())
    assert [r.reason for r in made.remarks] == ["表中删去了序号 2 的行（共 1 行），未作驳回"]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("到期日", "六月底", "“到期日”栏的“六月底”不能采用"),
        ("到期日", "2024-02-30", "不能采用"),
        ("进展", "做完了", "“进展”栏的“做完了”不能采用，可填：拟、进行中、已完成、不明"),
        ("核对", "看过", "“核对”栏不认识“看过”"),
        ("事项", None, "事项：事项不能为空"),
        ("角色", "=1+1", "角色"),
        ("牵头单位", "局" * 61, "牵头单位：最多"),
        ("原文", "别的话", "“原文”栏不能更改，未采用"),
        ("编号", "m0", "台账中没有编号 m0"),
        ("编号", None, "没有编号，不能新增事项"),
        ("版本", "0" * 12, "重新导出"),
    ],
)
def test_what_cannot_be_taken_is_told_with_its_row(column: str, value: str | None, reason: str) -> None:
    ledger = MemoryLedger()

    def change(sheet: Any, columns: dict[str, int], rows: dict[str, int]) -> None:
        sheet.cell(rows[PATROL], columns[column]).value = value
        if column == "版本":
            sheet.cell(rows[PATROL], columns["角色"]).value = "牵头"

    made = read_back(ledger, edited(exported(ledger), change))
    assert made.steps == []
    assert any(r.row == HEAD_ROW + 3 and reason in r.reason for r in made.remarks), made.remarks


def test_cells_are_texts_whatever_they_look_like() -> None:
    ledger = MemoryLedger()
    formula = '=HYPERLINK("http://x","y")'

    def change(sheet: Any, columns: dict[str, int], rows: dict[str, int]) -> None:
        sheet.cell(rows[DREDGING], columns["事项"]).value = formula

    made = read_back(ledger, edited(exported(ledger), change))
    assert [s.decision.changes for s in made.steps] == [Changes(task=formula)]
    carry_out(made, ledger)
    page = ledger.commitments(Filters(DAY))
    book = load_workbook(io.BytesIO(exported(ledger)))
    assert book["责任台账"].cell(HEAD_ROW + 1, NAMES.index("事项") + 1).data_type == "s"
    for data in (exported(ledger), csv_bytes(page)):
        assert read_back(ledger, data).steps == []


def test_csv_as_excel_in_china_saves_it() -> None:
    ledger = MemoryLedger()
    text = csv_bytes(ledger.commitments(Filters(DAY))).decode("utf-8-sig").replace("不明", "进行中", 1)
    for data in (text.encode("gb18030"), text.encode(), text.replace(",", "\t").encode()):
        (step,) = read_back(ledger, data).steps
        assert step.decision.changes == Changes(status="in_progress")


def test_other_files_are_refused() -> None:
    book = Workbook()
    book.active.append(["事项", "单位"])
    other = io.BytesIO()
    book.save(other)
    for data in (b"", b"PK broken", other.getvalue(), "事项,单位\n清淤,市水务局\n".encode(), b"\xff\xfe\x00\xd8"):
        with pytest.raises(BadRequest) as raised:
            read_back(MemoryLedger(), data)
        assert raised.value.advice


def test_a_workbook_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("assistant.faces.ledger_import._LARGEST", 1000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 5000)
    with pytest.raises(BadRequest) as raised:
        read_back(MemoryLedger(), packed.getvalue())
    assert raised.value.code == "too_large"
