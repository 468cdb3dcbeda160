"""The ledger and the documents of one generation, as composers ask them for rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.answering.statements import Quote, trimmed
from assistant.domain.holdings import Link, LinkKind
from assistant.domain.ledger.commitments import Entry
from assistant.domain.ledger.handling import Handling
from assistant.domain.ledger.selection import Filters
from assistant.domain.overtime.overview import Overview, ProposalAsks
from assistant.domain.policy import Clause, Document, Span
from assistant.errors import IndexUnavailable
from assistant.ports import Index, Ledger, OverTime


@dataclass(frozen=True, slots=True)
class Row:
    """A commitment of the ledger in its document; what it says (corrections too) is the ledger's alone.

    The document is read only when it is asked for: most rows of a large ledger are looked at and passed over.
    """

    entry: Entry
    books: Books

    @property
    def document(self) -> Document:
        """The document that it stands in."""
        return self.books.held(self.entry.document_id)

    @property
    def clause(self) -> Clause:
        """The clause that it begins in."""
        found = self.document.clause_at(self.entry.start)
        assert found is not None  # an entry is read from a clause
        return found

    @property
    def span(self) -> Span:
        """Where it stands in the document's text."""
        return Span(self.entry.start, self.entry.end)

    @property
    def text(self) -> str:
        return self.entry.quote

    @property
    def quote(self) -> Quote:
        return Quote(self.document, trimmed(self.document, self.span))

    @property
    def inherited(self) -> bool:
        """Whether its units are those of a clause higher up (推定), and not what a person corrected them to."""
        corrected = self.entry.reviewed is not None and "lead_units" in self.entry.reviewed.fields
        return self.entry.commitment.basis == "inherited" and not corrected

    @property
    def helps(self) -> bool:
        """Whether it only helps another body (配合省教育厅…)."""
        return bool(self.entry.helps)


class Books:
    """The ledger and the documents of one leased generation."""

    def __init__(self, index: Index, ledger: Ledger, today: date, over_time: OverTime | None = None) -> None:
        self._index = index
        self._ledger = ledger
        self._over_time = over_time
        self._listed: frozenset[str] | None = None
        self._documents: dict[str, Document] = {}
        self._chosen: dict[tuple[tuple[str, Any], ...], list[Entry]] = {}
        self._rows: dict[str, Row] = {}  # by id: a question looks at most of them several times
        self.today = today

    def chosen(self, **filters: Any) -> list[Row]:
        """The rows that these filters (of :class:`assistant.domain.ledger.selection.Filters`) let through, in order."""
        rows, found = self._rows, self._entries(filters)
        for entry in found:
            if entry.id not in rows:
                rows[entry.id] = Row(entry, self)
        return [rows[entry.id] for entry in found]

    def ids(self, **filters: Any) -> frozenset[str]:
        """The ids of the same rows."""
        return frozenset([entry.id for entry in self._entries(filters)])

    def _entries(self, filters: dict[str, Any]) -> list[Entry]:
        if self._listed is None:  # of what the reader may see
            self._listed = frozenset(d.id for d in self._index.documents())
        if self._listed <= filters.get("documents", frozenset()):  # all of them: nothing is left out
            del filters["documents"]
        key = tuple(sorted(filters.items(), key=lambda pair: pair[0]))
        if key not in self._chosen:
            entries, listed = self._ledger.chosen(self._index, Filters(self.today, **filters)), self._listed
            self._chosen[key] = [entry for entry in entries if entry.document_id in listed]
        return self._chosen[key]

    def held(self, document_id: str) -> Document:
        """A document that the generation lists."""
        found = self._documents.get(document_id) or self._index.document(document_id)
        if found is None:
            raise IndexUnavailable("索引列出的文件读不出来。", "请运行 ingest verify。")
        self._documents[document_id] = found
        return found

    def document(self, document_id: str) -> Document | None:
        """A document of the generation."""
        return self._index.document(document_id)

    def overview(self) -> Overview | None:
        """What became of things over the documents; None where nobody tells."""
        return self._over_time.overview(self._index) if self._over_time else None

    def asks(self, document_ids: Iterable[str]) -> list[ProposalAsks]:
        """The proposals among these documents, or answered by them, with what their replies say to each ask."""
        over_time = self._over_time
        return [p for i in self._cases(document_ids) for p in over_time.asks(self._index, i)] if over_time else []

    def links(self, document_id: str) -> Sequence[Link]:
        """How a document stands to others: replies, what repeals what."""
        return self._index.links(document_id)

    def handling(self, document_ids: Iterable[str]) -> list[Handling]:
        """By when these proposals must be answered, and whether they were."""
        over_time = self._over_time
        if over_time is None:
            return []
        return [h for i in self._cases(document_ids) for h in over_time.handling(self._index, self.today, i)]

    def _cases(self, document_ids: Iterable[str]) -> list[str]:
        """The documents, replies by the proposals that they answer."""
        found: dict[str, None] = {}
        for i in document_ids:
            answered = [x.object for x in self._index.links(i) if x.kind is LinkKind.ANSWERS and x.subject == i]
            found.update(dict.fromkeys(answered or [i]))
        return list(found)


class RowsByClause:
    """Rows by the id of their clause, sorted once something is asked for: a list of thousands asks for nothing."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._sorted: dict[str, list[Row]] | None = None

    def of(self, clause_id: str) -> Sequence[Row]:
        """The rows of a clause, in order."""
        if self._sorted is None:
            self._sorted = {}
            for row in self._rows:
                self._sorted.setdefault(row.entry.clause_id, []).append(row)
        return self._sorted.get(clause_id, ())
