"""Choosing from the ledger: filters that combine, pages with totals, counts that are filters themselves.

All entries of a generation lie in memory (10,000 are some 20 MB): whether two names are one unit is a rule of the
language (:func:`assistant.domain.units.names.same_unit`) that no database can index, so it is asked once a pair of
names and remembered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import get_args, get_type_hints

from assistant.domain.dialogue import Commitment, Deadline, Status
from assistant.domain.language.text import fold
from assistant.domain.ledger.commitments import Entry, told_apart
from assistant.domain.ledger.reviews import REVIEW_STATES
from assistant.domain.ledger.sorting import in_order
from assistant.domain.units.names import same_unit

STATES: tuple[str, ...] = get_args(get_type_hints(Status)["state"])
DEADLINE_KINDS: tuple[str, ...] = get_args(get_type_hints(Deadline)["kind"])
BASES: tuple[str, ...] = get_args(get_type_hints(Commitment)["basis"])
SOON = 30
"""Days before its end in which a limit is near."""

_COUNTED_UNITS = 40
_BRACKETS = str.maketrans("[﹝【(［〖]﹞】)］〗", "〔〔〔〔〔〔〕〕〕〕〕〕")  # after folding （ is (


@dataclass(frozen=True, slots=True)
class Filters:
    """What an entry must be; all that are given hold together. Units match by rule, texts by all their words.

    ``as_of`` is the day for ``overdue``, ``due_within`` (days) and ``done_undated`` (said to be done, and nothing shows
    when). ``document`` is an id, or a part of number, title or file name. ``role`` may be a part of it (牵头 finds
    双牵头). Entries that a person rejected are left out unless ``rejected`` or ``review`` asks for them.
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
    due_from: date | None = None  # the limit ends on this day or later
    due_to: date | None = None  # or earlier
    done_undated: bool = False
    documents: frozenset[str] | None = None  # ids
    deadlines: frozenset[str] = frozenset()  # any of DEADLINE_KINDS
    unfinished: bool = False  # nothing says that it is done
    review: str | None = None  # one of REVIEW_STATES
    rejected: bool = False
    sort: str | None = None  # one of assistant.domain.ledger.sorting.SORTS; None: as the documents stand


@dataclass(frozen=True, slots=True)
class Watch:
    """What asks for someone's eye, as counts; ``soon`` is due within :data:`SOON` days."""

    overdue: int = 0
    soon: int = 0
    without_limit: int = 0
    done_undated: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries of a list and the size of the whole.

    ``units``, ``statuses``, ``reviews`` and ``watch`` count the list as it would be without its own filter on them, so
    that each is what choosing it gives. The most frequent units only; a name counts all entries that it would find.
    """

    entries: tuple[Entry, ...]
    total: int
    units: tuple[tuple[str, int], ...]
    statuses: tuple[tuple[str, int], ...]
    as_of: date
    index: str = ""  # the generation that was read
    reviews: tuple[tuple[str, int], ...] = ()
    watch: Watch = Watch()


@dataclass(frozen=True, slots=True)
class _Held:
    entry: Entry
    leads: tuple[str, ...]
    cooperating: tuple[str, ...]
    names: frozenset[str]  # of all units, in any part
    searchable: str
    addresses: str  # what a document can be asked for by
    due: date | None
    state: str  # of its status
    open: bool  # nothing says that it is done
    review: str  # one of REVIEW_STATES


_Check = Callable[[_Held], bool]


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

    def replacing(self, entries: Iterable[Entry]) -> Selection:
        """The same with these entries in the place of those of their ids; their order stays."""
        new = {e.id: _hold(e) for e in entries}
        if not new:
            return self
        held = [new.get(h.entry.id, h) for h in self._held]
        names = self._names.union(*(h.names for h in new.values()))
        same = self._same if names == self._names else {}
        return Selection(held, {**self._by_id, **{i: h.entry for i, h in new.items()}}, names, same)

    def joined(self, entries: Iterable[Entry]) -> Selection:
        """The same with further entries, whose ids are none of its own, at their places."""
        new = [_hold(e) for e in entries]
        if not new:
            return self
        held = sorted([*self._held, *new], key=lambda h: h.entry.order)
        names = self._names.union(*(h.names for h in new))
        same = self._same if names == self._names else {}
        return Selection(held, {**self._by_id, **{h.entry.id: h.entry for h in new}}, names, same)

    @property
    def entries(self) -> list[Entry]:
        """All of them, rejected ones too, in order."""
        return [h.entry for h in self._held]

    def chosen(self, filters: Filters) -> tuple[Entry, ...]:
        """The entries that all filters let through, in order, without the counts of a page."""
        checks = [*self._checks(filters), *(check for check in self._facets(filters) if check is not None)]
        return tuple(h.entry for h in _passing(self._held, checks))

    def page(self, filters: Filters, *, limit: int | None = None, offset: int = 0) -> Page:
        """The entries that all filters let through, in order; ``limit`` None for all of them."""
        rest = _passing(self._held, self._checks(filters))
        facets = self._facets(filters)
        for_units, for_states, for_reviews, for_watch, chosen = _facetted(rest, facets)
        states, reviews = Counter(h.state for h in for_states), Counter(h.review for h in for_reviews)
        end = None if limit is None else offset + limit
        shown = [h.entry for h in chosen]
        return Page(
            tuple((in_order(shown, filters.sort) if filters.sort else shown)[offset:end]),
            len(chosen),
            units=self._unit_counts(for_units),
            statuses=tuple((state, states[state]) for state in STATES),
            as_of=filters.as_of,
            reviews=tuple((state, reviews[state]) for state in REVIEW_STATES),
            watch=_watch_of(for_watch, filters.as_of),
        )

    def _facets(self, f: Filters) -> tuple[_Check | None, ...]:
        """The filters that are counted: on units, status, review and on what asks for an eye; None: not set."""
        units = self._same_as(f.unit) if f.unit is not None else frozenset()
        reviews = {f.review} if f.review else set(REVIEW_STATES) - (set() if f.rejected else {"rejected"})
        return (
            (lambda h: not units.isdisjoint(h.names)) if f.unit is not None else None,
            (lambda h: h.state == f.status) if f.status is not None else None,
            (lambda h: h.review in reviews) if len(reviews) < len(REVIEW_STATES) else None,
            _watched(f),
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
        counts = Counter([c for h in held for c in {c for name in h.names for c in stands_for.get(name, ())}])
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def _same_as(self, unit: str) -> frozenset[str]:
        """All names of the generation that can be meant by ``unit``."""
        if unit in self._same:
            return self._same[unit]
        same = frozenset(name for name in self._names if same_unit(unit, name))
        if unit in self._names:  # anything may be asked for: only what the documents name is remembered
            self._same[unit] = same
        return same

    def _checks(self, f: Filters) -> list[_Check]:
        """The filters that are not counted."""
        checks: list[_Check] = []
        if f.lead is not None:
            leads = self._same_as(f.lead)
            checks.append(lambda h: not leads.isdisjoint(h.leads))
        if f.cooperating is not None:
            cooperating = self._same_as(f.cooperating)
            checks.append(lambda h: not cooperating.isdisjoint(h.cooperating))
        if f.role is not None:
            role = f.role
            checks.append(lambda h: role in h.entry.commitment.role)
        if f.basis is not None:
            checks.append(lambda h: h.entry.commitment.basis == f.basis)
        if f.document is not None:
            address = _address(f.document)
            checks.append(lambda h: address in h.addresses)
        if f.text is not None:
            words = fold(f.text).split()
            checks.append(lambda h: all(word in h.searchable for word in words))
        if (earliest := f.due_from) is not None:
            checks.append(lambda h: h.due is not None and h.due >= earliest)
        if (latest := f.due_to) is not None:
            checks.append(lambda h: h.due is not None and h.due <= latest)
        if f.documents is not None:
            documents = f.documents
            checks.append(lambda h: h.entry.document_id in documents)
        if f.deadlines:
            checks.append(lambda h: h.entry.commitment.deadline.kind in f.deadlines)
        if f.unfinished:
            checks.append(lambda h: h.open)
        return checks


def _watched(f: Filters) -> _Check | None:
    """Whether something asks for someone's eye: the limit, a missing one, or when it was done; None: not asked."""
    day, last = f.as_of, _days_on(f.as_of, f.due_within or 0)
    checks: list[_Check] = []
    if f.overdue:
        checks.append(lambda h: h.open and h.due is not None and h.due < day)
    if f.due_within is not None:
        checks.append(lambda h: h.open and h.due is not None and day <= h.due <= last)
    if f.deadline is not None:
        checks.append(lambda h: h.entry.commitment.deadline.kind == f.deadline)
    if f.done_undated:
        checks.append(lambda h: not h.open and h.entry.done_undated(day))
    return (lambda h: all(check(h) for check in checks)) if checks else None


