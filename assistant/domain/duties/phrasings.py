"""Which phrasing takes each list of units in a piece of prose, and the role that its words give.

The patterns read marked text (:mod:`assistant.domain.duties.runs`): U is a list of units. ``before`` must end right
before the list and ``after`` begin right behind it; the first phrasing that fits says which side the list is on. All
repetitions are bounded, so that reading takes time linear in the text. Sources: ``docs/phrasings.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from assistant.domain.duties.phrasing_table import DATED, PHRASINGS, Phrasing
from assistant.domain.duties.runs import Marked, UnitList
from assistant.domain.duties.wordings import (
    AHEAD,
    HEADS,
    LABELLED,
    LONG_AGO,
    LOOKS_BACK,
    OPEN,
    UNIT,
)
from assistant.domain.language.deadlines import DeadlineMention


@dataclass(frozen=True, slots=True)
class Match:
    """A list of units with the phrasing that took it. Places count in the marked text; ``start`` to ``end`` is what
    the phrasing read, ``at`` the list."""

    phrasing: Phrasing
    units: UnitList
    role: str
    start: int
    at: int
    end: int


_PART_NAMED = re.compile(LABELLED + UNIT)
_READ = [(p, re.compile(p.before) if p.before else None, re.compile(p.after) if p.after else None) for p in PHRASINGS]
# What alliances are planned to do is their description; who acts for them (理事会, 秘书处) can be made responsible.
_OBJECTS = ("联合体", "融合体", "共同体")
_OF_BODIES = ("subject", "plain", "asked", "beside", "dated")
_REACH = 48  # marked characters before a list that a phrasing may look at


def read_phrasings(marked: Marked) -> Iterator[Match]:
    """Each list of units that a phrasing takes, in order."""
    text = marked.text
    for place, units in marked.places():
        for phrasing, before, after in _READ:
            start = place
            if before is not None:
                found = _ending_at(before, text, place)
                if found is None:
                    continue
                start = found
            end = place + 1
            behind = after.match(text, end) if after is not None else None
            if after is not None and behind is None:
                continue
            groups = behind.groupdict() if behind else {}
            if phrasing.rule in _OF_BODIES and units.names[0].endswith(_OBJECTS):
                continue
            if phrasing.rule == "plain" and LOOKS_BACK.search(text):
                continue
            if phrasing.rule == "subject" and LONG_AGO.search(text) and not AHEAD.search(text):
                continue
            role = phrasing.role or _role(
                groups, text[max(0, place - _REACH) : place], behind.group() if behind else ""
            )
            yield Match(phrasing, units, role, start, place, behind.end() if behind else end)
            break


_OPENS = re.compile(OPEN + "$")
_NO_SUBJECT = re.compile(f"的|、|$|提出|建议|认为|请求|希望|恳请|反映|强调|指出|{HEADS}")


def dated_subjects(marked: Marked, taken: Set[int], limits: Iterable[DeadlineMention]) -> Iterator[Match]:
    """Subjects right behind or right before a time limit: 6月底前，市财政局完成…; 市财政局于6月底前完成….

    ``taken`` are the places of lists that another phrasing has taken, ``limits`` the limits of the piece.
    """
    starts, ends = {m.span.start for m in limits}, {m.span.end for m in limits}
    if not starts:
        return
    text = marked.text
    for place, units in marked.places():
        span = units.span
        if starts.isdisjoint(range(span.end, span.end + 3)) and ends.isdisjoint((span.start - 1, span.start)):
            continue
        if units.names[0].endswith(_OBJECTS):
            continue
        if (
            place not in taken
            and not _NO_SUBJECT.match(text, place + 1)
            and _ending_at(_OPENS, text, place) is not None
        ):
            yield Match(DATED, units, "责任", place, place, place + 1)


def _ending_at(before: re.Pattern[str], text: str, place: int) -> int | None:
    """Where a match begins that ends right before ``place``."""
    first = max(0, place - _REACH)
    cut = "…" if first else ""  # so that ^ stands for the start of the text alone
    found = before.search(cut + text[first:place])
    return None if found is None else first + found.start() - len(cut)


def _role(groups: dict[str, str | None], before: str, behind: str) -> str:
    if groups.get("leads") or groups.get("duty"):
        how = re.search("双|共同|联合|分别", behind.split("牵头")[0])
        return ("共同" if how and how.group() == "联合" else how.group() if how else "") + "牵头"
    word = groups.get("does") or groups.get("steers") or groups.get("guides") or ""
    if word:
        return {"主抓": "负责", "抓总": "负责", "负总责": "负责"}.get(word, word)
    label = groups.get("label") or ""
    if not label and (named := list(_PART_NAMED.finditer(before))):
        groups, label = named[-1].groupdict(), named[-1].group("label")
    joint = groups.get("joint") or ""
    return {"主责": "责任", "实施": "责任"}.get(label, joint + label if label == "牵头" else label) or "牵头"
