"""The ledger over time: nothing left out of its counts, a picture that keeps the pages' policy, links that open."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from lxml import etree

from assistant.domain.ledger.commitments import Entry, Happened, entries_of
from assistant.domain.ledger.timeline import MOST_LANES, NOBODY, OTHERS, ticks, timeline
from assistant.faces.ledger_chart import svg, title
from assistant.faces.web.app import create_app
from tests.fakes.asker import FakeAsker
from tests.fakes.ledger import ASK, PLAN, REPORT, MemoryLedger
from tests.fakes.local_client import local_client
from tests.fakes.shelf import Shelf, ShelfIndexes, document

DAY = date(2024, 12, 1)
LIKE = entries_of(PLAN)[0]


def made(number: int, due: str | None, unit: str | None = "市水务局", state: str = "unclear", **other: Any) -> Entry:
    status = replace(LIKE.commitment.status, state=state)
    units = (unit,) if unit else ()
    commitment = replace(LIKE.commitment, lead_units=units, cooperating_units=(), status=status, task=f"第{number}项")
    return replace(LIKE, id=f"m{number}", commitment=commitment, due_on=due, **other)


def test_limits_and_events_are_told_apart() -> None:
    event = (Happened("2024年5月16日", "2024-05-16", False),)
    entries = [
        made(1, "2024-06-30"),
        made(2, "2025-06-30"),
        made(3, "2024-06-30", state="done", events=event),
        made(4, None),
        made(5, "2099-12-31"),
    ]
    shown = timeline(entries, DAY)
    assert [(m.first.isoformat(), m.kind, len(m.entries)) for m in shown.marks] == [
        ("2024-05-16", "event", 1),
        ("2024-06-30", "done", 1),
        ("2024-06-30", "overdue", 1),
        ("2025-06-30", "due", 1),
    ]
    assert (shown.undated, shown.outside, shown.lanes) == (1, 1, ("市水务局",))
    assert title(shown.marks[2], "市水务局") == "2024-06-30 市水务局 逾期 1 项：第1项"


def test_one_unit_under_two_names_has_one_lane_and_the_rest_share_one() -> None:
    entries = [made(1, "2024-06-30", "吉林市水务局"), made(2, "2024-07-01", "市水务局"), made(3, "2024-07-01", None)]
    entries += [made(10 + n, "2024-08-01", f"第{n}中学") for n in range(30)]
    shown = timeline(entries, DAY)
    assert sum("水务局" in lane for lane in shown.lanes) == 1
    assert len(shown.lanes) == MOST_LANES + 1
    assert shown.lanes[-1] == OTHERS
    assert sum(len(m.entries) for m in shown.marks) == 33
    assert NOBODY in timeline([made(3, "2024-07-01", None)], DAY).lanes


def test_many_entries_make_few_marks_and_none_is_left_out() -> None:
    entries = [made(n, (DAY + timedelta(days=n % 1500)).isoformat(), f"第{n % 40}水务局") for n in range(10_000)]
    begun = time.process_time()
    shown = timeline(entries, DAY)
    picture = svg(shown, lambda mark: mark.entries[0].url)
    assert time.process_time() - begun < 10  # a third of a second; minutes where each mark looks at all others
    assert sum(len(m.entries) for m in shown.marks) == 10_000
    assert len(shown.marks) < 1500
    assert picture.count('class="mark"') == len(shown.marks)


def test_the_picture_holds_nothing_that_the_policy_forbids() -> None:
    evil = made(1, "2024-06-30", '<script>"市水务局"</script>')
    evil = replace(evil, commitment=replace(evil.commitment, task="</title><script>alert(1)</script>&"))
    picture = svg(timeline([evil], DAY), lambda mark: "/documents/d1#1-2")
    root = etree.fromstring(picture)
    tags = {etree.QName(element).localname for element in root.iter()}
    assert tags == {"svg", "g", "path", "rect", "text", "title", "a"}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "id")}
    assert {a.get("href") for a in root.iter("{http://www.w3.org/2000/svg}a")} == {"/documents/d1#1-2"}
    assert not re.search(r"https?://(?!www\.w3\.org/)", picture)
    assert svg(timeline([], DAY), lambda mark: "") == ""


@pytest.mark.parametrize(
    ("due", "as_of"),
    [("9998-12-31", date.max), ("0001-03-01", date.min), ("1969-12-31", date(1970, 1, 1)), ("2024-02-29", DAY)],
)
def test_any_day_can_be_asked_for(due: str, as_of: date) -> None:
    assert svg(timeline([made(1, due)], as_of), lambda mark: "/x").count('class="mark"') == 1


@pytest.mark.parametrize(
    ("first", "last"), [("2024-01-15", "2024-03-20"), ("2019-11-30", "2029-12-01"), ("2024-02-03", "2024-02-20")]
)
def test_ticks_are_few_and_in_range(first: str, last: str) -> None:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    found = ticks(begin, end)
    assert 1 <= len(found) <= 10
    assert all(begin <= day <= end for day in found)
    assert found == sorted(found)


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with local_client(create_app(FakeAsker([]), ShelfIndexes(Shelf([PLAN, REPORT, ASK])), MemoryLedger())) as opened:
        yield opened


def test_the_service_gives_picture_and_rows(client: httpx.Client) -> None:
    found = client.get("/api/ledger/timeline", params={"as_of": "2024-12-01", "deadline": "fixed"}).json()
    assert (found["total"], found["undated"], found["outside"]) == (3, 0, 1)
    assert [(m["first"], m["lane"], m["kind_name"], m["total"]) for m in found["marks"]] == [
        ("2024-06-30", "市水务局", "逾期", 1),
        ("2024-09-30", "市财政局", "逾期", 1),
    ]
    assert found["marks"][0]["url"].startswith(f"/documents/{PLAN.id}#")
    assert found["marks"][0]["rows"][0]["task"].startswith("2024年6月底前完成清淤")
    assert found["svg"].startswith("<svg")
    nothing = client.get("/api/ledger/timeline", params={"unit": "没有"}).json()
    assert (nothing["svg"], nothing["marks"]) == ("", [])


def test_several_rows_open_as_the_list_of_them() -> None:
    works = ("清淤", "筑堤")
    rows = (
        (n, f"{n}、", 1, f"{n}、由市水务局牵头{w}，2024年6月底前完成。") for n, w in zip("一二", works, strict=True)
    )
    ledger = MemoryLedger((document("方案", *rows), PLAN))
    with local_client(create_app(FakeAsker([]), ShelfIndexes(Shelf([])), ledger)) as client:
        query = {"as_of": "2024-12-01", "document": "方案", "text": "2024年6月底前完成。"}
        (mark,) = client.get("/api/ledger/timeline", params=query).json()["marks"]
        assert mark["total"] == 2
        assert mark["url"].startswith("/ledger?")
        listed = client.get(mark["url"].replace("/ledger?", "/api/ledger?")).json()
        assert [r["lead_units"] for r in listed["rows"]] == [["市水务局"]] * 2
