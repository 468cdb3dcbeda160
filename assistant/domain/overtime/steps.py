"""The steps of a history: one statement each, and how it stands to those before it.

A later document replaces an earlier one only where it says so (调整为, 延期至), where the earlier one only planned
(拟) and the later one states, or where the earlier one is repealed or superseded. Everything else that differs stays
side by side as a conflict with its reason (:mod:`assistant.domain.overtime.conflicts`): nothing is chosen silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from assistant.domain.overtime.grouping import Statement
from assistant.domain.overtime.renames import Successor

Standing = Literal["current", "confirmed", "replaced", "undecided", "proposed", "void", "noted"]
Aspect = Literal["lead", "deadline", "status"]
STANDINGS: Mapping[str, str] = {
    "current": "现行",
    "confirmed": "一致",
    "replaced": "已变更",
    "undecided": "不能确定",
    "proposed": "拟调整",
    "void": "已失效",
    "noted": "备注",
}
"""What each standing is called for the reader."""


@dataclass(frozen=True, slots=True)
class Step:
    """One statement in the history of an aspect: what it says and how it stands to the others, with the reason.

    ``units`` are set for the lead (``renamed``: those that are called otherwise now, and on what ground), ``due``
    (ISO 8601) for the deadline where it is a day, ``state`` for the status. ``value`` is the same in words.
    """

    statement: Statement
    value: str
    standing: Standing
    reason: str = ""
    units: tuple[str, ...] = ()
    renamed: tuple[tuple[str, Successor], ...] = ()
    due: str | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    """Steps of one aspect that cannot all hold; ``settled`` is the later change that decided it, in words."""

    aspect: Aspect
    steps: tuple[Step, ...]
    reason: str
    settled: str = ""


class Course:
    """The steps of one aspect while its statements are read in order, and which of them hold.

    ``ended`` gives for documents that no longer hold (by id) the reason in words; ``disputes`` is added to.
    """

    def __init__(self, aspect: Aspect, ended: Mapping[str, str], disputes: list[Dispute]) -> None:
        self._aspect, self._ended, self._disputes = aspect, ended, disputes
        self.steps: list[Step] = []
        self.holding: list[int] = []  # indexes of the steps that hold now

    @property
    def held(self) -> tuple[Step, ...]:
        """The steps that hold now."""
        return tuple(self.steps[n] for n in self.holding)

    def add(self, step: Step) -> int:
        """Append a step; its index."""
        self.steps.append(step)
        return len(self.steps) - 1

    def hold(self, step: Step) -> None:
        """Append a step that alone holds now."""
        self.holding = [self.add(step)]

    def aside(self, step: Step) -> bool:
        """Append a step that decides nothing: its document has ended, or it only proposes. False for any other."""
        if reason := self._ended.get(step.statement.told.document_id):
            self.add(replace(step, standing="void", reason=reason))
        elif step.statement.mention.proposed:
            self.add(replace(step, standing="proposed", reason="尚未决定"))
        else:
            return False
        return True

    def replace_all(self, reason: str) -> None:
        """What has held so far holds no more."""
        for n, step in enumerate(self.steps):
            if step.standing in ("current", "confirmed", "undecided"):
                self.steps[n] = replace(step, standing="replaced", reason=reason)

    def dispute(self, step: Step, reason: str) -> None:
        """Append a step that stands against those that hold: none of them is chosen."""
        self.holding.append(self.add(replace(step, standing="undecided", reason=reason)))
        for n in self.holding:
            self.steps[n] = replace(self.steps[n], standing="undecided", reason=self.steps[n].reason or reason)
        if self._disputes and self._disputes[-1].aspect == self._aspect and not self._disputes[-1].settled:
            self._disputes.pop()
        self._disputes.append(Dispute(self._aspect, self.held, reason))

    def note(self, step: Step, reason: str) -> None:
        """A change names as former what the documents before it do not say; it holds nevertheless."""
        self._disputes.append(Dispute(self._aspect, (*self.held, step), reason, f"现按{told_by(step.statement)}"))

    def settle(self, by: Statement) -> None:
        """A later change decides what was in dispute."""
        for n, d in enumerate(self._disputes):
            if d.aspect == self._aspect and not d.settled:
                self._disputes[n] = replace(d, settled=f"{told_by(by)}已作调整")


def in_order(left: Statement, right: Statement) -> bool:
    """Whether ``left`` is surely of an earlier day than ``right``."""
    a, b = left.told, right.told
    if a.dated and b.dated:
        return a.dated < b.dated
    return bool(a.year and b.year and a.year < b.year)


def undecided_because(left: Statement, right: Statement) -> str:
    """Why of two statements neither replaces the other."""
    if left.told.document_id == right.told.document_id:
        if left.mention.table != right.mention.table:
            return "同一文件中表格与正文不一致"
        if left.mention.attached != right.mention.attached:
            return "同一文件中正文与附件不一致"
        return "同一文件中前后不一致"
    if not (left.told.year and right.told.year):
        return "有文件没有写明日期，先后不能确定"
    if left.told.dated and left.told.dated == right.told.dated:
        return "两份文件同日，先后不能确定"
    if not in_order(left, right) and not in_order(right, left):
        return "有文件只知年份，先后不能确定"
    return "后一文件没有写明作了调整"


def told_by(statement: Statement) -> str:
    """A document in a sentence, with its date."""
    told = statement.told
    when = told.dated or (f"{told.year}年" if told.year else "日期不明")
    return f"{told.number or '《' + told.title + '》'}（{when}）"
