"""The command ``ingest``: exit codes, what goes to stdout, what a person reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.adapters.generation.build import ingest_lock
from ingest.cli import cli

pytestmark = pytest.mark.usefixtures("quick")

REPLY = """关于推进校企合作的通知

各县（市）区教育局：

为推进校企合作，现将有关事项通知如下。

一、建立实习基地
市教育局牵头建立实习基地，市财政局配合。

二、落实经费
市财政局安排专项资金。

市教育局
2024年3月5日
"""


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(tmp_path / "corpus"))
    monkeypatch.setenv("ASSISTANT_EMBEDDINGS_ENGINE", "none")
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "通知.txt").write_text(REPLY, "utf-8")
    return folder


def ingest(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def printed(result: Result) -> dict:
    return json.loads(result.stdout)


def test_run_takes_the_corpus_folder_and_prints_one_object(corpus: Path) -> None:
    result = ingest("run", "--json")
    assert result.exit_code == 0, result.output
    outcome = printed(result)
    assert outcome["documents"] == {"total": 1, "new": 1, "unchanged": 0, "removed": 0, "superseded": 0}
    assert (outcome["generation"], outcome["published"], outcome["lost"], outcome["model"]) == ("gen-1", True, 0, None)
    assert set(outcome["seconds"]) == {"discover", "read", "label", "relate", "ledger", "publish"}
    again = printed(ingest("run", "--json"))
    assert (again["read"], again["published"], again["documents"]["unchanged"]) == (0, False, 1)


def test_a_file_given_by_its_own_path_is_no_problem(corpus: Path) -> None:
    result = ingest("run", str(corpus / "通知.txt"), "--json")
    assert result.exit_code == 0, result.output
    assert printed(result)["documents"]["total"] == 1


def test_run_shows_a_table_and_the_problems_on_stderr(corpus: Path) -> None:
    (corpus / "坏.pdf").write_bytes(b"%PDF-1.7 nothing")
    result = ingest("run")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "仅按词检索" in result.stderr
    assert "丢失 坏.pdf" in result.stderr
    assert "Traceback" not in result.stderr


def test_run_of_a_path_that_is_not_there_is_wrong_usage(corpus: Path) -> None:
    assert ingest("run", str(corpus / "nothing")).exit_code == 2
    for path in corpus.iterdir():
        path.unlink()
    corpus.rmdir()
    result = ingest("run")
    assert result.exit_code == 2
    assert "不存在" in result.stderr


def test_a_second_ingest_is_told_to_wait(corpus: Path, tmp_path: Path) -> None:
    with ingest_lock(tmp_path / "data"):
        result = ingest("run")
    assert result.exit_code == 3
    assert "另一个入库任务" in result.stderr


def test_a_broken_library_is_a_failure_with_advice(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "library.db").write_bytes(b"no database at all, only bytes" * 40)
    result = ingest("run")
    assert result.exit_code == 4
    assert "资料库" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_wrong_setting_is_named(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MAX_FILE_MB", "many")
    result = ingest("run")
    assert result.exit_code == 4
    assert "ASSISTANT_MAX_FILE_MB" in result.stderr


def test_status_before_and_after(corpus: Path) -> None:
    empty = printed(ingest("status", "--json"))
    assert (empty["documents"], empty["index"], empty["last_run"]) == (0, None, None)
    ingest("run")
    status = printed(ingest("status", "--json"))
    assert (status["sources"], status["documents"], status["problems"]) == (1, 1, [])
    assert (status["index"]["name"], status["index"]["up_to_date"]) == ("gen-1", True)
    assert status["last_run"]["command"] == "run"
    assert status["last_run"]["ended_at"]
    assert "gen-1" in ingest("status").stderr


def test_remove_takes_files_out_even_when_they_are_gone(corpus: Path) -> None:
    second = corpus / "第二份.txt"
    second.write_text(REPLY.replace("校企合作", "产教融合"), "utf-8")
    ingest("run")
    second.unlink()
    result = ingest("remove", str(second), "--json")
    assert result.exit_code == 0, result.output
    assert printed(result)["documents"] == {"total": 1, "new": 0, "unchanged": 1, "removed": 1, "superseded": 0}
    assert ingest("remove", str(second)).exit_code == 2
    assert ingest("remove").exit_code == 2


def test_verify_and_rebuild(corpus: Path, tmp_path: Path) -> None:
    assert ingest("verify").exit_code == 4  # nothing was published
    ingest("run")
    result = ingest("verify", "--json")
    assert result.exit_code == 0, result.output
    assert (printed(result)["ok"], printed(result)["documents"]) == (True, 1)
    for path in (tmp_path / "data" / "index" / "gen-1" / "lexical").glob("*.store"):
        path.unlink()
    damaged = ingest("verify", "--json")
    assert damaged.exit_code == 1
    assert printed(damaged)["faults"]
    assert printed(ingest("rebuild", "--json"))["generation"] == "gen-2"
    assert ingest("verify").exit_code == 0


def test_a_relative_path_and_an_absolute_one_are_the_same_file(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest("run", str(corpus))
    monkeypatch.chdir(corpus.parent)
    again = printed(ingest("run", "corpus", "--json"))
    assert (again["read"], again["documents"]["total"]) == (0, 1)


def test_help_starts_without_anything_heavy() -> None:
    code = "import sys, ingest.cli; print([m for m in sys.modules if m.split('.')[0] in sys.argv[1:]])"
    heavy = [
        "chromadb",
        "numpy",
        "sqlalchemy",
        "pydantic",
        "rich",
        "tantivy",
        "lxml",
        "pypdfium2",
        "rapidocr",
        "cv2",
        "alembic",
        "langchain_core",
    ]
    found = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_module_runs_as_the_command_does(corpus: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "run", "--json"], capture_output=True, text=True, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["published"] is True


def test_a_dry_run_says_what_would_be_done_and_does_nothing(corpus: Path, tmp_path: Path) -> None:
    (corpus / "坏.pdf").write_bytes(b"%PDF-1.7 nothing")
    result = ingest("run", "--dry-run", "--json")
    assert result.exit_code == 1
    found = printed(result)
    assert (found["dry_run"], found["new"], found["unreadable"]) == (True, ["通知.txt"], ["坏.pdf"])
    assert (found["documents"], found["lost"]) == (1, 1)
    assert found["characters"] > 50
    assert not (tmp_path / "data").exists()
    ingest("run")
    (corpus / "坏.pdf").unlink()
    (corpus / "通知.txt").write_text(REPLY + "附：联系人。\n", "utf-8")
    (corpus / "新.txt").write_text(REPLY, "utf-8")
    later = printed(ingest("run", "--dry-run", "--json"))
    assert (later["new"], later["changed"], later["removed"], later["unchanged"]) == (
        ["新.txt"],
        ["通知.txt"],
        ["坏.pdf"],
        0,
    )
    assert printed(ingest("status", "--json"))["sources"] == 2  # nothing was done
    assert "试运行" in ingest("run", "--dry-run").stderr


def test_the_number_of_jobs_changes_nothing_but_the_time(corpus: Path) -> None:
    for number in range(6):
        (corpus / f"{number}.txt").write_text(REPLY.replace("校企合作", f"第{number}项工作"), "utf-8")
    first = printed(ingest("run", "--jobs", "3", "--json"))
    assert (first["documents"]["total"], first["lost"]) == (7, 0)
    assert printed(ingest("run", "--jobs", "1", "--json"))["published"] is False
    assert ingest("run", "--jobs", "0").exit_code == 2


def test_status_shows_links_and_who_has_no_answer(corpus: Path) -> None:
    (corpus / "通知.txt").write_text(REPLY.replace("建立实习基地\n", "建立实训基地\n"), "utf-8")
    ingest("run")
    (corpus / "通知.txt").write_text(REPLY, "utf-8")
    ingest("run")
    shown = ingest("status").stderr
    assert "是 《关于推进校企合作的通知》 的新版本" in shown
    assert "旧版本" in shown
