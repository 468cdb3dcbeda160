"""Reviewing over HTTP: what is kept and shown, who may, and every way in which it is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from assistant.domain.access import Entrance, Identity, Keyless
from assistant.errors import BadRequest
from assistant.faces.web.app import create_app
from assistant.faces.web.reviewer import reviewer
from tests.fakes.asker import FakeAsker
from tests.fakes.ledger import ASK, PLAN, REPORT, MemoryLedger
from tests.fakes.local_client import local_client
from tests.fakes.shelf import Shelf, ShelfIndexes

SHELF = ShelfIndexes(Shelf([PLAN, REPORT, ASK]))


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with local_client(create_app(FakeAsker([]), SHELF, MemoryLedger())) as opened:
        yield opened


def row(client: httpx.Client, word: str, **query: Any) -> dict[str, Any]:
    (found,) = (r for r in client.get("/api/ledger", params=query).json()["rows"] if word in r["quote"])
    return found


def say(client: httpx.Client, of: dict[str, Any], action: str = "correct", **body: Any) -> httpx.Response:
    body = {"action": action, "version": of["version"], "by": "李明", "why": "纪要已调整", **body}
    return client.patch(f"/api/ledger/{of['id']}", json=body)


def test_a_correction_shows_in_lists_counts_and_files(client: httpx.Client) -> None:
    before = row(client, "清淤")
    answer = say(client, before, changes={"lead_units": ["市住建局"], "due": "2025-03-31", "status": "in_progress"})
    assert answer.status_code == 200
    after = answer.json()
    assert (after["lead_units"], after["due"]["date"], after["review"]) == (["市住建局"], "2025-03-31", "corrected")
    assert (after["quote"], after["start"]) == (before["quote"], before["start"])
    assert after["version"] != before["version"]
    assert after["reviewed"]["document_says"] == {
        "lead_units": ["市水务局"],
        "due": "2024-06-30",
        "status": "unclear",
    }
    assert [(r["action"], r["by"]) for r in after["reviews"]] == [("correct", "李明")]
    assert {"name": "牵头单位", "text": "市水务局"} in after["explain"]
    listed = client.get("/api/ledger", params={"unit": "市住建局", "as_of": "2024-12-01"}).json()
    assert listed["total"] == 1
    assert listed["counts"]["statuses"]["in_progress"] == 1
    assert listed["counts"]["reviews"] == {
        "unreviewed": 0,
        "confirmed": 0,
        "corrected": 1,
        "rejected": 0,
        "pending": 0,
    }
    assert listed["counts"]["watch"] == {"overdue": 0, "soon": 0, "without_limit": 0, "done_undated": 0}
    assert "市住建局" in client.get("/api/ledger", params={"format": "csv"}).text


def test_a_rejected_row_leaves_unless_asked_for(client: httpx.Client) -> None:
    before = row(client, "清淤")
    assert say(client, before, "reject").json()["reviewed"]["state"] == "rejected"
    listed = client.get("/api/ledger").json()
    assert (listed["total"], listed["counts"]["units"][0]["rows"]) == (4, 2)
    assert row(client, "清淤", rejected=True)["review"] is None
    back = say(client, row(client, "清淤", review="rejected"), "withdraw")
    assert back.json()["reviewed"] is None
    assert client.get("/api/ledger").json()["total"] == 5


def test_whoever_read_another_version_is_told(client: httpx.Client) -> None:
    before = row(client, "清淤")
    assert say(client, before, "confirm").status_code == 200
    late = say(client, before, "reject")
    assert late.status_code == 409
    error = late.json()["error"]
    assert (error["code"], error["param"]) == ("conflict", "version")
    assert "刷新" in error["advice"]


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({"action": "approve"}, 422, "action"),
        ({"version": None}, 422, "version"),
        ({"by": " "}, 400, "by"),
        ({"by": "\ud800"}, 422, "by"),
        ({"why": ""}, 400, "why"),
        ({"changes": {}}, 400, "changes"),
        ({"changes": {"due": "明年"}}, 400, "changes.due"),
        ({"changes": {"status": "完成"}}, 400, "changes.status"),
        ({"changes": {"lead_units": "市水务局"}}, 422, "changes.lead_units"),
        ({"changes": {"task": "长" * 501}}, 400, "changes.task"),
        ({"changes": {"quote": "别的话"}}, 422, "changes.quote"),
        ({"comment": "x"}, 422, "comment"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_named_in_chinese(client: httpx.Client, body: dict, status: int, param: str) -> None:
    of = row(client, "清淤")
    whole = {"action": "correct", "version": of["version"], "by": "李明", "why": "误读", "changes": {"role": "负责"}}
    sent = json.dumps({**whole, **body})
    headers = {"Content-Type": "application/json"}
    answer = client.patch(f"/api/ledger/{of['id']}", content=sent, headers=headers)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["param"] == param
    assert error["advice"]
    assert row(client, "清淤")["reviewed"] is None


def test_unknown_rows_are_404(client: httpx.Client) -> None:
    answer = client.patch("/api/ledger/m0", json={"action": "confirm", "version": "x", "by": "李明"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "commitment_not_found")
    assert client.get("/api/ledger/pending").json() == {"rows": [], "total": 0}


def test_an_edited_export_is_given_back(client: httpx.Client) -> None:
    table = client.get("/api/ledger", params={"format": "csv"}).content.decode("utf-8-sig")
    edited = table.replace("市林业局", "市园林局", 1).encode("gb18030")
    query = {"by": "李明", "why": "表格核对", "dry_run": True}
    client.headers["Content-Type"] = "text/csv"
    tried = client.post("/api/ledger/import", params=query, content=edited).json()
    assert (tried["rows"], tried["unchanged"], tried["kept"], tried["dry_run"]) == (5, 4, 0, True)
    (step,) = tried["steps"]
    assert (step["action"], step["changes"]) == ("correct", {"lead_units": ["市园林局"]})
    assert row(client, "栽植")["reviewed"] is None
    done = client.post("/api/ledger/import", params={**query, "dry_run": False}, content=edited).json()
    assert (done["kept"], done["problems"]) == (1, [])
    assert row(client, "栽植")["reviewed"]["why"] == "表格核对"
    nobody = client.post("/api/ledger/import", content=edited)
    assert (nobody.status_code, nobody.json()["error"]["param"]) == (400, "by")
    simple = client.post("/api/ledger/import", params=query, content=edited, headers={"Content-Type": "text/plain"})
    assert simple.status_code == 415  # another site's page could send this unasked
    other = client.post("/api/ledger/import", params={"by": "李明"}, content=b"PK no table")
    assert (other.status_code, other.json()["error"]["code"]) == (400, "bad_file")


def test_who_is_signed_on_goes_by_their_own_name() -> None:
    assert reviewer(Identity("user:王芳"), "李明") == "王芳"
    assert reviewer(Identity("key:3f"), " 李明 ") == "李明"
    with pytest.raises(BadRequest):
        reviewer(Identity("session:3f"), " ")


def test_staff_without_the_right_may_read_and_not_review() -> None:
    app = create_app(FakeAsker([]), SHELF, MemoryLedger(), entrance=Entrance(keyless=Keyless.ANYWHERE))
    with local_client(app) as client:
        assert say(client, row(client, "清淤"), "confirm").status_code == 403
