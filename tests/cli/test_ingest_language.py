"""``ingest`` in English, where it is asked for; problems are kept in Chinese, as the pages tell them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest.cli import cli
from ingest.language import helped, said
from tests.cli.test_language import CHINESE, words
from tests.conftest import ROOT

CARRY_REASONS = {"Trouble", "Problem", "Refused", "Unreadable", "SourceUnreadable", "MappingError", "UsageError"}


@pytest.fixture(autouse=True)
def english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LANG", "en_GB.UTF-8")
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ASSISTANT_EMBEDDINGS_ENGINE", "none")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(helped(cli), list(arguments))


def test_all_help_is_english_but_for_labels_that_are_typed_in_chinese() -> None:
    told = [text for text in words(helped(cli)) if CHINESE.search(text)]
    assert len(told) == 1, told
    assert "公开 (everybody)" in told[0]


def test_a_run_its_problems_and_the_state_are_told_in_english(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.txt").write_text("关于修建水渠的通知\n一、由市水务局牵头，9月31日前完成。\n", encoding="utf-8")
    (folder / "b.rar").write_bytes(b"Rar!\x1a\x07\x00" + bytes(40))
    result = run("run", str(folder))
    assert result.exit_code == 1
    for text in ("Result of the run", "files looked at", "2 (2 of them read)", "search by words alone", "read files"):
        assert text in result.stderr
    assert "lost b.rar: format not supported: .rar. An archive: unpack it" in result.stderr
    assert "note a.txt, " in result.stderr
    assert "there is no such date as “9月31日”; kept as it is" in result.stderr
    assert not CHINESE.search(re.sub("“.*?”|《.*?》|一：|一:", "", result.stderr)), result.stderr
    assert "Library" in run("status").stderr
    assert "All is as it should be." in run("verify").stderr
    assert run("run", str(folder), "--dry-run").stderr.startswith("Dry run, nothing written")
    refused = run("remove", str(tmp_path / "nowhere"))
    assert "The library holds nothing from these paths" in refused.output


def test_programs_read_the_same_words_in_every_language(tmp_path: Path) -> None:
    (tmp_path / "b.rar").write_bytes(b"Rar!\x1a\x07\x00" + bytes(40))
    assert "格式不支持" in run("run", str(tmp_path / "b.rar"), "--json").stdout


def test_almost_every_reason_has_its_english() -> None:
    """A reason that is added without English stays Chinese; many must not."""
    found, missing = 0, []
    for module in (ROOT / "ingest").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in CARRY_REASONS:
                continue
            for argument in node.args:
                if (text := written(argument)) and CHINESE.search(text):
                    found += 1
                    if CHINESE.search(said(text)):
                        missing.append(text)
    assert found > 100
    assert len(missing) <= 0.05 * found, missing


def written(node: ast.expr) -> str:
    """A text of the source, with 7 for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
    return ""
