"""Tables as rows of named cells: “序号：1；任务：…”, so that a row says what it means when it is read alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.formats.spaces import clean, without_inner_spaces

_MAX_SPAN = 100  # columns (rows: ten times as many) that a merged cell may cover; more is a damaged file


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with how many rows and columns it covers."""

    text: str
    rows: int = 1
    columns: int = 1
    heading: bool = False


def grid(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Rows of equal columns: a merged cell stands in every place that it covers."""
    filled: list[list[Cell]] = []
    pending: dict[int, tuple[int, Cell]] = {}  # column: rows still covered, the cell
    for row in rows:
        line: list[Cell] = []
        cells = iter(row)
        following: dict[int, tuple[int, Cell]] = {}
        while True:
            column = len(line)
            if column in pending:
                left, cell = pending.pop(column)
                line.append(cell)
                if left > 1:
                    following[column] = (left - 1, cell)
                continue
            new = next(cells, None)
            if new is None:
                if not any(c > column for c in pending):
                    break
                line.append(Cell(""))
                continue
            for _ in range(min(max(new.columns, 1), _MAX_SPAN)):
                if new.rows > 1:
                    following[len(line)] = (min(new.rows, 10 * _MAX_SPAN) - 1, new)
                line.append(new)
        pending = following
        filled.append(line)
    return filled


def row_texts(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """One text a row. Where the first row names the columns, the cells of the others carry those names.

    A row that is one merged cell (a section of the table) is its text alone, empty cells are left out, and a table
    without names gives its cells separated by ；.
    """
    table = [[Cell(clean(c.text), c.rows, c.columns, c.heading) for c in row] for row in rows]
    lines = grid(table)
    lines = [line for line in lines if any(c.text for c in line)]
    if not lines:
        return []
    names: list[str] = []
    if _names_columns(lines):
        names = [without_inner_spaces(c.text) for c in lines[0]]
        lines = lines[1:]
    found = []
    for line in lines:
        if len({id(c) for c in line if c.text}) == 1:
            found.append(next(c.text for c in line if c.text))
            continue
        parts, last = [], None
        for position, cell in enumerate(line):
            if not cell.text or cell is last:
                continue
            last = cell
            name = names[position] if position < len(names) else ""
            parts.append(f"{name}：{cell.text}" if name else cell.text)
        found.append("；".join(parts))
    return found


def _names_columns(lines: list[list[Cell]]) -> bool:
    if len(lines) < 2 or len(lines[0]) < 2:
        return False
    first = lines[0]
    if any(not c.text for c in first) or len({id(c) for c in first}) < 2:
        return False
    if all(c.heading for c in first):
        return True
    if any(len(c.text) > 16 or re.search(r"[。；：:]|^\d+$", c.text) for c in first):
        return False
    # 甲方 | 乙方 over two rows of the same shape says nothing; a name that recurs as a value is no name.
    values = {c.text for line in lines[1:] for c in line}
    return not any(c.text in values for c in first)
