"""The head of a part: its number, its title, to whom it goes (GB/T 9704: 版头, 标题, 主送机关)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain.language.identity import find_proposal_numbers
from ingest.formats.model import BlockKind
from ingest.formats.spaces import without_inner_spaces
from ingest.structure import roles
from ingest.structure.canonical import Line
from ingest.structure.groups import Group, Role
from ingest.structure.markers import marker_at

_MOST_BODIES = 8  # that share one red head
_MOST_FACTS = 6  # between the number and the title of a reply
_MOST_REMARKS = 3  # lines above a head that say something of the file, not of its matter
_LONGEST_REMARK = 120  # characters
#: Kinds whose documents are numbered 第n号 below their title; 令 is of the kind 其他.
_PROCLAIMED = ("公告", "其他", "纪要", "通报", "决定")


class Heads:
    """Reads heads off some lines; ``organisations`` says which lines are names of bodies."""

    def __init__(self, lines: Sequence[Line], organisations: Sequence[bool]) -> None:
        self.lines = lines
        self.organisations = organisations

    def read(self, position: int, *, main: bool) -> tuple[tuple[Group, ...], int]:
        groups: list[Group] = []
        start = position
        titled = False
        while position < len(self.lines):
            group = self.group(position, titled, groups[-1] if groups else None)
            if group is None and main and len(groups) < _MOST_REMARKS and self.is_remark(position, titled):
                group = Group(Role.NOTE, (self.lines[position],))
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

    def group(self, position: int, titled: bool, last: Group | None) -> Group | None:
        line = self.lines[position]
        if line.kind == BlockKind.TABLE_ROW or (titled and roles.attachment_label(line.text)):
            return None
        if found := roles.labelled(line.text):
            return Group(Role.LABELLED, (line,), found[0])
        if not titled and (label := self.fact_above_title(position)):
            return Group(Role.LABELLED, (line,), label)
        if role := self.plain_role(position, titled):
            return Group(role, (line,))
        marker = marker_at(line.text)
        if marker is not None and marker.sure:
            return None
        if titled:
            below = last is not None and last.role in (Role.TITLE, Role.ISSUER)
            if below and self.organisations[position] and self.names_issuer(last, position):
                return Group(Role.ISSUER, (line,))
            grows = last is not None and last.role == Role.TITLE and _continues_title(last, line)
            return Group(Role.TITLE, (line,)) if grows else None
        titles = _is_title(line) or self.is_title_with_comma(position)
        return Group(Role.TITLE, (line,)) if titles else None

    def fact_above_title(self, position: int) -> str | None:
        """The label of a short fact such as 办理结果类别：B, with nothing but its like down to the title."""
        first = roles.any_label(self.text(position))
        for near in range(position, min(position + _MOST_FACTS, len(self.lines))):
            text = self.text(near)
            if not roles.any_label(text):
                return first[0] if first and self.is_sure_title(near) else None
            if len(text) > 30 or re.search("[。；，]", text):
                return None
        return None

    def is_remark(self, position: int, titled: bool) -> bool:
        """A sentence about the file (本件供会议讨论，会后收回。) above its head or between its title and the addressee.

        Above, a number or a title comes right below.
        """
        line = self.lines[position]
        if line.kind != BlockKind.PARAGRAPH or len(line.text) > _LONGEST_REMARK or marker_at(line.text):
            return False
        if not re.search(r"^[【（(\[［]|。[）)】]?$", line.text) or roles.is_addressee(line.text):
            return False
        if titled:
            return roles.is_addressee(self.text(position + 1))
        for near in range(position + 1, min(position + 1 + _MOST_FACTS, len(self.lines))):
            if roles.is_number(self.text(near)) or roles.is_case(self.text(near)) or self.is_sure_title(near):
                return True
            below = self.lines[near]
            titles = _is_title(below) and roles.title_kind(below.text) is not None
            if titles and (below.centred or near == position + 1):
                return True
        return False

    def is_sure_title(self, position: int) -> bool:
        """Whether the line is a title by its words, 关于…的答复, or a heading of the file that ends like one."""
        line = self.lines[position]
        opens = line.kind == BlockKind.HEADING or "关于" in line.text or bool(find_proposal_numbers(line.text))
        return opens and roles.title_kind(line.text) is not None and _is_title(line)

    def names_issuer(self, last: Group | None, position: int) -> bool:
        """Whether a body named below the title is who issues: the title is complete, and text goes on below."""
        whole = last is not None and (last.role == Role.ISSUER or _is_whole(last.joined))
        return whole and bool(self.text(position + 1)) and not roles.is_date(self.text(position + 1))

    def is_title_with_comma(self, position: int) -> bool:
        """“加强创新，推动转型” as a title: a short line above a head line, a marker or a long paragraph."""
        text, following = self.text(position), self.text(position + 1)
        if len(text) > 45 or re.search(r"[。；：！;:]", text.rstrip("。")):
            return False
        heads = roles.labelled(following) or roles.is_number(following) or roles.is_case(following)
        return bool(heads or roles.is_addressee(following) or marker_at(following) or len(following) > 60)

    def numbers_proclamation(self, position: int) -> bool:
        """第15号 under 某某公告: a number of its own kind, and none of a proposal."""
        above = self.text(position - 1) if position else ""
        return roles.is_serial(self.text(position)) and roles.title_kind(above) in _PROCLAIMED

    def plain_role(self, position: int, titled: bool) -> Role | None:
        text, following = self.text(position), self.text(position + 1)
        if roles.is_number(text):
            return Role.NUMBER
        if self.numbers_proclamation(position):
            return Role.NUMBER
        if roles.is_note(text) or (not titled and roles.attachment_label(text)):
            # A file of its own may still say that it is 附件1 of another.
            return Role.NOTE
        if not titled and roles.is_publicity(text):
            return Role.PUBLICITY
        if roles.is_case(text):
            # 第524号提案 over 的答复 is the first line of a title.
            opens_title = not titled and "关于" not in following and roles.title_kind(following) is not None
            return None if opens_title else Role.CASE
        if not titled:
            above = self.text(position - 1) if position else ""
            if roles.signature_with_date(text) and (roles.is_serial(above) or roles.is_number(above)):
                return Role.ISSUER  # 某局办公室　2025年4月9日 above the title of minutes
            return Role.MASTHEAD if self.is_masthead(position) else None
        if roles.is_date(text):
            return Role.DATE
        if roles.signature_with_date(text):  # 某局办公室　2025年4月9日 below the title of minutes
            return Role.ISSUER
        if self.lines[position].kind == BlockKind.HEADING or marker_at(text):
            return None
        if roles.is_addressee(text) or re.match(r"主送(?:单位|机关)?[：:]", text):
            return Role.ADDRESSEE
        return None

    def is_masthead(self, position: int) -> bool:
        """Whether the line is of the red head: bodies above 文件, 专题会议纪要 above its number.

        What minutes are called is their title where no other follows their number.
        """
        if roles.is_masthead(self.text(position)):
            return True
        end = position
        while end < position + _MOST_BODIES and end < len(self.lines) and self.organisations[end]:
            end += 1
        last = without_inner_spaces(self.text(end))
        if last == "文件" or (end > position and roles.is_number(self.text(end))):
            return True
        if not last.endswith("纪要") or "关于" in last or not roles.is_serial(self.text(end + 1)):
            return False
        below = self.text(end + 2)
        if roles.signature_with_date(below) or roles.is_date(below):
            below = self.text(end + 3)
        return roles.title_kind(below) == "纪要" and not re.search("[。：:]", below)

    def text(self, position: int) -> str:
        """A line's text; empty beyond the last."""
        return self.lines[position].text if position < len(self.lines) else ""


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
