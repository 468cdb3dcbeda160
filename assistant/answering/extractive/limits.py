"""By when: time limits, dates of events, and what is overdue today."""

from __future__ import annotations

import re

from assistant.answering.extractive.choosing import speaking_of
from assistant.answering.extractive.forms import asks_first_day, asks_length, asks_number, asks_time
from assistant.answering.extractive.listing import listing
from assistant.answering.extractive.passages import nearest, passages
from assistant.answering.extractive.replies import searched_in, which_document
from assistant.answering.retrieval.reading import Limit, Reading
from assistant.answering.retrieval.relevance import Relevance
from assistant.answering.retrieval.segments import Segment
from assistant.answering.statements import (
    INFERRED_YEAR,
    NOT_STATED,
    Composition,
    Quote,
    Statement,
    attributed,
    counted,
    in_order,
    name_of,
    shortened,
    trimmed,
)
from assistant.answering.understanding.matter import matters_in
from assistant.domain.dialogue import Verdict
from assistant.domain.language.dates import find_dates
from assistant.domain.language.deadlines import find_deadlines
from assistant.domain.policy import Document

ABOUT = 0.45
_NEAR = 0.85
_OTHERS = 0.75  # documents beside the best one
_BEARS_LIMIT = 1.25
_ASKING = re.compile("完成|建成|前后|怎么变|变化|变|延期|延到|延|改到|调整|要求|清单里|没上线|依据|过时限")
_HANDLING = re.compile(
    "(?:办理|办复|答复|承办)(?:的)?(?:期限|时限)|几个月(?:内|之内)?(?:办复|答复|办结)|多久(?:内)?(?:办复|答复)"
)
# By when a task is done is said by a limit or not at all; a day beside it is no limit.
_COMPLETES = re.compile(
    "完成|建成|建好|办结|办完|落实|到位|竣工|完工|投[用产]|交付|启动|上线|成立|组建|挂牌|揭牌|开工|取消|时限|截止"
)
_LASTS = re.compile("期|最[长短多少]|至少|有效|一次")
_TO_BE_DONE = re.compile(f"{_COMPLETES.pattern}|[之以]?前|之?内|底")
# How long a plan runs stands in its title: 建设方案（2024—2027年）.
_SPAN = re.compile(
    "(?:规划|计划|方案|实施|行动|建设|执行)(?:的)?(?:期限?|周期|年限|时段|起止)|规划期|管(?:到|几年)|几年(?:的)?(?:规划|计划|方案)"
    "|(?:规划|计划|方案)[^，。？]{0,8}(?:管|到|至|从)(?:哪|几)"
)
_YEARS = re.compile("(?:19|20)[0-9]{2}年?(?:—|－|–|-|~|～|至|到){1,2}(?:19|20)[0-9]{2}年?")
_CLOSE = 0.6  # coverage from which a sentence with a day is shown where no limit is
_DAY = re.compile(
    "[0-9一二三四五六七八九十]{1,3}月(?:[0-9一二三四五六七八九十]{1,3}[日号]|[上中下]旬|底|末)|[0-9]{4}年[^，。]{0,4}(?:月|底|季)"
)
_TURN = re.compile("(首|第[一二三四五六七八九十0-9]+)(批|期|次|轮|届|年度|季度|阶段)")
_MANY = 5  # a list over more documents than this is asked back
_LIMITING = ("fixed", "relative", "recurring", "ongoing")


