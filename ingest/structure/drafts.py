"""Clauses in the making."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.policy import ClauseKind
from ingest.structure.markers import Rank


@dataclass(slots=True)
class Draft:
    """A clause in the making; it ends where the next begins."""

    start: int
    path: str
    label: str
    heading: str
    level: int
    kind: ClauseKind
    parent: int | None


@dataclass(slots=True)
class Open:
    """A clause that may still take children: the stack of these is the path down to the current clause."""

    draft: int
    rank: Rank | None  # None for a heading without a marker
    number: int
    heading_level: int | None  # that of the format, such as Markdown's
    inline: bool
    step: str = ""  # that of its marker
    bare: bool = False  # a heading that neither a number nor the format makes one
    paragraphs: int = 1  # its own, the one that it opens included
    lists: bool = False  # whether the last of these announces a list without numbers, which is then no paragraph
