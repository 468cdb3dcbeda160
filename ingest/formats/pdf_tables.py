"""Ruled tables: a grid of cells from level and upright lines, merged cells where a line is missing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.formats.pdf_text import Stroke

_NEAR = 3.0  # points within which two lines are the same, or touch
_MAX_LINES = 400  # in each direction; a page of squared paper is no table


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell with its place in the grid, how many rows and columns it covers, and its box."""

    row: int
    column: int
    rows: int
    columns: int
    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x < self.right and self.top <= y < self.bottom


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as ruled on a page; ``columns`` are the places of its upright lines."""

    cells: tuple[GridCell, ...]
    columns: tuple[float, ...]
    top: float
    bottom: float

    def cell_at(self, x: float, y: float) -> int | None:
        """The position in ``cells`` of the one that a point lies in."""
        if not (self.columns[0] <= x < self.columns[-1] and self.top <= y < self.bottom):
            return None
        return next((i for i, cell in enumerate(self.cells) if cell.holds(x, y)), None)


def grids(strokes: Sequence[Stroke], near: float = _NEAR) -> list[Grid]:
    """The ruled tables of a page, from top to bottom; at least two rows and two columns each."""
    levels = _merged([s for s in strokes if s.horizontal], near, horizontal=True)
    uprights = _merged([s for s in strokes if not s.horizontal], near, horizontal=False)
    if len(levels) < 3 or len(uprights) < 2 or max(len(levels), len(uprights)) > _MAX_LINES:
        return []
    found = [grid for group in _connected(levels, uprights, near) if (grid := _grid(*group, near)) is not None]
    return sorted(found, key=lambda g: g.top)


def _merged(strokes: Sequence[Stroke], near: float, *, horizontal: bool) -> list[Stroke]:
    """Strokes of one line joined: tables are often drawn cell by cell, each side twice."""

    def place(s: Stroke) -> float:
        return (s.top + s.bottom) / 2 if horizontal else (s.left + s.right) / 2

    def ends(s: Stroke) -> tuple[float, float]:
        return (s.left, s.right) if horizontal else (s.top, s.bottom)

    groups: list[list[Stroke]] = []
    for stroke in sorted(strokes, key=place):
        if groups and place(stroke) - place(groups[-1][0]) <= near:
            groups[-1].append(stroke)
        else:
            groups.append([stroke])
    merged: list[Stroke] = []
    for group in groups:
        middle = sum(place(s) for s in group) / len(group)
        spans: list[tuple[float, float]] = []
        for low, high in sorted(ends(s) for s in group):
            if spans and low <= spans[-1][1] + near:
                spans[-1] = spans[-1][0], max(spans[-1][1], high)
            else:
                spans.append((low, high))
        merged += [Stroke(a, middle, b, middle) if horizontal else Stroke(middle, a, middle, b) for a, b in spans]
    return merged


def _connected(levels: list[Stroke], uprights: list[Stroke], near: float) -> list[tuple[list[Stroke], list[Stroke]]]:
    """Lines that cross or touch each other, directly or by way of others."""
    owner = list(range(len(levels) + len(uprights)))

    def root(i: int) -> int:
        while owner[i] != i:
            owner[i] = owner[owner[i]]
            i = owner[i]
        return i

    for i, level in enumerate(levels):
        for j, upright in enumerate(uprights):
            across = level.left - near <= upright.left <= level.right + near
            if across and upright.top - near <= level.top <= upright.bottom + near:
                owner[root(len(levels) + j)] = root(i)
    groups: dict[int, tuple[list[Stroke], list[Stroke]]] = {}
    for i, level in enumerate(levels):
        groups.setdefault(root(i), ([], []))[0].append(level)
    for j, upright in enumerate(uprights):
        groups.setdefault(root(len(levels) + j), ([], []))[1].append(upright)
    return list(groups.values())


def _grid(levels: list[Stroke], uprights: list[Stroke], near: float) -> Grid | None:
    if not levels or not uprights:
        return None
    # Tables with open sides have no upright line there: the level ones end where it would be.
    xs = _distinct([u.left for u in uprights] + [min(s.left for s in levels), max(s.right for s in levels)], near)
    ys = _distinct([s.top for s in levels], near)
    if len(xs) < 3 or len(ys) < 3:
        return None
    rows, columns = len(ys) - 1, len(xs) - 1

    def walled(x: float, y: float) -> bool:
        return any(abs(u.left - x) <= near and u.top - near <= y <= u.bottom + near for u in uprights)

    def floored(x: float, y: float) -> bool:
        return any(abs(s.top - y) <= near and s.left - near <= x <= s.right + near for s in levels)

    right = [[walled(xs[c + 1], (ys[r] + ys[r + 1]) / 2) for c in range(columns)] for r in range(rows)]
    below = [[floored((xs[c] + xs[c + 1]) / 2, ys[r + 1]) for c in range(columns)] for r in range(rows)]
    taken = [[False] * columns for _ in range(rows)]
    cells: list[GridCell] = []
    for r in range(rows):
        for c in range(columns):
            if taken[r][c]:
                continue
            wide = 1
            while c + wide < columns and not right[r][c + wide - 1] and not taken[r][c + wide]:
                wide += 1
            high = 1
            while r + high < rows and not any(below[r + high - 1][k] for k in range(c, c + wide)):
                high += 1
            for i in range(r, r + high):
                for k in range(c, c + wide):
                    taken[i][k] = True
            cells.append(GridCell(r, c, high, wide, xs[c], ys[r], xs[c + wide], ys[r + high]))
    return Grid(_numbered(cells), tuple(xs), ys[0], ys[-1]) if len(cells) >= 4 else None


def _numbered(cells: Sequence[GridCell]) -> tuple[GridCell, ...]:
    """Cells by rows and columns in which a cell begins: a stray line between two rows makes none."""
    rows = sorted({c.row for c in cells})
    columns = sorted({c.column for c in cells})

    def spanned(starts: list[int], first: int, count: int) -> tuple[int, int]:
        place = bisect_left(starts, first)
        return place, bisect_left(starts, first + count) - place

    found = []
    for c in cells:
        (row, high), (column, wide) = spanned(rows, c.row, c.rows), spanned(columns, c.column, c.columns)
        found.append(GridCell(row, column, high, wide, c.left, c.top, c.right, c.bottom))
    return tuple(found)


def _distinct(places: Sequence[float], near: float) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > near:
            found.append(place)
    return found