def _watch_of(held: Sequence[_Held], day: date) -> Watch:
    last = _days_on(day, SOON)
    dues = [h.due for h in held if h.due is not None and h.open]
    return Watch(
        overdue=sum(due < day for due in dues),
        soon=sum(day <= due <= last for due in dues),
        without_limit=sum(h.entry.commitment.deadline.kind == "none" for h in held),
        done_undated=sum(h.entry.done_undated(day) for h in held if not h.open),
    )


def _days_on(day: date, days: int) -> date:
    return day + timedelta(days=min(days, (date.max - day).days))


def _facetted(held: Sequence[_Held], checks: Sequence[_Check | None]) -> list[Sequence[_Held]]:
    """For each check those that all others let through, and last those that all let through."""
    asked = [check for check in checks if check is not None]
    fails = [[not check(h) for h in held] for check in asked]
    missed = [sum(row) for row in zip(*fails, strict=True)] if fails else [0] * len(held)
    chosen = [h for h, m in zip(held, missed, strict=True) if not m] if fails else held
    own = iter(fails)
    lists: list[Sequence[_Held]] = []
    for check in checks:
        failing = next(own) if check is not None else None
        lists.append(
            chosen if failing is None else [h for h, m, f in zip(held, missed, failing, strict=True) if m == f]
        )
    return [*lists, chosen]


def _passing(held: Sequence[_Held], checks: Sequence[_Check]) -> Sequence[_Held]:
    for check in checks:
        held = [h for h in held if check(h)]
    return held


def _hold(entry: Entry) -> _Held:
    leads, cooperating = entry.leads_known, entry.cooperating_known
    names = frozenset((*leads, *cooperating, *entry.helps))
    searchable = fold("\n".join((entry.commitment.task, entry.quote, entry.path, entry.title, *sorted(names))))
    addresses = "\n".join(map(_address, (entry.document_id, entry.title, entry.number or "", entry.source)))
    state, review = entry.commitment.status.state, entry.reviewed.state if entry.reviewed else "unreviewed"
    return _Held(entry, leads, cooperating, names, searchable, addresses, entry.due, state, state != "done", review)


def _address(text: str) -> str:
    """A name of a document for comparison: brackets of any kind are alike, 《》 and white space do not count."""
    return "".join(fold(text).translate(_BRACKETS).replace("《", "").replace("》", "").split())
