"""Questions for content: the best sentences of the best passages, in document order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.extractive.parts import clauses_under, count_of_clauses, overview, rows_alike
from assistant.answering.extractive.replies import out_of_scope, searched_in
from assistant.answering.ranking import Candidate, ranked, states
from assistant.answering.reading import Reading, Segment, segment_spans
from assistant.answering.statements import NOT_STATED, Composition, Statement, attributed, shortened
from assistant.domain.dialogue import Verdict
from assistant.domain.policy import ClauseKind, Span
from assistant.domain.text import fold

SENTENCES = 3  # measured: the answer is among the first three sentences for 88 of 100 questions
# Under this share of the question's words in a sentence and its headings, an addressed clause is told whole.
_NAMED = 0.45
# A question none of whose words occur and whose nearest passage is farther than this is about something else.
OFF_TOPIC_COSINE = 0.86
_ASKS_PARTS = re.compile("哪些|哪几|几(?:个|项|条|方面|类)|有什么|包括|分别|列出|列举|全部|所有|内容")
_NUMBER = "[0-9０-９一二两三四五六七八九十百千万亿.％%]+"
_COUNTED = re.compile("(?:几|多少)([个项件家条名人所次亩元台套期年天种类位场门处倍])")
_ASKS_NUMBER = re.compile("几|多少|比例|金额|数量|多大|多高")
_COUNTED_NOUN = re.compile(
    "多少([一-鿿]{2,6}?)(?=[？?，。]|$)"
    "|(?!完成|达到|投入|安排|建设|现在|目前|一共|总共|分别)([一-鿿]{2})(?:分别)?(?:是|有|为|达|达到)多少[？?。]*$"
)
_YEAR = re.compile("(?:19|20)[0-9]{2}(?=年)")
_QUOTED = re.compile("“([^”]{2,30})”")
_ASKS_MEANING = re.compile("什么(?:叫|是)|(?:是|指)(?:的)?什么|什么意思|含义|定义")
_UNRELATED = 0.15
_EQUAL = 0.99  # of the best coverage: rows of a table that answer equally well
_LONGEST_CLAUSE = 12  # sentences
_NEAR = 3.0  # logits under the best sentence
_DEFINES, _NO_CONTENT = 1.5, 6.0  # logits
_VOICES = 5  # sentences, where several documents speak
_WHOLE = 3  # so many named documents are read whole, not only where retrieval points


def passages(reading: Reading) -> Composition:
    """The sentences that answer a question for content, or an honest “not stated”."""
    question = reading.question
    if not question.object and not question.units and reading.clauses is None and (told := overview(reading)):
        return told
    scored = _scored(reading)
    if not scored:
        return out_of_scope(reading)
    measure = _measured(question.text)
    says_number = measure is not None and measure.search(scored[0].segment.text) is not None
    if not says_number and (counted := count_of_clauses(reading)):
        return counted
    if reading.clauses is not None and max(item.coverage for item in scored) < _NAMED:
        return _whole_clause(reading)
    best_coverage = max(item.coverage for item in scored)
    if not states(best_coverage, scored[0].near):
        cosine = max((p.cosine or 0.0 for p in reading.passages), default=0.0)
        if best_coverage < _UNRELATED or cosine < OFF_TOPIC_COSINE:
            return out_of_scope(reading)
        return _not_stated(reading, scored[0].segment)
    best = scored[0].segment
    if _ASKS_PARTS.search(question.text) and (parts := clauses_under(best)):
        return parts
    if question.wants_list and best.clause.kind is ClauseKind.TABLE:
        equal = [i.segment for i in scored if i.coverage >= _EQUAL * scored[0].coverage]
        if rows := rows_alike(best, equal):
            return rows
    if absent := _absent(reading, best):
        return _not_stated(reading, best, absent)
    speaking = [item for item in scored if not item.segment.is_heading] or scored
    kept = _kept([i.segment for i in speaking if i.score >= speaking[0].score - _NEAR])
    ordered = sorted(kept, key=lambda s: (s.document.id != kept[0].document.id, s.document.id, s.span))
    return Composition(Verdict.ANSWERED, attributed([_told(s) for s in ordered]))


def _kept(near: Sequence[Segment]) -> list[Segment]:
    """The best sentences, and the best one of each other document that comes near: documents may differ."""
    kept = list(near[:SENTENCES])
    for segment in near[SENTENCES:]:
        if len(kept) < _VOICES and all(segment.document.id != k.document.id for k in kept):
            kept.append(segment)
    return kept


def _whole_clause(reading: Reading) -> Composition:
    """What an addressed clause says, where the question names nothing in it: all of it, up to a page."""
    segments = reading.segments()
    told = attributed([_told(s) for s in segments[:_LONGEST_CLAUSE]])
    if len(segments) <= _LONGEST_CLAUSE:
        return Composition(Verdict.ANSWERED, told)
    rest = Statement(f"其余 {len(segments) - _LONGEST_CLAUSE} 句请查看原文。")
    return Composition(Verdict.PARTIAL, (*told, rest))


@dataclass(frozen=True, slots=True)
class _Scored:
    score: float
    coverage: float
    segment: Segment
    near: float | None


def _scored(reading: Reading) -> list[_Scored]:
    question = reading.question
    words = " ".join([question.object, *question.units]).strip() or question.text
    relevance = reading.relevance(words)
    found = list(_candidates(reading))
    coverages = [relevance(*reading.levels(segment)) for _, segment in found]
    order = ranked(question.text, _for_ranking(reading, found, coverages), reading.nearness)
    defined = _defining(question.text, words)
    scored: list[_Scored] = []
    for (_, segment), coverage, place in zip(found, coverages, order, strict=True):
        score = place.score
        if defined and defined.search(segment.text):
            score += _DEFINES
        if segment.is_formula or segment.clause.kind not in (ClauseKind.BODY, ClauseKind.TABLE):
            score -= _NO_CONTENT  # head and tail answer questions for particulars, not for content
        scored.append(_Scored(score, coverage, segment, place.near))
    return sorted(scored, key=lambda item: -item.score)


def _for_ranking(
    reading: Reading, found: Sequence[tuple[float, Segment]], coverages: Sequence[float]
) -> list[Candidate]:
    """The segments with their neighbours in the clause, the headings over them and the clause around them."""
    texts = [segment.text for _, segment in found]
    clauses = [segment.clause.id for _, segment in found]
    candidates: list[Candidate] = []
    for i, ((weight, segment), coverage) in enumerate(zip(found, coverages, strict=True)):
        candidates.append(
            Candidate(
                text=texts[i],
                title=segment.document.title,
            over=" ".join(level.text for level in reading.levels(segment)[1:] if level.text),
                before=texts[i - 1] if i and clauses[i - 1] == clauses[i] else "",
                after=texts[i + 1] if i + 1 < len(texts) and clauses[i + 1] == clauses[i] else "",
                around=segment.clause.span.of(segment.document.text),
                retrieved=weight,
                named=coverage,
            )
        )
    return candidates


def _measured(text: str) -> re.Pattern[str] | None:
    """几个 and 多少家 want a number with that measure word in the sentence; 多少 alone wants any number."""
    match = _COUNTED.search(text)
    if match:
        return re.compile(f"{_NUMBER}余?多?{match.group(1)}")
    return re.compile(_NUMBER) if _ASKS_NUMBER.search(text) else None


def _defining(text: str, words: str) -> re.Pattern[str] | None:
    """什么是消费扶贫 wants the sentence that says 消费扶贫是…."""
    if not _ASKS_MEANING.search(text):
        return None
    return re.compile(f"{re.escape(max(words.split(), key=len, default=''))}[”’》]?(?:是指|，?是|指)")


def _absent(reading: Reading, best: Segment) -> str:
    """What the question speaks of and the answer would lack: a year, a quoted name, or the noun whose number it asks.

    Years and names are looked for in the whole document, the noun (多少在校生, 预算是多少) in the sentence and over it.
    """
    text = reading.question.text
    held = fold(f"{best.document.title}{best.document.text}")
    named = [*_YEAR.findall(text), *_QUOTED.findall(text)]
    if missing := next((n for n in named if fold(n) not in held), ""):
        return missing
    near = "".join(level.text for level in reading.levels(best))
    noun = next((a or b for a, b in _COUNTED_NOUN.findall(text)), "")
    return noun if len(noun) > 1 and not any(noun[i : i + 2] in near for i in range(len(noun) - 1)) else ""


def _candidates(reading: Reading) -> list[tuple[float, Segment]]:
    """Segments of the retrieved passages with the passage's score; where one document is in question, all of it."""
    documents = {d.id: d for d in reading.documents}
    weights = {(p.chunk.document_id, p.chunk.clause_id): p.score for p in reversed(reading.passages)}
    if reading.clauses is not None or (reading.scope.documents is not None and len(documents) <= _WHOLE):
        return [(weights.get((s.document.id, s.clause.id), 0.0), s) for s in reading.segments()]
    found: list[tuple[float, Segment]] = []
    for passage in reading.passages:
        document = documents.get(passage.chunk.document_id)
        clause = document.clause_at(passage.chunk.span.start) if document else None
        if document is None or clause is None:
            continue
        held = (s for s in segment_spans(document, clause) if passage.chunk.span.covers(Span(s.start, s.start)))
        found.extend((passage.score, Segment(document, clause, span)) for span in held)
    return found


def _told(segment: Segment) -> Statement:
    return Statement(shortened(segment.quote.text, 400) + "。", (segment.quote,))


def _not_stated(reading: Reading, nearest: Segment, absent: str = "") -> Composition:
    named = f"与“{absent}”有关的内容" if absent else ""
    return Composition(
        Verdict.NOT_STATED,
        (
            Statement(f"{NOT_STATED}{named}（已查{searched_in(reading)}）。"),
            Statement(f"最接近的原文是：“{shortened(nearest.quote.text)}”。", (nearest.quote,)),
        ),
    )
