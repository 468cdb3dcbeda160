"""From the bytes of an OFD file to paragraphs, and what of it could not be taken."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from ingest.formats import causes
from ingest.formats.model import Block, Limits, ParsedFile, Trouble
from ingest.formats.ofd.document import Page, Tree, trees
from ingest.formats.ofd.elements import children, descendants, text_of
from ingest.formats.ofd.glyphs import Drawing, Picture, drawing_of
from ingest.formats.ofd.package import Package, Unreadable
from ingest.formats.ofd.reading import before_last, items, shown, watermarks
from ingest.formats.ofd.scans import Reading, media, readings, scanned
from ingest.formats.page_troubles import merged, page_of
from ingest.formats.pdf_lines import Line
from ingest.formats.pdf_page import Item
from ingest.formats.pdf_paragraphs import blocks_of
from ingest.formats.side_by_side import Later, in_order
from ingest.structure.roles import secrecy

_GARBAGE_SHARE = 0.3
_KINDS = {"Watermark": "水印", "Stamp": "印章", "Link": "链接", "Highlight": "标注", "Path": "批注"}


class _TooMuch(Unreadable):
    """The file has more on its pages than the limits allow."""


def parse_ofd(data: bytes, limits: Limits) -> ParsedFile:
    """Paragraphs of all documents in the file, one after the other; pages are counted through.

    The text is that of pages and their templates, in the order in which it is read. Left out and named: text of
    annotations (watermarks, stamps, a reader's marks: none of it is the author's), hidden text beside visible, and
    attachments (:func:`attached_files`). Signatures, custom tags and actions hold no text of the document and are not
    opened. Print on pages that are pictures is recognised. A page that is drawn or whose glyphs have no characters is a
    trouble, as is a file that is encrypted or damaged.
    """
    try:
        package = Package(data, limits)
        reader = _Reader(package, limits)
        for tree in trees(package):
            reader.read(tree)
    except _TooMuch as error:
        reader.troubles.append(Trouble("", str(error), lost=True))
    except Unreadable as error:
        return ParsedFile((), troubles=(Trouble("", str(error), lost=True, detail=causes.detail(error)),))
    if package.damaged:
        names = "、".join(package.damaged[:3])
        reader.troubles.append(Trouble("", f"XML 已损坏，只读到损坏处：{names[:120]}", lost=True))
    return ParsedFile(tuple(reader.blocks), troubles=tuple(merged(reader.troubles)))


def attached_files(data: bytes) -> Iterator[tuple[str, bytes | str]]:
    """Names and bytes of the files that are attached to the documents; in place of the bytes why there are none."""
    try:
        package = Package(data)
        attachments = [a for tree in trees(package) for a in tree.attachments if a.shown and a.member]
    except Unreadable:
        return  # which the parser says
    for attachment in attachments:
        try:
            yield attachment.name, package.unpacked(attachment.member or "")
        except Unreadable as error:
            yield attachment.name, str(error)


@dataclass(slots=True)
class _Reader:
    """Reads one document after the other; what was read of a file before its limits are met is kept."""

    package: Package
    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    page: int = 0  # of the file, the last one read
    scanned: int = 0  # pages that are pictures
    spent: int = 0  # characters and objects

    def read(self, tree: Tree) -> None:
        """Add the blocks of a document. Raises :class:`_TooMuch` after what fits has been added."""
        self.troubles += tree.troubles
        if not tree.pages and not tree.troubles:
            self.troubles.append(Trouble("", "文档没有页", lost=True))
        document = _Document(self, tree)
        seen: set[str] = set()
        pages: dict[int, tuple[list[Item], list[Line]]] = {}
        try:
            notes = document.notes()
            for page in tree.pages:
                if self.page >= self.limits.max_pages:
                    raise _TooMuch(f"页数超过 {self.limits.max_pages} 页，其后未收入")
                self.page += 1
                if page.member in seen:
                    self.remark("与前面的页是同一页面文件，未重复收入")
                    continue
                seen |= {page.member} if page.member else set()
                pages[self.page] = document.items(page)
                self._annotated(notes.get(page.identity, ()))
        finally:
            self._recognise(document, pages)
            self._add(list(pages.values()))
            self._attached(tree)

    def _recognise(self, document: _Document, pages: dict[int, tuple[list[Item], list[Line]]]) -> None:
        """Put what is printed on the pages that are pictures before what is written on them."""
        read: dict[int, list[Item]] = {}
        for number, found, troubles in in_order(document.recognised(self.limits)):
            if found and number not in read:
                self.troubles.append(Trouble(f"第{number}页", "页面是图片，已作文字识别（OCR）", lost=False))
            read.setdefault(number, []).extend(found)
            self.troubles += troubles
        self.troubles.sort(key=page_of)
        for number, found in read.items():
            if number in pages:
                pages[number] = [*found, *pages[number][0]], pages[number][1]

    def spend(self, count: int) -> None:
        self.spent += count
        if self.spent > 2 * self.limits.max_characters:
            raise _TooMuch(f"页面上的文字和图形过多（超过 {2 * self.limits.max_characters}），其后未收入")

    def lost(self, reason: str) -> None:
        self.troubles.append(Trouble(f"第{self.page}页", reason, lost=True))

    def remark(self, reason: str) -> None:
        self.troubles.append(Trouble(f"第{self.page}页", reason, lost=False))

    def _add(self, pages: Sequence[tuple[list[Item], list[Line]]]) -> None:
        marked = [line.text for _, slanting in pages for line in slanting if secrecy(line.text)]
        self.blocks += [Block(mark) for mark in marked[:1]]
        marks = watermarks([slanting for _, slanting in pages])
        if marks:
            self.troubles.append(Trouble("", "各页斜排的水印文字未收入", lost=False))
        kept = [before_last(found, [line for line in slanting if line.text not in marks]) for found, slanting in pages]
        tables = max((block.table or 0 for block in self.blocks), default=0)
        self.blocks += [
            block if block.table is None else replace(block, table=block.table + tables) for block in blocks_of(kept)
        ]

    def _annotated(self, notes: Sequence[tuple[str, str]]) -> None:
        """Name what annotations say; a secrecy mark among it is a mark of the document, whoever put it there."""
        for kind in dict.fromkeys(kind for kind, _ in notes):
            texts = [text for found, text in notes if found == kind]
            self.blocks += [Block(text) for text in texts if secrecy(text)][:1]
            self.remark(f"{kind}中的 {sum(len(text) for text in texts)} 个字未收入")

    def _attached(self, tree: Tree) -> None:
        """Name what :func:`attached_files` gives, what it cannot give, and data that no reader is shown."""
        given = [a.name for a in tree.attachments if a.shown and a.member]
        missing = [a.name for a in tree.attachments if a.shown and not a.member]
        data = [a.name for a in tree.attachments if not a.shown]
        for names, reason, lost in (
            (given, "有附件，各作一份文件收入", False),
            (missing, "附件缺失", True),
            (data, "随文数据未收入", False),
        ):
            if names:
                more = f"等 {len(names)} 个" if len(names) > 10 else ""
                self.troubles.append(Trouble("", f"{reason}：{'、'.join(names[:10])}{more}", lost))


@dataclass(slots=True)
class _Document:
    """The pages of one document, with the templates and composite objects that they share."""

    reader: _Reader
    tree: Tree
    templates: dict[str, Drawing | None] = field(default_factory=dict)
    scans: list[tuple[int, Sequence[Picture]]] = field(default_factory=list)  # pages that are pictures
    shared: dict[str, etree._Element] | None = None

    def items(self, page: Page) -> tuple[list[Item], list[Line]]:
        """The lines and tables of a page and its slanting lines, with its troubles named."""
        if page.member is None:
            self.reader.lost(f"缺少页面文件 {page.location[:80]}")
            return [], []
        try:
            root = self.reader.package.xml(page.member)
        except Unreadable as error:
            self.reader.lost(f"无法读取：{error}")
            return [], []
        drawing = Drawing()
        for template in children(root, "Template"):
            drawing.add(self._template(template.get("TemplateID") or ""))
        drawing.add(self._drawing(root, page.member))
        return self._read(drawing)

    def _read(self, drawing: Drawing) -> tuple[list[Item], list[Line]]:
        runs, hidden = shown(drawing.runs)
        if any(run.hidden for run in runs):
            self.reader.remark("文字取自图像下的隐藏文字层，可能与图像不符")
        if hidden:
            self.reader.remark("有看不见的文字未收入")
        characters = sum(len(run.text) for run in runs)
        if pictures := scanned(drawing):
            self._scan(pictures)
        elif not characters and not drawing.unnamed:
            if drawing.pictures:
                self.reader.lost("没有文字，只有小幅图像")
            elif drawing.paths:
                self.reader.lost("没有文字，只有图形（文字可能已转成曲线）")
        if drawing.unnamed > _GARBAGE_SHARE * max(characters, 1):
            self.reader.lost("文字只有字形编号，没有对应的字符")
            return [], []
        if drawing.unnamed:
            self.reader.lost("有的文字只有字形编号，没有对应的字符")
        return items(replace(drawing, runs=runs), self.reader.page)

    def _scan(self, pictures: Sequence[Picture]) -> None:
        """Note the pictures that are the page: they are recognised when all pages have been read."""
        reader = self.reader
        reader.scanned += 1
        if reader.scanned > reader.limits.max_scanned_pages:
            reader.lost(f"需要文字识别的页数超过 {reader.limits.max_scanned_pages} 页，本页未收入")
        else:
            self.scans.append((reader.page, pictures))

    def recognised(self, limits: Limits) -> Iterator[Reading | Later[Reading]]:
        """What is printed on the pages that are pictures."""
        if self.scans:
            members = media(self.reader.package, self.tree.resources)
            yield from readings(self.reader.package, self.scans, members, limits)

    def _template(self, identity: str) -> Drawing:
        if identity not in self.templates:
            self.templates[identity] = self._template_drawing(identity)
        found = self.templates[identity]
        if found is None:
            self.reader.lost("页面所用的模板缺失或无法读取")
            return Drawing()
        # A template that many pages use counts as often as they do.
        self.reader.spend(sum(len(run.text) for run in found.runs))
        return found

    def _template_drawing(self, identity: str) -> Drawing | None:
        member = self.tree.templates.get(identity)
        if member is None:
            return None
        try:
            return self._drawing(self.reader.package.xml(member), member)
        except _TooMuch:
            raise
        except Unreadable:
            return None

    def _drawing(self, root: etree._Element, member: str) -> Drawing:
        drawing = Drawing()
        for content in children(root, "Content"):
            drawing.add(drawing_of(content, self._composites(root, member), self.reader.spend))
        return drawing

    def _composites(self, root: etree._Element, member: str) -> Mapping[str, etree._Element]:
        """Composite graphic units of the document and of the page, if it has composite objects at all."""
        if next(descendants(root, "CompositeObject"), None) is None:
            return {}
        if self.shared is None:
            self.shared = self._units(self.tree.resources)
        places = [text_of(resource) for resource in children(root, "PageRes")]
        found = [self.reader.package.find(place, posixpath.dirname(member)) for place in places]
        return self.shared | self._units([name for name in found if name])

    def _units(self, members: Sequence[str]) -> dict[str, etree._Element]:
        units: dict[str, etree._Element] = {}
        for member in members:
            try:
                root = self.reader.package.xml(member)
            except Unreadable as error:
                self.reader.lost(f"资源 {member[:80]} 无法读取：{error}")
                continue
            units |= {unit.get("ID") or "": unit for unit in descendants(root, "CompositeGraphicUnit")}
        return units

    def notes(self) -> dict[str, list[tuple[str, str]]]:
        """Kind and text of the annotations of each page, by the page's ID."""
        found: dict[str, list[tuple[str, str]]] = {}
        for member in self.tree.annotations:
            folder = posixpath.dirname(member)
            try:
                root = self.reader.package.xml(member)
            except Unreadable:
                continue
            for page in descendants(root, "Page"):
                for place in descendants(page, "FileLoc"):
                    name = self.reader.package.find(text_of(place), folder)
                    if name:
                        found.setdefault(page.get("PageID") or "", []).extend(self._annotations(name))
        return found

    def _annotations(self, member: str) -> list[tuple[str, str]]:
        try:
            root = self.reader.package.xml(member)
        except Unreadable as error:
            self.reader.troubles.append(Trouble("", f"批注无法读取：{error}", lost=False))
            return []
        found = []
        for note in descendants(root, "Annot"):
            kind = _KINDS.get(note.get("Type") or "", "批注")
            for appearance in children(note, "Appearance"):
                found += [(kind, run.text) for run in drawing_of(appearance, {}, self.reader.spend).runs]
        return found
