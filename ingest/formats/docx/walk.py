"""From a Word document to blocks in reading order."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable

from lxml import etree

from ingest.formats.docx.inline import LINE_BREAK, Inline, Runs, ends_nowhere, is_placeholder
from ingest.formats.docx.margins import margins
from ingest.formats.docx.names import child, settle_alternatives, short, value, w
from ingest.formats.docx.numbering import Counters, Numbering, with_label
from ingest.formats.docx.package import Package, Refused
from ingest.formats.docx.styles import Style, Styles, heading_level
from ingest.formats.docx.tables import cells, cells_of, is_data, rows_of
from ingest.formats.model import Block, BlockKind, Limits, ParsedFile, Trouble
from ingest.formats.spaces import clean
from ingest.formats.tables import row_texts

_LONGEST_HEADING = 120  # characters; a heading style on more is a slip of the author
_NOTES = {"footnote": ("footnotes", "注"), "endnote": ("endnotes", "尾注")}
_LEADER = re.compile(r"\t\s*([0-9]{1,4})\s*$")
_REMARKS = (
    # What was not taken, by the counts of Inline; True where text that a reader sees is missing.
    ("deletions", "文中有未接受的修订：插入的文字已收入，{n} 处删除的文字未收入", False),
    ("hidden", "有 {n} 字隐藏文字未收入", False),
    ("comments", "有 {n} 条批注未收入", False),
    ("pictures", "有 {n} 幅图片，图中的文字未收入", False),
    ("symbols", "有 {n} 个特殊字体的符号无法识别，以“�”代替", True),
    ("formulas", "有 {n} 个公式域未收入", True),
    ("graphics", "有 {n} 个图表或图示，其中的文字未收入", True),
    ("objects", "有 {n} 个嵌入对象未收入", True),
    ("chunks", "有 {n} 个嵌入的外部文档未收入", True),
    ("notes", "有 {n} 个脚注或尾注找不到内容", True),
)


def parse_docx(data: bytes, limits: Limits) -> ParsedFile:
    """Blocks of a .docx file.

    Automatic numbers are written out, tracked insertions kept and deletions left out (and counted in a trouble). A
    note stands, as “注1：…”, after the paragraph that refers to it, or after the headings and centred lines that
    this stands among; its mark in the text is left out. A text box stands after the paragraph that it hangs on; one
    on the first paragraph stands before it, as red heads do. Of headers and footers see :mod:`.margins`. A table
    that only lays out the page is read as its paragraphs, one inside another after it. Properties of the file (title,
    author) are not text.
    """
    try:
        package = Package(data)
        return _Document(package, limits).parsed()
    except Refused as error:
        return ParsedFile((), troubles=(Trouble("", str(error), lost=True),))


class _Document:
    """The parts of one file and what is counted over all of them."""

    def __init__(self, package: Package, limits: Limits) -> None:
        root = package.xml(package.main)
        if root is None or child(root, "body") is None:
            raise Refused("不是 Word 文档：正文为空或无法识别")
        self.root = root
        self.package = package
        self.limits = limits
        self.relations = package.relations(package.main)
        self.styles = Styles(self.part("styles"))
        numbering = self.part("numbering")
        if numbering is not None:
            settle_alternatives(numbering)
        self.numbering = Numbering(numbering, self.styles)
        self.counts: Counter[str] = Counter()
        self.notes = {kind: self._notes(part) for kind, (part, _) in _NOTES.items()}
        self.noted: set[tuple[str, str]] = set()  # notes that were written: each once, also where it names itself
        self.margins: set[str] = set()  # parts of headers and footers that were read
        self.tables = 0

    def part(self, kind: str) -> etree._Element | None:
        """The root of the part that the document points to by a kind of relation."""
        name = next((r.target for r in self.relations.values() if r.kind == kind), None)
        return self.package.xml(name) if name is not None else None

    def _notes(self, part: str) -> dict[str, etree._Element]:
        root = self.part(part)
        found: dict[str, etree._Element] = {}
        if root is not None:
            settle_alternatives(root)
            for note in root:
                if value(note, "type") in (None, "normal"):
                    found[value(note, "id") or ""] = note
        return found

    def parsed(self) -> ParsedFile:
        settle_alternatives(self.root)
        story = _Story(self)
        story.walk(self.root)
        story.end()
        edges = margins(self.root, self._margin_blocks, [b.text for b in story.blocks])
        blocks = (*edges.above, *story.blocks, *edges.below)
        troubles = [Trouble("", words.format(n=n), lost) for key, words, lost in _REMARKS if (n := self.counts[key])]
        if not blocks and self.counts["pictures"]:
            troubles = [Trouble("", "文件里只有图片，没有文字；图片需经文字识别后再导入", lost=True)]
        return ParsedFile(blocks, edges.metadata, tuple(troubles))

    def _margin_blocks(self, relation_id: str) -> list[Block]:
        relation = self.relations.get(relation_id)
        if relation is None or relation.target in self.margins:
            return []
        self.margins.add(relation.target)
        root = self.package.xml(relation.target)
        if root is None:
            return []
        settle_alternatives(root)
        story = _Story(self, page_fields=False)
        story.walk(root)
        story.end()
        return story.blocks


class _Story:
    """One run of text with its own counts: the body, a header, a note, a text box."""

    def __init__(self, document: _Document, *, page_fields: bool = True, hangs: bool = False) -> None:
        self.document = document
        self.hangs = hangs  # on a paragraph of another story, which writes the notes of both
        self.inline = Inline(document.counts, page_fields=page_fields)
        self.counters: Counters = document.numbering.counters()
        self.blocks: list[Block] = []
        self.carried: tuple[str, etree._Element] | None = None  # text whose paragraph mark was deleted, its paragraph
        self.notes: deque[tuple[str, str]] = deque()  # referred to, not yet written
        self.note_numbers: Counter[str] = Counter()
        self.boxes: list[etree._Element] = []

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
        self.notes += runs.notes
        self.boxes += runs.boxes
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

    def _write_boxes(self) -> None:
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self._append(self._told(box).blocks)

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
            mark = f"{_NOTES[kind][1]}{self.note_numbers[kind]}："
            plain = [
                Block(b.text, b.kind if b.kind == BlockKind.TABLE_ROW else BlockKind.PARAGRAPH, table=b.table)
                for b in told
            ]
            self._append([Block(mark + plain[0].text, plain[0].kind, table=plain[0].table), *plain[1:]])

    def _told(self, container: etree._Element) -> _Story:
        story = _Story(self.document, hangs=True)
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
        if not is_data(rows):
            for row in rows:
                for cell in cells_of(row):
                    self.walk(cell)
            return
        if self.carried is not None:
            self.end()
        inner: list[etree._Element] = []
        texts = row_texts(cells(rows, lambda cell: self._cell_text(cell, inner), self.document.limits.max_characters))
        self.document.tables += 1
        number_of_table = self.document.tables
        self.blocks += [Block(text, BlockKind.TABLE_ROW, table=number_of_table) for text in texts]
        for nested in inner:
            self.table(nested)
        self._write_boxes()
        self._write_notes()

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
                self.notes += runs.notes
                self.boxes += runs.boxes
                # An empty paragraph with a number is a cell of its own: the column of serial numbers.
                pieces.append(with_label(self._label(element), clean(runs.text.replace(LINE_BREAK, "\n"))))
            elif name == "tbl":
                inner.append(element)
            elif not name.endswith("Pr") and name not in ("del", "moveFrom") and not is_placeholder(element):
                self._collect(element, pieces, inner)
