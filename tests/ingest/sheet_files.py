"""Workbooks for the tests, made of rows that can be read in the test."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl
import xlwt

Rows = Sequence[Sequence[Any]]


def xlsx(
    rows: Rows,
    *,
    merges: Sequence[str] = (),
    formats: Mapping[str, str] | None = None,
    title: str = "Sheet1",
    change: Callable[[Any], None] | None = None,
    more: Mapping[str, Rows] | None = None,
) -> bytes:
    """A workbook: ``rows`` from A1 (None leaves a cell empty), number formats by cell, further sheets by name."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    _fill(sheet, rows)
    for cell, pattern in (formats or {}).items():
        sheet[cell].number_format = pattern
    for area in merges:
        sheet.merge_cells(area)
    if change is not None:
        change(sheet)
    for name, others in (more or {}).items():
        _fill(book.create_sheet(name), others)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def xls(
    rows: Rows, *, merges: Sequence[tuple[int, int, int, int]] = (), formats: Mapping[str, str] | None = None
) -> bytes:
    """The same in the old format; ``merges`` are first row, last row, first column, last column, from 0."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    merged = {(r, c) for r0, r1, c0, c1 in merges for r in range(r0, r1 + 1) for c in range(c0, c1 + 1)}
    for area in merges:
        sheet.write_merge(*area, rows[area[0]][area[2]])
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is None or (r, c) in merged:
                continue
            style = xlwt.XFStyle()
            style.num_format_str = (formats or {}).get(f"{chr(65 + c)}{r + 1}", "General")
            sheet.write(r, c, value, style)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(data: bytes, path: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts changed, or added where there is none."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == path else old.read(name))
        if path not in old.namelist():
            new.writestr(path, change(b""))
    return file.getvalue()


def _fill(sheet: Any, rows: Rows) -> None:
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            if value is not None:
                sheet.cell(r, c, value)
