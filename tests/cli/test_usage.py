"""Help and errors of usage are Chinese to their frame, and English where that is asked for."""

from __future__ import annotations

from collections.abc import Sequence

import click
import pytest
from click.testing import CliRunner, Result

from assistant.faces.cli import main
from assistant.usage import told
from ingest.cli import cli


def run(program: click.Command, *words: str, **environment: str) -> Result:
    return CliRunner(env={"ASSISTANT_LANG": "", **environment}).invoke(program, words, prog_name="assistant")


@pytest.mark.parametrize("words", [["--help"], ["ask", "--help"], ["ledger", "--help"], ["ledger", "history", "-h"]])
def test_help_has_no_english_frame(words: Sequence[str]) -> None:
    shown = run(main, *words).output
    assert "用法：assistant" in shown and "选项：" in shown and "显示这段说明。" in shown
    assert not any(word in shown for word in ("Usage", "Options", "Commands:", "Show this", "[OPTIONS]", "INTEGER"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["akk"], "没有“akk”这条命令。"),
        (["ask"], "缺少 问题。"),
        (["ask", "--jsn", "谁牵头"], "没有 --jsn 这个选项，是不是 --json？"),
        (["ask", "谁", "牵头"], "多写了“牵头”；内容里有空格时请加引号。"),
        (["serve", "--port", "abc"], "--port 要写数字。"),
        (["serve", "--port", "99999"], "--port 不能是 99999，范围是 0<=x<=65535。"),
        (["ledger", "--lead"], "--lead 后面没有写内容。"),
        (["eval", "没有的.jsonl"], "找不到“没有的.jsonl”。请核对路径。"),
    ],
)
def test_an_error_of_usage_says_in_chinese_what_is_wrong(words: Sequence[str], message: str) -> None:
    result = run(main, *words)
    assert result.exit_code == 2
    assert f"错误：{message}" in result.output
    assert "Error" not in result.output and "Try" not in result.output


def test_ingest_says_it_in_the_same_way() -> None:
    assert "没有“runn”这条命令，是不是“run”？" in run(cli, "runn").output
    result = run(cli, "run", "/没有这个文件夹")
    assert result.exit_code == 2
    assert "错误：找不到“/没有这个文件夹”。请核对路径。" in result.output


def test_where_english_is_asked_for_it_stays() -> None:
    assert "Missing argument" in run(main, "ask", ASSISTANT_LANG="en").output
    assert "Options:" in run(main, "ask", "--help", ASSISTANT_LANG="en").output


def test_what_is_chinese_already_or_unknown_stays() -> None:
    assert told("这里不能这样写。") == "这里不能这样写。"
    assert told("Something else.") == "Something else."


@pytest.mark.parametrize(("port", "said"), [("abc", "要写整数"), ("70000", "不能大于 65535")])
def test_a_setting_that_cannot_be_read_is_told_in_chinese(port: str, said: str) -> None:
    result = run(main, "doctor", ASSISTANT_PORT=port)
    assert f"ASSISTANT_PORT（{said}）" in result.output and "Input" not in result.output
