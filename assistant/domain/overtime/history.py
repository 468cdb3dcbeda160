"""The history of a thing over documents: who leads, by when, how far; what holds now and what it replaced.

A later document replaces an earlier one only where it says so (调整为, 延期至), where the earlier one only planned
(拟) and the later one states, or where the earlier one is repealed or superseded. Everything else that differs stays
side by side as a conflict with its reason (:mod:`assistant.domain.overtime.conflicts`): nothing is chosen silently.
"""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from assistant.domain.holdings import Link, LinkKind
from assistant.domain.language.numerals import parse_numeral
from assistant.domain.overtime.grouping import Group, Near, Statement, grouped
from assistant.domain.overtime.mentions import Told
from assistant.domain.overtime.objects import Named, name_of, shown
from assistant.domain.overtime.renames import Renames, Successor

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


@dataclass(frozen=True, slots=True)
class History:
    """All that is said of one thing. ``names`` are those in use, the one that says most first."""

    id: str
    name: str
    names: tuple[str, ...]
    statements: tuple[Statement, ...]
    leads: tuple[Step, ...]
    deadlines: tuple[Step, ...]
    states: tuple[Step, ...]
    disputes: tuple[Dispute, ...]
    joined: tuple[str, ...]
    near: tuple[Near, ...]

    @property
    def documents(self) -> int:
        """How many documents speak of it."""
        return len({s.told.document_id for s in self.statements})

    @property
    def changed(self) -> bool:
        """Whether anything was replaced, moved or is in dispute."""
        steps = (*self.leads, *self.deadlines, *self.states)
        return bool(self.disputes) or any(s.standing in ("replaced", "proposed", "void") for s in steps)

    def current(self, aspect: Aspect) -> tuple[Step, ...]:
        """What holds now: one step, several where that cannot be decided, none where nothing is stated."""
        steps = {"lead": self.leads, "deadline": self.deadlines, "status": self.states}[aspect]
        return tuple(s for s in steps if s.standing in ("current", "undecided"))


def histories(told: Sequence[Told], links: Iterable[Link] = ()) -> tuple[History, ...]:
    """The history of every thing that the documents name; ``links`` say how the documents stand to one another.

    This is what questions over time are answered from: find the thing with :func:`find_histories`, then
    :meth:`History.current` says what holds now and the steps say what it replaced, each with its place.
    """
    links = tuple(links)
    renames = Renames(told)
    ended = ended_documents(links, {t.document_id: t.title for t in told})
    return tuple(history_of(group, renames, ended) for group in grouped(told, links))


def find_histories(name: str, found: Iterable[History]) -> tuple[History, ...]:
    """The histories of what a reader calls ``name``, those that fit best; several where that may mean several.

    Those that most documents speak of come first.

    A name fits that is the same in words; else one that ends with it (中试基地 for 碳纤维中试基地), else one that
    holds it. Issues are told apart where the reader names one (第二批), and all given where they do not.
    """
    wanted = name_of(name)
    if not wanted.words:
        return ()
    fitting: dict[int, list[History]] = {}
    for history in found:
        ranks = [rank for n in history.names if (rank := _fits(wanted, name_of(n))) is not None]
        if ranks:
            fitting.setdefault(min(ranks), []).append(history)
    best = fitting[min(fitting)] if fitting else []
    return tuple(sorted(best, key=lambda h: -h.documents))


def _fits(wanted: Named, named: Named) -> int | None:
    if wanted.marks and not wanted.marks <= named.marks:
        return None
    if wanted.words == named.words:
        return 0
    if named.words.endswith(wanted.words):
        return 1
    if wanted.words in named.words and len(wanted.words) >= _LEAST_WORDS:
        return 2
    return None


_LEAST_WORDS = 3  # characters from which a part of a name can stand for it


def history_of(group: Group, renames: Renames, ended: Mapping[str, str]) -> History:
    """The history of one group; ``ended`` gives for documents that no longer hold (by id) the reason in words."""
    names: dict[str, int] = {}
    for s in group.statements:
        full = s.mention.full.strip("“”")
        names[full] = names.get(full, 0) + 1
    ranked = sorted(names, key=lambda n: (name_of(n).words != n, -len(name_of(n).words), -names[n], n))
    words = max((s.mention.named for s in group.statements), key=lambda n: len(n.words))
    disputes: list[Dispute] = []
    leads = _Leads(renames, ended, disputes).read(group.statements)
    deadlines = _Deadlines(renames, ended, disputes).read(group.statements)
    states = _states(group.statements, ended, disputes)
    said = "\x00".join((words.words, *sorted(words.marks), group.statements[0].told.document_id))
    return History(
        id="o" + hashlib.sha256(said.encode()).hexdigest()[:16],
        name=shown(ranked[0]),
        names=tuple(ranked),
        statements=group.statements,
        leads=leads,
        deadlines=deadlines,
        states=states,
        disputes=tuple(disputes),
        joined=tuple(f"“{j.left}”与“{j.right}”视为同一事项：{j.reason}" for j in group.joined),
        near=group.near,
    )


