"""The ledger as the faces give it: the contract's JSON rows, and the columns of tables and files.

The words and signs are those of the pages: 〔拟〕, 〔推定〕 an inherited unit, 〔推断〕 a limit whose day the document
does not write.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta, timezone
from typing import Any

from assistant.domain.commitments import Entry
from assistant.domain.selection import BASES, DEADLINE_KINDS, STATES
from assistant.errors import BadRequest

LABEL = "由程序从文件中提取，以原文为准"
STATE_NAMES = {"planned": "拟", "in_progress": "进行中", "done": "已完成", "unclear": "不明"}
KIND_NAMES = {
    "none": "未写明",
    "fixed": "确定日期",
    "relative": "起算期限",
    "recurring": "周期",
    "ongoing": "长期",
    "vague": "不确定",
}
# What the rules are called in docs/phrasings.md, for people; a rule that is missing here goes by its own name.
RULE_NAMES = {
    "by": "由……牵头（负责、协调等）",
    "leads": "……牵头",
    "bracket": "措施末尾括号中的责任单位",
    "label": "“责任单位：……”一类的标注或表格栏目",
    "is unit": "……为牵头（责任、配合）单位",
    "reassigned": "牵头单位调整，以调整后为准",
    "subject": "单位作主语的职责句",
    "assists": "配合上级或其他单位",
    "inherited": "本条未写单位，沿用上级条目的单位",
}
_SHANGHAI = timezone(timedelta(hours=8))
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def today() -> date:
    """The day in China."""
    return datetime.now(_SHANGHAI).date()


def day(written: str | None, param: str) -> date:
    """A day written YYYY-MM-DD, today where it is None. Raises :class:`BadRequest`."""
    if written is None:
        return today()
    try:
        if _DAY.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass
    raise BadRequest(f"{param} 不是日期", "请写成 2024-05-31 的样子", "invalid_field", param)


def one_of(value: str | None, allowed: Sequence[str], param: str) -> str | None:
    """``value`` where it is allowed or None. Raises :class:`BadRequest` with what is allowed."""
    if value is None or value in allowed:
        return value
    raise BadRequest(f"{param} 的取值不对", f"可以是：{'、'.join(allowed)}", "invalid_field", param)


def state(value: str | None) -> str | None:
    """A filter on the status. Raises :class:`BadRequest`."""
    return one_of(value, STATES, "status")


def kind(value: str | None) -> str | None:
    """A filter on the kind of time limit. Raises :class:`BadRequest`."""
    return one_of(value, DEADLINE_KINDS, "deadline")


def basis(value: str | None) -> str | None:
    """A filter on the basis. Raises :class:`BadRequest`."""
    return one_of(value, BASES, "basis")


def contract_row(entry: Entry) -> dict[str, Any]:
    """The commitment form of the contract with ``id``, ``document_id``, ``path`` and ``quote``."""
    return {
        "id": entry.id,
        **asdict(entry.commitment),
        "document_id": entry.document_id,
        "path": entry.path,
        "quote": entry.quote,
    }


COLUMNS: tuple[tuple[str, int], ...] = (
    ("序号", 6),
    ("事项", 44),
    ("牵头单位", 22),
    ("配合单位", 26),
    ("角色", 10),
    ("完成时限", 18),
    ("到期日", 13),
    ("进展", 10),
    ("逾期", 8),
    ("文件", 36),
    ("文号", 20),
    ("条款", 14),
    ("页码", 6),
    ("原文", 60),
    ("编号", 20),
)
"""Headings of the files and how wide they are, in characters of a spreadsheet."""


def cells(number: int, entry: Entry, as_of: date) -> tuple[str | int, ...]:
    """One row of a file, in the order of :data:`COLUMNS`."""
    c = entry.commitment
    return (
        number,
        c.task,
        leads(entry),
        cooperating(entry),
        role(entry),
        c.deadline.as_written or KIND_NAMES["none"],
        due(entry),
        STATE_NAMES[c.status.state] + (f"（{c.status.cue}）" if c.status.cue else ""),
        "逾期" if entry.overdue(as_of) else "",
        entry.title,
        entry.number or "",
        entry.path,
        entry.page if entry.page is not None else "",
        entry.quote,
        entry.id,
    )


def leads(entry: Entry) -> str:
    """The lead units as written, with what 我局 means, and the sign of inherited ones."""
    return _units(entry, entry.commitment.lead_units)


def cooperating(entry: Entry) -> str:
    """The cooperating units, likewise."""
    return _units(entry, entry.commitment.cooperating_units)


def _units(entry: Entry, names: Sequence[str]) -> str:
    known = dict(entry.meant)
    said = "、".join(f"{n}（即{known[n]}）" if n in known else n for n in names)
    return said + ("〔推定〕" if said and entry.commitment.basis == "inherited" else "")


def role(entry: Entry) -> str:
    """The role, with whom a cooperating side helps (配合省科技厅)."""
    return entry.commitment.role + "、".join(entry.helps)


def due(entry: Entry) -> str:
    """The day on which the limit ends, with the sign of an inferred one."""
    return (entry.due_on or "") + ("〔推断〕" if entry.due_on and entry.due_inferred else "")
