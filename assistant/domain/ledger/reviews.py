"""What people say of the ledger's entries: confirmed, corrected, rejected; and whether it still holds.

A review is kept apart from the entries, which are made anew whenever a document or a rule changes, and finds its entry
again by the commitment's id and by the fingerprint of the words that it was made against. It holds

- where the id is there and the words of the clause are what they were;
- where the id is gone and the words stay: other rules cut the sentence another way. The one entry of the same words
  that shares its quote is meant.

A confirmation vouches for everything that the entry shows, a correction for what it changes: that is shown, whatever
later rules read. In every other case a review comes up again (待复核) with the words of then and of now, and is not
applied: a correction of one sentence says nothing about another. A correction never changes a quote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Literal

from assistant.domain.dialogue import Status
from assistant.domain.ledger.commitments import Entry, Reviewed

Action = Literal["confirm", "correct", "reject", "withdraw"]
ACTIONS: tuple[Action, ...] = ("confirm", "correct", "reject", "withdraw")
REVIEW_STATES = ("unreviewed", "confirmed", "corrected", "rejected", "pending")

LONGEST_TASK = 500
LONGEST_NAME = 60  # of a unit, or of who reviews
LONGEST_WHY = 500
MOST_UNITS = 60
_LONGEST_ROLE = 12
_ROLE = re.compile("[\u4e00-\u9fff]+")
_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Changes:
    """What an entry should show in place of what was read; None: as it was read. ``due`` "" says: no day."""

    task: str | None = None
    lead_units: tuple[str, ...] | None = None
    cooperating_units: tuple[str, ...] | None = None
    role: str | None = None
    due: str | None = None  # ISO 8601
    status: str | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) is not None for f in fields(self))

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that are changed."""
        return tuple(f.name for f in fields(self) if getattr(self, f.name) is not None)

    def to_json(self) -> dict[str, Any]:
        """Only what is changed."""
        return {name: getattr(self, name) for name in self.names}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Changes:
        """Raises TypeError for names that are none of the fields."""
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list | tuple) else v for k, v in data.items()}
        return cls(**values)

    def tidied(self) -> Changes:
        """White space at the ends and names that stand twice taken away."""

        def tidy(value: Any) -> Any:
            if isinstance(value, str):
                return unicodedata.normalize("NFC", value).strip()
            return tuple(dict.fromkeys(name for unit in value if (name := "".join(unit.split()))))

        return Changes.from_json({name: tidy(value) for name, value in self.to_json().items()})


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why something cannot be taken: the field of :class:`Decision` or :class:`Changes`, and what to change."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What someone wants to be noted of an entry. ``version`` is :attr:`Entry.version` as they read it."""

    action: Action
    by: str
    why: str = ""
    changes: Changes = field(default=Changes())
    version: str | None = None

    def unfit(self) -> Unfit | None:
        """The first thing in it that cannot be taken; None where all can."""
        changes = self.changes
        if not self.by.strip() or len(self.by) > LONGEST_NAME or _unprintable(self.by):
            return Unfit("by", f"请写明核对人姓名，最多 {LONGEST_NAME} 个字")
        if len(self.why) > LONGEST_WHY or _unprintable(self.why):
            return Unfit("why", f"核对说明最多 {LONGEST_WHY} 个字，不能有控制字符")
        if self.action in ("correct", "reject") and not self.why.strip():
            return Unfit("why", "更正和驳回要写明理由")
        if self.action == "correct" and not changes:
            return Unfit("changes", "没有要更正的内容")
        if self.action != "correct" and changes:
            return Unfit("changes", "只有更正可以带更正内容")
        return _unfit_changes(changes)


@dataclass(frozen=True, slots=True)
class Against:
    """The words that a review was made against. The texts are empty once the document has left the library."""

    document_id: str
    document: str  # Entry.document_key
    title: str
    path: str
    words: str  # fingerprint of the clause
    clause: str  # its text
    quote: str


@dataclass(frozen=True, slots=True)
class Review:
    """One thing that someone said. ``changes`` is all that is vouched for after it: the last review says all."""

    number: int  # counts up over the whole ledger
    commitment_id: str
    action: Action
    by: str
    at: str  # ISO 8601, UTC
    why: str
    changes: Changes
    against: Against

    @property
    def stands(self) -> bool:
        """Whether it says anything; else the entry is as if nobody had looked at it."""
        return self.action in ("confirm", "reject") or (self.action == "correct" and bool(self.changes))


@dataclass(frozen=True, slots=True)
class Pending:
    """A review whose words are others now (待复核). ``entry`` is what may have become of it, None where nothing is."""

    review: Review
    entry: Entry | None
    reason: str  # for the reader
    clause: str = ""  # the clause of ``entry`` as it reads now