def deadlines(reading: Reading) -> Composition:
    """The time limit of what is asked for; without an object, all limits of the documents in reach."""
    question = reading.question
    if handling := _HANDLING.search(question.text):
        return _of_handling(reading, handling.group())
    if asks_first_day(question.text) and (said := passages(reading)).verdict is Verdict.ANSWERED:
        return said
    if _SPAN.search(question.text) and (spans := _titled_spans(reading)):
        return spans
    if asks_length(question.text) and _LASTS.search(question.text) and not _TO_BE_DONE.search(question.text):
        # 试用期最长多久, 筹设期几年: how long it lasts is ruled, no task is to be done by then.
        said = passages(reading)
        if said.verdict is Verdict.ANSWERED:
            return said
    # 市人社局牵头的中试基地: who leads it is said of the object and may be wrong; the object decides.
    said_of = question.asked.leads if question.asked.leads and _ASKING.sub("", question.object).strip() else ()
    units = [u for u in question.units if u not in said_of]
    relevance = reading.relevance(_ASKING.sub(" ", " ".join([question.object, *units])))
    if relevance.empty:
        return _all(reading)
    scored = _scored(reading, relevance)
    if not scored or scored[0][1] < ABOUT:
        scored = _scored(reading, relevance, proposals=True)  # what is only asked for is better than nothing
    if not scored or scored[0][1] < ABOUT:
        return _stated(reading) or _silent(reading, nearest(reading))
    limited = [(s, m) for s in _by_document(scored) for m in _limits(reading, s)]
    if not limited:  # the sentence itself is silent: look in the rest of its clause
        limited = [(s, m) for s in reading.segments() if s.beside(scored[0][2]) for m in _limits(reading, s)]
    if not limited:
        return _stated(reading) or _open(scored) or _dated(scored) or _silent(reading, scored[0][2])
    matter = reading.relevance(_ASKING.sub(" ", question.object))
    if not matter.empty and not any(matter(*reading.levels(s)) for s, _ in limited):
        return _silent(reading, nearest(reading))  # only the unit is spoken of, and the matter nowhere
    limited.sort(key=lambda pair: (*in_order(question.text, pair[0].document), pair[0].span))
    return Composition(Verdict.ANSWERED, attributed([_told(s, m) for s, m in limited[:8]]))


def _open(scored: list[tuple[float, float, Segment]]) -> Composition | None:
    """What the sentences about the matter write in the place of a limit (完成时限：适时), if anything."""
    near = [s for _, score, s in scored if score >= max(_CLOSE, _NEAR * scored[0][1])]
    written = [(s, m.as_written) for s in near for m in find_deadlines(s.text) if m.kind == "vague" and m.labelled]
    if not written:
        return None
    words = "”“".join(dict.fromkeys(as_written for _, as_written in written))
    documents = list(dict.fromkeys(s.document.id for s, _ in written))
    said = sorted(dict.fromkeys(s for s, _ in written), key=lambda s: (documents.index(s.document.id), s.span))
    lines = [Statement(f"“{shortened(s.quote.text)}”", (s.quote,)) for s in said]
    head = Statement(f"文件没有写明确定的时限，只写“{words}”：")
    return Composition(Verdict.PARTIAL, (head, *attributed(lines)))


def _dated(scored: list[tuple[float, float, Segment]]) -> Composition | None:
    """Days in the sentences closest to what is asked, where none is a limit by the rules: shown for what they are."""
    near = [s for _, score, s in scored[:3] if score >= _CLOSE and _DAY.search(s.text)]
    if not near:
        return None
    lines = [Statement(f"“{shortened(s.quote.text)}”", (s.quote,)) for s in near]
    head = Statement("文件没有以完成时限的写法写明，写有日期的原文是：")
    return Composition(Verdict.PARTIAL, (head, *attributed(lines)))


def _stated(reading: Reading) -> Composition | None:
    """A time that a text states and that limits no task: how long something is valid, from which day it applies."""
    text = reading.question.text
    if _COMPLETES.search(text) or not (asks_time(text) or asks_number(text)):
        return None
    said = passages(reading)
    return said if said.verdict in (Verdict.ANSWERED, Verdict.PARTIAL) else None


