"""Proposal and reply: what was asked, and what the reply says to it.

Both documents stand side by side: an ask without words of the reply on it is 未见回应, which is not a refusal. What
speaks to an ask is read by :mod:`assistant.domain.overtime.asks`, as in the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.extractive.replies import searched_in
from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.relevance import Relevance
from assistant.answering.statements import (
    NOT_STATED,
    Composition,
    Quote,
    Statement,
    attributed,
    name_of,
    shortened,
    trimmed,
)
from assistant.domain.dialogue import Completeness, Verdict
from assistant.domain.overtime.asks import ASKING, REPLYING, Answered, Ask, answered, asks_of
from assistant.domain.policy import Document

ABOUT = 0.45
_SHORT, _MOST = 8, 14  # characters of a sentence that says nothing, sentences of a reply that are shown
_REPLY_SAYS = re.compile(
    "(?:答复|回复)(?:函|件)?(?:里|中)?(?:都|主要|到底|究竟)?(?:答复|讲|说|写|回复)?了?(?:些|哪些)?(?:什么|啥|哪些|主要|实质)(?:实质|主要|具体)?(?:的)?(?:内容|意思|要点|事项?|措施)?(?=[？?。，]|$)"
)
_HOW_ANSWERED = re.compile("(?:怎么|如何|咋)(?:答|回)(?:复|应)?的?(?=[？?。，]|$)")
_UNANSWERED = re.compile(
    "(?:没有?|未|尚未)(?:得到)?(?:回应|答复|采纳|回复|理会|提及)|未见回应|哪[些几][^，。？]{0,6}没"
)
_ONLY_ASKED = re.compile("提案[^，。？]{0,24}(?:提|要求|建议)(?:了|的|出)?(?:了)?(?:什么|哪些|啥|怎[么样])")
_REPLY_ASKED = re.compile("答复|回应|回复|采纳|同意|落实|结果|怎么(?:办|说|回)")
_WORDS = re.compile("建议|提(?!高|升|供|前)|要求|提出|提的|提了|怎么提|答复|回应|采纳|同意|怎么办|说法|办的|条")


def asks(reading: Reading) -> Composition:
    """All asks of a proposal, those its reply is silent on, or one ask with what the reply says."""
    question = reading.question
    proposals = [d for d in reading.documents if d.kind in ASKING]
    replies = [d for d in reading.documents if d.kind in REPLYING]
    if replies and _REPLY_SAYS.search(question.text):
        return _substance(reading, replies)
    if not proposals:
        text = f"{NOT_STATED}：{searched_in(reading)}中没有这件提案的原文，只能依据答复回答。"
        return Composition(Verdict.NOT_STATED, (Statement(text),))
    listed = [ask for d in proposals for ask in asks_of(d)]
    if _UNANSWERED.search(question.text) and replies:
        return _unanswered(_said(reading, listed, replies), replies)
    relevance = reading.relevance(_WORDS.sub(" ", " ".join([question.object, *question.units])))
    about = [(relevance(ask.quote, ask.proposal.title), ask) for ask in listed]
    best = max(about, key=lambda item: item[0], default=None)
    if relevance.empty or best is None or best[0] < ABOUT or _names_all(relevance, best[1]):
        how = replies and _HOW_ANSWERED.search(question.text)
        return _substance(reading, replies) if how else _all(listed, proposals)
    if not replies or (_ONLY_ASKED.search(question.text) and not _REPLY_ASKED.search(question.text)):
        return _all([best[1]], proposals)
    (said,) = _said(reading, [best[1]], replies)
    return _one(said, replies)


def _substance(reading: Reading, replies: Sequence[Document]) -> Composition:
    """What a reply says, without the courtesies around it: its sentences in order, rows of tables whole."""
    found = [
        segment
        for reply in replies
        for segment in reading.shelf.of(reply).segments
        if not segment.is_heading and not segment.is_formula and len(segment.text.strip()) > _SHORT
    ]
    stating = [s for s in found if reading.row_of(s) or reading.status_of(s).cue or reading.limits_of(s)]
    shown = found if len(found) <= _MOST else [s for s in found if s in stating][:_MOST] or found[:_MOST]
    lines = attributed([Statement(shortened(s.quote.text, 200), (s.quote,)) for s in shown])
    if len(shown) < len(found):
        lines = (*lines, Statement(f"答复共 {len(found)} 句，以上列出写有单位、时限或进展的 {len(shown)} 句。"))
    return Composition(Verdict.ANSWERED, lines)


def _names_all(relevance: Relevance, ask: Ask) -> bool:
    """Whether the question names the proposal and none of its asks: its title says more of the words than the ask."""
    return relevance(ask.proposal.title) > max(0.3, relevance(ask.quote))


def _said(reading: Reading, listed: list[Ask], replies: list[Document]) -> tuple[Answered, ...]:
    rows = reading.books.chosen(documents=frozenset(d.id for d in replies))
    return answered(listed, replies, [row.entry for row in rows])


def _all(listed: list[Ask], proposals: list[Document]) -> Composition:
    lines = [Statement(f"{name_of(proposals[0])}提出：")]
    lines += [_asked(ask) for ask in listed]
    closing = Statement(f"共 {len(listed)} 条，全部列出。")
    return Composition(Verdict.ANSWERED, (*lines, closing), Completeness(len(listed), len(listed)))


def _unanswered(said: tuple[Answered, ...], replies: list[Document]) -> Composition:
    silent = [a.ask for a in said if a.outcome == "silent"]
    named = "、".join(name_of(d) for d in replies)
    if not silent:
        return Composition(Verdict.PARTIAL, (Statement(f"提案的 {len(said)} 条建议在{named}中都有相关表述。"),))
    lines = [Statement(f"下列建议，在{named}中未见回应（没有回应不等于不采纳）：")]
    lines += [_asked(ask) for ask in silent]
    closing = Statement(f"共 {len(silent)} 条，提案共 {len(said)} 条建议。")
    return Composition(Verdict.PARTIAL, (*lines, closing), Completeness(len(silent), len(silent)))


def _one(said: Answered, replies: list[Document]) -> Composition:
    quote = _quote(said.ask)
    lines = [Statement(f"提案提出：“{shortened(quote.text, 200)}”", (quote,))]
    if not said.places:
        named = "、".join(name_of(d) for d in replies)
        lines.append(Statement(f"答复：{NOT_STATED}对这一条的回应（已查{named}）；没有回应不等于不采纳。"))
        return Composition(Verdict.PARTIAL, tuple(lines))
    for place in said.places:
        spoken = Quote(place.reply, trimmed(place.reply, place.span))
        lines.append(Statement(f"答复：“{shortened(spoken.text, 200)}”", (spoken,)))
    return Composition(Verdict.ANSWERED, tuple(lines))


def _asked(ask: Ask) -> Statement:
    return Statement(shortened(_quote(ask).text, 200), (_quote(ask),))


def _quote(ask: Ask) -> Quote:
    return Quote(ask.proposal, trimmed(ask.proposal, ask.clause.span))
