"""Sentences as answers take them: of a clause, long ones cut at ；, the rows of tables whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.statements import Quote, trimmed
from assistant.domain.language.text import sentences
from assistant.domain.policy import Clause, ClauseKind, Document, Span

BODY = (ClauseKind.BODY, ClauseKind.TABLE)
_SEMICOLON = re.compile("[；;]")
_FORMULA = re.compile("(?:答复|函复|批复|报告|通知|公告|说明|通报)如下|收悉|现(?:予以?)?(?:印发|转发)给?")
_COURTESY = re.compile(
    "^(?:[（(一二三四五六七八九十0-9)）、.]{0,4})?(?:首先|最后|再次|在此|这里|同时|并)?[，,]?(?:向您们?)?(?:表示)?(?:我们?局?|谨)?(?:衷心|非常|诚挚|真诚|十分|由衷|再次|深表)*(?:的)?(?:感谢|谢谢|致谢)(?!信)"
    "|^[您你贵][^。]{0,12}(?:建议|提案|意见)[^。]{0,12}(?:站位|针对性|很好|中肯|宝贵|前瞻|切中|十分(?:重要|及时|必要))"
    "|(?:诚恳|真诚|衷心|热忱|恳请)?(?:希望|期盼|欢迎|恳请|敬请|盼)[您你贵][^。]{0,8}(?:继续|多提|提出|一如既往|监督|关心|支持)"
    "|(?:欢迎|希望)(?:继续|多提|提出|一如既往)[^。]{0,16}(?:意见|建议|关心|支持|献策)"
)
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


def segments_of(document: Document, kinds: Sequence[ClauseKind] = BODY) -> Iterator[Segment]:
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
