"""A sheet as pieces in order: its title, sections, rows of named cells, and notes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from ingest.formats.model import Trouble
from ingest.formats.sheet.book import Cell, CellType, Sheet, Unreadable, ranges
from ingest.formats.sheet.header import Header, Line, distinct, header_at, is_usual, label, labels
from ingest.formats.spaces import clean
from ingest.formats.tables import repeats

_ABOVE = 12  # rows of titles and particulars above a header
_LONGEST_SECTION = 60
_NOTE = re.compile(
    r"(?:备[ 　]{0,4}注|注|说[ 　]{0,4}明|填[表写报]说明|附注|注意)[0-9一二三四五六七八九十]{0,2}[：:.、]|[*＊※]"
)
_PARTICULAR = re.compile(r"[（(]?[^：:。；]{1,12}[：:].{0,60}|第[ 0-9]{1,5}页.{0,12}")
_TOTAL = re.compile(r"(?:总|合|小|累|共)[ 　]{0,6}计|平均")


class PieceKind(StrEnum):
    """What a row of a sheet is."""

    TITLE = "title"  # the first line above a header
    PARAGRAPH = "paragraph"  # a particular above a header, a note below it
    SECTION = "section"  # a row of one label that rows follow
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Piece:
    """A row of a sheet. ``cells`` are its column, the column's name (empty where it has none) and the cell."""

    kind: PieceKind
    number: int
    cells: tuple[tuple[int, str, Cell], ...]
    table: int

    @property
    def text(self) -> str:
        """“任务：…；牵头单位：…”, as the other formats give rows; titles, sections and notes plain."""
        texts = ((name, clean(cell.text)) for _, name, cell in self.cells)
        return "；".join(f"{name}：{text}" if name else text for name, text in texts if text)


@dataclass(slots=True)
class Layout:
    """The pieces of a sheet in order, the column names of its tables from 1, and what was left out."""

    pieces: list[Piece] = field(default_factory=list)
    headers: list[dict[int, str]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


def layout_of(sheet: Sheet, wanted: frozenset[str] = frozenset()) -> Layout:
    """Find the tables of a sheet. Every cell with text is in one piece or named in a trouble, headers aside.

    A row that holds all ``wanted`` labels is a header whatever it looks like.
    """
    return _Walk(sheet, wanted).layout()


def filled(sheet: Sheet) -> list[Line]:
    """The rows that have text of their own; a merged cell stands in every place that it covers in them."""
    rows = {number: dict(sheet.rows[number]) for number in sorted(sheet.rows)}
    if not sheet.merges:
        return list(rows.items())
    numbers = list(rows)
    columns = sorted({column for row in rows.values() for column in row})
    room = sheet.room
    for merge in sheet.merges:
        cell = sheet.rows.get(merge.first_row, {}).get(merge.first_column)
        if cell is None:
            continue
        covered = _between(columns, merge.first_column, merge.last_column)
        for number in _between(numbers, merge.first_row, merge.last_row):
            room -= len(covered)
            if room < 0:
                raise Unreadable(f"合并单元格过多：展开后超过 {sheet.room} 个")
            for column in covered:
                rows[number].setdefault(column, cell)
    return list(rows.items())


def _between(numbers: Sequence[int], first: int, last: int) -> Sequence[int]:
    return numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]


