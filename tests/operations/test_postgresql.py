"""The service on a real PostgreSQL server: ingest, answers, locks between machines, backup, and what a failure says."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from assistant.adapters.backup import restore_backup
from assistant.adapters.database.engine import open_library, postgresql_url, writing
from assistant.adapters.database.transfer import copy_rows
from assistant.bootstrap import create_web_app, open_service
from assistant.bootstrap_backup import back_up
from assistant.errors import BackupError, Busy, LibraryError, SettingsError
from assistant.faces.cli import main
from assistant.settings import Settings
from ingest import wiring
from tests.conftest import ROOT
from tests.fakes.local_client import local_client
from tests.fakes.postgres import Cluster
from tests.fakes.stages import Silent, text_stages
from tests.patience import until

QUESTION = "实习基地由谁牵头建立？"


def settings(folder: Path, url: str, **more: object) -> Settings:
    return Settings(data_dir=folder, database_url=url, embeddings_engine="none", **more)


@pytest.fixture
def url(postgres: Cluster) -> str:
    return postgres.fresh()


@pytest.fixture
def filled(tmp_path: Path, url: str) -> Path:
    """The data folder of a machine that has ingested a file into the server's database."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "复函.txt").write_text("关于校企合作的复函\n市教育局牵头建立实习基地。", "utf-8")
    with wiring.ingest_on(tmp_path / "data", None, text_stages(), Silent(), url=url) as ingest:
        assert ingest.run([tmp_path / "corpus"]).generation == "gen-1"
    assert not (tmp_path / "data" / "library.db").exists()
    return tmp_path / "data"


def test_a_library_on_a_server_is_ingested_asked_and_kept(filled: Path, url: str) -> None:
    service = open_service(settings(filled, url))
    try:
        client = local_client(create_web_app(service))
        answer = client.post("/api/ask", json={"question": QUESTION}).json()
        assert answer["citations"][0]["quote"] in "市教育局牵头建立实习基地。"
        again = client.post("/api/ask", json={"question": "谁配合？", "conversation_id": answer["conversation_id"]})
        assert again.status_code == 200
        assert client.get("/api/ledger").json()["total"] == 1
        assert client.get("/api/conversations").json()["total"] == 1
        assert client.get("/readyz").json() == {"status": "ready", "index": "gen-1"}
    finally:
        service.close()
    assert wiring.verify(filled, url).faults == ()
    assert wiring.status(filled, url)["index"]["up_to_date"] is True


def test_two_machines_do_not_ingest_into_one_database_at_once(tmp_path: Path, url: str) -> None:
    """The data folders differ, as they do on two machines: the lock is the server's."""
    with (
        wiring.ingest_on(tmp_path / "one", None, text_stages(), Silent(), url=url),
        pytest.raises(Busy, match="另一台机器"),
        wiring.ingest_on(tmp_path / "two", None, text_stages(), Silent(), url=url),
    ):
        pass
    with wiring.ingest_on(tmp_path / "two", None, text_stages(), Silent(), url=url):
        pass


