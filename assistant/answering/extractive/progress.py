"""How far: what the documents say is done, under way or only planned."""

from __future__ import annotations

from assistant.answering.extractive.replies import searched_in
from assistant.answering.reading import Reading, Segment
from assistant.answering.statements import NOT_STATED, SIGNS, Composition, Statement, attributed, shortened
from assistant.domain.dialogue import Completeness, Verdict
from assistant.domain.policy import ClauseKind
from assistant.domain.status import read_status
from assistant.domain.text import fold

ABOUT = 0.5
_NEAR = 0.8
_ASKS_DONE = ("完成", "成立", "建成", "落实", "办结", "挂牌", "启动", "出台", "印发")


def progress(reading: Reading) -> Composition:
    """The state of an object, or, where none is named, everything the documents in reach say is done."""
    question = reading.question
    words = " ".join([question.object, *question.units])
    for cue in _ASKS_DONE:
        words = words.replace(cue, " ")
    relevance = reading.relevance(words)
    segments = [s for s in reading.segments() if s.document.kind != "提案"]
    premise = _unsupported_premise(reading)
    if relevance.empty:
        return _everything_done(reading, segments)
    scored = [(relevance(s.in_context), s) for s in segments]
    best = max((score for score, _ in scored), default=0.0)
    if best < ABOUT:
        text = f"{NOT_STATED}其进展（已查{searched_in(reading)}）。"
        return Composition(Verdict.NOT_STATED, (*premise, Statement(text)))
    near = [s for score, s in scored if score >= (0.6 if question.wants_list else _NEAR) * best]
    known = [s for s in near if _state(s) != "unclear"]
    if not known:
        nearest = max(scored, key=lambda pair: pair[0])[1]
        statements = (
            Statement(f"{NOT_STATED}其进展（已查{searched_in(reading)}），只有以下表述："),
            Statement(f"“{shortened(nearest.quote.text)}”", (nearest.quote,)),
        )
        return Composition(Verdict.NOT_STATED, (*premise, *statements))
    done = [s for s in known if _state(s) == "done"]
    verdict = Verdict.ANSWERED if done and not premise else Verdict.PARTIAL
    lines = list(attributed([_told(s) for s in known[:12]]))
    if not done:
        lines.append(Statement("文件中未见已完成的记载；没有记载不等于没有完成。"))
    return Composition(verdict, (*premise, *lines))


def _everything_done(reading: Reading, segments: list[Segment]) -> Composition:
    done = [s for s in segments if s.clause.kind is ClauseKind.BODY and _state(s) == "done"]
    if not done:
        text = f"{NOT_STATED}已完成的事项（已查{searched_in(reading)}）。"
        return Composition(Verdict.NOT_STATED, (Statement(text),))
    closing = Statement(f"文件写明已完成的共 {len(done)} 处，全部列出；其余为计划或工作安排。")
    return Composition(
        Verdict.ANSWERED, (*attributed([_told(s) for s in done]), closing), Completeness(len(done), len(done))
    )


def _unsupported_premise(reading: Reading) -> tuple[Statement, ...]:
    """A time limit that the question asserts and no document in reach holds; its words are not repeated."""
    texts = [fold(d.text) for d in reading.documents]
    if reading.question.limits and not any(fold(limit) in text for limit in reading.question.limits for text in texts):
        return (Statement(f"问题中提到的时间，{NOT_STATED}。"),)
    return ()


def _state(segment: Segment) -> str:
    return read_status(segment.text).state


def _told(segment: Segment) -> Statement:
    return Statement(f"{SIGNS[_state(segment)]}“{shortened(segment.quote.text)}”", (segment.quote,))
