"""What a composer reads: the question, the documents it is about, their passages and sentences, the ledger's rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.retrieval.books import Books, Row, RowsByClause
from assistant.answering.retrieval.ranking import Nearness
from assistant.answering.retrieval.relevance import Level, Relevance
from assistant.answering.retrieval.retrieve import Passage
from assistant.answering.retrieval.scope import Scope
from assistant.answering.retrieval.segments import BODY, Segment, segments_of
from assistant.answering.retrieval.shelf import Shelf
from assistant.answering.understanding.question import Understood
from assistant.domain.dialogue import Status
from assistant.domain.language.deadlines import find_deadlines
from assistant.domain.language.resolution import anchor_of, resolve
from assistant.domain.language.status import read_status
from assistant.domain.overtime.progress import Progress, state_of_heading
from assistant.domain.policy import ClauseKind, Document

_CHANGES = re.compile(
    "(?:调整|变更|修改|更改|改)[为成由]|顺延|延[期长]至|延至|推迟|提前至|更名为|不再(?:由|作为|承担|负责|牵头)|单独负责"
)
_IN_CLAUSE = 0.9
_SHORT = 20  # characters of a heading that rules what stands under it


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit of a sentence: as written, its last day where one can be computed, and the row that bears it."""

    as_written: str
    kind: str
    due: date | None
    inferred: bool  # the year is not written (推断)
    row: Row | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One question over its documents. ``documents`` are those named, or else those retrieved, best first."""

    question: Understood
    scope: Scope
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    shelf: Shelf
    books: Books
    held: tuple[Row, ...]  # the ledger's rows of the documents in reach
    of_clause: RowsByClause  # the same
    searched: int  # how many documents the index holds
    near: tuple[Passage, ...] = ()  # all that retrieval found, the best first; ``passages`` are the first of them
    reached: tuple[str, ...] = ()  # ids of all documents that retrieval found anything in, the best first
    clauses: frozenset[str] | None = None  # ids of the clauses that the question addresses; None for all
    nearness: Nearness | None = None  # None where nothing here compares by meaning
    # Where documents are asked for (哪些法律规定…): the clauses that say it, and how many were looked through.
    tellers: tuple[Segment, ...] = ()
    looked_through: int = 0

    @property
    def today(self) -> date:
        """The day that the question is asked on."""
        return self.books.today

    def rows(self) -> list[Row]:
        """The ledger's rows in reach; proposals have none, what they ask commits nobody."""
        return [r for r in self.held if self.clauses is None or r.entry.clause_id in self.clauses]

    def row_of(self, segment: Segment) -> Row | None:
        """The ledger's row that speaks for a sentence: the one that shares most of it, of those it shares half with."""
        near = [r for r in self.of_clause.of(segment.clause.id) if 2 * _shared(r, segment) > len(segment.text)]
        return max(near, key=lambda r: (not r.inherited, _shared(r, segment)), default=None)

    def status_of(self, segment: Segment) -> Status:
        """How far a sentence says a matter is: as the ledger has it, by the same rule where the ledger has no row."""
        row = self.row_of(segment)
        status = row.entry.commitment.status if row and not row.inherited else read_status(segment.text)
        if status.state in ("done", "unclear") and (ruled := self._under(segment)) and ruled.state != "done":
            return replace(status, state=ruled.state, cue=ruled.cue)  # 已办班11期 under 三、正在推进的任务
        return status

    def _under(self, segment: Segment) -> Progress | None:
        """What the nearest heading over a sentence says of all that stands under it."""
        clauses = (segment.clause, *segment.document.ancestors(segment.clause))
        return next((p for c in clauses if len(c.heading) <= _SHORT and (p := state_of_heading(c.heading))), None)

    def limits_of(self, segment: Segment) -> list[Limit]:
        """The time limits of a sentence: the ledger's where it has the sentence, by the same rules where it has not."""
        row, text = self.row_of(segment), segment.text
        found: list[Limit] = []
        for mention in find_deadlines(text):
            if row is not None and mention.as_written == row.entry.commitment.deadline.as_written:
                entry = row.entry
                found.append(Limit(mention.as_written, mention.kind, entry.due, entry.due_inferred, row))
                continue
            start, end = mention.span.start, mention.span.end
            before, after = text[max(0, start - 24) : start], text[end : end + 12]
            resolved = resolve(mention, anchor_of(segment.document), before=before, after=after)
            inferred = resolved.inferred and resolved.kind == "fixed"
            found.append(Limit(mention.as_written, mention.kind, resolved.end, inferred, row))
        return found

    def segments(self, *, heads: bool = False) -> list[Segment]:
        """All segments of the bodies in reach, in document order; with ``heads`` those of heads and tails too."""
        if heads:
            return [s for d in self.documents for s in segments_of(d, (*BODY, ClauseKind.HEAD, ClauseKind.TAIL))]
        segments = (s for d in self.documents for s in self.shelf.of(d).segments)
        return [s for s in segments if self.clauses is None or s.clause.id in self.clauses]

    def levels(self, place: Segment | Row) -> tuple[Level, ...]:
        """A sentence or row and what stands over it; headings and title often name what the sentence leaves out."""
        return self._levels(place, self.shelf.of(place.document).above)

    def own_levels(self, place: Segment | Row) -> tuple[Level, ...]:
        """The same, but a title or heading on the object does not make every duty under it a duty for the object."""
        return self._levels(place, self.shelf.of(place.document).above_own)

    def _levels(self, place: Segment | Row, above: Mapping[str, tuple[Level, ...]]) -> tuple[Level, ...]:
        own = place.text if isinstance(place, Segment) else f"{place.entry.commitment.task} {place.text}"
        levels = (Level(1.0, own), *above[place.clause.id])
        if isinstance(place, Segment) and changes(own):  # 时限顺延至…: of what, the sentence before may say
            return (*levels, Level(_IN_CLAUSE, place.around))
        return levels

    def relevance(self, words: str) -> Relevance:
        """A measure of ``words`` against all segments in reach."""
        return Relevance(words, [f"{s.clause.heading} {s.text}" for s in self.segments()])


def changes(text: str) -> bool:
    """Whether a sentence changes what was settled before: 调整为, 顺延至, 更名为."""
    return bool(_CHANGES.search(text))


def _shared(row: Row, segment: Segment) -> int:
    """Characters that a row's quote and a sentence share."""
    return min(row.entry.end, segment.span.end) - max(row.entry.start, segment.span.start)