class _Walk:
    """Goes through the rows once; ``header`` is that of the table at hand."""

    def __init__(self, sheet: Sheet, wanted: frozenset[str]) -> None:
        self.wanted = wanted
        self.lines = filled(sheet)
        self.header: Header | None = None
        self.beside: list[frozenset[int]] = []  # the columns of each table, where several stand side by side
        self.found = Layout()
        self.repeated: set[int] = set()

    def layout(self) -> Layout:
        position = 0
        while position < len(self.lines):
            above, header = self._next_header(position)
            if header is not None:
                for line in self.lines[position:above]:
                    self._above(line)
                self._begin(header, above)
                position = above + header.depth
                position += self._column_numbers(position)
                continue
            self._line(position)
            position += 1
        if self.repeated:
            place = f"第{ranges(self.repeated)}行"
            self.found.troubles.append(Trouble(place, "重复的表头，未作为条款收入", lost=False))
        self._empty_columns()
        return self.found

    def _next_header(self, position: int) -> tuple[int, Header | None]:
        """The header here or below titles and particulars; within a table only one of usual words, after a gap."""
        if self.header is not None:
            return position, self._another(position)
        for ahead in range(position, min(position + _ABOVE, len(self.lines))):
            header = header_at(self.lines, ahead) or self._as_wanted(ahead)
            if header is not None and (not self.found.pieces or header.sure):
                return ahead, header
            if not self._is_free(ahead):
                break
        return position, None

    def _another(self, position: int) -> Header | None:
        assert self.header is not None
        number, cells = self.lines[position]
        before, above = self.lines[position - 1]
        if number == before + 1 and len(distinct(above)) > 1:
            return None
        if len(distinct(cells)) < 2 or self.header.repeats(cells):
            return None
        found = header_at(self.lines, position)
        return found if found and found.sure else None

    def _as_wanted(self, position: int) -> Header | None:
        names = labels(self.lines[position][1]) if self.wanted else {}
        return Header((names,), names, sure=True) if self.wanted and self.wanted <= set(names.values()) else None

    def _is_free(self, position: int) -> bool:
        """Whether a row can stand above a header: one text, or particulars (填报单位：…)."""
        cells = [clean(cell.text) for _, cell in distinct(self.lines[position][1])]
        return len(cells) == 1 or all(_PARTICULAR.fullmatch(text) for text in cells) or len(cells) == 2

    def _begin(self, header: Header, position: int) -> None:
        self.header = header
        self.beside = side_by_side(header.names, self.lines[position:])
        self.found.headers.append(header.names)

    def _add(self, kind: PieceKind, number: int, cells: Sequence[tuple[int, str, Cell]]) -> None:
        self.found.pieces.append(Piece(kind, number, tuple(cells), max(1, len(self.found.headers))))

    def _above(self, line: Line) -> None:
        number, cells = line
        for column, cell in distinct(cells):
            first = not self.found.pieces and len(clean(cell.text)) > 2
            self._add(PieceKind.TITLE if first else PieceKind.PARAGRAPH, number, [(column, "", cell)])

    def _column_numbers(self, position: int) -> int:
        """1 where a row only numbers the columns (栏次), which would read as a row of values; else 0."""
        if position >= len(self.lines):
            return 0
        number, cells = self.lines[position]
        texts = [label(cell) for _, cell in distinct(cells)]
        counted = [t for t in texts if t not in ("甲", "乙", "丙", "栏次")]
        if len(texts) < 3 or counted != [str(n) for n in range(1, len(counted) + 1)]:
            return 0
        if self.header is None or len(texts) < len(self.header.names) or position + 1 >= len(self.lines):
            return 0
        below = [cell for _, cell in distinct(self.lines[position + 1][1])]
        if sum(1 for cell in below if cell.type == CellType.TEXT) * 2 < len(below):
            return 0  # among rows of numbers it may be one of them
        self.found.troubles.append(Trouble(f"第{number}行", "栏次编号，未作为条款收入", lost=False))
        return 1

    def _line(self, position: int) -> None:
        number, cells = self.lines[position]
        parts = distinct(cells)
        names: Mapping[int, str] = self.header.names if self.header else {}
        if self.header and self.header.repeats(cells):
            self.repeated.add(number)
            return
        texts = [clean(cell.text) for _, cell in parts]
        if _NOTE.match(texts[0]) or all(_PARTICULAR.fullmatch(t) and "：" in t for t in texts):
            for column, cell in parts:
                self._add(PieceKind.PARAGRAPH, number, [(column, "", cell)])
            return
        if len(parts) == 1 and (kind := self._alone(position, parts[0])):
            self._add(kind, number, [(parts[0][0], "", parts[0][1])])
            return
        if self.header is None and _is_form(texts):
            pairs = zip(parts[::2], parts[1::2], strict=True)
            self._add(PieceKind.ROW, number, [(column, label(name), cell) for (_, name), (column, cell) in pairs])
            return
        for columns in self.beside or [frozenset(cells)]:
            here = [(column, cell) for column, cell in parts if column in columns]
            total = bool(here) and _TOTAL.fullmatch(clean(here[0][1].text))
            row = [(c, "" if total and c == here[0][0] else names.get(c, ""), cell) for c, cell in here]
            if row:
                self._add(PieceKind.ROW, number, row)

    def _alone(self, position: int, part: tuple[int, Cell]) -> PieceKind | None:
        """What a row of one cell is: a section or a paragraph; None for a row with one column filled."""
        column, cell = part
        cells = self.lines[position][1]
        text = clean(cell.text)
        names = self.header.names if self.header else {}
        wide = len(cells) > 1 and (not names or len(cells) * 2 >= len(names))
        opens = not names or (column == min(names) and len(names) > 2)
        if not wide and not opens:
            return None
        if not self.found.pieces and not self.header:
            return PieceKind.TITLE
        last = position + 1 == len(self.lines)
        short = len(text) <= _LONGEST_SECTION and not re.search("[。；]", text) and not last
        return PieceKind.SECTION if short and names else PieceKind.PARAGRAPH

    def _empty_columns(self) -> None:
        """Columns of a header without a value leave no trace in the rows: they are named."""
        used: dict[int, set[int]] = {}
        for piece in self.found.pieces:
            if piece.kind == PieceKind.ROW:
                # Cells without a name stand in rows above the header: they fill none of its columns.
                used.setdefault(piece.table, set()).update(column for column, name, _ in piece.cells if name)
        for table, names in enumerate(self.found.headers, 1):
            empty = [name for column, name in names.items() if column not in used.get(table, ()) and name]
            if empty:
                self.found.troubles.append(Trouble("", f"这些列没有内容：{'、'.join(empty)}", lost=False))


def side_by_side(names: Mapping[int, str], lines: Sequence[Line]) -> list[frozenset[int]]:
    """The columns of tables that stand side by side under one row of headers; none where it is one table.

    Between two tables a column is empty from the header down; or the same names stand there once more, as in lists
    that are printed in two columns. What stands left of a table's end belongs to it.
    """
    columns = sorted(names)
    used = {column for _, cells in lines for column in cells}
    starts = [columns[0]]
    for left, right in pairwise(columns):
        if right - left > 1 and used.isdisjoint(range(left + 1, right)):
            starts.append(right)
    ends = [*starts[1:], max(used | set(columns)) + 1]
    if not (len(starts) > 1 and all(sum(a <= c < b for c in columns) > 1 for a, b in zip(starts, ends, strict=True))):
        # Where labels are the same, the header has named them apart by nothing.
        starts = [columns[first] for first, _ in repeats([names[column] for column in columns])]
        ends = [*starts[1:], max(used | set(columns)) + 1]
    if not starts:
        return []
    first = min(used | set(columns))
    return [
        frozenset(range(first if position == 0 else start, end))
        for position, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def _is_form(texts: Sequence[str]) -> bool:
    """姓名 | 甲某 | 性别 | 男: each second cell is the value of the label before it."""
    names, values = texts[::2], texts[1::2]
    if len(names) != len(values) or any(len(name) > 12 for name in names) or any(map(is_usual, values)):
        return False
    return sum(map(is_usual, names)) * 2 >= len(names)
