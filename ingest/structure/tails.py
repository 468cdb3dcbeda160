"""The tail of a part: who signs, when, whom to ask, to whom copies go (GB/T 9704: 落款, 附注, 版记)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.formats.model import BlockKind
from ingest.structure import roles
from ingest.structure.canonical import Line
from ingest.structure.groups import Group, Role
from ingest.structure.markers import marker_at

# Who was there, at the end of minutes.
_ATTENDED = re.compile(
    r"((?:出[ 　]?席|列[ 　]?席|缺[ 　]?席|请[ 　]?假|记[ 　]?录|整[ 　]?理)(?:人员|人|单位|领导)?)[：:]"
)
_MAX_SIGNATURES = 8  # lines of names above one date


class Tails:
    """Finds the tails among some lines. What a line looks like is worked out once for each.

    ``labels`` says which lines are labels of attachments.
    """

    def __init__(self, lines: Sequence[Line], labels: Sequence[str | None]) -> None:
        self.lines = lines
        self.labels = labels
        self.roles = [_tail_role(line.text) if line.kind == BlockKind.PARAGRAPH else None for line in lines]
        self.organisations = [line.kind == BlockKind.PARAGRAPH and roles.is_organisation(line.text) for line in lines]
        self.dates = [roles.is_date(line.text) for line in lines]
        self.names = [known or _is_name(line) for known, line in zip(self.organisations, lines, strict=True)]
        # Whether nothing but lines of a tail comes from here on to the end or to the next attachment.
        self.only = [True] * (len(lines) + 1)
        for i in range(len(lines) - 1, -1, -1):
            of_tail = self.roles[i] is not None or self.organisations[i]
            self.only[i] = labels[i] is not None or (of_tail and self.only[i + 1])

    def begins(self, position: int) -> bool:
        """Whether the tail of the part begins here; see the tests for the forms."""
        line = self.lines[position]
        if line.kind != BlockKind.PARAGRAPH:
            return False
        text = line.text
        if re.fullmatch(r"[（(](?:此件|本文有)[^（）()]{2,30}[）)]", text) or roles.signature_with_date(text):
            return True
        if self.dates[position] and self.titled_below(position):
            return True  # a seal signs, and the text that is issued follows: 关于印发…的通知
        if self.roles[position] is not None:
            return self.only[position]
        if not self.names[position]:
            return False
        # Names above a date; or the name of a body above the rest of a tail, or at the very end.
        for following in range(position, min(position + 1 + _MAX_SIGNATURES, len(self.lines))):
            if following > position and self.dates[following]:
                return True
            if not self.names[following]:
                break
        return self.organisations[position] and position > 0 and self.only[position + 1]

    def titled_below(self, position: int) -> bool:
        """Whether a centred title follows at once, with text below it."""
        if position + 2 >= len(self.lines):
            return False
        below = self.lines[position + 1]
        return below.centred and roles.title_kind(below.text) is not None and not self.lines[position].centred

    def read(self, position: int) -> tuple[tuple[Group, ...], int]:
        groups: list[tuple[Role, list[Line]]] = []
        if position < len(self.lines) and self.begins(position):
            while position < len(self.lines):
                line = self.lines[position]
                if line.kind != BlockKind.PARAGRAPH or self.labels[position]:
                    break
                role = self.roles[position]
                if role is None:
                    if not self.begins(position):
                        break
                    role = Role.SIGNATURE
                if groups and groups[-1][0] == role != Role.LABELLED:
                    groups[-1][1].append(line)
                else:
                    groups.append((role, [line]))
                position += 1
        return tuple(Group(role, tuple(lines), _label(lines[0].text)) for role, lines in groups), position


def _is_name(line: Line) -> bool:
    """Whether a line can be a name among those who sign; its neighbours decide."""
    short = len(line.text) <= 20 and line.kind == BlockKind.PARAGRAPH
    return short and roles.is_signature(line.text) and marker_at(line.text) is None


def _label(text: str) -> str:
    match = _ATTENDED.match(text)
    return re.sub(r"\s", "", match[1]) if match else ""


def _tail_role(text: str) -> Role | None:
    if roles.is_publicity(text) or re.fullmatch(r"[（(]本文有删减[）)]", text):
        return Role.PUBLICITY
    if roles.is_contact(text):
        return Role.CONTACT
    if roles.is_copy(text):
        return Role.COPY
    if _ATTENDED.match(text):
        return Role.LABELLED
    if roles.is_print(text):
        return Role.PRINT
    if roles.is_date(text) or roles.signature_with_date(text):
        return Role.SIGNATURE
    return None
