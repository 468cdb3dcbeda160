"""``/api/ledger/candidates``: apart from the list, confirmed by the route that confirms rows."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.domain.ledger.candidates import Offer, sift, words_of
from assistant.domain.ledger.commitments import Entry
from assistant.faces.web.app import create_app
from tests.fakes.asker import FakeAsker
from tests.fakes.ledger import MemoryLedger
from tests.fakes.local_client import local_client
from tests.fakes.shelf import Shelf, ShelfIndexes, document

TEXT = "巡查这副担子落在市水务局肩上。"
PLAN = document("河道方案", ("一", "一、", 1, "一、" + TEXT))


class Offering(MemoryLedger):
    def candidates(self) -> Sequence[Entry]:
        words = words_of(PLAN, PLAN.clauses[1])
        return sift(PLAN, {words: [Offer(TEXT, ("市水务局",))]}, ())[words].entries


def test_candidates_are_given_apart_and_are_in_no_list() -> None:
    with local_client(create_app(FakeAsker([]), ShelfIndexes(Shelf([PLAN])), Offering())) as client:
        found = client.get("/api/ledger/candidates").json()
        assert (found["total"], found["rows"][0]["candidate"]) == (1, True)
        assert found["rows"][0]["quote"] == TEXT
        assert "待人工确认" in found["label"]
        assert client.get("/api/ledger/candidates", params={"rejected": "true"}).json()["total"] == 0
        assert all(not row["candidate"] for row in client.get("/api/ledger").json()["rows"])
        assert client.get("/api/ledger/candidates", params={"as_of": "gestern"}).status_code == 400
