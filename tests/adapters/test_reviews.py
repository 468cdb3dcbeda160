"""Reviews in the library: kept apart from what is read anew, seen by every process, never on other words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from assistant.adapters.database import schema as s
from assistant.adapters.database.candidates import CandidateStore
from assistant.adapters.database.commitments import CommitmentStore
from assistant.adapters.database.engine import open_library, reading, writing
from assistant.adapters.database.intake import Intake
from assistant.adapters.database.ledger import GenerationLedger
from assistant.adapters.database.reviews import ReviewStore
from assistant.domain.ledger.commitments import Entry
from assistant.domain.ledger.reviews import Changes, Decision
from assistant.domain.ledger.selection import Filters
from assistant.domain.policy import Document
from assistant.errors import BadRequest, Conflict, LibraryError, NotFound
from tests.fakes.full_table import refuse_writes
from tests.fakes.ledger import PLAN, REPORT
from tests.fakes.published import Published
from tests.fakes.shelf import document

DAY = date(2024, 12, 1)
ALL = Filters(DAY)
CORRECT = Decision("correct", "李明", "会议纪要已调整", Changes(lead_units=("市住建局",)))
DREDGE = "由市水务局牵头清淤，2024年6月底前完成。"
PLANT = "由市林业局牵头绿化。"


@pytest.fixture
def published(tmp_path: Path, library_url: str | None) -> Iterator[Published]:
    engine = open_library(tmp_path, library_url)
    yield Published(engine)
    engine.dispose()


def ledger_of(published: Published, rules: str | None = None) -> GenerationLedger:
    store = CommitmentStore(published.engine, rules=rules)
    reviews, candidates = ReviewStore(published.engine), CandidateStore(published.engine, store)
    return GenerationLedger(published, store, reviews, candidates, lambda: datetime(2024, 12, 1, tzinfo=UTC))


def plan(*clauses: str) -> Document:
    labels = ("一、", "二、", "三、")
    return document("整治方案", *((x[0], x, 1, x + t) for x, t in zip(labels, clauses, strict=False)), fields={})


def find(ledger: GenerationLedger, word: str) -> Entry:
    (entry,) = (e for e in ledger.commitments(replace(ALL, rejected=True)).entries if word in e.quote)
    return entry


def test_what_one_process_keeps_another_shows(published: Published) -> None:
    published.publish(PLAN, REPORT)
    here, there = ledger_of(published), ledger_of(published)
    assert there.commitments(replace(ALL, lead="市住建局")).total == 0
    entry = find(here, "清淤")
    review = here.review(entry.id, replace(CORRECT, version=entry.version))
    assert (review.number, review.at, review.against.quote) == (1, "2024-12-01T00:00:00Z", entry.quote)
    assert review.against.clause.startswith("一、清淤。")
    (row,) = there.commitments(replace(ALL, lead="市住建局")).entries
    assert row.reviewed is not None
    assert (row.reviewed.state, row.quote) == ("corrected", entry.quote)
    assert there.commitment(entry.id) == row
    assert [(r.action, r.by, r.why) for r in there.reviews(entry.id)] == [("correct", "李明", "会议纪要已调整")]


def test_a_row_that_changed_since_it_was_read_is_not_written_over(published: Published) -> None:
    published.publish(PLAN)
    ledger = ledger_of(published)
    read = find(ledger, "清淤")
    ledger.review(read.id, replace(CORRECT, version=read.version))
    with pytest.raises(Conflict) as raised:
        ledger.review(read.id, Decision("reject", "王芳", "不是责任事项", version=read.version))
    assert raised.value.param == "version"
    assert len(ledger.reviews(read.id)) == 1


def test_of_two_at_once_one_is_told(published: Published) -> None:
    published.publish(PLAN)
    here = ledger_of(published)
    entry = find(here, "清淤")
    store = ReviewStore(published.engine)
    first = here.review(entry.id, CORRECT)
    with pytest.raises(Conflict):
        store.add(replace(first, number=0), [entry.id], seen=0)


def test_what_cannot_be_taken_is_refused(published: Published) -> None:
    published.publish(PLAN)
    ledger = ledger_of(published)
    with pytest.raises(NotFound):
        ledger.review("m0", CORRECT)
    with pytest.raises(BadRequest) as raised:
        ledger.review(find(ledger, "清淤").id, Decision("reject", "李明"))
    assert raised.value.param == "why"


def test_it_survives_reading_again_by_the_same_and_by_other_rules(published: Published) -> None:
    published.publish(plan(DREDGE, PLANT))
    ledger = ledger_of(published, "old")
    ledger.review(find(ledger, "清淤").id, CORRECT)
    ledger.review(find(ledger, "绿化").id, Decision("reject", "王芳", "口号"))
    published.publish(plan("由市教育局牵头宣传。", DREDGE, PLANT))
    for rules in ("old", "new"):
        again = ledger_of(published, rules)
        assert find(again, "清淤").commitment.lead_units == ("市住建局",)
        assert find(again, "绿化").rejected
        assert again.commitments(ALL).total == 2
        assert again.pending() == []


def test_other_words_bring_it_up_and_a_look_settles_it(published: Published) -> None:
    published.publish(plan(DREDGE))
    ledger = ledger_of(published)
    ledger.review(find(ledger, "清淤").id, CORRECT)
    published.publish(plan(DREDGE.replace("6月", "9月")))
    entry = find(ledger, "清淤")
    assert entry.commitment.lead_units == ("市水务局",)
    (pending,) = ledger.pending()
    assert "6月底前" in pending.review.against.clause
    assert "9月底前" in pending.clause
    assert [e.id for e in ledger.commitments(replace(ALL, review="pending")).entries] == [entry.id]
    assert [r.action for r in ledger.reviews(entry.id)] == ["correct"]
    ledger.review(entry.id, Decision("confirm", "李明", version=entry.version))
    assert ledger.pending() == []
    assert [r.action for r in ledger.reviews(entry.id)] == ["correct", "confirm"]


def test_the_review_of_a_row_that_is_gone_can_only_be_withdrawn(published: Published) -> None:
    published.publish(plan(DREDGE, PLANT))
    ledger = ledger_of(published)
    gone = find(ledger, "清淤").id
    ledger.review(gone, CORRECT)
    published.publish(plan(PLANT))
    (pending,) = ledger.pending()
    assert pending.entry is None
    with pytest.raises(Conflict):
        ledger.review(gone, CORRECT)
    ledger.review(gone, Decision("withdraw", "李明", "事项已取消"))
    assert ledger.pending() == []
    with pytest.raises(NotFound):
        ledger.review(gone, Decision("withdraw", "李明"))


def test_the_words_of_a_document_leave_with_it_and_the_decision_waits(published: Published) -> None:
    once = plan(DREDGE)
    published.publish(once)
    ledger = ledger_of(published)
    ledger.review(find(ledger, "清淤").id, CORRECT)
    with writing(published.engine) as connection:
        connection.execute(s.generation_documents.delete())
        connection.execute(s.sources.delete())
    Intake(published.engine).purge()
    with reading(published.engine) as connection:
        (row,) = connection.execute(select(s.reviews))
    assert (row.clause, row.quote, row.reviewer) == ("", "", "李明")
    published.publish(once)
    assert find(ledger, "清淤").commitment.lead_units == ("市住建局",)


def test_a_library_that_cannot_be_written_says_so(published: Published) -> None:
    published.publish(PLAN)
    ledger = ledger_of(published)
    entry = find(ledger, "清淤")
    refuse_writes(published.engine, "reviews")
    with pytest.raises(LibraryError):
        ledger.review(entry.id, CORRECT)
    assert ledger.commitment(entry.id) == entry


def test_readers_of_a_part_have_what_holds_and_not_the_words_that_they_may_not_see(published: Published) -> None:
    before, now = plan(DREDGE, PLANT), plan(DREDGE.replace("6月", "9月"), PLANT)
    published.publish(before)
    ledger = ledger_of(published)
    ledger.review(find(ledger, "清淤").id, CORRECT)
    ledger.review(find(ledger, "绿化").id, CORRECT)
    published.publish(now)
    assert published.shelf is not None
    published.shelf.view = "staff"  # who sees the document of now, and not that of then
    staff = ledger_of(published)
    assert find(staff, "绿化").commitment.lead_units == ("市住建局",)
    assert len(staff.reviews(find(staff, "绿化").id)) == 1
    assert (staff.pending(), find(staff, "清淤").reviewed, staff.reviews(find(staff, "清淤").id)) == ([], None, [])
    published.shelf.view = ""
    assert len(ledger.pending()) == 1
