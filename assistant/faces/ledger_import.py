"""An edited export read back as reviews: changed cells alone, each held against what the ledger shows now.

Rows are found by their id, and taken only where their version is still that of the ledger: nobody's later word is
written over. A row that was deleted is told, not rejected. Cells are texts, whatever a spreadsheet would make of them:
nothing is computed.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from assistant.domain.ledger.commitments import Entry
from assistant.domain.ledger.reviews import Action, Changes, Decision, as_shown
from assistant.errors import BadRequest
from assistant.faces.ledger_files import FORMULA, LONGEST_CELL, ROWS, SHEET
from assistant.faces.ledger_forms import FIELD_NAMES, STATE_NAMES, today
from assistant.faces.ledger_table import COLUMNS, FIXED, ID, NAMES, NUMBER, REVIEW, VERSION, WHY, cells
from assistant.ports import Ledger

_LARGEST = 100 * 2**20  # bytes of a workbook, unpacked
_HEAD_WITHIN = 20  # rows from the top in which the headings are looked for
_SEPARATORS = re.compile("[、，,；;\n]+")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s?日?(?:\s+0{1,2}:00(?::00)?)?")
_SAID: Mapping[str, Action | None] = {
    "": None,
    "待复核": None,
    "已更正": None,
    "未核对": "withdraw",
    "已核对": "confirm",
    "核对": "confirm",
    "确认": "confirm",
    "驳回": "reject",
    "已驳回": "reject",
}
_STATES = {name: state for state, name in STATE_NAMES.items()}


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a row of the file; ``row`` counts as the spreadsheet does, 0 for the whole file."""

    row: int
    reason: str
    lost: bool = True  # something that the file asks for is not done


@dataclass(frozen=True, slots=True)
class Step:
    """One review that the file asks for."""

    row: int
    entry: Entry
    decision: Decision


@dataclass(slots=True)
class Plan:
    """What the file asks for; :func:`carry_out` does it."""

    rows: int = 0
    unchanged: int = 0
    steps: list[Step] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Table:
    rows: Sequence[tuple[int, Mapping[str, str]]]  # number in the file, cells by column
    exported: Sequence[str] | None  # ids that were there once; None where the file does not tell


def plan(data: bytes, ledger: Ledger, by: str, why: str) -> Plan:
    """What an edited export asks for. ``why`` stands where a row gives no reason of its own.

    Raises :class:`BadRequest` where the file is no export of the ledger.
    """
    table = _workbook(data) if data[:2] == b"PK" else _text(data)
    made = Plan(rows=len(table.rows))
    seen: set[str] = set()
    for row, given in table.rows:
        identity = given[ID]
        if identity in seen:
            made.remarks.append(Remark(row, f"编号 {identity} 重复，只采用第一行"))
            continue
        seen.add(identity)
        entry = ledger.commitment(identity) if identity else None
        if entry is None:
            made.remarks.append(Remark(row, f"台账中没有编号 {identity}" if identity else "没有编号，不能新增事项"))
            continue
        _row(made, row, given, entry, Decision("confirm", by, why, version=given[VERSION]))
    made.remarks += _deleted(table, seen, ledger)
    return made


def carry_out(made: Plan, ledger: Ledger) -> int:
    """Keep the reviews of a plan; what cannot be kept joins its remarks. Returns how many were kept."""
    kept = 0
    for step in made.steps:
        try:
            ledger.review(step.entry.id, step.decision)
            kept += 1
        except BadRequest as error:
            made.remarks.append(Remark(step.row, f"{error.message}：{error.advice}"))
    return kept


def plan_json(made: Plan, kept: int, dry_run: bool) -> dict[str, Any]:
    """A plan and what became of it, for programs."""
    return {
        "rows": made.rows,
        "unchanged": made.unchanged,
        "steps": [
            {
                "row": step.row,
                "id": step.entry.id,
                "task": step.entry.commitment.task,
                "action": step.decision.action,
                "changes": step.decision.changes.to_json(),
            }
            for step in made.steps
        ],
        "problems": [{"row": r.row, "reason": r.reason, "lost": r.lost} for r in made.remarks],
        "kept": kept,
        "dry_run": dry_run,
    }


def units_in(written: str) -> tuple[str, ...]:
    """The names in a list as people write it in one cell."""
    return tuple(name for part in _SEPARATORS.split(written) if (name := "".join(part.split())))


def _row(made: Plan, row: int, given: Mapping[str, str], entry: Entry, base: Decision) -> None:
    shown = {n: _text_of(v)[:LONGEST_CELL] for n, v in zip(NAMES, cells(0, entry, today()), strict=True)}
    changed = {n for n in NAMES if n in given and _folded(given[n]) != _folded(shown[n])}
    made.remarks += [Remark(row, f"“{n}”栏不能更改，未采用") for n in FIXED if n in changed and given[n]]
    changes, faults = _changes(entry, given, changed)
    action: Action | None = None
    if REVIEW in changed:
        if given[REVIEW] not in _SAID:
            faults.append(f"“核对”栏不认识“{given[REVIEW][:20]}”，可填：已核对、驳回、未核对")
        else:
            action = _SAID[given[REVIEW]]
    if changes and action != "reject":
        action = "correct"
    if not action and not faults:
        made.unchanged += 1
        return
    if given[VERSION] != entry.version:
        made.remarks.append(Remark(row, "导出之后台账已有变化，请重新导出后再改"))
        return
    why = given.get(WHY, "")
    decision = replace(base, action=action or "confirm", why=why if WHY in changed and why else base.why)
    if action == "correct":
        decision = replace(decision, changes=changes)
    if not faults and (unfit := decision.unfit()):
        faults.append(f"{FIELD_NAMES.get(unfit.field, '核对')}：{unfit.reason}")
    if faults:
        made.remarks += [Remark(row, fault) for fault in faults]
    else:
        made.steps.append(Step(row, entry, decision))