def ended_documents(links: Iterable[Link], titles: Mapping[str, str]) -> dict[str, str]:
    """The documents that no longer hold, by id, each with what ended it in words."""
    verbs = {
        LinkKind.REPEALS: "废止",
        LinkKind.REPLACES: "代替",
        LinkKind.SUPERSEDES: "新版代替",
        LinkKind.SUSPENDS: "停止执行",
    }
    return {
        link.object: f"文件已由《{titles.get(link.subject, '后一文件')}》{verbs[link.kind]}"
        for link in sorted(links)
        if link.kind in verbs
    }


def in_order(left: Statement, right: Statement) -> bool:
    """Whether ``left`` is surely of an earlier day than ``right``."""
    a, b = left.told, right.told
    if a.dated and b.dated:
        return a.dated < b.dated
    return bool(a.year and b.year and a.year < b.year)


def _undecided_because(left: Statement, right: Statement) -> str:
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


class _Leads:
    """Who leads, read statement by statement."""

    def __init__(self, renames: Renames, ended: Mapping[str, str], disputes: list[Dispute]) -> None:
        self._renames, self._ended, self._disputes = renames, ended, disputes
        self._steps: list[Step] = []
        self._holding: list[int] = []  # indexes of the steps that hold now

    def read(self, statements: Sequence[Statement]) -> tuple[Step, ...]:
        for s in statements:
            if s.mention.leads or s.mention.change == "leaves":
                self._take(s)
        return tuple(self._steps)

    def _take(self, s: Statement) -> None:
        m = s.mention
        planned = m.state == "planned"
        value = "、".join(m.leads) + (m.role if "牵头" in m.role else "负责") + ("〔拟〕" if planned else "")
        if m.change == "leaves":
            value = f"{'、'.join(m.was)}不再牵头"
        renamed = tuple((u, now) for u in m.leads if (now := self._renames.successor(u)))
        step = Step(s, value + ("〔推定〕" if m.inherited else ""), "current", units=m.leads, renamed=renamed)
        if reason := self._ended.get(s.told.document_id):
            self._add(replace(step, standing="void", reason=reason))
        elif m.proposed:
            self._add(replace(step, standing="proposed", reason="尚未决定"))
        elif m.change in ("lead", "leaves"):
            self._change(step)
        elif not self._holding:
            self._holding = [self._add(step)]
        else:
            self._compare(step)

    def _change(self, step: Step) -> None:
        m = step.statement.mention
        before = [self._steps[n] for n in self._holding]
        later = all(in_order(b.statement, step.statement) for b in before)
        if before and not later and not all(self._same(m.leads, b.units) for b in before):
            if all(self._same(m.was, b.units) for b in before):
                later = True  # the change itself says what it replaced
            else:
                self._dispute(step, _undecided_because(before[-1].statement, step.statement))
                return
        known = [b for b in before if self._same(m.was, b.units)]
        reason = f"{_of(step.statement)}写明由{'、'.join(m.was)}调整" if m.was else f"{_of(step.statement)}写明调整"
        if m.change == "leaves":
            reason = f"{_of(step.statement)}写明不再牵头"
        if before and m.was and not known and not all(self._same(m.leads, b.units) for b in before):
            said = "、".join(before[-1].units)
            note = f"所称原牵头单位“{'、'.join(m.was)}”与此前文件的“{said}”不一致"
            self._disputes.append(Dispute("lead", (*before, step), note, settled=f"现按{_of(step.statement)}"))
        self._settle(step.statement)
        _replace_all(self._steps, reason)
        self._holding = [self._add(step)]

    def _compare(self, step: Step) -> None:
        before = [self._steps[n] for n in self._holding]
        last, m = before[-1], step.statement.mention
        if any(self._same(step.units, b.units) for b in before):
            undecided = len(before) > 1
            standing: Standing = "undecided" if undecided else "confirmed"
            kept = last.statement.mention.state == "planned" and m.state != "planned" and not undecided
            if kept and in_order(last.statement, step.statement):  # 拟 → stated: the later words hold
                self._steps[self._holding[0]] = replace(last, standing="confirmed", reason="后来的文件已明确")
                self._holding = [self._add(step)]
            else:
                self._add(replace(step, standing=standing, reason="" if undecided else "与此前一致"))
        elif _of_one_clause(last.statement, step.statement):
            self._add(replace(step, standing="noted", reason="同一条款中的另一项分工"))
        elif m.inherited:
            self._add(replace(step, standing="noted", reason="单位由上级条目推定，以写明的为准"))
        elif last.statement.mention.inherited and len(before) == 1:
            self._steps[self._holding[0]] = replace(last, standing="noted", reason="单位由上级条目推定，以写明的为准")
            self._holding = [self._add(step)]
        elif all(b.statement.mention.state == "planned" and in_order(b.statement, step.statement) for b in before) and (
            m.state != "planned"
        ):
            _replace_all(self._steps, f"原为拟定，{_of(step.statement)}明确为{'、'.join(step.units)}")
            self._holding = [self._add(step)]
        elif self._renames.possible(step.units, last.units):
            self._dispute(step, "单位名称不同，可能是同一单位，不能确定")
        else:
            self._within(step)
            self._dispute(step, _undecided_because(self._steps[self._holding[-1]].statement, step.statement))

    def _within(self, step: Step) -> None:
        """What the same document has said before and confirmed of earlier ones stands against the step as well."""
        for n, earlier in enumerate(self._steps):
            same = earlier.statement.told.document_id == step.statement.told.document_id
            if same and earlier.standing == "confirmed" and n not in self._holding:
                self._holding.append(n)

    def _dispute(self, step: Step, reason: str) -> None:
        self._holding.append(self._add(replace(step, standing="undecided", reason=reason)))
        for n in self._holding:
            self._steps[n] = replace(self._steps[n], standing="undecided", reason=self._steps[n].reason or reason)
        steps = tuple(self._steps[n] for n in self._holding)
        if self._disputes and self._disputes[-1].aspect == "lead" and not self._disputes[-1].settled:
            self._disputes.pop()
        self._disputes.append(Dispute("lead", steps, reason))

    def _settle(self, by: Statement) -> None:
        for n, d in enumerate(self._disputes):
            if d.aspect == "lead" and not d.settled:
                self._disputes[n] = replace(d, settled=f"{_of(by)}已作调整")

    def _same(self, left: tuple[str, ...], right: tuple[str, ...]) -> bool:
        return self._renames.same_all(left, right)

    def _add(self, step: Step) -> int:
        self._steps.append(step)
        return len(self._steps) - 1


