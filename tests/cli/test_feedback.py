"""``assistant feedback``: what readers judged as an evaluation file, and what was not answered, grouped."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from assistant.domain.conversations import JudgedAnswer, Judgement, OpenQuestion
from assistant.evaluation.cases import read_cases
from assistant.faces.cli import main
from tests.cli.fake_service import ANSWER, FakeService

JUDGED = [
    JudgedAnswer(1, "2024-06-01T08:00:00.000+00:00", Judgement(True), (ANSWER.question,), ANSWER.to_json()),
    JudgedAnswer(
        2,
        "2024-06-02T08:00:00.000+00:00",
        Judgement(False, ("引用不对", "不完整"), "还有\n市财政局"),
        (ANSWER.question, "谁配合？"),
        replace(ANSWER, id="a2", question="谁配合？", citations=()).to_json(),
    ),
]
OPEN = [
    OpenQuestion("2024-06-01T08:00:00", "第87号提案由谁办理？", "not_stated", 0),
    OpenQuestion("2024-06-01T09:00:00", "城南冷库的预算是多少？", "not_stated", 0),
    OpenQuestion("2024-06-03T08:00:00", "城南冷库的预算多少", "partial", 2),
    OpenQuestion("2024-06-02T08:00:00", "第88号提案由谁办理？", "not_stated", 0),
]


@dataclass
class FakeFeedback:
    def judged(self, *, useful: bool | None = None, since: str = "") -> list[JudgedAnswer]:
        return [j for j in JUDGED if useful in (None, j.judgement.useful) and j.at >= since]

    def open_questions(self, *, since: str = "") -> list[OpenQuestion]:
        return [question for question in OPEN if question.at >= since]


@dataclass
class Service(FakeService):
    feedback: FakeFeedback = field(default_factory=FakeFeedback)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["feedback", *arguments], obj=Service(), env={"COLUMNS": "160"})


def test_judgements_become_a_file_that_the_evaluation_reads(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    result = run("export", str(path))
    assert result.exit_code == 0
    assert "2 条" in result.stderr
    useful, other = read_cases(path)
    assert useful.turns == (ANSWER.question,)
    assert useful.quotes == (ANSWER.citations[0].quote,)
    assert useful.verdicts == {"answered"}
    assert other.turns == (ANSWER.question, "谁配合？")
    assert (other.quotes, other.verdicts) == ((), frozenset())
    note = json.loads(path.read_text(encoding="utf-8").splitlines()[1])["note"]
    assert note.startswith("没用，待补充标准答案；引用不对、不完整；还有 市财政局（2024-06-02，extractive，gen-7）。")


def test_judgements_can_be_chosen_and_go_to_a_pipe() -> None:
    rows = [json.loads(line) for line in run("export", "--not-useful").stdout.splitlines()]
    assert [row["id"] for row in rows] == ["feedback-2"]
    assert run("export", "--days", "1").stdout == ""


def test_open_questions_are_grouped_and_counted_and_numbers_keep_apart() -> None:
    report = json.loads(run("unanswered", "--json").stdout)
    assert [(g["question"], g["times"], g["withheld"]) for g in report["questions"]] == [
        ("城南冷库的预算是多少？", 2, 2),
        ("第88号提案由谁办理？", 1, 0),
        ("第87号提案由谁办理？", 1, 0),
    ]
    assert report["questions"][0]["verdicts"] == ["not_stated", "partial"]
    assert (report["groups"], report["total"]) == (3, 4)
    shown = run("unanswered").stdout
    assert "城南冷库的预算是多少？" in shown
    assert "共 4 次没有答上，合并为 3 类。" in shown
