"""Delimited text (.csv): comma, semicolon, tab or bar, in any of the encodings of a Chinese office."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from ingest.formats.charset import decode
from ingest.formats.model import Limits, Trouble
from ingest.formats.sheet.book import Book, Cell, CellType, Sheet, Unreadable

_DELIMITERS = ",\t;|，"
_SAMPLE = 100  # records by which the delimiter is chosen
_GUARDED = re.compile(r'="(.*)"', re.DOTALL)  # ="0001": how a number is kept a text for Excel
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3}){1,6}(?:\.[0-9]{1,10})?|[+-]?[0-9]{1,20}(?:\.[0-9]{1,15})?%?")
_DATE = re.compile(r"[0-9]{4}[-/.年][0-9]{1,2}(?:[-/.月](?:[0-9]{1,2}日?)?)?(?:[ T][0-9:.]{4,15})?")


def read_csv(data: bytes, limits: Limits) -> Book:
    """One sheet without a name; its row numbers count records, as a spreadsheet does, not lines.

    Raises :class:`Unreadable` beyond a limit.
    """
    text, troubles = decode(data)
    found = list(troubles)
    text = text.replace("\x00", "")
    if len(text) > 2 * limits.max_characters:
        raise Unreadable(f"文字过多：{len(text)} 字，上限 {limits.max_characters} 字")
    separator = re.match(r"sep=(.)\n", text)  # a first line that Excel understands
    delimiter = separator[1] if separator else _delimiter(text)
    sheet = Sheet("", room=limits.max_cells)
    count = 0
    for number, record in enumerate(_records(text[separator.end() :] if separator else text, delimiter), 1):
        cells = {column: _cell(value) for column, value in enumerate(record, 1) if value.strip()}
        count += len(cells)
        if count > limits.max_cells:
            raise Unreadable(f"单元格过多：超过 {limits.max_cells} 个")
        if cells:
            sheet.rows[number] = cells
    if text.count('"') % 2:
        found.append(Trouble("", "引号不成对，分列可能有误", lost=False))
    return Book((sheet,), tuple(found))


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    # The limit of the module is one for the whole process: a record is as long as its file at most.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _delimiter(text: str) -> str:
    """The one by which most records have the same number of columns, the most columns deciding between equals."""
    best, best_score = ",", 0.0
    sample = text[:200_000]
    for delimiter in _DELIMITERS:
        if delimiter not in sample:
            continue
        widths: Counter[int] = Counter()
        for record, _ in zip(_records(sample, delimiter), range(_SAMPLE), strict=False):
            if any(v.strip() for v in record):
                widths[len(record)] += 1
        width, usual = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
        score = usual / max(1, widths.total()) * min(width, 5) if width > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _cell(value: str) -> Cell:
    guarded = _GUARDED.fullmatch(value.strip())
    if guarded:
        return Cell(guarded[1])
    bare = value.strip()
    if _NUMBER.fullmatch(bare):
        return Cell(bare, CellType.NUMBER)
    return Cell(value, CellType.DATE if len(bare) <= 40 and _DATE.fullmatch(bare) else CellType.TEXT)
