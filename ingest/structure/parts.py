"""A document's lines as parts: the main document and what is attached to it, each with head, body and tail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.formats.model import BlockKind
from ingest.structure import roles
from ingest.structure.canonical import Line
from ingest.structure.groups import Group, Role
from ingest.structure.heads import Heads
from ingest.structure.markers import marker_at
from ingest.structure.tails import Tails


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


def split_parts(lines: Sequence[Line]) -> tuple[Part, ...]:
    """The parts in order. Every line is in exactly one place of one part. Takes time linear in the lines."""
    return tuple(_Splitter(lines).parts())


class _Splitter:
    """Reads parts off the lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.labels = [roles.attachment_label(line.text) for line in lines]
        self.tails = Tails(lines, self.labels)
        self.heads = Heads(lines, self.tails.organisations)
        self.markers_before = [0] * (len(lines) + 1)  # lines above that open with a sure marker
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
            head, position = self.heads.read(position, main=main)
            start = position
            while position < len(self.lines):
                if self.begins_part(position, start) or self.tails.begins(position):
                    break
                position += 1
            body = self.lines[start:position]
            tail, position = self.tails.read(position)
            yield Part(label, label_line, head, tuple(body), tail)

    def begins_part(self, position: int, start: int) -> bool:
        line = self.lines[position]
        if self.labels[position]:
            following = self.heads.text(position + 1)
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
