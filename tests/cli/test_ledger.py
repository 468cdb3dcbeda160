"""``assistant ledger``: the contract's JSON, the table, the files, and the reasons of one row."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from assistant.domain.dialogue import Commitment
from assistant.domain.selection import Filters
from assistant.faces.cli import main
from assistant.faces.ledger_files import csv_bytes, xlsx_bytes
from assistant.faces.ledger_forms import COLUMNS, LABEL, today
from tests.cli.fake_service import FakeService
from tests.fakes.ledger import ASK, PLAN, REPORT, MemoryLedger
from tests.fakes.shelf import Shelf, ShelfIndexes


@dataclass
class LedgerService(FakeService):
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    indexes: Any = field(default_factory=lambda: ShelfIndexes(Shelf([PLAN, REPORT, ASK])))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["ledger", *arguments], obj=LedgerService(), env={"COLUMNS": "240"})


def rows(*arguments: str) -> list[dict[str, Any]]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    listed = json.loads(result.stdout)
    assert set(listed) == {"rows", "total"}
    assert listed["total"] == len(listed["rows"])
    found: list[dict[str, Any]] = listed["rows"]
    return found


def test_json_is_the_form_of_the_contract() -> None:
    form = {f.name for f in fields(Commitment)} | {"id", "document_id", "path", "quote"}
    listed = rows()
    assert len(listed) == 5
    texts = {d.id: d.text for d in (PLAN, REPORT)}
    for row in listed:
        assert set(row) == form
        assert set(row["deadline"]) == {"as_written", "date", "kind"}
        assert set(row["status"]) == {"state", "cue", "as_of"}
        assert row["basis"] in ("explicit", "inherited")
        assert row["quote"] in texts[row["document_id"]]
    assert listed[0]["lead_units"] == ["市水务局"]
    assert listed[0]["cooperating_units"] == ["市财政局"]
    assert listed[0]["deadline"] == {"as_written": "2024年6月底前", "date": "2024-06-30", "kind": "fixed"}


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (("--lead", "市水务局"), 3),
        (("--cooperating", "市财政局"), 1),
        (("--unit", "市财政局"), 2),
        (("--role", "负责"), 1),
        (("--status", "planned"), 1),
        (("--deadline", "none"), 1),
        (("--document", "吉市水发〔2024〕3号"), 3),
        (("--text", "巡查"), 1),
        (("--overdue", "--as-of", "2024-07-01"), 1),
        (("--overdue", "--as-of", "2024-06-30"), 0),
        (("--due-within", "31", "--as-of", "2024-06-01"), 1),
        (("--lead", "市水务局", "--status", "done"), 1),
        (("--lead", "没有这个单位"), 0),
    ],
)
def test_filters(arguments: tuple[str, ...], count: int) -> None:
    assert len(rows(*arguments)) == count


def test_the_table_counts_and_marks() -> None:
    result = run("--as-of", "2024-12-01")
    assert result.exit_code == 0
    assert "共 5 项，全部列出；逾期按 2024-12-01 判断" in result.stdout
    assert "2024年6月底前〔逾期〕" in result.stdout
    assert "〔拟〕" in result.stdout
    assert "我局（即市水务局）" in result.stdout
    assert "共 0 项" in run("--lead", "没有这个单位").stdout


@pytest.mark.parametrize("arguments", [("--as-of", "31.5.2024"), ("--as-of", "2024-02-30"), ("--status", "open")])
def test_wrong_use_is_said(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr


def test_explain_shows_clause_rule_and_how_it_was_read() -> None:
    patrol, funds = (r["id"] for r in rows() if "巡查" in r["quote"] or "资金" in r["quote"])
    said = run("explain", patrol).stdout
    for part in (
        "三、巡查。由我局负责",
        "（by，",
        "“我局”即市水务局",
        "每年4月底前（周期）",
        "吉市水发〔2024〕3号 · 三",
    ):
        assert part in said
    assert "推断为2024年" in run("explain", funds).stdout
    missing = run("explain", "m0")
    assert missing.exit_code == 2
    assert "没有 m0" in missing.stderr


def test_the_spreadsheet_can_be_sent_on(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    result = run("--format", "xlsx", "-o", str(path), "--as-of", "2024-12-01")
    assert result.exit_code == 0
    assert "已导出 5 项" in result.stderr
    sheet = load_workbook(path)["责任台账"]
    assert LABEL in sheet["A1"].value
    assert "2024-12-01" in sheet["A1"].value
    assert [c.value for c in sheet[2]] == [name for name, _ in COLUMNS]
    assert sheet.freeze_panes == "C3"
    assert sheet.auto_filter.ref == "A2:O7"
    assert sheet.max_row == 7
    assert all(sheet.column_dimensions[c.column_letter].width == w for c, (_, w) in zip(sheet[2], COLUMNS, strict=True))
    first = {name: cell for (name, _), cell in zip(COLUMNS, sheet[3], strict=True)}
    assert (first["序号"].value, first["牵头单位"].value, first["逾期"].value) == (1, "市水务局", "逾期")
    assert first["文号"].value == "吉市水发〔2024〕3号"
    assert first["条款"].value == "一"
    assert first["页码"].value == 1
    assert first["原文"].value in PLAN.text
    assert first["原文"].alignment.wrap_text


def test_csv_opens_in_excel_and_runs_nothing() -> None:
    result = run("--format", "csv")
    assert result.stdout_bytes.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(result.stdout_bytes.decode("utf-8-sig"), newline="")))
    assert table[0] == [name for name, _ in COLUMNS]
    assert len(table) == 6
    assert table[1][COLUMNS.index(("原文", 60))] in PLAN.text


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", " =1", '=HYPERLINK("x")\x07'])
def test_no_cell_is_a_formula(evil: str) -> None:
    entry = MemoryLedger().commitments(Filters(today())).entries[0]
    entry = replace(entry, title=evil, commitment=replace(entry.commitment, task=evil, lead_units=(evil,)))
    sheet = load_workbook(io.BytesIO(xlsx_bytes([entry], today())))["责任台账"]
    assert {c.data_type for c in sheet[3]} <= {"s", "n"}
    assert sheet["B3"].value == evil.replace("\x07", "")
    assert sheet["B3"].quotePrefix
    table = list(csv.reader(io.StringIO(csv_bytes([entry], today()).decode("utf-8-sig"), newline="")))
    for cell in (table[1][1], table[1][2], table[1][9]):
        assert cell == f"'{evil}"
