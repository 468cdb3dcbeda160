"""The sentences that may answer a question for content, each with what it is worth: the best first."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answering.extractive.forms import Form
from assistant.answering.retrieval.ranking import Candidate, ranked
from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.relevance import Level
from assistant.answering.retrieval.segments import Segment, segments_in
from assistant.domain.language.plain_words import in_official_words, official_words
from assistant.domain.language.text import fold, sentences
from assistant.domain.policy import ClauseKind

Coverage = Callable[..., float]  # of a question's words by the levels of a sentence, from 0 to 1
NAMED = 0.45  # share of the question's words in a sentence and its headings that names the matter
_YEAR = re.compile("(?:19|20)[0-9]{2}(?=年)")
_FAR = 24  # documents in which a definition is looked for
_BEFORE = 0.9
_NO_CONTENT, _BESIDE = 6.0, 1.0  # logits
_EMPTY = 3.0  # logits
# What was asked for stands before what was answered (你省请求，…), in its words; the answer is what is wanted.
_REQUESTS = re.compile("^[^，。；]{0,12}(?:请求|恳请)|^(?:您|你)(?:们)?[^，。；]{0,10}(?:提出|建议|反映)的")
_ASKS_REQUEST = re.compile("请求|恳请|申请|提案|建议|诉求|要求|反映")
_OF_YEAR = 2.0  # logits, for a sentence that says the year that is asked of
_WHOLE = 3  # so many named documents are read whole, not only where retrieval points


@dataclass(frozen=True, slots=True)
class Scored:
    score: float
    coverage: float
    segment: Segment
    near: float | None
    lead: Segment | None  # the sentence that leads over to it, where it is an item of a list

    def fits(self, form: Form) -> re.Match[str] | None:
        return form.fits(self.segment.text) or (form.fits(self.lead.text) if self.lead else None)


def scored_in(reading: Reading, words: str, form: Form | None) -> list[Scored]:
    question = reading.question
    relevance = either(reading, words)
    found = list(_candidates(reading, relevance, form))
    leads = _leads([segment for _, segment in found])
    coverages = [
        _coverage(reading, relevance, segment, form, lead) for (_, segment), lead in zip(found, leads, strict=True)
    ]
    asked = " ".join((question.text, *official_words(question.text)))
    order = ranked(asked, _for_ranking(reading, found, coverages, leads), reading.nearness)
    years = [fold(y) for y in _YEAR.findall(question.text)]
    scored: list[Scored] = []
    for (_, segment), coverage, place, lead in zip(found, coverages, order, leads, strict=True):
        item = Scored(place.score, coverage, segment, place.near, lead)
        score = place.score
        if form and (match := item.fits(form)):
            score += form.bonus + (_BESIDE if form.name == "数量" and _beside(words, segment.text, match) else 0.0)
        if years and all(y in segment.text for y in years):
            score += _OF_YEAR
        if segment.is_formula or segment.clause.kind not in (ClauseKind.BODY, ClauseKind.TABLE):
            score -= _NO_CONTENT  # head and tail answer questions for particulars, not for content
        if _leads_nowhere(segment) or (_REQUESTS.search(segment.text) and not _ASKS_REQUEST.search(question.text)):
            score -= _EMPTY
        scored.append(replace(item, score=score))
    return sorted(scored, key=lambda item: -item.score)


def _passage_id(segment: Segment) -> str:
    """The clause that opens what a segment is read in: that of its article."""
    return segment.document.read_with(segment.clause)[0].id


def _leads_nowhere(segment: Segment) -> bool:
    """Whether a sentence only leads over to what is no clause under it (为此，建议：): it says nothing by itself."""
    if not segment.text.rstrip().endswith(("：", ":")):
        return False
    return not segment.document.children(segment.clause)


def either(reading: Reading, words: str) -> Coverage:
    """How much of the words a sentence holds, as they were asked or as official texts have them."""
    asked, official = reading.relevance(words), in_official_words(words)
    if official == words:
        return asked
    other = reading.relevance(official)
    return lambda *levels: max(asked(*levels), other(*levels))


def _lead_in(item: Segment) -> Segment | None:
    """The sentence that leads over to a numbered item (有下列行为之一的，处…罚款：), which tells about it."""
    parent = next((c for c in item.document.clauses if c.id == item.clause.parent_id), None)
    if parent is None or not item.clause.label:
        return None
    # All of the sentence: 处一万元以下的罚款；情节严重的，处…： rules by each of its parts.
    *_, last = [None, *sentences(item.document.text, parent.span)]
    if last is None or not last.of(item.document.text).rstrip().endswith(("：", ":")):
        return None
    found = Segment(item.document, parent, last)
    return None if found.is_heading else found


def _leads(segments: Sequence[Segment]) -> list[Segment | None]:
    """For each segment what leads over to it; looked up once a clause."""
    known: dict[str, Segment | None] = {}
    for segment in segments:
        if segment.clause.id not in known:
            known[segment.clause.id] = _lead_in(segment)
    return [known[segment.clause.id] for segment in segments]


def _coverage(
    reading: Reading, relevance: Coverage, segment: Segment, form: Form | None, lead: Segment | None = None
) -> float:
    """How far a sentence is about the matter; what gives a reason may leave it to the sentence before to name it."""
    levels = reading.levels(segment)
    if lead is not None:
        levels = (*levels, Level(_BEFORE, lead.text))
    if form is None or not form.needed or not form.fits(segment.text):
        return relevance(*levels)
    return relevance(*levels, Level(_BEFORE, segment.around))


def _beside(words: str, text: str, number: re.Match[str]) -> bool:
    """Whether the number stands next to what is counted: 4个市域产教联合体, 市域产教联合体4个."""
    counted = max(words.split(), key=len, default="")[-3:]
    return len(counted) > 1 and counted in text[max(0, number.start() - 8) : number.end() + 12]


def _for_ranking(
    reading: Reading,
    found: Sequence[tuple[float, Segment]],
    coverages: Sequence[float],
    leads: Sequence[Segment | None],
) -> list[Candidate]:
    """The segments with their neighbours in the clause, the headings over them and the clause around them."""
    texts = [segment.text for _, segment in found]
    clauses = [_passage_id(segment) for _, segment in found]
    candidates: list[Candidate] = []
    for i, ((weight, segment), coverage, lead) in enumerate(zip(found, coverages, leads, strict=True)):
        over = [level.text for level in reading.levels(segment)[1:] if level.text]
        candidates.append(
            Candidate(
                text=texts[i],
                title=segment.document.title,
                over=" ".join([*over, lead.text] if lead else over),
                before=texts[i - 1] if i and clauses[i - 1] == clauses[i] else "",
                after=texts[i + 1] if i + 1 < len(texts) and clauses[i + 1] == clauses[i] else "",
                around=segment.around,
                retrieved=weight,
                named=coverage,
            )
        )
    return candidates


def _candidates(reading: Reading, relevance: Coverage, form: Form | None) -> list[tuple[float, Segment]]:
    """Segments of the retrieved passages with the passage's score; where one document is in question, all of it.

    What fits the form is looked for in all of the documents that the passages are of: a definition may stand far from
    what uses the word.
    """
    documents = {i: reading.books.document(i) for i in dict.fromkeys(p.chunk.document_id for p in reading.passages)}
    found: list[tuple[float, Segment]] = []
    weights: dict[tuple[str, str], float] = {}  # by document and passage
    for passage in reading.passages:
        document = documents[passage.chunk.document_id]
        if document is None:
            continue
        held = list(segments_in(document, passage.chunk.span))
        found.extend((passage.score, segment) for segment in held)
        if held:
            weights.setdefault((document.id, _passage_id(held[0])), passage.score)
    if reading.clauses is not None or (reading.scope.documents is not None and len(reading.documents) <= _WHOLE):
        return [(weights.get((s.document.id, _passage_id(s)), 0.0), s) for s in reading.segments()]
    if form is None:
        return found
    seen = {(s.document.id, s.span) for _, s in found}
    if form.name == "含义":  # stands where the thing is founded, seldom where it is spoken of
        documents |= {i: reading.books.document(i) for i in reading.reached[:_FAR]}
    others = (s for d in documents.values() if d for s in reading.shelf.of(d).segments)
    fitting = [s for s in others if form.fits(s.text) and (s.document.id, s.span) not in seen]
    return found + [
        (weights.get((s.document.id, _passage_id(s)), 0.0), s)
        for s in fitting
        if _coverage(reading, relevance, s, form) >= NAMED
    ]