def decided(entry: Entry, decision: Decision, at: datetime, clause: str) -> Review:
    """The review that a decision on this entry (as it is shown) makes; its number is given where it is kept.

    A correction joins those that are in force; one to what was read anyway takes an earlier one back.
    """
    by, shown, read = entry.reviewed, as_shown(entry).to_json(), as_read(entry).to_json()
    vouched = by.vouched if by else ()
    if decision.action == "confirm":
        changes = shown
    elif decision.action == "correct":
        confirmed = {name for name in vouched if by and name not in by.fields}
        wanted = {name: shown[name] for name in vouched} | decision.changes.tidied().to_json()
        changes = {name: v for name, v in wanted.items() if v != read[name] or name in confirmed}
    else:
        changes = {} if decision.action == "withdraw" else {name: shown[name] for name in vouched}
    return Review(
        number=0,
        commitment_id=entry.id,
        action=decision.action,
        by=decision.by.strip(),
        at=stamped(at),
        why=decision.why.strip(),
        changes=Changes.from_json(changes),
        against=Against(
            entry.document_id, entry.document_key, entry.title, entry.path, entry.words, clause, entry.quote
        ),
    )


def reviewed(entry: Entry, review: Review) -> Entry:
    """The entry as it was read with what the review says put on; the quote, its place and its evidence stay."""
    c, note = entry.commitment, entry.due_note
    read = as_read(entry).to_json()
    differs = {name: v for name, v in review.changes.to_json().items() if v != read[name]}
    day = differs.get("due")
    if day is not None:
        kind = "fixed" if day and c.deadline.kind == "none" else c.deadline.kind
        c = replace(c, deadline=replace(c.deadline, date=day or None, kind=kind))
        note = f"{review.by}于{day_in_china(review.at)}更正"
    if "status" in differs:
        c = replace(c, status=Status(differs["status"], None, day_in_china(review.at)))
    c = replace(c, **{n: v for n, v in differs.items() if n not in ("due", "status")})
    state: Literal["confirmed", "corrected", "rejected"] = "corrected" if differs else "confirmed"
    if review.action == "reject":
        state = "rejected"
    said = entry.commitment if differs else None
    names, vouched = tuple(differs), review.changes.names
    return replace(
        entry,
        commitment=replace(c, review=None if state == "rejected" else state),
        due_on=entry.due_on if day is None else day or None,
        due_inferred=entry.due_inferred and day is None,
        due_note=note,
        reviewed=Reviewed(state, review.number, review.by, review.at, review.why, said, entry.due_on, names, vouched),
    )


def as_read(entry: Entry) -> Changes:
    """Everything that can be corrected, as it was read from the document."""
    by = entry.reviewed
    c = by.said if by and by.said else entry.commitment
    due = by.said_due if by and by.said else entry.due_on
    return Changes(c.task, c.lead_units, c.cooperating_units, c.role, due or "", c.status.state)


def as_shown(entry: Entry) -> Changes:
    """The same as it is shown now."""
    c = entry.commitment
    return Changes(c.task, c.lead_units, c.cooperating_units, c.role, entry.due_on or "", c.status.state)


def stamped(at: datetime) -> str:
    """A moment as reviews note it: ISO 8601, UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day_in_china(at: str) -> str:
    """The day in China of a moment in UTC; both ISO 8601."""
    return datetime.fromisoformat(at).astimezone(_CHINA).date().isoformat()


def _unfit_changes(changes: Changes) -> Unfit | None:
    if changes.task is not None and (not 0 < len(changes.task.strip()) <= LONGEST_TASK or _unprintable(changes.task)):
        return Unfit("task", f"事项不能为空，最多 {LONGEST_TASK} 个字，不能有控制字符")
    for name in ("lead_units", "cooperating_units"):
        units: Sequence[str] = getattr(changes, name) or ()
        if len(units) > MOST_UNITS or any(len(u) > LONGEST_NAME or _unprintable(u) for u in units):
            return Unfit(name, f"最多 {MOST_UNITS} 个单位，每个最多 {LONGEST_NAME} 个字，不能有控制字符")
    if changes.role is not None and not (len(changes.role) <= _LONGEST_ROLE and _ROLE.fullmatch(changes.role.strip())):
        return Unfit("role", f"角色请写牵头、配合、负责一类的词，最多 {_LONGEST_ROLE} 个汉字")
    if changes.due and not _is_day(changes.due.strip()):
        return Unfit("due", "到期日请写成 2024-05-31 的样子，留空表示没有")
    if changes.status is not None and changes.status.strip() not in ("planned", "in_progress", "done", "unclear"):
        return Unfit("status", "进展可以是 planned（拟）、in_progress（进行中）、done（已完成）、unclear（不明）")
    return None


def _is_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def _unprintable(text: str) -> bool:
    return any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text)
