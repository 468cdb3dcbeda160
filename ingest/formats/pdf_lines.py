"""From runs of characters with their places on a page to lines in reading order; for text layers and scans alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.formats.spaces import clean, display_width

_MIN_COLUMN_ROWS = 6  # rows that stand side by side before a page counts as set in two columns
_COLUMN_FILL = 0.55  # share of its column that a line of running text fills; cells of a list are shorter
_FEW_ROWS, _FEW_FILL = 4, 0.84  # the same for a short text, of whose longest line the others have this share


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters in one row. Places are in units of the page (points or pixels), y grows downwards.

    ``size`` is the width of a Chinese character; ``confidence`` is 1 where the characters were not recognised but
    read.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    confidence: float = 1.0

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page with the column it stands in: 0 across the page, 1 and 2 for the left and right of two."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    page: int
    column: int = 0
    confidence: float = 1.0
    scanned: bool = False
    hole: float = 0.0  # the widest gap within the line, in Chinese characters


def lines_of(pieces: Iterable[Piece], page: int, *, scanned: bool = False) -> list[Line]:
    """The page's lines in reading order: from top to bottom, one column after the other where there are clearly two."""
    rows = _rows(pieces)
    lines: list[Line] = []
    for band, gutter in _bands(rows):
        if gutter is None:
            lines += [_line(row, page, 0, scanned) for row in band]
            continue
        for column in (1, 2):
            halves = ([p for p in row if ((p.left + p.right) / 2 > gutter) == (column == 2)] for row in band)
            lines += [_line(half, page, column, scanned) for half in halves if half]
    return _upright(line for line in lines if line.text)


def _rows(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces that share a row, each row from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.middle, p.left)):
        # A row is open as long as a piece's middle lies within it; small print beside a large title joins it.
        for row in reversed(rows[-3:]):
            anchor = max(row, key=lambda p: p.bottom - p.top)
            if abs(anchor.middle - piece.middle) < 0.45 * max(piece.size, min(anchor.size, 2 * piece.size)):
                row.append(piece)
                break
        else:
            rows.append([piece])
    return [_without_doubles(sorted(row, key=lambda p: p.left)) for row in rows]


def _without_doubles(row: list[Piece]) -> list[Piece]:
    """Text drawn twice a hair apart, which is how some programs print bold, is one text."""
    kept: list[Piece] = []
    for piece in row:
        twin = kept and kept[-1].text == piece.text and abs(kept[-1].left - piece.left) < 0.3 * piece.size
        if not twin:
            kept.append(piece)
    return kept


def _line(row: Sequence[Piece], page: int, column: int, scanned: bool) -> Line:
    text = row[0].text
    for before, piece in pairwise(row):
        text += (" " if piece.left - before.right > 0.5 * piece.size else "") + piece.text
    weights = [(p.size, max(1, len(p.text))) for p in row]
    size = max(weights, key=lambda w: w[1])[0]
    confidence = min(p.confidence for p in row)
    edges = min(p.left for p in row), min(p.top for p in row), max(p.right for p in row), max(p.bottom for p in row)
    hole = max((after.left - before.right for before, after in pairwise(row)), default=0.0) / size
    return Line(clean(text), *edges, size, page, column, confidence, scanned, hole)


def _bands(rows: list[list[Piece]]) -> list[tuple[list[list[Piece]], float | None]]:
    """Runs of rows with the gutter between their two columns, None for rows across the page."""
    pieces = [p for row in rows for p in row]
    if len(pieces) < 2 * _FEW_ROWS:
        return [(rows, None)]
    left, right = min(p.left for p in pieces), max(p.right for p in pieces)
    gutter = _gutter(pieces, left, right)
    if gutter is None:
        return [(rows, None)]
    low, high = gutter
    bands: list[tuple[list[list[Piece]], float | None]] = []
    run: list[list[Piece]] = []

    def close() -> None:
        if run:
            columns = _is_two_columns(run, left, right, low, high)
            bands.append((list(run), (low + high) / 2 if columns else None))
            run.clear()

    for row in rows:
        if any(p.left < low and p.right > high for p in row):
            close()
            bands.append(([row], None))
        else:
            run.append(row)
    close()
    return bands


def _gutter(pieces: Sequence[Piece], left: float, right: float) -> tuple[float, float] | None:
    """The strip in the middle half of the page that the fewest pieces cross."""
    size = median(p.size for p in pieces)
    steps = 60
    best: tuple[int, float] | None = None
    for step in range(steps + 1):
        x = left + (right - left) * (0.3 + 0.4 * step / steps)
        crossed = sum(1 for p in pieces if p.left < x + 0.5 * size and p.right > x - 0.5 * size)
        if best is None or crossed < best[0]:
            best = (crossed, x)
    assert best is not None
    crossed, x = best
    if crossed > 0.4 * len(pieces):
        return None
    return x - 0.4 * size, x + 0.4 * size


def _is_two_columns(rows: list[list[Piece]], left: float, right: float, low: float, high: float) -> bool:
    lefts = [[p for p in row if p.right <= high] for row in rows]
    rights = [[p for p in row if p.left >= low] for row in rows]
    filled = [half for half in lefts if half], [half for half in rights if half]
    fewest = min(map(len, filled))
    if fewest < _FEW_ROWS:
        return False
    shares = []
    for half, width in zip(filled, (low - left, right - high), strict=True):
        lengths = [max(p.right for p in row) - min(p.left for p in row) for row in half]
        if fewest >= _MIN_COLUMN_ROWS:
            shares.append(median(lengths) / max(width, 1) / _COLUMN_FILL)
        else:
            shares.append(min(max(lengths) / max(width, 1) / _COLUMN_FILL, median(lengths) / max(lengths) / _FEW_FILL))
    return min(shares) >= 1


def _upright(lines: Iterable[Line]) -> list[Line]:
    """Lines, with a title that is set downwards, one character below the other, as one line."""
    found: list[Line] = []
    run: list[Line] = []

    def close() -> None:
        if len(run) >= 3:
            first, last = run[0], run[-1]
            found.append(
                replace(
                    first,
                    text="".join(r.text for r in run),
                    bottom=last.bottom,
                    confidence=min(r.confidence for r in run),
                )
            )
        else:
            found.extend(run)
        run.clear()

    for line in lines:
        single = len(line.text) == 1 and display_width(line.text) == 2
        if run and not (single and abs(run[-1].left - line.left) < 0.2 * line.size):
            close()
        if single:
            run.append(line)
        else:
            found.append(line)
    close()
    return found
