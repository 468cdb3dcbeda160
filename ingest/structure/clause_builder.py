"""One part of a document as clauses in the making: its lines walked once, each opening or continuing a clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.domain.language.numerals import to_chinese
from assistant.domain.policy import ClauseKind
from ingest.formats.model import BlockKind
from ingest.structure import article_paragraphs, roles
from ingest.structure.canonical import Line
from ingest.structure.contents import CONTENTS_TITLE, MOST_CONTENTS, contents_below, is_contents
from ingest.structure.drafts import Draft, Open
from ingest.structure.groups import Group, Role
from ingest.structure.headings import ATTACHED, bare_headings, heading_of
from ingest.structure.markers import OUTLINES, Marker, Rank, inline_markers, marker_at
from ingest.structure.numbering import Numbering
from ingest.structure.parts import Part

_CLOSING_LINES = 3  # paragraphs before the tail among which a closing one is looked for
_LONGEST_ANNOUNCEMENT = 20  # a longer one is a sentence of the item that it stands below


def _holds(above: Open, marker: Marker, level: int) -> bool:
    """Whether a heading that is open may hold a numbered one of a level: one above it, or its equal with a higher
    number, for writers take one style for （一） and 1.
    """
    if above.heading_level is None or above.heading_level > level:
        return False
    return above.heading_level < level or (above.rank is not None and Rank.FIRST <= above.rank < marker.rank)


class PartBuilder:
    """Walks the lines of one part and opens clauses."""

    def __init__(self, drafts: list[Draft], part: Part, prefix: str, attached: str) -> None:
        self.drafts = drafts
        self.part = part
        self.prefix = prefix
        self.attached = attached  # what the paragraph that names the attachments is called
        self.root: int | None = None  # the clause of the part's own title; None in the main document
        self.stack: list[Open] = []
        self.numbering = Numbering(part.body)
        self.usual_parent: dict[Rank, Rank | None] = {}
        self.paragraphs = 0  # of the part's own, outside any marker
        self.after_child = False  # the next plain paragraph cannot belong to the clause before it
        self.rows: Counter[int] = Counter()
        self.listed = False  # whether 目录 has come: it is looked for once
        self.bare = bare_headings(part.body)
        self.structured = self.numbering.outlined or bool(self.bare) or any(self._opens(line) for line in part.body)
        self.articles: dict[int, list[int]] = {}  # drafts of further 款, by that of their article
        self.tables = len({line.table for line in part.body if line.table is not None})

    def build(self) -> None:
        groups = list(self.part.head)
        if self.prefix:
            title = next((g for g in groups if g.role == Role.TITLE), None)
            # A number may stand above the title: the part begins where its first line does.
            first = self.part.label_line or (groups[0].lines[0] if title else None)
            if first is not None:
                heading = title.joined if title else ""
                self.root = self._draft(first.span.start, self.prefix, self.part.label, heading, 0, ClauseKind.HEAD)
                if title is not None and (groups[0] is title or self.part.label_line is None):
                    groups.pop(0)
        for group in groups:
            self._side(group, ClauseKind.HEAD)
        self._body()
        article_paragraphs.name_first(self.drafts, self.articles)
        for group in self.part.tail:
            self._side(group, ClauseKind.TAIL)

    def _side(self, group: Group, kind: ClauseKind) -> None:
        name = group.name or group.role.value
        heading = group.joined if group.role == Role.TITLE else ""
        if group.role in (Role.COPY, Role.PRINT):
            # 版记 stands on the last page, behind any attachment, and belongs to the whole.
            self._draft(group.span.start, name, "", "", 0, kind)
            return
        self._draft(group.span.start, self._under(self.root, name), "", heading, 0, kind, self.root)

    def _draft(
        self, start: int, path: str, label: str, heading: str, level: int, kind: ClauseKind, parent: int | None = None
    ) -> int:
        self.drafts.append(Draft(start, path, label, heading, level, kind, parent))
        return len(self.drafts) - 1

    def _under(self, parent: int | None, step: str) -> str:
        """The path of a step below a clause: joined to numbers, after a space below words."""
        if parent is None:
            return f"{self.prefix} {step}" if self.prefix else step
        above = self.drafts[parent]
        joins = (above.level and above.label) or above.path.endswith("款")
        return f"{above.path}{step}" if joins else f"{above.path} {step}"

    def _opens(self, line: Line) -> bool:
        if line.kind == BlockKind.TABLE_ROW:
            return False
        marker = marker_at(line.text)
        return line.kind == BlockKind.HEADING or (marker is not None and marker.sure and not is_contents(line))

    def _body(self) -> None:
        body = self.part.body
        consumed = 0
        for position, line in enumerate(body):
            if consumed:
                consumed -= 1
                continue
            if line.kind == BlockKind.TABLE_ROW:
                self._row(line)
                continue
            self._leave_inline()
            following = body[position + 1 : position + 1 + MOST_CONTENTS]
            if not self.listed and CONTENTS_TITLE.fullmatch(line.text):
                self.listed = True
                if consumed := contents_below(following):
                    self.stack.clear()
                    self._draft(line.span.start, self._under(self.root, "目录"), "", "", 0, ClauseKind.BODY, self.root)
                    continue
            marker = None if is_contents(line) else marker_at(line.text)
            if marker is not None and self._accepts(marker, line, following):
                consumed = self._marked(marker, line, following)
            elif position in self.bare and all(o.rank is None for o in self.stack[:1]):
                self._bare(line)
            elif line.kind == BlockKind.HEADING:
                self._headed(line)
            elif ATTACHED.match(line.text):
                self._attached(line)
            elif len(body) - position <= _CLOSING_LINES and self.stack and roles.CLOSING.match(line.text):
                self.stack.clear()
                self._draft(line.span.start, self._under(self.root, "结语"), "", "", 0, ClauseKind.BODY, self.root)
                self.after_child = False
            else:
                if following and self._introduces(line, following[0]):
                    self.after_child = True
                self._plain(line, body[position - 1] if position else line, following)

    # Markers -----------------------------------------------------------------------------------------------------

    def _accepts(self, marker: Marker, line: Line, following: Sequence[Line]) -> bool:
        return self.numbering.accepts(marker, line, following, ((o.rank, o.number, o.step) for o in self.stack))

    def _introduces(self, line: Line, following: Line) -> bool:
        """Whether a line ends with a colon and the list that it announces is none of the last item's above it.

        What the list does not belong into is closed: “建议：” below 2. and above （一） is no part of 2.
        """
        announces = line.text.endswith(("：", ":")) and len(line.text) <= _LONGEST_ANNOUNCEMENT
        marker = marker_at(following.text) if announces else None
        if marker is None or marker.number != 1 or not self.stack or marker.rank in OUTLINES:
            return False
        top = self.stack[-1]
        if top.rank is None or top.number < 2 or marker.rank > top.rank or top.rank == Rank.ARTICLE:
            return False
        while self.stack and self.stack[-1].rank is not None and self.stack[-1].rank >= marker.rank:
            self.stack.pop()
        return True

    def _marked(self, marker: Marker, line: Line, following: Sequence[Line]) -> int:
        """Open the clause of a line with a marker, and those of the markers inside it; lines taken beyond it."""
        heading, taken = heading_of(marker, line, following)
        self._descend(marker, line)
        if any(o.rank == Rank.ARTICLE for o in self.stack) and taken == 0:
            heading = ""  # the items of an article are its sentences
        self._push(marker, line.span.start, heading, line.level if line.kind == BlockKind.HEADING else None, False)
        self.after_child = False
        if marker.rank == Rank.ARTICLE:
            self.stack[-1].paragraphs = 0 if article_paragraphs.is_title(line.text[marker.end :]) else 1
            self.stack[-1].lists = article_paragraphs.announces(line, following)
        for inner in inline_markers(line.text, marker):
            self._descend(inner, None)
            self._push(inner, line.span.start + inner.start, "", None, True)
        return taken

    def _descend(self, marker: Marker, line: Line | None) -> None:
        """Close what the marker does not belong into."""
        level = line.level if line is not None and line.kind == BlockKind.HEADING else None
        if level is not None:
            while self.stack and not _holds(self.stack[-1], marker, level):
                self.stack.pop()
        ranks = [o.rank for o in self.stack]
        if marker.rank in ranks:
            del self.stack[ranks.index(marker.rank) :]
            return
        usual = self.usual_parent.get(marker.rank)
        if marker.number > 1 and usual is not None and usual in ranks:
            del self.stack[ranks.index(usual) + 1 :]
            return
        while self.stack:
            top = self.stack[-1].rank
            if top is None and self.stack[-1].bare and marker.rank <= Rank.FIRST:
                self.stack.pop()  # 总体要求 without a number stands beside 一、, not above it
                continue
            if top is None or top < marker.rank:
                break
            if marker.number == 1 and top == Rank.FIRST and Rank.CHAPTER <= marker.rank <= Rank.ARTICLE:
                break  # 一、总则 with 第一条 below it
            self.stack.pop()

    def _push(self, marker: Marker, start: int, heading: str, heading_level: int | None, inline: bool) -> None:
        parent = self.stack[-1].draft if self.stack else self.root
        above = next((o.rank for o in reversed(self.stack) if o.rank is not None), None)
        # An article is cited by its number alone, whatever chapter it stands in.
        path = self._under(self.root if marker.rank == Rank.ARTICLE else parent, marker.step)
        if marker.above and self.stack and self.stack[-1].step == marker.above:
            path = self.drafts[self.stack[-1].draft].path.removesuffix(marker.above) + marker.step  # 1.1, not 11.1
        level = 1 + sum(1 for o in self.stack if o.rank is not None or o.heading_level is not None)
        draft = self._draft(start, path, marker.label, heading, level, ClauseKind.BODY, parent)
        self.stack.append(Open(draft, marker.rank, marker.number, heading_level, inline, marker.step))
        self.numbering.opened(marker)
        self.usual_parent[marker.rank] = above

    def _leave_inline(self) -> None:
        """A new paragraph ends the clauses that were opened inside the one before it."""
        while self.stack and self.stack[-1].inline:
            self.stack.pop()
            self.after_child = True

    # Lines without a marker --------------------------------------------------------------------------------------

    def _headed(self, line: Line) -> None:
        level = line.level or 1
        while self.stack and (self.stack[-1].heading_level is None or self.stack[-1].heading_level >= level):
            self.stack.pop()
        parent = self.stack[-1].draft if self.stack else self.root
        path = self._under(parent, line.text.rstrip("：:")[:30])
        draft = self._draft(line.span.start, path, "", line.text, 0, ClauseKind.BODY, parent)
        self.stack.append(Open(draft, None, 0, level, inline=False, paragraphs=0))
        self.numbering.restart()
        self.after_child = False

    def _bare(self, line: Line) -> None:
        """A heading without a number, above all that it stands among but the headings of the format."""
        while self.stack and self.stack[-1].heading_level is None:
            self.stack.pop()
        parent = self.stack[-1].draft if self.stack else self.root
        path = self._under(parent, line.text)
        draft = self._draft(line.span.start, path, "", line.text, 0, ClauseKind.BODY, parent)
        self.stack.append(Open(draft, None, 0, None, inline=False, bare=True, paragraphs=0))
        self.numbering.restart()
        self.after_child = False

    def _attached(self, line: Line) -> None:
        """“附件：1.…” below the text: what is attached, and sometimes the attachment itself."""
        self.stack.clear()
        draft = self._draft(
            line.span.start, self._under(self.root, self.attached), "", "", 0, ClauseKind.BODY, self.root
        )
        self.stack.append(Open(draft, None, 0, None, inline=False))
        self.numbering.restart()
        self.after_child = False

    def _plain(self, line: Line, before: Line, following: Sequence[Line]) -> None:
        article = next((i for i, o in enumerate(self.stack) if o.rank == Rank.ARTICLE), None)
        if article is not None:
            self._in_article(article, line, before, following)
        elif not self.stack:
            self._loose(line)
        else:
            current = self.stack[-1]
            current.paragraphs += 1
            if self.after_child:
                self._paragraph(current, line)
        parent = self.stack[-1].draft if self.stack else self.root
        opening = len(self.drafts) - 1
        inner = inline_markers(line.text, None)
        if inner:
            holder = Open(opening, None, 0, None, inline=True)
            if self.drafts[opening].start != line.span.start:
                # The paragraph continues a clause: its items are that clause's.
                holder = Open(parent if parent is not None else opening, None, 0, None, inline=True)
            self.stack.append(holder)
            for marker in inner:
                self._descend(marker, None)
                self._push(marker, line.span.start + marker.start, "", None, True)

    def _paragraph(self, current: Open, line: Line) -> None:
        path = self._under(current.draft, f"第{current.paragraphs}段")
        self._draft(line.span.start, path, "", "", 0, ClauseKind.BODY, current.draft)
        self.after_child = False

    def _in_article(self, article: int, line: Line, before: Line, following: Sequence[Line]) -> None:
        """A line of an article: the next 款, or more of the clause before it."""
        current = self.stack[article]
        item = next((o for o in self.stack[article + 1 :] if o.rank is not None), None)
        if current.paragraphs == 0 and item is None and not self.after_child:
            current.paragraphs = 1  # the text of an article whose number, or title, stands alone
            current.lists = article_paragraphs.announces(line, following)
            return
        if item is not None and item.rank and article_paragraphs.within_items(item.rank, item.number, following):
            return
        items = item is not None or self.after_child
        if not items and current.paragraphs >= article_paragraphs.MOST:
            return
        if article_paragraphs.goes_on(line, before, items=items, listed=current.lists):
            return
        del self.stack[article + 1 :]
        current.paragraphs += 1
        current.lists = article_paragraphs.announces(line, following)
        path = self._under(current.draft, f"第{to_chinese(current.paragraphs)}款")
        draft = self._draft(line.span.start, path, "", "", 0, ClauseKind.BODY, current.draft)
        self.articles.setdefault(current.draft, []).append(draft)
        self.after_child = False
        # Items that follow are those of this 款: 第四十一条第二款（一）.
        self.stack.append(Open(draft, None, 0, None, inline=False))

    def _loose(self, line: Line) -> None:
        """A paragraph outside any marker: the opening of a structured part, or one of an unstructured one."""
        self.paragraphs += 1
        if self.structured:
            if self.paragraphs == 1 and not self.numbering.begun:
                self._draft(line.span.start, self._under(self.root, "导语"), "", "", 0, ClauseKind.BODY, self.root)
                return
            if not self.after_child:
                return
        step = f"第{self.paragraphs}段"
        self._draft(line.span.start, self._under(self.root, step), "", "", 0, ClauseKind.BODY, self.root)
        self.after_child = False

    def _row(self, line: Line) -> None:
        self._leave_inline()
        table = line.table or 0
        self.rows[table] += 1
        number = len(self.rows) if self.tables > 1 else ""
        parent = self.stack[-1].draft if self.stack else self.root
        path = self._under(parent, f"表{number}第{self.rows[table]}行")
        self._draft(line.span.start, path, "", "", 0, ClauseKind.TABLE, parent)
        self.after_child = True
