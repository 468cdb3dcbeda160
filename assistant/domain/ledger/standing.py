"""Which entry each review speaks for now: it holds, it is pending, or its words have left the library.

See :mod:`assistant.domain.ledger.reviews` for when a review holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from assistant.domain.ledger.commitments import Entry, Reviewed
from assistant.domain.ledger.reviews import Against, Pending, Review, reviewed

_ALIKE = 0.5  # of two quotes: from here on one may be what became of the other
_SAME = 0.8  # of two quotes in one clause: from here on they are cut differently and say the same


@dataclass(frozen=True, slots=True)
class Standing:
    """How the reviews stand to the entries: what holds, what is pending, and whose history is whose."""

    held: Mapping[str, Review] = field(default_factory=dict)  # by id of the entry
    pending: tuple[Pending, ...] = ()
    histories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by id: the ids that reviews are kept under

    @property
    def touched(self) -> frozenset[str]:
        """The entries that are not shown as they were read."""
        return frozenset((*self.held, *(p.entry.id for p in self.pending if p.entry)))

    def on(self, entry: Entry) -> Entry:
        """The entry as it is to be shown, given as it was read."""
        if review := self.held.get(entry.id):
            return reviewed(entry, review)
        waiting = next((p.review for p in self.pending if p.entry and p.entry.id == entry.id), None)
        if waiting is None:
            return entry
        return replace(entry, reviewed=Reviewed("pending", waiting.number, waiting.by, waiting.at, waiting.why))


def standing(entries: Iterable[Entry], reviews: Iterable[Review]) -> Standing:
    """Find the entry of each review. ``entries`` are as they were read, ``reviews`` in any order.

    Reviews of documents that have left the library with their words wait for them to come back, and are not pending.
    """
    last: dict[str, Review] = {}
    for review in sorted(reviews, key=lambda r: r.number):
        last[review.commitment_id] = review
    if not last:
        return Standing()
    by_id = {e.id: e for e in entries}
    places = _Places(by_id.values())
    found: defaultdict[str, list[Review]] = defaultdict(list)
    lost: list[Pending] = []
    for identity, review in last.items():
        same = by_id.get(identity)
        holds = same if same and same.words == review.against.words else None
        if holds := holds or (None if same else places.recut(review.against)):
            found[holds.id].append(review)
        elif review.stands and (review.against.quote or places.knows(review.against.document)):
            becomes = same or places.successor(review.against)
            lost.append(Pending(review, becomes, "条款的文字已变" if becomes else "台账中已没有这一项"))
    held = {i: max(said, key=lambda r: r.number) for i, said in found.items()}
    # Who has looked at the entry that it became has settled it.
    pending = [p for p in lost if not (p.entry and p.entry.id in held and held[p.entry.id].number > p.review.number)]
    histories = {i: [r.commitment_id for r in said] for i, said in found.items()}
    for p in lost:
        if p.entry:
            histories.setdefault(p.entry.id, []).append(p.review.commitment_id)
    return Standing(
        {i: r for i, r in held.items() if r.stands}, tuple(pending), {i: tuple(ids) for i, ids in histories.items()}
    )


class _Places:
    """Where the words of reviews may be found again."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_document: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            self._by_document[entry.document_key].append(entry)

    def knows(self, document: str) -> bool:
        """Whether any entry is of this document."""
        return document in self._by_document

    def recut(self, against: Against) -> Entry | None:
        """The one entry of an unchanged clause that says what the quote said."""
        same = [e for e in self._by_document.get(against.document, ()) if e.words == against.words]
        alike = [e for e in same if _contained(against.quote, e.quote) or _likeness(against.quote, e.quote) >= _SAME]
        return alike[0] if len(alike) == 1 else None

    def successor(self, against: Against) -> Entry | None:
        """The entry of the same document whose words are the most alike."""
        if not against.quote:
            return None
        scored = [(_likeness(against.quote, e.quote), e) for e in self._by_document.get(against.document, ())]
        best = max(scored, key=lambda item: item[0], default=None)
        return best[1] if best and best[0] >= _ALIKE else None


def _plain(text: str) -> str:
    return "".join(text.split())


def _contained(one: str, other: str) -> bool:
    one, other = _plain(one), _plain(other)
    return bool(one) and (one in other or other in one)


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, _plain(one), _plain(other), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE else 0.0
