"""Tables in plain text: drawn with lines (│ ─ ┼), or columns with a tab between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from ingest.formats.spaces import clean, join
from ingest.formats.tables import Cell, row_texts

_BAR = re.compile("[│┃┆┇┊║|]")
_RULE = frozenset("─━═-=+┄┅┈┉┌┍┎┏┐┑┒┓└┕┖┗┘┙┚┛├┝┞┟┠┡┢┣┤┥┦┧┨┩┪┫┬┭┮┯┰┱┲┳┴┵┶┷┸┹┺┻┼┽┾┿╀╁╂╃╄╅╆╇╈╉╊╋╔╗╚╝╠╣╦╩╬ 　\t|│┃")
_DRAWN = re.compile("[─━═┄┅┈┉┌┍┎┏┐┑┒┓└┕┖┗┘┙┚┛├┝┞┟┠┡┢┣┤┥┦┧┨┩┪┫┬┭┮┯┰┱┲┳┴┵┶┷┸┹┺┻┼┽┾┿╀╁╂╃╄╅╆╇╈╉╊╋╔╗╚╝╠╣╦╩╬]|-{3}|={3}")
_MOST_COLUMNS = 60


def table_at(lines: Sequence[str], position: int) -> tuple[list[str], int]:
    """The rows of the table that begins at a line, and how many lines it takes; without rows the lines hold none."""
    drawn, end = _drawn(lines, position)
    return (drawn, end) if drawn or end > 1 else _tabbed(lines, position)


def _is_rule(line: str) -> bool:
    return len(line) >= 3 and _RULE.issuperset(line) and _DRAWN.search(line) is not None


def _drawn(lines: Sequence[str], position: int) -> tuple[list[str], int]:
    end = position
    while end < len(lines) and (_is_rule(lines[end]) or len(_BAR.findall(lines[end])) >= 2):
        end += 1
    block = lines[position:end]
    ruled = [_is_rule(line) for line in block]
    if ruled.count(False) < 2 or not (any(ruled) or "│" in block[0] or "┃" in block[0]):
        return [], max(1, len(block))
    groups = [
        [line for _, line in group]
        for rule, group in groupby(zip(ruled, block, strict=True), lambda p: p[0])
        if not rule
    ]
    if len(groups) < 2 or max(map(len, groups)) > 3 * len(groups):
        groups = [[line] for group in groups for line in group]  # rules only above, below and under the names
    rows = [_merged([_cells(line) for line in group]) for group in groups]
    columns = max(map(len, rows))
    if not 2 <= columns <= _MOST_COLUMNS:
        return [], len(block)
    table = [[Cell(text) for text in [*row, *[""] * (columns - len(row))]] for row in rows]
    return row_texts(table), len(block)


def _cells(line: str) -> list[str]:
    pieces = _BAR.split(line.strip())
    return [
        clean(piece) for piece in pieces[1 if not pieces[0].strip() else 0 : -1 if not pieces[-1].strip() else None]
    ]


def _merged(lines: Sequence[Sequence[str]]) -> list[str]:
    """The lines of one row as its cells."""
    cells = [""] * max(map(len, lines))
    for line in lines:
        for column, text in enumerate(line):
            cells[column] = join(cells[column], text)
    return cells


def _tabbed(lines: Sequence[str], position: int) -> tuple[list[str], int]:
    columns = _columns(lines[position])
    if columns < 2:
        return [], 1
    end = position + 1
    while end < len(lines) and _columns(lines[end]) == columns:
        end += 1
    if end - position < (2 if columns > 2 else 3):
        return [], end - position
    rows = [[Cell(clean(text)) for text in line.rstrip().split("\t")] for line in lines[position:end]]
    return row_texts(rows), end - position


def _columns(line: str) -> int:
    """How many columns a line has, where it may be a row: something stands in the first."""
    if "\t" not in line or line[0].isspace():
        return 0
    count = line.rstrip("\r\n ").count("\t") + 1
    return count if count <= _MOST_COLUMNS else 0
