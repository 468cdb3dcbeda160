"""Who does what: parts and deeds of bodies that differ between a piece of a sentence and a window."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.checks.names import unit_known
from assistant.answering.checks.wording import HAN, content, pairs_of, without
from assistant.answering.sources import THING, Facts, Source, Window, facts_of, is_dependent
from assistant.domain.roles import Part, Playing, same_body

# A sentence may use the weaker part where the clause gives the stronger one, never the reverse.
_CARRIED_BY = {Part.DUTY: {Part.LEAD, Part.DUTY, Part.HOST, Part.UNDERTAKE}}
_PASSIVE = re.compile("由|被|受|经|接受")
_JOINS = re.compile("^[^由,]{2,60}(?:配合|参与|协助|协办|会办|支持)$")


def other_roles(facts: Facts, there: Facts) -> Iterator[str]:
    """Parts that no body of the window plays."""
    for playing in facts.roles:
        if not any(_plays(playing, other) for other in there.roles):
            yield f"“{playing.unit}{playing.part.value}”与原文的分工不符"


def _plays(claimed: Playing, written: Playing) -> bool:
    return written.part in _CARRIED_BY.get(claimed.part, {claimed.part}) and (
        claimed.unit == written.unit or same_body(claimed.unit, written.unit)
    )


def other_deeds(piece: str, facts: Facts, window: Window, there: Facts, source: Source) -> Iterator[str]:
    """A body must do in the text what the sentence says it does (甲安排资金, 乙管理资金; 甲负责清淤, 乙负责绿化)."""
    playing = {p.unit for p in facts.roles}
    clauses = [c for c in re.split("[,，]", piece) if c]
    around = source.around + ("" if there.units else "\n" + window.topic)  # an elided subject stands before
    for unit in facts.units:
        if unit not in playing and THING.search(unit[-3:]):
            continue
        deeds = _deeds(unit, window.text)
        if not deeds:
            if unit not in playing and not unit_known(unit, {*there.units}, f"{window.text}\n{around}"):
                yield f"“{unit}”不在所引的这一句里"
            continue
        told = piece if unit in playing else next((c for c in clauses if unit in c), "")
        pairs = pairs_of(content(without(told, facts.units)))
        done = f"{deeds}\n{window.topic}\n{source.around}"
        if len(pairs) >= 2 and sum(p in done for p in pairs) / len(pairs) < 0.4:
            yield f"“{unit}”所做的事与原文不符"


def _deeds(unit: str, text: str) -> str:
    """The clauses in which a unit acts: its own, those after it, and those before that wait for an actor.

    A clause that names another body and a matter ends it; one that only adds a body (乙配合) does not. In a table row
    all cells belong to all.
    """
    if text.count(":") >= 2:
        return text
    found: list[str] = []
    waiting: list[str] = []
    acting = False
    for clause in (c for c in re.split("[,;。:()]", text) if c):
        names = facts_of(clause).units
        actor = any(re.search(f"(?:^|由|经){re.escape(name)}", clause) for name in names)
        dependent = is_dependent(clause) or bool(names and _JOINS.search(clause))
        if any(n == unit or same_body(n, unit) for n in names):
            acting = True
            found.extend(waiting)
        elif actor and not dependent:
            acting = False
        if acting:
            found.append(clause)
        if not dependent:
            waiting = [] if actor else [*waiting, clause]
    return "\n".join(found)


def other_verbs(piece: str, facts: Facts, window: Window, there: Facts) -> Iterator[str]:
    """What stands right after a body must not stand right after another body only (甲组织、乙运营)."""
    for unit in facts.units:
        at = piece.find(unit)
        verb = piece[at + len(unit) : at + len(unit) + 2]
        if at < 0 or len(verb) < 2 or not all(HAN.match(c) for c in verb) or verb[0] in "和与及等的由为是":
            continue
        holders = [other for other in there.units if f"{other}{verb}" in window.text]
        known = any(same_body(unit, other) for other in there.units)
        if known and holders and not any(same_body(unit, other) for other in holders):
            yield f"“{unit}{verb}”在原文中是另一单位"


def turned_around(piece: str, facts: Facts, window: Window) -> Iterator[str]:
    """Catch an exchange of subject and object: 甲评估乙 told as 乙评估甲."""
    if _PASSIVE.search(piece):
        return
    for left, right in zip(facts.units, facts.units[1:], strict=False):
        a, b = piece.find(left), piece.find(right)
        between = piece[a + len(left) : b]
        if a < 0 or b <= a or not between or not HAN.search(between) or re.fullmatch("[和与及、等]+|以及", between):
            continue
        here_left, here_right = window.text.find(left), window.text.find(right)
        if 0 <= here_right < here_left:
            across = window.text[here_right + len(right) : here_left]
            if any(between[i : i + 2] in across for i in range(len(between) - 1)):
                yield f"“{left}”与“{right}”的主客关系与原文相反"
