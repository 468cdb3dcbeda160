"""``assistant documents``: what is there, and words that narrow it."""

from __future__ import annotations

import json

from click.testing import CliRunner

from assistant.faces.cli import main
from tests.cli.fake_service import FakeIndexes, FakeService


def test_all_documents_with_their_count() -> None:
    result = CliRunner().invoke(main, ["documents"], obj=FakeService(), env={"COLUMNS": "120"})
    assert result.exit_code == 0
    assert "关于夜间公交的答复" in result.stdout
    assert "2024-05-01" in result.stdout
    assert "共 2 份文件" in result.stdout


def test_words_narrow_by_title_number_unit_and_source() -> None:
    for query in ("夜间", "2024〕3号", "市交通局", "bus.TXT", "夜间 交通局"):
        result = CliRunner().invoke(main, ["documents", query, "--json"], obj=FakeService())
        listed = json.loads(result.stdout)
        assert [d["id"] for d in listed["documents"]] == ["d1"], query
        assert listed["total"] == 1


def test_nothing_ingested_is_said_with_what_to_do() -> None:
    result = CliRunner().invoke(main, ["documents"], obj=FakeService(indexes=FakeIndexes(published=False)))
    assert result.exit_code == 1
    assert "请运行 ingest run" in result.stderr
