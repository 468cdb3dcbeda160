"""Automatic numbering as the reader sees it: 一、, （二）, 3. (w:numbering, ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from ingest.formats.docx.counting import render
from ingest.formats.docx.names import child, is_on, number, value, w
from ingest.formats.docx.styles import Style, Styles

_LEVELS = 9
_LONGEST = 100  # characters of a level's text; more is no number
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: ``text`` is its pattern such as “（%1）”, ``restart`` the level from 1 that restarts it."""

    start: int
    form: str
    text: str
    restart: int | None
    arabic: bool
    style: str | None


@dataclass(frozen=True, slots=True)
class _List:
    """A w:num: the levels as it shows them, where it starts anew, and the definition whose counters it shares."""

    definition: str
    levels: dict[int, Level]
    starts: dict[int, int]


class Numbering:
    """The lists of a document; :meth:`counters` gives the count of one story (body, header, notes, a text box)."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._definitions: dict[str, etree._Element] = {}
        self._nums: dict[str, etree._Element] = {}
        self._lists: dict[str, _List | None] = {}
        for element in root if root is not None else ():
            if element.tag == w("abstractNum"):
                self._definitions.setdefault(value(element, "abstractNumId") or "", element)
            elif element.tag == w("num"):
                self._nums.setdefault(value(element, "numId") or "", element)

    def counters(self) -> Counters:
        return Counters(self)

    def place(self, properties: etree._Element | None, style: Style) -> tuple[str, int] | None:
        """The list and the level (from 0) of a paragraph by itself or by its style; None where it has no number."""
        own = child(properties, "numPr")
        num = value(child(own, "numId"))
        level = number(child(own, "ilvl"))
        if num is None:
            num = style.numbering
            if level is None and num is not None:
                found = self.list_of(num)
                linked = [i for i, at in found.levels.items() if at.style == style.id] if found else []
                level = linked[0] if linked else style.numbering_level
        if num is None or num == "0":
            return None
        return num, min(max(level or 0, 0), _LEVELS - 1)

    def list_of(self, num: str) -> _List | None:
        if num not in self._lists:
            self._lists[num] = self._resolved(num)
        return self._lists[num]

    def _resolved(self, num: str) -> _List | None:
        element = self._nums.get(num)
        if element is None:
            return None
        name, definition = self._definition(element)
        if definition is None:
            return None
        levels = dict(_levels(definition))
        starts: dict[int, int] = {}
        for override in element.findall(w("lvlOverride")):
            at = number(override, "ilvl") or 0
            levels |= dict(_levels(override))
            start = number(child(override, "startOverride"))
            if start is not None:
                starts[at] = start
        return _List(name, levels, starts)

    def _definition(self, num: etree._Element) -> tuple[str, etree._Element | None]:
        """The w:abstractNum of a w:num, through the numbering style that it may only link to."""
        name = ""
        for _ in range(4):
            name = value(child(num, "abstractNumId")) or ""
            definition = self._definitions.get(name)
            link = value(child(definition, "numStyleLink"))
            following = self._nums.get(self._styles.numbering_of(link) or "") if link else None
            if following is None:
                return name, definition
            num = following
        return name, None


def _levels(parent: etree._Element) -> list[tuple[int, Level]]:
    found = []
    for element in parent.findall(w("lvl")):
        at = number(element, "ilvl") or 0
        start = number(child(element, "start"))
        text = value(child(element, "lvlText"))
        level = Level(
            start=1 if start is None else start,
            form=value(child(element, "numFmt")) or "decimal",
            text=text if text is not None and len(text) <= _LONGEST else "",
            restart=number(child(element, "lvlRestart")),
            arabic=is_on(child(element, "isLgl")),
            style=value(child(element, "pStyle")),
        )
        found.append((at, level))
    return found


class Counters:
    """Counts the numbered paragraphs of one story in the order in which they are given."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._counts: dict[str, dict[int, int]] = {}  # by definition: lists of one definition count on
        self._started: set[tuple[str, int]] = set()

    def label(self, num: str, at: int) -> str:
        """The number of the next paragraph of a list at a level, such as “一、”; empty for bullets."""
        found = self._numbering.list_of(num)
        level = found.levels.get(at) if found is not None else None
        if found is None or level is None:
            return ""
        counts = self._counts.setdefault(found.definition, {})
        for above in range(at):
            # A level that was passed over counts as begun: 二、 1. and then （二）.
            if above in found.levels:
                counts.setdefault(above, found.starts.get(above, found.levels[above].start))
        if at in found.starts and (num, at) not in self._started:
            counts[at] = found.starts[at] - 1
        self._started.add((num, at))
        counts[at] = counts.get(at, level.start - 1) + 1
        for deeper in [d for d in counts if d > at]:
            below = found.levels.get(deeper)
            restart = below.restart if below is not None else None
            # Without w:lvlRestart any level above restarts it, 0 means never, n the levels down to n.
            if restart is None or (restart > 0 and at < restart):
                del counts[deeper]
        if level.form == "bullet":
            return ""
        return re.sub(r"%([1-9])", lambda m: self._part(found, counts, int(m[1]) - 1, level.arabic), level.text)

    def _part(self, found: _List, counts: dict[int, int], at: int, arabic: bool) -> str:
        level = found.levels.get(at)
        if level is None:
            return ""
        form = "decimal" if arabic and level.form != "none" else level.form
        return render(counts.get(at, level.start), form) if form != "bullet" else ""


def with_label(label: str, text: str) -> str:
    """A number and the text of its paragraph, as documents write it: 一、目标, 1.目标, 第一条　为了."""
    label = label.strip()
    if not label or not text:
        return label or text
    closed = not label[-1].isalnum() and label[-1] != "-"
    if closed and not (label[-1] in "．.)]" and text[0].isascii()):
        return label + text
    return f"{label}\u3000{text}" if _HAN.match(label[-1]) else f"{label} {text}"
