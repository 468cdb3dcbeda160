"""The library: migrations, what is kept and what goes, and readers beside a writer."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from assistant.adapters import database
from assistant.adapters.database import access_schema, wecom
from assistant.adapters.database import engine as engine_module
from assistant.adapters.database.engine import open_library, writing
from assistant.adapters.database.intake import Intake
from assistant.domain.holdings import Holding, Manifest, SourceRecord, edition_of, passage_hash
from assistant.domain.policy import Problem
from assistant.errors import LibraryError
from tests.fakes.documents import document_of

TEXT = "关于校企合作的复函\n市教育局牵头建立实习基地。\n市财政局安排专项资金。"


@pytest.fixture
def engine(tmp_path: Path, library_url: str | None) -> Iterator[Engine]:
    opened = open_library(tmp_path / "data", library_url)
    yield opened
    opened.dispose()


@pytest.fixture
def library(engine: Engine) -> Intake:
    return Intake(engine)


def source(path: str, *problems: Problem) -> SourceRecord:
    return SourceRecord(path, "/corpus", path.rpartition("/")[2], 10, 20, "ab", "1", None, problems)


def put(library: Intake, path: str, text_: str, pages: tuple[int, ...] = ()) -> Holding:
    document, chunks = document_of(text_, path.rpartition("/")[2], pages)
    edition = library.put_source(source(path), document, chunks)
    assert edition is not None
    return Holding(document.id, edition, document.source)


def manifest(name: str, *holdings: Holding) -> Manifest:
    return Manifest(name, "2024-01-01T00:00:00+00:00", None, None, 3, tuple(sorted(holdings)))


def test_the_migrations_make_the_tables_that_the_code_uses(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert access_schema.metadata is wecom.metadata  # all modules that hold tables are loaded
        assert compare_metadata(context, wecom.metadata) == []
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == engine_module.HEAD
    folder = Path(database.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == engine_module.HEAD


def test_a_library_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    open_library(tmp_path).dispose()
    with sqlite3.connect(tmp_path / "library.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(LibraryError, match="更新版本") as caught:
        open_library(tmp_path)
    assert "升级" in caught.value.advice


def test_a_file_that_is_no_database_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_bytes(b"not a database, but long enough to be read as a header" * 20)
    with pytest.raises(LibraryError) as caught:
        open_library(tmp_path)
    assert caught.value.advice


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="数据目录"):
        open_library(tmp_path / "file" / "data")


def test_several_processes_may_open_a_new_library_at_once(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def opening() -> None:
        try:
            open_library(tmp_path / "data").dispose()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=opening) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_document_comes_back_as_it_went_in(library: Intake) -> None:
    document, chunks = document_of(TEXT, "复函.txt", pages=(0, 10))
    holding = put(library, "/corpus/复函.txt", TEXT, pages=(0, 10))
    assert library.document(holding) == document
    assert library.chunks_of(holding) == list(chunks)
    wanted = [chunks[2].id, "k-unknown"]
    assert library.chunks(wanted, {holding.edition: document.id}) == {chunks[2].id: chunks[2]}
    assert library.chunks(wanted, {}) == {}
    assert library.document(Holding(document.id, "e-unknown", "x")) is None


def test_files_of_equal_text_share_one_document(library: Intake) -> None:
    first, second = put(library, "/corpus/甲.txt", TEXT), put(library, "/corpus/乙.txt", TEXT)
    assert first.edition == second.edition
    assert library.counts()["documents"] == 1
    assert [h.source for h in library.wanted()] == ["乙.txt"]  # the first by path: 乙 sorts before 甲


def test_of_editions_with_equal_text_the_one_with_pages_is_served(library: Intake) -> None:
    plain, paged = put(library, "/corpus/a.txt", TEXT), put(library, "/corpus/b.pdf", TEXT, pages=(0, 12))
    assert plain.document_id == paged.document_id
    assert plain.edition != paged.edition
    assert library.wanted() == (paged,)


def test_an_edition_is_made_of_all_that_was_parsed() -> None:
    document, chunks = document_of(TEXT)
    elsewhere, _ = document_of(TEXT, "另一个名字.txt")
    assert edition_of(document, chunks) == edition_of(elsewhere, chunks)
    assert edition_of(document, chunks) != edition_of(document, chunks[:-1])


def test_problems_are_kept_with_their_file_and_replaced_with_it(library: Intake) -> None:
    bad = Problem("坏.pdf", "第2页", "无法解码", True)
    library.put_source(source("/corpus/坏.pdf", bad), None, ())
    assert library.sources()["/corpus/坏.pdf"].problems == (bad,)
    assert library.wanted() == ()
    put(library, "/corpus/坏.pdf", TEXT)
    assert library.sources()["/corpus/坏.pdf"].problems == ()


def test_vectors_are_asked_for_once_a_passage_and_model(library: Intake) -> None:
    holding = put(library, "/corpus/a.txt", TEXT)
    missing = library.missing("m1", [holding])
    assert [passage for _, passage in missing] == [c.passage for c in document_of(TEXT)[1]]
    library.put_vectors("m1", [(key, b"\0\0\x80\x3f" * 4) for key, _ in missing])
    library.put_vectors("m1", [(key, b"\0\0\x80\x3f" * 4) for key, _ in missing])  # a second time does no harm
    assert library.missing("m1", [holding]) == []
    assert len(library.missing("m2", [holding])) == 3
    assert library.counts()["embeddings"] == 3


def test_a_model_that_changes_its_dimension_under_its_name_is_refused(library: Intake) -> None:
    library.put_vectors("m", [("h1", bytes(16))])
    with pytest.raises(LibraryError, match="维数"):
        library.put_vectors("m", [("h2", bytes(32))])


def test_purge_takes_what_no_file_and_no_generation_has(library: Intake) -> None:
    kept = put(library, "/corpus/a.txt", TEXT)
    served = put(library, "/corpus/b.txt", "旧办法\n市科技局负责。")
    loose = put(library, "/corpus/c.txt", "草稿\n市卫健委负责。")
    library.put_vectors("m", [(key, bytes(16)) for key, _ in library.missing("m", [kept, served, loose])])
    library.record(manifest("gen-1", kept, served))
    library.drop_sources(["/corpus/b.txt", "/corpus/c.txt"])
    assert library.purge() == 1
    assert library.document(loose) is None
    assert library.document(served) is not None
    assert library.counts()["embeddings"] == 5
    library.forget(["gen-1"])
    assert library.purge() == 1
    assert library.counts() == {
        "sources": 1,
        "documents": 1,
        "clauses": 3,
        "chunks": 3,
        "embeddings": 3,
        "generations": 0,
    }


def test_a_failed_write_leaves_nothing_of_itself(engine: Engine, library: Intake) -> None:
    document, chunks = document_of(TEXT)
    with pytest.raises(LibraryError):
        library.put_source(source("/corpus/a.txt"), document, (*chunks, chunks[0]))  # twice the same ordinal
    assert set(library.counts().values()) == {0}
    with pytest.raises(LibraryError), writing(engine) as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))


def test_a_reader_sees_whole_documents_while_a_writer_works(library: Intake) -> None:
    texts = [f"第{i}号文件\n" + "\n".join(f"第{j}条 由第{j}处负责。" for j in range(20)) for i in range(15)]
    stop = threading.Event()
    seen: list[tuple[int, int]] = []
    failures: list[BaseException] = []

    def look() -> None:
        try:
            while not stop.is_set():
                for holding in library.wanted():
                    found = library.document(holding)
                    assert found is not None
                    seen.append((len(found.clauses), len(library.chunks_of(holding))))
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for i, text_ in enumerate(texts):
        put(library, f"/corpus/{i}.txt", text_)
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert set(seen) == {(21, 21)}


def test_the_key_of_a_vector_is_what_is_embedded() -> None:
    _, (_, chunk, _) = document_of(TEXT)
    assert passage_hash(chunk.passage) != passage_hash(chunk.text)
