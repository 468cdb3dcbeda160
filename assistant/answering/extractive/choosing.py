"""Which of the sentences that come near are told, and in what lines: items behind their lead, nothing twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.extractive.scoring import NAMED, Scored
from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.segments import Segment
from assistant.answering.statements import Composition, Statement, attributed, shortened
from assistant.domain.dialogue import Verdict
from assistant.domain.language.text import sentences
from assistant.domain.policy import Span

# Logits under the best sentence to which more of its document is told: what lies farther seldom carries the answer
# (tests/eval/real.jsonl: 62 of 100 sentences carry it, 58 with 3 logits, for 2 questions of 100). Documents may differ.
_NEAR, _NEAR_ELSEWHERE = 2.0, 3.0
_LESS = 0.35  # of the best one's coverage, under which the next sentence of its document speaks of another matter
_ITEMS = re.compile("[、；]")
_ASKS_NAMES = re.compile("哪[几些两三四五]?[家位名所](?![^，。？]{0,16}(?:牵头|负责))|分别是哪")
_PROPOSES = re.compile("^(?:[（(][一二三四五六七八九十0-9]+[)）])?有[^，。；]{1,8}(?:建议|提出|认为)")
_ASKS_PROPOSED = re.compile("建议|提案|意见|采纳|要求|希望|提出|诉求")
_VOICES = 5  # sentences, where several documents speak
_LONGEST_CLAUSE = 12  # sentences


def comes_near(reading: Reading, item: Scored, best: Scored) -> bool:
    one = reading.clauses is None and not reading.question.wants_list  # not all of a clause or of a list
    same = one and item.segment.document.id == best.segment.document.id
    if same and item.coverage < _LESS * best.coverage:
        return False
    return item.score >= best.score - (_NEAR if same else _NEAR_ELSEWHERE)


def to_the_point(reading: Reading, speaking: Sequence[Scored]) -> Sequence[Scored]:
    """Where it is asked which ones (哪几家) and the best sentence enumerates, the sentences that do."""
    if not _ASKS_NAMES.search(reading.question.text) or not _enumerates(speaking[0]):
        return speaking
    return [i for i in speaking if _enumerates(i)]


def _enumerates(item: Scored) -> bool:
    return len(_ITEMS.findall(item.segment.text)) > 1


def binding(asked: str, kept: list[Segment]) -> list[Segment]:
    """Without what is only proposed, where something beside it is stated and no proposal was asked about."""
    stated = [s for s in kept if s.document.kind != "提案" and not _PROPOSES.search(s.text)]
    return stated if stated and not _ASKS_PROPOSED.search(asked) else kept


def speaking_of(reading: Reading, segment: Segment) -> Segment:
    """The segment itself; for a heading, which says nothing, the first sentence under it."""
    if not segment.is_heading:
        return segment
    under = {c.id for c in segment.document.clauses if segment.clause.id in (c.id, c.parent_id)}
    inside = (s for s in reading.shelf.of(segment.document).segments if s.clause.id in under and not s.is_heading)
    return next(inside, segment)


def kept_of(near: Sequence[Segment], most: int) -> list[Segment]:
    """The best sentences, and the best one of each other document that comes near: documents may differ."""
    kept = list(near[:most])
    for segment in near[most:] if most > 1 else ():
        if len(kept) < _VOICES and all(segment.document.id != k.document.id for k in kept):
            kept.append(segment)
    return kept


def entire(kept: Sequence[Segment]) -> list[Segment]:
    """The segments, those that begin a list in one sentence (…方面5项：甲；乙；丙) with the whole of it."""
    found: list[Segment] = []
    for segment in kept:
        if any(_within(segment, other) for other in found):
            continue
        whole = next((x for x in sentences(segment.document.text, segment.clause.span) if x.covers(segment.span)), None)
        begins = whole is not None and whole.start == segment.span.start and "：" in segment.text
        found.append(replace(segment, span=whole) if whole and begins else segment)
    return found


def _within(segment: Segment, whole: Segment) -> bool:
    return segment.document.id == whole.document.id and whole.span.covers(segment.span)


def named_before(reading: Reading, best: Scored, scored: list[Scored]) -> Segment | None:
    """The sentence of the same clause that names the matter, where the best one leaves it out (理由：…)."""
    relevance = reading.relevance(reading.question.object)
    if relevance.empty or relevance(best.segment.text) >= NAMED:
        return None
    clause = reading.shelf.of(best.segment.document).segments
    mates = [s for s in clause if s.beside(best.segment) and s.span < best.segment.span]
    mate = max(mates, key=lambda s: relevance(s.text), default=None)
    return mate if mate and relevance(mate.text) > relevance(best.segment.text) else None


def with_leads(ordered: Sequence[Segment], led: Sequence[Scored]) -> list[Statement]:
    """The sentences, items of a list behind what leads over to them, which is told once."""
    leads = {(i.segment.document.id, i.segment.span): i.lead for i in led}
    lines: list[Statement] = []
    told: set[Span] = {s.span for s in ordered}
    for segment in ordered:
        lead = leads.get((segment.document.id, segment.span))
        if lead is not None and lead.span not in told:
            told.add(lead.span)
            lines.append(Statement(f"{shortened(lead.quote.text.rstrip('：:'), 400)}：", (lead.quote,)))
        lines.append(line_of(segment))
    return _once(lines)


def _once(lines: Sequence[Statement]) -> list[Statement]:
    """The lines, what is said twice in the same words once, with both places behind it."""
    found: dict[tuple[str, str], Statement] = {}
    for line in lines:
        key = (line.quotes[0].document.id, line.text)
        said = found.get(key)
        found[key] = line if said is None else replace(said, quotes=(*said.quotes, *line.quotes))
    return list(found.values())


def headed(reading: Reading, told: Sequence[Segment]) -> list[Statement]:
    """The heading of the one clause that the question addresses (第5项), where what is told of it leaves it out."""
    if reading.clauses is None or len({s.clause.id for s in told}) != 1:
        return []
    clause = told[0].clause
    headings = [s for s in reading.segments() if s.clause.id == clause.id and s.is_heading]
    return [Statement(f"{headings[0].quote.text}：", (headings[0].quote,))] if headings else []


def line_of(segment: Segment) -> Statement:
    return Statement(shortened(segment.quote.text, 400) + "。", (segment.quote,))


def whole_clause(reading: Reading) -> Composition:
    """What an addressed clause says, where the question names nothing in it: all of it, up to a page."""
    segments = reading.segments()
    told = attributed([line_of(s) for s in segments[:_LONGEST_CLAUSE]])
    if len(segments) <= _LONGEST_CLAUSE:
        return Composition(Verdict.ANSWERED, told)
    rest = Statement(f"其余 {len(segments) - _LONGEST_CLAUSE} 句请查看原文。")
    return Composition(Verdict.PARTIAL, (*told, rest))
