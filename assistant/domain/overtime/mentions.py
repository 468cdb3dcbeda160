"""What one document says of each thing it names: who leads, by when, how far, and what it changes.

A mention is derived data, like an entry of the ledger: one document read by the same rules gives the same mentions,
so they are kept by edition. Only what is said of the thing itself counts. 落实基地的配套资金 is a duty of its own and
says nothing of who leads the base; a sentence under the heading 建设基地 that names no other thing speaks of the base.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from assistant.domain.overtime.objects import Named, name_of

Says = Literal["duty", "change", "progress"]
Stage = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Mention:
    """One statement on one thing; ``text[start:end] == quote`` always holds.

    ``name`` is the thing as written, ``full`` with what the document leaves out (联合体 in a document about one).
    ``leads`` is empty where the statement names no lead; units are given as known outside the document. ``was`` and
    ``was_limit`` are what a change replaces, ``change`` its kind. ``due_on`` is the last day of ``limit`` (ISO 8601),
    ``stage`` how far the thing must be by then (end: built, held, issued). ``on`` is the day of what was done.
    """

    name: str
    full: str
    says: Says
    path: str
    page: int | None
    start: int
    end: int
    quote: str
    table: bool = False
    attached: bool = False
    leads: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    role: str = ""
    inherited: bool = False
    limit: str | None = None
    limit_kind: str = "none"
    due_on: str | None = None
    due_inferred: bool = False
    stage: Stage = "end"
    state: str = "unclear"
    cue: str | None = None
    on: str | None = None
    on_inferred: bool = False
    change: str | None = None
    proposed: bool = False
    was: tuple[str, ...] = ()
    was_limit: str | None = None
    entry_id: str | None = None

    @property
    def named(self) -> Named:
        """The full name, taken apart for comparison."""
        return name_of(self.full)


@dataclass(frozen=True, slots=True)
class Renamed:
    """A body or a thing that a document says is called otherwise now."""

    was: str
    now: str
    path: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Told:
    """All that one document says of things, and what is needed to put it beside others.

    ``dated`` is its 成文日期 (印发, 发布) in ISO 8601, ``year`` alone where only the number gives one. ``about`` is the
    one alliance that the title names; ``cites`` are numbers and plain titles of the documents that it speaks of.
    """

    document_id: str
    title: str
    number: str | None
    kind: str
    dated: str | None
    year: int | None
    dated_by: str  # 成文日期, 印发日期, 发布日期, 文号年份; empty where nothing dates it
    about: str
    national: bool
    cites: tuple[str, ...]
    mentions: tuple[Mention, ...]
    renamed: tuple[Renamed, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it, to be kept; :meth:`from_json` reads it back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Told:
        """Raises KeyError or TypeError where ``data`` is no such value."""
        mentions = tuple(
            Mention(**{**m, **{k: tuple(m[k]) for k in ("leads", "cooperating", "was")}}) for m in data["mentions"]
        )
        renamed = tuple(Renamed(**r) for r in data["renamed"])
        return cls(**{**data, "cites": tuple(data["cites"]), "mentions": mentions, "renamed": renamed})


def plain_title(title: str) -> str:
    """A title for comparison: without 《》, brackets behind it and white space."""
    return "".join(re.sub("[（(][^（）()]{0,30}[）)]$", "", title.strip("《》 　")).split())
