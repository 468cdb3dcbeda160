"""A document's lines as parts: the main document and what is attached to it, each with head, body and tail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.policy import Span
from ingest import roles
from ingest.canonical import Line
from ingest.formats.model import BlockKind
from ingest.formats.spaces import join
from ingest.markers import marker_at


class Role(StrEnum):
    """What a group of lines of a head or tail is; the value is its path in citations."""

    NOTE = "标注"
    MASTHEAD = "文头"
    NUMBER = "文号"
    CASE = "案号"
    TITLE = "标题"
    ADDRESSEE = "主送"
    DATE = "日期"
    LABELLED = "事项"  # stands for the label itself
    SIGNATURE = "落款"
    CONTACT = "联系人"
    COPY = "抄送"
    PUBLICITY = "公开属性"
    PRINT = "印发"


@dataclass(frozen=True, slots=True)
class Group:
    """Adjacent lines of one role; ``name`` is the label of a labelled line."""

    role: Role
    lines: tuple[Line, ...]
    name: str = ""

    @property
    def span(self) -> Span:
        return Span(self.lines[0].span.start, self.lines[-1].span.end)

    @property
    def joined(self) -> str:
        text = ""
        for line in self.lines:
            text = join(text, line.text)
        return text


@dataclass(frozen=True, slots=True)
class Part:
    """One document within the file. ``label`` is 附件1 where a line says so; the main document has none."""

    label: str
    label_line: Line | None
    head: tuple[Group, ...]
    body: tuple[Line, ...]
    tail: tuple[Group, ...]

    @property
    def title(self) -> str:
        """The title as one line; empty where the part has none."""
        return next((g.joined for g in self.head if g.role == Role.TITLE), "")


_MAX_SIGNATURES = 8  # lines of names above one date


def split_parts(lines: Sequence[Line]) -> tuple[Part, ...]:
    """The parts in order. Every line is in exactly one place of one part. Takes time linear in the lines."""
    return tuple(_Splitter(lines).parts())


class _Splitter:
    """Reads parts off the lines; what a line looks like is worked out once for each."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.labels = [roles.attachment_label(line.text) for line in lines]
        self.tail_roles = [_tail_role(line.text) if line.kind == BlockKind.PARAGRAPH else None for line in lines]
        self.organisations = [line.kind == BlockKind.PARAGRAPH and roles.is_organisation(line.text) for line in lines]
        # Whether nothing but lines of a tail comes from here on to the end or to the next attachment.
        self.only_tail = [True] * (len(lines) + 1)
        self.markers_before = [0] * (len(lines) + 1)  # lines above that open with a sure marker
        for i in range(len(lines) - 1, -1, -1):
            of_tail = self.tail_roles[i] is not None or self.organisations[i]
            self.only_tail[i] = self.labels[i] is not None or (of_tail and self.only_tail[i + 1])
        for i, line in enumerate(lines):
            marker = marker_at(line.text)
            self.markers_before[i + 1] = self.markers_before[i] + (marker is not None and marker.sure)

    def parts(self) -> Iterator[Part]:
        position = 0
        while position < len(self.lines):
            main = position == 0
            label, label_line = "", None
            if not main and (found := self.labels[position]):
                label, label_line = found, self.lines[position]
                position += 1
            head, position = self.head(position, main=main)
            start = position
            while position < len(self.lines):
                if self.begins_part(position, start) or self.tail_begins(position):
                    break
                position += 1
            body = self.lines[start:position]
            tail, position = self.tail(position)
            yield Part(label, label_line, head, tuple(body), tail)

    def begins_part(self, position: int, start: int) -> bool:
        line = self.lines[position]
        if self.labels[position]:
            following = self.text(position + 1)
            # “附件：” with a numbered list below it names the attachments, it is none.
            return not (line.text.endswith(("：", ":")) and re.match(r"[1１一][.．、]", following))
        if position == start or marker_at(line.text):
            return False
        if line.kind == BlockKind.HEADING and line.level == 1:
            return True
        return self.is_inner_title(position, start)

    def is_inner_title(self, position: int, start: int) -> bool:
        """A second document that follows the first without a signature: a centred title after numbered text."""
        lines = self.lines
        if not lines[position].centred or lines[position - 1].centred or lines[position].kind != BlockKind.PARAGRAPH:
            return False
        end = position
        while end < min(len(lines), position + 6) and lines[end].centred and lines[end].kind == BlockKind.PARAGRAPH:
            end += 1
        title = "".join(line.text for line in lines[position:end])
        numbered = self.markers_before[position] > self.markers_before[start]
        return numbered and len(title) >= 6 and roles.title_kind(title) is not None and end < len(lines)

    def text(self, position: int) -> str:
        return self.lines[position].text if position < len(self.lines) else ""

    # Heads -------------------------------------------------------------------------------------------------------

    def head(self, position: int, *, main: bool) -> tuple[tuple[Group, ...], int]:
        groups: list[Group] = []
        start = position
        titled = False
        while position < len(self.lines):
            group = self.head_group(position, titled, groups[-1] if groups else None)
            if group is None:
                break
            if group.role == Role.TITLE and groups and groups[-1].role == Role.TITLE:
                groups[-1] = Group(Role.TITLE, (*groups[-1].lines, *group.lines))
            else:
                groups.append(group)
            titled = titled or group.role == Role.TITLE or roles.HEAD_LABELS.get(group.name) == "title"
            position += 1
            if group.role == Role.ADDRESSEE:
                break
        if not main and not titled:
            # Without a title of its own nothing before the body can be told from it.
            return (), start
        return tuple(groups), position

    def head_group(self, position: int, titled: bool, last: Group | None) -> Group | None:
        line = self.lines[position]
        if line.kind == BlockKind.TABLE_ROW:
            return None
        if found := roles.labelled(line.text):
            return Group(Role.LABELLED, (line,), found[0])
        if role := self.plain_role(position, titled):
            return Group(role, (line,))
        marker = marker_at(line.text)
        if marker is not None and marker.sure:
            return None
        if titled:
            grows = last is not None and last.role == Role.TITLE and _continues_title(last, line)
            return Group(Role.TITLE, (line,)) if grows else None
        titles = _is_title(line) or self.is_title_with_comma(position)
        return Group(Role.TITLE, (line,)) if titles else None

    def is_title_with_comma(self, position: int) -> bool:
        """“加强创新，推动转型” as a title: a short line above a head line, a marker or a long paragraph."""
        text, following = self.text(position), self.text(position + 1)
        if len(text) > 45 or re.search(r"[。；：！;:]", text.rstrip("。")):
            return False
        heads = roles.labelled(following) or roles.is_number(following) or roles.is_case(following)
        return bool(heads or roles.is_addressee(following) or marker_at(following) or len(following) > 60)

    def plain_role(self, position: int, titled: bool) -> Role | None:
        text, following = self.text(position), self.text(position + 1)
        if roles.is_number(text):
            return Role.NUMBER
        if roles.is_note(text) or (not titled and roles.attachment_label(text)):
            # A file of its own may still say that it is 附件1 of another.
            return Role.NOTE
        if roles.is_case(text):
            # 第524号提案 over 的答复 is the first line of a title.
            opens_title = not titled and "关于" not in following and roles.title_kind(following) is not None
            return None if opens_title else Role.CASE
        if not titled:
            heads = roles.is_masthead(text) or (self.organisations[position] and roles.is_number(following))
            return Role.MASTHEAD if heads else None
        if roles.is_date(text):
            return Role.DATE
        if self.lines[position].kind == BlockKind.HEADING or marker_at(text):
            return None
        if roles.is_addressee(text) or re.match(r"主送(?:单位|机关)?[：:]", text):
            return Role.ADDRESSEE
        return None

    # Tails -------------------------------------------------------------------------------------------------------

    def tail_begins(self, position: int) -> bool:
        """Whether the tail of the part begins here; see the tests for the forms."""
        line = self.lines[position]
        if line.kind != BlockKind.PARAGRAPH:
            return False
        text = line.text
        if re.fullmatch(r"[（(](?:此件|本文有)[^（）()]{2,30}[）)]", text) or roles.signature_with_date(text):
            return True
        if self.tail_roles[position] is not None:
            return self.only_tail[position]
        if not roles.is_signature(text) or (marker_at(text) and not self.organisations[position]):
            return False
        # Names above a date; or the name of a body above the rest of a tail, or at the very end.
        for following in range(position, min(position + 1 + _MAX_SIGNATURES, len(self.lines))):
            if following > position and roles.is_date(self.text(following)):
                return True
            if not self.may_sign(following):
                break
        return self.organisations[position] and position > 0 and self.only_tail[position + 1]

    def may_sign(self, position: int) -> bool:
        if self.organisations[position]:
            return True
        line = self.lines[position]
        short = len(line.text) <= 20 and roles.is_signature(line.text) and marker_at(line.text) is None
        return short and line.kind == BlockKind.PARAGRAPH

    def tail(self, position: int) -> tuple[tuple[Group, ...], int]:
        groups: list[tuple[Role, list[Line]]] = []
        if position < len(self.lines) and self.tail_begins(position):
            while position < len(self.lines):
                line = self.lines[position]
                if line.kind != BlockKind.PARAGRAPH or self.labels[position]:
                    break
                role = self.tail_roles[position]
                if role is None:
                    if not self.tail_begins(position):
                        break
                    role = Role.SIGNATURE
                if groups and groups[-1][0] == role:
                    groups[-1][1].append(line)
                else:
                    groups.append((role, [line]))
                position += 1
        return tuple(Group(role, tuple(lines)) for role, lines in groups), position


