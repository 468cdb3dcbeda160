"""``assistant ledger candidates``: what a model offers, listed apart, and how a run is told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from click.testing import CliRunner, Result

from assistant.candidates.finder import Tally
from assistant.domain.holdings import Holding
from assistant.domain.ledger.candidates import Offer, sift, words_of
from assistant.domain.ledger.commitments import Entry
from assistant.faces.cli import main
from tests.cli.fake_service import FakeService
from tests.fakes.ledger import MemoryLedger
from tests.fakes.shelf import document

TEXT = "一、巡查这副担子落在市水务局肩上，市财政局跟进资金，2025年6月底前见效。"
PLAN = document("河道方案", ("一", "一、", 1, TEXT))


class Offering(MemoryLedger):
    def candidates(self) -> Sequence[Entry]:
        words = words_of(PLAN, PLAN.clauses[1])
        offer = Offer(TEXT.removeprefix("一、"), ("市水务局",), ("市财政局",), "巡查")
        return sift(PLAN, {words: [offer]}, ())[words].entries


class FakeFinder:
    async def find(
        self, holdings: list[Holding], *, begin: Callable[[int], None], advance: Callable[[], None], **asked: Any
    ) -> Tally:
        assert asked == {"most": 3, "at_once": 2}
        begin(1)
        advance()
        return Tally(open=5, read=3, failed=1, offered=4, kept=1, dropped=Counter({"quote": 2, "cue": 1}))


@dataclass
class Service(FakeService):
    ledger: MemoryLedger = field(default_factory=Offering)
    finder: FakeFinder | None = None

    def listed(self) -> list[Holding]:
        return []


def run(*arguments: str, finder: FakeFinder | None = None) -> Result:
    command = ["ledger", "candidates", *arguments]
    return CliRunner().invoke(main, command, obj=lambda: Service(finder=finder), env={"COLUMNS": "200"})


def test_candidates_are_listed_with_their_words() -> None:
    told = run()
    assert told.exit_code == 0, told.stderr
    for words in ("〔待确认〕", "市水务局；配合 市财政局", "2025年6月底前", "“担子”", "共 1 项待确认"):
        assert words in told.stdout
    listed = json.loads(run("--json").stdout)
    assert listed["total"] == 1
    assert listed["rows"][0]["candidate"] is True
    assert listed["rows"][0]["reviewed"] is None
    assert "共 0 项已驳回" in run("--rejected").stdout


def test_a_run_tells_what_was_taken_and_why_not_the_rest() -> None:
    asked = ("find", "--most", "3", "--at-once", "2")
    told = run(*asked, finder=FakeFinder())
    assert told.exit_code == 1  # one clause had no reply
    assert "看了 3 条条款，1 条没有得到答复，还有 1 条未看；模型提出 4 项，留下 1 项待确认" in told.stdout
    assert "未采用 2：引文不是本条原文" in told.stdout
    found = json.loads(run(*asked, "--json", finder=FakeFinder()).stdout)
    assert found == {
        **{"open": 5, "read": 3, "failed": 1, "left": 1, "offered": 4, "kept": 1},
        "dropped": {"cue": 1, "quote": 2},
    }


def test_without_a_model_nothing_is_asked() -> None:
    told = run("find")
    assert told.exit_code == 2
    assert "没有配置模型" in told.stderr
