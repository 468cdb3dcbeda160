"""Histories in words, as a clerk would write them: what holds now first, then how it came to be, line by line.

Each line carries the statements that it stands on; a face or an answer cites them. Nothing is said here that the
steps do not hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.overtime.grouping import Statement
from assistant.domain.overtime.history import History
from assistant.domain.overtime.mentions import Told
from assistant.domain.overtime.steps import Aspect, Step
from assistant.domain.units.names import any_same

_NAMES = {"lead": "牵头单位", "deadline": "完成时限", "status": "进展"}
_UNDECIDED = "不能确定"


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and the statements that it stands on, in the order of their mention.

    ``settled``: it tells of a contradiction that a later document has decided.
    """

    text: str
    statements: tuple[Statement, ...]
    settled: bool = False


def current_lines(history: History, aspects: Sequence[Aspect] = ("lead", "deadline", "status")) -> tuple[Line, ...]:
    """What holds now of each aspect; an aspect on which nothing is stated has no line."""
    return tuple(line for aspect in aspects if (line := _current(history, aspect)))


def history_lines(history: History, aspect: Aspect) -> tuple[Line, ...]:
    """How an aspect came to be what it is: one line a step, steps that say the same again joined to the first."""
    steps = {"lead": history.leads, "deadline": history.deadlines, "status": history.states}[aspect]
    lines: list[Line] = []
    last: Step | None = None
    for step in steps:
        statement = step.statement
        if last is not None and _again(last, step):
            if all(s.told.document_id != statement.told.document_id for s in lines[-1].statements):
                also = f"{document_of(statement.told)}（{day_of(statement.told)}）"
                text = f"{lines[-1].text.removesuffix('。')}；{also}同此。"
                lines[-1] = Line(text, (*lines[-1].statements, statement))
            continue
        text = f"{day_of(statement.told)}，{document_of(statement.told)}：{_step(step, aspect)}{_mark(last, step)}。"
        lines.append(Line(text, (statement,)))
        last = step
    return tuple(lines)


def _again(last: Step, step: Step) -> bool:
    """Whether a step says what the one before said, and does not say that it changes anything."""
    if step.statement.mention.says == "change" or (last.standing == "void") != (step.standing == "void"):
        return False
    planned = [s.statement.mention.state == "planned" for s in (last, step)]
    said = [(s.units, s.due or s.value if not s.units and not s.state else "", s.state) for s in (last, step)]
    return said[0] == said[1] and (not step.units or planned[0] == planned[1])


def _mark(last: Step | None, step: Step) -> str:
    """What a reader should know of a step: that it is open, void, or other than was planned."""
    if step.standing in _MARKS:
        reason = f"：{step.reason}" if step.standing in ("void", "noted") and step.reason else ""
        return f"（{_MARKS[step.standing]}{reason}）"
    if last is not None and step.units and last.statement.mention.state == "planned" != step.statement.mention.state:
        as_planned = len(step.units) == len(last.units) and all(any_same(u, last.units) for u in step.units)
        return f"（与拟定的{'一致' if as_planned else '不同'}）"
    return ""


_MARKS = {"undecided": _UNDECIDED, "proposed": "尚未决定", "void": "已失效", "noted": "备注"}


def dispute_lines(history: History) -> tuple[Line, ...]:
    """What cannot be decided, and why; what later settled it."""
    return tuple(
        Line(
            f"{_NAMES[d.aspect]}的说法不一致：{'；'.join(_sided(s) for s in d.steps)}。{d.reason}"
            + (f"；{d.settled}。" if d.settled else f"，{_UNDECIDED}以哪一份为准。"),
            tuple(s.statement for s in d.steps),
            bool(d.settled),
        )
        for d in history.disputes
    )


def document_of(told: Told) -> str:
    """A document by the name that readers know it by: its number, else its title."""
    return told.number or f"《{told.title}》"


def day_of(told: Told) -> str:
    """The day of a document in words, as far as it is known."""
    if told.dated:
        year, month, day = told.dated.split("-")
        return f"{year}年{int(month)}月{int(day)}日"
    return f"{told.year}年（日期不明）" if told.year else "日期不明"


def _current(history: History, aspect: Aspect) -> Line | None:
    steps = history.current(aspect)
    if not steps:
        return None
    statements = tuple(s.statement for s in steps)
    if len(steps) > 1 or steps[0].standing == "undecided":
        sides = "；".join(_sided(s) for s in steps)
        return Line(f"{_NAMES[aspect]}{_UNDECIDED}：{sides}（{steps[-1].reason}）。", statements)
    step = steps[0]
    source = f"（{document_of(step.statement.told)}，{day_of(step.statement.told)}）"
    if aspect == "lead" and step.units:
        now = "、".join(_called(step, u) for u in step.units)
        planned = step.statement.mention.state == "planned"
        role = step.statement.mention.role
        said = role if "牵头" in role else "负责"
        mark = "〔推定〕" if step.statement.mention.inherited else ""
        return Line(f"{'拟' if planned else '现'}由{now}{said}{mark}{source}。", statements)
    if aspect == "lead":
        return Line(f"现无写明的牵头单位：{step.value}{source}。", statements)
    if aspect == "deadline":
        return Line(f"现行时限：{step.value}{source}。", statements)
    return Line(f"最近载明的进展：{_state(step)}{source}。", statements)


def _called(step: Step, unit: str) -> str:
    """A unit with what it is called now, where that is another name."""
    now = dict(step.renamed).get(unit)
    return f"{unit}（现为{now.name}，{now.reason}）" if now else unit


def _sided(step: Step) -> str:
    where = f"{document_of(step.statement.told)} {step.statement.mention.path}"
    return f"{where}为{step.value}"


def _step(step: Step, aspect: Aspect) -> str:
    m = step.statement.mention
    if aspect == "lead":
        if m.change == "lead" and m.was:
            return f"牵头单位由{'、'.join(m.was)}调整为{'、'.join(m.leads)}"
        if m.change == "lead":
            return f"改由{'、'.join(m.leads)}牵头"
        if m.change == "leaves":
            return step.value
        role = m.role if "牵头" in m.role else "负责"
        marks = ("拟" if m.state == "planned" else "", "〔推定〕" if m.inherited else "")
        return f"{marks[0]}由{'、'.join(_called(step, u) for u in step.units)}{role}{marks[1]}"
    if aspect == "deadline":
        if m.change == "deadline" and m.was_limit:
            return f"时限由{m.was_limit}调整为{step.value}"
        if m.change in ("deadline", "shift"):
            return f"时限调整为{step.value}" if m.change == "deadline" else f"时限{step.value}"
        return f"时限为{step.value}"
    return _state(step)


_STATES = {"planned": "尚在计划", "in_progress": "正在推进", "done": "已完成", "unclear": "尚未完成"}


def _state(step: Step) -> str:
    m = step.statement.mention
    day = f"，{m.on}" + ("〔年份推断〕" if m.on_inferred else "") if m.on else ""
    cue = f"“{m.cue}”" if m.cue and m.cue not in _STATES[m.state] else ""
    told = f"：“{_shortened(m.quote)}”" if m.state in ("in_progress", "unclear") else ""
    return f"{_STATES[m.state]}{cue}{day}{told}"


def _shortened(quote: str) -> str:
    plain = " ".join(quote.split())
    return plain if len(plain) <= _LONG else f"{plain[:_LONG]}…"


_LONG = 70  # characters of a quote in a line
