"""The ledger over time: what the documents of a leased generation say together, grouped once and kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Engine

from assistant.adapters.database.commitments import CommitmentStore
from assistant.adapters.database.library import Library
from assistant.adapters.database.mentions import MentionStore
from assistant.domain.holdings import LinkKind
from assistant.domain.language.identity import find_proposal_numbers
from assistant.domain.language.resolution import IsWorkday
from assistant.domain.ledger.commitments import Entry
from assistant.domain.ledger.handling import Handling, Rule, handling_of
from assistant.domain.ledger.selection import Filters
from assistant.domain.overtime.asks import ASKING, REPLYING, answered, asks_of
from assistant.domain.overtime.overview import Overview, ProposalAsks, as_reviewed, called
from assistant.domain.policy import Document
from assistant.ports import DocumentInfo, Index, Ledger

_KEPT = 4  # overviews in memory: readers with other clearances see other documents
_NO_DAY = date.min  # for filters that ask for nothing of a day


class GenerationOverTime:
    """:class:`assistant.ports.OverTime` over a leased generation; thread-safe.

    What a lease does not show goes into nothing: two readers who see other documents have other histories.
    """

    def __init__(
        self,
        engine: Engine,
        commitments: CommitmentStore,
        ledger: Ledger,
        rules: Sequence[Rule] = (),
        is_workday: IsWorkday | None = None,
    ) -> None:
        self._library = Library(engine)
        self._commitments = commitments
        self._mentions = MentionStore(engine, is_workday)
        self._ledger = ledger
        self._rules = rules
        self._is_workday = is_workday
        self._kept: OrderedDict[tuple[object, ...], Overview] = OrderedDict()
        self._making = threading.Lock()

    def overview(self, index: Index) -> Overview:
        """See :class:`assistant.ports.OverTime`."""
        seen = frozenset(info.id for info in index.documents())
        entries = self._ledger.chosen(index, Filters(_NO_DAY))
        reviewed = frozenset((e.id, e.reviewed.number) for e in entries if e.reviewed is not None)
        key = (index.name, seen, len(entries), reviewed)
        with self._making:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            made = self._made(index, seen, entries)
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return made

    def asks(self, index: Index, proposal: str | None = None) -> Sequence[ProposalAsks]:
        """See :class:`assistant.ports.OverTime`."""
        found: list[ProposalAsks] = []
        for info in _proposals(index, proposal):
            document = index.document(info.id)
            if document is None:
                continue
            replies = _replies(index, info.id)
            wanted = frozenset(r.id for r in replies)
            entries = self._ledger.chosen(index, Filters(_NO_DAY, documents=wanted)) if wanted else ()
            found.append(ProposalAsks(document, replies, answered(asks_of(document), replies, entries)))
        return found

    def handling(self, index: Index, as_of: date, proposal: str | None = None) -> Sequence[Handling]:
        """See :class:`assistant.ports.OverTime`."""
        found: list[Handling] = []
        paired: set[str] = set()
        for info in _proposals(index, proposal):
            document, replies = index.document(info.id), _replies(index, info.id)
            paired |= {r.id for r in replies}
            found.append(handling_of(document, replies, self._rules, as_of, self._is_workday))
        for info in index.documents():
            if info.kind not in REPLYING or info.id in paired or not _wanted(info, proposal):
                continue
            document = index.document(info.id)
            if document is not None and not _answers_one(index, info.id):
                found.append(handling_of(None, (document,), self._rules, as_of, self._is_workday))
        return found

    def _made(self, index: Index, seen: frozenset[str], entries: Iterable[Entry]) -> Overview:
        holdings = [h for h in self._commitments.holdings(index.name) if h.document_id in seen]
        told = as_reviewed(self._mentions.told(holdings), entries)
        links = [link for link in self._library.links() if link.subject in seen and link.object in seen]
        return Overview.of(index.name, told, links)


def _proposals(index: Index, wanted: str | None) -> list[DocumentInfo]:
    infos = [i for i in index.documents() if i.kind in ASKING and _wanted(i, wanted)]
    return sorted(infos, key=lambda i: (i.fields.get("session", ("",))[0], i.title))


def _wanted(info: DocumentInfo, wanted: str | None) -> bool:
    """Whether a document is what is asked for: by the number of its proposal (524, 第524号), title, number or file."""
    if not wanted:
        return True
    numbers = {str(n) for _, n in find_proposal_numbers(wanted)}
    if wanted.strip().isdigit():
        numbers.add(wanted.strip())
    if numbers:
        return not numbers.isdisjoint(info.fields.get("proposal_number", ()))
    return called((info.title, info.number, info.source, info.id), wanted)


def _replies(index: Index, proposal_id: str) -> tuple[Document, ...]:
    """The replies to a proposal, by their dates."""
    links = [x for x in index.links(proposal_id) if x.kind is LinkKind.ANSWERS and x.object == proposal_id]
    found = [d for link in links if (d := index.document(link.subject)) is not None]
    return tuple(sorted(found, key=lambda d: (issued.value if (issued := d.field("issued_on")) else "", d.id)))


def _answers_one(index: Index, reply_id: str) -> bool:
    return any(link.kind is LinkKind.ANSWERS and link.subject == reply_id for link in index.links(reply_id))
