"""One run of text of a Word document: paragraphs and tables to blocks, with their numbers and what hangs on them."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from ingest.formats.docx.forms import is_form, pairs
from ingest.formats.docx.inline import LINE_BREAK, Inline, Runs, ends_nowhere, is_placeholder
from ingest.formats.docx.names import child, short, value, w
from ingest.formats.docx.numbering import Counters, Numbering, with_label
from ingest.formats.docx.styles import Style, Styles, heading_level
from ingest.formats.docx.tables import cells, cells_of, is_data, rows_of
from ingest.formats.model import Block, BlockKind
from ingest.formats.spaces import clean
from ingest.formats.tables import row_texts

#: Kinds of notes, and what each is called where it is written.
NOTES = {"footnote": "注", "endnote": "尾注"}
_LONGEST_HEADING = 120  # characters; a heading style on more is a slip of the author
_LEADER = re.compile(r"\t\s{0,9}([0-9]{1,4})\s{0,9}$")


@dataclass(slots=True)
class Shared:
    """What all stories of a document share. ``notes`` are by kind and id, ``noted`` those that were written."""

    styles: Styles
    numbering: Numbering
    notes: dict[str, dict[str, etree._Element]]
    max_characters: int
    drawn: Callable[[str], Sequence[str]]  # by the id of its relation, the words of a chart or diagram
    counts: Counter[str] = field(default_factory=Counter)  # of what was not taken
    noted: set[tuple[str, str]] = field(default_factory=set)  # each once, also where it names itself
    tables: int = 0


class Story:
    """One run of text with its own counts: the body, a header, a note, a text box."""

    def __init__(self, document: Shared, *, page_fields: bool = True, hangs: bool = False) -> None:
        self.document = document
        self.hangs = hangs  # on a paragraph of another story, which writes the notes of both
        self.inline = Inline(document.counts, page_fields=page_fields)
        self.counters: Counters = document.numbering.counters()
        self.blocks: list[Block] = []
        self.carried: tuple[str, etree._Element] | None = None  # text whose paragraph mark was deleted, its paragraph
        self.notes: deque[tuple[str, str]] = deque()  # referred to, not yet written
        self.note_numbers: Counter[str] = Counter()
        self.boxes: list[etree._Element] = []
        self.graphics: list[str] = []

    def walk(self, parent: etree._Element) -> None:
        for element in parent:
            name = short(element)
            if name == "p":
                self.paragraph(element)
            elif name == "tbl":
                self.table(element)
            elif name == "altChunk":
                self.document.counts["chunks"] += 1
            elif name == "sdt":
                if not is_placeholder(element):
                    self.walk(element)
            elif name in ("del", "moveFrom"):
                self.document.counts["deletions"] += 1
            elif not name.endswith("Pr"):
                self.walk(element)

    def end(self) -> None:
        """Write what still waits for a paragraph."""
        if self.carried is not None:
            (text, paragraph), self.carried = self.carried, None
            self._write(text, "", paragraph)
        self._write_boxes()
        self._write_notes()

    # Paragraphs --------------------------------------------------------------------------------------------------

    def paragraph(self, paragraph: etree._Element) -> None:
        first = not self.blocks
        contents = self.inline.in_contents
        runs = self.inline.read(paragraph)
        text = self._with_leader(paragraph, runs, contents or self.inline.in_contents)
        self._hang(runs)
        if first:
            self._write_boxes()
        if ends_nowhere(paragraph):
            if self.carried is not None:
                self.carried = (self.carried[0] + text, self.carried[1])
            elif text:
                self.carried = (text, paragraph)
            return
        if self.carried is not None:
            # The joined paragraph looks like the one that it begins with.
            (before, paragraph), self.carried = self.carried, None
            text = before + text
        self._write(text, self._label(paragraph), paragraph)
        self._write_boxes()
        if self.notes and self.blocks and self.blocks[-1].kind != BlockKind.HEADING and not self.blocks[-1].centred:
            self._write_notes()

    def _with_leader(self, paragraph: etree._Element, runs: Runs, contents: bool) -> str:
        """A line of the table of contents with its leaders, by which it is told from the clause that it names."""
        style = self._style(paragraph)
        if contents or re.match(r"(?:toc|目录) ?\d", style.name, re.IGNORECASE):
            return _LEADER.sub(r"…………\1", runs.text)
        return runs.text

    def _style(self, paragraph: etree._Element) -> Style:
        return self.document.styles.of(child(paragraph, "pPr"))

    def _label(self, paragraph: etree._Element) -> str:
        place = self.document.numbering.place(child(paragraph, "pPr"), self._style(paragraph))
        return self.counters.label(*place) if place is not None else ""

    def _write(self, text: str, label: str, paragraph: etree._Element) -> None:
        """A block for each line of a paragraph. A number without text is an empty line that Word happens to count."""
        lines = [line for line in map(clean, text.split(LINE_BREAK)) if line]
        if not lines:
            return
        properties = child(paragraph, "pPr")
        style = self._style(paragraph)
        alignment = value(child(properties, "jc"))
        centred = alignment == "center" if alignment is not None else style.centred
        own = heading_level(properties)
        level = (own if own is not None else style.level) or None
        lines[0] = with_label(label, lines[0])
        for line in lines:
            if level is not None and len(line) <= _LONGEST_HEADING:
                self.blocks.append(Block(line, BlockKind.HEADING, level=level, centred=centred))
            else:
                self.blocks.append(Block(line, centred=centred))

    # What hangs on paragraphs ------------------------------------------------------------------------------------

    def _hang(self, runs: Runs) -> None:
        self.notes += runs.notes
        self.boxes += runs.boxes
        self.graphics += runs.graphics

    def _write_boxes(self) -> None:
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self._append(self._told(box).blocks)
        graphics, self.graphics = self.graphics, []
        for graphic in graphics:
            words = self.document.drawn(graphic)
            self._append(Block(text) for text in words)
            self.document.counts["graphics"] += not words

    def _write_notes(self) -> None:
        while self.notes and not self.hangs:
            kind, note_id = self.notes.popleft()
            if (kind, note_id) in self.document.noted:
                continue
            self.document.noted.add((kind, note_id))
            note = self.document.notes[kind].get(note_id)
            self.note_numbers[kind] += 1
            told = self._told(note).blocks if note is not None else []
            if not told:
                self.document.counts["notes"] += 1
                continue
            mark = f"{NOTES[kind]}{self.note_numbers[kind]}："
            plain = [
                Block(b.text, b.kind if b.kind == BlockKind.TABLE_ROW else BlockKind.PARAGRAPH, table=b.table)
                for b in told
            ]
            self._append([Block(mark + plain[0].text, plain[0].kind, table=plain[0].table), *plain[1:]])

    def _told(self, container: etree._Element) -> Story:
        story = Story(self.document, hangs=True)
        story.walk(container)
        story.end()
        self.notes += story.notes
        return story

    def _append(self, blocks: Iterable[Block]) -> None:
        self.blocks += blocks

    # Tables ------------------------------------------------------------------------------------------------------

    def table(self, table: etree._Element) -> None:
        rows = rows_of(table)
        self.document.counts["deletions"] += sum(
            1 for row in table.iterchildren(w("tr")) if child(row, "trPr", "del") is not None
        )
        if is_form(rows):
            self._form(rows)
            return
        if not is_data(rows):
            for row in rows:
                for cell in cells_of(row):
                    self.walk(cell)
            return
        if self.carried is not None:
            self.end()
        inner: list[etree._Element] = []
        texts = row_texts(cells(rows, lambda cell: self._cell_text(cell, inner), self.document.max_characters))
        self.document.tables += 1
        number_of_table = self.document.tables
        self.blocks += [Block(text, BlockKind.TABLE_ROW, table=number_of_table) for text in texts]
        for nested in inner:
            self.table(nested)
        self._write_boxes()
        self._write_notes()

    def _form(self, rows: Iterable[etree._Element]) -> None:
        """Labels beside their values, as head lines: 案由：…; a label stands alone above a value of several paragraphs.

        A label without a value is counted, not written.
        """
        for row in rows:
            for label, values in pairs(row):
                begun = len(self.blocks)
                for cell in values:
                    self.walk(cell)
                if not label:
                    continue
                written = self.blocks[begun:]
                if not written:
                    self.document.counts["blanks"] += 1
                elif len(written) == 1 and written[0].kind == BlockKind.PARAGRAPH:
                    self.blocks[begun] = replace(written[0], text=f"{label}：{written[0].text}", centred=False)
                else:
                    self.blocks.insert(begun, Block(label))

    def _cell_text(self, cell: etree._Element, inner: list[etree._Element]) -> str:
        """The paragraphs of a cell, with their numbers, separated by spaces; tables inside go to ``inner``."""
        pieces: list[str] = []
        self._collect(cell, pieces, inner)
        return " ".join(p for p in pieces if p)

    def _collect(self, parent: etree._Element, pieces: list[str], inner: list[etree._Element]) -> None:
        for element in parent:
            name = short(element)
            if name == "p":
                runs = self.inline.read(element)
                self._hang(runs)
                # An empty paragraph with a number is a cell of its own: the column of serial numbers.
                pieces.append(with_label(self._label(element), clean(runs.text.replace(LINE_BREAK, "\n"))))
            elif name == "tbl":
                inner.append(element)
            elif not name.endswith("Pr") and name not in ("del", "moveFrom") and not is_placeholder(element):
                self._collect(element, pieces, inner)
