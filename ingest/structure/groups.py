"""Lines of a document as groups with a role: what each is in the head or tail of an official document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.policy import Span
from ingest.formats.spaces import join
from ingest.structure.canonical import Line


class Role(StrEnum):
    """What a group of lines of a head or tail is; the value is its path in citations."""

    NOTE = "标注"
    MASTHEAD = "文头"
    NUMBER = "文号"
    CASE = "案号"
    TITLE = "标题"
    ISSUER = "发文机关"
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
