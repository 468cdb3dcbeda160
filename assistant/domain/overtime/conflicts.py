"""Where documents contradict one another, or may: both sides, with the reason why neither is chosen.

Taken from the histories (:mod:`assistant.domain.overtime.history`): other leads, other days, done and not done; and two
names that may mean one thing while what is said of them differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from assistant.domain.overtime.history import History
from assistant.domain.overtime.steps import Step

Kind = Literal["lead", "deadline", "status", "name"]
KINDS = {"lead": "牵头单位", "deadline": "时限", "status": "进展", "name": "是否同一事项"}
"""What each kind of conflict is called for the reader."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements on one thing (``aspect`` name: on two that may be one) that cannot all hold.

    ``settled`` says what later decided it; empty while it is open. ``id`` stays while thing and aspect stay.
    """

    id: str
    thing: str
    aspect: Kind
    steps: tuple[Step, ...]
    reason: str
    settled: str = ""


def conflicts_of(found: Iterable[History]) -> tuple[Conflict, ...]:
    """All conflicts of these histories: the open ones first, in the order of the histories."""
    conflicts: list[Conflict] = []
    seen: set[frozenset[str]] = set()
    held = list(found)
    by_statement = {(s.told.document_id, s.mention.start, s.mention.full): h for h in held for s in h.statements}
    for history in held:
        for n, dispute in enumerate(history.disputes):
            identity = _id(history.id, dispute.aspect, str(n))
            conflicts.append(
                Conflict(identity, history.name, dispute.aspect, dispute.steps, dispute.reason, dispute.settled)
            )
        for near in history.near:
            right = near.right
            other = by_statement.get((right.told.document_id, right.mention.start, right.mention.full))
            if not near.tied or other is None or (pair := frozenset((history.id, other.id))) in seen:
                continue
            seen.add(pair)
            if steps := _differing(history, other):
                identity = _id(*sorted(pair), "name")
                conflicts.append(Conflict(identity, f"{history.name} / {other.name}", "name", steps, near.reason))
    return tuple(sorted(conflicts, key=lambda c: bool(c.settled)))


def _differing(left: History, right: History) -> tuple[Step, ...]:
    """What the two say differently; nothing where they agree, or one of them says nothing."""
    for aspect in ("lead", "deadline"):
        one, two = left.current(aspect), right.current(aspect)
        if one and two and {_said(s) for s in one}.isdisjoint(_said(s) for s in two):
            return (*one, *two)
    return ()


def _said(step: Step) -> str:
    return step.due or "、".join(sorted(step.units)) or step.value


def _id(*parts: str) -> str:
    return "x" + hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:16]
