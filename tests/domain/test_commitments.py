"""Entries of the ledger: quotes in place, units in the quote, ids that stay, days that are found or inferred."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from assistant.domain.ledger.commitments import Entry, entries_of
from assistant.domain.policy import Document
from ingest.parse import parse
from tests.conftest import ROOT
from tests.fakes.ledger import ASK, PLAN, REPORT
from tests.fakes.shelf import document


def test_a_proposal_commits_nobody() -> None:
    assert entries_of(ASK) == ()


def test_an_entry_survives_being_kept() -> None:
    for entry in (*entries_of(PLAN), *entries_of(REPORT)):
        assert Entry.from_json(json.loads(json.dumps(entry.to_json()))) == entry


def test_me_means_the_issuer_and_stays_as_written() -> None:
    patrol = entries_of(PLAN)[2]
    assert patrol.commitment.lead_units == ("我局",)
    assert patrol.leads_known == ("市水务局",)


def test_a_day_that_is_written_and_one_that_is_inferred() -> None:
    dredging = entries_of(PLAN)[0]
    assert (dredging.commitment.deadline.date, dredging.due_inferred) == ("2024-06-30", False)
    funds = entries_of(REPORT)[1]
    assert funds.commitment.deadline.as_written == "9月底前"
    assert funds.commitment.deadline.date is None  # the document does not write the year
    assert (funds.due_on, funds.due_inferred) == ("2024-09-30", True)
    assert "推断" in funds.due_note


def test_overdue_is_of_a_day_and_done_is_never_overdue() -> None:
    dredging, planting, patrol = entries_of(PLAN)
    assert not dredging.overdue(date(2024, 6, 30))
    assert dredging.overdue(date(2024, 7, 1))
    assert not planting.overdue(date(2024, 7, 1))
    assert not patrol.overdue(date(2099, 1, 1))  # a rhythm has no last day
    assert dredging.due_within(0, date(2024, 6, 30))
    assert dredging.due_within(30, date(2024, 6, 1))
    assert not dredging.due_within(28, date(2024, 6, 1))
    assert not dredging.due_within(30, date(2024, 7, 1))
    done = document("验收", ("一", "一、", 1, "一、由市水务局牵头的示范段已完成，2020年底前验收。"))
    assert not any(e.overdue(date(2024, 1, 1)) for e in entries_of(done))


def test_ids_stay_when_another_clause_changes_or_comes_before() -> None:
    ours = "由市水务局牵头整治河道。"
    funds = document("方案", ("一", "一、", 1, "一、由市财政局牵头筹款。"), ("二", "二、", 1, f"二、{ours}"))
    changed = ("一", "一、", 1, "一、由市财政局、市国资委牵头筹款，年底前到位。")
    more = ("二", "二、", 1, "二、由市教育局牵头宣传。")
    after = document("方案", changed, more, ("三", "三、", 1, f"三、{ours}"))
    (before,) = (e for e in entries_of(funds) if ours in e.quote)
    (moved,) = (e for e in entries_of(after) if ours in e.quote)
    assert before.document_id != moved.document_id
    assert (before.path, moved.path) == ("二", "三")
    assert before.id == moved.id
    assert len({e.id for e in (*entries_of(funds), *entries_of(after))}) == 4


def test_equal_sentences_of_a_document_are_two_commitments() -> None:
    twice = document("方案", *((n, "", 1, "由市水务局牵头清淤。") for n in ("一", "二")))
    assert len({e.id for e in entries_of(twice)}) == 2


def test_a_clause_that_names_nobody_has_its_units_from_above() -> None:
    plan = document(
        "水利方案",
        ("一", "一、", 1, "一、灌区建设。由市水务局牵头，市财政局配合。"),
        ("一（一）", "（一）", 2, "（一）更新泵站。对老旧泵站逐座更新改造。"),
        ("一（二）", "（二）", 2, "（二）争取支持。配合省水利厅开展灌区评估工作。"),
    )
    stated, pumps, helping = entries_of(plan)
    assert (stated.commitment.basis, stated.above) == ("explicit", None)
    assert (pumps.commitment.basis, pumps.commitment.lead_units) == ("inherited", ("市水务局",))
    assert pumps.above is not None
    assert (pumps.above.path, pumps.above.quote) == ("一", stated.quote)
    assert (helping.commitment.lead_units, helping.commitment.cooperating_units) == ((), ("市水务局",))
    assert (helping.helps, helping.commitment.role) == (("省水利厅",), "配合")


def test_an_event_is_told_with_its_day() -> None:
    (opened,) = entries_of(
        document("纪事", ("一", "一、", 1, "一、2023年5月16日，由市水务局牵头的灌区正式成立。"), fields={})
    )
    assert [(e.as_written, e.date, e.inferred) for e in opened.events] == [("2023年5月16日", "2023-05-16", False)]
    assert opened.commitment.status.as_of == "2023-05-16"


def check(document: Document) -> int:
    """Every promise that an entry makes about its document; how many entries it has."""
    entries = entries_of(document)
    assert [e.id for e in entries_of(document)] == [e.id for e in entries]
    assert len({e.id for e in entries}) == len(entries)
    for entry in entries:
        assert document.text[entry.start : entry.end] == entry.quote != ""
        clause = document.clause_at(entry.start)
        assert clause is not None
        assert (clause.id, clause.path) == (entry.clause_id, entry.path)
        quote = "".join(entry.quote.split())
        named = (*entry.commitment.lead_units, *entry.commitment.cooperating_units)
        assert (entry.above is None) == (entry.commitment.basis == "explicit")
        if entry.above is not None:  # the units of an inherited one stand in the words that it has them from
            assert document.text[entry.above.start : entry.above.end] == entry.above.quote
            assert all("".join(unit.split()) in "".join(entry.above.quote.split()) for unit in named)
            named = ()
        for unit in (*named, *entry.helps):
            assert "".join(unit.split()) in quote, (entry.path, unit)
        if written := entry.commitment.deadline.as_written:
            assert written in entry.quote
        assert entry.commitment.task
    return len(entries)


SAMPLES = sorted(path for path in (ROOT / "corpus").iterdir() if path.name != "README.md")


def parsed(path: Path) -> Document:
    document, problems = parse(path.name, path.read_bytes())
    assert document is not None, problems
    return document


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_promises_hold_on_the_samples(path: Path) -> None:
    commits = "提案" not in path.name and "名单" not in path.name and "征求意见" not in path.name
    assert bool(check(parsed(path))) is commits


@pytest.mark.parametrize("name", ["0005", "0009", "0015"])
def test_the_promises_hold_on_real_plans(shared_corpus: Path, name: str) -> None:
    assert check(parsed(shared_corpus / "state-council" / f"{name}.html")) > 10
