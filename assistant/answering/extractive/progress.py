"""How far: what the documents say is done, under way, not begun or only planned."""

from __future__ import annotations

import re

from assistant.answering.extractive.passages import nearest, passages
from assistant.answering.extractive.replies import searched_in, which_matter
from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.relevance import Level, Relevance
from assistant.answering.retrieval.segments import Segment
from assistant.answering.statements import (
    NOT_STATED,
    SIGNS,
    Composition,
    Statement,
    attributed,
    counted,
    in_order,
    shortened,
)
from assistant.answering.understanding.periods import find_periods
from assistant.answering.understanding.question import Understood
from assistant.domain.dialogue import Status, Verdict
from assistant.domain.language.text import fold
from assistant.domain.policy import ClauseKind
from assistant.domain.units.names import any_same

ABOUT = 0.45
_NEAR = 0.65
_NEAR_LIST = 0.6
_NAMES_THING = 0.45
_STATES_IT = 1.2  # a sentence that tells a state is preferred to one that only names the object
_CUES = re.compile(
    "(?:落实|推进|办|做|筹备|准备|进行|开展|完成|执行|搞)得|[干弄搞做办]完|[组筹]建|[办做建]好|完成|成立|建成|落实|办结|挂牌|启动|出台|印发|筹建|推进|正在|尚未|还没|没有"
)
_HEADINGS = (
    re.compile("(?:尚未|未|没有?|还没)(?:有)?(?:启动|开始|开展)"),
    re.compile("正在(?:推进|办理|实施)|推进中"),
    re.compile("(?:尚未|未|没有?|还没)(?:有)?(?:完成|办结)"),
    re.compile("已(?:经)?(?:完成|办结)"),
)
# 对没有进展的任务, 没有…就没有…, 有待提高: words of a rule or a phrase, no matter that is open.
_NO_MATTER = re.compile(
    "(?:尚未|未能|没有|未)[^，。；、]{1,8}的(?:任务|单位|事项|项目|部门|企业|学校|人员|地区)|没有[^。；]{1,20}就没有|有待(?:进一步)?(?:提高|加强|完善|提升|增强)"
)
_OF_ITSELF = re.compile(
    "现(?:将[^。；]{0,40})?(?:印发|转发|下发)给|现予(?:印发|公布|转发)|请(?:结合实际|遵照|认真)[^。；]{0,12}(?:执行|落实)"
)
_STATE_ASKED = re.compile(
    "完成|成立|建成|启动|开始|落实|开工|办结|没有?|未|已经?|正在|在(?:推进|办|建|做)|哪些|哪几|几"
)
_HOW_MANY = re.compile("[几多]少?[项个件条]")
_COUNTS = re.compile("(?:完成|办结|启动|推进|落实|建成)了?[^，。；0-9]{0,6}[0-9]+[项个件条]")
_FEW = 2  # documents over which everything may be told at once
_HEADING = 20  # characters of a heading that names a state
_ASKS_OPEN = re.compile("(?:没有?|未|尚未|还没)(?:有)?(?:完成|启动|开始|落实|建成|成立|动)")
_ASKS_UNDER_WAY = re.compile("正在|在(?:推进|办|建|做)")


def progress(reading: Reading) -> Composition:
    """The state of an object, or, where none is named, everything the documents in reach say is in that state."""
    question = reading.question
    words = [w for w in _CUES.sub(" ", question.object).split() if len(w) > 1]
    # Who is said to have done it may be wrong: the matter decides where one is named.
    acting = [u for u in question.units if words and any(any_same(u, r.entry.leads_known) for r in reading.held)]
    relevance = reading.relevance(" ".join([*words, *(u for u in question.units if u not in acting)]))
    segments = [s for s in reading.segments() if s.document.kind != "提案" and not s.is_heading and not _idle(s)]
    premise = _unsupported_premise(reading)
    if question.wants_list and (sorted_by := _under_heading(reading)):
        return sorted_by
    if relevance.empty:
        if _asks_nothing(reading):
            return which_matter(reading, [s for s in segments if reading.status_of(s).cue])
        return _all_in_state(reading, segments)
    scored = []
    for segment in segments:
        score = relevance(*reading.levels(segment))
        scored.append((score * (_STATES_IT if reading.status_of(segment).cue else 1.0), score, segment))
    scored.sort(key=lambda item: -item[0])
    if not scored or scored[0][1] < ABOUT:
        # Words of progress may be said of anything (还没签合同怎么办): then it is content that is asked for.
        if (said := passages(reading)).verdict in (Verdict.ANSWERED, Verdict.PARTIAL):
            return said
        lines = [*premise, Statement(_silence(reading) + "。")]
        if said_nearest := nearest(reading):
            lines.append(Statement(f"最接近的原文是：“{shortened(said_nearest.quote.text)}”。", (said_nearest.quote,)))
        return Composition(Verdict.NOT_STATED, tuple(lines))
    near = (_NEAR_LIST if question.wants_list else _NEAR) * scored[0][0]
    told = [s for weighed, _, s in scored if weighed >= near and reading.status_of(s).cue][:10]
    if not told:
        # Of 联合体理事会 a report only says 理事会: it names the thing by its last word, and how far it is.
        least = _NAMES_THING * scored[0][0]
        naming = (s for weighed, _, s in scored if weighed >= least and relevance.names_head(Level(1.0, s.text)))
        told = [s for s in naming if reading.status_of(s).cue][:1]
    if not told and question.yes_no and question.limits and (said := passages(reading)).verdict is Verdict.ANSWERED:
        return said  # 要在三十日内办完，对吗: of what a text rules
    if not told:
        closest = scored[0][2]
        quoted = Statement(f"“{shortened(closest.quote.text)}”", (closest.quote,))
        head = Statement(_silence(reading) + "，只有以下表述：")
        return Composition(Verdict.NOT_STATED, (*premise, head, quoted))
    told = _tally(question, told) or told
    told = told[:1] if premise else told  # of another time than is asked of: one sentence shows what there is
    told.sort(key=lambda s: (*in_order(question.text, s.document), s.span))
    lines = [*premise, *attributed([_told(reading, s) for s in told])]
    done = any(reading.status_of(s).state == "done" for s in told)
    if not done:
        lines.append(Statement("文件中未见已完成的记载；没有记载不等于没有完成。"))
    return Composition(Verdict.ANSWERED if done and not premise else Verdict.PARTIAL, tuple(lines))


