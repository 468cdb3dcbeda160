"""The words of diagrams (SmartArt) and charts, which stand in parts of their own (ECMA-376 part 1, 21.2 and 21.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from lxml import etree

from ingest.formats.spaces import clean

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
#: Kinds of relations whose parts are read here.
KINDS = ("diagramData", "chart")


def words(root: etree._Element) -> list[str]:
    """What a reader sees written in a diagram or chart, one text a line: its titles, then a row for each category."""
    if root.tag == f"{_DIAGRAM}dataModel":
        return [text for point in root.iter(f"{_DIAGRAM}pt") for text in _paragraphs(point)]
    titles = [text for title in root.iter(f"{_CHART}title") for text in _paragraphs(title)]
    return [*titles, *_rows(list(root.iter(f"{_CHART}ser")))]


def _paragraphs(parent: etree._Element) -> Iterator[str]:
    for paragraph in parent.iter(f"{_DRAWING}p"):
        if text := clean("".join(t.text or "" for t in paragraph.iter(f"{_DRAWING}t"))):
            yield text


def _rows(series: Sequence[etree._Element]) -> Iterator[str]:
    """“2024年：产值 12.5；税收 3.1”; the values are those that the file keeps for showing."""
    names = ["".join(_kept(one, "tx")) for one in series]
    values = [_kept(one, "val") or _kept(one, "yVal") for one in series]
    categories = next((found for one in series if (found := _kept(one, "cat") or _kept(one, "xVal"))), [])
    for category, *cells in zip_longest(categories, *values, fillvalue=""):
        said = "；".join(f"{name} {cell}".strip() for name, cell in zip(names, cells, strict=True) if cell)
        if category or said:
            yield clean(f"{category}：{said}" if category and said else category or said)


def _kept(series: etree._Element, name: str) -> list[str]:
    found = series.find(f"{_CHART}{name}")
    return [v.text or "" for v in found.iter(f"{_CHART}v")] if found is not None else []
