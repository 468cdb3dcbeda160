"""Faults of the machine: what the service still does, what is lost, and who is told."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from sqlalchemy import event
from starlette.exceptions import HTTPException

from assistant.adapters.condition import LocalCondition
from assistant.adapters.database.purging import may_purge
from assistant.adapters.tokens import SECONDS, HmacTokens
from assistant.bootstrap import Service, create_web_app, forget_what_is_old, open_service
from assistant.domain.access import WidgetPass
from assistant.domain.audit import Deed
from assistant.domain.conditions import Part, Trouble
from assistant.errors import LibraryError
from assistant.faces.cli import main
from assistant.faces.web.limits import Allowance
from assistant.settings import Settings
from tests.cli.fake_service import FakeCondition, FakeService
from tests.conftest import ROOT
from tests.fakes.local_client import local_client
from tests.ingest_runs.conftest import Desk

QUESTION = "实习基地由谁牵头建立？"


@pytest.fixture
def filled(desk: Desk, quick: None) -> Desk:
    desk.embedder = None
    desk.write("复函.txt", "关于校企合作的复函", "市教育局牵头建立实习基地。")
    desk.run()
    return desk


@contextmanager
def serving(desk: Desk) -> Iterator[tuple[Service, TestClient]]:
    service = open_service(Settings(data_dir=desk.data_dir, embeddings_engine="none"))
    try:
        yield service, local_client(create_web_app(service))
    finally:
        service.close()


def doctor(desk: Desk) -> tuple[int, dict[str, dict[str, str]]]:
    result = CliRunner().invoke(
        main,
        ["doctor", "--json"],
        env={"ASSISTANT_DATA_DIR": str(desk.data_dir), "ASSISTANT_EMBEDDINGS_ENGINE": "none"},
    )
    return result.exit_code, {check["name"]: check for check in json.loads(result.stdout)["checks"]}


def codes(client: TestClient) -> list[str]:
    return [trouble["code"] for trouble in client.get("/readyz").json().get("troubles", [])]


def test_where_all_is_well_nothing_is_said(filled: Desk) -> None:
    with serving(filled) as (_, client):
        assert client.get("/readyz").json() == {"status": "ready", "index": "gen-1"}
    code, checks = doctor(filled)
    assert code == 0
    assert [checks[name]["state"] for name in ("磁盘", "数据库", "当前索引", "系统时间")] == ["ok"] * 4


# ── full disk ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_on_a_full_disk_answers_still_come_and_say_that_they_were_not_kept(filled: Desk) -> None:
    with serving(filled) as (service, client):

        @event.listens_for(service._engine, "connect")
        def full(connection: sqlite3.Connection, _record: object) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={pages}")

        service._engine.dispose()
        answers = []
        for n in range(40):  # until the pages that are there are full
            answers.append(client.post("/api/ask", json={"question": f"第{n}次问：{QUESTION * 20}"}).json())
            if any("没能保存" in notice for notice in answers[-1]["notices"]):
                break
        assert "没能保存" in "".join(answers[-1]["notices"])
        assert answers[-1]["citations"]
        _, total = service.conversations.conversations("local")
        assert total < len(answers)
        assert client.get("/api/documents").status_code == 200
        assert client.get("/readyz").status_code == 200


def test_an_ingest_on_a_full_disk_says_so_and_what_is_served_stays(filled: Desk) -> None:
    """The limit on the size of a file stands for the disk: both refuse the write in the middle."""
    for n in range(8):
        filled.write(f"{n}.txt", *(f"第{n}号第{i}条 由第{i}处办理。" for i in range(100)))
    size = (filled.data_dir / "library.db").stat().st_size

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50_000, size + 50_000))

    command = [sys.executable, "-m", "tests.ingest_runs.driver", str(filled.data_dir), str(filled.corpus)]
    done = subprocess.run(command, cwd=ROOT, preexec_fn=small, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 4, done.stderr
    assert "错误：" in done.stderr
    assert "磁盘" in done.stderr
    assert "Traceback" not in done.stderr
    assert filled.titles() == {"关于校企合作的复函"}
    assert filled.run().documents == 9  # with room again, the next run goes on


def test_a_probe_that_the_disk_does_not_take_is_a_full_disk(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_args: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    with serving(filled) as (_, client):
        monkeypatch.setattr("assistant.adapters.condition.tempfile.TemporaryFile", refused)
        assert codes(client) == ["disk_full"]
        assert client.get("/readyz").status_code == 200


def test_little_room_is_said_before_there_is_none(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(filled.data_dir)
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage._replace(free=9 << 20))
    with serving(filled) as (_, client):
        assert codes(client) == ["disk_low"]


# ── a data folder that cannot be written ──────────────────────────────────────────────────────────────────────────

LOOK = """
import json, sys
from fastapi.testclient import TestClient
from assistant.bootstrap import create_web_app, open_service
service = open_service()
client = TestClient(create_web_app(service), base_url="http://127.0.0.1", client=("127.0.0.1", 5000))
import os
os.chmod(service.settings.data_dir, 0o500)
for name in os.listdir(service.settings.data_dir):
    os.chmod(service.settings.data_dir / name, 0o500)
