"""The clause tree: a document's parts as clauses whose own spans tile the canonical text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.numerals import to_chinese
from assistant.domain.policy import Clause, ClauseKind, Span, part_id
from ingest import roles
from ingest.canonical import Canonical, Line
from ingest.formats.model import BlockKind
from ingest.formats.spaces import join
from ingest.markers import Marker, Rank, inline_markers, marker_at
from ingest.parts import Group, Part, Role

_LONGEST_RUN_IN = 40  # characters of a first sentence that is still a heading
_LONGEST_HEADING = 80
_CLOSING = re.compile(
    r"(?:特此|此复|此函|专此|以上(?:意见|报告|请示|方案)|妥否|当否|(?:再次|衷心|诚挚)?感谢|最后，|现将有关部门)"
)
_CLOSING_LINES = 3  # paragraphs before the tail among which a closing one is looked for
_CONTENTS = re.compile(r"[.．…·]{4,}[ 　]{0,9}[0-9]{1,4}$")
_ATTACHED = re.compile(r"附[ 　]{0,4}件?[ 　]{0,2}[0-9一二三四五六七八九十]{0,3}[：:]")


@dataclass(slots=True)
class _Draft:
    """A clause in the making; it ends where the next begins."""

    start: int
    path: str
    label: str
    heading: str
    level: int
    kind: ClauseKind
    parent: int | None


@dataclass(slots=True)
class _Open:
    """A clause that may still take children: the stack of these is the path down to the current clause."""

    draft: int
    rank: Rank | None  # None for a heading without a marker
    number: int
    heading_level: int | None  # that of the format, such as Markdown's
    inline: bool
    paragraphs: int = 1  # its own, the one that it opens included


def clauses_of(text: Canonical, parts: Sequence[Part], document_id: str) -> tuple[Clause, ...]:
    """The clauses in text order. Own spans tile the text but for white space; paths are unique in the document."""
    drafts: list[_Draft] = []
    if text.metadata:
        # What stands on every page of a Word file is no information of a web page.
        running = all(label in ("页眉", "页脚") for label, _, _ in text.metadata)
        name = "页眉页脚" if running else "网页信息"
        drafts.append(_Draft(text.metadata[0][1].start, name, "", name, 0, ClauseKind.META, None))
    attached = "附件说明" if any(p.label for p in parts) else "附件"
    for part, prefix in zip(parts, part_names(parts), strict=True):
        _PartBuilder(drafts, part, prefix, attached).build()
    return _finished(drafts, text.text, document_id)


def part_names(parts: Sequence[Part]) -> list[str]:
    """What the paths of each part begin with: nothing for the main document, 附件1, or 附《方案》 by its title.

    Several of one kind are counted: 附1《规定》, 附2《规定》.
    """
    shorts = [("附文" if not p.title else f"附《{_short(p.title)}》") for p in parts]
    totals = Counter(short for short, part in zip(shorts[1:], parts[1:], strict=True) if not part.label)
    counts: Counter[str] = Counter()
    names = [""] if parts else []
    for part, short in zip(parts[1:], shorts[1:], strict=True):
        counts[short] += not part.label
        numbered = f"附{counts[short]}{short[1:]}" if totals[short] > 1 else short
        names.append(part.label or numbered)
    return names


def _short(title: str) -> str:
    """方案 for a long title that ends with a word for its kind."""
    title = re.sub(r"\s", "", title).strip("《》")
    if len(title) <= 12:
        return title
    return next((word for word, _ in roles.TITLE_ENDS if title.endswith(word) and len(word) > 1), title)


class _PartBuilder:
    """Walks the lines of one part and opens clauses."""

    def __init__(self, drafts: list[_Draft], part: Part, prefix: str, attached: str) -> None:
        self.drafts = drafts
        self.part = part
        self.prefix = prefix
        self.attached = attached  # what the paragraph that names the attachments is called
        self.root: int | None = None  # the clause of the part's own title; None in the main document
        self.stack: list[_Open] = []
        self.last_number: dict[Rank, int] = {}
        self.usual_parent: dict[Rank, Rank | None] = {}
        self.paragraphs = 0  # of the part's own, outside any marker
        self.after_child = False  # the next plain paragraph cannot belong to the clause before it
        self.rows: Counter[int] = Counter()
        self.structured = any(self._opens(line) for line in part.body)
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
        self.drafts.append(_Draft(start, path, label, heading, level, kind, parent))
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
        return line.kind == BlockKind.HEADING or (marker is not None and marker.sure and not _is_contents(line))

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
            marker = None if _is_contents(line) else marker_at(line.text)
            if marker is not None and self._accepts(marker, line, body[position + 1 :]):
                consumed = self._marked(marker, line, body[position + 1 :])
            elif line.kind == BlockKind.HEADING:
                self._headed(line)
            elif _ATTACHED.match(line.text):
                self._attached(line)
            elif len(body) - position <= _CLOSING_LINES and self.stack and _CLOSING.match(line.text):
                self.stack.clear()
                self._draft(line.span.start, self._under(self.root, "结语"), "", "", 0, ClauseKind.BODY, self.root)
                self.after_child = False
            else:
                self._plain(line)

    # Markers -----------------------------------------------------------------------------------------------------

    def _accepts(self, marker: Marker, line: Line, following: Sequence[Line]) -> bool:
        """Whether a marker that opens a line opens a clause: by its sequence where the shape alone is weak."""
        if marker.rank <= Rank.ARTICLE or line.kind == BlockKind.HEADING:
            return True
        same = next((o.number for o in reversed(self.stack) if o.rank == marker.rank), None)
        before = same if same is not None else self.last_number.get(marker.rank)
        goes_on = before is not None and 1 <= marker.number - before <= 2
        if not marker.sure:
            if marker.number == 1 and marker.rank == Rank.SPOKEN:
                return _has_second(line.text, marker, following)
            return goes_on and marker.number - (before or 0) == 1
        if marker.number == 1 or goes_on:
            return True
        if marker.rank in (Rank.FIRST, Rank.SECOND):
            # An extract may begin anywhere, and numbering errors repeat a number.
            return before is None or marker.number == before
        return False

    def _marked(self, marker: Marker, line: Line, following: Sequence[Line]) -> int:
        """Open the clause of a line with a marker, and those of the markers inside it; lines taken beyond it."""
        heading, taken = _heading(marker, line, following)
        self._descend(marker, line)
        if any(o.rank == Rank.ARTICLE for o in self.stack) and taken == 0:
            heading = ""  # the items of an article are its sentences
        self._push(marker, line.span.start, heading, line.level if line.kind == BlockKind.HEADING else None, False)
        self.after_child = False
        for inner in inline_markers(line.text, marker):
            self._descend(inner, None)
            self._push(inner, line.span.start + inner.start, "", None, True)
        return taken

    def _descend(self, marker: Marker, line: Line | None) -> None:
        """Close what the marker does not belong into."""
        level = line.level if line is not None and line.kind == BlockKind.HEADING else None
        if level is not None:
            while self.stack and (self.stack[-1].heading_level is None or self.stack[-1].heading_level >= level):
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
        level = 1 + sum(1 for o in self.stack if o.rank is not None or o.heading_level is not None)
        draft = self._draft(start, path, marker.label, heading, level, ClauseKind.BODY, parent)
        self.stack.append(_Open(draft, marker.rank, marker.number, heading_level, inline))
        self.last_number[marker.rank] = marker.number
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
        self.stack.append(_Open(draft, None, 0, level, inline=False, paragraphs=0))
        self.last_number.clear()
        self.after_child = False

    def _attached(self, line: Line) -> None:
        """“附件：1.…” below the text: what is attached, and sometimes the attachment itself."""
        self.stack.clear()
        draft = self._draft(
            line.span.start, self._under(self.root, self.attached), "", "", 0, ClauseKind.BODY, self.root
        )
        self.stack.append(_Open(draft, None, 0, None, inline=False))
        self.last_number.clear()
        self.after_child = False

    def _plain(self, line: Line) -> None:
        article = next((i for i, o in enumerate(self.stack) if o.rank == Rank.ARTICLE), None)
        if article is not None and article < len(self.stack) - 1:
            # After its items an article goes on: the next paragraph (款) is not the last item's.
            del self.stack[article + 1 :]
            self.after_child = True
        if not self.stack:
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
            holder = _Open(opening, None, 0, None, inline=True)
            if self.drafts[opening].start != line.span.start:
                # The paragraph continues a clause: its items are that clause's.
                holder = _Open(parent if parent is not None else opening, None, 0, None, inline=True)
            self.stack.append(holder)
            for marker in inner:
                self._descend(marker, None)
                self._push(marker, line.span.start + marker.start, "", None, True)

    def _paragraph(self, current: _Open, line: Line) -> None:
        step = f"第{current.paragraphs}段"
        if current.rank == Rank.ARTICLE:
            step = f"第{to_chinese(current.paragraphs)}款"
        path = self._under(current.draft, step)
        draft = self._draft(line.span.start, path, "", "", 0, ClauseKind.BODY, current.draft)
        self.after_child = False
        if current.rank == Rank.ARTICLE:
            # Items that follow are those of this paragraph: 第四十一条第二款（一）.
            self.stack.append(_Open(draft, None, 0, None, inline=False))

    def _loose(self, line: Line) -> None:
        """A paragraph outside any marker: the opening of a structured part, or one of an unstructured one."""
        self.paragraphs += 1
        if self.structured:
            if self.paragraphs == 1 and not self.last_number:
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


def _is_contents(line: Line) -> bool:
    """A line of a table of contents: ends with leaders and a page number."""
    return bool(_CONTENTS.search(line.text[-40:]))


def _has_second(text: str, marker: Marker, following: Sequence[Line]) -> bool:
    if any(m.rank == marker.rank for m in inline_markers(text, marker)):
        return True
    second = marker_at(following[0].text) if following else None
    return second is not None and second.rank == marker.rank and second.number == marker.number + 1


def _heading(marker: Marker, line: Line, following: Sequence[Line]) -> tuple[str, int]:
    """The heading after a marker and how many more lines it takes (1 where it is broken over two lines)."""
    text = line.text[marker.end :].strip()
    if marker.rank in (Rank.ARTICLE, Rank.SPOKEN):
        return "", 0
    after = following[0] if following else None
    prose_follows = after is not None and after.kind == BlockKind.PARAGRAPH and marker_at(after.text) is None
    stop = re.search(r"[。！？；]", text)
    if stop is None:
        if len(text) > _LONGEST_HEADING or text.endswith(("：", ":", "，")):
            return "", 0
        if after is not None and prose_follows and _is_broken(text, after, following):
            return join(text, after.text.rstrip("。")), 1
        return text, 0
    first, rest = text[: stop.start()], text[stop.end() :].strip()
    if stop.group() != "。" or not _reads_as_heading(first):
        return "", 0
    if rest or line.kind == BlockKind.HEADING:
        return first, 0
    # 指导思想。 with its text below is a heading, and so is what stands above deeper items; a lone sentence is not.
    child = marker_at(after.text) if after is not None else None
    above = child is not None and child.rank > marker.rank and child.number == 1
    goes_on = child is not None and child.rank > marker.rank and child.sure
    return (first if above or goes_on or (prose_follows and len(first) <= 20) else ""), 0


def _reads_as_heading(sentence: str) -> bool:
    """Whether the first sentence of a paragraph is its heading: short, the shorter the more clauses it has."""
    commas = sentence.count("，")
    longest = _LONGEST_RUN_IN if not commas else (28 if commas == 1 else 22)
    if len(sentence) > longest or _open_quote(sentence):
        return False
    return not re.search(r"由.{2,24}(?:负责|牵头|承担)$|[：:]", sentence)


def _is_broken(text: str, after: Line, following: Sequence[Line]) -> bool:
    """Whether a heading goes on in the next line: a bracket or quotation mark is open, or it is cut at full width."""
    if len(after.text) > 45 or re.search(r"[。；：，]", after.text.rstrip("。")):
        return False
    if _open_quote(text):
        return not _open_quote(text + after.text)
    long_enough = len(text) >= 18 and len(after.text) <= 20 and not after.text.endswith("。")
    return long_enough and len(following) > 1 and not roles.is_organisation(after.text) and len(following[1].text) > 30


def _open_quote(text: str) -> bool:
    return any(text.count(a) > text.count(b) for a, b in ("《》", "“”", "（）"))


def _end(text: str, end: int) -> int:
    while end and text[end - 1].isspace():
        end -= 1
    return end


def _finished(drafts: Sequence[_Draft], text: str, document_id: str) -> tuple[Clause, ...]:
    starts = [d.start for d in drafts]
    ends = [_end(text, end) for end in (*starts[1:], len(text))]
    spans = [Span(start, end) for start, end in zip(starts, ends, strict=True)]
    ids = [part_id(document_id, "c", span) for span in spans]
    taken: Counter[str] = Counter()
    clauses = []
    for ordinal, (draft, span) in enumerate(zip(drafts, spans, strict=True)):
        taken[draft.path] += 1
        path = draft.path if taken[draft.path] == 1 else f"{draft.path}·{taken[draft.path]}"
        parent = ids[draft.parent] if draft.parent is not None else None
        clauses.append(
            Clause(
                ids[ordinal],
                document_id,
                ordinal,
                parent,
                path,
                draft.label,
                draft.heading,
                draft.level,
                draft.kind,
                span,
            )
        )
    return tuple(clauses)
