"""Searches of a reader who does not see everything: the same hits in the same order as over what they see alone."""

from __future__ import annotations

import pytest

from assistant.adapters import visible
from assistant.adapters.visible import VisibleIndexes
from assistant.domain.access import INTERNAL, PUBLIC, Clearance, Visibility
from assistant.ports import Index
from ingest.chunk import chunks_of
from ingest.parse import parse
from tests.fakes.memory_index import MemoryIndex

COUNT = 60


class Labels:
    def __init__(self, labels: dict[str, Visibility]) -> None:
        self.labels = labels
        self.version = "1"

    def current(self) -> tuple[str, dict[str, Visibility]]:
        return self.version, self.labels


@pytest.fixture(scope="module")
def index() -> MemoryIndex:
    parsed = []
    for n in range(COUNT):
        text = f"关于第{n}号绿道的通知\n一、由市林业局牵头建设绿道{'，绿道' * (n % 7)}。\n二、其他{n}。\n"
        document, _ = parse(f"{n}.txt", text.encode())
        assert document is not None
        parsed.append((document, chunks_of(document)))
    return MemoryIndex(parsed)


def guarded(index: MemoryIndex, hidden: range | list[int]) -> tuple[Index, set[str]]:
    ids = [info.id for info in index.documents()]
    gone = {ids[n] for n in hidden}
    labels = {i: INTERNAL if i in gone else PUBLIC for i in ids}
    with VisibleIndexes(index, Labels(labels)).seen_by(Clearance()).lease() as leased:
        return leased, set(ids) - gone


@pytest.mark.parametrize("most", [0, 30, 300])
@pytest.mark.parametrize("hidden", [[0], list(range(0, COUNT, 2)), list(range(COUNT - 5))])
@pytest.mark.parametrize("k", [1, 5, 50, 500])
def test_hits_are_those_of_what_is_seen(
    index: MemoryIndex, monkeypatch: pytest.MonkeyPatch, hidden: list[int], k: int, most: int
) -> None:
    monkeypatch.setattr(visible, "_MOST", most)
    leased, seen = guarded(index, hidden)
    expected = index.lexical("绿道 牵头", k, sorted(seen))
    assert leased.lexical("绿道 牵头", k) == expected
    assert expected


def test_a_filter_never_reaches_beyond_what_is_seen(index: MemoryIndex) -> None:
    leased, seen = guarded(index, [0, 1, 2])
    everything = [info.id for info in index.documents()]
    assert {hit.document_id for hit in leased.lexical("绿道", 500, everything)} <= seen
    assert leased.lexical("绿道", 500, [i for i in everything if i not in seen]) == []


def test_who_sees_nothing_finds_nothing(index: MemoryIndex) -> None:
    leased, seen = guarded(index, range(COUNT))
    assert not seen
    assert leased.lexical("绿道", 5) == leased.dense([1.0], 5) == list(leased.documents()) == []


def test_who_sees_all_of_a_generation_is_not_filtered(index: MemoryIndex) -> None:
    leased, _ = guarded(index, [])
    assert leased.view == ""
    assert leased.lexical("绿道", 5) == index.lexical("绿道", 5)


def test_what_is_seen_of_a_generation_is_worked_out_once_until_labels_change(index: MemoryIndex) -> None:
    labels = Labels({info.id: PUBLIC for info in index.documents()})
    guard = VisibleIndexes(index, labels)
    first = guard.seen(index, Clearance())
    assert guard.seen(index, Clearance()) is first
    labels.version, labels.labels = "2", {}
    assert guard.seen(index, Clearance()).infos == ()
    assert guard.seen(index, Clearance()).view != ""
