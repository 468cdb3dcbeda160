"""The entries of the ledger (责任台账): one commitment of a document each, with everything that a list shows of it.

An entry is derived data: the same document read by the same rules gives the same entries. What depends on the day of
asking (overdue) is computed when it is asked for and never kept.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from assistant.domain.dialogue import Commitment, Deadline, Status
from assistant.domain.language.resolution import IsWorkday, Resolved
from assistant.domain.ledger.extraction import Row, events_of, full_ledger_of, limit_of, meant_by
from assistant.domain.policy import Document, Span

ASKS_ONLY = "提案"
"""The kind of document whose sentences ask and do not commit."""

OFFERED = "candidate"
"""The rule of an entry that a chat model offered (:mod:`assistant.domain.ledger.candidates`)."""

_UNDATED = "9999"


@dataclass(frozen=True, slots=True)
class Above:
    """The sentence of a clause higher up from which a commitment has its units (推定)."""

    path: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A dated event that a commitment tells; ``inferred`` where the document does not write the year (推断)."""

    as_written: str
    date: str | None  # ISO 8601; None where the day cannot be known
    inferred: bool


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a person has said of an entry (:mod:`assistant.domain.ledger.reviews`).

    ``pending`` (待复核): it was said of words that are others now, and so is not applied. ``said`` and ``said_due``
    are what the document says where the entry shows a correction, ``fields`` the names of what was corrected,
    ``vouched`` of all that the person stands for.
    """

    state: Literal["confirmed", "corrected", "rejected", "pending"]
    number: int  # of the review that is in force
    by: str
    at: str  # ISO 8601, UTC
    why: str
    said: Commitment | None = None
    said_due: str | None = None
    fields: tuple[str, ...] = ()
    vouched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A commitment in its clause: ``document.text[start:end] == quote`` always holds.

    ``meant`` gives the names by which units are known outside the document (我局 is its issuer), for those that it
    calls otherwise. ``helps`` are the units that the issuer's side cooperates with (配合省科技厅…), who lead in the
    sentence but are not committed by it. ``due_on`` is the last day of the limit where one can be computed,
    ``due_inferred`` says that the document does not write its year (推断: the commitment's own ``deadline.date`` is
    then None), ``due_note`` how it was found or why not. ``above`` is set where the basis is inherited.

    ``words`` is the fingerprint of the clause (and of ``above``) without its marker: as long as it stays, what a person
    has said of the entry holds. ``reviewed`` is that: never kept with the entry, which is derived, but put on when
    the ledger is read; ``commitment`` and ``due_on`` then are as corrected, the quote never.
    """

    id: str
    document_id: str
    title: str
    number: str | None
    source: str
    dated: str | None  # 成文日期, else the date of publication; ISO 8601
    clause_id: str
    path: str
    page: int | None
    start: int
    end: int
    quote: str
    commitment: Commitment
    meant: tuple[tuple[str, str], ...]  # (as written, as known)
    helps: tuple[str, ...]
    due_on: str | None  # ISO 8601
    due_inferred: bool
    due_note: str
    events: tuple[Happened, ...]
    above: Above | None
    rule: str
    words: str = ""
    reviewed: Reviewed | None = None
    cue: str = ""  # the words that the rule read

    @property
    def leads_known(self) -> tuple[str, ...]:
        """The lead units by the names they are known by outside the document."""
        return self._known(self.commitment.lead_units)

    @property
    def cooperating_known(self) -> tuple[str, ...]:
        """The cooperating units, likewise."""
        return self._known(self.commitment.cooperating_units)

    @property
    def url(self) -> str:
        """Where the quote opens, relative to the service's root."""
        return f"/documents/{self.document_id}#{self.start}-{self.end}"

    @property
    def document_key(self) -> str:
        """:attr:`Document.key <assistant.domain.policy.Document.key>` of its document."""
        return self.number or self.title

    @property
    def rejected(self) -> bool:
        """Whether a person has said that this is no commitment: lists and counts leave it out."""
        return self.reviewed is not None and self.reviewed.state == "rejected"

    @property
    def candidate(self) -> bool:
        """Whether a model offered it and no person has taken it up (待确认): no list and no count holds such."""
        return self.rule == OFFERED and (self.reviewed is None or self.reviewed.state in ("rejected", "pending"))

    @property
    def version(self) -> str:
        """12 hex digits over what the entry shows: whoever changes it says what they have read."""
        seen = (self.words, self.commitment, self.due_on, self.reviewed.number if self.reviewed else 0)
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:12]

    @property
    def due(self) -> date | None:
        """The last day of the time limit, where it can be computed."""
        return date.fromisoformat(self.due_on) if self.due_on else None

    @property
    def order(self) -> tuple[str, str, int, int]:
        """Lists go by the date of the document, undated ones last, and within it by the text."""
        return (self.dated or _UNDATED, self.document_id, self.start, self.end)

    def overdue(self, as_of: date) -> bool:
        """Whether the limit is past on the day ``as_of`` and the sentence does not say that the matter is done."""
        return self.due is not None and self.due < as_of and self.commitment.status.state != "done"

    def due_within(self, days: int, as_of: date) -> bool:
        """Whether the limit ends within ``days`` days from ``as_of`` (that day counted) and nothing says it is done."""
        if self.due is None or self.commitment.status.state == "done":
            return False
        return 0 <= (self.due - as_of) / timedelta(days=1) <= days

    def done_undated(self, as_of: date) -> bool:
        """Whether the matter is said to be done and nothing of a day up to ``as_of`` shows when."""
        if self.commitment.status.state != "done":
            return False
        days = (self.commitment.status.as_of, *(e.date for e in self.events))
        return not any(day is not None and day <= as_of.isoformat() for day in days)

    def _known(self, names: tuple[str, ...]) -> tuple[str, ...]:
        known = dict(self.meant)
        return tuple(known.get(name, name) for name in names)

    def to_json(self) -> dict[str, Any]:
        """All that is derived, to be kept; :meth:`from_json` reads it back."""
        kept = asdict(self)
        del kept["reviewed"]
        return kept

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Entry:
        """Raises KeyError or TypeError where ``data`` is no entry."""
        kept = dict(data["commitment"])
        commitment = Commitment(
            task=kept["task"],
            lead_units=tuple(kept["lead_units"]),
            cooperating_units=tuple(kept["cooperating_units"]),
            role=kept["role"],
            basis=kept["basis"],
            deadline=Deadline(**kept["deadline"]),
            status=Status(**kept["status"]),
        )
        meant = tuple((written, known) for written, known in data["meant"])
        built = {
            "commitment": commitment,
            "meant": meant,
            "helps": tuple(data["helps"]),
            "events": tuple(Happened(**event) for event in data["events"]),
            "above": Above(**data["above"]) if data["above"] else None,
        }
        return cls(**{**data, **built})