def test_the_lock_of_a_killed_ingest_is_gone_with_it(tmp_path: Path, url: str) -> None:
    code = (
        "import sys, time; from pathlib import Path; from ingest import wiring;"
        "from tests.fakes.stages import Silent, text_stages\n"
        "with wiring.ingest_on(Path(sys.argv[1]), None, text_stages(), Silent(), url=sys.argv[2]):\n"
        "    print('in', flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "one"), url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in\n"
        with pytest.raises(Busy), wiring.ingest_on(tmp_path / "two", None, text_stages(), Silent(), url=url):
            pass
        process.kill()

    def free() -> bool:
        try:
            with wiring.ingest_on(tmp_path / "two", None, text_stages(), Silent(), url=url):
                return True
        except Busy:
            return False

    until(free, "the lock outlived its holder")


def test_writers_of_several_machines_come_one_after_the_other(tmp_path: Path, url: str) -> None:
    """What a transaction has read stays true until it has written: no update is lost."""
    first = open_library(tmp_path / "a", url)
    with writing(first) as connection:
        connection.execute(text("INSERT INTO marks (name, value) VALUES ('count', '0')"))

    def count(folder: Path) -> None:
        engine = open_library(folder, url)
        for _ in range(20):
            with writing(engine) as connection:
                value = connection.execute(text("SELECT value FROM marks WHERE name = 'count'")).scalar()
                connection.execute(text("UPDATE marks SET value = :v WHERE name = 'count'"), {"v": str(int(value) + 1)})
        engine.dispose()

    threads = [threading.Thread(target=count, args=(tmp_path / name,)) for name in ("a", "b", "c", "d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with first.connect() as connection:
        assert connection.execute(text("SELECT value FROM marks")).scalar() == "80"
    first.dispose()


def test_several_services_may_make_the_tables_at_once(tmp_path: Path, url: str) -> None:
    failures: list[BaseException] = []

    def opening(n: int) -> None:
        try:
            open_library(tmp_path / str(n), url).dispose()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=opening, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_backup_of_a_server_is_restored_to_a_file_and_to_a_server(
    filled: Path, url: str, tmp_path: Path, postgres: Cluster
) -> None:
    service = open_service(settings(filled, url))
    local_client(create_web_app(service)).post("/api/ask", json={"question": QUESTION})
    with pytest.raises(Busy):
        restore_backup(
            back_up(tmp_path / "x.tar", settings=settings(filled, url)) and tmp_path / "x.tar",
            filled,
            url=url,
            overwrite=True,
        )
    service.close()
    taken = back_up(tmp_path / "copy.tar.gz", settings=settings(filled, url))
    assert (taken.contents.documents, taken.contents.generation, len(taken.contents.originals)) == (1, "gen-1", 1)
    restored = restore_backup(tmp_path / "copy.tar.gz", tmp_path / "file")
    assert restored.index
    to_file = Settings(data_dir=tmp_path / "file", embeddings_engine="none")
    elsewhere = postgres.fresh()
    assert restore_backup(tmp_path / "copy.tar.gz", tmp_path / "server", url=elsewhere).index
    for chosen in (to_file, settings(tmp_path / "server", elsewhere)):
        service = open_service(chosen)
        client = local_client(create_web_app(service))
        assert client.get("/api/conversations").json()["total"] == 1
        assert client.post("/api/ask", json={"question": QUESTION}).json()["citations"]  # the numbers of rows go on
        assert client.get("/api/conversations").json()["total"] == 2
        service.close()
    with pytest.raises(BackupError, match="已有资料库"):
        restore_backup(tmp_path / "copy.tar.gz", tmp_path / "third", url=elsewhere)
    again = restore_backup(tmp_path / "copy.tar.gz", tmp_path / "third", url=elsewhere, overwrite=True)
    assert again.set_aside is not None
    assert (Path(again.set_aside) / "library.db").is_file()


def test_rows_that_cannot_be_copied_leave_the_target_as_it_was(tmp_path: Path, url: str) -> None:
    source, target = open_library(tmp_path / "a"), open_library(tmp_path / "b", url)
    for engine, name in ((source, "new"), (target, "old")):
        with writing(engine) as connection:
            connection.execute(text("INSERT INTO marks (name, value) VALUES (:n, '')"), {"n": name})
    with writing(source) as connection:  # SQLite keeps what no server takes
        connection.execute(text("INSERT INTO labels (document_id, label) VALUES (:d, 'x')"), {"d": "d" * 100})
    with pytest.raises(LibraryError):
        copy_rows(source, target)
    with target.connect() as connection:
        assert connection.execute(text("SELECT name FROM marks")).scalar() == "old"
    source.dispose()
    target.dispose()


# ── what goes wrong ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("wrong", ["mysql://u@h/db", "sqlite:///x.db", "postgresql://h", "not a url", ""])
def test_an_address_of_something_else_is_refused_with_the_form(wrong: str) -> None:
    with pytest.raises(SettingsError) as refused:
        postgresql_url(wrong)
    assert "postgresql://" in refused.value.advice


def test_a_server_that_is_not_there_is_said_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="连不上") as refused:
        open_library(tmp_path, "postgresql://u:geheim@127.0.0.1:9/db")
    assert "ASSISTANT_DATABASE_URL" in refused.value.advice
    assert "geheim" not in str(refused.value)
    result = CliRunner().invoke(
        main,
        ["doctor", "--json"],
        env={"ASSISTANT_DATA_DIR": str(tmp_path), "ASSISTANT_DATABASE_URL": "postgresql://u:geheim@127.0.0.1:9/db"},
    )
    (check,) = json.loads(result.stdout)["checks"]
    assert (check["name"], check["state"]) == ("数据库", "fail")
    assert "geheim" not in result.stdout


def test_a_database_that_is_not_there_is_named(tmp_path: Path, postgres: Cluster) -> None:
    with pytest.raises(LibraryError, match=r"nowhere.*does not exist"):
        open_library(tmp_path, postgres.url("nowhere"))


def test_a_server_that_goes_away_and_comes_back(filled: Path, url: str, postgres: Cluster) -> None:
    service = open_service(settings(filled, url))
    try:
        client = local_client(create_web_app(service))
        postgres.stop()
        try:
            down = client.get("/readyz")
            assert down.status_code == 503
            assert down.json()["troubles"][0]["code"] == "library"
            asked = client.post("/api/ask", json={"question": QUESTION})
            assert asked.status_code == 503
            assert "数据库服务器" in asked.text
        finally:
            postgres.start()
        assert client.post("/api/ask", json={"question": QUESTION}).status_code == 200
    finally:
        service.close()


def test_an_ingest_whose_server_goes_away_says_so_and_the_next_one_goes_on(
    filled: Path, url: str, postgres: Cluster, tmp_path: Path
) -> None:
    with (
        pytest.raises(LibraryError, match="数据库服务器") as failed,
        wiring.ingest_on(filled, None, text_stages(), Silent(), url=url) as ingest,
    ):
        postgres.stop()
        try:
            ingest.run([tmp_path / "corpus"])
        finally:
            postgres.start()
    assert failed.value.advice
    with wiring.ingest_on(filled, None, text_stages(), Silent(), url=url) as ingest:
        assert ingest.run([tmp_path / "corpus"]).documents == 1