def _titled_spans(reading: Reading) -> Composition | None:
    """The years that titles say, of the documents whose titles name what is asked; None where none does."""
    words = _SPAN.sub(" ", reading.question.object)
    titled = [(d, f, m) for d in reading.documents if (f := d.field("title")) and (m := _YEARS.search(f.as_written))]
    relevance = Relevance(words, [d.title for d, _, _ in titled])
    if not relevance.empty and reading.scope.documents is None:
        best = max((relevance(d.title) for d, _, _ in titled), default=0.0)
        titled = [x for x in titled if best > 0 and relevance(x[0].title) >= best - 0.05]
    if not 0 < len(titled) <= _MANY:
        return None
    lines = [Statement(f"{name_of(d)}的标题写明：{m.group()}。", (Quote(d, trimmed(d, f.span)),)) for d, f, m in titled]
    return Composition(Verdict.ANSWERED, tuple(lines))


def _of_handling(reading: Reading, words: str) -> Composition:
    """How long a case may take: a rule on handling, which is no limit of what the reply promises."""
    lines = [s for s in reading.segments(heads=True) if _HANDLING.search(s.text) and find_deadlines(s.text)]
    if lines:
        return Composition(
            Verdict.ANSWERED, attributed([Statement(f"“{shortened(s.text)}”", (s.quote,)) for s in lines])
        )
    return Composition(Verdict.NOT_STATED, (Statement(f"{NOT_STATED}{words}（已查{searched_in(reading)}）。"),))


def _scored(reading: Reading, relevance: Relevance, *, proposals: bool = False) -> list[tuple[float, float, Segment]]:
    """Segments by how much they are about the object, those that bear a limit preferred; best first."""
    scored = []
    for segment in reading.segments():
        if segment.document.kind == "提案" and len(reading.documents) > 1 and not proposals:
            continue  # what is asked for in a proposal binds nobody
        if _of_other_turn(reading.question.text, segment.text):
            continue
        score = relevance(*reading.levels(segment))
        scored.append((score * (_BEARS_LIMIT if has_limit(segment) else 1.0), score, segment))
    return sorted(scored, key=lambda item: -item[0])


def _of_other_turn(asked: str, text: str) -> bool:
    """Whether a sentence speaks of another one of a row than is asked for: 第二批, where 首批 is."""
    wanted = {(n.replace("首", "第一"), m) for n, m in _TURN.findall(asked)}
    held = {(n.replace("首", "第一"), m) for n, m in _TURN.findall(text)}
    return any((n, measure) not in held and measure in {m for _, m in held} for n, measure in wanted)


def _by_document(scored: list[tuple[float, float, Segment]]) -> list[Segment]:
    """The segments about the object: of each document that is nearly as close as the closest, its best ones."""
    best: dict[str, float] = {}
    for weighed, _, segment in scored:
        best.setdefault(segment.document.id, weighed)
    return [
        s
        for weighed, _, s in scored
        if weighed >= _NEAR * best[s.document.id] and best[s.document.id] >= _OTHERS * scored[0][0]
    ]


def _all(reading: Reading) -> Composition:
    if len(reading.documents) > _MANY:
        return which_document(reading)
    found = [(s, m) for s in reading.segments() for m in _limits(reading, s)]
    if not found:
        dated = [s for s in reading.segments() if find_dates(s.text)]
        statements = [Statement(f"{NOT_STATED}任何完成时限（已查{searched_in(reading)}）。")]
        if dated:
            statements.append(Statement("文中另有日期，只记载事件："))
        statements += [Statement(f"“{shortened(s.quote.text)}”", (s.quote,)) for s in dated[:3]]
        return Composition(Verdict.NOT_STATED, tuple(statements))
    return counted([_told(s, m) for s, m in found], "共 {} 处时限，全部列出。")


