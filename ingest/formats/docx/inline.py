"""The text of one paragraph: runs, fields, tracked changes, symbols, and what hangs on it (boxes, notes)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from lxml import etree

from ingest.formats.docx.counting import circled
from ingest.formats.docx.names import MATH_TEXT, child, is_on, number, short, value, w
from ingest.formats.docx.styles import is_hidden
from ingest.formats.docx.symbols import symbol

#: Line break within a paragraph, as the walk hands it on.
LINE_BREAK = "\v"

_DELETED = frozenset(("del", "moveFrom"))
_SKIPPED = frozenset(
    "pPr rPr delText instrText delInstrText sectPr tblPr tblGrid trPr tcPr sdtPr sdtEndPr rubyPr footnoteRef "
    "endnoteRef annotationRef separator continuationSeparator pgNum customXmlPr smartTagPr".split()
)
_FIXED = {"tab": "\t", "ptab": "\t", "cr": LINE_BREAK, "noBreakHyphen": "-", "softHyphen": ""}
_PAGE_FIELD = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)
_CIRCLE_FIELD = re.compile(r"\s*EQ\s+\\o\\ac\s?[(（][○□◯△][,，;；]\s?([0-9]{1,2}|[^\s()（）]{1,3})[)）]", re.IGNORECASE)
_OPEN_FIELDS = 50  # fields open at once; more were never closed, and the oldest are forgotten
_GRAPHIC_DATA = "graphicData"


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    result: bool = False  # past the separator: what follows is shown
    silent: bool = False


@dataclass(slots=True)
class Runs:
    """The text of a paragraph and what hangs on it: text boxes, notes as (footnote or endnote, id), and graphics
    (charts, diagrams) as the ids of their relations."""

    text: str = ""
    boxes: list[etree._Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    graphics: list[str] = field(default_factory=list)


class Inline:
    """Reads paragraphs in their order, as fields may run over several.

    ``counts`` says what was not taken: deletions, hidden (characters), symbols, pictures, objects, comments, formulas.
    ``page_fields`` is False where page numbers are no text (headers and footers).
    """

    def __init__(self, counts: Counter[str], *, page_fields: bool = True) -> None:
        self._counts = counts
        self._page_fields = page_fields
        self._fields: list[_Field] = []

    @property
    def in_contents(self) -> bool:
        """Whether the reading stands in the result of a table of contents."""
        return any(f.result and re.match(r"\s*TOC\b", f.instruction) for f in self._fields)

    def read(self, paragraph: etree._Element) -> Runs:
        runs = Runs()
        pieces: list[str] = []
        self._take(paragraph, runs, pieces)
        # An instruction does not run over paragraphs: one that does was never closed, and must not hide the rest.
        self._fields = [f for f in self._fields if f.result]
        runs.text = "".join(pieces)
        return runs

    def _shown(self) -> bool:
        return all(f.result and not f.silent for f in self._fields)

    def _take(self, parent: etree._Element, runs: Runs, pieces: list[str], font: str = "") -> None:
        for element in parent:
            name = short(element)
            if name == "r":
                self._run(element, runs, pieces)
            elif name == "t" or element.tag == MATH_TEXT:
                if self._shown():
                    pieces.append(self._text(element.text or "", font))
            elif name in _DELETED:
                self._counts["deletions"] += next(element.iter(w("delText"), w("t"), w("sym")), None) is not None
            elif name == "fldChar":
                self._field_mark(element, pieces)
            elif name == "instrText":
                if self._fields and not self._fields[-1].result:
                    self._fields[-1].instruction = (self._fields[-1].instruction + (element.text or ""))[:500]
            elif name == "txbxContent":
                runs.boxes.append(element)
            elif name in ("footnoteReference", "endnoteReference"):
                runs.notes.append((name.removesuffix("Reference"), value(element, "id") or ""))
            elif name == "sym":
                if self._shown():
                    pieces.append(self._symbol(value(element, "char") or "", value(element, "font") or ""))
            elif name == "br":
                # A page or column break stands between lines as well.
                pieces.append(LINE_BREAK if self._shown() else "")
            elif name in _FIXED:
                pieces.append(_FIXED[name] if self._shown() else "")
            elif name == "ruby":
                self._ruby(element, runs, pieces)
            elif name == "sdt":
                if not is_placeholder(element):
                    self._take(element, runs, pieces)
            elif name == "fldSimple":
                if self._page_fields or not _PAGE_FIELD.match(value(element, "instr") or ""):
                    self._take(element, runs, pieces)
            elif name not in _SKIPPED:
                self._note_loss(element, name, runs)
                self._take(element, runs, pieces, font)

    def _run(self, run: etree._Element, runs: Runs, pieces: list[str]) -> None:
        properties = child(run, "rPr")
        if is_hidden(properties):
            hidden: list[str] = []
            self._take(run, runs, hidden)
            self._counts["hidden"] += len("".join(hidden).strip())
            return
        fonts = child(properties, "rFonts")
        self._take(run, runs, pieces, value(fonts, "ascii") or value(fonts, "hAnsi") or "")

    def _note_loss(self, element: etree._Element, name: str, runs: Runs) -> None:
        local = etree.QName(element).localname
        if name == "commentReference":
            self._counts["comments"] += 1
        elif name == "object":
            self._counts["objects"] += 1
        elif local in ("blip", "imagedata"):
            self._counts["pictures"] += 1
        elif local == _GRAPHIC_DATA and (element.get("uri") or "").rsplit("/", 1)[-1] in (
            "chart",
            "diagram",
            "chartex",
        ):
            named = ((etree.QName(key).localname, told) for inner in element for key, told in inner.attrib.items())
            runs.graphics.append(next((str(told) for key, told in named if key in ("dm", "id")), ""))

    def _field_mark(self, element: etree._Element, pieces: list[str]) -> None:
        kind = value(element, "fldCharType")
        if kind == "begin":
            self._fields = [*self._fields[1 - _OPEN_FIELDS :], _Field()]
            box = child(element, "ffData", "checkBox")
            if box is not None and len(self._fields) == 1:
                state = child(box, "checked")
                pieces.append("☑" if is_on(state if state is not None else child(box, "default")) else "□")
        elif not self._fields:
            return
        elif kind == "separate":
            self._fields[-1].result = True
            self._fields[-1].silent = not self._page_fields and bool(_PAGE_FIELD.match(self._fields[-1].instruction))
        elif kind == "end":
            ended = self._fields.pop()
            if not ended.result and self._shown():
                pieces.append(self._drawn(ended.instruction))

    def _drawn(self, instruction: str) -> str:
        """What a field without a result shows: EQ draws a circle around a number."""
        if match := _CIRCLE_FIELD.match(instruction):
            inner = match[1]
            return circled(int(inner)) if inner.isascii() and inner.isdigit() and int(inner) else inner
        self._counts["formulas"] += bool(re.match(r"\s*EQ\b", instruction, re.IGNORECASE))
        return ""

    def _text(self, text: str, font: str) -> str:
        if not re.search("[\uf000-\uf0ff]", text):
            return text
        return re.sub("[\uf000-\uf0ff]", lambda m: self._symbol(f"{ord(m[0]):x}", font), text)

    def _symbol(self, code: str, font: str) -> str:
        found = symbol(code, font)
        self._counts["symbols"] += found is None
        return found if found is not None else "\ufffd"

    def _ruby(self, element: etree._Element, runs: Runs, pieces: list[str]) -> None:
        """A character with its reading above it: 漢（hàn）."""
        base, above = child(element, "rubyBase"), child(element, "rt")
        if base is not None:
            self._take(base, runs, pieces)
        reading: list[str] = []
        if above is not None:
            self._take(above, runs, reading)
        if text := "".join(reading).strip():
            pieces.append(f"（{text}）")


def ends_nowhere(paragraph: etree._Element) -> bool:
    """Whether the paragraph runs on into the next: its mark was deleted (tracked), or is a hidden style separator."""
    mark = child(paragraph, "pPr", "rPr")
    return any(child(mark, name) is not None for name in ("del", "moveFrom")) or is_on(child(mark, "specVanish"))


def is_placeholder(element: etree._Element) -> bool:
    """Whether a content control (w:sdt) only shows what is to be typed into it."""
    return is_on(child(element, "sdtPr", "showingPlcHdr"))


def grid_span(cell_properties: etree._Element | None) -> int:
    """Columns that a cell covers."""
    return max(1, number(child(cell_properties, "gridSpan")) or 1)
