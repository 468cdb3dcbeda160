"""``assistant ledger units``: names for the review of the registry."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner, Result

from assistant.faces.cli import main
from benchmarks.ledger import document_of
from tests.cli.fake_service import FakeService
from tests.fakes.ledger import MemoryLedger


def _ledger() -> MemoryLedger:
    texts = ("由丰乐林场负责管护。", "由市林业局牵头编制名录。")
    return MemoryLedger([document_of({"id": f"名称{n}", "text": text}) for n, text in enumerate(texts)])


@dataclass
class UnitsService(FakeService):
    ledger: MemoryLedger = field(default_factory=_ledger)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["ledger", "units", *arguments], obj=UnitsService(), env={"COLUMNS": "200"})


def test_unknown_names_are_listed_with_the_size_of_the_list() -> None:
    text = run().output
    assert "丰乐林场" in text
    assert "市林业局" not in text.split("台账中单位名称")[0]
    assert "台账中单位名称共 2 个，名录未载 1 个（照原文保留）；列出 1 个" in text


def test_the_same_for_programs_and_all_names() -> None:
    listed = json.loads(run("--json").output)
    assert listed["total"] == 1
    (unit,) = listed["units"]
    assert (unit["name"], unit["count"], unit["known"]) == ("丰乐林场", 1, "unknown")
    assert len(json.loads(run("--all", "--json").output)["units"]) == 2


def test_unknown_names_are_written_as_a_table_for_review(tmp_path: Path) -> None:
    result = run("--table", str(tmp_path / "units.csv"))
    assert "名录未载的名称 1 个已写入" in result.output
    written = (tmp_path / "units.csv").read_text(encoding="utf-8-sig").splitlines()
    assert written == ["name,aliases,level,jurisdiction,valid_from,valid_to,became,possible_same", "丰乐林场,,,,,,,"]
    assert run("--table", str(tmp_path / "none" / "units.csv")).exit_code == 2
