"""A whole run over a fake question path: sums, failures and the command around them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from assistant.domain.dialogue import Done, Event, Failed, Verdict
from assistant.evaluation.case import Case
from assistant.evaluation.report import report
from assistant.evaluation.run import graded
from assistant.faces.cli import main
from tests.cli.fake_service import ANSWER, CITATION, QUOTE, FakeAsker, FakeIndexes, FakeService

CASES = (
    Case("1", "牵头", ("谁牵头？",), quotes=(QUOTE,), must=(("市交通局",), ("市财政局",))),
    Case("2", "牵头", ("谁牵头？", "谁配合？"), quotes=(QUOTE,)),
    Case("3", "无答案", ("预算多少？",), verdicts=frozenset({"not_stated"})),
    Case("4", "无答案", ("坏了吗？",), quotes=("x",)),
)


def script(question: str, conversation_id: str) -> Sequence[Event]:
    if question == "坏了吗？":
        return (Failed("model", "模型服务没有响应。"),)
    verdict = Verdict.NOT_STATED if "预算" in question else Verdict.ANSWERED
    return (Done(replace(ANSWER, verdict=verdict, conversation_id=conversation_id)),)


async def test_figures_by_category_and_failures_with_reasons() -> None:
    asker = FakeAsker(script)
    result = report([grade async for grade in graded(CASES, asker, FakeIndexes())])
    assert (result.total.right, result.total.questions) == (2, 4)
    lead, none = result.categories["牵头"], result.categories["无答案"]
    assert (lead.right, lead.must_said, lead.must, lead.gold_cited, lead.gold) == (1, 1, 2, 2, 2)
    assert (none.right, none.verdict_right, none.gold_cited, none.gold) == (1, 1, 0, 1)
    assert (result.total.quotes_exact, result.total.quotes) == (3, 3)
    assert [(g.case.id, g.reasons) for g in result.failures] == [
        ("1", ("缺少 市财政局",)),
        ("4", ("没有回答：模型服务没有响应。",)),
    ]
    assert 0 < result.p50_seconds <= result.max_seconds


async def test_turns_share_a_conversation_and_cases_do_not() -> None:
    asker = FakeAsker(script)
    async for _ in graded(CASES[:3], asker, FakeIndexes()):
        pass
    assert asker.asked == [("谁牵头？", None), ("谁牵头？", None), ("谁配合？", None), ("预算多少？", None)]
    assert asker.told == [0, 0, 1, 0]


def run(tmp_path: Path, service: FakeService, *options: str) -> tuple[int, str, str]:
    path = tmp_path / "q.jsonl"
    rows = [
        {"id": "1", "category": "牵头", "turns": ["谁牵头？"], "quotes": [QUOTE]},
        {"id": "2", "category": "时限", "turns": ["何时？"], "must": ["年底"]},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    result = CliRunner().invoke(main, ["eval", str(path), *options], obj=service)
    return result.exit_code, result.stdout, result.stderr


def test_the_command_lists_failures_and_figures(tmp_path: Path) -> None:
    code, out, _ = run(tmp_path, FakeService())
    assert code == 0
    assert "错 2 何时？ → answered" in out
    assert "缺少 年底" in out
    assert "对 1" not in out
    assert "1/2" in out
    assert "对 1" in run(tmp_path, FakeService(), "--show")[1]


def test_the_floor_decides_the_exit_code(tmp_path: Path) -> None:
    assert run(tmp_path, FakeService(), "--least", "0.5")[0] == 0
    assert run(tmp_path, FakeService(), "--least", "0.6")[0] == 1


def test_an_inexact_quote_fails_the_run_without_any_floor(tmp_path: Path) -> None:
    moved = replace(ANSWER, citations=(replace(CITATION, start=0, end=4),))
    code, out, _ = run(tmp_path, FakeService(FakeAsker(lambda question, conversation: (Done(moved),))), "--json")
    assert code == 1
    figures = json.loads(out)
    assert (figures["total"]["quotes_exact"], figures["total"]["quotes"]) == (0, 2)
    assert figures["failures"][0]["reasons"] == ["引文 [1] 与原文不符"]


def test_a_bad_file_is_a_wrong_use(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text("[]", encoding="utf-8")
    result = CliRunner().invoke(main, ["eval", str(path)], obj=FakeService())
    assert result.exit_code == 2
    assert "题目有误" in result.stderr


def test_a_run_is_compared_with_an_earlier_one(tmp_path: Path) -> None:
    earlier = tmp_path / "before.json"
    earlier.write_text(json.dumps({"right": {"1": False, "2": False}}), encoding="utf-8")
    code, out, _ = run(tmp_path, FakeService(), "--against", str(earlier))
    assert code == 0
    assert "以前答对 0，现在 1" in out
    assert "变对 1：1" in out

    earlier.write_text(json.dumps({"right": {"1": True, "2": True}}), encoding="utf-8")
    code, out, _ = run(tmp_path, FakeService(), "--against", str(earlier), "--json")
    assert code == 1
    assert json.loads(out)["comparison"]["newly_wrong"] == ["2"]
    assert json.loads(out)["right"] == {"1": True, "2": False}

    earlier.write_text(json.dumps({"right": {"1": True, "gone": True}}), encoding="utf-8")
    assert run(tmp_path, FakeService(), "--against", str(earlier))[0] == 1  # a question may not be left out silently

    accepted = {"right": {"1": True, "2": True, "gone": True}, "accepted": {"2": "口径变了", "gone": "重复的题"}}
    earlier.write_text(json.dumps(accepted), encoding="utf-8")
    code, out, _ = run(tmp_path, FakeService(), "--against", str(earlier))
    assert code == 0  # a loss may stand where somebody said why
    assert "其中已说明 2：2 gone" in out
    assert run(tmp_path, FakeService(), "--keep", str(earlier))[0] == 0
    kept = json.loads(earlier.read_text(encoding="utf-8"))
    assert kept == {"right": {"1": True, "2": False}, "accepted": accepted["accepted"]}
    assert run(tmp_path, FakeService(), "--against", str(earlier))[0] == 0

    earlier.write_text("[]", encoding="utf-8")
    code, _, err = run(tmp_path, FakeService(), "--against", str(earlier))
    assert code != 0
    assert "对照" in err


async def test_refusals_lists_and_citations_have_figures_of_their_own() -> None:
    asker = FakeAsker(script)
    cases = (
        Case("a", "无答案", ("预算多少？",), verdicts=frozenset({"not_stated"})),
        Case("b", "牵头", ("预算是谁的？",), must=(("市交通局",),)),
        Case("c", "列举", ("谁牵头？",), count=99, unit="市交通局"),
        Case("d", "牵头", ("谁牵头？",), quotes=("别处的一句话，不在依据之内",)),
    )
    total = report([grade async for grade in graded(cases, asker, FakeIndexes())]).total
    assert (total.refused, total.unanswerable) == (1, 1)
    assert (total.wrongly_refused, total.answerable) == (1, 2)
    assert (total.complete, total.lists) == (0, 1)
    assert (total.on_gold, total.cited) == (0, 1)
    assert (total.fitting, total.judged) == (0, 0)  # nobody judged these citations


async def test_citations_that_somebody_judged_have_a_precision_and_a_recall() -> None:
    cases = (
        Case("a", "牵头", ("谁牵头？",), quotes=("另一份文件里的那一条",), also=(QUOTE,)),
        Case("b", "牵头", ("谁牵头？",), also=()),  # judged: nothing is right to cite
        Case("c", "牵头", ("谁牵头？",), quotes=(QUOTE,)),
    )
    total = report([grade async for grade in graded(cases, FakeAsker(script), FakeIndexes())]).total
    assert (total.fitting, total.judged) == (1, 2)
    assert (total.fitting_cited, total.fitting_clauses) == (1, 2)
