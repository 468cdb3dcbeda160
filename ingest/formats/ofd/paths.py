"""Path objects to straight lines: the rules of tables."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from lxml import etree

from ingest.formats.ofd.elements import children, number, text_of
from ingest.formats.ofd.matrix import Matrix

_ARGUMENTS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_MOST_PARTS = 4000  # of one path; a drawing of more is no rule
_THIN = 1.0  # millimetres: a filled box no thicker is a line
_SHORT = 2.0  # millimetres: what is no longer is a part of a character or a mark

#: A straight line on the page in millimetres: x and y of its ends.
Rule = tuple[float, float, float, float]


def rules_of(element: etree._Element, matrix: Matrix) -> Iterator[Rule]:
    """The level and upright lines of a path object: its own, or the length of a thin box that is filled."""
    points = [run for run in _runs(element) if len(run) > 1]
    if element.get("Stroke") == "false":
        for run in points:
            yield from _thin_box([matrix.at(*point) for point in run])
        return
    for run in points:
        placed = [matrix.at(*point) for point in run]
        box = list(_thin_box(placed))
        if box and len(placed) > 2:
            yield from box
            continue
        for (x0, y0), (x1, y1) in pairwise(placed):
            if max(abs(x1 - x0), abs(y1 - y0)) > _SHORT:
                yield x0, y0, x1, y1


def _thin_box(points: list[tuple[float, float]]) -> Iterator[Rule]:
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    if min(right - left, bottom - top) > _THIN or max(right - left, bottom - top) <= _SHORT:
        return
    if right - left > bottom - top:
        yield left, (top + bottom) / 2, right, (top + bottom) / 2
    else:
        yield (left + right) / 2, top, (left + right) / 2, bottom


def _runs(element: etree._Element) -> Iterator[list[tuple[float, float]]]:
    """The points of each part of a path that is drawn in one go. Parts with curves are left out."""
    data = next((text_of(e) for e in children(element, "AbbreviatedData")), "")
    parts = data.split(None, _MOST_PARTS + 1)
    if len(parts) > _MOST_PARTS:
        return
    run: list[tuple[float, float]] = []
    curved = False
    position = 0
    while position < len(parts):
        operator = parts[position]
        count = _ARGUMENTS.get(operator)
        if count is None:
            position += 1
            continue
        values = [number(part, 0.0) for part in parts[position + 1 : position + 1 + count]]
        position += 1 + count
        if operator in ("M", "S"):
            if not curved:
                yield run
            run, curved = [(values[0], values[1])] if len(values) == 2 else [], False
        elif operator == "L" and len(values) == 2:
            run.append((values[0], values[1]))
        elif operator == "C":
            run += run[:1]
        else:
            curved = True
    if not curved:
        yield run
