"""The ledger as files that a clerk sends on: a spreadsheet, and CSV that Excel opens right.

Both can be edited and given back (:mod:`assistant.faces.ledger_import`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from assistant.domain.ledger.commitments import Entry
from assistant.domain.ledger.selection import Filters, Page
from assistant.faces.ledger_forms import CHINA, KIND_NAMES, LABEL, REVIEW_NAMES, STATE_NAMES, filter_words
from assistant.faces.ledger_table import COLUMNS, GIVEN_BACK, LAST_PRINTED, NAMES, REVIEW, Cell, Column, cells

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
AI_LABEL = "AI生成：程序从文件中自动提取"
"""The explicit label of generated content that a file carries, with the date beside it (GB 45438-2025, 文本标识)."""

SHEET, NOTES, ROWS = "责任台账", "说明", "导出记录"
HEAD_ROW = 3
"""Where the headings stand: the title and what was filtered by are above."""

LONGEST_CELL = 32_767  # Excel's limit
_MOST_LINKS = 60_000  # Excel drops those beyond 65,530 of a sheet, with a warning
# What makes a spreadsheet take a cell for a formula (OWASP, CSV injection), full-width forms included.
FORMULA = re.compile("^[ ]*[=+\\-@\t\r＝＋－＠]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # not allowed in XML, and nothing to read
_SHORT_COLUMN = 12  # characters: such columns hold a word, a number or a day
_LINE_POINTS, _MOST_LINES, _LINES_BESIDE = 16.5, 24, 5  # Excel's tallest row has 409 points
_LAST_PRINTED_AT = NAMES.index(LAST_PRINTED)
_ONE_LINE = ("链接", "编号", "版本")
_CHOICES = {
    REVIEW: [REVIEW_NAMES[state] for state in ("unreviewed", "confirmed")] + ["驳回"],
    "进展": list(STATE_NAMES.values()),
}


def csv_bytes(page: Page, site: str = "") -> bytes:
    """UTF-8 with a byte order mark (Excel needs it), a heading line, and no cell that runs as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(NAMES)
    for number, entry in enumerate(page.entries, 1):
        writer.writerow([_harmless(cell) for cell in cells(number, entry, page.as_of, site)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_bytes(page: Page, filters: Filters, site: str = "", now: datetime | None = None) -> bytes:
    """A workbook: the list under headings that stay in sight, and how it was made and is to be edited.

    Texts are written as texts: what begins with = is shown, never computed. ``site`` is where the service is reached,
    for links that open the quote. A third sheet, hidden, notes which rows there are: so one that was deleted is missed.
    """
    from openpyxl import Workbook

    now = now or datetime.now(CHINA)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    _head(sheet, page, filters, now)
    _body(sheet, page.entries, page.as_of, site)
    _choices(sheet, len(page.entries))
    _paper(sheet, len(page.entries))
    _notes(book, page, filters, now)
    kept = book.create_sheet(ROWS)
    kept.sheet_state = "hidden"
    for entry in page.entries:
        kept.append([entry.id, entry.version])
    book.properties.title = "责任台账"
    book.properties.description = f"{AI_LABEL}，{LABEL}。生成日期 {now:%Y-%m-%d}"
    book.properties.keywords = "AI生成"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Worksheet, page: Page, filters: Filters, now: datetime) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    lines = (
        f"责任台账　共 {page.total} 项　截至 {page.as_of.isoformat()}　（{LABEL}）",
        f"筛选条件：{filter_words(filters)}　　{AI_LABEL}，{now:%Y-%m-%d %H:%M} 导出（北京时间）",
    )
    for row, (line, size, height) in enumerate(zip(lines, (13, 10), (28, 18), strict=True), 1):
        cell = sheet.cell(row, 1, _shown(line))
        cell.data_type = "s"
        cell.font = Font(bold=row == 1, size=size)
        cell.alignment = Alignment(vertical="center")
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(COLUMNS))
        sheet.row_dimensions[row].height = height
    sheet.append(list(NAMES))
    for number, column in enumerate(COLUMNS, 1):
        cell = sheet.cell(HEAD_ROW, number)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F4B7F" if column.name in GIVEN_BACK else "5B6B7D")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[cell.column_letter].width = column.width
    sheet.freeze_panes = f"D{HEAD_ROW + 1}"


