"""``assistant ledger history | conflicts | asks | handling``."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assistant.domain.ledger.handling import rules_of
from assistant.faces.cli import main
from tests.fakes.over_time import MemoryOverTime
from tests.fakes.shelf import Shelf, ShelfIndexes, document

PLAN = document(
    "江城冷链方案",
    ("文号", "", 0, "江商发〔2024〕1号"),
    ("一", "一、", 1, "一、建设冷链物流基地。由市商务局牵头，2024年12月底前建成。"),
    ("二", "二、", 1, "二、搭建农机调度平台。由市农业农村局牵头，2024年9月底前上线。"),
    ("落款", "", 0, "2024-01-10"),
    fields={"number": "江商发〔2024〕1号", "issued_on": "2024-01-10"},
)
LETTER = document(
    "关于调整的函",
    ("文号", "", 0, "江商函〔2024〕9号"),
    (
        "一",
        "一、",
        1,
        "一、《江城冷链方案》中冷链物流基地的牵头单位由市商务局调整为市供销社，建成时限延期至2025年3月底前。",
    ),
    ("二", "二、", 1, "二、农机调度平台由市大数据局牵头。"),
    ("落款", "", 0, "2024-06-01"),
    kind="函",
    fields={"number": "江商函〔2024〕9号", "issued_on": "2024-06-01"},
)
PROPOSAL = document(
    "关于冷链的提案",
    ("案号", "", 0, "江城市政协 立案日期：2024年2月1日"),
    ("一", "一、", 1, "一、建设冷链物流基地。"),
    ("二", "二、", 1, "二、设立冷链专项资金。"),
    kind="提案",
)
REPLY = document(
    "对冷链提案的答复",
    ("一", "一、", 1, "一、基地。由市商务局牵头建设冷链物流基地，年内开工。"),
    ("落款", "", 0, "江城市商务局 2024-05-20"),
    kind="答复",
    fields={"issued_on": "2024-05-20"},
)


@dataclass
class HistoryService:
    over_time: MemoryOverTime = field(default_factory=MemoryOverTime)
    indexes: ShelfIndexes = field(default_factory=lambda: ShelfIndexes(Shelf((PLAN, LETTER, PROPOSAL, REPLY))))

    def close(self) -> None:
        pass


def run(*arguments: str, service: HistoryService | None = None) -> Result:
    opened = service or HistoryService()
    return CliRunner().invoke(main, ["ledger", *arguments], obj=lambda: opened, env={"COLUMNS": "200"})


def read(*arguments: str, service: HistoryService | None = None) -> Any:
    result = run(*arguments, "--json", service=service)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_changed_lead_and_a_slipped_day_in_words() -> None:
    text = run("history", "冷链物流基地").output
    assert "现由市供销社牵头（江商函〔2024〕9号，2024年6月1日）" in text
    assert "牵头单位由市商务局调整为市供销社" in text
    assert "现行时限：2025年3月底前" in text
    assert "2024年1月10日，江商发〔2024〕1号：时限为2024年12月底前" in text


def test_the_same_for_programs_with_every_place() -> None:
    (found,) = read("history", "冷链物流基地")["histories"]
    assert found["documents"] == 3  # the reply is tied by the lead that the letter replaces
    assert [s["units"] for s in found["current"]["lead"]] == [["市供销社"]]
    assert [s["standing"] for s in found["lead"]][-1] == "current"
    by_id = {d.id: d for d in (PLAN, LETTER, REPLY)}
    for step in (*found["lead"], *found["deadline"], *found["status"]):
        assert by_id[step["document_id"]].text[step["start"] : step["end"]] == step["quote"]
        assert step["url"] == f"/documents/{step['document_id']}#{step['start']}-{step['end']}"


def test_without_a_name_what_changed_is_listed_and_an_unknown_one_is_an_error() -> None:
    assert "多份文件提到或有变更的事项" in run("history").output
    unknown = run("history", "海底隧道")
    assert unknown.exit_code == 2
    assert "没有找到“海底隧道”" in unknown.output


def test_conflicts_show_both_sides_and_the_reason() -> None:
    text = run("conflicts").output
    assert "农机调度平台 · 牵头单位" in text
    assert "市农业农村局牵头 —— 江商发〔2024〕1号 二（2024年1月10日）" in text
    assert "市大数据局牵头 —— 江商函〔2024〕9号" in text
    assert "后一文件没有写明作了调整，不能确定以哪一份为准" in text
    found = read("conflicts", "--open")
    assert [c["aspect_name"] for c in found["conflicts"]] == ["牵头单位"]
    assert len(found["conflicts"][0]["sides"]) == 2


def test_asks_with_their_answers() -> None:
    text = run("asks").output
    assert "〔有承诺〕" in text
    assert "〔未见回应〕" in text
    assert "共 2 条，全部列出；1 条未见回应（不等于不采纳）" in text
    (found,) = read("asks", "冷链")["proposals"]
    assert found["counts"]["silent"] == 1
    assert found["asks"][0]["places"][0]["commitments"][0]["lead_units"] == ["市商务局"]
    assert run("asks", "第99号").exit_code == 2


def test_handling_says_what_is_missing_and_computes_with_a_rule() -> None:
    text = run("handling").output
    assert "〔无法计算〕" in text
    assert "缺：办复时限规则：尚未设置规则表" in text
    rules = rules_of([{"地区": "江城市", "起算": "立案", "期限": "3个月", "依据": "江城市办法第三条"}])
    service = HistoryService(MemoryOverTime(rules))
    text = run("handling", "--as-of", "2024-06-01", service=service).output
    assert "〔超期办复〕" in text
    assert "立案日期2024-02-01起3个月，到期日2024-05-01" in text
    assert "江城市办法第三条" in text
    (row,) = read("handling", service=service)["rows"]
    assert (row["due"], row["outcome"], row["start"]["quote"]) == ("2024-05-01", "late", "立案日期：2024年2月1日")


@pytest.mark.parametrize("command", ["history", "conflicts", "asks", "handling"])
def test_help_is_in_chinese(command: str) -> None:
    assert "输出与接口相同的 JSON" in run(command, "--help").output
