"""What stands on a page to lines and tables in the order in which they are read."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ingest.formats.ofd.glyphs import Drawing, Run
from ingest.formats.ofd.paths import Rule
from ingest.formats.pdf_lines import Line, Piece
from ingest.formats.pdf_page import Item, items_of
from ingest.formats.pdf_tables import Grid, grids
from ingest.formats.pdf_text import Stroke

_POINTS = 72 / 25.4  # a millimetre: the measures of the modules that read pages are points
_SLOPE = 0.3  # millimetres that a rule may fall


def items(drawing: Drawing, page: int) -> tuple[list[Item], list[Line]]:
    """The lines and tables of a page, and apart from them the lines that slant, as watermarks do.

    Where a part of the page is turned by a quarter, the larger part is read first; the foot of the page stays last.
    """
    turned: defaultdict[int, list[Run]] = defaultdict(list)
    for run in drawing.runs:
        turned[run.angle].append(run)
    found: list[Item] = []
    slanting: list[Line] = []
    weights = {angle: sum(len(run.text) for run in runs) for angle, runs in turned.items()}
    for angle in sorted(turned, key=lambda a: (a % 90 != 0, -weights[a], a)):
        if angle % 90:
            slanting += [i for i in items_of(_pieces(turned[angle]), (), page) if isinstance(i, Line)]
            continue
        here = _laid_out(turned[angle], _strokes(drawing.rules, angle), page)
        found = before_last(found, here)
    return found, slanting


def _laid_out(runs: Sequence[Run], strokes: Sequence[Stroke], page: int) -> list[Item]:
    tables = grids(strokes)
    outside: list[Piece] = []
    inside: list[list[list[Piece]]] = [[[] for _ in grid.cells] for grid in tables]
    for run in runs:
        middle = (run.base - 0.35 * run.size) * _POINTS
        grid = next((n for n, g in enumerate(tables) if g.top <= middle < g.bottom), None)
        if grid is None:
            outside += _pieces([run])
            continue
        for cell, piece in _cut(run, middle, tables[grid]):
            (outside if cell is None else inside[grid][cell]).append(piece)
    return items_of(outside, list(zip(tables, inside, strict=True)), page)


def _cut(run: Run, middle: float, grid: Grid) -> Iterator[tuple[int | None, Piece]]:
    """The run by the cells of a table in which its characters stand; writers set a row of a table in one go."""
    ends = (*run.starts[1:], run.end) if not run.upright else (run.end,) * len(run.text)
    cells = [grid.cell_at((a + b) / 2 * _POINTS, middle) for a, b in zip(run.starts, ends, strict=True)]
    for cell, group in groupby(range(len(run.text)), lambda i: cells[i]):
        places = [i for i in group if not run.text[i].isspace()]
        if places:
            first, last = places[0], places[-1]
            yield cell, _piece(run, run.text[first : last + 1], run.starts[first], ends[last])


def _pieces(runs: Iterable[Run]) -> list[Piece]:
    return [_piece(run, run.text, run.starts[0], run.end) for run in runs]


def _piece(run: Run, text: str, start: float, end: float) -> Piece:
    size = max(run.size * _POINTS, 0.1)
    base = run.base * _POINTS
    return Piece(text, start * _POINTS, base - 0.85 * size, end * _POINTS, base + 0.15 * size, size)


def _strokes(rules: Iterable[Rule], angle: int) -> list[Stroke]:
    """The level and the upright rules of a page that is turned so that text of that angle is level."""
    cos, sin = round(math.cos(math.radians(angle))), round(math.sin(math.radians(angle)))
    found = []
    for x0, y0, x1, y1 in rules:
        across, along = (
            sorted((x0 * cos + y0 * sin, x1 * cos + y1 * sin)),
            sorted((-x0 * sin + y0 * cos, -x1 * sin + y1 * cos)),
        )
        if min(across[1] - across[0], along[1] - along[0]) <= _SLOPE:
            found.append(Stroke(*(v * _POINTS for v in (across[0], along[0], across[1], along[1]))))
    return found


def watermarks(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """The slanting lines that stand on most pages."""
    counted = Counter(text for page in pages for text in {line.text for line in page})
    needed = max(2, (len(pages) + 1) // 2)
    return frozenset(text for text, count in counted.items() if count >= needed)


def before_last(found: Sequence[Item], others: Sequence[Item]) -> list[Item]:
    """What is turned or slants stands before the last line of a page, which may be its number."""
    return [*found[:-1], *others, *found[-1:]]


def shown(runs: Sequence[Run]) -> tuple[list[Run], int]:
    """The runs that a reader sees, and how many characters he does not.

    Where more lies hidden than is shown, it is what was recognised on the picture of a scanned page: it is taken.
    """
    hidden = sum(len(run.text) for run in runs if run.hidden)
    if hidden > sum(len(run.text) for run in runs if not run.hidden):
        return list(runs), 0
    return [run for run in runs if not run.hidden], hidden
