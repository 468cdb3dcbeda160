"""``/api/ledger``: rows with their sources, filters, pages, counts, downloads, and errors in the API's shape."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from assistant.faces.ledger_forms import LABEL
from assistant.faces.web.app import create_app
from tests.fakes.asker import FakeAsker
from tests.fakes.ledger import ASK, PLAN, REPORT, MemoryLedger
from tests.fakes.local_client import local_client
from tests.fakes.shelf import Shelf, ShelfIndexes

TEXTS = {d.id: d.text for d in (PLAN, REPORT)}


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    app = create_app(FakeAsker([]), ShelfIndexes(Shelf([PLAN, REPORT, ASK])), MemoryLedger())
    with local_client(app) as opened:
        yield opened


def listed(client: httpx.Client, **query: Any) -> dict[str, Any]:
    answer = client.get("/api/ledger", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_every_row_opens_at_its_quote(client: httpx.Client) -> None:
    found = listed(client, as_of="2024-12-01")
    assert (found["total"], len(found["rows"]), found["as_of"], found["label"]) == (5, 5, "2024-12-01", LABEL)
    for row in found["rows"]:
        assert TEXTS[row["document_id"]][row["start"] : row["end"]] == row["quote"]
        assert row["url"] == f"/documents/{row['document_id']}#{row['start']}-{row['end']}"
    assert [row["overdue"] for row in found["rows"]] == [True, False, False, False, True]
    assert found["rows"][4]["due"] == {
        "date": "2024-09-30",
        "inferred": True,
        "note": "按成文日期“2024-08-01”推断为2024年，到期日2024年9月30日",
    }


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ({"lead": "市水务局"}, 3),
        ({"cooperating": "市财政局"}, 1),
        ({"unit": "市财政局"}, 2),
        ({"role": "负责"}, 1),
        ({"status": "done"}, 1),
        ({"deadline": "recurring"}, 1),
        ({"document": "吉市水发〔2024〕3号"}, 3),
        ({"text": "巡查"}, 1),
        ({"overdue": "true", "as_of": "2024-07-01"}, 1),
        ({"due_within": 31, "as_of": "2024-06-01"}, 1),
        ({"unit": "市财政局", "overdue": "true", "as_of": "2024-07-01"}, 1),
        ({"lead": "", "status": ""}, 5),  # an empty field of a form is no filter
    ],
)
def test_filters(client: httpx.Client, query: dict[str, Any], total: int) -> None:
    assert listed(client, **query)["total"] == total


def test_pages_and_counts(client: httpx.Client) -> None:
    first, second = listed(client, limit=3), listed(client, limit=3, offset=3)
    assert [len(p["rows"]) for p in (first, second)] == [3, 2]
    assert (second["limit"], second["offset"], second["total"]) == (3, 3, 5)
    assert not {r["id"] for r in first["rows"]} & {r["id"] for r in second["rows"]}
    assert first["counts"]["units"][0] == {"unit": "市水务局", "rows": 3}
    assert first["counts"]["statuses"] == {"planned": 1, "in_progress": 0, "done": 1, "unclear": 3}


def test_a_sorted_list_is_sorted_over_all_pages_and_in_files(client: httpx.Client) -> None:
    dates = [row["due"]["date"] for row in listed(client, sort="due")["rows"]]
    assert dates == [*sorted(d for d in dates if d), *[None] * dates.count(None)]
    assert 0 < dates.count(None) < 5
    pages = [listed(client, sort="-lead", limit=2, offset=offset)["rows"] for offset in range(0, 5, 2)]
    assert [row["id"] for rows in pages for row in rows] == [row["id"] for row in listed(client, sort="-lead")["rows"]]
    assert listed(client, sort="due")["total"] == listed(client)["total"]
    answer = client.get("/api/ledger", params={"format": "csv", "sort": "-due"})
    due = [row["到期日"] for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))]
    assert due == [*sorted((d for d in due if d), reverse=True), *[""] * due.count("")]


def test_one_by_its_id_with_its_reasons(client: httpx.Client) -> None:
    row = next(r for r in listed(client)["rows"] if "巡查" in r["quote"])
    one = client.get(f"/api/ledger/{row['id']}").json()
    assert one["quote"] == row["quote"]
    assert one["rule"]["name"] == "by"
    assert one["units_meant"] == {"我局": "市水务局"}
    missing = client.get("/api/ledger/m0")
    assert missing.status_code == 404
    assert missing.json()["error"]["code"] == "commitment_not_found"


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ({"as_of": "1.6.2024"}, "as_of"),
        ({"as_of": "2024-02-30"}, "as_of"),
        ({"status": "open"}, "status"),
        ({"deadline": "soon"}, "deadline"),
        ({"limit": 0}, "limit"),
        ({"due_within": -1}, "due_within"),
        ({"basis": "guessed"}, "basis"),
        ({"format": "pdf"}, "format"),
        ({"lead": "长" * 201}, "lead"),
        ({"overdue": "perhaps"}, "overdue"),
        ({"sort": "colour"}, "sort"),
    ],
)
def test_wrong_values_are_named(client: httpx.Client, query: dict[str, Any], param: str) -> None:
    answer = client.get("/api/ledger", params=query)
    assert answer.status_code in (400, 422)
    error = answer.json()["error"]
    assert error["param"] == param
    assert error["advice"]


def test_downloads_hold_all_rows_of_the_filters(client: httpx.Client) -> None:
    answer = client.get("/api/ledger", params={"format": "csv", "lead": "市水务局", "limit": 1})
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["content-type"].startswith("text/csv")
    assert len(list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))) == 4
    answer = client.get("/api/ledger", params={"format": "xlsx", "as_of": "2024-12-01"})
    assert "ledger-2024-12-01.xlsx" in answer.headers["content-disposition"]
    assert load_workbook(io.BytesIO(answer.content)).active.max_row == 8


def test_the_page_keeps_the_policy(client: httpx.Client) -> None:
    page = client.get("/ledger")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script>" not in page.text
    assert " style=" not in page.text
