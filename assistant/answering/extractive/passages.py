"""Questions for content: the best sentences of the best passages, in document order."""

from __future__ import annotations

import re

from assistant.answering.extractive.replies import out_of_scope, searched_in
from assistant.answering.reading import Reading, Segment, segment_spans
from assistant.answering.statements import NOT_STATED, Composition, Quote, Statement, attributed, shortened
from assistant.domain.dialogue import Completeness, Verdict
from assistant.domain.policy import Clause, Document, Span

SENTENCES = 3  # measured: the answer is among the first three sentences for 88 of 100 questions
# Under this share of the question's words in the best sentence and its headings, the documents do not state it.
STATED = 0.45
# A question none of whose words occur and whose nearest passage is farther than this is about something else.
OFF_TOPIC_COSINE = 0.86
_ASKS_PARTS = re.compile("哪些|哪几|几(?:个|项|条|方面|类)|有什么|包括|分别|列出|列举|全部|所有|内容")
_NUMERIC = re.compile("[0-9０-９一二三四五六七八九十百千万亿]")
_ASKS_NUMBER = re.compile("几|多少|比例|金额|数量|多大|多高")


def passages(reading: Reading) -> Composition:
    """The sentences that answer a question for content, or an honest “not stated”."""
    candidates = _candidates(reading)
    if not candidates:
        return out_of_scope(reading)
    question = reading.question
    words = " ".join([question.object, *question.units]) or question.text
    relevance = reading.relevance(words)
    weight = {p.chunk.id: p.score for p in reading.passages}
    scored: list[tuple[float, float, int, Segment]] = []
    for position, (chunk_id, segment) in enumerate(candidates):
        coverage = relevance(f"{segment.document.title} {_headings(segment)} {segment.text}")
        score = 0.7 * coverage + 0.3 * weight[chunk_id]
        if _ASKS_NUMBER.search(question.text) and _NUMERIC.search(segment.text):
            score += 0.1
        scored.append((score, coverage, position, segment))
    scored.sort(key=lambda item: (-item[0], item[2]))
    best_coverage = max(item[1] for item in scored)
    if best_coverage < STATED:
        cosine = max((p.cosine or 0.0 for p in reading.passages), default=0.0)
        if best_coverage < 0.15 and cosine < OFF_TOPIC_COSINE:
            return out_of_scope(reading)
        return _not_stated(reading, scored[0][3])
    best = scored[0][3]
    if _ASKS_PARTS.search(question.text) and (parts := _parts(best)):
        return parts
    kept = [item for item in scored if item[0] >= 0.75 * scored[0][0]][:SENTENCES]
    ordered = sorted((s for *_, s in kept), key=lambda s: (s.document.id != best.document.id, s.document.id, s.span))
    return Composition(Verdict.ANSWERED, attributed([_told(s) for s in ordered]))


def _candidates(reading: Reading) -> list[tuple[str, Segment]]:
    documents = {d.id: d for d in reading.documents}
    found: list[tuple[str, Segment]] = []
    for passage in reading.passages:
        document = documents.get(passage.chunk.document_id)
        clause = document.clause_at(passage.chunk.span.start) if document else None
        if document is None or clause is None:
            continue
        held = (s for s in segment_spans(document, clause) if passage.chunk.span.covers(Span(s.start, s.start)))
        found.extend((passage.chunk.id, Segment(document, clause, span)) for span in held)
    return found


def _headings(segment: Segment) -> str:
    above = segment.document.ancestors(segment.clause)
    return " ".join([segment.clause.heading, *(c.heading for c in above)])


def _parts(best: Segment) -> Composition | None:
    """Where the best place is a heading over numbered clauses, those clauses are the list: complete and counted."""
    children = _children(best.document, best.clause)
    if len(children) < 2 or len(best.clause.span.of(best.document.text).strip()) > 120:
        return None
    statements = [Statement(shortened(q.text), (q,)) for c in children if (q := _opening(best.document, c))]
    closing = Statement(f"共 {len(statements)} 项，全部列出。")
    count = Completeness(len(statements), len(statements))
    return Composition(Verdict.ANSWERED, (*attributed(statements), closing), count)


def _children(document: Document, clause: Clause) -> list[Clause]:
    return [c for c in document.clauses if c.parent_id == clause.id]


def _opening(document: Document, clause: Clause) -> Quote | None:
    for span in segment_spans(document, clause):
        return Quote(document, Span(span.start, span.end))
    return None


def _told(segment: Segment) -> Statement:
    return Statement(shortened(segment.quote.text, 400) + "。", (segment.quote,))


def _not_stated(reading: Reading, nearest: Segment) -> Composition:
    return Composition(
        Verdict.NOT_STATED,
        (
            Statement(f"{NOT_STATED}（已查{searched_in(reading)}）。"),
            Statement(f"最接近的原文是：“{shortened(nearest.quote.text)}”。", (nearest.quote,)),
        ),
    )
