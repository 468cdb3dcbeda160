"""What every reader of spreadsheets gives: sheets of cells as they are shown, and what the carrier hides."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ingest.formats.model import Trouble


class Unreadable(ValueError):
    """A file is no workbook, damaged, encrypted or too large; the message says so in Chinese."""


class CellType(StrEnum):
    """What the carrier holds in a cell, which headers differ in from the rows below them."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is shown. Cells of one merged range are one object, so identity tells them from equal texts."""

    text: str
    type: CellType = CellType.TEXT


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; first and last are inclusive and count from 1."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(slots=True)
class Sheet:
    """One sheet: ``rows`` are its rows with text, by number from 1, each a mapping of column (from 1) to cell."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden: bool = False
    apart: list[str] = field(default_factory=list)  # text outside the cells: comments, text boxes, page headers
    troubles: list[Trouble] = field(default_factory=list)
    room: int = 500_000  # cells that it may have once merged ones are filled


@dataclass(frozen=True, slots=True)
class Book:
    """A file's sheets in their order, and what is wrong with the file as a whole."""

    sheets: tuple[Sheet, ...]
    troubles: tuple[Trouble, ...] = ()


def column_name(column: int) -> str:
    """A, …, Z, AA, … for a column from 1."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def ranges(numbers: set[int], limit: int = 8) -> str:
    """“3、5–9” for row numbers; the first ``limit`` runs, then 等."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [str(a) if a == b else f"{a}–{b}" for a, b in runs[:limit]]
    return "、".join(shown) + ("等" if len(runs) > limit else "")
