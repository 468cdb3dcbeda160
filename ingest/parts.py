"""A document's lines as parts: the main document and what is attached to it, each with head, body and tail."""

from __future__ import annotations

import re
from collections.abc import Sequence
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


_TAIL_ROLES = (Role.SIGNATURE, Role.CONTACT, Role.COPY, Role.PUBLICITY, Role.PRINT)
_MAX_SIGNATURES = 8  # lines of names above one date


def split_parts(lines: Sequence[Line]) -> tuple[Part, ...]:
    """The parts in order. Every line is in exactly one place of one part."""
    parts: list[Part] = []
    position = 0
    while position < len(lines):
        label_line = None
        label = ""
        if parts and (found := roles.attachment_label(lines[position].text)):
            label, label_line = found, lines[position]
            position += 1
        head, position = _head(lines, position, main=not parts)
        start = position
        while position < len(lines) and not _begins_part(lines, position, start):
            if _tail_begins(lines, position):
                break
            position += 1
        body = lines[start:position]
        tail, position = _tail(lines, position)
        parts.append(Part(label, label_line, head, tuple(body), tail))
    return tuple(parts)


def _begins_part(lines: Sequence[Line], position: int, start: int) -> bool:
    line = lines[position]
    if roles.attachment_label(line.text):
        following = lines[position + 1].text if position + 1 < len(lines) else ""
        # “附件：” with a numbered list below it names the attachments, it is none.
        return not (line.text.endswith(("：", ":")) and re.match(r"[1１一][.．、]", following))
    if position == start or marker_at(line.text):
        return False
    if line.kind == BlockKind.HEADING and line.level == 1:
        return True
    return _is_inner_title(lines, position, start)


def _is_inner_title(lines: Sequence[Line], position: int, start: int) -> bool:
    """A second document that follows the first without a signature between: a centred title after numbered text."""
    if not lines[position].centred or lines[position - 1].centred or lines[position].kind != BlockKind.PARAGRAPH:
        return False
    end = position
    while end < len(lines) and lines[end].centred and lines[end].kind == BlockKind.PARAGRAPH and end < position + 6:
        end += 1
    title = "".join(line.text for line in lines[position:end])
    numbered = any(m is not None and m.sure for m in map(marker_at, (line.text for line in lines[start:position])))
    return numbered and len(title) >= 6 and roles.title_kind(title) is not None and end < len(lines)


def _head(lines: Sequence[Line], position: int, *, main: bool) -> tuple[tuple[Group, ...], int]:
    groups: list[Group] = []
    while position < len(lines):
        line = lines[position]
        titled = any(g.role == Role.TITLE for g in groups)
        group = _head_group(lines, position, titled, groups[-1] if groups else None)
        if group is None:
            break
        if group.role == Role.TITLE and groups and groups[-1].role == Role.TITLE:
            groups[-1] = Group(Role.TITLE, (*groups[-1].lines, line))
        else:
            groups.append(group)
        position += len(group.lines)
        if group.role == Role.ADDRESSEE:
            break
    if not main and not any(g.role == Role.TITLE for g in groups):
        # Without a title of its own nothing before the body can be told from it.
        return (), position - sum(len(g.lines) for g in groups)
    return tuple(groups), position


def _head_group(lines: Sequence[Line], position: int, titled: bool, last: Group | None) -> Group | None:
    line = lines[position]
    text = line.text
    if line.kind == BlockKind.TABLE_ROW:
        return None
    if found := roles.labelled(text):
        return Group(Role.LABELLED, (line,), found[0])
    role = _plain_role(lines, position, titled)
    if role is not None:
        return Group(role, (line,))
    marker = marker_at(text)
    if marker is not None and marker.sure:
        return None
    if titled:
        grows = last is not None and last.role == Role.TITLE and _continues_title(last, line)
        return Group(Role.TITLE, (line,)) if grows else None
    return Group(Role.TITLE, (line,)) if _is_title(line) else None


def _plain_role(lines: Sequence[Line], position: int, titled: bool) -> Role | None:
    text = lines[position].text
    following = lines[position + 1].text if position + 1 < len(lines) else ""
    if roles.is_number(text):
        return Role.NUMBER
    if roles.is_note(text):
        return Role.NOTE
    if roles.is_case(text) and not (
        following and roles.title_kind(following) and not titled and "关于" not in following
    ):
        return Role.CASE
    if not titled and (roles.is_masthead(text) or (roles.is_organisation(text) and roles.is_number(following))):
        return Role.MASTHEAD
    if titled and roles.is_date(text):
        return Role.DATE
    if titled and not marker_at(text) and (roles.is_addressee(text) or re.match(r"主送(?:单位|机关)?[：:]", text)):
        return Role.ADDRESSEE
    return None


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


def _tail_begins(lines: Sequence[Line], position: int) -> bool:
    """Whether the tail of the part begins here; see the module's tests for the forms."""
    line = lines[position]
    if line.kind != BlockKind.PARAGRAPH:
        return False
    text = line.text
    if roles.signature_with_date(text) or re.fullmatch(r"[（(](?:此件|本文有)[^（）()]{2,30}[）)]", text):
        return True
    role = _tail_role(text)
    if role is not None:
        return _only_tail_follows(lines, position)
    if not roles.is_signature(text) or (marker_at(text) and not roles.is_organisation(text)):
        return False
    # Names above a date; or the name of a body above the rest of a tail, or at the very end.
    for following in range(position + 1, min(position + 1 + _MAX_SIGNATURES, len(lines))):
        after = lines[following]
        if roles.is_date(after.text):
            return all(_may_sign(lines[i]) for i in range(position, following))
        if not roles.is_signature(after.text) or after.kind != BlockKind.PARAGRAPH:
            break
    if not roles.is_organisation(text):
        return False
    return position > 0 and _only_tail_follows(lines, position + 1)


def _may_sign(line: Line) -> bool:
    return roles.is_organisation(line.text) or (len(line.text) <= 20 and marker_at(line.text) is None)


def _only_tail_follows(lines: Sequence[Line], position: int) -> bool:
    """Whether nothing but lines of a tail comes before the end or the next attachment."""
    for line in lines[position:]:
        if roles.attachment_label(line.text):
            return True
        if _tail_role(line.text) is None and not roles.is_organisation(line.text):
            return False
    return True


def _tail(lines: Sequence[Line], position: int) -> tuple[tuple[Group, ...], int]:
    groups: list[Group] = []
    if position >= len(lines) or not _tail_begins(lines, position):
        return (), position
    while position < len(lines):
        line = lines[position]
        if line.kind != BlockKind.PARAGRAPH or roles.attachment_label(line.text):
            break
        role = _tail_role(line.text)
        if role is None:
            signs = roles.is_signature(line.text) and _tail_begins(lines, position)
            if not signs:
                break
            role = Role.SIGNATURE
        if groups and groups[-1].role == role:
            groups[-1] = Group(role, (*groups[-1].lines, line))
        else:
            groups.append(Group(role, (line,)))
        position += 1
    return tuple(groups), position
