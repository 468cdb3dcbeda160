"""Choosing from the ledger: filters that combine, pages with totals, counts that are filters themselves.

All entries of a generation lie in memory (10,000 are some 20 MB): whether two names are one unit is a rule of the
language (:func:`assistant.domain.units.same_unit`) that no database can index, so it is asked once a pair of names
and remembered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import get_args, get_type_hints

from assistant.domain.commitments import Entry, told_apart
from assistant.domain.dialogue import Commitment, Deadline, Status
from assistant.domain.text import fold
from assistant.domain.units import same_unit

STATES: tuple[str, ...] = get_args(get_type_hints(Status)["state"])
DEADLINE_KINDS: tuple[str, ...] = get_args(get_type_hints(Deadline)["kind"])
BASES: tuple[str, ...] = get_args(get_type_hints(Commitment)["basis"])
_COUNTED_UNITS = 40
_BRACKETS = str.maketrans("[﹝【(［〖]﹞】)］〗", "〔〔〔〔〔〔〕〕〕〕〕〕")  # after folding （ is (


@dataclass(frozen=True, slots=True)
class Filters:
    """What an entry must be; all that are given hold together. Units match by rule, texts by all their words.

    ``as_of`` is the day for ``overdue`` and ``due_within`` (days). ``document`` is an id, or a part of number, title
    or file name. ``role`` may be a part of the role (牵头 finds 双牵头).
    """

    as_of: date
    lead: str | None = None
    cooperating: str | None = None
    unit: str | None = None  # in any part
    role: str | None = None
    status: str | None = None  # one of STATES
    deadline: str | None = None  # one of DEADLINE_KINDS
    basis: str | None = None  # one of BASES
    document: str | None = None
    text: str | None = None
    overdue: bool = False
    due_within: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries of a list and the size of the whole.

    ``units`` and ``statuses`` count the list as it would be without its own filter on units or status, so that each
    is what choosing it gives. The most frequent units only; a name counts all entries that it would find.
    """

    entries: tuple[Entry, ...]
    total: int
    units: tuple[tuple[str, int], ...]
    statuses: tuple[tuple[str, int], ...]
    as_of: date
    index: str = ""  # the generation that was read


@dataclass(frozen=True, slots=True)
class _Held:
    entry: Entry
    leads: tuple[str, ...]
    cooperating: tuple[str, ...]
    names: frozenset[str]  # of all units, in any part
    searchable: str
    addresses: str  # what a document can be asked for by


@dataclass(slots=True)
class Selection:
    """The entries of one generation, ready to be chosen from; thread-safe (what is remembered is only ever added)."""

    _held: Sequence[_Held]
    _by_id: dict[str, Entry]
    _names: frozenset[str]
    _same: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Selection:
        """Take entries of any documents; ids that copies of a document share are told apart."""
        held = [_hold(entry) for entry in told_apart(entries)]
        names = frozenset(name for h in held for name in h.names)
        return cls(held, {h.entry.id: h.entry for h in held}, names)

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of this id."""
        return self._by_id.get(entry_id)

    def page(self, filters: Filters, *, limit: int | None = None, offset: int = 0) -> Page:
        """The entries that all filters let through, in order; ``limit`` None for all of them."""
        rest = _passing(self._held, self._checks(replace(filters, unit=None, status=None)))
        with_unit = _passing(rest, self._checks(Filters(filters.as_of, unit=filters.unit)))
        status = self._checks(Filters(filters.as_of, status=filters.status))
        chosen = _passing(with_unit, status)
        end = None if limit is None else offset + limit
        states: Counter[str] = Counter(h.entry.commitment.status.state for h in with_unit)
        return Page(
            tuple(h.entry for h in chosen[offset:end]),
            len(chosen),
            units=self._unit_counts(_passing(rest, status)),
            statuses=tuple((state, states[state]) for state in STATES),
            as_of=filters.as_of,
        )

    def _unit_counts(self, held: Sequence[_Held]) -> tuple[tuple[str, int], ...]:
        named = Counter(name for h in held for name in h.names)
        # Of names that mean one unit the most frequent stands for all; on a tie the longer one says more.
        ranked = sorted(named, key=lambda n: (-named[n], -len(n), n))
        chosen: list[str] = []
        for name in ranked[: 2 * _COUNTED_UNITS]:
            if len(chosen) < _COUNTED_UNITS and not any(name in self._same_as(other) for other in chosen):
                chosen.append(name)
        stands_for: dict[str, list[str]] = {}
        for name in chosen:
            for other in self._same_as(name):
                stands_for.setdefault(other, []).append(name)
        counts: Counter[str] = Counter()
        for h in held:
            counts.update({c for name in h.names for c in stands_for.get(name, ())})
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def _same_as(self, unit: str) -> frozenset[str]:
        """All names of the generation that can be meant by ``unit``."""
        if unit in self._same:
            return self._same[unit]
        same = frozenset(name for name in self._names if same_unit(unit, name))
        if unit in self._names:  # anything may be asked for: only what the documents name is remembered
            self._same[unit] = same
        return same

    def _checks(self, f: Filters) -> list[Callable[[_Held], bool]]:
        checks: list[Callable[[_Held], bool]] = []
        if f.lead is not None:
            leads = self._same_as(f.lead)
            checks.append(lambda h: not leads.isdisjoint(h.leads))
        if f.cooperating is not None:
            cooperating = self._same_as(f.cooperating)
            checks.append(lambda h: not cooperating.isdisjoint(h.cooperating))
        if f.unit is not None:
            units = self._same_as(f.unit)
            checks.append(lambda h: not units.isdisjoint(h.names))
        if f.role is not None:
            role = f.role
            checks.append(lambda h: role in h.entry.commitment.role)
        if f.status is not None:
            checks.append(lambda h: h.entry.commitment.status.state == f.status)
        if f.deadline is not None:
            checks.append(lambda h: h.entry.commitment.deadline.kind == f.deadline)
        if f.basis is not None:
            checks.append(lambda h: h.entry.commitment.basis == f.basis)
        if f.document is not None:
            address = _address(f.document)
            checks.append(lambda h: address in h.addresses)
        if f.text is not None:
            words = fold(f.text).split()
            checks.append(lambda h: all(word in h.searchable for word in words))
        if f.overdue:
            checks.append(lambda h: h.entry.overdue(f.as_of))
        if f.due_within is not None:
            days = f.due_within
            checks.append(lambda h: h.entry.due_within(days, f.as_of))
        return checks


def _passing(held: Sequence[_Held], checks: Sequence[Callable[[_Held], bool]]) -> Sequence[_Held]:
    return [h for h in held if all(check(h) for check in checks)] if checks else held


def _hold(entry: Entry) -> _Held:
    leads, cooperating = entry.leads_known, entry.cooperating_known
    names = frozenset((*leads, *cooperating, *entry.helps))
    searchable = fold("\n".join((entry.commitment.task, entry.quote, entry.path, entry.title, *sorted(names))))
    addresses = "\n".join(map(_address, (entry.document_id, entry.title, entry.number or "", entry.source)))
    return _Held(entry, leads, cooperating, names, searchable, addresses)


def _address(text: str) -> str:
    """A name of a document for comparison: brackets of any kind are alike, 《》 and white space do not count."""
    return "".join(fold(text).translate(_BRACKETS).replace("《", "").replace("》", "").split())
