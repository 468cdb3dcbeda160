"""Text objects to runs of characters with their places on the page (GB/T 33190-2016, 11)."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from ingest.formats.ofd.elements import children, descendants, name_of, number, numbers
from ingest.formats.ofd.matrix import Matrix
from ingest.formats.ofd.paths import Rule, rules_of
from ingest.formats.spaces import display_width

_DEEPEST = 8  # blocks in blocks, composite objects in composite objects
_CONTAINERS = frozenset(("Layer", "PageBlock", "Content"))
_PLACEHOLDERS = frozenset("\ufffd¤")  # what writers put for a glyph of which they know no character


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that stand side by side (or, ``upright``, one below the other, as labels of forms do).

    Places are those of a page turned so that the text reads from left to right: ``start`` and ``end`` along the line,
    ``base`` the baseline, growing downwards, ``starts`` where each character begins. ``angle`` (degrees, clockwise,
    -179 to 180) is by how much the text is turned. Lengths are in millimetres.
    """

    text: str
    angle: int
    starts: tuple[float, ...]
    end: float
    base: float
    size: float
    hidden: bool = False
    upright: bool = False


class Picture(NamedTuple):
    """A picture by the ID of its resource, with its box in millimetres."""

    resource: str
    left: float
    top: float
    width: float
    height: float

    @property
    def area(self) -> float:
        return self.width * self.height


@dataclass(slots=True)
class Drawing:
    """What stands on a page: its text, the rules of its tables, its pictures, and how much else there is."""

    runs: list[Run] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    paths: int = 0
    unnamed: int = 0  # glyphs without a character

    def add(self, other: Drawing) -> None:
        self.runs += other.runs
        self.rules += other.rules
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
            drawing.pictures.append(_picture(element, outer))
        elif name == "PathObject":
            spend(1)
            drawing.paths += 1
            drawing.rules += rules_of(element, outer.after(_own_matrix(element)))
        elif name == "CompositeObject":
            spend(1)
            unit = composites.get(element.get("ResourceID") or "")
            if unit is not None:
                _collect(unit, outer.after(_own_matrix(element)), composites, spend, drawing, depth + 1)


def _own_matrix(element: etree._Element) -> Matrix:
    box = numbers(element.get("Boundary"), 2) or [0.0, 0.0]
    turned = numbers(element.get("CTM"), 6)
    return Matrix(e=box[0], f=box[1]).after(Matrix(*turned) if turned else Matrix())


def _picture(element: etree._Element, outer: Matrix) -> Picture:
    box = numbers(element.get("Boundary"), 4) or [0.0, 0.0, 0.0, 0.0]
    (left, top), (right, bottom) = outer.at(box[0], box[1]), outer.at(box[0] + box[2], box[1] + box[3])
    return Picture(element.get("ResourceID") or "", left, top, abs(right - left), abs(bottom - top))


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
    box = numbers(element.get("Boundary"), 4)
    clipped = box is not None and not box[2] * box[3] and any(True for _ in children(element, "Clips"))
    return bool(clear or unfilled or clipped or element.get("Visible") == "false")


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
    places: list[tuple[float, float]]
    upright: bool


def _runs(text: str, places: list[tuple[float, float]], size: float) -> Iterator[_Piece]:
    """The text cut where it turns from one line to the next or from across to down, and where columns part."""
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
        for first, last in _columns(text, places, start, position, size, bool(upright)):
            if piece := _piece(text[first:last], places[first:last], bool(upright)):
                yield piece
        start, upright = position, None


def _columns(
    text: str, places: list[tuple[float, float]], start: int, end: int, size: float, upright: bool
) -> Iterator[tuple[int, int]]:
    """Where a line is cut because a gap is wider than its others: two columns, or a label and what follows."""
    if upright or end - start < 2:
        yield start, end
        return
    gaps = [places[i + 1][0] - places[i][0] - _width(text[i]) * size for i in range(start, end - 1)]
    usual = statistics.median(gaps) if max(gaps) > 0.75 * size else max(gaps)
    for i, gap in enumerate(gaps, start + 1):
        if gap - usual > 0.75 * size and not text[i - 1].isspace() and not text[i].isspace():
            yield start, i
            start = i
    yield start, end


def _piece(text: str, places: list[tuple[float, float]], upright: bool) -> _Piece | None:
    if not text.strip():
        return None
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    return _Piece(text[first:last], places[first:last], upright)


def _placed(piece: _Piece, matrix: Matrix, size: float, hidden: bool) -> Run:
    angle = math.degrees(math.atan2(matrix.b, matrix.a))
    quarter = round(angle / 90) * 90
    # A scan that was set straight is turned by a trifle.
    angle = quarter if abs(angle - quarter) < 3 else round(angle)
    angle = 180 if angle == -180 else angle
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    page = [matrix.at(x, y) for x, y in piece.places]
    starts = [x * cos + y * sin for x, y in page]
    base = -page[0][0] * sin + page[0][1] * cos
    broad, high = size * math.hypot(matrix.a, matrix.b), size * math.hypot(matrix.c, matrix.d)
    end = starts[0] + broad if piece.upright else max(starts[-1] + _width(piece.text[-1]) * broad, starts[0])
    return Run(piece.text, int(angle), tuple(starts), end, base, high, hidden, piece.upright)