def _tally(question: Understood, told: list[Segment]) -> list[Segment]:
    """Where a number is asked for (完成了几项) and a sentence counts: it, and what is sorted as asked for."""
    counting = [s for s in told if _COUNTS.search(s.text)] if _HOW_MANY.search(question.text) else []
    asked = next((p for p in _HEADINGS if p.search(question.text)), _HEADINGS[-1])
    return [*counting, *(s for s in told if s not in counting and _sorted_under(s, asked))] if counting else []


def _sorted_under(segment: Segment, state: re.Pattern[str]) -> bool:
    over = (segment.clause, *segment.document.ancestors(segment.clause))
    return any(len(c.heading) < _HEADING and state.search(c.heading) for c in over if c.heading)


def _idle(segment: Segment) -> bool:
    """Whether a sentence tells of the document itself (现印发给你们), or rules what is done when nothing moves."""
    return segment.is_formula or bool(_OF_ITSELF.search(segment.text) or _NO_MATTER.search(segment.text))


def _under_heading(reading: Reading) -> Composition | None:
    """Where a report sorts its matters by state (二、正在推进的任务), what stands under the asked heading."""
    text = reading.question.text
    asked = next((p for p in _HEADINGS if p.search(text)), None)
    if asked is None:
        return None
    words = [w for w in _CUES.sub(" ", reading.question.object).split() if len(w) > 1 and w != "任务"]
    words += [p.span.of(text) for p in find_periods(text, reading.today)]
    relevance = Relevance(" ".join(words), [d.title for d in reading.documents])
    lines: list[Statement] = []
    for document in reading.documents:
        if not relevance.empty and relevance(document.title) < ABOUT:
            continue
        heads = [c for c in document.clauses if c.heading and asked.search(c.heading) and len(c.heading) < _HEADING]
        inside = {c.id for c in document.clauses if any(h in (c, *document.ancestors(c)) for h in heads)}
        for segment in reading.shelf.of(document).segments:
            if segment.clause.id in inside and not segment.is_heading:
                over = segment.clause.heading if segment.clause not in heads else ""
                said = f"{over}：" if over and over not in segment.text else ""
                lines.append(Statement(f"{said}“{shortened(segment.quote.text)}”", (segment.quote,)))
    return counted(lines, "文件列在这一类下的共 {} 处，全部列出。") if lines else None


def _all_in_state(reading: Reading, segments: list[Segment]) -> Composition:
    """Every sentence that tells the asked state: done, unless the question asks for what is not, or is under way."""
    text = reading.question.text
    if _ASKS_OPEN.search(text):
        wanted, name = "open", "尚未完成或启动"
    elif _ASKS_UNDER_WAY.search(text):
        wanted, name = "in_progress", "正在推进"
    else:
        wanted, name = "done", "已完成"
    found = [s for s in segments if s.clause.kind is ClauseKind.BODY and _is(reading.status_of(s), wanted)]
    if wanted == "open":
        found = [s for s in found if not _NO_MATTER.search(s.text)]
    if not found:
        statement = Statement(f"{NOT_STATED}{name}的事项（已查{searched_in(reading)}）。")
        return Composition(Verdict.NOT_STATED, (statement,))
    return counted([_told(reading, s) for s in found], f"文件写明{name}的共 {{}} 处，全部列出。")


def _asks_nothing(reading: Reading) -> bool:
    """现在进展怎么样, over a library of several documents: of what, and how far, is left open."""
    text = reading.question.text
    named = reading.scope.documents is not None or reading.question.units
    return not named and len(reading.documents) > _FEW and not _STATE_ASKED.search(text)


def _is(status: Status, wanted: str) -> bool:
    return status.state == wanted or (wanted == "open" and status.state == "unclear" and status.cue is not None)


def _silence(reading: Reading) -> str:
    return f"{NOT_STATED}其进展（已查{searched_in(reading)}）"


def _unsupported_premise(reading: Reading) -> tuple[Statement, ...]:
    """A time limit that the question asserts and no document in reach holds; its words are not repeated."""
    limits = [fold(limit) for limit in reading.question.limits]
    if limits and not any(limit in fold(d.text) for limit in limits for d in reading.documents):
        return (Statement(f"问题中提到的时间，{NOT_STATED}。"),)
    return ()


def _told(reading: Reading, segment: Segment) -> Statement:
    row = reading.row_of(segment)
    sign = SIGNS[reading.status_of(segment).state]
    return Statement(f"{sign}“{shortened(segment.quote.text)}”", (segment.quote,), row.entry if row else None)
