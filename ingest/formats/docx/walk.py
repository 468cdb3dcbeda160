"""From a Word document to blocks in reading order."""

from __future__ import annotations

from lxml import etree

from ingest.formats import causes
from ingest.formats.docx import graphics
from ingest.formats.docx.margins import margins
from ingest.formats.docx.names import child, settle_alternatives, value
from ingest.formats.docx.numbering import Numbering
from ingest.formats.docx.package import Package, Refused
from ingest.formats.docx.story import NOTES, Shared, Story
from ingest.formats.docx.styles import Styles
from ingest.formats.model import Block, Limits, ParsedFile, Trouble

_REMARKS = (
    # What was not taken, by the counts of Inline; True where text that a reader sees is missing.
    ("deletions", "文中有未接受的修订：插入的文字已收入，{n} 处删除的文字未收入", False),
    ("hidden", "有 {n} 字隐藏文字未收入", False),
    ("blanks", "表格中有 {n} 个栏目没有填写，未收入", False),
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

    Automatic numbers are written out, tracked insertions kept and deletions left out (and counted in a trouble). A note
    stands, as “注1：…”, after the paragraph that refers to it, or after the headings and centred lines that this stands
    among; its mark in the text is left out. A text box stands after the paragraph that it hangs on; one on the first
    paragraph stands before it, as red heads do, and the words of a diagram or chart as a text box does. Of headers and
    footers see :mod:`.margins`. A table that only lays out the page is read as its paragraphs, a form (案由 | …) as
    head lines, a table inside another after it. Properties of the file (title, author) are not text.
    """
    try:
        package = Package(data, limits)
        return _Document(package, limits).parsed()
    except Refused as error:
        return ParsedFile((), troubles=(Trouble("", str(error), lost=True, detail=causes.detail(error)),))


class _Document:
    """The parts of one file."""

    def __init__(self, package: Package, limits: Limits) -> None:
        root = package.xml(package.main)
        if root is None or child(root, "body") is None:
            raise Refused("不是 Word 文档：正文为空或无法识别")
        settle_alternatives(root)
        self.root = root
        self.package = package
        self.relations = package.relations(package.main)
        styles = Styles(self.part("styles"))
        numbering = Numbering(self.part("numbering"), styles)
        notes = {kind: self._notes(f"{kind}s") for kind in NOTES}
        self.shared = Shared(styles, numbering, notes, limits.max_characters, self._drawn)
        self.margins: set[str] = set()  # parts of headers and footers that were read

    def part(self, kind: str) -> etree._Element | None:
        """The root of the part that the document points to by a kind of relation."""
        name = next((r.target for r in self.relations.values() if r.kind == kind), None)
        root = self.package.xml(name) if name is not None else None
        if root is not None:
            settle_alternatives(root)
        return root

    def _notes(self, part: str) -> dict[str, etree._Element]:
        notes = self.part(part)
        if notes is None:
            return {}
        return {value(note, "id") or "": note for note in notes if value(note, "type") in (None, "normal")}

    def _drawn(self, relation_id: str) -> list[str]:
        relation = self.relations.get(relation_id)
        if relation is None or relation.kind not in graphics.KINDS:
            return []
        try:
            root = self.package.xml(relation.target)
        except Refused:  # what is drawn may be lost, the text around it not
            return []
        return graphics.words(root) if root is not None else []

    def parsed(self) -> ParsedFile:
        story = Story(self.shared)
        story.walk(self.root)
        story.end()
        edges = margins(self.root, self._margin_blocks, [b.text for b in story.blocks])
        blocks = (*edges.above, *story.blocks, *edges.below)
        counts = self.shared.counts
        troubles = [Trouble("", words.format(n=n), lost) for key, words, lost in _REMARKS if (n := counts[key])]
        if not blocks and counts["pictures"]:
            troubles = [Trouble("", "文件里只有图片，没有文字；图片需经文字识别后再导入", lost=True)]
        if self.package.has_macros:
            troubles.append(Trouble("", "文件含宏；宏没有运行，也没有收入", lost=False))
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
        story = Story(self.shared, page_fields=False)
        story.walk(root)
        story.end()
        return story.blocks
