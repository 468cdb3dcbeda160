"""Reviewing the ledger from the command line: one row, several, a whole table; what was said, what comes up again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from assistant.faces.cli import main
from assistant.faces.ledger_files import HEAD_ROW
from assistant.faces.ledger_table import NAMES
from tests.cli.test_ledger import LedgerService
from tests.fakes.ledger import PLAN, REPORT, MemoryLedger


@pytest.fixture
def service() -> LedgerService:
    return LedgerService(ledger=MemoryLedger((PLAN, REPORT)))


def run(service: LedgerService, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["ledger", *arguments], obj=service, env={"COLUMNS": "260"})


def row(service: LedgerService, word: str, *filters: str) -> dict:
    (found,) = (r for r in json.loads(run(service, *filters, "--json").stdout)["rows"] if word in r["quote"])
    return found


def test_a_row_is_corrected_and_the_document_stays_visible(service: LedgerService) -> None:
    before = row(service, "清淤")
    arguments = ("--lead", "市住建局、市水务局", "--due", "2025-03-31", "--by", "李明", "--why", "纪要已调整")
    assert run(service, "correct", before["id"], *arguments, "--version", before["version"]).exit_code == 0
    after = row(service, "清淤")
    assert after["lead_units"] == ["市住建局", "市水务局"]
    assert after["quote"] == before["quote"]
    assert after["review"] == "corrected"
    assert after["reviewed"]["document_says"] == {"lead_units": ["市水务局"], "due": "2024-06-30"}
    table = run(service, "--as-of", "2024-12-01").stdout
    assert "〔已更正〕" in table
    assert "2025-03-31（原文：2024年6月底前）" in table
    explained = run(service, "explain", before["id"]).stdout
    assert "牵头单位：市水务局" in explained
    assert "更正为：牵头单位：市住建局、市水务局；到期日：2025-03-31" in explained
    history = run(service, "reviews", before["id"]).stdout
    assert "李明 更正（牵头单位：市住建局、市水务局；到期日：2025-03-31） 纪要已调整" in history
    late = run(service, "correct", before["id"], "--role", "负责", "--by", "李明", "--why", "x", "--version", "0")
    assert late.exit_code == 2
    assert "已有变化" in late.stderr


def test_several_are_confirmed_or_rejected_at_once(service: LedgerService) -> None:
    ids = [row(service, word)["id"] for word in ("清淤", "栽植")]
    assert run(service, "confirm", *ids, "--by", "李明").exit_code == 0
    assert "核对：未核对 3，已核对 2" in run(service).stdout
    assert run(service, "reject", ids[1], "--by", "李明").exit_code == 2  # a reason is asked for
    assert run(service, "reject", ids[1], "--by", "李明", "--why", "口号").exit_code == 0
    assert json.loads(run(service, "--json").stdout)["total"] == 4
    assert row(service, "栽植", "--rejected")["reviewed"]["state"] == "rejected"
    assert run(service, "withdraw", ids[1], "--by", "李明").exit_code == 0
    assert row(service, "栽植")["reviewed"] is None
    actions = [r["action"] for r in json.loads(run(service, "reviews", ids[1], "--json").stdout)["reviews"]]
    assert actions == ["confirm", "reject", "withdraw"]


def test_none_means_no_unit_and_no_day(service: LedgerService) -> None:
    identity = row(service, "清淤")["id"]
    run(service, "correct", identity, "--cooperating", "无", "--due", "无", "--by", "李明", "--why", "误读")
    after = row(service, "清淤")
    assert (after["cooperating_units"], after["deadline"]["date"]) == ([], None)


def test_unknown_rows_and_missing_names_are_said(service: LedgerService) -> None:
    assert "m0" in run(service, "reviews", "m0").stderr
    assert run(service, "confirm", "m0", "--by", "李明").exit_code == 2
    assert "--by" in run(service, "confirm", "m0").stderr


def test_what_comes_up_again_is_shown_with_old_and_new(service: LedgerService) -> None:
    identity = row(service, "清淤")["id"]
    run(service, "confirm", identity, "--by", "李明")
    review = service.ledger.said[0]
    against = replace(review.against, words="other", clause="旧条款", quote="旧的原文")
    service.ledger.said[0] = replace(review, against=against)
    shown = run(service, "pending").stdout
    assert "共 1 项待复核" in shown
    assert "原先：旧的原文" in shown
    assert "现在：由市水务局牵头" in shown
    (one,) = json.loads(run(service, "pending", "--json").stdout)["rows"]
    assert (one["before"]["clause"], one["now"]["id"]) == ("旧条款", identity)


def test_an_edited_table_is_imported(service: LedgerService, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    assert run(service, "--format", "xlsx", "-o", str(path)).exit_code == 0
    book = load_workbook(path)
    sheet = book["责任台账"]
    sheet.cell(HEAD_ROW + 1, NAMES.index("牵头单位") + 1).value = "市住建局"
    sheet.cell(HEAD_ROW + 2, NAMES.index("到期日") + 1).value = "不知道"
    sheet.delete_rows(HEAD_ROW + 5)
    book.save(path)
    tried = run(service, "import", str(path), "--by", "李明", "--dry-run")
    assert tried.exit_code == 1
    assert f"第 {HEAD_ROW + 1} 行 更正" in tried.stdout
    assert "牵头单位：市住建局" in tried.stdout
    assert f"问题 第 {HEAD_ROW + 2} 行：“到期日”栏的“不知道”不能采用" in tried.stdout
    assert "提示 表中删去了" in tried.stdout
    assert "共读 4 行：1 项有改动，2 项未改，1 个问题；试运行，未写入" in tried.stdout
    assert service.ledger.said == []
    done = run(service, "import", str(path), "--by", "李明", "--json")
    assert (done.exit_code, json.loads(done.stdout)["kept"]) == (1, 1)
    assert row(service, "清淤")["reviewed"]["why"] == "由表格 台账.xlsx 导入"
    other = tmp_path / "x.csv"
    other.write_text("甲,乙\n")
    refused = run(service, "import", str(other), "--by", "李明")
    assert refused.exit_code == 2
    assert "编号" in refused.stderr
