"""The ledger over time over documents in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.domain.ledger.commitments import entries_of
from assistant.domain.ledger.handling import Handling, Rule, handling_of
from assistant.domain.overtime.asks import ASKING, REPLYING, answered, asks_of
from assistant.domain.overtime.overview import Overview, ProposalAsks, called
from assistant.domain.overtime.told import told_by
from assistant.domain.policy import Document
from assistant.ports import Index


@dataclass
class MemoryOverTime:
    """:class:`assistant.ports.OverTime`; every reply answers every proposal."""

    rules: Sequence[Rule] = ()

    def overview(self, index: Index) -> Overview:
        return Overview.of(index.name, [told_by(d, entries_of(d)) for d in _documents(index)])

    def asks(self, index: Index, proposal: str | None = None) -> Sequence[ProposalAsks]:
        replies = tuple(d for d in _documents(index) if d.kind in REPLYING)
        entries = [e for r in replies for e in entries_of(r)]
        return [ProposalAsks(p, replies, answered(asks_of(p), replies, entries)) for p in _proposals(index, proposal)]

    def handling(self, index: Index, as_of: date, proposal: str | None = None) -> Sequence[Handling]:
        replies = [d for d in _documents(index) if d.kind in REPLYING]
        return [handling_of(p, replies, self.rules, as_of) for p in _proposals(index, proposal)]


def _documents(index: Index) -> list[Document]:
    return [d for info in index.documents() if (d := index.document(info.id))]


def _proposals(index: Index, proposal: str | None) -> list[Document]:
    return [d for d in _documents(index) if d.kind in ASKING and (not proposal or called((d.title, d.id), proposal))]
