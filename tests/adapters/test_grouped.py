"""Small writes of many threads in one transaction: all that succeed stand, what fails fails alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, text

from assistant.adapters.database.engine import open_library, reading, writing
from assistant.adapters.database.grouped import GroupedWrites
from assistant.errors import BadRequest

LONG = 60


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    opened = open_library(tmp_path)
    with writing(opened) as connection:
        connection.execute(text("CREATE TABLE kept (n INTEGER PRIMARY KEY)"))
    return opened


def keep(n: int, connection: Connection) -> None:
    connection.execute(text("INSERT INTO kept VALUES (:n)"), {"n": n})


def refuse(connection: Connection) -> None:
    keep(1000, connection)
    raise BadRequest("不行。", "换一个。")


def numbers(engine: Engine) -> list[int]:
    with reading(engine) as connection:
        return list(connection.execute(text("SELECT n FROM kept ORDER BY n")).scalars())


def crowded(engine: Engine, works: list[Callable[[Connection], None]]) -> list[Exception]:
    """The failures of writes that all wait while another one is under way."""
    writes = GroupedWrites(engine)
    begun, go, failed = threading.Event(), threading.Event(), list[Exception]()

    def first(connection: Connection) -> None:
        begun.set()
        assert go.wait(LONG)
        keep(0, connection)

    def one(work: Callable[[Connection], None]) -> None:
        try:
            writes.do(work)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=one, args=(first,))]
    threads[0].start()
    assert begun.wait(LONG)
    threads += [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads[1:]:
        thread.start()
    while len(writes._waiting) < len(works):
        threads[-1].join(0.01)
    go.set()
    for thread in threads:
        thread.join(LONG)
    return failed


def test_those_who_waited_are_written_at_once(engine: Engine) -> None:
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    assert crowded(engine, [partial(keep, n) for n in range(1, 9)]) == []
    assert numbers(engine) == list(range(9))
    assert len(commits) == 2  # the first by itself, the eight together


def test_one_that_fails_fails_alone(engine: Engine) -> None:
    failed = crowded(engine, [partial(keep, 1), refuse, partial(keep, 2), partial(keep, 1), partial(keep, 3)])
    assert numbers(engine) == [0, 1, 2, 3]
    assert sorted(type(error).__name__ for error in failed) == ["BadRequest", "LibraryError"]
