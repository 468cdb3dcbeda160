"""Questions for content: the best sentences of the best passages, in document order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answering.extractive.forms import Form, form_of, unasked
from assistant.answering.extractive.parts import clauses_under, count_of_clauses, overview, rows_alike
from assistant.answering.extractive.premise import contradicted
from assistant.answering.extractive.replies import out_of_scope, searched_in
from assistant.answering.ranking import Candidate, ranked, states
from assistant.answering.reading import Reading, Segment, segment_spans
from assistant.answering.relevance import Level
from assistant.answering.statements import NOT_STATED, Composition, Statement, attributed, shortened
from assistant.answering.understand import object_of
from assistant.domain.dialogue import Verdict
from assistant.domain.plain_words import in_official_words, official_words
from assistant.domain.policy import ClauseKind, Span
from assistant.domain.text import fold, sentences

Coverage = Callable[..., float]  # of a question's words by the levels of a sentence, from 0 to 1
SENTENCES = 3  # measured: the answer is among the first three sentences for 88 of 100 questions
# Under this share of the question's words in a sentence and its headings, an addressed clause is told whole.
_NAMED = 0.45
# A question none of whose words occur and whose nearest passage is farther than this is about something else.
OFF_TOPIC_COSINE = 0.86
_ASKS_PARTS = re.compile("哪些|哪几|几(?:个|项|条|方面|类)|有什么|包括|分别|列出|列举|全部|所有|内容")
_COUNTED_NOUN = re.compile(
    "多少([一-鿿]{2,6}?)(?=[？?，。]|$)"
    "|(?!完成|达到|投入|安排|建设|现在|目前|一共|总共|分别)([一-鿿]{2})(?:分别|各|要|应当?|须|需要?|可以?|能)*(?:是|有|为|达到?)多少[？?。]*$"
)
# Words for how much: a text says 不超过1% and not 上限, 达到80% and not 比例.
_MEASURES = re.compile(
    "^(?:[上下]限|最[高低多少大小长短]|金额|数[额量目]|总[数量额]|比[例率重]|标准|规模|期限|时[限间]|[一-鿿]率|费用|价格|资金|人数|面积|指标|目标|要求|程度|水平)$"
)
_ASKS_ALL = re.compile(
    "哪些|哪几|几(?:个|项|条|种|类)|列[一出举]|什么(?:条件|情形|情况|方式|行为|内容|义务|职责|材料)|(?:都)?有什么|包括"
)
_ASKS_WHICH = re.compile("哪[些几0-9一二两三四五六七八九十]|列[一出举]|分别|具体(?:是|有|包括)|包括|有什么")
_NUMBER_OF = re.compile("([一-鿿]{2})[了过到]?(?:百分之多少|多少(?=[个家名项人所位次]))")
_NO_DEED = re.compile(
    "[的了是有要能可以需应会在到个年月日每共少多高低总占达含约用]|完成|投入|安排|建设|现在|目前|分别|设置|设立|包括"
)
_YEAR = re.compile("(?:19|20)[0-9]{2}(?=年)")
_QUOTED = re.compile("“([^”]{2,30})”")
_ASKS_RESULT = re.compile(
    "(?:作|作出|做出|通过|定|确定|选|达成|取得|形成|公布|批准)了(?:哪|什么|几)|最[终后](?:确定|选|定|批|结果)"
)
_MAY = re.compile(
    "能不能|可不可以|能否|可否|可以[^，。？]{0,12}吗|有没有|有无|要不要|用不用|需不需要|是否|允许[^，。？]{0,10}吗|会不会|该不该"
)
_DENIES = re.compile(
    "不得|不能|不可以|不予|不再|不具有|不具备|不收取|不属于|不纳入|不包括|不含|不是|不符合|不宜|不需要?|不应|未作|未能|未采纳|尚未|没有|无须|无需|禁止|严禁|暂不|暂无法"
)
_ALLOWS = re.compile("可以|均可|应当|必须|须|允许|同意|已经|享有|有权|优先")
_WORD = 3  # characters from which a run that is nowhere in a document is a word that it does not know
_FAR = 24  # documents in which a definition is looked for
FITS = 0.3  # coverage from which a sentence that fits the form shows that the matter is stated
_UNRELATED = 0.15
_BEFORE = 0.9
_EQUAL = 0.99  # of the best coverage: rows of a table that answer equally well
_LONGEST_CLAUSE = 12  # sentences
_NEAR = 3.0  # logits under the best sentence
_NO_CONTENT, _BESIDE = 6.0, 1.0  # logits
_AS_GOOD = 0.8
_BEARS = 0.65  # of the best sentence's coverage
_OF_YEAR = 2.0  # logits, for a sentence that says the year that is asked of
_OMISSION = ("（略）", "(略)", "略")
_SHORT = 60  # characters of a clause that is omitted, with its heading
# 四、军民深度融合方面（共6项）: says how many there are and not which.
_ONLY_COUNTS = re.compile(
    "(?:[（(]?[一二三四五六七八九十0-9]+[)）、.．])?[^，。、；：]{2,30}?[（(]?共?[0-9一二三四五六七八九十]+[项个条家类种名][)）]?"
)
_VOICES = 5  # sentences, where several documents speak
_WHOLE = 3  # so many named documents are read whole, not only where retrieval points


def passages(reading: Reading) -> Composition:
    """The sentences that answer a question for content, or an honest “not stated”."""
    question = reading.question
    if not question.object and not question.units and reading.clauses is None and (told := overview(reading)):
        return told
    words = " ".join([object_of(unasked(question.text), question.units), *question.units]).strip() or question.text
    form = None if question.yes_no else form_of(question.text, words)
    scored = _scored(reading, words, form)
    if not scored:
        return out_of_scope(reading)
    says_number = form is not None and form.name == "数量" and form.fits(scored[0].segment.text) is not None
    if not says_number and (counted := count_of_clauses(reading)):
        return counted
    best_coverage = max(item.coverage for item in scored)
    if reading.clauses is not None and best_coverage < _NAMED:
        return _whole_clause(reading)
    first = scored[0]
    fitting = form is not None and form.needed and first.coverage >= _UNRELATED and first.fits(form) is not None
    if not states(best_coverage, first.near, fitting=fitting):
        # Without vectors nothing tells how far off a question is that shares some words.
        cosines = [p.cosine for p in reading.passages if p.cosine is not None]
        if best_coverage < _UNRELATED or (cosines and max(cosines) < OFF_TOPIC_COSINE):
            return out_of_scope(reading)
        return _not_stated(reading, scored[0].segment)
    if omitted := _omitted(scored):
        said = Statement(f"{NOT_STATED}：原文此处从略，只写了“{shortened(omitted.quote.text)}”。", (omitted.quote,))
        return Composition(Verdict.NOT_STATED, (said,))
    best = scored[0].segment
    leads_over = best.text.rstrip().endswith(("：", ":"))  # says nothing without what stands under it
    if (leads_over or _ASKS_PARTS.search(question.text)) and (parts := clauses_under(best, leads_over=leads_over)):
        return parts
    if (
        _ASKS_ALL.search(question.text)
        and (lead := _leading(scored))
        and (parts := clauses_under(lead, leads_over=True))
    ):
        return parts
    if question.wants_list and best.clause.kind is ClauseKind.TABLE:
        equal = [i.segment for i in scored if i.coverage >= _EQUAL * scored[0].coverage]
        if rows := rows_alike(best, equal):
            return rows
    if absent := _absent(reading, scored, words, None if fitting else form):
        return _not_stated(reading, best, absent)
    speaking = [i for i in scored if not i.segment.is_heading or (fitting and form and i.fits(form))] or scored
    kept = _kept([i.segment for i in speaking if i.score >= speaking[0].score - _NEAR])
    if question.wants_list:
        kept = _entire(kept)
    if form and form.needed and (named := _named_before(reading, speaking[0], scored)):
        kept = [named, *(s for s in kept if s is not named)]
    ordered = sorted(kept, key=lambda s: (s.document.id != kept[0].document.id, s.document.id, s.span))
    lines = attributed([*_headed(reading, ordered), *_with_leads(ordered, [i for i in speaking if i.lead])])
    if form and form.needed and not fitting and not _fits_beside(scored, form):
        return Composition(Verdict.PARTIAL, (Statement(f"文件没有直接写明{form.name}，相关的原文是："), *lines))
    if form and form.needed and (unsaid := _unsaid(reading, speaking[0])):
        return Composition(Verdict.PARTIAL, (Statement(f"文件没有直接写明“{unsaid}”的数目，相关的原文是："), *lines))
    if (
        _ASKS_WHICH.search(question.text)
        and not says_number
        and all(_ONLY_COUNTS.fullmatch(s.quote.text) for s in ordered)
    ):
        counted_only = Statement(f"{NOT_STATED}具体内容，只写了数目：")
        return Composition(Verdict.PARTIAL, (counted_only, *lines))
    if _ASKS_RESULT.search(question.text) and reading.status_of(best).state == "planned":
        plan = Statement(f"{NOT_STATED}结果，只写了计划：")
        return Composition(Verdict.PARTIAL, (plan, *lines))
    if question.yes_no and (differing := contradicted(question.text, [s.text for s in kept])):
        head = Statement(f"与原文不符：问题中的“{differing}”，原文另有写法。")
        return Composition(Verdict.ANSWERED, (head, *lines))
    return Composition(Verdict.ANSWERED, (*_polarity(reading, best), *lines))


def _fits_beside(scored: Sequence[_Scored], form: Form) -> bool:
    """Whether a sentence of the best one's document that is nearly as much about the matter has what is asked for."""
    first = scored[0]
    near = (i for i in scored[: 2 * SENTENCES] if i.segment.document.id == first.segment.document.id)
    return any(i.fits(form) and i.coverage >= _BEARS * first.coverage for i in near)


def _unsaid(reading: Reading, best: _Scored) -> str:
    """The word right before an asked number (抽查多少个, 降价百分之多少) that neither sentence nor headings say."""
    match = _NUMBER_OF.search(reading.question.text)
    if match is None or _NO_DEED.search(match[1]):
        return ""
    held = fold("".join(level.text for level in reading.levels(best.segment)) + (best.lead.text if best.lead else ""))
    said = any(fold(word) in held for word in (match[1], in_official_words(match[1])))
    return "" if said else match[1]


def _leading(scored: Sequence[_Scored]) -> Segment | None:
    """What leads over to a list, where the best sentence is an item of it or it is among the best sentences itself."""
    if scored[0].lead is not None:
        return scored[0].lead
    near = (i for i in scored[:SENTENCES] if i.coverage >= _AS_GOOD * scored[0].coverage)
    return next((i.segment for i in near if i.segment.text.rstrip().endswith(("：", ":"))), None)


def _omitted(scored: Sequence[_Scored]) -> Segment | None:
    """The heading that names the matter best, where the document omits what stood under it (（略）)."""
    best = max(scored, key=lambda item: item.coverage)
    whole = best.segment.clause.span.of(best.segment.document.text).rstrip("。 \n")
    return best.segment if best.coverage >= _NAMED and len(whole) <= _SHORT and whole.endswith(_OMISSION) else None


def _entire(kept: Sequence[Segment]) -> list[Segment]:
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


def _with_leads(ordered: Sequence[Segment], led: Sequence[_Scored]) -> list[Statement]:
    """The sentences, items of a list behind what leads over to them, which is told once."""
    leads = {(i.segment.document.id, i.segment.span): i.lead for i in led}
    lines: list[Statement] = []
    told: set[Span] = {s.span for s in ordered}
    for segment in ordered:
        lead = leads.get((segment.document.id, segment.span))
        if lead is not None and lead.span not in told:
            told.add(lead.span)
            lines.append(Statement(f"{shortened(lead.quote.text.rstrip('：:'), 400)}：", (lead.quote,)))
        lines.append(_told(segment))
    return lines


def _named_before(reading: Reading, best: _Scored, scored: list[_Scored]) -> Segment | None:
    """The sentence of the same clause that names the matter, where the best one leaves it out (理由：…)."""
    relevance = reading.relevance(reading.question.object)
    if relevance.empty or relevance(best.segment.text) >= _NAMED:
        return None
    clause = reading.shelf.of(best.segment.document).segments
    mates = [s for s in clause if s.clause.id == best.segment.clause.id and s.span < best.segment.span]
    mate = max(mates, key=lambda s: relevance(s.text), default=None)
    return mate if mate and relevance(mate.text) > relevance(best.segment.text) else None


def _polarity(reading: Reading, best: Segment) -> list[Statement]:
    """For a question for yes or no, whether the clause says it in the negative; the clause itself follows."""
    if not (reading.question.yes_no or _MAY.search(reading.question.text)):
        return []
    if match := _DENIES.search(best.text):
        return [Statement(f"原文是否定的说法（“{match.group()}”）：")]
    if match := _ALLOWS.search(best.text):
        return [Statement(f"原文是肯定的说法（“{match.group()}”）：")]
    return []


def _headed(reading: Reading, told: Sequence[Segment]) -> list[Statement]:
    """The heading of the one clause that the question addresses (第5项), where what is told of it leaves it out."""
    if reading.clauses is None or len({s.clause.id for s in told}) != 1:
        return []
    clause = told[0].clause
    headings = [s for s in reading.segments() if s.clause.id == clause.id and s.is_heading]
    return [Statement(f"{headings[0].quote.text}：", (headings[0].quote,))] if headings else []


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
    lead: Segment | None  # the sentence that leads over to it, where it is an item of a list

    def fits(self, form: Form) -> re.Match[str] | None:
        return form.fits(self.segment.text) or (form.fits(self.lead.text) if self.lead else None)


def _scored(reading: Reading, words: str, form: Form | None) -> list[_Scored]:
    question = reading.question
    relevance = _either(reading, words)
    found = list(_candidates(reading, relevance, form))
    leads = _leads([segment for _, segment in found])
    coverages = [
        _coverage(reading, relevance, segment, form, lead) for (_, segment), lead in zip(found, leads, strict=True)
    ]
    asked = " ".join((question.text, *official_words(question.text)))
    order = ranked(asked, _for_ranking(reading, found, coverages, leads), reading.nearness)
    years = [fold(y) for y in _YEAR.findall(question.text)]
    scored: list[_Scored] = []
    for (_, segment), coverage, place, lead in zip(found, coverages, order, leads, strict=True):
        item = _Scored(place.score, coverage, segment, place.near, lead)
        score = place.score
        if form and (match := item.fits(form)):
            score += form.bonus + (_BESIDE if form.name == "数量" and _beside(words, segment.text, match) else 0.0)
        if years and all(y in segment.text for y in years):
            score += _OF_YEAR
        if segment.is_formula or segment.clause.kind not in (ClauseKind.BODY, ClauseKind.TABLE):
            score -= _NO_CONTENT  # head and tail answer questions for particulars, not for content
        scored.append(replace(item, score=score))
    return sorted(scored, key=lambda item: -item.score)


def _either(reading: Reading, words: str) -> Coverage:
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
    *_, last = [None, *segment_spans(item.document, parent)]
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
    return relevance(*levels, Level(_BEFORE, segment.clause.span.of(segment.document.text)))


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
    clauses = [segment.clause.id for _, segment in found]
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
                around=segment.clause.span.of(segment.document.text),
                retrieved=weight,
                named=coverage,
            )
        )
    return candidates


def _absent(reading: Reading, scored: list[_Scored], words: str, form: Form | None) -> str:
    """What the question speaks of and the answer would lack: a year, a quoted name, a noun, or what its form needs.

    Years and names are looked for in the whole document, the noun (多少在校生, 预算是多少) in the sentence and over it.
    """
    text, best = reading.question.text, scored[0].segment
    held = fold(f"{best.document.title}{best.document.text}")
    # What is only put to the documents for confirmation (是2011年吧) is compared with them, not demanded of them.
    named = [*([] if reading.question.yes_no else _YEAR.findall(text)), *_QUOTED.findall(text)]
    if missing := next((n for n in named if fold(n) not in held), ""):
        return missing
    if form and form.needed and not any(i.coverage >= FITS and i.fits(form) for i in scored[:SENTENCES]):
        return form.name
    near = "".join(level.text for level in reading.levels(best))
    noun = next((a or b for a, b in _COUNTED_NOUN.findall(text)), "")
    if len(noun) > 1 and not _MEASURES.search(noun) and not any(noun[i : i + 2] in near for i in range(len(noun) - 1)):
        return noun
    return _foreign(reading, words, held)


def _foreign(reading: Reading, words: str, held: str) -> str:
    """A word of the question that other documents know and the answer's does not (秘书处, of a body without one)."""
    others = ""
    for run in fold(words).split():
        covered = [
            (i + 1 < len(run) and run[i : i + 2] in held) or (i > 0 and run[i - 1 : i + 1] in held)
            for i in range(len(run))
        ]
        for start in range(len(run) - 2):
            if not any(covered[start : start + _WORD]) and len(run[start : start + _WORD]) == _WORD:
                others = others or _known(reading)
                if run[start : start + _WORD] in others:
                    return run[start : start + _WORD]
    return ""


def _known(reading: Reading) -> str:
    texts = (*(f"{d.title}{d.text}" for d in reading.documents), *(p.chunk.passage for p in reading.passages))
    return fold("".join(texts))


def _candidates(reading: Reading, relevance: Coverage, form: Form | None) -> list[tuple[float, Segment]]:
    """Segments of the retrieved passages with the passage's score; where one document is in question, all of it.

    What fits the form is looked for in all of the documents that the passages are of: a definition may stand far from
    what uses the word.
    """
    weights = {(p.chunk.document_id, p.chunk.clause_id): p.score for p in reversed(reading.passages)}
    if reading.clauses is not None or (reading.scope.documents is not None and len(reading.documents) <= _WHOLE):
        return [(weights.get((s.document.id, s.clause.id), 0.0), s) for s in reading.segments()]
    documents = {i: reading.books.document(i) for i in dict.fromkeys(p.chunk.document_id for p in reading.passages)}
    found: list[tuple[float, Segment]] = []
    for passage in reading.passages:
        document = documents[passage.chunk.document_id]
        clause = document.clause_at(passage.chunk.span.start) if document else None
        if document is None or clause is None:
            continue
        held = (s for s in segment_spans(document, clause) if passage.chunk.span.covers(Span(s.start, s.start)))
        found.extend((passage.score, Segment(document, clause, span)) for span in held)
    if form is None:
        return found
    seen = {(s.document.id, s.span) for _, s in found}
    if form.name == "含义":  # stands where the thing is founded, seldom where it is spoken of
        documents |= {i: reading.books.document(i) for i in reading.reached[:_FAR]}
    others = (s for d in documents.values() if d for s in reading.shelf.of(d).segments)
    fitting = [s for s in others if form.fits(s.text) and (s.document.id, s.span) not in seen]
    return found + [
        (weights.get((s.document.id, s.clause.id), 0.0), s)
        for s in fitting
        if _coverage(reading, relevance, s, form) >= _NAMED
    ]


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