def _changes(entry: Entry, given: Mapping[str, str], changed: Iterable[str]) -> tuple[Changes, list[str]]:
    """What the changed cells of a row say, and what is wrong with them."""
    shown = as_shown(entry).to_json()
    wanted: dict[str, Any] = {}
    faults: list[str] = []
    for column in COLUMNS:
        if column.field is None or column.name not in changed:
            continue
        written = given[column.name]
        value: Any = written
        if column.field in ("lead_units", "cooperating_units"):
            value = units_in(written)
        elif column.field == "status":
            value = _STATES.get(written)
        elif column.field == "due":
            value = _day(written)
        if value is None:
            may = "、".join(_STATES) if column.field == "status" else "2024-05-31 的样子"
            faults.append(f"“{column.name}”栏的“{written[:20]}”不能采用，可填：{may}")
        elif value != shown[column.field]:
            wanted[column.field] = value
    return Changes.from_json(wanted), faults


def _deleted(table: _Table, seen: set[str], ledger: Ledger) -> Iterator[Remark]:
    if table.exported is not None:
        for identity in table.exported:
            entry = ledger.commitment(identity) if identity not in seen else None
            if entry is not None:
                yield Remark(0, f"表中删去了“{entry.commitment.task[:40]}”（{identity}），未作驳回", lost=False)
        return
    numbers = {int(cells[NUMBER]) for _, cells in table.rows if cells.get(NUMBER, "").isdecimal()}
    missing = sorted(set(range(1, max(numbers, default=0))) - numbers)
    if missing:
        listed = "、".join(map(str, missing[:20])) + ("等" if len(missing) > 20 else "")
        yield Remark(0, f"表中删去了序号 {listed} 的行（共 {len(missing)} 行），未作驳回", lost=False)


def _workbook(data: bytes) -> _Table:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(member.file_size for member in packed.infolist()) > _LARGEST:
                raise BadRequest("表格过大", "请只保留要更正的行后再导入", "too_large")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    except BadRequest:
        raise
    except Exception as error:  # whatever a broken workbook makes the library raise
        raise BadRequest("这个文件打不开", "请用 assistant ledger --format xlsx 导出的表格", "bad_file") from error
    try:
        sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
        rows = _under_headings(
            (n, [_text_of(v) for v in row]) for n, row in enumerate(sheet.iter_rows(values_only=True), 1)
        )
        exported = None
        if ROWS in book.sheetnames:
            exported = [str(row[0]) for row in book[ROWS].iter_rows(values_only=True) if row and row[0]]
        return _Table(rows, exported)
    finally:
        book.close()


def _text(data: bytes) -> _Table:
    for encoding in ("utf-8-sig", "gb18030"):  # Excel in China saves CSV as GBK
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadRequest("文件的编码无法识别", "请另存为 UTF-8 编码的 CSV，或用 xlsx", "bad_file")
    first = text.split("\n", 1)[0]
    separator = max(",\t;", key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        rows = _under_headings((n, [_bare(cell) for cell in line]) for n, line in enumerate(lines, 1))
    except csv.Error as error:
        raise BadRequest("这个文件不是表格", "请用 assistant ledger --format csv 导出的文件", "bad_file") from error
    return _Table(rows, None)


def _under_headings(lines: Iterable[tuple[int, Sequence[str]]]) -> list[tuple[int, dict[str, str]]]:
    names: list[str] | None = None
    rows: list[tuple[int, dict[str, str]]] = []
    for number, line in lines:
        cells = [cell.strip() for cell in line]
        if names is None:
            if ID in cells and VERSION in cells:
                names = cells
            elif number >= _HEAD_WITHIN:
                break
        elif any(cells):
            rows.append((number, {n: c for n, c in zip(names, cells, strict=False) if n in NAMES}))
    if names is None:
        raise BadRequest("表中没有“编号”和“版本”两栏", "请用台账导出的表格更正，并保留这两栏", "bad_file")
    return [(number, {ID: "", VERSION: "", **cells}) for number, cells in rows]


def _bare(cell: str) -> str:
    """The text that the export kept from running as a formula."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def _text_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _folded(text: str) -> str:
    """Texts for comparison: a spreadsheet may change line ends, and control characters are never in one."""
    day = _day(text)
    return day if day else "".join(c for c in text if not c.isspace() and c.isprintable())


def _day(written: str) -> str | None:
    """A day as ISO 8601, "" for none; None where it is no day."""
    if not written or written in ("无", "—", "-"):
        return ""
    match = _DAY.fullmatch(written)
    try:
        return date(*map(int, match.groups())).isoformat() if match else None
    except ValueError:
        return None
