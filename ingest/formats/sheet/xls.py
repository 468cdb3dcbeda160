"""Workbooks of Excel 97–2003 (.xls, BIFF8), through xlrd."""

from __future__ import annotations

import io
import re
from typing import Any

from ingest.formats.model import Limits, Trouble
from ingest.formats.sheet import shown
from ingest.formats.sheet.book import Book, Cell, Merge, Sheet, Unreadable, column_name

_FILLED = re.compile(b"[\x01-\x05]")  # types of cells with a value; a row may have millions without
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def read_xls(data: bytes, limits: Limits) -> Book:
    """The sheets with the values that were last saved; macros are neither run nor read.

    Raises :class:`Unreadable`, as it does beyond a limit.
    """
    import xlrd

    try:
        # xlrd writes remarks to its log file; they are of no use to a clerk.
        workbook = xlrd.open_workbook(file_contents=data, formatting_info=True, on_demand=False, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        locked = "encrypted" in str(error).lower()
        reason = "文件已加密，请取消密码后再导入" if locked else "不是有效的 Excel 文件，或已损坏；请打开后另存再导入"
        raise Unreadable(reason) from error
    count = 0
    sheets = []
    for source in workbook.sheets():
        sheet = _sheet(workbook, source, limits.max_cells, count)
        count += sum(len(row) for row in sheet.rows.values())
        sheets.append(sheet)
    return Book(tuple(sheets))


def _sheet(workbook: Any, source: Any, most: int, count: int) -> Sheet:
    """A sheet of a file that may have ``most`` cells, of which ``count`` are in the sheets before."""
    # xlrd counts from 0, and the last row and column of a merged range are those behind it.
    merges = [Merge(a + 1, b, c + 1, d) for a, b, c, d in source.merged_cells]
    sheet = Sheet(source.name, merges=merges, hidden=source.visibility != 0, room=most)
    errors = []
    for row in range(source.nrows):
        cells = {}
        for column in (found.start() for found in _FILLED.finditer(bytes(source.row_types(row)))):
            cell = _cell(workbook, source.cell(row, column))
            if cell is not None and cell.text.strip():
                cells[column + 1] = cell
                if source.cell_type(row, column) == 5:
                    errors.append(f"{column_name(column + 1)}{row + 1} {cell.text}")
        if cells:
            sheet.rows[row + 1] = cells
            count += len(cells)
        if count > most:
            raise Unreadable(f"单元格过多：超过 {most} 个")
    sheet.hidden_rows = {n + 1 for n, info in source.rowinfo_map.items() if info.hidden and n + 1 in sheet.rows}
    sheet.hidden_columns = {n + 1 for n, info in source.colinfo_map.items() if info.hidden}
    sheet.apart = [
        f"批注（{column_name(column + 1)}{row + 1}）：{note.text.strip()}"
        for (row, column), note in sorted(source.cell_note_map.items())
        if note.text.strip()
    ]
    if errors:
        named = "、".join(errors[:8]) + ("等" if len(errors) > 8 else "")
        place = f"工作表“{sheet.name}”"
        sheet.troubles.append(Trouble(place, f"{len(errors)} 处公式结果为错误值（{named}）", lost=False))
    return sheet


def _cell(workbook: Any, cell: Any) -> Cell | None:
    match cell.ctype:
        case 1:
            return Cell(cell.value)
        case 2 | 3:
            return shown.shown(cell.value, _format(workbook, cell.xf_index), from_1904=workbook.datemode == 1)
        case 4:
            return Cell("TRUE" if cell.value else "FALSE")
        case 5:
            return Cell(_ERRORS.get(cell.value, "#N/A"))
    return None


def _format(workbook: Any, index: int) -> str:
    """The text of a cell's number format. Files of a Chinese Excel name some formats by their number alone."""
    key = workbook.xf_list[index].format_key
    found = workbook.format_map.get(key)
    text = found.format_str if found is not None else ""
    if key in shown.BUILT_IN and (key in range(27, 59) or not text):
        return shown.BUILT_IN[key]
    return text or "General"
