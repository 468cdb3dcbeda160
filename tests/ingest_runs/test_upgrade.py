"""A library that an earlier version of the program has written."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from assistant.adapters.database import engine as engine_module
from assistant.adapters.database import wecom
from assistant.adapters.database.conversations import SqlConversations
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.intake import Intake
from assistant.adapters.database.keys import SqlKeys
from assistant.adapters.database.labels import SqlLabels
from assistant.adapters.database.reviews import ReviewStore
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


#: Dumps of libraries that the program wrote when it was at each revision: one plan of six passages, one file that could
#: not be read, one question; from 0006 on a review and a key.
WRITTEN = sorted(Path(__file__).parent.glob("library-*.sql"))[1:]


def test_there_is_a_library_of_every_revision() -> None:
    versions = Path(engine_module.__file__).parent / "migrations" / "versions"
    known = {path.name[:4] for path in versions.glob("[0-9]*.py")} - {engine_module.HEAD}
    assert known <= {path.stem[-4:] for path in [FIRST, *WRITTEN]}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("dump", WRITTEN, ids=lambda path: path.stem[-4:])
def test_a_library_of_every_revision_is_brought_up_to_date_and_goes_on(desk: Desk, dump: Path) -> None:
    desk.data_dir.mkdir()
    with sqlite3.connect(desk.data_dir / "library.db") as connection:
        connection.executescript(dump.read_text("utf-8"))
    connection.close()
    engine = open_library(desk.data_dir)
    try:
        with engine.connect() as connected:
            assert compare_metadata(MigrationContext.configure(connected), wecom.metadata) == []
            assert connected.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        conversations, total = SqlConversations(engine).conversations("local")
        assert total == 1
        _, (turn,) = SqlConversations(engine).conversation(conversations[0].id, "local")
        assert "市教育局" in str(turn)
        assert [key.name for key in SqlKeys(engine).all()] == (["门户"] if dump.stem >= "library-0006" else [])
        library = Intake(engine)
        (holding,) = library.wanted()
        document = library.document(holding)
        assert document is not None
        assert document.title == "关于建设实习基地的工作方案"
        assert library.chunk_count([holding]) == 6
        reviews = ReviewStore(engine).latest()
        assert bool(reviews) == (dump.stem >= "library-0006")
    finally:
        engine.dispose()
    desk.write("c.txt", "实习基地分工", "市教育局牵头建立实习基地。")
    outcome = desk.run()
    assert (outcome.documents, outcome.new, outcome.published, outcome.generation) == (2, 1, True, "gen-2")
    assert desk.titles() == {"关于建设实习基地的工作方案", "实习基地分工"}
    engine = open_library(desk.data_dir)
    assert {str(label) for label in SqlLabels(engine).current()[1].values()} == {"内部"}
    engine.dispose()
