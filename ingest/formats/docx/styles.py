"""Paragraph styles: what a paragraph takes over from its style and the styles that this is based on (17.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from ingest.formats.docx.names import child, is_on, number, value, w

_CHAIN = 30  # styles that one may be based on in turn; more is a loop
_HEADING = re.compile(r"(?:heading|标题) ?([1-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """A style with all that it inherits. ``level`` is that of a heading from 1, ``numbering`` a w:num's id."""

    id: str = ""
    name: str = ""
    centred: bool = False
    level: int | None = None
    numbering: str | None = None
    numbering_level: int | None = None


class Styles:
    """The paragraph styles of a document; an unknown id gives the default style."""

    def __init__(self, root: etree._Element | None) -> None:
        self._elements: dict[str, etree._Element] = {}
        self._known: dict[str, Style] = {}
        self._default = ""
        for style in root.iter(w("style")) if root is not None else ():
            style_id = value(style, "styleId") or ""
            self._elements.setdefault(style_id, style)
            if value(style, "type") == "paragraph" and value(style, "default") in ("1", "true", "on"):
                self._default = style_id

    def of(self, paragraph_properties: etree._Element | None) -> Style:
        """The style that a paragraph names."""
        style_id = value(child(paragraph_properties, "pStyle")) or self._default
        if style_id not in self._elements:
            style_id = self._default
        if style_id not in self._known:
            self._known[style_id] = self._resolved(style_id)
        return self._known[style_id]

    def numbering_of(self, style_id: str) -> str | None:
        """The w:num that a numbering style stands for (w:numStyleLink)."""
        return value(child(self._elements.get(style_id), "pPr", "numPr", "numId"))

    def _resolved(self, style_id: str) -> Style:
        name = value(child(self._elements.get(style_id), "name")) or ""
        alignment = level = numbering = numbering_level = None
        current: str | None = style_id
        for _ in range(_CHAIN):
            element = self._elements.get(current) if current is not None else None
            if element is None:
                break
            properties = child(element, "pPr")
            alignment = alignment or value(child(properties, "jc"))
            if level is None:
                level = heading_level(properties, value(child(element, "name")) or "")
            if numbering is None:
                numbering = value(child(properties, "numPr", "numId"))
            if numbering_level is None:
                numbering_level = number(child(properties, "numPr", "ilvl"))
            current = value(child(element, "basedOn"))
        return Style(style_id, name, alignment == "center", level or None, numbering, numbering_level)


def heading_level(properties: etree._Element | None, style_name: str = "") -> int | None:
    """The level of a heading from 1; 0 where it is said to be none (w:outlineLvl 9), None where nothing is said."""
    outline = number(child(properties, "outlineLvl"))
    if outline is not None:
        return outline + 1 if 0 <= outline < 9 else 0
    named = _HEADING.fullmatch(style_name.strip())
    return int(named[1]) if named else None


def is_hidden(run_properties: etree._Element | None) -> bool:
    """Whether a run is hidden text (w:vanish)."""
    return is_on(child(run_properties, "vanish"))
