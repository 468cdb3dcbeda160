"""Who leads a thing, over its documents: planned, stated, changed, in dispute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.domain.overtime.grouping import Statement
from assistant.domain.overtime.renames import Renames
from assistant.domain.overtime.steps import Course, Dispute, Standing, Step, in_order, told_by, undecided_because


def leads_of(
    statements: Sequence[Statement], renames: Renames, ended: Mapping[str, str], disputes: list[Dispute]
) -> tuple[Step, ...]:
    """The steps of the lead; ``ended`` and ``disputes`` as in :class:`~assistant.domain.overtime.steps.Course`."""
    return _Leads(renames, ended, disputes).read(statements)


class _Leads(Course):
    """Who leads, read statement by statement."""

    def __init__(self, renames: Renames, ended: Mapping[str, str], disputes: list[Dispute]) -> None:
        super().__init__("lead", ended, disputes)
        self._renames = renames

    def read(self, statements: Sequence[Statement]) -> tuple[Step, ...]:
        for s in statements:
            if s.mention.leads or s.mention.change == "leaves":
                self._take(s)
        return tuple(self.steps)

    def _take(self, s: Statement) -> None:
        m = s.mention
        planned = m.state == "planned"
        value = "、".join(m.leads) + (m.role if "牵头" in m.role else "负责") + ("〔拟〕" if planned else "")
        if m.change == "leaves":
            value = f"{'、'.join(m.was)}不再牵头"
        renamed = tuple((u, now) for u in m.leads if (now := self._renames.successor(u)))
        step = Step(s, value + ("〔推定〕" if m.inherited else ""), "current", units=m.leads, renamed=renamed)
        if self.aside(step):
            return
        if m.change in ("lead", "leaves"):
            self._change(step)
        elif not self.holding:
            self.hold(step)
        else:
            self._compare(step)

    def _change(self, step: Step) -> None:
        m = step.statement.mention
        before = self.held
        later = all(in_order(b.statement, step.statement) for b in before)
        if before and not later and not all(self._same(m.leads, b.units) for b in before):
            if all(self._same(m.was, b.units) for b in before):
                later = True  # the change itself says what it replaced
            else:
                self.dispute(step, undecided_because(before[-1].statement, step.statement))
                return
        known = [b for b in before if self._same(m.was, b.units)]
        reason = f"{told_by(step.statement)}写明" + (f"由{'、'.join(m.was)}调整" if m.was else "调整")
        if m.change == "leaves":
            reason = f"{told_by(step.statement)}写明不再牵头"
        if before and m.was and not known and not all(self._same(m.leads, b.units) for b in before):
            said = "、".join(before[-1].units)
            note = f"所称原牵头单位“{'、'.join(m.was)}”与此前文件的“{said}”不一致"
            self.note(step, note)
        self.settle(step.statement)
        self.replace_all(reason)
        self.hold(step)

    def _compare(self, step: Step) -> None:
        before = self.held
        last, m = before[-1], step.statement.mention
        if any(self._same(step.units, b.units) for b in before):
            undecided = len(before) > 1
            standing: Standing = "undecided" if undecided else "confirmed"
            kept = last.statement.mention.state == "planned" and m.state != "planned" and not undecided
            if kept and in_order(last.statement, step.statement):  # 拟 → stated: the later words hold
                self.steps[self.holding[0]] = replace(last, standing="confirmed", reason="后来的文件已明确")
                self.hold(step)
            else:
                self.add(replace(step, standing=standing, reason="" if undecided else "与此前一致"))
        elif _of_one_clause(last.statement, step.statement):
            self.add(replace(step, standing="noted", reason="同一条款中的另一项分工"))
        elif m.inherited:
            self.add(replace(step, standing="noted", reason="单位由上级条目推定，以写明的为准"))
        elif last.statement.mention.inherited and len(before) == 1:
            self.steps[self.holding[0]] = replace(last, standing="noted", reason="单位由上级条目推定，以写明的为准")
            self.hold(step)
        elif all(b.statement.mention.state == "planned" and in_order(b.statement, step.statement) for b in before) and (
            m.state != "planned"
        ):
            self.replace_all(f"原为拟定，{told_by(step.statement)}明确为{'、'.join(step.units)}")
            self.hold(step)
        elif self._renames.possible(step.units, last.units):
            self.dispute(step, "单位名称不同，可能是同一单位，不能确定")
        else:
            self._within(step)
            self.dispute(step, undecided_because(self.held[-1].statement, step.statement))

    def _within(self, step: Step) -> None:
        """What the same document has said before and confirmed of earlier ones stands against the step as well."""
        for n, earlier in enumerate(self.steps):
            same = earlier.statement.told.document_id == step.statement.told.document_id
            if same and earlier.standing == "confirmed" and n not in self.holding:
                self.holding.append(n)

    def _same(self, left: tuple[str, ...], right: tuple[str, ...]) -> bool:
        return self._renames.same_all(left, right)


def _of_one_clause(left: Statement, right: Statement) -> bool:
    """Whether two statements are parts of one clause: 由甲牵头…；由乙负责… divides a task and contradicts nothing."""
    a, b = left.mention, right.mention
    same = left.told.document_id == right.told.document_id and a.path == b.path
    return same and not a.table and "change" not in (a.says, b.says)
