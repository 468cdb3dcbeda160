"""What a composer reads: the question, the documents it is about, their passages and sentences, the ledger's rows."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any

from assistant.answering.retrieval.ranking import Nearness
from assistant.answering.retrieval.relevance import Level, Relevance
from assistant.answering.retrieval.retrieve import Passage
from assistant.answering.retrieval.scope import Scope
from assistant.answering.statements import Quote, trimmed
from assistant.answering.understanding.question import Understood
from assistant.domain.dialogue import Status
from assistant.domain.holdings import Link, LinkKind
from assistant.domain.language.deadlines import find_deadlines
from assistant.domain.language.resolution import anchor_of, resolve
from assistant.domain.language.status import read_status
from assistant.domain.language.text import sentences
from assistant.domain.ledger.commitments import Entry
from assistant.domain.ledger.handling import Handling
from assistant.domain.ledger.selection import Filters
from assistant.domain.overtime.overview import Overview, ProposalAsks
from assistant.domain.overtime.progress import Progress, state_of_heading
from assistant.domain.policy import Clause, ClauseKind, Document, Span
from assistant.errors import IndexUnavailable
from assistant.ports import Index, Ledger, OverTime

_BODY = (ClauseKind.BODY, ClauseKind.TABLE)
_SEMICOLON = re.compile("[；;]")
_FORMULA = re.compile("(?:答复|函复|批复|报告|通知|公告|说明|通报)如下|收悉|现(?:予以?)?(?:印发|转发)给?")
_COURTESY = re.compile(
    "^(?:[（(一二三四五六七八九十0-9)）、.]{0,4})?(?:首先|最后|再次|在此|这里|同时|并)?[，,]?(?:向您们?)?(?:表示)?(?:我们?局?|谨)?(?:衷心|非常|诚挚|真诚|十分|由衷|再次|深表)*(?:的)?(?:感谢|谢谢|致谢)(?!信)"
    "|^[您你贵][^。]{0,12}(?:建议|提案|意见)[^。]{0,12}(?:站位|针对性|很好|中肯|宝贵|前瞻|切中|十分(?:重要|及时|必要))"
    "|(?:诚恳|真诚|衷心|热忱|恳请)?(?:希望|期盼|欢迎|恳请|敬请|盼)[您你贵][^。]{0,8}(?:继续|多提|提出|一如既往|监督|关心|支持)"
    "|(?:欢迎|希望)(?:继续|多提|提出|一如既往)[^。]{0,16}(?:意见|建议|关心|支持|献策)"
)
_CHANGES = re.compile(
    "(?:调整|变更|修改|更改|改)[为成由]|顺延|延[期长]至|延至|推迟|提前至|更名为|不再(?:由|作为|承担|负责|牵头)|单独负责"
)
_IN_CLAUSE = 0.9
_HEADING, _ABOVE, _TITLE, _WHOLLY = 0.95, 0.8, 0.6, 0.9
_SHORT = 20  # characters of a heading that rules what stands under it
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
    def around(self) -> str:
        """The clause that it stands in, an article with all of its 款."""
        return self.document.passage(self.clause).of(self.document.text)

    def beside(self, other: Segment) -> bool:
        """Whether both stand in one clause, or in one article."""
        return self.document.id == other.document.id and self.document.passage(self.clause).covers(other.span)

    @property
    def quote(self) -> Quote:
        return Quote(self.document, trimmed(self.document, self.span))

    @property
    def is_formula(self) -> bool:
        """Whether this opens a document (…收悉，现答复如下), repeating its title, or is a courtesy (感谢您的关心)."""
        return bool(_FORMULA.search(self.text) or _COURTESY.search(self.text.strip()))

    @property
    def is_heading(self) -> bool:
        """Whether this is a clause's heading and nothing else."""
        heading = self.clause.heading
        return bool(heading) and heading in self.text and len(self.text) <= len(self.clause.label) + len(heading) + 2


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
            return [s for d in self.documents for s in segments_of(d, (*_BODY, ClauseKind.HEAD, ClauseKind.TAIL))]
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


@dataclass(frozen=True, slots=True)
class Contents:
    """What is read of one document: its segments in text order, and what stands over each clause."""

    segments: tuple[Segment, ...]
    above: Mapping[str, tuple[Level, ...]]  # by clause id
    above_own: Mapping[str, tuple[Level, ...]]  # the same, none of which counts for more by being alone


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
        above = _levels_above(document)
        above_own = {clause: tuple(replace(level, alone=0.0) for level in levels) for clause, levels in above.items()}
        contents = Contents(tuple(segments_of(document)), above, above_own)
        with self._lock:
            self._contents[document.id] = contents
            while len(self._contents) > self._keep:
                self._contents.popitem(last=False)
        return contents


def changes(text: str) -> bool:
    """Whether a sentence changes what was settled before: 调整为, 顺延至, 更名为."""
    return bool(_CHANGES.search(text))


def _shared(row: Row, segment: Segment) -> int:
    """Characters that a row's quote and a sentence share."""
    return min(row.entry.end, segment.span.end) - max(row.entry.start, segment.span.start)


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


def segments_of(document: Document, kinds: Sequence[ClauseKind] = _BODY) -> Iterator[Segment]:
    """The segments of a document's body and tables, or of other parts."""
    for clause in document.clauses:
        if clause.kind in kinds:
            for span in segment_spans(document, clause):
                yield Segment(document, clause, span)


def segments_in(document: Document, span: Span) -> Iterator[Segment]:
    """The segments that begin in a retrieved piece of text."""
    clause = document.clause_at(span.start)
    for read in document.read_with(clause) if clause else ():
        for found in segment_spans(document, read):
            if span.covers(Span(found.start, found.start)):
                yield Segment(document, read, found)


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
