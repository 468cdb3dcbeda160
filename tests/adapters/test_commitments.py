"""The ledger in the library: kept by edition, made anew by other rules, only of the current generation, fast."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from assistant.adapters.database import commitments as module
from assistant.adapters.database import schema as s
from assistant.adapters.database.candidates import CandidateStore
from assistant.adapters.database.commitments import CommitmentStore
from assistant.adapters.database.engine import open_library, reading, writing
from assistant.adapters.database.intake import Intake
from assistant.adapters.database.ledger import GenerationLedger
from assistant.adapters.database.reviews import ReviewStore
from assistant.domain.ledger.commitments import Entry, entries_of
from assistant.domain.ledger.selection import Filters, Selection
from assistant.errors import IndexUnavailable, LibraryError
from tests.fakes.ledger import ASK, PLAN, REPORT, MemoryLedger
from tests.fakes.published import Published

ALL = Filters(date(2024, 12, 1))


@pytest.fixture
def published(tmp_path: Path, library_url: str | None) -> Iterator[Published]:
    engine = open_library(tmp_path, library_url)
    yield Published(engine)
    engine.dispose()


def ledger_of(published: Published, rules: str | None = None) -> GenerationLedger:
    store = CommitmentStore(published.engine, rules=rules)
    candidates = CandidateStore(published.engine, store, rules=rules)
    return GenerationLedger(published, store, ReviewStore(published.engine), candidates)


def kept(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(s.commitments)).scalar_one()


def test_it_lists_what_the_documents_say(published: Published) -> None:
    published.publish(PLAN, REPORT, ASK)
    page = ledger_of(published).commitments(ALL)
    assert page.entries == MemoryLedger((PLAN, REPORT, ASK)).commitments(ALL).entries
    assert page.index == "gen-1"
    assert ledger_of(published).commitment(page.entries[0].id) == page.entries[0]
    assert ledger_of(published).commitment("m0") is None


def test_nothing_published_is_unavailable(published: Published) -> None:
    with pytest.raises(IndexUnavailable):
        ledger_of(published).commitments(ALL)


def test_a_new_generation_is_seen_and_earlier_versions_are_not_listed(published: Published) -> None:
    published.publish(PLAN)
    ledger = ledger_of(published)
    assert ledger.commitments(ALL).total == 3
    published.publish(REPORT, earlier=PLAN)
    assert {e.document_id for e in ledger.commitments(ALL).entries} == {REPORT.id}


def test_documents_are_read_once(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(module, "entries_of", lambda d, w: read.append(d.id) or entries_of(d, w))  # type: ignore[func-returns-value]
    published.publish(PLAN, ASK)
    first = ledger_of(published).commitments(ALL)
    again = ledger_of(published).commitments(ALL)  # as another process would
    assert again == first
    assert sorted(read) == sorted([PLAN.id, ASK.id])  # a document without any is not read again either
    published.publish(PLAN, ASK, REPORT)
    assert ledger_of(published).commitments(ALL).total == 5
    assert len(read) == 3


def test_other_rules_make_everything_anew(published: Published) -> None:
    published.publish(PLAN)
    ledger_of(published, "old").commitments(ALL)
    with writing(published.engine) as connection:  # what an old rule would have left behind
        connection.execute(s.commitments.update().values(entry="{}"))
    assert ledger_of(published, "new").commitments(ALL).total == 3
    assert kept(published.engine) == 3


def test_a_library_that_cannot_be_written_still_lists(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    published.publish(PLAN)

    @contextmanager
    def full(engine: Engine) -> Iterator[None]:
        raise LibraryError("disk full")
        yield

    monkeypatch.setattr(module, "writing", full)
    assert ledger_of(published).commitments(ALL).total == 3
    assert kept(published.engine) == 0


def test_commitments_go_with_their_document(published: Published) -> None:
    published.publish(PLAN)
    ledger_of(published).commitments(ALL)
    with writing(published.engine) as connection:
        connection.execute(s.generation_documents.delete())
        connection.execute(s.sources.delete())
    Intake(published.engine).purge()
    assert kept(published.engine) == 0


def many(count: int) -> list[Entry]:
    """Commitments of many documents and units, made of one."""
    like = entries_of(PLAN)[0]
    made = []
    for n in range(count):
        units = (f"第{n % 400}市水务局", "市财政局") if n % 3 else ("市教育局",)
        commitment = replace(like.commitment, lead_units=units, cooperating_units=(f"市第{n % 900}中学",))
        made.append(replace(like, id=f"m{n}", document_id=f"d{n // 20}", start=n, end=n + 30, commitment=commitment))
    return made


def test_ten_thousand_commitments_are_listed_at_once() -> None:
    selection = Selection.of(many(10_000))
    asked = [
        ALL,
        replace(ALL, lead="市教育局", overdue=True),
        replace(ALL, unit="市财政局", text="清淤 2024"),
        replace(ALL, document="d7", status="unclear"),
    ]
    assert [selection.page(f, limit=50).total for f in asked] == [10_000, 3_334, 6_666, 220]  # warms it up
    for filters in asked:
        best = float("inf")
        for _ in range(5):  # of this thread: the machine may be busy
            begun = time.thread_time()
            selection.page(filters, limit=50)
            best = min(best, time.thread_time() - begun)
        assert best < 0.1, filters
