"""What people say of entries: put on and taken off, found again after every kind of change, never on other words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.ledger.commitments import Entry, entries_of
from assistant.domain.ledger.reviews import Action, Changes, Decision, Review, as_read, as_shown, decided, reviewed
from assistant.domain.ledger.selection import Filters, Selection
from assistant.domain.ledger.standing import standing
from assistant.domain.policy import Document
from tests.fakes.ledger import PLAN
from tests.fakes.shelf import document

AT = datetime(2024, 11, 30, 17, 0, tzinfo=UTC)  # 1 December in China
FUNDS = "由市财政局牵头筹款，市发改委配合，6月底前到位。"
RIVER = "由市水务局牵头整治河道，2024年底前完成。"


def plan(*clauses: str, title: str = "整治方案") -> Document:
    labels = ("一、", "二、", "三、", "四、")
    lines = ((label[0], label, 1, label + text) for label, text in zip(labels, clauses, strict=False))
    return document(title, *lines, fields={})


def only(document: Document, word: str) -> Entry:
    (entry,) = (e for e in entries_of(document) if word in e.quote)
    return entry


def say(entry: Entry, action: Action = "correct", number: int = 1, **changes: Any) -> Review:
    decision = Decision(action, "李明", "与会议纪要核对", Changes(**changes))
    assert decision.unfit() is None
    return replace(decided(entry, decision, AT, entry.quote), number=number)


def shown(document: Document, *reviews: Review) -> list[Entry]:
    entries = entries_of(document)
    found = standing(entries, reviews)
    return [found.on(e) for e in entries]


def test_a_correction_shows_and_the_document_stays_visible() -> None:
    river = only(plan(RIVER), "河道")
    after = reviewed(river, say(river, lead_units=("市住建局", "市水务局"), due="2025-06-30", status="done"))
    c = after.commitment
    assert (c.lead_units, c.status.state, c.status.as_of) == (("市住建局", "市水务局"), "done", "2024-12-01")
    assert (after.due_on, c.deadline.date, c.deadline.as_written) == ("2025-06-30", "2025-06-30", "2024年底前")
    assert after.due_note == "李明于2024-12-01更正"
    assert (after.quote, after.start, after.end) == (river.quote, river.start, river.end)
    said = after.reviewed
    assert said is not None
    assert (said.state, said.by, said.at, said.why) == ("corrected", "李明", "2024-11-30T17:00:00Z", "与会议纪要核对")
    assert (said.said, said.said_due) == (river.commitment, river.due_on)
    assert said.fields == ("lead_units", "due", "status")
    assert c.review == "corrected"
    assert as_read(after) == as_read(river)


def test_corrections_add_up_and_are_taken_back() -> None:
    river = only(plan(RIVER), "河道")
    once = reviewed(river, say(river, lead_units=("市住建局",)))
    twice = say(once, role="共同牵头", number=2)
    assert twice.changes == Changes(lead_units=("市住建局",), role="共同牵头")
    again = reviewed(river, twice)
    back = say(again, lead_units=("市水务局",), number=3)
    assert back.changes == Changes(role="共同牵头")
    gone = reviewed(river, say(reviewed(river, back), "withdraw", number=4))
    assert standing([river], [say(river, "withdraw")]).on(river) == river
    assert gone.commitment.lead_units == river.commitment.lead_units
    no_day = reviewed(river, say(river, due=""))
    assert (no_day.due_on, no_day.commitment.deadline.date) == (None, None)


def test_a_day_where_the_document_has_none() -> None:
    entry = only(plan("由市水务局牵头整治河道。"), "河道")
    after = reviewed(entry, say(entry, due="2025-01-31"))
    assert (after.commitment.deadline.kind, after.commitment.deadline.as_written) == ("fixed", None)
    assert after.overdue(date(2025, 2, 1))


def test_a_confirmation_vouches_for_what_was_shown_when_rules_read_otherwise_later() -> None:
    river = only(plan(RIVER), "河道")
    confirmed = say(river, "confirm")
    assert reviewed(river, confirmed).reviewed == replace(
        reviewed(river, confirmed).reviewed,  # type: ignore[arg-type]
        state="confirmed",
        fields=(),
        said=None,
    )
    other_rules = replace(river, commitment=replace(river.commitment, lead_units=("整治办",)))
    after = standing([other_rules], [confirmed]).on(other_rules)
    assert after.commitment.lead_units == ("市水务局",)
    assert after.reviewed is not None
    assert (after.reviewed.state, after.reviewed.fields) == ("corrected", ("lead_units",))
    corrected = say(river, role="负责")
    after = standing([other_rules], [corrected]).on(other_rules)  # it vouches for the role alone
    assert (after.commitment.lead_units, after.commitment.role) == (("整治办",), "负责")


@pytest.mark.parametrize("action", ["confirm", "correct", "reject"])
def test_it_holds_when_other_clauses_change(action: Action) -> None:
    changes = {"role": "负责"} if action == "correct" else {}
    review = say(only(plan(FUNDS, RIVER), "河道"), action, **changes)
    after = shown(plan(FUNDS.replace("6月", "7月"), "由市教育局牵头宣传。", RIVER), review)
    states = {e.quote[-12:]: e.reviewed.state for e in after if e.reviewed}
    assert list(states.values()) == [{"confirm": "confirmed", "correct": "corrected", "reject": "rejected"}[action]]
    assert next(e for e in after if "河道" in e.quote).reviewed is not None


def test_other_words_in_the_sentence_bring_it_up_with_old_and_new() -> None:
    review = say(only(plan(FUNDS, RIVER), "河道"), lead_units=("市住建局",))
    changed = plan(FUNDS, RIVER.replace("2024", "2025"))
    found = standing(entries_of(changed), [review])
    (pending,) = found.pending
    assert "2024年底前" in pending.review.against.quote
    assert pending.entry is not None
    assert "2025年底前" in pending.entry.quote
    after = next(e for e in shown(changed, review) if "河道" in e.quote)
    assert after.reviewed is not None
    assert after.reviewed.state == "pending"
    assert after.commitment.lead_units == ("市水务局",)  # not applied to other words
    settled = standing(entries_of(changed), [review, say(after, "confirm", number=2)])
    assert settled.pending == ()
    assert settled.held[after.id].action == "confirm"


def test_other_words_beside_the_sentence_bring_it_up() -> None:
    two = "由市水务局牵头整治河道。由市教育局牵头宣传。"
    review = say(only(plan(two), "河道"), "reject")
    after = next(e for e in shown(plan(two.replace("宣传", "开展研学")), review) if "河道" in e.quote)
    assert after.reviewed is not None
    assert after.reviewed.state == "pending"
    assert not after.rejected  # it is back in the lists


def test_a_row_that_vanished_is_pending_alone() -> None:
    review = say(only(plan(FUNDS, RIVER), "河道"), "confirm")
    (pending,) = standing(entries_of(plan(FUNDS)), [review]).pending
    assert (pending.entry, pending.reason) == (None, "台账中已没有这一项")
    assert pending.review.against.quote.endswith("2024年底前完成。")


def test_a_review_waits_for_a_document_that_has_left_with_its_words() -> None:
    river = only(plan(RIVER), "河道")
    review = say(river, "confirm")
    left = replace(review, against=replace(review.against, clause="", quote=""))
    assert standing(entries_of(PLAN), [left]).pending == ()
    assert standing(entries_of(plan(RIVER)), [left]).held  # it comes back
    assert standing(entries_of(plan(FUNDS)), [left]).pending  # it is there, and says something else


def test_other_rules_that_cut_the_sentence_otherwise_keep_it() -> None:
    river = only(plan(FUNDS, RIVER), "河道")
    review = say(river, lead_units=("市住建局",))
    shorter = replace(river, id="m-other", start=river.start + 2, quote=river.quote[2:])
    funds = only(plan(FUNDS, RIVER), "筹款")
    found = standing([funds, shorter], [review])
    assert found.pending == ()
    assert found.on(shorter).commitment.lead_units == ("市住建局",)
    assert found.histories == {"m-other": (river.id,)}
    # A later word on the new id wins, and the history is of both.
    later = say(found.on(shorter), "reject", number=2)
    assert standing([funds, shorter], [review, later]).on(shorter).rejected


def test_of_two_that_it_could_mean_none_is_chosen() -> None:
    river = only(plan(RIVER), "河道")
    halves = [replace(river, id=i, quote=river.quote[:cut]) for i, cut in (("m1", 12), ("m2", 16))]
    found = standing(halves, [say(river, role="负责")])
    assert (found.held, len(found.pending)) == ({}, 1)


def test_reading_again_changes_nothing_for_any_order_of_clauses() -> None:
    clauses = [FUNDS, RIVER, "由市教育局牵头宣传。", "由市林业局负责绿化，长期坚持。"]

    @settings(max_examples=30, deadline=None)
    @given(st.permutations(clauses), st.sampled_from(["河道", "筹款", "宣传", "绿化"]))
    def holds(order: list[str], word: str) -> None:
        review = say(only(plan(*clauses), word), task="已更正")
        after = shown(plan(*order), review)
        assert [word in e.quote for e in after if e.commitment.task == "已更正"] == [True]
        assert all(plan(*order).text[e.start : e.end] == e.quote for e in after)

    holds()


def test_rejected_rows_leave_lists_and_counts_unless_asked_for() -> None:
    entries = entries_of(PLAN)
    found = standing(entries, [say(entries[0], "reject"), say(entries[1], "confirm", number=2)])
    selection = Selection.of(entries).replacing([found.on(e) for e in entries if e.id in found.touched])
    day = date(2024, 12, 1)
    page = selection.page(Filters(day))
    assert (page.total, dict(page.units).get("市财政局")) == (2, None)
    assert dict(page.reviews) == {"unreviewed": 1, "confirmed": 1, "corrected": 0, "rejected": 1, "pending": 0}
    assert selection.page(Filters(day, rejected=True)).total == 3
    assert [e.id for e in selection.page(Filters(day, review="rejected")).entries] == [entries[0].id]
    assert selection.entry(entries[0].id) is not None
    assert page.watch.overdue == 0
    assert selection.page(Filters(day, rejected=True)).watch.overdue == 1


def test_the_version_moves_with_what_is_shown() -> None:
    river = only(plan(RIVER), "河道")
    same = only(plan(FUNDS, RIVER), "河道")
    assert river.version == same.version
    corrected = reviewed(river, say(river, role="负责"))
    again = reviewed(river, say(river, role="负责", number=2))
    assert len({river.version, corrected.version, again.version}) == 3


@pytest.mark.parametrize(
    ("decision", "field"),
    [
        (Decision("confirm", " "), "by"),
        (Decision("confirm", "李" * 61), "by"),
        (Decision("reject", "李明"), "why"),
        (Decision("correct", "李明", "误读"), "changes"),
        (Decision("confirm", "李明", "", Changes(role="配合")), "changes"),
        (Decision("correct", "李明", "误读", Changes(task="  ")), "task"),
        (Decision("correct", "李明", "误读", Changes(task="清淤\x07")), "task"),
        (Decision("correct", "李明", "误读", Changes(lead_units=("局" * 61,))), "lead_units"),
        (Decision("correct", "李明", "误读", Changes(role="=1+1")), "role"),
        (Decision("correct", "李明", "误读", Changes(due="2024-02-30")), "due"),
        (Decision("correct", "李明", "误读", Changes(due="20240228")), "due"),
        (Decision("correct", "李明", "误读", Changes(status="完成")), "status"),
    ],
)
def test_what_cannot_be_taken_is_named(decision: Decision, field: str) -> None:
    unfit = decision.unfit()
    assert unfit is not None
    assert unfit.field == field
    assert unfit.reason


def test_what_is_written_is_tidied_and_kept() -> None:
    river = only(plan(RIVER), "河道")
    review = say(river, task=" 治河 ", lead_units=("市 住建局", "市住建局", ""))
    assert review.changes == Changes(task="治河", lead_units=("市住建局",))
    assert Changes.from_json(review.changes.to_json()) == review.changes
    assert as_shown(reviewed(river, review)).task == "治河"
