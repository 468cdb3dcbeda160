"""The names that a ledger uses: what the registry knows of them, and what it only may know."""

from __future__ import annotations

import pytest

from assistant.domain.ledger.commitments import Entry, entries_of
from assistant.domain.ledger.unit_names import UsedName, used_names
from assistant.domain.units.names import is_regular
from benchmarks.ledger import document_of


def _entries(*texts: str) -> list[Entry]:
    return [e for n, text in enumerate(texts) for e in entries_of(document_of({"id": f"名称{n}", "text": text}))]


def _named(names: list[UsedName], name: str) -> UsedName:
    return next(n for n in names if n.name == name)


def test_names_that_the_registry_does_not_know_are_listed_first_with_how_often_and_where() -> None:
    entries = _entries("由丰乐林场负责管护。", "丰乐林场要抓紧补植。", "由市林业局牵头编制名录。")
    names = used_names(entries)
    first = names[0]
    assert (first.name, first.known, first.count, first.documents) == ("丰乐林场", "unknown", 2, 2)
    assert first.places == tuple(e.id for e in entries[:2])
    assert _named(names, "市林业局").known == "regular"


def test_the_nearest_names_and_those_that_may_be_the_same_are_shown_and_never_merged() -> None:
    names = used_names(_entries("由化工园区管委会牵头建设码头。", "由市教育局和化工园区双牵头的联盟已经成立。"))
    assert _named(names, "化工园区管委会").possible_same == ("化工园区",)
    assert _named(names, "化工园区").count == 1


def test_a_name_that_was_no_longer_in_use_is_pointed_out() -> None:
    name = _named(used_names(_entries("由环境保护部牵头修订标准。")), "环境保护部")
    assert (name.known, name.body) == ("listed", "环境保护部")
    assert "生态环境部" in name.remark


@pytest.mark.parametrize(
    ("name", "regular"),
    [("市教育局", True), ("江城市人力资源和社会保障局", True), ("市委", True), ("丰乐林场", False), ("秘书处", False)],
)
def test_regular_names_are_level_function_and_suffix(name: str, regular: bool) -> None:
    assert is_regular(name) is regular
