"""``assistant ledger``: the contract's JSON, the table, the files, and the reasons of one row."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assistant.domain.dialogue import Commitment
from assistant.faces.cli import main
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
    form = {f.name for f in fields(Commitment)} | {
        *("id", "document_id", "path", "quote", "version", "reviewed", "candidate"),
    }
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
        (("--due-from", "2024-07-01"), 2),
        (("--due-from", "2024-07-01", "--due-to", "2024-12-31"), 1),
        (("--done-undated",), 1),
        (("--review", "unreviewed"), 5),
        (("--review", "confirmed"), 0),
    ],
)
def test_filters(arguments: tuple[str, ...], count: int) -> None:
    assert len(rows(*arguments)) == count


def test_the_table_counts_and_marks() -> None:
    result = run("--as-of", "2024-12-01")
    assert result.exit_code == 0
    assert "共 5 项，全部列出；逾期按 2024-12-01 判断（北京时间）" in result.stdout
    assert "进展：拟 1，已完成 1，不明 3" in result.stdout
    assert "单位：市水务局 3，市财政局 2，市林业局 1" in result.stdout
    assert "2024年6月底前〔逾期〕" in result.stdout
    assert "〔拟〕" in result.stdout
    assert "我局（即市水务局）" in result.stdout
    assert "共 0 项" in run("--lead", "没有这个单位").stdout


@pytest.mark.parametrize(
    "arguments",
    [("--as-of", "31.5.2024"), ("--as-of", "2024-02-30"), ("--due-from", "昨天"), ("--status", "open")],
)
def test_wrong_use_is_said(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert arguments[0] in result.stderr


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
    told = json.loads(run("explain", patrol, "--json").stdout)
    assert told["id"] == patrol and told["reasons"][0]["name"] and "巡查" in told["quote"]
    missing = run("explain", "m0")
    assert missing.exit_code == 2
    assert "没有 m0" in missing.stderr