class _Deadlines:
    """By when; limits of the end (建成) decide, those on the way are noted and must not be later."""

    def __init__(self, renames: Renames, ended: Mapping[str, str], disputes: list[Dispute]) -> None:
        self._ended, self._disputes = ended, disputes
        self._steps: list[Step] = []
        self._holding: list[int] = []

    def read(self, statements: Sequence[Statement]) -> tuple[Step, ...]:
        for s in statements:
            if s.mention.limit and s.mention.limit_kind != "none":
                self._take(s)
        self._check_order()
        return tuple(self._steps)

    def _take(self, s: Statement) -> None:
        m = s.mention
        value = m.limit or ""
        if m.due_on and m.due_inferred:
            value += f"（{m.due_on}〔推断〕）"
        step = Step(s, value, "current", due=m.due_on)
        if reason := self._ended.get(s.told.document_id):
            self._add(replace(step, standing="void", reason=reason))
        elif m.proposed:
            self._add(replace(step, standing="proposed", reason="尚未决定"))
        elif m.change == "shift":
            self._shift(step)
        elif m.change == "deadline":
            self._change(step)
        elif m.due_on is None:
            self._add(replace(step, standing="noted", reason="不是确定的日期"))
        elif m.stage != "end":
            self._add(
                replace(step, standing="noted", reason="中间环节的时限" if m.stage == "middle" else "启动环节的时限")
            )
        elif not self._holding:
            self._holding = [self._add(step)]
        else:
            self._compare(step)

    def _shift(self, step: Step) -> None:
        before = [self._steps[n] for n in self._holding]
        due = _moved(before[0].due, step.value) if len(before) == 1 else None
        value = f"延长{step.value}" + (f"（{due}〔推断〕）" if due else "（原时限不明，无法计算）")
        self._change(replace(step, due=due, value=value))

    def _change(self, step: Step) -> None:
        m = step.statement.mention
        before = [self._steps[n] for n in self._holding]
        if before and not all(in_order(b.statement, step.statement) for b in before) and not m.was_limit:
            self._dispute(step, _undecided_because(before[-1].statement, step.statement))
            return
        way = "调整" if not (m.due_on and before and before[-1].due) else _way(before[-1].due or "", m.due_on)
        reason = f"{_of(step.statement)}写明{way}" + (f"，原为{m.was_limit}" if m.was_limit else "")
        if before and m.was_limit and not any(_says(b, m.was_limit) for b in before):
            note = f"所称原时限“{m.was_limit}”与此前文件的“{before[-1].value}”不一致"
            self._disputes.append(Dispute("deadline", (*before, step), note, settled=f"现按{_of(step.statement)}"))
        for n, d in enumerate(self._disputes):
            if d.aspect == "deadline" and not d.settled:
                self._disputes[n] = replace(d, settled=f"{_of(step.statement)}已作调整")
        _replace_all(self._steps, reason)
        for n, old in enumerate(self._steps):  # a slipped end takes the limits on the way with it
            if old.standing == "noted" and old.due and m.stage == "end" and old.due != step.due:
                self._steps[n] = replace(old, standing="replaced", reason=reason)
        self._holding = [self._add(step)]

    def _compare(self, step: Step) -> None:
        before = [self._steps[n] for n in self._holding]
        last = before[-1]
        if any(step.due == b.due for b in before):
            undecided = len(before) > 1
            self._add(replace(step, standing="undecided" if undecided else "confirmed", reason="与此前一致"))
            return
        if _of_one_part(last.statement, step.statement):
            self._add(replace(step, standing="noted", reason=_ANOTHER_STAGE))
            return
        self._dispute(step, _undecided_because(last.statement, step.statement))

    def _check_order(self) -> None:
        """A limit on the way that is later than the end contradicts it."""
        ends = [self._steps[n] for n in self._holding if self._steps[n].due]
        for n, step in enumerate(self._steps):
            if step.standing != "noted" or not step.due:
                continue
            later = [e for e in ends if e.due and e.due < step.due and e.statement is not step.statement]
            if later and step.reason != _ANOTHER_STAGE:
                reason = f"{step.reason}（{step.value}）晚于建成或完成的时限（{later[0].value}）"
                self._steps[n] = replace(step, standing="undecided", reason=reason)
                for k in self._holding:
                    self._steps[k] = replace(self._steps[k], standing="undecided", reason=reason)
                held = tuple(self._steps[k] for k in self._holding)
                both = sorted((self._steps[n], *held), key=lambda x: x.statement.order)
                self._disputes.append(Dispute("deadline", tuple(both), reason))

    def _dispute(self, step: Step, reason: str) -> None:
        self._holding.append(self._add(replace(step, standing="undecided", reason=reason)))
        for n in self._holding:
            self._steps[n] = replace(self._steps[n], standing="undecided", reason=self._steps[n].reason or reason)
        if self._disputes and self._disputes[-1].aspect == "deadline" and not self._disputes[-1].settled:
            self._disputes.pop()
        self._disputes.append(Dispute("deadline", tuple(self._steps[n] for n in self._holding), reason))

    def _add(self, step: Step) -> int:
        self._steps.append(step)
        return len(self._steps) - 1


