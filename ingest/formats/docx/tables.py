"""Tables of a Word document as rows of cells with their merges (ECMA-376 part 1, 17.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lxml import etree

from ingest.formats.docx.inline import grid_span
from ingest.formats.docx.names import child, is_on, number, short, value, w
from ingest.formats.docx.package import Refused
from ingest.formats.tables import Cell

_THROUGH = frozenset(("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))


@dataclass(slots=True)
class _Draft:
    texts: list[str]
    columns: int
    rows: int
    heading: bool


def rows_of(table: etree._Element) -> list[etree._Element]:
    """The rows that stand: deleted ones (tracked) are left out."""
    rows = [e for e in _members(table, "tr") if child(e, "trPr", "del") is None]
    return [row for row in rows if cells_of(row)]


def cells_of(row: etree._Element) -> list[etree._Element]:
    return [e for e in _members(row, "tc") if child(e, "tcPr", "cellDel") is None]


def _members(parent: etree._Element, name: str) -> list[etree._Element]:
    """Children of a name, through content controls and marks of insertion."""
    found: list[etree._Element] = []
    for element in parent:
        if short(element) == name:
            found.append(element)
        elif short(element) in _THROUGH:
            found += _members(element, name)
    return found


def is_data(rows: Sequence[etree._Element]) -> bool:
    """Whether a table holds data; one that only lays out the page has no two rows with two filled cells."""
    return sum(1 for row in rows if sum(1 for cell in cells_of(row) if _is_filled(cell)) >= 2) >= 2


def _is_filled(cell: etree._Element) -> bool:
    """Whether anything stands in a cell: text, or a number of automatic numbering. A merged cell stands in each row."""
    merge = child(cell, "tcPr", "vMerge")
    if merge is not None and value(merge) != "restart":
        return True
    if any((t.text or "").strip() for t in cell.iter(w("t"))):
        return True
    return next(cell.iter(w("numPr")), None) is not None


def cells(rows: Sequence[etree._Element], text_of: Callable[[etree._Element], str], most: int) -> list[list[Cell]]:
    """The cells of each row with what they cover, for :func:`ingest.formats.tables.row_texts`.

    ``text_of`` reads a cell and is called once for each, in order. Raises :class:`Refused` where merged cells,
    written out in every row that they cover, would exceed ``most`` characters.
    """
    drafts: list[list[_Draft]] = []
    open_merges: dict[int, _Draft] = {}  # column: the cell that goes on below
    for row in rows:
        line: list[_Draft] = []
        column = number(child(row, "trPr", "gridBefore")) or 0
        heading = is_on(child(row, "trPr", "tblHeader"))
        if 0 < column <= 100:
            line.append(_Draft([], column, 1, heading))
        going_on: dict[int, _Draft] = {}
        for cell in cells_of(row):
            properties = child(cell, "tcPr")
            span = grid_span(properties)
            text = text_of(cell)
            merge = child(properties, "vMerge")
            above = open_merges.get(column) if merge is not None and value(merge) != "restart" else None
            across = value(child(properties, "hMerge"))
            if above is not None:
                above.rows += 1
                above.texts.append(text)
                going_on[column] = above
            elif across is not None and across != "restart" and line:
                line[-1].columns += span
                line[-1].texts.append(text)
            else:
                line.append(_Draft([text], span, 1, heading))
                if merge is not None:
                    going_on[column] = line[-1]
            column += span
        open_merges = going_on
        drafts.append(line)
    finished = [
        [Cell(" ".join(t for t in d.texts if t), d.rows, d.columns, d.heading) for d in line] for line in drafts
    ]
    written = sum(len(c.text) * c.rows for line in finished for c in line)
    if finished and all(c.heading for c in finished[0]):
        written += len(finished) * sum(len(c.text) for c in finished[0])  # names of columns stand in every row
    if written > most:
        raise Refused(f"表格的合并单元格展开后文字过多，上限 {most} 字")
    return finished