def _is_title(line: Line) -> bool:
    if line.kind == BlockKind.HEADING:
        return True
    text = line.text
    if re.search(r"[。；：!！？?;:]", text) or roles.is_date(text):
        return False
    if "，" in text or len(text) > 60:
        return len(text) <= 150 and ("关于" in text or line.centred) and roles.title_kind(text) is not None
    return True


def _continues_title(title: Group, line: Line) -> bool:
    first = title.lines[0]
    if first.kind == BlockKind.HEADING or line.kind == BlockKind.HEADING:
        return line.kind == first.kind and line.level == first.level
    if first.centred and not line.centred:
        return False
    if len(title.lines) >= 6 or len(line.text) > 45 or not _is_title(line):
        return False
    if _unbalanced(title.joined):
        return True
    # 关于印发…的通知 is whole; 国务院关于加强… is not, and neither is 第一次全体会议 without what it is.
    return not _is_whole(title.joined)


def _is_whole(title: str) -> bool:
    kind = roles.title_kind(title)
    if kind is None:
        return False
    return "关于" not in title or bool(re.search(r"的[^的]{1,8}$|规定$|办法$|条例$", title))


def _unbalanced(text: str) -> bool:
    return any(text.count(a) > text.count(b) for a, b in ("《》", "“”", "（）", "()", "〈〉"))


def _tail_role(text: str) -> Role | None:
    if roles.is_publicity(text) or re.fullmatch(r"[（(]本文有删减[）)]", text):
        return Role.PUBLICITY
    if roles.is_contact(text):
        return Role.CONTACT
    if roles.is_copy(text):
        return Role.COPY
    if roles.is_print(text):
        return Role.PRINT
    if roles.is_date(text) or roles.signature_with_date(text):
        return Role.SIGNATURE
    return None
