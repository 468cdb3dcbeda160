"""What a composer reads: the question, the documents it is about, their passages, sentences and ledger rows."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

from assistant.answering.relevance import Level, Relevance
from assistant.answering.retrieve import Passage
from assistant.answering.scope import Scope
from assistant.answering.statements import Quote, trimmed
from assistant.answering.understand import Understood
from assistant.domain.ledger import Row, ledger_of
from assistant.domain.policy import Clause, ClauseKind, Document, Span
from assistant.domain.text import sentences

_BODY = (ClauseKind.BODY, ClauseKind.TABLE)
_SEMICOLON = re.compile("[；;]")
_FORMULA = re.compile("(?:答复|函复|批复|报告|通知|公告|说明|通报)如下|收悉|现(?:予以?)?(?:印发|转发)给?")
_HEADING, _ABOVE, _TITLE, _WHOLLY = 0.95, 0.8, 0.6, 0.9
_LONG = 60  # a sentence with ； longer than this is read part by part


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence, or a part of a long one between ；, in its clause."""

    document: Document
    clause: Clause
    span: Span

    @property
    def text(self) -> str:
        return self.span.of(self.document.text)

    @property
    def quote(self) -> Quote:
        return Quote(self.document, trimmed(self.document, self.span))

    @property
    def is_formula(self) -> bool:
        """Whether this is the formula that opens a document (…收悉，现答复如下), which repeats the title."""
        return bool(_FORMULA.search(self.text))

    @property
    def is_heading(self) -> bool:
        """Whether this is a clause's heading and nothing else."""
        return bool(self.clause.heading) and len(self.text) <= len(self.clause.label) + len(self.clause.heading) + 2


@dataclass(frozen=True, slots=True)
class Reading:
    """One question over its documents. ``documents`` are those named, or else those retrieved, best first."""

    question: Understood
    scope: Scope
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    shelf: Shelf
    today: date
    searched: int  # how many documents the index holds
    clauses: frozenset[str] | None = None  # ids of the clauses that the question addresses; None for all

    def rows(self) -> list[Row]:
        """The ledger rows in reach, those of proposals (asks, not commitments) left out."""
        return [row for row in self.all_rows() if row.document.kind != "提案"]

    def all_rows(self) -> list[Row]:
        """The rows of all documents in reach, proposals included."""
        rows = [row for d in self.documents for row in self.shelf.of(d).rows]
        return [r for r in rows if self.clauses is None or r.clause.id in self.clauses]

    def segments(self) -> list[Segment]:
        """All segments of the bodies in reach, in document order."""
        segments = (s for d in self.documents for s in self.shelf.of(d).segments)
        return [s for s in segments if self.clauses is None or s.clause.id in self.clauses]

    def levels(self, place: Segment | Row) -> tuple[Level, ...]:
        """A sentence or row and what stands over it; headings and title often name what the sentence leaves out."""
        own = place.text if isinstance(place, Segment) else f"{place.duty.task} {place.quote.of(place.document.text)}"
        return (Level(1.0, own), *self.shelf.of(place.document).above[place.clause.id])

    def own_levels(self, place: Segment | Row) -> tuple[Level, ...]:
        """The same, but a title or heading on the object does not make every duty under it a duty for the object."""
        return tuple(replace(level, alone=0.0) for level in self.levels(place))

    def relevance(self, words: str) -> Relevance:
        """A measure of ``words`` against all segments in reach."""
        return Relevance(words, [f"{s.clause.heading} {s.text}" for s in self.segments()])


@dataclass(frozen=True, slots=True)
class Contents:
    """What is read of one document: its ledger rows and segments in text order, and what stands over each clause."""

    rows: tuple[Row, ...]
    segments: tuple[Segment, ...]
    above: Mapping[str, tuple[Level, ...]]  # by clause id


class Shelf:
    """Contents of documents, read once a document; documents never change under an id, so nothing goes stale."""

    def __init__(self, keep: int = 512) -> None:
        self._keep = keep
        self._contents: OrderedDict[str, Contents] = OrderedDict()
        self._lock = Lock()

    def of(self, document: Document) -> Contents:
        """The contents of a document."""
        with self._lock:
            if document.id in self._contents:
                self._contents.move_to_end(document.id)
                return self._contents[document.id]
        contents = Contents(ledger_of(document), tuple(segments_of(document)), _levels_above(document))
        with self._lock:
            self._contents[document.id] = contents
            while len(self._contents) > self._keep:
                self._contents.popitem(last=False)
        return contents


def _levels_above(document: Document) -> dict[str, tuple[Level, ...]]:
    """For each clause its heading, the headings over it, and the title: each counts less than the one below."""
    above: dict[str, str] = {}
    found: dict[str, tuple[Level, ...]] = {}
    for clause in document.clauses:  # a parent comes before its children
        over = above.get(clause.parent_id or "", "")
        title = Level(_TITLE, document.title, alone=_WHOLLY)
        found[clause.id] = (Level(_HEADING, clause.heading), Level(_ABOVE, over, alone=_WHOLLY), title)
        above[clause.id] = f"{over} {clause.heading}"
    return found


def segments_of(document: Document) -> Iterator[Segment]:
    """The segments of a document's body and tables."""
    for clause in document.clauses:
        if clause.kind in _BODY:
            for span in segment_spans(document, clause):
                yield Segment(document, clause, span)


def segment_spans(document: Document, clause: Clause) -> Iterator[Span]:
    """A clause cut at its sentences, long sentences at ；. A table row stays whole: its cells belong together."""
    if clause.kind is ClauseKind.TABLE:
        yield clause.span
        return
    for sentence in sentences(document.text, clause.span):
        written = sentence.of(document.text)
        if len(written) <= _LONG or not _SEMICOLON.search(written):
            yield sentence
            continue
        position = sentence.start
        for match in _SEMICOLON.finditer(document.text, sentence.start, sentence.end):
            yield Span(position, match.start())
            position = match.end()
        if position < sentence.end:
            yield Span(position, sentence.end)
