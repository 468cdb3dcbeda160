"""Replies of models that keep to the form, and of those that do not."""

from __future__ import annotations

import json

import pytest

from assistant.candidates.replies import MOST_OFFERS, SCHEMA, offers_in
from assistant.domain.ledger.candidates import Offer

ITEM = {
    "quote": "市水务局挑起巡查的担子",
    "lead_units": ["市水务局"],
    "cooperating_units": [],
    "role": "负责",
    "task": "巡查",
    "deadline": "",
}
FOUND = Offer("市水务局挑起巡查的担子", ("市水务局",), (), "巡查", "负责", "")


@pytest.mark.parametrize(
    "reply",
    [
        json.dumps({"commitments": [ITEM]}),
        "好的，如下：\n```json\n" + json.dumps({"commitments": [ITEM]}, ensure_ascii=False) + "\n```\n以上。",
        json.dumps([ITEM, ITEM]),
        json.dumps(ITEM),
        json.dumps({"commitments": [ITEM | {"lead_units": "市水务局", "deadline": None, "cooperating_units": "无"}]}),
        '{"commitments": [' + json.dumps(ITEM) + ', {"quote": "没有写完',  # cut in the middle
        "{[{" + json.dumps(ITEM),
    ],
)
def test_whole_offers_are_taken_from_any_form(reply: str) -> None:
    assert offers_in(reply) == (FOUND,)


def test_nothing_found_is_not_the_same_as_nothing_said() -> None:
    assert offers_in('{"commitments": []}') == ()
    assert offers_in("本段没有责任事项。") is None
    assert offers_in("") is None


def test_a_reply_without_end_costs_no_more_than_it_may() -> None:
    assert offers_in("[" * 1_000_000) is None
    many = [ITEM | {"quote": f"第{n}句"} for n in range(50)]
    assert len(offers_in(json.dumps({"commitments": many})) or ()) == MOST_OFFERS
    strange = {"quote": "市水务局", "lead_units": [1, None, {"x": 2}, " 市水务局 "], "role": ["负责"], "task": 3}
    assert offers_in(json.dumps(strange)) == (Offer("市水务局", ("市水务局",)),)


def test_the_schema_names_what_is_read() -> None:
    items = SCHEMA["properties"]["commitments"]["items"]
    assert set(items["properties"]) == set(ITEM) == set(items["required"])
