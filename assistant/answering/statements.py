"""What a composer gives: statements that stand on quotes, and how they become sentences with numbered citations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.domain.dialogue import Citation, Commitment, Completeness, Sentence, Verdict
from assistant.domain.ledger.commitments import Entry
from assistant.domain.overtime.asks import ASKING
from assistant.domain.policy import Document, Span

SIGNS = {"planned": "〔拟〕", "in_progress": "〔进行中〕", "done": "〔已完成〕", "unclear": ""}
INFERRED_UNIT = "〔推定〕"
INFERRED_YEAR = "〔推断〕"
REPEALED = "〔已废止〕"
REVIEWED = {"confirmed": "〔已核对〕", "corrected": "〔已更正〕"}
NOT_STATED = "文件未载明"
_ASKS = "（提出的是建议，不是决定）"  # behind the name of a proposal that speaks


@dataclass(frozen=True, slots=True)
class Quote:
    """A place in a document that a statement stands on."""

    document: Document
    span: Span

    @property
    def text(self) -> str:
        return self.span.of(self.document.text)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, without its numbers. ``entry`` is what it tells of the ledger, if anything."""

    text: str
    quotes: tuple[Quote, ...] = ()
    entry: Entry | None = None
    ends_line: bool = True


@dataclass(frozen=True, slots=True)
class Composition:
    """A whole extractive answer, before numbering."""

    verdict: Verdict
    statements: tuple[Statement, ...]
    completeness: Completeness | None = None
    relaxed: bool = False  # a condition was given up, for nothing met all of them


class Numbering:
    """Gives every quote its number once; the same place keeps its number through the answer."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.citations: list[Citation] = []
        self.doubtful: list[int] = []  # numbers of quotes whose print was recognised with doubt

    def number(self, quote: Quote) -> int:
        """The number of a quote; new ones are appended to :attr:`citations`."""
        key = (quote.document.id, quote.span.start, quote.span.end)
        if key not in self._numbers:
            self._numbers[key] = len(self.citations) + 1
            self.citations.append(citation_of(self._numbers[key], quote))
            if _is_doubtful(quote):
                self.doubtful.append(self._numbers[key])
        return self._numbers[key]

    def sentence(self, statement: Statement, *, last: bool) -> Sentence:
        """The statement with its numbers behind it and a line break where more follow."""
        numbers = tuple(dict.fromkeys(self.number(q) for q in statement.quotes))
        text = statement.text + "".join(f"[{n}]" for n in numbers)
        return Sentence(text + ("" if last or not statement.ends_line else "\n"), numbers)

    def commitment(self, statement: Statement) -> Commitment | None:
        """The contract's commitment for a statement that tells one of the ledger."""
        if statement.entry is None:
            return None
        citations = tuple(dict.fromkeys(self.number(q) for q in statement.quotes))
        return replace(statement.entry.commitment, citations=citations)


def _is_doubtful(quote: Quote) -> bool:
    """Whether the quote holds print of a scan that was recognised with doubt."""
    return any(
        f.name == "uncertain_print" and f.span.start < quote.span.end and quote.span.start < f.span.end
        for f in quote.document.fields
    )


def citation_of(n: int, quote: Quote) -> Citation:
    """A quote as the contract gives it."""
    document, span = quote.document, quote.span
    return Citation(
        n=n,
        document_id=document.id,
        title=document.title,
        number=document.number,
        path=document.path_of(span),
        page=document.page_of(span.start),
        start=span.start,
        end=span.end,
        quote=quote.text,
        date=_dated(document),
    )


def name_of(document: Document) -> str:
    """How an answer names a document: its title in 《》 with the number behind."""
    return f"《{document.title}》" + (f"（{document.number}）" if document.number else "")


_FROM_THE_START = re.compile(
    "原来|原先|原定|最初|一开始|起初|后来|历次|历史|沿革|演变|前后|先后|来龙去脉|变化|经过|怎么变"
)


def in_order(question: str, document: Document) -> tuple[int, str]:
    """For ordering documents: what holds now first, how it came to be behind it, what nothing dates last.

    Where the question asks how it came to be, from the start.
    """
    on = dated(document)
    if not on:
        return (99_999_999, document.id)
    day = int(on.replace("-", "")[:8])
    return (day if _FROM_THE_START.search(question) else -day, document.id)


def _day_of(document: Document) -> str:
    match (_dated(document) or "").split("-"):
        case [year, month, day]:
            return f"{year}年{int(month)}月{int(day)}日"
    return ""


def dated(document: Document) -> str:
    """The date of a document in ISO 8601; empty where it has none."""
    return _dated(document) or ""


def _dated(document: Document) -> str | None:
    field = document.field("issued_on") or document.field("published_on")
    return field.value if field else None


def attributed(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements with a line before each run of one document's that says which document speaks.

    Where several speak, each is given its date: the reader has to know as of when.
    """
    found: list[Statement] = []
    speaking: str | None = None
    several = len({s.quotes[0].document.id for s in statements if s.quotes}) > 1
    for statement in statements:
        document = statement.quotes[0].document if statement.quotes else None
        if document is not None and document.id != speaking:
            speaking = document.id
            day = _day_of(document) if several else ""
            asks = _ASKS if document.kind in ASKING else ""
            found.append(Statement(f"据{name_of(document)}{asks}{'，' if day else ''}{day}："))
        found.append(statement)
    return tuple(found)


def counted(
    statements: Sequence[Statement],
    closing: str,
    *,
    head: Sequence[Statement] = (),
    verdict: Verdict = Verdict.ANSWERED,
) -> Composition:
    """A complete list: the statements under their documents, and a line that counts them (``{}`` in ``closing``).

    ``head`` stands before them and is not counted.
    """
    end = Statement(closing.format(len(statements)))
    count = Completeness(len(statements), len(statements))
    return Composition(verdict, (*attributed([*head, *statements]), end), count)


def trimmed(document: Document, span: Span) -> Span:
    """A span without white space and separators at its ends, so that a quote begins and ends with words."""
    start, end = span.start, span.end
    while start < end and (document.text[start].isspace() or document.text[start] in "；;，,、"):
        start += 1
    while end > start and (document.text[end - 1].isspace() or document.text[end - 1] in "；;，,、。"):
        end -= 1
    return Span(start, end) if start < end else span


def shortened(text: str, limit: int = 200) -> str:
    """A quote as the answer's line shows it; the citation beside it always carries the whole."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
