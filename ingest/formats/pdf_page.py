"""A page as lines and tables in reading order, whether its text was read or recognised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.formats.pdf_lines import Line, Piece, lines_of
from ingest.formats.pdf_tables import Grid
from ingest.formats.spaces import join
from ingest.formats.tables import Cell


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table on a page, with the places of its columns, by which its continuation is known."""

    rows: tuple[tuple[Cell, ...], ...]
    columns: tuple[float, ...]
    top: float
    page: int
    confidence: float = 1.0


Item = Line | Table

#: A table as ruled, and the runs of text in each of its cells.
FilledGrid = tuple[Grid, Sequence[Sequence[Piece]]]


def items_of(outside: Sequence[Piece], tables: Sequence[FilledGrid], page: int, *, scanned: bool = False) -> list[Item]:
    """The lines of a page with its tables between them. A frame around a single text is no table."""
    free = list(outside)
    kept: list[Table] = []
    for grid, contents in tables:
        if sum(1 for pieces in contents if pieces) < 2:
            free += [piece for pieces in contents for piece in pieces]
        else:
            kept.append(_table(grid, contents, page, scanned))
    items: list[Item] = list(lines_of(free, page, scanned=scanned))
    for table in kept:
        position = next((i for i, item in enumerate(items) if item.top >= table.top), len(items))
        items.insert(position, table)
    return items


def _table(grid: Grid, contents: Sequence[Sequence[Piece]], page: int, scanned: bool) -> Table:
    rows: list[list[Cell]] = [[] for _ in range(max(cell.row for cell in grid.cells) + 1)]
    confidence = 1.0
    for cell, pieces in zip(grid.cells, contents, strict=True):
        text = ""
        for line in lines_of(pieces, page, scanned=scanned):
            text = join(text, line.text)
            confidence = min(confidence, line.confidence)
        rows[cell.row].append(Cell(text, cell.rows, cell.columns))
    return Table(tuple(tuple(row) for row in rows), grid.columns, grid.top, page, confidence)