def entries_of(document: Document, is_workday: IsWorkday | None = None) -> tuple[Entry, ...]:
    """The commitments of a document in text order; none of a proposal, whose sentences ask.

    ``is_workday`` is the calendar for limits in 工作日, which stay unresolved without it.
    """
    if document.kind == ASKS_ONLY:
        return ()
    seen: Counter[str] = Counter()
    entries: list[Entry] = []
    span = Span(0, 0)
    for row in full_ledger_of(document):
        # Where one bracket states two duties, the second has no words left of its own: they share the measure.
        span = _trimmed(document, row.duty.span) or span
        # Without the marker: a clause that is put in above moves the numbers of all below.
        words = "".join(span.of(document.text).removeprefix(row.clause.label).split())
        seen[words] += 1
        entries.append(entry_of(row, span, _id(document, words, seen[words]), limit_of(row, is_workday)))
    return tuple(entries)


def told_apart(entries: Iterable[Entry]) -> list[Entry]:
    """The entries in their order, those that share an id (copies of one document) numbered behind the first."""
    seen: Counter[str] = Counter()
    apart: list[Entry] = []
    for entry in sorted(entries, key=lambda e: e.order):
        seen[entry.id] += 1
        apart.append(entry if seen[entry.id] == 1 else replace(entry, id=f"{entry.id}-{seen[entry.id]}"))
    return apart


def _id(document: Document, words: str, occurrence: int) -> str:
    """``m`` and 16 hex digits over the document's number (or title) and the words of the commitment.

    Neither the document's id nor an offset goes into it: both move when any other clause changes, and what people
    have said of a commitment must stay with it.
    """
    said = "\x00".join((document.key, words, str(occurrence)))
    return "m" + hashlib.sha256(said.encode()).hexdigest()[:16]


def entry_of(row: Row, span: Span, identity: str, resolved: Resolved | None) -> Entry:
    """The entry of a row: ``span`` is its quote, ``resolved`` its limit with the days that it means."""
    document, duty, limit = row.document, row.duty, row.deadline
    dated = document.field("issued_on") or document.field("published_on")
    helping = duty.role == "配合"
    acting = row.above.duty.leads if helping and row.above and not duty.cooperators else duty.cooperators
    happened = tuple(Happened(e.as_written, e.date, e.anchor is not None) for e in events_of(row))
    stated = next((h.date for h in happened if h.date and not h.inferred), None)
    due = resolved.end.isoformat() if resolved and resolved.end else None
    inferred = resolved is not None and resolved.inferred and resolved.kind == "fixed"
    named = dict.fromkeys((*duty.leads, *acting))
    return Entry(
        id=identity,
        document_id=document.id,
        title=document.title,
        number=document.number,
        source=document.source,
        dated=dated.value if dated else None,
        clause_id=row.clause.id,
        path=row.clause.path,
        page=document.page_of(span.start),
        start=span.start,
        end=span.end,
        quote=span.of(document.text),
        commitment=Commitment(
            task=duty.task or row.clause.heading,
            lead_units=() if helping else duty.leads,
            cooperating_units=acting,
            role=duty.role,
            basis=row.basis,
            deadline=Deadline(limit.as_written, None if inferred else due, limit.kind) if limit else Deadline(),
            status=replace(duty.status, as_of=stated) if stated else duty.status,
        ),
        meant=tuple((name, known) for name in named if (known := meant_by(document, name)) != name),
        helps=duty.leads if helping else (),
        due_on=due,
        due_inferred=inferred,
        due_note=(resolved.formula or resolved.reason) if resolved else "",
        events=happened,
        above=_above(row.above) if row.above else None,
        rule=duty.rule,
        cue=duty.cue,
        words=_words_of(row),
    )


def _words_of(row: Row) -> str:
    opening = row.document.read_with(row.clause)[0]
    clause = row.document.passage(row.clause).of(row.document.text).removeprefix(opening.label)
    above = row.above.duty.span.of(row.document.text) if row.above else ""
    return fingerprint(clause, above)


def fingerprint(*texts: str) -> str:
    """16 hex digits over texts, white space left out."""
    return hashlib.sha256("\x00".join("".join(t.split()) for t in texts).encode()).hexdigest()[:16]


def _above(row: Row) -> Above:
    span = _trimmed(row.document, row.duty.span) or row.duty.span
    return Above(row.clause.path, span.start, span.end, span.of(row.document.text))


def _trimmed(document: Document, span: Span) -> Span | None:
    """The span without white space at either end; None where nothing is left."""
    written = span.of(document.text)
    start, end = span.start + len(written) - len(written.lstrip()), span.start + len(written.rstrip())
    return Span(start, end) if start < end else None
