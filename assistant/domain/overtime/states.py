"""How far a thing is, over its documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.domain.overtime.grouping import Statement
from assistant.domain.overtime.steps import Dispute, Step, in_order, told_by, undecided_because

_WORDS = {"planned": "拟", "in_progress": "进行中", "done": "已完成", "unclear": "未完成"}


def states_of(statements: Sequence[Statement], ended: Mapping[str, str], disputes: list[Dispute]) -> tuple[Step, ...]:
    """How far, by date: the last word holds; what was done and is later said to be under way is in dispute.

    ``ended`` gives for documents that no longer hold (by id) the reason in words; ``disputes`` is added to.
    """
    steps: list[Step] = []
    holding: int | None = None
    for s in statements:
        m = s.mention
        if m.says == "change" or (m.state == "unclear" and (m.says != "progress" or not m.cue)):
            continue
        day = f"，{m.on}" + ("〔推断〕" if m.on_inferred else "") if m.on else ""
        step = Step(s, f"{_WORDS[m.state]}（{m.cue or ''}{day}）", "current", state=m.state)
        if reason := ended.get(s.told.document_id):
            steps.append(replace(step, standing="void", reason=reason))
            continue
        if holding is not None:
            last = steps[holding]
            if last.state == step.state:
                steps.append(replace(step, standing="confirmed", reason="与此前一致"))
                if in_order(last.statement, s):  # the later report is the one that speaks of now
                    steps[holding] = replace(last, standing="confirmed", reason="后来的文件再次载明")
                    steps[-1] = step
                    holding = len(steps) - 1
                continue
            if last.state == "done":
                if not in_order(last.statement, s) or step.state == "planned":
                    steps.append(replace(step, standing="noted", reason="另有文件载明已完成"))
                    continue
                reason = f"{told_by(last.statement)}称已完成，{told_by(s)}又称{step.value}"
                steps[holding] = replace(last, standing="undecided", reason=reason)
                steps.append(replace(step, standing="undecided", reason=reason))
                disputes.append(Dispute("status", (steps[holding], steps[-1]), reason))
                holding = len(steps) - 1
                continue
            if step.state == "done" or in_order(last.statement, s) or _further(last.state, step.state):
                steps[holding] = replace(last, standing="replaced", reason=f"{told_by(s)}载明{step.value}")
            else:
                steps.append(replace(step, standing="noted", reason=undecided_because(last.statement, s)))
                continue
        steps.append(step)
        holding = len(steps) - 1
    return tuple(steps)


def _further(before: str, after: str) -> bool:
    order = ("planned", "unclear", "in_progress", "done")
    return order.index(after) > order.index(before)
