"""The ledger as the faces give it: its words, filters from what people write, and the contract's JSON rows.

The words and signs are those of the pages: 〔拟〕, 〔推定〕 an inherited unit, 〔推断〕 a limit whose day the document
does not write, 〔已核对〕 and 〔已更正〕 what a person has said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta, timezone
from typing import Any

from assistant.domain.ledger.commitments import Entry
from assistant.domain.ledger.reviews import REVIEW_STATES, Pending, Review, as_read
from assistant.domain.ledger.selection import BASES, DEADLINE_KINDS, STATES, Filters
from assistant.domain.ledger.sorting import SORTS
from assistant.errors import BadRequest

LABEL = "由程序从文件中提取，以原文为准"
OFFERED_LABEL = "由模型提出，待人工确认；确认之前不列入台账，不计数"
STATE_NAMES = {"planned": "拟", "in_progress": "进行中", "done": "已完成", "unclear": "不明"}
KIND_NAMES = {
    "none": "未写明",
    "fixed": "确定日期",
    "relative": "起算期限",
    "recurring": "周期",
    "ongoing": "长期",
    "vague": "不确定",
}
REVIEW_NAMES = {
    "unreviewed": "未核对",
    "confirmed": "已核对",
    "corrected": "已更正",
    "rejected": "已驳回",
    "pending": "待复核",
}
ACTION_NAMES = {"confirm": "确认", "correct": "更正", "reject": "驳回", "withdraw": "撤销核对"}
SORT_NAMES = {
    "task": "事项",
    "lead": "牵头单位",
    "cooperating": "配合单位",
    "role": "角色",
    "due": "到期日",
    "status": "进展",
    "document": "文件",
}
BASIS_NAMES = {"explicit": "本条写明", "inherited": "上级推定"}
FIELD_NAMES = {
    "task": "事项",
    "lead_units": "牵头单位",
    "cooperating_units": "配合单位",
    "role": "角色",
    "due": "到期日",
    "status": "进展",
}
"""What a person can correct (:class:`assistant.domain.ledger.reviews.Changes`)."""

# What the rules are called in docs/phrasings.md, for people; a rule that is missing here goes by its own name.
RULE_NAMES = {
    "by": "由……牵头（负责、协调等）",
    "by verb": "由……办理",
    "leads": "……牵头（负责等）",
    "beside": "同句中另一单位的职责",
    "dated": "给单位定了时限的句子",
    "asked": "请（责成、委托）……",
    "organ": "设在某处的办事机构",
    "bracket": "措施末尾括号中的责任单位",
    "label": "“责任单位：……”一类的标注或表格栏目",
    "is unit": "……为牵头（责任、配合）单位",
    "reassigned": "牵头单位调整，以调整后为准",
    "says": "单位答复、表示自己将做的事",
    "subject": "单位作主语的职责句",
    "plain": "单位直接作主语的措施",
    "named": "单位后以冒号列职责",
    "assists": "配合上级或其他单位",
    "inherited": "本条未写单位，沿用上级条目的单位",
    "candidate": "模型指出的原文，由人确认后列入",
}
CHINA = timezone(timedelta(hours=8))
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def today() -> date:
    """The day in China."""
    return datetime.now(CHINA).date()


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


def filters_of(
    *,
    as_of: str | None = None,
    due_from: str | None = None,
    due_to: str | None = None,
    status: str | None = None,
    deadline: str | None = None,
    basis: str | None = None,
    review: str | None = None,
    sort: str | None = None,
    named: Callable[[str], str] = str,
    **others: Any,
) -> Filters:
    """Filters as people write them; empty texts are none. ``named`` makes of a field what the caller knows it by.

    Raises :class:`BadRequest` that names the field.
    """

    def given(written: str | None, name: str) -> date | None:
        return day(written, named(name)) if written else None

    rest: dict[str, Any] = {name: None if value == "" else value for name, value in others.items()}
    return Filters(
        as_of=day(as_of or None, named("as_of")),
        due_from=given(due_from, "due_from"),
        due_to=given(due_to, "due_to"),
        status=one_of(status or None, STATES, named("status")),
        deadline=one_of(deadline or None, DEADLINE_KINDS, named("deadline")),
        basis=one_of(basis or None, BASES, named("basis")),
        review=one_of(review or None, REVIEW_STATES, named("review")),
        sort=one_of(sort or None, SORTS, named("sort")),
        **rest,
    )


def filter_words(f: Filters) -> str:
    """The filters in words, for the head of a list: 牵头单位：市教育局；只看逾期."""
    parts = [
        ("单位", f.unit),
        ("牵头单位", f.lead),
        ("配合单位", f.cooperating),
        ("角色", f.role),
        ("进展", STATE_NAMES.get(f.status or "")),
        ("时限", KIND_NAMES.get(f.deadline or "")),
        ("单位依据", BASIS_NAMES.get(f.basis or "")),
        ("文件", f.document),
        ("文字", f.text),
        ("核对", REVIEW_NAMES.get(f.review or "")),
        ("到期日从", f.due_from and f.due_from.isoformat()),
        ("到期日到", f.due_to and f.due_to.isoformat()),
        ("几天内到期", None if f.due_within is None else str(f.due_within)),
    ]
    said = [f"{name}：{value}" for name, value in parts if value]
    flags = ((f.overdue, "只看逾期"), (f.done_undated, "只看称已完成而无日期佐证的"), (f.rejected, "含已驳回"))
    order = [f"按{SORT_NAMES[f.sort.removeprefix('-')]}{'降序' if f.sort[0] == '-' else '升序'}"] if f.sort else []
    return "；".join([*([*said, *(words for on, words in flags if on)] or ["无（全部事项）"]), *order])


def contract_row(entry: Entry) -> dict[str, Any]:
    """The commitment form of the contract with its id and place, the version to answer to, and what a person said."""
    return {
        "id": entry.id,
        **asdict(entry.commitment),
        "document_id": entry.document_id,
        "path": entry.path,
        "quote": entry.quote,
        "version": entry.version,
        "reviewed": reviewed_json(entry),
        "candidate": entry.candidate,
    }


def reviewed_json(entry: Entry) -> dict[str, Any] | None:
    """What a person has said of an entry, with what the document says in the fields that they corrected."""
    said = entry.reviewed
    if said is None:
        return None
    read = as_read(entry).to_json()
    return {
        "state": said.state,
        "by": said.by,
        "at": said.at,
        "why": said.why,
        "document_says": {name: read[name] for name in said.fields},
    }


def review_json(review: Review) -> dict[str, Any]:
    """One review of a history."""
    return {
        "number": review.number,
        "action": review.action,
        "by": review.by,
        "at": review.at,
        "why": review.why,
        "changes": review.changes.to_json() if review.action == "correct" else {},
        "quote": review.against.quote,
    }


def pending_json(pending: Pending) -> dict[str, Any]:
    """A review that comes up again: the words of then and of now."""
    review, entry = pending.review, pending.entry
    return {
        "commitment_id": review.commitment_id,
        "reason": pending.reason,
        "review": review_json(review),
        "before": {
            "title": review.against.title,
            "path": review.against.path,
            "clause": review.against.clause,
            "quote": review.against.quote,
        },
        "now": {**contract_row(entry), "title": entry.title, "url": entry.url, "clause": pending.clause}
        if entry
        else None,
    }


def moment(at: str) -> str:
    """A moment in UTC (ISO 8601) as people in China write it: 2024-12-01 10:30."""
    return datetime.fromisoformat(at).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def values_text(values: Mapping[str, Any]) -> str:
    """Values of fields that can be corrected, in words: 牵头单位：市住建局；到期日：无."""
    return "；".join(f"{FIELD_NAMES[name]}：{value_text(name, value)}" for name, value in values.items())


def value_text(name: str, value: Any) -> str:
    """One such value in words."""
    if name == "status":
        return STATE_NAMES[value]
    return ("、".join(value) if isinstance(value, list | tuple) else str(value)) or "无"


def mark(entry: Entry) -> str:
    """The sign of what a person has said: 〔已更正〕; 〔待确认〕 of a candidate; empty where nobody has."""
    if entry.candidate and not entry.rejected:
        return "〔待确认〕"
    return f"〔{REVIEW_NAMES[entry.reviewed.state]}〕" if entry.reviewed else ""


def leads(entry: Entry) -> str:
    """The lead units as written, with what 我局 means, and the sign of inherited ones."""
    return _units(entry, "lead_units")


def cooperating(entry: Entry) -> str:
    """The cooperating units, likewise."""
    return _units(entry, "cooperating_units")


def _units(entry: Entry, field: str) -> str:
    known = dict(entry.meant)
    said = "、".join(f"{n}（即{known[n]}）" if n in known else n for n in getattr(entry.commitment, field))
    corrected = entry.reviewed is not None and field in entry.reviewed.fields
    inherited = entry.commitment.basis == "inherited" and not corrected
    return said + ("〔推定〕" if said and inherited else "")


def role(entry: Entry) -> str:
    """The role, with whom a cooperating side helps (配合省科技厅)."""
    return entry.commitment.role + "、".join(entry.helps)


def limit(entry: Entry, as_of: date) -> str:
    """The time limit as written, before it the day that a person corrected it to; with the sign of an overdue one."""
    written = entry.commitment.deadline.as_written
    said = written or "—"
    if entry.reviewed and "due" in entry.reviewed.fields:
        said = f"{entry.due_on or '—'}（原文：{written or KIND_NAMES['none']}）"
    return said + ("〔逾期〕" if entry.overdue(as_of) else "")
