"""Lists arranged and counted by unit, by state or by time limit, and the counts of two units side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.extractive.telling import limit_said, sign
from assistant.answering.retrieval.books import Row
from assistant.answering.statements import INFERRED_UNIT, Composition, Statement, name_of, shortened
from assistant.answering.understanding.asked import Group
from assistant.domain.dialogue import Completeness, Verdict
from assistant.domain.policy import ClauseKind
from assistant.domain.units.names import any_same, same_unit

_STATES = {"done": "已完成", "in_progress": "正在推进", "planned": "尚属计划", "unclear": "未写明状态"}
_LEAST = re.compile("最少|更少")
MOST = 300  # rows of one answer; the ledger's own page shows more
_SHORT = 80  # characters of a matter where many stand under one heading


def by_unit(rows: Sequence[Row], head: Sequence[Statement], cooperating: bool, verdict: Verdict) -> Composition:
    """Under each unit its rows with their number, the most first; a row of two units stands under both."""
    part = "配合" if cooperating else "牵头或负责"
    lines = list(head)
    told: set[str] = set()
    groups = _units_of(rows, cooperating)
    each = max(3, MOST // max(1, len(groups)))
    for unit, of_unit in groups:
        lines.append(Statement(f"{unit}（{part} {len(of_unit)} 项）："))
        for row in of_unit[:each]:
            lines.append(_line(row, told=row.entry.id in told))
            told.add(row.entry.id)
        if len(of_unit) > each:
            lines.append(Statement(f"· 其余 {len(of_unit) - each} 项请在责任台账中查看。"))
    total = len({r.entry.id for _, of_unit in groups for r in of_unit})
    lines.append(Statement(f"共 {len(groups)} 个单位，{total} 项（共同{part}的在各单位名下都列）。"))
    return Composition(verdict, tuple(lines), Completeness(len(told), total))


def grouped(rows: Sequence[Row], head: Sequence[Statement], group: Group, verdict: Verdict) -> Composition:
    """Under each state its rows; or all in the order of their limits, those without one last."""
    lines = list(head)
    if group is Group.LIMIT:
        ordered = sorted(rows, key=lambda r: r.entry.due_on or "9999")
        lines += [_line(r, limit=True) for r in ordered[:MOST]]
    else:
        for state, said in _STATES.items():
            of_state = [r for r in rows if r.entry.commitment.status.state == state]
            if of_state:
                lines += [Statement(f"{said}（{len(of_state)} 项）："), *(_line(r) for r in of_state[:MOST])]
    shown = sum(line.entry is not None for line in lines)
    rest = "，全部列出。" if shown == len(rows) else f"，列出 {shown} 项，其余请在责任台账中查看。"
    lines.append(Statement(f"共 {len(rows)} 项{rest}"))
    return Composition(verdict, tuple(lines), Completeness(shown, len(rows)))


def compared(rows: Sequence[Row], units: Sequence[str], text: str) -> Composition | None:
    """How many more rows one unit has than another, or which has most; None where no unit has any."""
    groups = _units_of([r for r in rows if not r.inherited], cooperating="配合" in text)
    if len(units) < 2:
        if not groups:
            return None
        ranked = sorted(groups, key=lambda g: len(g[1]), reverse=not _LEAST.search(text))
        best = [g for g in ranked if len(g[1]) == len(ranked[0][1])]
        word = "最少" if _LEAST.search(text) else "最多"
        head = Statement(f"{word}的是{'、'.join(u for u, _ in best)}（{len(best[0][1])} 项）。")
        return by_unit([r for _, of in best for r in of], [head], "配合" in text, Verdict.ANSWERED)
    sides = [(u, [r for g, of in groups if same_unit(g, u) for r in of]) for u in units[:2]]
    (left, lefts), (right, rights) = sides
    gap = len(lefts) - len(rights)
    said = "两者一样多" if not gap else f"{left if gap > 0 else right}多 {abs(gap)} 项"
    lines = [Statement(f"{left} {len(lefts)} 项，{right} {len(rights)} 项，{said}。")]
    for unit, of_unit in sides:
        lines += [Statement(f"{unit}："), *(_line(r) for r in of_unit[: MOST // 2])] if of_unit else []
    count = len({r.entry.id for _, of in sides for r in of})
    shown = len({r.entry.id for _, of in sides for r in of[: MOST // 2]})
    return Composition(Verdict.ANSWERED, tuple(lines), Completeness(shown, count)) if count else None


def _units_of(rows: Sequence[Row], cooperating: bool) -> list[tuple[str, list[Row]]]:
    """Units with their rows, the most first; names of one unit are counted together under the first."""
    groups: dict[str, list[Row]] = {}
    stands_for: dict[str, str] = {}
    for row in rows:
        names = row.entry.cooperating_known if cooperating else row.entry.leads_known
        for name in names:
            if name not in stands_for:
                stands_for[name] = next((g for g in groups if any_same(g, (name,))), name)
                groups.setdefault(stands_for[name], [])
        for one in dict.fromkeys(stands_for[name] for name in names):
            groups[one].append(row)
    return sorted(groups.items(), key=lambda item: -len(item[1]))


def _line(row: Row, *, told: bool = False, limit: bool = False) -> Statement:
    task = row.entry.commitment.task if row.clause.kind is ClauseKind.TABLE else row.text
    over = f"{row.clause.heading}：" if row.clause.heading and row.clause.heading not in row.text else ""
    said = f"{limit_said(row)}，" if limit else ""
    signs = sign(row) + (INFERRED_UNIT if row.inherited else "")
    text = f"· {said}{over}{shortened(task, _SHORT)}{signs}（{name_of(row.document)}）"
    return Statement(text, (row.quote,), None if told else row.entry)
