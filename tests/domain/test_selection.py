"""Choosing from the ledger: every filter, their combination, pages, and counts that are what choosing gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assistant.domain.ledger.commitments import entries_of
from assistant.domain.ledger.selection import SOON, Filters, Selection
from tests.fakes.ledger import PLAN, REPORT, MemoryLedger
from tests.fakes.shelf import document

DAY = date(2024, 12, 1)
DREDGING, PLANTING, PATROL, PILOT, FUNDS = "清淤", "栽植", "巡查", "示范段", "资金"


def found(**filters: Any) -> list[str]:
    page = MemoryLedger().commitments(Filters(DAY, **filters))
    assert page.total == len(page.entries)
    assert MemoryLedger().read.chosen(Filters(DAY, **filters)) == page.entries
    words = (DREDGING, PLANTING, PATROL, PILOT, FUNDS)
    return [next(w for w in words if w in e.quote) for e in page.entries]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [DREDGING, PLANTING, PATROL, PILOT, FUNDS]),  # by the date of the document, then by the text
        ({"lead": "市水务局"}, [DREDGING, PATROL, PILOT]),  # 我局 and 吉林市水务局 too
        ({"lead": "水务局"}, [DREDGING, PATROL, PILOT]),
        ({"lead": "省水务局"}, []),
        ({"lead": "长春市水务局"}, [DREDGING, PATROL]),  # possibly meant by 市水务局, certainly not by 吉林市水务局
        ({"cooperating": "市财政局"}, [DREDGING]),
        ({"unit": "市财政局"}, [DREDGING, FUNDS]),
        ({"role": "牵头"}, [DREDGING, PLANTING, PILOT, FUNDS]),
        ({"role": "负责"}, [PATROL]),
        ({"status": "planned"}, [PLANTING]),
        ({"status": "done"}, [PILOT]),
        ({"deadline": "none"}, [PILOT]),
        ({"deadline": "fixed"}, [DREDGING, PLANTING, FUNDS]),
        ({"deadline": "recurring"}, [PATROL]),
        ({"basis": "inherited"}, []),
        ({"basis": "explicit", "deadline": "none"}, [PILOT]),
        ({"document": "吉市水发[2024]3号"}, [DREDGING, PLANTING, PATROL]),
        ({"document": "吉市水发（2024）3号"}, [DREDGING, PLANTING, PATROL]),
        ({"document": "《河道整治进展》"}, [PILOT, FUNDS]),
        ({"document": PLAN.id}, [DREDGING, PLANTING, PATROL]),
        ({"document": "进展.txt"}, [PILOT, FUNDS]),
        ({"text": "组织 巡查"}, [PATROL]),
        ({"text": "没有的词"}, []),
        ({"overdue": True}, [DREDGING, FUNDS]),
        ({"due_within": 40_000}, [PLANTING]),
        ({"due_within": 30}, []),
        ({"due_within": 10**9}, [PLANTING]),
        ({"due_from": date(2024, 7, 1)}, [PLANTING, FUNDS]),
        ({"due_from": date(2024, 6, 30), "due_to": date(2024, 9, 30)}, [DREDGING, FUNDS]),
        ({"due_to": date(2024, 6, 29)}, []),
        ({"done_undated": True}, [PILOT]),
        ({"review": "unreviewed", "status": "done"}, [PILOT]),
        ({"review": "rejected"}, []),
        ({"rejected": True, "status": "done"}, [PILOT]),
        ({"lead": "市水务局", "deadline": "fixed", "overdue": True}, [DREDGING]),
        ({"unit": "市财政局", "role": "牵头", "document": "进展"}, [FUNDS]),
        ({"documents": frozenset({REPORT.id})}, [PILOT, FUNDS]),
        ({"documents": frozenset()}, []),
        ({"due_from": date(2024, 1, 1), "due_to": date(2024, 6, 30)}, [DREDGING]),
        ({"due_to": date(2024, 12, 31)}, [DREDGING, FUNDS]),  # the year of 9月底 is inferred
        ({"due_from": date(2025, 1, 1)}, [PLANTING]),
        ({"deadlines": frozenset({"none", "recurring"})}, [PATROL, PILOT]),
        ({"unfinished": True, "lead": "市水务局"}, [DREDGING, PATROL]),
    ],
    ids=str,
)
def test_filters(filters: dict[str, Any], expected: list[str]) -> None:
    assert found(**filters) == expected


def test_pages_are_cuts_of_one_list() -> None:
    ledger = MemoryLedger()
    whole = ledger.commitments(Filters(DAY))
    pages = [ledger.commitments(Filters(DAY), limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert [len(p.entries) for p in pages] == [2, 2, 1, 0]
    assert {p.total for p in pages} == {5}
    assert tuple(e for p in pages for e in p.entries) == whole.entries


def test_a_count_is_what_choosing_it_gives() -> None:
    ledger = MemoryLedger()
    for filters in (Filters(DAY), Filters(DAY, deadline="fixed"), Filters(DAY, unit="市财政局", status="unclear")):
        page = ledger.commitments(filters)
        assert page.units
        for unit, rows in page.units:
            assert ledger.commitments(replace(filters, unit=unit)).total == rows
        for state, rows in page.statuses:
            assert ledger.commitments(replace(filters, status=state)).total == rows
        for state, rows in page.reviews:
            assert ledger.commitments(replace(filters, review=state)).total == rows
        free = replace(filters, deadline=None)
        for name, choice in (
            ("overdue", {"overdue": True}),
            ("soon", {"due_within": SOON}),
            ("without_limit", {"deadline": "none"}),
            ("done_undated", {"done_undated": True}),
        ):
            assert ledger.commitments(replace(free, **choice)).total == getattr(page.watch, name)


def test_names_of_one_unit_are_counted_once() -> None:
    assert MemoryLedger().commitments(Filters(DAY)).units == (("市水务局", 3), ("市财政局", 2), ("市林业局", 1))


def test_copies_of_a_document_keep_their_commitments_apart() -> None:
    rows = [("一", "一、", 1, "一、由市水务局牵头清淤。")]
    one = document("方案", *rows)
    other = document("方案", *rows, ("二", "二、", 1, "二、附则。"))
    selection = Selection.of([*entries_of(one), *entries_of(other)])
    ids = [e.id for e in selection.page(Filters(DAY)).entries]
    assert len(set(ids)) == 2
    assert [selection.entry(i) is not None for i in ids] == [True, True]
    assert selection.entry("m0") is None


def test_the_order_does_not_depend_on_the_order_of_documents() -> None:
    entries = [*entries_of(PLAN), *entries_of(REPORT)]
    forwards, backwards = (Selection.of(e).page(Filters(DAY)).entries for e in (entries, entries[::-1]))
    assert forwards == backwards
