"""Text objects to runs of characters with their places on the page (GB/T 33190-2016, 11)."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from ingest.formats.ofd.elements import children, descendants, name_of, number, numbers
from ingest.formats.spaces import display_width

_DEEPEST = 8  # blocks in blocks, composite objects in composite objects
_CONTAINERS = frozenset(("Layer", "PageBlock", "Content"))
_PLACEHOLDERS = frozenset("\ufffd¤")  # what writers put for a glyph of which they know no character


class Matrix(NamedTuple):
    """x' = ax + cy + e, y' = bx + dy + f; lengths in millimetres, y downwards."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def after(self, inner: Matrix) -> Matrix:
        """The matrix that applies ``inner`` first."""
        return Matrix(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            self.a * inner.e + self.c * inner.f + self.e,
            self.b * inner.e + self.d * inner.f + self.f,
        )

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that stand side by side (or, ``upright``, one below the other, as labels of forms do).

    Places are those of a page turned so that the text reads from left to right: ``start`` and ``end`` along the line,
    ``base`` the baseline, growing downwards. ``angle`` (degrees, clockwise, -179 to 180) is by how much the page must
    be turned for that.
    """

    text: str
    angle: int
    start: float
    end: float
    base: float
    size: float
    hidden: bool = False
    upright: bool = False


@dataclass(slots=True)
class Drawing:
    """What stands on a page: its text, and how much there is that is no text."""

    runs: list[Run] = field(default_factory=list)
    pictures: int = 0
    paths: int = 0
    unnamed: int = 0  # glyphs without a character

    def add(self, other: Drawing) -> None:
        self.runs += other.runs
        self.pictures += other.pictures
        self.paths += other.paths
        self.unnamed += other.unnamed


#: Takes a number of characters and raises where the file has too many.
Spend = Callable[[int], None]


def drawing_of(content: etree._Element, composites: Mapping[str, etree._Element], spend: Spend) -> Drawing:
    """The drawing in a page, a template or an appearance. ``composites`` are composite graphic units by their ID."""
    drawing = Drawing()
    _collect(content, Matrix(), composites, spend, drawing, 0)
    return drawing


def _collect(
    parent: etree._Element,
    outer: Matrix,
    composites: Mapping[str, etree._Element],
    spend: Spend,
    drawing: Drawing,
    depth: int,
) -> None:
    if depth > _DEEPEST:
        return
    for element in parent:
        name = name_of(element)
        if name in _CONTAINERS:
            _collect(element, outer, composites, spend, drawing, depth + 1)
        elif name == "TextObject":
            drawing.runs += _text_object(element, outer, spend, drawing)
        elif name == "ImageObject":
            spend(1)
            drawing.pictures += 1
        elif name == "PathObject":
            spend(1)
            drawing.paths += 1
        elif name == "CompositeObject":
            spend(1)
            unit = composites.get(element.get("ResourceID") or "")
            if unit is not None:
                _collect(unit, outer.after(_own_matrix(element)), composites, spend, drawing, depth + 1)


def _own_matrix(element: etree._Element) -> Matrix:
    box = numbers(element.get("Boundary"), 2) or [0.0, 0.0]
    turned = numbers(element.get("CTM"), 6)
    return Matrix(e=box[0], f=box[1]).after(Matrix(*turned) if turned else Matrix())


def _text_object(element: etree._Element, outer: Matrix, spend: Spend, drawing: Drawing) -> Iterator[Run]:
    matrix = outer.after(_own_matrix(element))
    size = abs(number(element.get("Size"), 3.5)) or 3.5
    hidden = _is_hidden(element)
    down = element.get("ReadDirection") in ("90", "270")
    glyphs = any(True for _ in descendants(element, "Glyphs"))
    x = y = 0.0
    for code in children(element, "TextCode"):
        x, y = number(code.get("X"), x), number(code.get("Y"), y)
        text = "".join(code.itertext())
        if "\n" in text:  # of an XML that was laid out for reading
            text = text.strip()
        spend(len(text) + 1)
        unnamed = sum(1 for c in text if c in _PLACEHOLDERS or "\ue000" <= c <= "\uf8ff") if text.strip() else glyphs
        drawing.unnamed += unnamed
        places = _places(text, x, y, code, size * number(element.get("HScale"), 1.0), down)
        for run in _runs(text, places, size):
            yield _placed(run, matrix, size, hidden)


def _is_hidden(element: etree._Element) -> bool:
    """Whether a reader sees nothing of the text: it lies under the picture of a scanned page."""
    fill = next(children(element, "FillColor"), None)
    clear = element.get("Alpha") == "0" or (fill is not None and fill.get("Alpha") == "0")
    unfilled = element.get("Fill") == "false" and element.get("Stroke") != "true"
    return bool(clear or unfilled or element.get("Visible") == "false")


def _places(text: str, x: float, y: float, code: etree._Element, size: float, down: bool) -> list[tuple[float, float]]:
    """The origin of each character. Missing deltas go on as the last one, or as wide as characters are."""
    across, along = _deltas(code.get("DeltaX"), len(text)), _deltas(code.get("DeltaY"), len(text))
    places = []
    for position, character in enumerate(text):
        places.append((x, y))
        if not across and not along:
            step = (0.0, size) if down else (_width(character) * size, 0.0)
        else:
            step = (_delta(across, position, keep=True), _delta(along, position, keep=not across))
        x, y = x + step[0], y + step[1]
    return places


def _delta(deltas: list[float], position: int, *, keep: bool) -> float:
    if position < len(deltas):
        return deltas[position]
    return deltas[-1] if deltas and keep else 0.0


def _deltas(written: str | None, most: int) -> list[float]:
    """The list that “3 g 2 1.5” stands for (3 1.5 1.5), no longer than there are characters."""
    found: list[float] = []
    parts = iter((written or "").replace(",", " ").split(None, 3 * most + 1))
    for part in parts:
        if len(found) >= most:
            break
        if part == "g":
            count = int(number(next(parts, None), 0.0))
            found += [number(next(parts, None), 0.0)] * max(0, min(count, most - len(found)))
        else:
            found.append(number(part, 0.0))
    return found


def _width(character: str) -> float:
    """The usual width in sizes of type."""
    return display_width(character) / 2


class _Piece(NamedTuple):
    text: str
    x: float
    y: float
    width: float
    upright: bool


def _runs(text: str, places: list[tuple[float, float]], size: float) -> Iterator[_Piece]:
    """The text cut where it turns from one line to the next, or from across to down."""
    start = 0
    upright: bool | None = None
    for position in range(1, len(text) + 1):
        if position < len(text):
            across, along = places[position][0] - places[position - 1][0], places[position][1] - places[position - 1][1]
            level = abs(along) <= 0.3 * size
            falls = not level and abs(across) <= 0.3 * size
            # Back to the left is a new line, but for marks that are set over the character before.
            if ((level and across > -0.6 * size) or falls) and upright in (None, falls):
                upright = falls
                continue
        yield from _piece(text[start:position], places[start:position], size, bool(upright))
        start, upright = position, None


def _piece(text: str, places: list[tuple[float, float]], size: float, upright: bool) -> Iterator[_Piece]:
    if not text.strip():
        return
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    text, places = text[first:last], places[first:last]
    if upright:
        yield _Piece(text, places[0][0], places[0][1], size, True)
        return
    width = places[-1][0] + _width(text[-1]) * size - places[0][0]
    yield _Piece(_spaced(text, [x for x, _ in places], size), places[0][0], places[0][1], max(width, 0.0), False)


def _spaced(text: str, starts: list[float], size: float) -> str:
    """The text with a space where a gap is wider than the others: two columns, or a label and what follows."""
    gaps = [b - a - _width(c) * size for c, a, b in zip(text[:-1], starts[:-1], starts[1:], strict=True)]
    if not gaps or max(gaps) < 0.75 * size:
        return text
    usual = statistics.median(gaps)
    found = [text[0]]
    for gap, before, after in zip(gaps, text[:-1], text[1:], strict=True):
        wide = gap - usual > 0.75 * size and not before.isspace() and not after.isspace()
        found.append(f" {after}" if wide else after)
    return "".join(found)


def _placed(piece: _Piece, matrix: Matrix, size: float, hidden: bool) -> Run:
    angle = math.degrees(math.atan2(matrix.b, matrix.a))
    quarter = round(angle / 90) * 90
    # A scan that was set straight is turned by a trifle.
    angle = quarter if abs(angle - quarter) < 3 else round(angle)
    angle = 180 if angle == -180 else angle
    turn = math.radians(angle)
    x, y = matrix.at(piece.x, piece.y)
    start = x * math.cos(turn) + y * math.sin(turn)
    base = -x * math.sin(turn) + y * math.cos(turn)
    end = start + piece.width * math.hypot(matrix.a, matrix.b)
    height = size * math.hypot(matrix.c, matrix.d)
    return Run(piece.text, int(angle), start, end, base, height, hidden, piece.upright)