def event_date(reading: Reading) -> Composition:
    """When something happened: the date beside it; a missing year is inferred from the document, and marked."""
    question = reading.question
    relevance = reading.relevance(" ".join([question.object, *question.units]))
    dated = [s for s in reading.segments() if find_dates(s.text)]
    best = max(dated, key=lambda s: relevance(*reading.levels(s)), default=None)
    anywhere = max((relevance(*reading.levels(s)) for s in reading.segments()), default=0.0)
    if best is None or relevance(*reading.levels(best)) < max(ABOUT, 0.7 * anywhere):
        return deadlines(reading)
    found = find_dates(best.text)[0]
    statements = [Statement(f"{found.as_written}：“{shortened(best.quote.text)}”。", (best.quote,))]
    if not found.possible:
        statements.append(Statement("这个日期在日历上不存在，原文如此，请向发文单位核实。"))
    if found.year is not None:
        return Composition(Verdict.ANSWERED, attributed(statements))
    return Composition(Verdict.PARTIAL, attributed([*statements, _year_of(best.document)]))


def overdue(reading: Reading) -> Composition:
    """What the ledger has with a limit before today and no word of completion; computed now, never stored."""
    question = reading.question
    matters = [w for w in matters_in(_ASKING.sub(" ", question.object)) if len(w) > 1]
    relevance = reading.relevance(" ".join(matters))
    if not relevance.empty and not question.units:
        scored = [(relevance(*reading.levels(s)), s) for s in reading.segments()]
        least = max(ABOUT, _NEAR * max((score for score, _ in scored), default=0.0))
        if not any(has_limit(s) for score, s in scored if score >= least):
            return deadlines(reading)
    answer = listing(reading)
    if answer.verdict is not Verdict.NOT_STATED and answer.completeness and not answer.relaxed:
        return answer
    said = f"{reading.today.year}年{reading.today.month}月{reading.today.day}日"
    rows = reading.rows() if reading.scope.documents is not None else reading.books.chosen()
    limited = [r for r in rows if r.entry.commitment.deadline.kind in _LIMITING]
    why = "没有写明可以判断的完成时限" if not limited else "写明的时限都未过，或缺少年份无法换算"
    text = f"以今天（{said}）为准，{searched_in(reading)}{why}；{NOT_STATED}，无法判定是否逾期。"
    return Composition(Verdict.NOT_STATED, (Statement(text),))


def has_limit(segment: Segment) -> bool:
    """Whether a sentence bears a time limit that binds."""
    return any(m.kind in _LIMITING for m in find_deadlines(segment.text))


def _limits(reading: Reading, segment: Segment) -> list[Limit]:
    return [limit for limit in reading.limits_of(segment) if limit.kind in _LIMITING]


def _told(segment: Segment, limit: Limit) -> Statement:
    day = f"（到期日{limit.due.isoformat()}{INFERRED_YEAR}）" if limit.due and limit.inferred else ""
    text = f"{limit.as_written}{day}：“{shortened(segment.quote.text)}”"
    return Statement(text, (segment.quote,), limit.row.entry if limit.row else None)


def _silent(reading: Reading, near: Segment | None) -> Composition:
    statements = [Statement(f"{NOT_STATED}完成时限（已查{searched_in(reading)}）。")]
    if near is not None:
        near = speaking_of(reading, near)
        statements.append(Statement(f"相关的原文是：“{shortened(near.quote.text)}”。", (near.quote,)))
        if vague := [m.as_written for m in find_deadlines(near.text) if m.kind == "vague"]:
            statements.append(Statement(f"“{'”“'.join(vague)}”不是确定的时限。", (near.quote,)))
    return Composition(Verdict.NOT_STATED, tuple(statements))


def _year_of(document: Document) -> Statement:
    """What the document itself lets one infer of a missing year, in the order 成文日期, year of the number."""
    for name, label in (("issued_on", "成文日期"), ("number", "文号")):
        field = document.field(name)
        match = re.search("(?:19|20)[0-9]{2}", field.value) if field else None
        if field and match:
            basis = f"按{label}“{field.as_written.strip()}”可推断为{match.group()}年"
            text = f"原文没有写年份；{basis}{INFERRED_YEAR}，待核实。"
            return Statement(text, (Quote(document, field.span),))
    return Statement("原文没有写年份，文件中也没有可供推断的日期。")
