"""Relating documents: what texts are like is read once and kept, and comes out the same as if it were read anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from assistant.adapters.database.engine import open_library
from assistant.adapters.database.intake import Intake
from assistant.domain.holdings import Holding, LinkKind, SourceRecord
from ingest.relations.relate import relate
from tests.fakes.documents import document_of


class Counting(Intake):
    """A library that notes the texts that are read."""

    def __init__(self, path: Path) -> None:
        super().__init__(open_library(path))
        self.read: list[str] = []

    def texts(self, holdings: Iterable[Holding]) -> Iterator[tuple[str, str]]:
        for document_id, text in super().texts(holdings):
            self.read.append(document_id)
            yield document_id, text

    def put(self, name: str, text: str) -> str:
        document, chunks = document_of(text, name)
        self.put_source(SourceRecord(f"/c/{name}", "/c", name, 1, 1, "ab", "1", None), document, chunks)
        return document.id

    def duplicates(self) -> set[frozenset[str]]:
        return {frozenset((k.subject, k.object)) for k in self.links() if k.kind is LinkKind.DUPLICATES}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Counting]:
    library = Counting(tmp_path)
    yield library
    library._engine.dispose()


ROUNDS = "\n".join(f"第{n}段堤防由第{n}巡查组每日巡查，险情在{n}小时内上报。" for n in range(1, 40))
SAME = ROUNDS.replace("第20段", "第二十段")
OTHER = "\n".join(f"社区图书角第{n}期阅读活动安排在周{n % 7}晚间，名额{n}个。" for n in range(1, 40))


def test_a_text_is_read_once(library: Counting) -> None:
    rounds, other = library.put("a.txt", ROUNDS), library.put("b.txt", OTHER)
    relate(library, "1")
    assert sorted(set(library.read)) == sorted([rounds, other])
    library.read.clear()
    same = library.put("c.txt", SAME)
    relate(library, "1")
    assert set(library.read) == {same, rounds}  # the new one, and the one that it is like
    assert library.duplicates() == {frozenset((rounds, same))}
    library.read.clear()
    library.put("d.txt", OTHER + "\n另行通知。")
    relate(library, "1")
    assert rounds not in library.read
    assert frozenset((rounds, same)) in library.duplicates()


def test_what_goes_and_comes_back_is_compared_again(library: Counting) -> None:
    rounds = library.put("a.txt", ROUNDS)
    relate(library, "1")
    library.drop_sources(["/c/a.txt"])
    same = library.put("b.txt", SAME)
    relate(library, "1")
    assert library.duplicates() == set()
    library.put("a.txt", ROUNDS)
    relate(library, "1")
    assert library.duplicates() == {frozenset((rounds, same))}


def test_other_rules_read_everything_again(library: Counting) -> None:
    both = {library.put("a.txt", ROUNDS), library.put("b.txt", OTHER)}
    relate(library, "1")
    library.read.clear()
    relate(library, "2")
    assert set(library.read) == both
