"""The ledger over time, kept in the library and grouped once a generation."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assistant.adapters.database.candidates import CandidateStore
from assistant.adapters.database.commitments import CommitmentStore
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.intake import Intake
from assistant.adapters.database.ledger import GenerationLedger
from assistant.adapters.database.mentions import LedgerReadings, MentionStore
from assistant.adapters.database.overtime import GenerationOverTime
from assistant.adapters.database.reviews import ReviewStore
from assistant.adapters.handling_rules import read_rules
from assistant.domain.holdings import Link, LinkKind
from assistant.domain.ledger.commitments import entries_of
from assistant.domain.ledger.handling import Rule, rules_of
from assistant.domain.ledger.reviews import Changes, Decision
from assistant.domain.ledger.selection import Filters
from assistant.domain.overtime.overview import Overview
from assistant.domain.overtime.told import told_by
from assistant.domain.policy import Document
from assistant.errors import SettingsError
from tests.fakes.published import Published
from tests.fakes.shelf import document

PLAN = document(
    "江城冷链方案",
    ("一", "一、", 1, "一、建设冷链物流基地。由市商务局牵头，2024年12月底前建成。"),
    ("落款", "", 0, "江商发〔2024〕1号 2024-01-10"),
    fields={"number": "江商发〔2024〕1号", "issued_on": "2024-01-10"},
)
LETTER = document(
    "关于调整的函",
    ("一", "一、", 1, "一、《江城冷链方案》中冷链物流基地的牵头单位由市商务局调整为市农业农村局。"),
    ("落款", "", 0, "江商函〔2024〕9号 2024-06-01"),
    kind="函",
    fields={"number": "江商函〔2024〕9号", "issued_on": "2024-06-01"},
)
PROPOSAL = document(
    "关于冷链的提案",
    ("案号", "", 0, "江城市政协第31号 立案日期：2024年2月1日"),
    ("一", "一、", 1, "一、建设冷链物流基地。"),
    ("二", "二、", 1, "二、设立冷链专项资金。"),
    kind="提案",
    fields={"proposal_number": "31"},
)
REPLY = document(
    "对第31号提案的答复",
    ("一", "一、", 1, "一、基地。由市商务局牵头建设冷链物流基地，年内开工。"),
    ("落款", "", 0, "江城市商务局 2024-05-20"),
    kind="答复",
    fields={"issued_on": "2024-05-20", "proposal_number": "31"},
)
TODAY = date(2024, 9, 1)
UNITS = ("商务", "科技", "教育", "财政")


@pytest.fixture
def engine(tmp_path: Path, library_url: str | None) -> Iterator[Engine]:
    opened = open_library(tmp_path, library_url)
    yield opened
    opened.dispose()


def served(engine: Engine, *documents: Document, rules: tuple[Rule, ...] = ()) -> tuple[GenerationOverTime, Published]:
    library = Published(engine)
    library.publish(*documents)
    assert library.shelf is not None
    library.shelf.linked = [Link(LinkKind.ANSWERS, REPLY.id, PROPOSAL.id)]
    store = CommitmentStore(engine)
    ledger = GenerationLedger(
        library,
        store,
        ReviewStore(engine),
        CandidateStore(engine, store),
        lambda: datetime(2024, 9, 1, tzinfo=UTC),
    )
    return GenerationOverTime(engine, store, ledger, rules), library


def overview(over_time: GenerationOverTime, library: Published) -> Overview:
    with library.lease() as index:
        return over_time.overview(index)


def test_histories_are_made_once_a_generation(engine: Engine) -> None:
    over_time, library = served(engine, PLAN, LETTER)
    first = overview(over_time, library)
    (base,) = first.find("冷链物流基地")
    assert [s.units for s in base.current("lead")] == [("市农业农村局",)]
    assert overview(over_time, library) is first
    library.publish(PLAN)
    assert [s.units for s in overview(over_time, library).find("冷链物流基地")[0].current("lead")] == [("市商务局",)]


def test_what_a_lease_does_not_show_goes_into_nothing(engine: Engine) -> None:
    over_time, library = served(engine, PLAN, LETTER)
    with library.lease() as index:
        narrow = replace(index, held=[PLAN])
        assert [s.units for s in over_time.overview(narrow).find("冷链物流基地")[0].current("lead")] == [("市商务局",)]
        assert len(over_time.overview(index).find("冷链物流基地")[0].leads) == 2


def test_a_correction_and_a_rejection_by_people_count(engine: Engine) -> None:
    over_time, library = served(engine, PLAN)
    ledger = over_time._ledger
    (entry,) = ledger.commitments(Filters(TODAY)).entries
    right = Changes(lead_units=("市供销社",))
    ledger.review(entry.id, Decision("correct", "核对员", "原文有误", right, entry.version))
    assert [s.units for s in overview(over_time, library).find("冷链物流基地")[0].leads] == [("市供销社",)]
    (entry,) = ledger.commitments(Filters(TODAY)).entries
    ledger.review(entry.id, Decision("reject", "核对员", "不是责任", Changes(), entry.version))
    assert overview(over_time, library).find("冷链物流基地") == ()


def test_asks_and_handling_of_a_proposal(engine: Engine) -> None:
    rules = rules_of([{"地区": "江城市", "起算": "立案", "期限": "3个月", "延长": "1个月", "依据": "江城市办法"}])
    over_time, library = served(engine, PROPOSAL, REPLY, rules=rules)
    with library.lease() as index:
        (asked,) = over_time.asks(index, "第31号")
        assert [a.outcome for a in asked.asks] == ["committed", "silent"]
        assert asked.asks[0].places[0].entries[0].commitment.lead_units == ("市商务局",)
        assert over_time.asks(index, "第99号") == []
        (handled,) = over_time.handling(index, TODAY, "31")
        assert (handled.due, handled.outcome) == (date(2024, 5, 1), "kept_extended")
        assert len(over_time.handling(index, TODAY)) == 1


def test_mentions_are_kept_and_made_anew_by_other_rules(engine: Engine) -> None:
    library = Published(engine)
    library.publish(PLAN, LETTER)
    holdings = Intake(engine).live()
    old = MentionStore(engine, rules="r1")
    assert len(old.lacking(holdings)) == 2
    readings = LedgerReadings(CommitmentStore(engine, rules="r1"), old)
    done: list[int] = []
    readings.refresh(readings.lacking(holdings), done.append)
    assert (sum(done), old.lacking(holdings), readings.lacking(holdings)) == (2, [], [])
    assert len(MentionStore(engine, rules="r2").lacking(holdings)) == 2
    assert {t.document_id for t in old.told(holdings)} == {PLAN.id, LETTER.id}
    assert old.told(holdings) == MentionStore(engine, rules="r2").told(holdings)


def test_ten_thousand_are_grouped_in_a_moment() -> None:
    things = ("实训基地", "检测中心", "信息平台", "专家库", "示范区") * 4
    lines = [
        (f"{k}", f"{k}.", 1, f"{k}.建设河道{thing}。由市{UNITS[k % 4]}局牵头，2025年底前建成。")
        for k, thing in enumerate(things, start=1)
    ]
    plan = document("河道方案", *lines, ("落款", "", 0, "2024-01-10"), fields={"issued_on": "2024-01-10"})
    one = told_by(plan, entries_of(plan))
    many = []
    for n in range(500):  # fifty programmes of ten documents each
        trade = f"{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'东南西北中'[n // 10 % 5]}区"
        mentions = tuple(replace(m, name=f"{trade}{m.name}", full=f"{trade}{m.full[2:]}") for m in one.mentions)
        dated = f"2024-{1 + n % 12:02d}-10"
        many.append(replace(one, document_id=f"d{n}", title=f"方案{n}", dated=dated, about=trade, mentions=mentions))
    assert sum(len(t.mentions) for t in many) == 10_000
    began = time.process_time()
    grouped = Overview.of("gen-1", many)
    conflicts = grouped.conflicts
    assert time.process_time() - began < 8
    assert len(grouped.histories) == 50 * 5
    assert conflicts


def test_a_table_of_rules_is_read_or_named_where_it_is_wrong(tmp_path: Path) -> None:
    assert read_rules(None) == ()
    good = tmp_path / "办复时限.csv"
    good.write_bytes("地区,起算,期限,依据\n江城市,交办,3个月,某办法\n".encode("gb18030"))
    (rule,) = read_rules(good)
    assert (rule.place, rule.start, rule.term.count) == ("江城市", "交办", 3)
    listed = tmp_path / "rules.yaml"
    listed.write_text("- {地区: 江城市, 起算: 收到, 期限: 60个工作日, 依据: 某办法}\n", encoding="utf-8")
    assert read_rules(listed)[0].term.unit == "工作日"
    bad = tmp_path / "bad.csv"
    bad.write_text("起算,期限,依据\n交办,很快,某办法\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="第1行"):
        read_rules(bad)
    with pytest.raises(SettingsError, match="读不了"):
        read_rules(tmp_path / "none.csv")
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [", encoding="utf-8")
    with pytest.raises(SettingsError, match="不是 YAML"):
        read_rules(broken)
