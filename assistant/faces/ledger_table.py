"""The columns of the ledger as a file: what goes into them, and which of them a clerk may change and give back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.domain.ledger.commitments import Entry
from assistant.domain.ledger.reviews import as_read
from assistant.faces.ledger_forms import KIND_NAMES, REVIEW_NAMES, STATE_NAMES, values_text

Cell = str | int | date


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``field`` is what a change of its cells corrects (a field of ``Changes``), None: nothing."""

    name: str
    width: int  # in characters of a spreadsheet
    field: Literal["task", "lead_units", "cooperating_units", "role", "due", "status"] | None = None


COLUMNS: tuple[Column, ...] = (
    Column("序号", 5),
    Column("核对", 8),
    Column("事项", 38, "task"),
    Column("牵头单位", 20, "lead_units"),
    Column("配合单位", 22, "cooperating_units"),
    Column("角色", 8, "role"),
    Column("完成时限", 15),
    Column("到期日", 12, "due"),
    Column("进展", 8, "status"),
    Column("逾期", 6),
    Column("文件", 26),
    Column("文号", 17),
    Column("条款", 11),
    Column("页码", 6),
    Column("备注", 30),
    Column("原文", 60),
    Column("链接", 24),
    Column("核对人", 10),
    Column("核对说明", 24),
    Column("编号", 20),
    Column("版本", 15),
)
NAMES = tuple(column.name for column in COLUMNS)
LAST_PRINTED = "页码"
"""More columns would make the print on A4 too small to read: remarks, quotes and what is for the way back stay out."""
NUMBER, REVIEW, WHY, ID, VERSION = "序号", "核对", "核对说明", "编号", "版本"
GIVEN_BACK = frozenset((NUMBER, REVIEW, WHY, *(c.name for c in COLUMNS if c.field)))
"""Columns whose cells may change; of the others a change is said and not taken."""
_OF_THE_DAY = frozenset(("逾期", "链接"))
FIXED = tuple(
    name for name in NAMES if name not in GIVEN_BACK and name not in (ID, VERSION) and name not in _OF_THE_DAY
)


def cells(number: int, entry: Entry, as_of: date, site: str = "") -> tuple[Cell, ...]:
    """One row, in the order of :data:`COLUMNS`. ``site`` is where the service is reached, for the links."""
    c, said = entry.commitment, entry.reviewed
    return (
        number,
        REVIEW_NAMES[said.state if said else "unreviewed"],
        c.task,
        "、".join(c.lead_units),
        "、".join(c.cooperating_units),
        c.role,
        c.deadline.as_written or KIND_NAMES["none"],
        entry.due or "",
        STATE_NAMES[c.status.state],
        "逾期" if entry.overdue(as_of) else "",
        entry.title,
        entry.number or "",
        entry.path,
        entry.page if entry.page is not None else "",
        remarks(entry),
        entry.quote,
        site.rstrip("/") + entry.url,
        said.by if said else "",
        said.why if said else "",
        entry.id,
        entry.version,
    )


def remarks(entry: Entry) -> str:
    """What a row cannot show in its cells: what was inferred, whom 我局 means, what the document says instead."""
    said, fields = [], entry.reviewed.fields if entry.reviewed else ()
    if entry.reviewed and fields:
        read = as_read(entry).to_json()
        said.append("程序提取为：" + values_text({name: read[name] for name in fields}))
    if entry.above and "lead_units" not in fields:
        said.append(f"单位由{entry.above.path}推定")
    said += [f"“{written}”即{known}" for written, known in entry.meant]
    if entry.helps:
        said.append("配合对象：" + "、".join(entry.helps))
    if entry.due_inferred:
        said.append("到期日为推断：" + entry.due_note)
    if entry.commitment.status.cue:
        said.append(f"进展依据“{entry.commitment.status.cue}”")
    return "；".join(said)
