"""The text layer of a PDF page as characters with their places, and the lines ruled on the page."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING

from ingest.formats.pdf_lines import Piece
from ingest.formats.pdf_marks import marks_in_place
from ingest.formats.spaces import display_width

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_MAX_CHARACTERS = 200_000  # of one page; a page of print has 2,000
_PICTURE_WITH_TEXT = 0.02  # the same for a picture beside a text layer; a seal or a logo is about as large
_PICTURE = 0.01  # share of a page that a picture with text on it covers at least
_OUTLINES = 20  # paths that may be the outlines of characters
_SLANT = 0.11  # quarter turns, 10 degrees, from which a character is written across the page
_MAX_OBJECTS = 20_000  # paths of a page that are looked at for ruled lines


@dataclass(frozen=True, slots=True)
class Character:
    """A character with its box; y grows downwards. ``turned`` are quarter turns from the page's main direction."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    turned: int = 0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight horizontal or vertical line, or the box of a picture."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)

    @property
    def horizontal(self) -> bool:
        return self.right - self.left >= self.bottom - self.top


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page holds. ``pictured`` is the share of the page that its largest picture covers, 0 to 1.

    ``drawn`` says that pictures or many paths may show text which is none to the file.
    """

    characters: tuple[Character, ...]
    strokes: tuple[Stroke, ...]
    pictured: float
    drawn: bool
    pictures: tuple[Stroke, ...] = ()  # boxes of pictures that may show text, without those that lie under text
    slanted: str = ""  # text across the page, such as a watermark, which is none of ``characters``


def page_text(page: PdfPage) -> PageText:
    """Characters in the order of the file and ruled lines, turned so that the main direction of the text is level.

    Raises :class:`ValueError` for a page of more characters than print can hold.
    """
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    try:
        box = pdfium.FS_RECTF()
        raw: list[tuple[str, float, float, float, float, int]] = []
        slanted: list[int] = []  # places in raw
        high = 0
        count = text.count_chars()
        if count > _MAX_CHARACTERS:
            raise ValueError(f"一页有 {count} 字，上限 {_MAX_CHARACTERS} 字")
        for index in range(count):
            code = pdfium.FPDFText_GetUnicode(text, index)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000 and high:
                code, high = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0
            if pdfium.FPDFText_IsGenerated(text, index) == 1 or code in (10, 13):
                continue
            if not pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box)):
                continue
            quarters = pdfium.FPDFText_GetCharAngle(text, index) / (math.pi / 2)
            turned = -round(quarters) % 4
            if abs(quarters - round(quarters)) > _SLANT:
                slanted.append(len(raw))
            # The library marks a hyphen at the end of a line in its own way.
            character = "-" if code in (2, 0xFFFE) else chr(code) if code else "\ufffd"
            raw.append((character, box.left, box.bottom, box.right, box.top, turned))
    finally:
        text.close()
    across = ""
    if 2 * len(slanted) < len(raw):  # a page that lies askew as a whole is read as it lies
        across = "".join(raw[place][0] for place in slanted)
        left_out = set(slanted)
        raw = [entry for place, entry in enumerate(raw) if place not in left_out]
    main = Counter(entry[5] for entry in raw).most_common(1)[0][0] if raw else 0
    characters = tuple(
        Character(c, *_level(left, bottom, right, top, main), (turned - main) % 4)
        for c, left, bottom, right, top, turned in raw
    )
    characters = tuple(marks_in_place(characters))
    strokes, boxes, paths = _drawn(page, main)
    width, height = page.get_size()
    whole = max(1.0, width * height)
    pictured = min(1.0, max((box.area / whole for box in boxes), default=0.0))
    drawn = pictured > _PICTURE or paths > _OUTLINES
    free = [b for b in boxes if b.area > _PICTURE_WITH_TEXT * whole and not _written_over(b, characters)]
    return PageText(characters, strokes, pictured, drawn, tuple(free) if main == 0 else (), across)


def _written_over(box: Stroke, characters: Sequence[Character]) -> bool:
    inside = (
        c
        for c in characters
        if box.left <= (c.left + c.right) / 2 <= box.right and box.top <= (c.top + c.bottom) / 2 <= box.bottom
    )
    return sum(1 for _ in islice(inside, 3)) == 3


def _level(left: float, bottom: float, right: float, top: float, turns: int) -> tuple[float, float, float, float]:
    """A box of the page's own space (y upwards) as (left, top, right, bottom) with y downwards, turned level."""
    if turns == 0:
        return left, -top, right, -bottom
    if turns == 1:
        return bottom, left, top, right
    if turns == 2:
        return -right, bottom, -left, top
    return -top, -right, -bottom, -left


