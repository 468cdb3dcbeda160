"""What a meeting decided: the clauses of its minutes under 会议议定下列事项, all of them, counted.

Source of the cues: how minutes of offices (纪要, 党政机关公文处理工作条例 第八条) introduce what was decided.
"""

from __future__ import annotations

import re

from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.relevance import Relevance
from assistant.answering.statements import (
    NOT_STATED,
    Composition,
    Quote,
    Statement,
    counted,
    name_of,
    shortened,
    trimmed,
)
from assistant.domain.dialogue import Verdict
from assistant.domain.language.numerals import parse_numeral
from assistant.domain.policy import Clause, ClauseKind, Document

MINUTES = "纪要"
_ASKS = re.compile(
    "(?:会议?|会上|纪要)[^，。？]{0,12}?(?:议定|商定|审定|敲定|定下?|决定|明确|部署|要求|布置|安排|形成|达成|通过)(?:了|的|下来)?[^，。？]{0,6}?"
    "(?:哪|什么|啥|几|多少)"
    "|(?:会议?|纪要)[^，。？]{0,10}(?:决议|决定|议定)(?:的)?(?:事项)?(?:是|有|包括)(?:什么|哪|啥|几)"
)
_DECIDES = re.compile(
    "(?:会议)?(?:研究)?(?:议定|决定|商定|审定|确定|明确|要求|部署|形成)[^。；]{0,16}(?:事项|意见|工作|决定|如下|：)"
)
_SAYS = re.compile("会议(?:研究)?(?:一致|原则)?(?:决定|议定|商定|审定|确定|明确|要求|同意|通过|强调|部署)")
_LABELLED = re.compile("^(?:会议)?(?:决定|决议|议定|形成决议)(?:事项)?[：:]")
_HEADED = re.compile(
    "^[【\\[（(一二三四五六七八九十、.]*(?:会议)?(?:议定|决定|议决|商定)(?:的)?(?:事项|内容|意见)?[】\\]）)：:]?$"
)
_NTH = re.compile("第([一二三四五六七八九十0-9]{1,3})次")
_NAMED = 0.5  # of the question's words in a title, for those minutes to be meant


def decisions(reading: Reading) -> Composition | None:
    """The decisions of the one meeting in question; None for other questions and where several meetings fit."""
    question = reading.question
    if not _ASKS.search(question.text):
        return None
    minutes = [d for d in reading.documents if d.kind == MINUTES or _headed(d)]
    if reading.scope.documents is None and len(minutes) > 1:
        words = _ASKS.sub(" ", question.text)
        relevance = Relevance(words, [d.title for d in minutes])
        scores = {d.id: relevance(d.title) for d in minutes}
        best = max(scores.values())
        minutes = [d for d in minutes if scores[d.id] >= max(_NAMED, best - 0.05)]
    if len(minutes) != 1:
        return None
    document = minutes[0]
    if (nth := _NTH.search(question.text)) and not _holds(document, parse_numeral(nth.group(1))):
        silent = f"{NOT_STATED}{nth.group()}会议议定的事项（已查{name_of(document)}）。"
        return Composition(Verdict.NOT_STATED, (Statement(silent),))
    quotes = [_whole(document, clause) for clause in _decided(document)]
    if not quotes:  # minutes in prose: 会议决定，…。会议要求…
        segments = reading.shelf.of(document).segments
        labelled = [s for s in segments if _LABELLED.match(s.text.strip())]  # 议题一 …。决定：同意…
        quotes = [s.quote for s in labelled or [s for s in segments if _SAYS.search(s.text)]]
    if not quotes:
        return None
    statements = [Statement(shortened(q.text), (q,)) for q in quotes]
    return counted(statements, "议定的事项共 {} 项，全部列出。")


def _headed(document: Document) -> bool:
    """Whether another kind of document (简报) has a part for what a meeting decided."""
    return any(_HEADED.match(c.heading.strip()) for c in document.clauses if c.heading)


def _holds(document: Document, nth: int | None) -> bool:
    """Whether the minutes are of the meeting of this running number, or at least speak of it."""
    return any(parse_numeral(m.group(1)) == nth for m in _NTH.finditer(f"{document.title}\n{document.text}"))


def _decided(document: Document) -> list[Clause]:
    """The lowest clauses under what announces decisions; where nothing does, the clauses that announce themselves."""
    body = [c for c in document.clauses if c.kind is ClauseKind.BODY]
    parents = {c.parent_id for c in body}
    announced = [c for c in body if c.id in parents and _DECIDES.search(_own(document, c))]
    if announced:
        return [c for c in body if c.id not in parents and any(a in document.ancestors(c) for a in announced)]
    return [
        c for c in body if c.label and c.id not in parents and re.search("议定|决定|商定|同意", _own(document, c)[:40])
    ]


def _own(document: Document, clause: Clause) -> str:
    """A clause's own words, before those under it."""
    below = [c.span.start for c in document.clauses if c.parent_id == clause.id]
    return document.text[clause.span.start : min([clause.span.end, *below])]


def _whole(document: Document, clause: Clause) -> Quote:
    return Quote(document, trimmed(document, clause.span))
