"""Documents and their clauses.

A document is one *canonical text* and places in it. The text never changes under an id (the id is made of it),
so that a citation ``text[start:end]`` stays exact for as long as the id is known.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters ``[start, end)`` in a document's canonical text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """The characters that the span covers."""
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


_PARAGRAPH = re.compile(r"第([一二三四五六七八九十百千万零]+)款(?:·\d+)?$")


class ClauseKind(StrEnum):
    """What part of an official document a clause is (GB/T 9704: 版头, 主体, 版记)."""

    META = "meta"  # the metadata block of a government web page
    HEAD = "head"  # 版头 and what stands before the body: number, signatory, title, addressee
    BODY = "body"  # numbered clauses, articles and prose of the body
    TABLE = "table"  # one row of a table, its cells named
    TAIL = "tail"  # 署名, 成文日期, contact, 抄送, 公开属性


@dataclass(frozen=True, slots=True)
class Clause:
    """One addressable piece of a document.

    ``span`` is the clause's own text: marker, heading and what follows up to the first child or the next clause.
    The own spans of all clauses, in order, tile the document's text but for white space. ``path`` is the address
    used in citations, such as ``一（一）`` or ``第三条``; clauses of the head and tail are addressed in words.

    The paragraphs of an article are its 款 (立法技术规范: a 款 is a paragraph and bears no number). Where there are
    several, the clause that bears the article's label is 第三条第一款 and the clauses of the others, ``parent_id`` its
    id, are 第三条第二款 and so on; items stand below the 款 that announces them: 第三条第二款（一）.
    """

    id: str
    document_id: str
    ordinal: int
    parent_id: str | None
    path: str
    label: str  # the marker as written, such as “（一）”; empty where the clause has none
    heading: str  # the heading without its marker; empty for plain prose
    level: int  # 1 for 一、, 2 for （一）, …; 0 for unnumbered parts
    kind: ClauseKind
    span: Span

    @property
    def paragraph(self) -> str:
        """The number, in Chinese, of the 款 of an article that this is; empty for its first and for all else."""
        bare = self.kind is ClauseKind.BODY and not self.label and not self.heading
        match = _PARAGRAPH.search(self.path) if bare else None
        return match[1] if match else ""

    @property
    def is_paragraph(self) -> bool:
        """Whether this is a 款 of an article other than its first."""
        return bool(self.paragraph)


@dataclass(frozen=True, slots=True)
class Field:
    """One fact of the head or tail: ``value`` normalised, ``as_written`` verbatim, ``span`` its place.

    Names in use: number, title, signatory, addressee, issuer, issued_on, published_on, contact, phone, index_number,
    theme, session, proposal_number, copy_to, publicity; kind_confidence: how certain the kind of the document is, 0 to
    1; recognised: the share of the text that was recognised from pictures of print, 0 to 1; and uncertain_print: a line
    of a scan that was recognised with little confidence (the value, 0 to 1). Dates are ISO 8601. A name may occur twice
    when sources disagree (the web page's metadata against the body): the body's comes first.
    """

    name: str
    value: str
    as_written: str
    span: Span


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document: canonical text, the fields of its head and tail, and its clauses in text order."""

    id: str
    title: str
    kind: str  # 提案, 答复, 建议答复, 通知, 方案, 章程, 纪要, 函, 名单, 清单, 法规 or 其他
    source: str  # the file's name as the reader knows it, relative to the folder that was ingested
    text: str
    page_starts: tuple[int, ...]  # offset of each page's first character; empty where the format has no pages
    fields: tuple[Field, ...]
    clauses: tuple[Clause, ...]

    def __hash__(self) -> int:
        return hash(self.id)  # of the text; to hash every clause at each look-up takes longer than most answers

    def field(self, name: str) -> Field | None:
        """The first field of that name, or None."""
        return next((f for f in self.fields if f.name == name), None)

    @property
    def number(self) -> str | None:
        """The document number (发文字号), normalised, such as ``吉市教议〔2023〕7号``."""
        found = self.field("number")
        return found.value if found else None

    @property
    def key(self) -> str:
        """What names the document whatever becomes of its text: its number, else its title."""
        return self.number or self.title

    def page_of(self, offset: int) -> int | None:
        """The page (from 1) on which a character stands, or None where the format has no pages."""
        return bisect_right(self.page_starts, offset) if self.page_starts else None

    def clause_at(self, offset: int) -> Clause | None:
        """The clause whose own text holds the character at ``offset``."""
        position = bisect_right(self.clauses, offset, key=lambda c: c.span.start) - 1
        return self.clauses[position] if position >= 0 else None

    def read_with(self, clause: Clause) -> tuple[Clause, ...]:
        """The clauses that are read as one text with ``clause``, in order: an article's paragraphs (款) that nothing
        parts, no item and no table; of any other clause itself alone.

        A 款 often leaves out what the one before it names: what is searched, compared and shown to a model is the
        article, what is cited is the 款.
        """
        place = bisect_right(self.clauses, clause.span.start, key=lambda c: c.span.start) - 1
        first = place
        while first > 0 and self.clauses[first].is_paragraph:
            first -= 1
        opening = self.clauses[first].id
        if first != place and clause.parent_id != opening:
            return (clause,)
        last = first + 1
        while last < len(self.clauses) and self.clauses[last].is_paragraph and self.clauses[last].parent_id == opening:
            last += 1
        return self.clauses[first:last]

    def passage(self, clause: Clause) -> Span:
        """The text that ``clause`` is read in: see :meth:`read_with`."""
        read = self.read_with(clause)
        return Span(read[0].span.start, read[-1].span.end)

    def path_of(self, span: Span) -> str:
        """The address of a place: of the clause that it begins in, 第三条 where it goes on into the next 款."""
        clause = self.clause_at(span.start)
        if clause is None:
            return ""
        if span.end <= clause.span.end or not self.passage(clause).covers(span):
            return clause.path
        return _PARAGRAPH.sub("", clause.path)

    def ruling(self, clause: Clause) -> tuple[Clause, ...]:
        """The clauses above that rule ``clause``, the nearest first: a 款 stands beside the first of its article."""
        return self.ancestors(clause)[clause.is_paragraph :]

    def children(self, clause: Clause) -> tuple[Clause, ...]:
        """The clauses right below ``clause``, without the other 款 of an article."""
        return tuple(c for c in self.clauses if c.parent_id == clause.id and not c.is_paragraph)

    def ancestors(self, clause: Clause) -> tuple[Clause, ...]:
        """The clauses above ``clause``, the nearest first."""
        by_id = {c.id: c for c in self.clauses}
        found: list[Clause] = []
        while clause.parent_id is not None:
            clause = by_id[clause.parent_id]
            found.append(clause)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is embedded and retrieved: a clause, or a run of sentences of a long one. Never crosses a document."""

    id: str
    document_id: str
    clause_id: str
    ordinal: int
    path: str
    span: Span
    context: str  # title and headings above, which the embedder reads before the text
    text: str  # document.text[span]

    @property
    def passage(self) -> str:
        """The text that is embedded and indexed: context first (measured: it lifts MRR, docs/retrieval.md)."""
        return f"{self.context}：{self.text}" if self.context else self.text


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a source that could not be taken, or looks wrong: a value, never a stop."""

    source: str
    place: str  # page, line, archive member; empty for the whole file
    reason: str
    lost: bool  # True when text was not taken, False for a remark such as an impossible date
    detail: str = field(default="", compare=False)  # what a library said, for whoever looks into the file; not stored


def document_id(text: str) -> str:
    """The identity of a canonical text: ``d`` and 16 hex digits of its SHA-256."""
    return "d" + hashlib.sha256(text.encode()).hexdigest()[:16]


def part_id(document: str, kind: str, span: Span) -> str:
    """The id of a clause (``kind`` "c") or chunk ("k"): the document's id and the place of its first character."""
    return f"{document}-{kind}{span.start}-{span.end}"