def _body(sheet: Worksheet, entries: Sequence[Entry], as_of: date, site: str) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    wrapped = Alignment(vertical="top", wrap_text=True)
    centred = Alignment(vertical="top", horizontal="center", wrap_text=True)
    link = Font(color="1F4B7F", underline="single")

    def cell(column: Column, value: Cell) -> Any:
        if isinstance(value, str):
            made = WriteOnlyCell(sheet, "")
            made.value = _shown(value)
            made.data_type = "s"
            if FORMULA.match(value):
                made.quotePrefix = True
        else:
            made = WriteOnlyCell(sheet, value)
            if isinstance(value, date):
                made.number_format = "yyyy-mm-dd"
        made.alignment = centred if column.width <= _SHORT_COLUMN else wrapped
        return made

    for number, entry in enumerate(entries, 1):
        values = cells(number, entry, as_of, site)
        sheet.append([cell(column, value) for column, value in zip(COLUMNS, values, strict=True)])
        sheet.row_dimensions[HEAD_ROW + number].height = _LINE_POINTS * _lines(values)
        if site and number <= _MOST_LINKS:
            opens = sheet.cell(HEAD_ROW + number, NAMES.index("链接") + 1)
            opens.hyperlink, opens.font = opens.value, link


def _lines(values: Sequence[Cell]) -> int:
    """Lines that a row needs: LibreOffice does not find the height of wrapped cells by itself.

    What is printed is shown whole; a long quote beside it makes no row taller than some lines.
    """
    printed, beside = 1, 1
    for at, (column, value) in enumerate(zip(COLUMNS, values, strict=True)):
        text = str(value)
        room = max(1, column.width - 1)
        needs = sum(-(-_width(line) // room) or 1 for line in text.split("\n"))
        if at <= _LAST_PRINTED_AT:
            printed = max(printed, needs)
        elif column.name not in _ONE_LINE:
            beside = max(beside, needs)
    return min(_MOST_LINES, max(printed, min(_LINES_BESIDE, beside)))


def _width(text: str) -> int:
    """Columns of a spreadsheet that a text takes: a Chinese character is as wide as two digits."""
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def _choices(sheet: Worksheet, count: int) -> None:
    """What can be chosen in a cell; Excel says so to whoever writes anything else."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for name, choices in _CHOICES.items():
        letter = get_column_letter(NAMES.index(name) + 1)
        rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=True)
        rule.error = "请从下拉列表中选择"
        sheet.add_data_validation(rule)
        rule.add(f"{letter}{HEAD_ROW + 1}:{letter}{HEAD_ROW + max(count, 1)}")


def _paper(sheet: Worksheet, count: int) -> None:
    from openpyxl.utils import get_column_letter

    last = get_column_letter(len(COLUMNS))
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{last}{HEAD_ROW + count}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_margins.left = sheet.page_margins.right = 0.4  # inches
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.print_area = f"A1:{get_column_letter(NAMES.index(LAST_PRINTED) + 1)}{HEAD_ROW + count}"
    sheet.oddFooter.left.text = LABEL
    sheet.oddFooter.right.text = "第 &P 页，共 &N 页"


def _notes(book: Workbook, page: Page, filters: Filters, now: datetime) -> None:
    from openpyxl.styles import Alignment, Font

    counted = "；".join(f"{STATE_NAMES[state]} {rows} 项" for state, rows in page.statuses if rows)
    units = "；".join(f"{unit} {rows} 项" for unit, rows in page.units[:20])
    lines = (
        ("标识", f"{AI_LABEL}，{LABEL}。生成日期 {now:%Y-%m-%d}。"),
        ("筛选条件", filter_words(filters)),
        ("事项总数", f"{page.total} 项，全部列出"),
        ("按进展", counted or "无"),
        ("按单位", units or "无"),
        ("逾期", f"按 {page.as_of.isoformat()}（北京时间）判断：时限已过而原文未记载完成"),
        ("资料版本", page.index or "—"),
        ("完成时限", "按原文抄录；没有写明的为“" + KIND_NAMES["none"] + "”。到期日是由它算出的最后一天。"),
        (
            "怎样更正",
            "可改深色表头的各栏：核对、事项、牵头单位、配合单位、角色、到期日、进展、核对说明。多个单位用顿号隔开。",
        ),
        ("怎样核对", "核对栏选“已核对”表示确认，选“驳回”表示不是责任事项（请在核对说明写明理由）。"),
        (
            "怎样导回",
            "保存后运行 assistant ledger import 文件名 --by 姓名（加 --dry-run 先看结果）。请保留编号和版本两栏。",
        ),
        ("打印", "A4 横向，每页重复表头；打印到“页码”一栏，备注和原文等栏在表内查看。"),
        ("删除行", "删除一行不等于驳回，导回时会列出被删的行。"),
    )
    sheet = book.create_sheet(NOTES)
    for name, text in lines:
        sheet.append([name, _shown(text)])
    for row in sheet.iter_rows():
        row[0].font = Font(bold=True)
        for cell in row:
            cell.data_type = "s"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 12, 100
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4


def _shown(text: str) -> str:
    """A text as a cell of a workbook can hold it."""
    return _CONTROLS.sub("", text)[:LONGEST_CELL]


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell
