"""Questions for content: the best sentences of the best passages, in document order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.extractive.absence import SENTENCES, absent_in, fits_beside, unsaid
from assistant.answering.extractive.choosing import (
    binding,
    comes_near,
    entire,
    headed,
    kept_of,
    named_before,
    speaking_of,
    to_the_point,
    whole_clause,
    with_leads,
)
from assistant.answering.extractive.forms import Form, form_of, only_ruled, permission, unasked
from assistant.answering.extractive.parts import (
    clauses_under,
    count_of_clauses,
    family_told,
    one_of,
    overview,
    rows_alike,
)
from assistant.answering.extractive.premise import claimed, contradicted
from assistant.answering.extractive.replies import out_of_scope, searched_in
from assistant.answering.extractive.scoring import NAMED, Scored, either, scored_in
from assistant.answering.retrieval.families import Family, asked_for
from assistant.answering.retrieval.ranking import may_state, states
from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.segments import Segment
from assistant.answering.statements import NOT_STATED, Composition, Statement, attributed, shortened
from assistant.answering.understanding.matter import object_of
from assistant.domain.dialogue import Verdict
from assistant.domain.policy import ClauseKind

# A question none of whose words occur and whose nearest passage is farther than this is about something else.
OFF_TOPIC_COSINE = 0.86
_ASKS_PARTS = re.compile("哪些|哪几|几(?:个|项|条|方面|类)|有什么|包括|分别|列出|列举|全部|所有|内容")
_ASKS_ALL = re.compile(
    "哪些|哪几|几(?:个|项|条|种|类)|列[一出举]|什么(?:条件|情形|情况|方式|行为|内容|义务|职责|材料)|(?:都)?有什么|包括"
)
_ASKS_VALUE = re.compile("上有|几个|[要有]多少")
_ASKS_WHICH = re.compile("哪[些几0-9一二两三四五六七八九十]|列[一出举]|分别|具体(?:是|有|包括)|包括|有什么")
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
_UNRELATED = 0.15
_OF_MATTER = 0.22  # coverage by the sentence and its heading alone, from which the nearest one is worth showing
_EQUAL = 0.99  # of the best coverage: rows of a table that answer equally well
_AS_GOOD = 0.8
_MEASURED = ("金额", "数量", "比例", "年龄", "时间长短", "频次", "提前的时间")
_OMISSION = ("（略）", "(略)", "略")
_SHORT = 60  # characters of a clause that is omitted, with its heading
# 四、军民深度融合方面（共6项）: says how many there are and not which.
_ONLY_COUNTS = re.compile(
    "(?:[（(]?[一二三四五六七八九十0-9]+[)）、.．])?[^，。、；：]{2,30}?[（(]?共?[0-9一二三四五六七八九十]+[项个条家类种名][)）]?"
)
_NEAREST = "没有找到与问题完全对应的表述，最接近的原文如下，请核对："


def passages(reading: Reading) -> Composition:
    """The sentences that answer a question for content, or an honest “not stated”."""
    question = reading.question
    if not question.object and not question.units and reading.clauses is None and (told := overview(reading)):
        return told
    words = " ".join([object_of(unasked(question.text), question.units), *question.units]).strip() or question.text
    form = _form(reading, words)
    scored = scored_in(reading, words, form)
    if not scored:
        return out_of_scope(reading)
    says_number = form is not None and form.name == "数量" and form.fits(scored[0].segment.text) is not None
    family = _family(reading, words, scored, form)
    counts = family is not None and family.stands_out and family.of_kind  # 几个问题: of the part that tells of them
    if not says_number and not counts and (counted := count_of_clauses(reading)):
        return counted
    best_coverage = max(item.coverage for item in scored)
    if reading.clauses is not None and best_coverage < NAMED:
        return whole_clause(reading)
    first = scored[0]
    if family and family.stands_out:
        return family_told(family)
    fitting = form is not None and form.needed and first.coverage >= _UNRELATED and first.fits(form) is not None
    sure = states(best_coverage, first.near, fitting=fitting)
    answerable = fitting or form is None or not form.needed
    if not sure and not (answerable and may_state(best_coverage, first.near, fitting=fitting)):
        # Without vectors nothing tells how far off a question is that shares some words.
        cosines = [p.cosine for p in reading.passages if p.cosine is not None]
        if best_coverage < _UNRELATED or (cosines and max(cosines) < OFF_TOPIC_COSINE):
            return out_of_scope(reading)
        return _not_stated(reading, scored[0].segment)
    if sure:
        return _told_of(reading, scored, words, form, family, fitting)
    nearest = _told_of(reading, scored, words, form, family, fitting, most=1)
    if nearest.verdict is not Verdict.ANSWERED:
        return nearest
    return replace(nearest, verdict=Verdict.PARTIAL, statements=(Statement(_NEAREST), *nearest.statements))


def _family(reading: Reading, words: str, scored: Sequence[Scored], form: Form | None) -> Family | None:
    """The clauses that belong together and are asked for as a list, where the text has them so."""
    question = reading.question
    best = scored[0].segment
    if reading.clauses is not None or question.yes_no or question.compares or (form and form.needed):
        return None
    if best.clause.kind is ClauseKind.TABLE:  # its rows are the list
        return None
    documents = {p.chunk.document_id: reading.books.document(p.chunk.document_id) for p in reading.passages}
    found: dict[str, float] = {}
    for passage in reading.near:
        document = documents.get(passage.chunk.document_id)
        clause = document.clause_at(passage.chunk.span.start) if document else None
        for read in document.read_with(clause) if document and clause else ():
            found.setdefault(read.id, passage.score)
    held = [d for d in documents.values() if d is not None]
    return asked_for(question.text, question.units, held, found, either(reading, words), (best.document, best.clause))


def _form(reading: Reading, words: str) -> Form | None:
    question = reading.question
    if question.yes_no:
        return claimed(question.text) or (None if question.limits else permission())
    form = form_of(question.text, words)
    return permission() if form is None and _MAY.search(question.text) else form


def nearest(reading: Reading) -> Segment | None:
    """The sentence nearest to a question that no document answers; None where none speaks of anything like it."""
    question = reading.question
    words = " ".join([object_of(unasked(question.text), question.units), *question.units]).strip() or question.text
    speaking = [i for i in scored_in(reading, words, None) if not i.segment.is_heading and i.coverage >= _UNRELATED]
    return speaking[0].segment if speaking else None


def _told_of(
    reading: Reading,
    scored: list[Scored],
    words: str,
    form: Form | None,
    family: Family | None,
    fitting: bool,
    most: int = SENTENCES,
) -> Composition:
    """What the best sentences say: a list with what leads over to it, or up to ``most`` of them."""
    question = reading.question
    says_number = form is not None and form.name == "数量" and form.fits(scored[0].segment.text) is not None
    if omitted := _omitted(scored):
        said = Statement(f"{NOT_STATED}：原文此处从略，只写了“{shortened(omitted.quote.text)}”。", (omitted.quote,))
        return Composition(Verdict.NOT_STATED, (said,))
    best = scored[0].segment
    leads_over = best.text.rstrip().endswith(("：", ":"))  # says nothing without what stands under it
    if (leads_over or _ASKS_PARTS.search(question.text)) and (parts := clauses_under(best, leads_over=leads_over)):
        return _one_of(question.text, parts, words) or parts
    if (
        _ASKS_ALL.search(question.text)
        and (lead := _leading(scored))
        and (parts := clauses_under(lead, leads_over=True))
    ):
        return _one_of(question.text, parts, words) or parts
    if question.wants_list and best.clause.kind is ClauseKind.TABLE:
        equal = [i.segment for i in scored if i.coverage >= _EQUAL * scored[0].coverage]
        if rows := rows_alike(best, equal):
            return rows
    if family:
        return family_told(family)
    if absent := absent_in(reading, scored, words, None if fitting else form, fitting=fitting):
        return _not_stated(reading, best, absent)
    speaking = [i for i in scored if not i.segment.is_heading or (fitting and form and i.fits(form))] or scored
    # Beside what has the kind of answer that is asked for, what has not says nothing to it.
    measured = fitting and form is not None and form.name in _MEASURED and speaking[0].fits(form) is not None
    saying = [i for i in speaking if form and i.fits(form)] if measured else to_the_point(reading, speaking)
    kept = binding(question.text, kept_of([i.segment for i in saying if comes_near(reading, i, saying[0])], most))
    if question.wants_list:
        kept = entire(kept)
    if form and form.needed and (named := named_before(reading, speaking[0], scored)):
        kept = [named, *(s for s in kept if s is not named)]
    # The clause of the best sentence first, for it answers; the others in their order behind it.
    first = kept[0]
    ordered = sorted(
        kept,
        key=lambda s: (s.document.id != first.document.id, not s.beside(first), s.document.id, s.span),
    )
    lines = attributed([*headed(reading, ordered), *with_leads(ordered, [i for i in speaking if i.lead])])
    if form and form.needed and not fitting and not fits_beside(scored, form, scored[0]):
        return Composition(Verdict.PARTIAL, (Statement(f"文件没有直接写明{form.name}，相关的原文是："), *lines))
    if form and only_ruled(form, speaking[0].segment.text) and not fits_beside(speaking[1:], form, speaking[0]):
        return Composition(Verdict.PARTIAL, (Statement("文件没有写明具体数额，只写了按什么确定："), *lines))
    if form and form.needed and (noun := unsaid(reading, speaking[0])):
        return Composition(Verdict.PARTIAL, (Statement(f"文件没有直接写明“{noun}”的数目，相关的原文是："), *lines))
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


def _leading(scored: Sequence[Scored]) -> Segment | None:
    """What leads over to a list, where the best sentence is an item of it or it is among the best sentences itself."""
    if scored[0].lead is not None:
        return scored[0].lead
    near = (i for i in scored[:SENTENCES] if i.coverage >= _AS_GOOD * scored[0].coverage)
    return next((i.segment for i in near if i.segment.text.rstrip().endswith(("：", ":"))), None)


def _omitted(scored: Sequence[Scored]) -> Segment | None:
    """The heading that names the matter best, where the document omits what stood under it (（略）)."""
    best = max(scored, key=lambda item: item.coverage)
    whole = best.segment.clause.span.of(best.segment.document.text).rstrip("。 \n")
    return best.segment if best.coverage >= NAMED and len(whole) <= _SHORT and whole.endswith(_OMISSION) else None


def _polarity(reading: Reading, best: Segment) -> list[Statement]:
    """For a question for yes or no, whether the clause says it in the negative; the clause itself follows."""
    if not (reading.question.yes_no or _MAY.search(reading.question.text)):
        return []
    if match := _DENIES.search(best.text):
        return [Statement(f"原文是否定的说法（“{match.group()}”）：")]
    if match := _ALLOWS.search(best.text):
        return [Statement(f"原文是肯定的说法（“{match.group()}”）：")]
    return []


def _not_stated(reading: Reading, best: Segment, absent: str = "") -> Composition:
    named = f"与“{absent}”有关的内容" if absent else ""
    silent = Statement(f"{NOT_STATED}{named}（已查{searched_in(reading)}）。")
    if (near := _worth_showing(reading, best)) is None:
        return Composition(Verdict.NOT_STATED, (silent,))
    shown = Statement(f"最接近的原文是：“{shortened(near.quote.text)}”。", (near.quote,))
    return Composition(Verdict.NOT_STATED, (silent, shown))


def _worth_showing(reading: Reading, best: Segment) -> Segment | None:
    """What says something of the matter; None for what only stands near it."""
    question = reading.question
    relevance = reading.relevance(" ".join([question.object, *question.units]))
    if not relevance.empty and relevance(best.text, best.clause.heading) < _OF_MATTER:
        return None
    return speaking_of(reading, best)


def _one_of(asked: str, parts: Composition, words: str) -> Composition | None:
    return None if _ASKS_ALL.search(asked) and not _ASKS_VALUE.search(asked) else one_of(parts, words)
