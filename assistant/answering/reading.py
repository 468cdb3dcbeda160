"""What a composer reads: the question, the documents it is about, their passages, sentences and ledger rows."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from threading import Lock

from assistant.answering.relevance import Relevance
from assistant.answering.retrieve import Passage
from assistant.answering.scope import Scope
from assistant.answering.statements import Quote, trimmed
from assistant.answering.understand import Understood
from assistant.domain.ledger import Row, ledger_of
from assistant.domain.policy import Clause, ClauseKind, Document, Span
from assistant.domain.text import sentences

_BODY = (ClauseKind.BODY, ClauseKind.TABLE)
_SEMICOLON = re.compile("[；;]")
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
    def in_context(self) -> str:
        """The segment's words together with its clause's heading, which often names what the sentence leaves out."""
        return f"{self.clause.heading} {self.text}"


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
        rows = [row for d in self.documents if d.kind != "提案" for row in self.shelf.of(d).rows]
        return [r for r in rows if self.clauses is None or r.clause.id in self.clauses]

    def segments(self) -> list[Segment]:
        """All segments of the bodies in reach, in document order."""
        segments = (s for d in self.documents for s in self.shelf.of(d).segments)
        return [s for s in segments if self.clauses is None or s.clause.id in self.clauses]

    def relevance(self, words: str) -> Relevance:
        """A measure of ``words`` against all segments in reach."""
        return Relevance(words, [s.in_context for s in self.segments()])


@dataclass(frozen=True, slots=True)
class Contents:
    """What is read of one document: its ledger rows and its segments, in text order."""

    rows: tuple[Row, ...]
    segments: tuple[Segment, ...]


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
        contents = Contents(ledger_of(document), tuple(segments_of(document)))
        with self._lock:
            self._contents[document.id] = contents
            while len(self._contents) > self._keep:
                self._contents.popitem(last=False)
        return contents


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
