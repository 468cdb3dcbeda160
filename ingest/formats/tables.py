"""Tables as rows of named cells: “序号：1；任务：…”, so that a row says what it means when it is read alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.formats.spaces import clean, without_inner_spaces

_MAX_SPAN = 100  # columns (rows: ten times as many) that a merged cell may cover; more is a damaged file


_LONGEST_NAME = 16  # characters of the name of a column where nothing else says that it is one
_MAX_DEPTH = 3  # rows of one header
_NO_NAME = re.compile(r"[。；：:]|^\d+$")
# A value, and so no name of a column: 300万元, 三百万元, 12.5%. Years are names (2023年 | 2024年).
_AMOUNT = re.compile(
    r"约?[0-9０-９.,，一二两三四五六七八九十百千万亿余]+(?:[万亿]?元|[%％人个项家亩台套吨户所]|平方米|公里)"
)
_ROLE = re.compile("(?:牵头|主要|配合|主办|协办|会办|承办|参与|负责|责任|协助|主责|监督|指导|分管|组织|协作|督办){1,2}")
_PARTY = re.compile("(单位|部门|处室|科室|机构|领导|人)$")


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
    """One text a row. Where the first row names the columns, the cells of the others carry those names; so do the
    first rows together where labels stand below a label that spans columns.

    A row that is one merged cell (a section of the table) is its text alone, empty cells are left out, and a table
    without names gives its cells separated by ；. Where the names stand twice side by side, as in lists that are
    printed in two columns, each row gives one text a column.
    """
    table = [[Cell(clean(c.text), c.rows, c.columns, c.heading) for c in row] for row in rows]
    lines = grid(table)
    lines = [line for line in lines if any(c.text for c in line)]
    if not lines:
        return []
    names: list[str] = []
    if depth := _header_depth(lines):
        head = lines[:depth]
        if _is_split(lines):
            head = [[_left_of(head[0], position) for position in range(len(head[0]))], head[1]]
        names = [_name(column) for column in zip(*head, strict=False)]
        lines = lines[depth:]
    found = []
    pairs = not names and _pairs(lines)
    for line in lines:
        if pairs:
            found.append(f"{line[0].text}：{line[1].text}")
            continue
        if len({id(c) for c in line if c.text}) == 1:
            found.append(next(c.text for c in line if c.text))
            continue
        for start, end in repeats(names) or ((0, len(line)),):
            parts, last = [], None
            for position, cell in enumerate(line[start:end], start):
                if not cell.text or cell is last:
                    continue
                last = cell
                name = names[position] if position < len(names) else ""
                parts.append(f"{name}：{cell.text}" if name else cell.text)
            if parts:
                found.append("；".join(parts))
    return found


def _left_of(row: Sequence[Cell], position: int) -> Cell:
    """The cell at a position, or the next to its left that is not empty."""
    return next(row[p] for p in range(position, -1, -1) if row[p].text)


def _pairs(lines: Sequence[Sequence[Cell]]) -> bool:
    """Whether each row is a label and its value: 省级 | 300万元."""
    return all(
        len(line) == 2
        and line[0].text
        and line[1].text
        and line[0] is not line[1]
        and len(line[0].text) <= _LONGEST_NAME
        and not _NO_NAME.search(line[0].text)
        for line in lines
    ) and any(_AMOUNT.fullmatch(line[1].text) for line in lines)


def repeats(names: Sequence[str]) -> list[tuple[int, int]]:
    """Where the names of columns are the same ones several times over: first and past-the-last of each; else none."""
    for width in range(2, len(names) // 2 + 1):
        if len(names) % width == 0 and list(names) == list(names[:width]) * (len(names) // width):
            return [(start, start + width) for start in range(0, len(names), width)]
    return []


def combined_name(parts: Sequence[str]) -> str:
    """责任单位 over 牵头 is 牵头单位, 完成时限 over 开始时限 is 开始时限; else both: 2024年·一季度."""
    name = parts[0]
    for lower in parts[1:]:
        party = _PARTY.search(name)
        if party and _ROLE.fullmatch(lower):
            name = lower + party[1]
        elif lower == name or (len(lower) > 2 and lower[-2:] == name[-2:]):
            name = lower
        else:
            name = f"{name}·{lower}"
    return name


def _name(column: Sequence[Cell]) -> str:
    """The name of a column from the cells of the header above it, a cell that spans rows taken once."""
    stack = [cell for above, cell in zip((None, *column), column, strict=False) if cell is not above and cell.text]
    return combined_name([without_inner_spaces(cell.text) for cell in stack]) if stack else ""


def _header_depth(lines: list[list[Cell]]) -> int:
    """How many of the first rows name the columns."""
    first = lines[0]
    depth = max(c.rows for c in first)
    groups = any(c.columns > 1 and c.rows < depth for c in first)
    if 1 < depth <= _MAX_DEPTH and groups and len(lines) > depth:
        head = [c for line in lines[:depth] for c in line]
        ends = {id(c) for c in lines[depth]}.isdisjoint(id(c) for c in head)
        if ends and all(c.text and len(c.text) <= _LONGEST_NAME and not _NO_NAME.search(c.text) for c in head):
            return depth
    return 2 if _is_split(lines) else 1 if _names_columns(lines) else 0


def _is_split(lines: Sequence[Sequence[Cell]]) -> bool:
    """Whether the second row names what the first leaves open, where merging was lost (Markdown, plain text).

    责任单位 over 牵头 stands in the first of the columns that it spans, and these alone are filled in the row below.
    """
    if len(lines) < 3 or len(lines[0]) < 3 or not lines[0][0].text:
        return False
    first, second = lines[0], lines[1]
    gaps = {position for position, cell in enumerate(first) if not cell.text}
    groups = {max(p for p in range(gap) if p not in gaps) for gap in gaps}
    named = {position for position, cell in enumerate(second) if cell.text}
    texts = [c.text for c in (*first, *second) if c.text]
    return (
        bool(gaps)
        and named == gaps | groups
        and not any(len(t) > _LONGEST_NAME or _NO_NAME.search(t) or _AMOUNT.fullmatch(t) for t in texts)
        and all(c.text for line in lines[2:3] for c in line[:1])
    )


def _names_columns(lines: list[list[Cell]]) -> bool:
    if len(lines) < 2 or len(lines[0]) < 2:
        return False
    first = lines[0]
    if any(not c.text for c in first[1:]) or len({id(c) for c in first}) < 2:
        return False
    if all(c.heading for c in first):
        return True
    if any(len(c.text) > _LONGEST_NAME or _NO_NAME.search(c.text) or _AMOUNT.fullmatch(c.text) for c in first):
        return False
    # 甲方 | 乙方 over two rows of the same shape says nothing; a name that recurs as a value is no name.
    values = {c.text for line in lines[1:] for c in line}
    return not any(c.text in values for c in first)
