"""The ledger that is served: the entries of the current generation with what people have said of them.

Candidates (:mod:`assistant.domain.ledger.candidates`) lie beside them, and come among them when a person takes them up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from assistant.adapters.database.candidates import CandidateStore
from assistant.adapters.database.commitments import CommitmentStore
from assistant.adapters.database.reviews import ReviewStore
from assistant.domain.holdings import Holding
from assistant.domain.ledger.commitments import Entry
from assistant.domain.ledger.reviews import Changes, Decision, Pending, Review, decided, stamped
from assistant.domain.ledger.selection import Filters, Page, Selection
from assistant.domain.ledger.standing import Standing, standing
from assistant.errors import BadRequest, Conflict, NotFound
from assistant.ports import Index, Indexes

_KEPT = 8  # selections in memory: readers see different parts of a generation


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """One generation. ``read`` is as it was read, ``shown`` as people have it after the review ``seen``.

    ``offered`` are the candidates up to the clause ``made`` as they were read, ``waiting`` those of them that nobody
    has taken up, as people have them.
    """

    generation: str
    read: Selection
    shown: Selection
    seen: int = 0
    last: dict[str, Review] = field(default_factory=dict)  # by the id that it was made under
    standing: Standing = field(default_factory=Standing)
    offered: tuple[Entry, ...] = ()
    made: int = 0
    waiting: dict[str, Entry] = field(default_factory=dict)  # by id

    def entry(self, commitment_id: str) -> Entry | None:
        """An entry of the ledger, or a candidate."""
        return self.shown.entry(commitment_id) or self.waiting.get(commitment_id)

    def with_reviews(self, reviews: Sequence[Review], index: Index) -> _Loaded:
        """The same after these further reviews, in order.

        What holds, holds for everybody who sees the entry; what is pending tells of other words, and is for those alone
        who may see the document that had them.
        """
        last = self.last | {r.commitment_id: r for r in reviews}
        found = standing([*self.read.entries, *self.offered], last.values())
        if index.view:
            told = (p for p in found.pending if index.document(p.review.against.document_id) is not None)
            found = replace(found, pending=tuple(told))
        touched = [found.on(entry) for i in found.touched if (entry := self.read.entry(i))]
        offered = [found.on(entry) for entry in self.offered]
        shown = self.read.replacing(touched).joined(e for e in offered if not e.candidate)
        waiting = {e.id: e for e in offered if e.candidate}
        seen = reviews[-1].number if reviews else self.seen
        return replace(self, shown=shown, seen=seen, last=last, standing=found, waiting=waiting)


class GenerationLedger:
    """:class:`assistant.ports.Ledger` over the current generation; thread-safe.

    The entries of what was asked for last stay in memory. Reviews are looked for at every reading:
    another process may have kept one.
    """

    def __init__(
        self,
        indexes: Indexes,
        store: CommitmentStore,
        reviews: ReviewStore,
        candidates: CandidateStore,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._indexes = indexes
        self._store = store
        self._reviews = reviews
        self._candidates = candidates
        self._now = now
        self._loading = threading.Lock()
        self._loaded: dict[tuple[str, str], _Loaded] = {}  # by generation and what is seen of it, the oldest first

    def over(self, indexes: Indexes) -> GenerationLedger:
        """The same ledger over other leases, such as those of what a reader may see; what is loaded is shared."""
        other = copy(self)
        other._indexes = indexes
        return other

    def commitments(self, filters: Filters, *, limit: int | None = None, offset: int = 0) -> Page:
        """See :class:`assistant.ports.Ledger`."""
        loaded = self._current()
        return replace(loaded.shown.page(filters, limit=limit, offset=offset), index=loaded.generation)

    def commitment(self, commitment_id: str) -> Entry | None:
        """See :class:`assistant.ports.Ledger`."""
        return self._current().entry(commitment_id)

    def candidates(self) -> Sequence[Entry]:
        """See :class:`assistant.ports.Ledger`."""
        return sorted(self._current().waiting.values(), key=lambda e: e.order)

    def review(self, commitment_id: str, decision: Decision) -> Review:
        """See :class:`assistant.ports.Ledger`."""
        if unfit := decision.unfit():
            raise BadRequest("核对内容有误", unfit.reason, "invalid_field", unfit.field)
        loaded = self._current()
        entry = loaded.entry(commitment_id)
        if entry is None:
            withdrawal = _withdrawal(loaded, commitment_id, decision, self._now())
            return self._reviews.add(withdrawal, [commitment_id], loaded.seen)
        if decision.version not in (None, entry.version):
            raise Conflict("这一项在您读取之后已有变化", "请刷新后对照最新内容再提交", param="version")
        review = decided(entry, decision, self._now(), self._clause(entry))
        return self._reviews.add(review, _ids(loaded, commitment_id), loaded.seen)

    def reviews(self, commitment_id: str) -> Sequence[Review]:
        """See :class:`assistant.ports.Ledger`."""
        with self._indexes.lease() as index:
            loaded = self._of(index)
            entry = loaded.entry(commitment_id)
            words = entry.words if entry else None
            return [
                r
                for r in self._reviews.of(_ids(loaded, commitment_id))
                if not index.view or r.against.words == words or index.document(r.against.document_id) is not None
            ]

    def pending(self) -> Sequence[Pending]:
        """See :class:`assistant.ports.Ledger`."""
        found = sorted(self._current().standing.pending, key=lambda p: p.review.number)
        return [replace(p, clause=self._clause(p.entry)) if p.entry else p for p in found]

    def _clause(self, entry: Entry) -> str:
        with self._indexes.lease() as index:
            document = index.document(entry.document_id)
        clause = next((c for c in document.clauses if c.id == entry.clause_id), None) if document else None
        return clause.span.of(document.text).strip() if document and clause else entry.quote

    def chosen(self, index: Index, filters: Filters) -> Sequence[Entry]:
        """See :class:`assistant.ports.Ledger`."""
        return self._of(index).shown.chosen(filters)

    def _current(self) -> _Loaded:
        with self._indexes.lease() as index:
            return self._of(index)

    def _of(self, index: Index) -> _Loaded:
        key, latest, made = (index.name, index.view), self._reviews.latest(), self._candidates.latest()
        loaded = self._loaded.get(key)
        if loaded is not None and (loaded.seen, loaded.made) == (latest, made):
            return loaded
        with self._loading:
            loaded = self._loaded.get(key)
            if loaded is None:
                read = Selection.of(self._store.entries(self.holdings(index)))
                loaded = _Loaded(index.name, read, read)
            renewed = loaded.made != made
            if renewed:
                offered = tuple(self._candidates.offered(self.holdings(index)))
                loaded = replace(loaded, offered=offered, made=made)
            if renewed or loaded.seen < latest:
                loaded = loaded.with_reviews(self._reviews.since(loaded.seen), index)
            self._loaded.pop(key, None)
            self._loaded[key] = loaded
            while len(self._loaded) > _KEPT:
                del self._loaded[next(iter(self._loaded))]
            return loaded

    def holdings(self, index: Index) -> list[Holding]:
        """The documents that a leased generation lists: earlier versions can be read, but are in none of its lists."""
        listed = {info.id for info in index.documents()}
        return [h for h in self._store.holdings(index.name) if h.document_id in listed]


def _ids(loaded: _Loaded, commitment_id: str) -> list[str]:
    """The ids under which reviews of a commitment are kept: other rules may have given it another one."""
    return list(dict.fromkeys((commitment_id, *loaded.standing.histories.get(commitment_id, ()))))


def _withdrawal(loaded: _Loaded, commitment_id: str, decision: Decision, at: datetime) -> Review:
    """What takes back the review of a commitment that is gone; nothing else can be said of it."""
    gone = next((p.review for p in loaded.standing.pending if p.review.commitment_id == commitment_id), None)
    if gone is None:
        raise NotFound(
            "没有这项责任", "文件可能已更新；请在责任台账中重新查找", "commitment_not_found", "commitment_id"
        )
    if decision.action != "withdraw":
        raise Conflict("台账中已没有这一项", "只能撤销原来的核对；如有接替它的事项，请到那一项上核对", param="action")
    return replace(
        gone,
        number=0,
        action="withdraw",
        by=decision.by.strip(),
        at=stamped(at),
        why=decision.why.strip(),
        changes=Changes(),
    )
