"""The ledger over time: when limits end and what happened when, by unit; for a chart and for the table beside it.

A mark stands for all entries of one unit and one kind whose days lie near one another, so that ten thousand entries
make a picture that can be read, and none is left out of its counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from assistant.domain.ledger.commitments import Entry
from assistant.domain.units.names import same_unit

Kind = Literal["overdue", "due", "done", "event"]
KINDS: tuple[Kind, ...] = ("overdue", "due", "done", "event")
OTHERS, NOBODY = "其他单位", "未写明单位"
MOST_LANES = 12
_STEPS = 90  # places beside each other that can be told apart
_YEARS = 5 * 366  # days to either side of the day of asking that a chart shows


@dataclass(frozen=True, slots=True)
class Mark:
    """Entries of one lane and kind; ``first`` and ``last`` are the same day where they all share one."""

    lane: int  # index into the lanes
    kind: Kind
    first: date
    last: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Marks by day. ``outside`` counts days too far off to be drawn, ``undated`` entries without any day."""

    lanes: tuple[str, ...]
    marks: tuple[Mark, ...]
    as_of: date
    outside: int
    undated: int


def timeline(entries: Iterable[Entry], as_of: date) -> Timeline:
    """The entries by the days of their limits and events; one that several units lead stands in the lane of each."""
    dated: list[tuple[date, Kind, Entry]] = []
    undated = 0
    for entry in entries:
        days = list(_days(entry, as_of))
        dated += [(day, kind, entry) for day, kind in days]
        undated += not days
    near = [item for item in dated if abs((item[0] - as_of).days) <= _YEARS]
    lane_of, lanes = _lanes([entry for _, _, entry in near])
    span = max((d for d, _, _ in near), default=as_of) - min((d for d, _, _ in near), default=as_of)
    step = max(1, span.days // _STEPS)
    found: defaultdict[tuple[int, Kind, int], list[tuple[date, Entry]]] = defaultdict(list)
    for day, kind, entry in near:
        for lane in {lane_of[name] for name in _names(entry)}:
            found[lane, kind, day.toordinal() // step].append((day, entry))
    marks = [
        Mark(lane, kind, min(d for d, _ in items), max(d for d, _ in items), tuple(e for _, e in items))
        for (lane, kind, _), items in found.items()
    ]
    marks.sort(key=lambda m: (m.first, m.lane, m.kind))
    return Timeline(lanes, tuple(marks), as_of, len(dated) - len(near), undated)


def ticks(first: date, last: date, most: int = 10) -> list[date]:
    """First days of months, quarters, half-years or years in a range, at most so many."""
    for months in (1, 2, 3, 6, 12, 24, 36):
        start = first.year * 12 + first.month - 1
        start += -start % months
        found = [date(m // 12, m % 12 + 1, 1) for m in range(start, last.year * 12 + last.month, months)]
        found = [day for day in found if first <= day <= last]
        if len(found) <= most:
            return found or [first, last]
    return [first, last]


def _days(entry: Entry, as_of: date) -> Iterable[tuple[date, Kind]]:
    if entry.due is not None:
        done = entry.commitment.status.state == "done"
        yield entry.due, "done" if done else "overdue" if entry.overdue(as_of) else "due"
    for event in entry.events:
        if event.date is not None:
            yield date.fromisoformat(event.date), "event"


def _names(entry: Entry) -> Sequence[str]:
    return entry.leads_known or entry.cooperating_known[:1] or (NOBODY,)


def _lanes(entries: Iterable[Entry]) -> tuple[dict[str, int], tuple[str, ...]]:
    """The lane of each name: the most frequent units have their own, whatever they are called."""
    named = Counter(name for entry in entries for name in _names(entry))
    chosen: list[str] = []
    stands: dict[str, str] = {}
    for name, _ in sorted(named.items(), key=lambda item: (-item[1], item[0])):
        same = next((c for c in chosen if same_unit(c, name)), None)
        if same is None and len(chosen) < MOST_LANES:
            chosen.append(same := name)
        stands[name] = same or OTHERS
    lanes = (*chosen, *([OTHERS] if OTHERS in stands.values() else []))
    return {name: lanes.index(lane) for name, lane in stands.items()}, lanes


def margin(first: date, last: date) -> timedelta:
    """What is left free at either side of a range."""
    return max(timedelta(days=7), (last - first) / 40)