def _drawn(page: PdfPage, turns: int) -> tuple[tuple[Stroke, ...], list[Stroke], int]:
    """Ruled lines, the boxes of pictures, and the number of paths that are no such lines."""
    import pypdfium2.raw as pdfium

    strokes: list[Stroke] = []
    boxes: list[Stroke] = []
    paths = 0
    kinds = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE)
    for count, drawn in enumerate(page.get_objects(filter=kinds, max_depth=3)):
        if count >= _MAX_OBJECTS:
            break
        try:
            left, bottom, right, top = drawn.get_bounds()
        except Exception:  # noqa: S112 - an object without an extent draws nothing
            continue
        if drawn.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            boxes.append(Stroke(*_level(left, bottom, right, top, turns)))
        else:
            straight = list(_straight(drawn.raw, (left, bottom, right, top)))
            strokes += [Stroke(*_level(*s, turns)) for s in straight]
            paths += not straight
    return tuple(strokes), boxes, paths


_Box = tuple[float, float, float, float]
_THIN = 2.5  # points: what is thinner is a line, not an area
_LONG = 6.0  # points: what is shorter is a dash or part of a letter


def _straight(path: ctypes.c_void_p, bounds: _Box) -> Iterator[_Box]:
    """The level and upright lines of a path, as boxes (left, bottom, right, top)."""
    import pypdfium2.raw as pdfium

    left, bottom, right, top = bounds
    if min(right - left, top - bottom) <= _THIN:
        if max(right - left, top - bottom) >= _LONG:
            yield bounds
        return
    fill, stroke = ctypes.c_int(), pdfium.FPDF_BOOL()
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke)) or not stroke.value:
        return  # an area without an outline: shading
    pdfium.FPDFPageObj_GetMatrix(path, ctypes.byref(matrix))
    x, y = ctypes.c_float(), ctypes.c_float()
    here = start = (0.0, 0.0)
    for index in range(min(pdfium.FPDFPath_CountSegments(path), _MAX_OBJECTS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield from _stroke(here, point)
        here = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield from _stroke(here, start)


def _stroke(a: tuple[float, float], b: tuple[float, float]) -> Iterator[_Box]:
    across, up = abs(a[0] - b[0]), abs(a[1] - b[1])
    if min(across, up) <= 1.0 and max(across, up) >= _LONG:
        yield min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


def pieces_of(characters: Sequence[Character]) -> list[Piece]:
    """Characters that follow each other in the file and on the page, as runs."""
    runs: list[list[Character]] = []
    for character in characters:
        if not character.text.strip() and character.text != "\u3000":
            if runs and runs[-1]:
                runs[-1].append(character)
            continue
        if runs and _follows(runs[-1], character):
            runs[-1].append(character)
        else:
            runs.append([character])
    return [piece for run in runs if (piece := _piece(run)) is not None]


def _follows(run: Sequence[Character], character: Character) -> bool:
    last = next((c for c in reversed(run) if c.text.strip()), run[-1])
    if last.turned != character.turned:
        return False
    if character.turned:  # turned text, such as a watermark: as the file has it
        return True
    size = max(last.bottom - last.top, character.bottom - character.top, 0.1)
    level = abs((last.top + last.bottom) - (character.top + character.bottom)) / 2 < 0.35 * size
    return level and -0.6 * size < character.left - last.right < 1.0 * size


def _piece(run: Sequence[Character]) -> Piece | None:
    inked = [c for c in run if c.text.strip()]
    if not inked:
        return None
    wide = [c.right - c.left for c in inked if display_width(c.text) == 2 and c.right > c.left]
    size = median(wide) if wide else 0.85 * median(c.bottom - c.top for c in inked)
    text = ""
    last: Character | None = None
    for character in run:
        if not character.text.strip() and character.text != "\u3000":
            text += " " if text and not text.endswith(" ") else ""
            continue
        if (
            last is not None
            and not text.endswith(" ")
            and character.left - last.right > _word_gap(last, character) * size
        ):
            text += " "
        text += character.text
        last = character
    return Piece(
        text.strip(" "),
        min(c.left for c in inked),
        min(c.top for c in inked),
        max(c.right for c in inked),
        max(c.bottom for c in inked),
        max(size, 0.1),
    )


def _word_gap(last: Character, character: Character) -> float:
    """How wide a gap, in Chinese characters, is a space: between words less than where typesetting spreads a line."""
    wide = display_width(last.text + character.text) - 2
    return (0.15, 0.35, 0.4)[wide]


def plain(characters: Iterable[Character]) -> str:
    """The characters alone, for judging the text layer."""
    return "".join(c.text for c in characters if c.text.strip())
