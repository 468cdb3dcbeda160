"""``ingest watch``: what sets it off, and that it goes on whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from assistant.errors import AssistantError, EmbeddingError
from ingest.watch import watch
from tests.ingest_runs.conftest import Desk
from tests.patience import SECONDS, until


class Watching:
    """A watch over a folder in a thread, that notes what it does."""

    def __init__(self, folder: Path, every: float = 600, fail_first: bool = False) -> None:
        self.runs: list[list[str]] = []
        self.failures: list[str] = []
        self._folder = folder
        self._fail_first = fail_first
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=watch,
            args=([folder], self._ingest, lambda error: self.failures.append(str(error)), self._stop),
            kwargs={"every": every, "leave_out": folder / "data", "settle_ms": 100},
        )

    def _ingest(self) -> None:
        if self._fail_first and not self.failures:
            raise EmbeddingError("向量服务没有回应。")
        self.runs.append(sorted(p.name for p in self._folder.glob("*.txt")))

    def __enter__(self) -> Watching:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(SECONDS)
        assert not self._thread.is_alive()


def test_a_folder_is_taken_at_once_and_again_when_it_changes(tmp_path: Path) -> None:
    folder, aside = tmp_path / "drive", tmp_path / "aside"
    for made in (folder, folder / "data", aside):
        made.mkdir()
    for name in ("b.txt", "c.txt", "d.txt"):
        (aside / name).write_text("二")
    (folder / "a.txt").write_text("一")
    with Watching(folder) as watching:
        until(lambda: watching.runs == [["a.txt"]])
        (folder / "data" / "library.db").write_text("what a run writes sets nothing off")
        time.sleep(0.5)
        assert watching.runs == [["a.txt"]]
        for name in ("b.txt", "c.txt", "d.txt"):
            (aside / name).rename(folder / name)
        until(lambda: watching.runs[-1] == ["a.txt", "b.txt", "c.txt", "d.txt"])
        assert len(watching.runs) <= 4  # a burst is one change; a busy machine may take it for several


def test_a_burst_of_changes_is_one(tmp_path: Path) -> None:
    (tmp_path / "drive").mkdir()
    (tmp_path / "aside").mkdir()
    for n in range(30):
        (tmp_path / "aside" / f"{n:02}.txt").write_text("二")
    with Watching(tmp_path / "drive") as watching:
        until(lambda: watching.runs == [[]])
        for path in (tmp_path / "aside").iterdir():
            path.rename(tmp_path / "drive" / path.name)
        until(lambda: len(watching.runs[-1]) == 30)
        assert len(watching.runs) < 15


def test_what_is_not_told_is_found_when_it_is_time(tmp_path: Path) -> None:
    with Watching(tmp_path, every=0.3) as watching:
        until(lambda: len(watching.runs) >= 2)


def test_a_failure_is_told_and_tried_again(tmp_path: Path) -> None:
    with Watching(tmp_path, every=0.3, fail_first=True) as watching:
        until(lambda: bool(watching.runs))
        assert watching.failures == ["向量服务没有回应。"]


def test_a_folder_that_is_away_is_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "drive"
    with Watching(folder, every=0.1) as watching:
        until(lambda: bool(watching.failures))
        assert watching.runs == []
        folder.mkdir()
        until(lambda: bool(watching.runs))


def test_only_errors_of_ours_are_caught(tmp_path: Path) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    def told(error: AssistantError) -> None:
        raise AssertionError

    with pytest.raises(ZeroDivisionError):
        watch([tmp_path], broken, told, threading.Event(), every=1, leave_out=tmp_path / "data")


def test_the_command_takes_what_comes_and_ends_cleanly_when_asked_to(desk: Desk) -> None:
    desk.write("a.txt", "值班通知", "各处室值班。")
    environment = dict(os.environ, ASSISTANT_DATA_DIR=str(desk.data_dir), ASSISTANT_EMBEDDINGS_ENGINE="none")
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest", "watch", str(desk.corpus), "--jobs", "1"],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )

    def held() -> int:
        if not (desk.data_dir / "index" / "CURRENT").exists():
            return 0
        with desk.index() as index:
            return len(index.documents())

    try:
        until(lambda: held() == 1)
        desk.write("b.txt", "防汛通知", "各处室巡查。")
        until(lambda: held() == 2)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
    assert process.returncode == 0, said
    assert "正在监视" in said
    assert "已停止" in said
    assert "Traceback" not in said