_ANOTHER_STAGE = "同一文件中的另一环节"


def _of_one_part(left: Statement, right: Statement) -> bool:
    """Whether two statements stand in one part of one document: its text, one of its tables, or its attachment."""
    a, b = left.mention, right.mention
    same = left.told.document_id == right.told.document_id
    return same and (a.table, a.attached) == (b.table, b.attached)


def _of_one_clause(left: Statement, right: Statement) -> bool:
    """Whether two statements are parts of one clause: 由甲牵头…；由乙负责… divides a task and contradicts nothing."""
    a, b = left.mention, right.mention
    same = left.told.document_id == right.told.document_id and a.path == b.path
    return same and not a.table and "change" not in (a.says, b.says)


def _replace_all(steps: list[Step], reason: str) -> None:
    """What has held so far holds no more."""
    for n, step in enumerate(steps):
        if step.standing in ("current", "confirmed", "undecided"):
            steps[n] = replace(step, standing="replaced", reason=reason)


_WORDS = {"planned": "拟", "in_progress": "进行中", "done": "已完成", "unclear": "未完成"}


def _states(statements: Sequence[Statement], ended: Mapping[str, str], disputes: list[Dispute]) -> tuple[Step, ...]:
    """How far, by date: the last word holds; what was done and is later said to be under way is in dispute."""
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
                reason = f"{_of(last.statement)}称已完成，{_of(s)}又称{step.value}"
                steps[holding] = replace(last, standing="undecided", reason=reason)
                steps.append(replace(step, standing="undecided", reason=reason))
                disputes.append(Dispute("status", (steps[holding], steps[-1]), reason))
                holding = len(steps) - 1
                continue
            if step.state == "done" or in_order(last.statement, s) or _further(last.state, step.state):
                steps[holding] = replace(last, standing="replaced", reason=f"{_of(s)}载明{step.value}")
            else:
                steps.append(replace(step, standing="noted", reason=_undecided_because(last.statement, s)))
                continue
        steps.append(step)
        holding = len(steps) - 1
    return tuple(steps)


def _further(before: str, after: str) -> bool:
    order = ("planned", "unclear", "in_progress", "done")
    return order.index(after) > order.index(before)


def _of(statement: Statement) -> str:
    """A document in a sentence, with its date."""
    told = statement.told
    when = told.dated or (f"{told.year}年" if told.year else "日期不明")
    return f"{told.number or '《' + told.title + '》'}（{when}）"


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
