"""``/api/ledger/history | conflicts | asks | handling``."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from assistant.domain.ledger.handling import rules_of
from assistant.faces.web.app import create_app
from tests.cli.test_ledger_history import LETTER, PLAN, PROPOSAL, REPLY
from tests.fakes.asker import FakeAsker
from tests.fakes.ledger import MemoryLedger
from tests.fakes.local_client import local_client
from tests.fakes.over_time import MemoryOverTime
from tests.fakes.shelf import Shelf, ShelfIndexes

RULES = rules_of([{"地区": "江城市", "起算": "立案", "期限": "3个月", "依据": "江城市办法第三条"}])


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    indexes = ShelfIndexes(Shelf((PLAN, LETTER, PROPOSAL, REPLY)))
    ledger = MemoryLedger((PLAN, LETTER, REPLY))
    with local_client(create_app(FakeAsker([]), indexes, ledger, over_time=MemoryOverTime(RULES))) as opened:
        yield opened


def test_the_history_of_a_thing(client: httpx.Client) -> None:
    found = client.get("/api/ledger/history", params={"object": "冷链物流基地"}).json()
    history = found["histories"][0]
    assert [s["units"] for s in history["current"]["lead"]] == [["市供销社"]]
    assert [s["standing"] for s in history["lead"]] == ["replaced", "replaced", "current"]
    assert history["lead"][0]["reason"].startswith("江商函〔2024〕9号")
    assert history["summary"][0].startswith("现由市供销社牵头")
    assert (found["total"], found["index"]) == (1, "gen-1")
    assert client.get("/api/ledger/history", params={"object": "海底隧道"}).json()["histories"] == []


def test_what_changed_in_pages(client: httpx.Client) -> None:
    whole = client.get("/api/ledger/history").json()
    assert whole["total"] >= 2
    page = client.get("/api/ledger/history", params={"limit": 1, "offset": 1}).json()
    assert page["histories"] == whole["histories"][1:2]


def test_conflicts_with_both_sides(client: httpx.Client) -> None:
    (conflict,) = client.get("/api/ledger/conflicts", params={"open": True}).json()["conflicts"]
    assert (conflict["object"], conflict["aspect"], conflict["settled"]) == ("农机调度平台", "lead", None)
    assert [s["units"] for s in conflict["sides"]] == [["市农业农村局"], ["市大数据局"]]
    assert all(s["url"].startswith("/documents/") for s in conflict["sides"])


def test_asks_and_handling(client: httpx.Client) -> None:
    (proposal,) = client.get("/api/ledger/asks", params={"proposal": "冷链"}).json()["proposals"]
    assert [a["outcome_name"] for a in proposal["asks"]] == ["有承诺", "未见回应"]
    (row,) = client.get("/api/ledger/handling", params={"as_of": "2024-06-01"}).json()["rows"]
    assert (row["due"], row["outcome_name"], row["missing"]) == ("2024-05-01", "超期办复", [])
    assert client.get("/api/ledger/handling", params={"as_of": "昨天"}).status_code == 400


def test_a_commitment_is_still_found_by_its_id(client: httpx.Client) -> None:
    row = client.get("/api/ledger").json()["rows"][0]
    assert client.get(f"/api/ledger/{row['id']}").json()["id"] == row["id"]
