"""Whether a document is still in force: what repeals it, with the clause that says so, else its own term.

Source of the ends: 党政机关公文处理工作条例, by which a later document repeals (废止), stops (停止执行) or takes the
place of an earlier one; ingest reads those sentences into links.
"""

from __future__ import annotations

import re

from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.relevance import Relevance
from assistant.answering.retrieval.segments import Segment
from assistant.answering.statements import NOT_STATED, Composition, Statement, dated, name_of, shortened
from assistant.domain.dialogue import Verdict
from assistant.domain.holdings import ENDS, Link
from assistant.domain.language.identity import normalise_number
from assistant.domain.policy import Document

_ASKS = re.compile(
    "(?:还|是否|仍然?|目前|现在|现|如今|今年)(?:还|仍)?(?:是)?(?:有效|管用|能用|可用|适用|作数|算数)(?!期)"
    "|有效(?:吗|么|不|没|否)|(?:能|可以|可)(?:否|不能|不可以)?(?:接着|继续|再|还|照)(?:着)?(?:用|执行|适用|引用)(?:吗|么|不|[？?]|$)"
    "|(?:废止|失效|作废|停止执行)了?(?:没|吗|么|否)|(?:是否|是不是|有没有|有无)(?:已经?)?(?:被)?(?:废止|失效|作废|停止执行|取代|替代)"
)
_OF_TIME = re.compile("有效期|(?:起|之日)(?:施行|执行|实施|生效)|试行[一二三四五六七八九十0-9]")
_ENDED = re.compile("废止|停止执行|不再执行|失效|代替|替代|取代")
_YEAR = re.compile("([0-9]{4})年的?")
_NAMED = 0.5  # of the question's words in a title, for that document to be meant
_MOST = 3  # documents of which it can be asked at once


def in_force(reading: Reading) -> Composition | None:
    """What ended the documents in question, or that nothing did; None for other questions and where none is named."""
    if not _ASKS.search(reading.question.text):
        return None
    statements: list[Statement] = []
    verdicts: list[Verdict] = []
    for document in _meant(reading):
        ended = [s for link in reading.books.links(document.id) if (s := _end(reading, document, link))]
        statements += ended or _still(reading, document)
        verdicts.append(Verdict.ANSWERED if ended else Verdict.PARTIAL)
    if not statements:
        return None
    verdict = Verdict.ANSWERED if set(verdicts) == {Verdict.ANSWERED} else Verdict.PARTIAL
    return Composition(verdict, tuple(statements))


def _meant(reading: Reading) -> list[Document]:
    if reading.scope.documents is not None and len(reading.documents) <= _MOST:
        return list(reading.documents)
    words = _YEAR.sub(" ", _ASKS.sub(" ", reading.question.text))
    years = _YEAR.findall(reading.question.text)
    ended = [d for d in reading.documents if any(_is_end(link, d) for link in reading.books.links(d.id))]
    ended = [d for d in ended if all(y in f"{d.title}{d.number or ''}{dated(d)}" for y in years)]
    relevance = Relevance(words, [d.title for d in reading.documents])
    return [d for d in ended if relevance(d.title) >= _NAMED][:_MOST]


def _is_end(link: Link, document: Document) -> bool:
    return link.kind in ENDS and link.object == document.id


def _end(reading: Reading, document: Document, link: Link) -> Statement | None:
    later = reading.books.document(link.subject) if _is_end(link, document) else None
    if later is None:
        return None
    said = next((s for s in reading.shelf.of(later).segments if _names(s, document) and _ENDED.search(s.text)), None)
    told = f"{name_of(document)}已由{name_of(later)}{ENDS[link.kind]}，不再有效"
    if said is None:
        return Statement(f"{told}。")
    return Statement(f"{told}：“{shortened(said.text)}”", (said.quote,))


def _names(segment: Segment, document: Document) -> bool:
    by_number = document.number and document.number in (normalise_number(segment.text) or segment.text)
    return bool(by_number) or document.title in segment.text


def _still(reading: Reading, document: Document) -> list[Statement]:
    """The document's own words on its time, and that no other ends it."""
    own = [s for s in reading.shelf.of(document).segments if _OF_TIME.search(s.text)]
    silent = f"已导入的文件中没有废止、停止执行或替代{name_of(document)}的记载。"
    told = [Statement(f"{name_of(document)}写明：“{shortened(s.text)}”", (s.quote,)) for s in own[-2:]]
    return [*(told or [Statement(f"{NOT_STATED}有效期。")]), Statement(silent)]
