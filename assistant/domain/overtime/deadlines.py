"""By when a thing is to be done, over its documents: stated, moved, contradicted by a limit on the way."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from assistant.domain.language.numerals import parse_numeral
from assistant.domain.overtime.grouping import Statement
from assistant.domain.overtime.steps import Course, Dispute, Step, in_order, told_by, undecided_because


def deadlines_of(
    statements: Sequence[Statement], ended: Mapping[str, str], disputes: list[Dispute]
) -> tuple[Step, ...]:
    """The steps of the limit; ``ended`` and ``disputes`` as in :class:`~assistant.domain.overtime.steps.Course`."""
    return _Deadlines("deadline", ended, disputes).read(statements)


class _Deadlines(Course):
    """By when; limits of the end (建成) decide, those on the way are noted and must not be later."""

    def read(self, statements: Sequence[Statement]) -> tuple[Step, ...]:
        for s in statements:
            if s.mention.limit and s.mention.limit_kind != "none":
                self._take(s)
        self._check_order()
        return tuple(self.steps)

    def _take(self, s: Statement) -> None:
        m = s.mention
        value = m.limit or ""
        if m.due_on and m.due_inferred:
            value += f"（{m.due_on}〔推断〕）"
        step = Step(s, value, "current", due=m.due_on)
        if self.aside(step):
            return
        if m.change == "shift":
            self._shift(step)
        elif m.change == "deadline":
            self._change(step)
        elif m.due_on is None:
            self.add(replace(step, standing="noted", reason="不是确定的日期"))
        elif m.stage != "end":
            self.add(
                replace(step, standing="noted", reason="中间环节的时限" if m.stage == "middle" else "启动环节的时限")
            )
        elif not self.holding:
            self.hold(step)
        else:
            self._compare(step)

    def _shift(self, step: Step) -> None:
        before = self.held
        due = _moved(before[0].due, step.value) if len(before) == 1 else None
        value = f"延长{step.value}" + (f"（{due}〔推断〕）" if due else "（原时限不明，无法计算）")
        self._change(replace(step, due=due, value=value))

    def _change(self, step: Step) -> None:
        m = step.statement.mention
        before = self.held
        if before and not all(in_order(b.statement, step.statement) for b in before) and not m.was_limit:
            self.dispute(step, undecided_because(before[-1].statement, step.statement))
            return
        way = "调整" if not (m.due_on and before and before[-1].due) else _way(before[-1].due or "", m.due_on)
        reason = f"{told_by(step.statement)}写明{way}" + (f"，原为{m.was_limit}" if m.was_limit else "")
        if before and m.was_limit and not any(_says(b, m.was_limit) for b in before):
            note = f"所称原时限“{m.was_limit}”与此前文件的“{before[-1].value}”不一致"
            self.note(step, note)
        self.settle(step.statement)
        self.replace_all(reason)
        for n, old in enumerate(self.steps):  # a slipped end takes the limits on the way with it
            if old.standing == "noted" and old.due and m.stage == "end" and old.due != step.due:
                self.steps[n] = replace(old, standing="replaced", reason=reason)
        self.hold(step)

    def _compare(self, step: Step) -> None:
        before = self.held
        last = before[-1]
        if any(step.due == b.due for b in before):
            undecided = len(before) > 1
            self.add(replace(step, standing="undecided" if undecided else "confirmed", reason="与此前一致"))
            return
        if _of_one_part(last.statement, step.statement):
            self.add(replace(step, standing="noted", reason=_ANOTHER_STAGE))
            return
        self.dispute(step, undecided_because(last.statement, step.statement))

    def _check_order(self) -> None:
        """A limit on the way that is later than the end contradicts it."""
        ends = [step for step in self.held if step.due]
        for n, step in enumerate(self.steps):
            if step.standing != "noted" or not step.due:
                continue
            later = [e for e in ends if e.due and e.due < step.due and e.statement is not step.statement]
            if later and step.reason != _ANOTHER_STAGE:
                reason = f"{step.reason}（{step.value}）晚于建成或完成的时限（{later[0].value}）"
                self.steps[n] = replace(step, standing="undecided", reason=reason)
                for k in self.holding:
                    self.steps[k] = replace(self.steps[k], standing="undecided", reason=reason)
                both = sorted((self.steps[n], *self.held), key=lambda x: x.statement.order)
                self._disputes.append(Dispute("deadline", tuple(both), reason))


_ANOTHER_STAGE = "同一文件中的另一环节"


def _of_one_part(left: Statement, right: Statement) -> bool:
    """Whether two statements stand in one part of one document: its text, one of its tables, or its attachment."""
    a, b = left.mention, right.mention
    same = left.told.document_id == right.told.document_id
    return same and (a.table, a.attached) == (b.table, b.attached)


def _way(before: str, after: str) -> str:
    return "延期" if after > before else "提前" if after < before else "调整"


def _says(step: Step, limit: str) -> bool:
    """Whether a step states the limit that a later document calls the former one."""
    plain = [re.sub("[底末]?以?之?前|底|末|\\s", "", x) for x in (step.statement.mention.limit or "", limit)]
    return plain[0] == plain[1] or plain[0].endswith(plain[1]) or plain[1].endswith(plain[0])


def _moved(due: str | None, by: str) -> str | None:
    """A day moved on by a period as written (6个月, 半年)."""
    match = re.match("(半|一年半|[0-9一二三四五六七八九十两]{1,3})个?(月|年|季度|周|天|日)?", by)
    if not due or not match:
        return None
    day = date.fromisoformat(due)
    if by.startswith("一年半"):
        months = 18
    elif match.group(1) == "半":
        months = 6
    else:
        count = parse_numeral(match.group(1)) or 0
        if match.group(2) in ("周", "天", "日"):
            return (day + timedelta(days=count * (7 if match.group(2) == "周" else 1))).isoformat()
        months = count * {"月": 1, "季度": 3, "年": 12}[match.group(2) or "月"]
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    end_of_month = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if end_of_month else min(day.day, last)).isoformat()
