"""The ledger as files that a clerk sends on: a spreadsheet, and CSV that Excel opens right."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.domain.commitments import Entry
from assistant.faces.ledger_forms import COLUMNS, LABEL, cells

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_HEAD_ROW = 2  # the title stands above it
_LONGEST_CELL = 32_767  # Excel's limit
# What makes a spreadsheet take a cell for a formula (OWASP, CSV injection), full-width forms included.
_FORMULA = re.compile("^[ ]*[=+\\-@\t\r＝＋－＠]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # not allowed in XML, and nothing to read


def csv_bytes(entries: Sequence[Entry], as_of: date) -> bytes:
    """UTF-8 with a byte order mark (Excel needs it), a heading line, and no cell that runs as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([name for name, _ in COLUMNS])
    for number, entry in enumerate(entries, 1):
        writer.writerow([_harmless(cell) for cell in cells(number, entry, as_of)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_bytes(entries: Sequence[Entry], as_of: date) -> bytes:
    """A workbook with one sheet: title with the label and the day, headings that stay in sight, wrapped text.

    Texts are written as texts: what begins with = is shown, never computed.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "责任台账"
    _head(sheet, len(entries), as_of)
    _body(sheet, entries, as_of)
    _paper(sheet, len(entries))
    book.properties.title = "责任台账"
    book.properties.description = LABEL
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Worksheet, count: int, as_of: date) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    title = f"责任台账　共 {count} 项　截至 {as_of.isoformat()}　（{LABEL}）"
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(COLUMNS))
    sheet["A1"].font = Font(bold=True, size=13)
    sheet["A1"].alignment = Alignment(vertical="center")
    sheet.row_dimensions[1].height = 28
    sheet.append([name for name, _ in COLUMNS])
    for column, (_, width) in enumerate(COLUMNS, 1):
        cell = sheet.cell(_HEAD_ROW, column)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F4B7F")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = f"C{_HEAD_ROW + 1}"


def _body(sheet: Worksheet, entries: Sequence[Entry], as_of: date) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    wrapped = Alignment(vertical="top", wrap_text=True)

    def cell(value: str | int) -> Any:
        if isinstance(value, int):
            made = WriteOnlyCell(sheet, value)
        else:
            made = WriteOnlyCell(sheet, "")
            made.value = _CONTROLS.sub("", value)[:_LONGEST_CELL]
            made.data_type = "s"
            if _FORMULA.match(value):
                made.quotePrefix = True
        made.alignment = wrapped
        return made

    for number, entry in enumerate(entries, 1):
        sheet.append([cell(value) for value in cells(number, entry, as_of)])


def _paper(sheet: Worksheet, count: int) -> None:
    from openpyxl.utils import get_column_letter

    last = get_column_letter(len(COLUMNS))
    sheet.auto_filter.ref = f"A{_HEAD_ROW}:{last}{_HEAD_ROW + count}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    sheet.oddFooter.left.text = LABEL
    sheet.oddFooter.right.text = "第 &P 页，共 &N 页"


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
