"""Tables of documents in a run: by a mapping, in an archive, and what a bad one costs."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.domain.policy import Problem
from ingest.cli import cli
from ingest.formats.model import Limits
from ingest.mapping import read_mapping
from ingest.parsed import Parsed
from ingest.worker import Job, answers

TABLE = "题,内容,号\n关于甲事的建议,一、请办甲事。,12\n关于乙事的建议,一、请办乙事。,13\n"
MAPPING = "columns: {title: 题, text: 内容, number: 号}\n"


def archive(**members: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, text in members.items():
            packed.writestr(name, text)
    return file.getvalue()


def names(job: Job) -> list[str]:
    return [message.name for message in answers(job) if isinstance(message, Parsed)]


def test_each_row_is_a_document_of_its_file_also_in_an_archive() -> None:
    mapping = read_mapping(MAPPING.encode())
    packed = archive(**{"a.csv": TABLE, "b.txt": "关于丙事的通知\n请办。"})
    job = Job("全.zip", packed, Limits(), mapping=mapping)
    rows = ["全.zip/a.csv/第2行 关于甲事的建议", "全.zip/a.csv/第3行 关于乙事的建议"]
    assert names(job) == [*rows, "全.zip/b.txt"]
    assert names(Job("全.zip", packed, Limits())) == ["全.zip/a.csv", "全.zip/b.txt"]


def test_a_job_that_goes_on_leaves_out_what_was_answered() -> None:
    mapping = read_mapping(MAPPING.encode())
    packed = archive(**{"a.csv": TABLE, "b.txt": "关于丙事的通知\n请办。"})
    assert names(Job("全.zip", packed, Limits(), skip=1, mapping=mapping))[0] == "全.zip/a.csv/第3行 关于乙事的建议"
    ended = Job("全.zip", packed, Limits(), skip=1, ended=frozenset(["全.zip/a.csv"]), mapping=mapping)
    assert names(ended) == ["全.zip/b.txt"]


def test_a_mapping_that_does_not_fit_is_a_problem_of_the_file() -> None:
    mapping = read_mapping(MAPPING.replace("题", "标题").encode())
    [found] = [m for m in answers(Job("a.csv", TABLE.encode(), Limits(), mapping=mapping)) if isinstance(m, Parsed)]
    assert found.problems == (Problem("a.csv", "", "对应表写的列“标题”不在表中。 表中的列：题、内容、号。", lost=True),)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick: None) -> Path:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ASSISTANT_EMBEDDINGS_ENGINE", "none")
    (tmp_path / "表").mkdir()
    (tmp_path / "表" / "提案.csv").write_text(TABLE, "utf-8")
    (tmp_path / "对应.yaml").write_text(MAPPING, "utf-8")
    return tmp_path


def ingest(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


def test_the_command_takes_a_mapping(folder: Path) -> None:
    first = ingest("run", folder / "表", "--mapping", folder / "对应.yaml", "--json")
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout)["documents"]["total"] == 2
    again = json.loads(ingest("run", folder / "表", "--mapping", folder / "对应.yaml", "--json").stdout)
    assert (again["read"], again["documents"]["unchanged"]) == (0, 2)


def test_a_mapping_with_a_fault_stops_the_command_before_anything_is_read(folder: Path) -> None:
    (folder / "对应.yaml").write_text("columns: {title: 题}", "utf-8")
    result = ingest("run", folder / "表", "--mapping", folder / "对应.yaml")
    assert result.exit_code == 4
    assert "错误：对应.yaml 有误：缺少 columns.text。 写法见 docs/mapping.md。" in result.stderr
    assert not (folder / "data" / "index").exists()