service._engine.dispose()
answer = client.post("/api/ask", json={"question": sys.argv[1]}).json()
print(json.dumps({"answer": answer, "ready": client.get("/readyz").json()}))
"""


def unprivileged(command: list[str], desk: Desk) -> subprocess.CompletedProcess[str]:
    """Run as somebody whom file permissions bind: root is not, unless it lays that down."""
    if os.geteuid() == 0:
        drop = "-dac_override,-dac_read_search"
        if shutil.which("setpriv") is None:
            pytest.skip("setpriv is not installed, and root may write everywhere")
        command = ["setpriv", f"--bounding-set={drop}", f"--inh-caps={drop}", *command]
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(desk.data_dir), "ASSISTANT_EMBEDDINGS_ENGINE": "none"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_a_disk_that_becomes_read_only_takes_no_answers_away(filled: Desk) -> None:
    try:
        done = unprivileged([sys.executable, "-c", LOOK, QUESTION], filled)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert found["answer"]["citations"], found
        assert "没能保存" in "".join(found["answer"]["notices"])
        assert [t["code"] for t in found["ready"]["troubles"]] == ["read_only"]
        assert found["ready"]["status"] == "ready"
        told = unprivileged([sys.executable, "-m", "assistant", "doctor"], filled)
        assert told.returncode == 1
        assert "[故障] 磁盘：数据目录不能写入" in told.stdout
        refused = unprivileged([sys.executable, "-m", "ingest", "run", str(filled.corpus)], filled)
        assert refused.returncode == 4
        assert "Traceback" not in refused.stderr
    finally:
        filled.data_dir.chmod(0o700)
        for path in filled.data_dir.iterdir():
            path.chmod(0o700)


# ── opened anew where nothing can be written ──────────────────────────────────────────────────────────────────────


def told(desk: Desk, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """What one of our commands says in a process of its own."""
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(desk.data_dir), "ASSISTANT_EMBEDDINGS_ENGINE": "none"}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False, **more
    )


def test_a_library_is_opened_where_not_even_its_log_finds_room(filled: Desk) -> None:
    """As on a disk that was full before the program started: no file may grow, not even by the index of the log."""

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    assert not list(filled.data_dir.glob("library.db-*"))  # whoever was last has taken the log away
    asked = told(filled, "assistant", "ask", QUESTION, preexec_fn=full)
    assert asked.returncode == 0, asked.stderr
    assert "“市教育局牵头建立实习基地”" in asked.stdout
    assert "没能保存" in asked.stdout
    doctor = told(filled, "assistant", "doctor", preexec_fn=full)
    assert "[故障] 磁盘：磁盘已满" in doctor.stdout
    assert "[正常] 数据库：文件完好" in doctor.stdout
    refused = told(filled, "ingest", "run", str(filled.corpus), preexec_fn=full)
    assert (refused.returncode, "磁盘是否已满" in refused.stderr) == (4, True), refused.stderr


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of 4 MB mounted on a folder. The test is skipped where that may not be done."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_small_disk_that_is_full_and_one_that_is_read_only(filled: Desk, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk):
        shutil.copytree(filled.data_dir, disk / "data")
        filled.data_dir = disk / "data"
        with suppress(OSError), (disk / "other").open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 1024)
        with serving(filled) as (_, client):
            assert codes(client) == ["disk_full"]
            answer = client.post("/api/ask", json={"question": QUESTION}).json()
            assert (len(answer["citations"]), "没能保存" in "".join(answer["notices"])) == (1, True)
            (disk / "other").unlink()
            again = client.post("/api/ask", json={"question": QUESTION}).json()
            assert again["notices"] == []
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with serving(filled) as (_, client):
            assert codes(client) == ["read_only"]
            answer = client.post("/api/ask", json={"question": QUESTION}).json()
            assert (len(answer["citations"]), "没能保存" in "".join(answer["notices"])) == (1, True)
            with pytest.raises(LibraryError, match="不能写入"):
                filled.run()
            subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
            again = client.post("/api/ask", json={"question": QUESTION}).json()
            assert again["notices"] == []


# ── damage ────────────────────────────────────────────────────────────────────────────────────────────────────────


def damage_table(data_dir: Path, table: str) -> None:
    """Overwrite the first page of a table."""
    with sqlite3.connect(data_dir / "library.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()[0]
    connection.close()
    with (data_dir / "library.db").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)


def test_a_damaged_page_is_named_with_the_way_back(filled: Desk) -> None:
    damage_table(filled.data_dir, "clauses")
    with serving(filled) as (service, client):
        asked = client.post("/api/ask", json={"question": QUESTION})
        if asked.status_code != 200:  # as far as an answer needs the page
            assert asked.json()["error"]["code"] == "library_damaged"
            assert "restore" in asked.json()["error"]["advice"] + asked.json()["error"]["message"]
        assert client.get("/healthz").status_code == 200
        forget_what_is_old(service)  # as it is done at the start, and every day: every page is read
        assert codes(client) == ["library_damaged"]
    code, checks = doctor(filled)
    assert code == 1
    assert "assistant restore" in checks["数据库"]["advice"]


def test_a_page_that_all_need_takes_the_service_out(filled: Desk) -> None:
    with serving(filled) as (service, client):
        service._engine.dispose()
        (filled.data_dir / "library.db").write_bytes(b"\0" * 200_000)
        for left in filled.data_dir.glob("library.db-*"):
            left.unlink()
        ready = client.get("/readyz")
        assert ready.status_code in (200, 503)
        assert ready.json()["troubles"][0]["code"] == "library_damaged"
        asked = client.post("/api/ask", json={"question": QUESTION})
        assert asked.status_code == 503
        assert "Traceback" not in asked.text
    code, checks = doctor(filled)
    assert code == 1
    assert checks["数据库"]["state"] == "fail"


def test_a_damaged_generation_is_passed_over_and_told(filled: Desk) -> None:
    filled.write("新.txt", "新的通知", "市卫健委负责。")
    filled.run()
    for file in (filled.data_dir / "index" / "gen-2" / "lexical").glob("meta.json"):
        file.write_bytes(b"{")
    with serving(filled) as (_, client):
        ready = client.get("/readyz").json()
        assert (ready["status"], ready["index"]) == ("ready", "gen-1")
        assert codes(client) == ["index_fallback"]
        assert client.post("/api/ask", json={"question": QUESTION}).json()["index"] == "gen-1"
    code, checks = doctor(filled)
    assert (code, checks["当前索引"]["state"]) == (0, "warn")
    assert "gen-1" in checks["索引"]["detail"]
    shutil.rmtree(filled.data_dir / "index" / "gen-1")
    with serving(filled) as (_, client):
        assert client.get("/readyz").status_code == 503


# ── the clock ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_clock_that_jumps_ahead_deletes_nothing_on_its_first_day(filled: Desk) -> None:
    with serving(filled) as (service, client):
        client.post("/api/ask", json={"question": QUESTION})
        service.audit.flush()
        now = datetime.now(UTC)
        assert may_purge(service._engine, now)
        assert may_purge(service._engine, now + timedelta(days=1))
        assert not may_purge(service._engine, now + timedelta(days=20_000))
        assert may_purge(service._engine, now + timedelta(days=20_001))
        assert may_purge(service._engine, now)  # and back


def test_old_records_go_when_the_clock_is_right(filled: Desk) -> None:
    with serving(filled) as (service, _):
        now = datetime.now(UTC)
        for days in (400, 1):
            at = (now - timedelta(days=days)).isoformat(timespec="milliseconds")
            service.audit.note(Deed(at, "user:x", "ask", "", 200, f"{days}"))
        service.audit.flush()
        forget_what_is_old(service)
        assert [deed.request_id for deed in service.audit.deeds()] == ["1"]


@pytest.mark.parametrize(("hours", "said"), [(-3.0, "调慢"), (30.0, "调快"), (0.01, "")])
def test_a_clock_that_is_set_while_the_service_runs_is_noticed(filled: Desk, hours: float, said: str) -> None:
    with serving(filled) as (service, _):
        ahead = 0.0
        condition = LocalCondition(
            service._engine, filled.data_dir, service._generations, lambda: time.time() + ahead, lambda: next(ticks)
        )
        ahead = hours * 3600
        found = [trouble for trouble in condition.troubles() if trouble.part is Part.CLOCK]
        assert [said in trouble.message for trouble in found] == ([True] if said else [])


def _ticking() -> Iterator[float]:
    while True:
        yield time.monotonic()


ticks = _ticking()


def test_a_clock_behind_the_records_is_noticed_at_the_start(filled: Desk) -> None:
    with serving(filled) as (service, client):
        ahead = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="milliseconds")
        service.audit.note(Deed(ahead, "user:x", "ask", "", 200, "r1"))
        service.audit.flush()
        assert codes(client) == ["clock_behind"]
    code, checks = doctor(filled)
    assert (code, checks["系统时间"]["state"]) == (0, "warn")


def test_a_clock_put_back_neither_locks_callers_out_nor_lengthens_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, back = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() - back[0])
    allowance = Allowance(questions_per_minute=1)
    allowance.begin_question("a")
    with pytest.raises(HTTPException):
        allowance.begin_question("a")
    back[0] = 86_400.0
    allowance.begin_question("a")
    tokens = HmacTokens(tmp_path, lambda: 1_000_000.0)
    token, _ = tokens.issue(WidgetPass("k1", "u", "https://a.example", None))
    assert tokens.read(token) is not None
    assert HmacTokens(tmp_path, lambda: 1_000_000.0 - 86_400).read(token) is None
    assert HmacTokens(tmp_path, lambda: 1_000_000.0 + SECONDS).read(token) is None


# ── what the doctor makes of it ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (Trouble(Part.DISK, "disk_low", "磁盘只剩 9 MB", "请腾出空间。"), "warn"),
        (Trouble(Part.DISK, "disk_full", "磁盘已满", "请腾出空间。"), "fail"),
        (Trouble(Part.CLOCK, "clock_moved", "系统时间被调慢了 3 小时", "请核对系统时间。"), "warn"),
        (Trouble(Part.LIBRARY, "library", "资料库读不出来", "请检查。", fatal=True), "fail"),
    ],
)
def test_the_doctor_tells_what_is_wrong_and_what_to_do(tmp_path: Path, trouble: Trouble, state: str) -> None:
    service = replace(FakeService(settings=Settings(data_dir=tmp_path)), condition=FakeCondition((trouble,)))
    result = CliRunner().invoke(main, ["doctor", "--json"], obj=service)
    found = [c for c in json.loads(result.stdout)["checks"] if c["detail"] == trouble.message]
    assert [(c["state"], c["advice"]) for c in found] == [(state, trouble.advice)]
