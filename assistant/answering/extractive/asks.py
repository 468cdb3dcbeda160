"""Proposal and reply: what was asked, and what the reply says to it.

Both documents stand side by side: an ask without words of the reply on it is 未见回应, which is not a refusal.
"""

from __future__ import annotations

import re

from assistant.answering.extractive.replies import searched_in
from assistant.answering.reading import Reading, Segment
from assistant.answering.relevance import Relevance
from assistant.answering.statements import NOT_STATED, Composition, Quote, Statement, name_of, shortened, trimmed
from assistant.domain.dialogue import Completeness, Verdict
from assistant.domain.policy import Clause, ClauseKind, Document

# Coverage of an ask's own words by the best place of the reply from which the reply speaks of it.
_SPOKEN_OF = 0.5
ABOUT = 0.45
_UNANSWERED = re.compile(
    "(?:没有?|未|尚未)(?:得到)?(?:回应|答复|采纳|回复|理会|提及)|未见回应|哪[些几][^，。？]{0,6}没"
)
_WANTS_ALL = re.compile("哪些|哪几|几条|几个|都|全部|分别|列出|什么(?:建议|要求)?[？?]?$|了什么|啥")
_WORDS = re.compile("建议|提(?!高|升|供|前)|要求|提出|提的|提了|怎么提|答复|回应|采纳|同意|怎么办|说法|办的|条")
_ASKING_PART = re.compile("建议|对策|措施|意见|诉求")


def asks(reading: Reading) -> Composition:
    """All asks of a proposal, those its reply is silent on, or one ask with what the reply says."""
    question = reading.question
    proposals = [d for d in reading.documents if d.kind == "提案"]
    replies = [d for d in reading.documents if d.kind == "答复"]
    if not proposals:
        text = f"{NOT_STATED}：{searched_in(reading)}中没有这件提案的原文，只能依据答复回答。"
        return Composition(Verdict.NOT_STATED, (Statement(text),))
    listed = [(d, c) for d in proposals for c in _asks_of(d)]
    relevance = reading.relevance(_WORDS.sub(" ", " ".join([question.object, *question.units])))
    if _UNANSWERED.search(question.text) and replies:
        return _unanswered(listed, reading, replies)
    about = [(relevance(_text(d, c), d.title), d, c) for d, c in listed]
    best = max(about, key=lambda item: item[0], default=None)
    if relevance.empty or best is None or best[0] < ABOUT:
        return _all(listed, proposals)
    if not replies:
        return _all([(best[1], best[2])], proposals)
    return _one(reading, best[1], best[2], replies, relevance)


def _all(listed: list[tuple[Document, Clause]], proposals: list[Document]) -> Composition:
    lines = [Statement(f"{name_of(proposals[0])}提出：")]
    lines += [Statement(shortened(_quote(d, c).text, 200), (_quote(d, c),)) for d, c in listed]
    closing = Statement(f"共 {len(listed)} 条，全部列出。")
    return Composition(Verdict.ANSWERED, (*lines, closing), Completeness(len(listed), len(listed)))


def _unanswered(listed: list[tuple[Document, Clause]], reading: Reading, replies: list[Document]) -> Composition:
    silent = []
    for document, clause in listed:
        relevance = reading.relevance(_core(document, clause))
        if max((relevance(*reading.levels(s)) for s in _of(reading, replies)), default=0.0) < _SPOKEN_OF:
            silent.append((document, clause))
    named = "、".join(name_of(d) for d in replies)
    if not silent:
        return Composition(Verdict.PARTIAL, (Statement(f"提案的 {len(listed)} 条建议在{named}中都有相关表述。"),))
    lines = [Statement(f"下列建议，在{named}中未见回应（没有回应不等于不采纳）：")]
    lines += [Statement(shortened(_quote(d, c).text, 200), (_quote(d, c),)) for d, c in silent]
    closing = Statement(f"共 {len(silent)} 条，提案共 {len(listed)} 条建议。")
    return Composition(Verdict.PARTIAL, (*lines, closing), Completeness(len(silent), len(silent)))


def _one(
    reading: Reading, document: Document, clause: Clause, replies: list[Document], relevance: Relevance
) -> Composition:
    ask = _quote(document, clause)
    lines = [Statement(f"提案提出：“{shortened(ask.text, 200)}”", (ask,))]
    places = sorted(_of(reading, replies), key=lambda s: -relevance(*reading.levels(s)))
    best = relevance(*reading.levels(places[0])) if places else 0.0
    if best < _SPOKEN_OF:
        named = "、".join(name_of(d) for d in replies)
        lines.append(Statement(f"答复：{NOT_STATED}对这一条的回应（已查{named}）；没有回应不等于不采纳。"))
        return Composition(Verdict.PARTIAL, tuple(lines))
    said = [s for s in places if relevance(*reading.levels(s)) >= 0.85 * best and not s.is_heading][:3] or places[:1]
    said.sort(key=lambda s: (s.document.id, s.span))
    lines += [Statement(f"答复：“{shortened(s.quote.text, 200)}”", (s.quote,)) for s in said]
    return Composition(Verdict.ANSWERED, tuple(lines))


def _asks_of(document: Document) -> list[Clause]:
    """The numbered clauses without children of the part that asks; of the whole body where no part is named so."""
    parents = {c.parent_id for c in document.clauses}
    leaves = [c for c in document.clauses if c.kind is ClauseKind.BODY and c.label and c.id not in parents]
    asking = [c for c in leaves if any(_ASKING_PART.search(a.heading) for a in document.ancestors(c))]
    return asking or leaves


def _of(reading: Reading, documents: list[Document]) -> list[Segment]:
    ids = {d.id for d in documents}
    return [s for s in reading.segments() if s.document.id in ids and not s.is_formula]


def _core(document: Document, clause: Clause) -> str:
    """What an ask is about: its heading, else its first words."""
    return clause.heading or re.split("[，。；]", _text(document, clause).removeprefix(clause.label))[0]


def _text(document: Document, clause: Clause) -> str:
    return clause.span.of(document.text)


def _quote(document: Document, clause: Clause) -> Quote:
    return Quote(document, trimmed(document, clause.span))
