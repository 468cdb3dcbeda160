"""A library that an earlier version of the program has written."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from assistant.adapters.database import engine as engine_module
from tests.ingest_runs.conftest import Desk

#: The dump of a library of revision 0001: one notice of five passages, one file that could not be read, one generation.
FIRST = Path(__file__).with_name("library-0001.sql")


@pytest.mark.usefixtures("quick")
def test_a_library_of_the_first_revision_is_brought_up_to_date_and_goes_on(desk: Desk) -> None:
    desk.data_dir.mkdir()
    with sqlite3.connect(desk.data_dir / "library.db") as connection:
        connection.executescript(FIRST.read_text("utf-8"))
    connection.close()
    with desk.library() as library:
        (holding,) = library.wanted()
        document = library.document(holding)
        assert document is not None
        assert (document.title, document.number) == ("关于推进校企合作的通知", "江教发〔2023〕7号")
        assert library.chunk_count([holding]) == 5
        assert {s.name: len(s.problems) for s in library.sources().values()} == {"a.txt": 1, "b.bin": 1}
        assert [s.container for s in library.sources().values()] == [None, None]
        assert library.superseded() == ()
        assert library.links() == []
        assert library.generations() == ["gen-1"]
    with sqlite3.connect(desk.data_dir / "library.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(engine_module.HEAD,)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    desk.write("c.txt", "实习基地分工", "市教育局牵头建立实习基地。")
    outcome = desk.run()
    assert (outcome.documents, outcome.new, outcome.published, outcome.generation) == (2, 1, True, "gen-2")
