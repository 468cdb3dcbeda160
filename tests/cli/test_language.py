"""English on the command line, where it is asked for; what documents say stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import cleandoc

import click
import pytest
from click.testing import CliRunner

from assistant.faces.cli import main
from assistant.faces.cli.language import helped, said
from tests.cli.fake_service import QUOTE, FakeService

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LANG", "en_GB.UTF-8")


def words(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        yield from filter(None, (parameter.metavar, getattr(parameter, "help", None)))
    if command.help:
        yield cleandoc(command.help)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from words(inner)


@pytest.mark.usefixtures("english")
def test_all_help_is_english_but_for_chinese_that_is_explained() -> None:
    told = sorted({text for text in words(helped(main)) if CHINESE.search(text)})
    # Values are typed in Chinese, so their help names them.
    assert [text for text in told if not re.search("[A-Za-z]{3}|^[牵负]", text)] == []
    assert len(told) <= 8


@pytest.mark.usefixtures("english")
def test_messages_heads_and_errors_are_english_and_sources_are_not() -> None:
    asked = CliRunner().invoke(main, ["ask", "夜间公交由谁牵头？"], obj=FakeService)
    assert asked.exit_code == 0, asked.output
    for text in ("Sources", "Matter", "Lead", "1 in all, all listed", "index gen-7; 12 ms", QUOTE, "市交通局"):
        assert text in asked.output
    assert "依据\n" not in asked.output
    looked = CliRunner().invoke(main, ["doctor"], obj=FakeService)
    assert "[ok] Index：gen-7, 2 documents, with semantic search" in looked.output
    refused = CliRunner().invoke(main, ["--server", "http://127.0.0.1:9", "keys", "list"])
    assert refused.exit_code == 2
    assert "This command runs on the machine of the service alone." in refused.output


def test_it_is_chinese_otherwise_even_after_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LANG", "en")
    assert "Start the service" in CliRunner().invoke(main, ["serve", "--help"]).output
    monkeypatch.delenv("ASSISTANT_LANG")
    assert "启动服务与网页" in CliRunner().invoke(main, ["serve", "--help"]).output
    assert said("共 3 条。") == "共 3 条。"


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("chinese", "told"),
    [
        ("共 3 条。", "3 in all."),
        ("\n已停止。", "\nStopped."),
        ("共 12 份文件，符合条件 3 份", "12 documents, 3 of them match"),
        ("gen-4，17 份文件，含语义检索", "gen-4, 17 documents, with semantic search"),
        ("没有人翻译过这一句", "没有人翻译过这一句"),
        ("plain", "plain"),
    ],
)
def test_gaps_are_filled(chinese: str, told: str) -> None:
    assert said(chinese) == told


def test_every_command_that_comes_to_an_end_speaks_json() -> None:
    """All but those that run until they are stopped, and the export, which is a file of its own form."""
    without = set()

    def look(command: click.Command, path: str) -> None:
        inner = getattr(command, "list_commands", None)
        if inner is not None:
            context = click.Context(command)
            for name in inner(context):
                found = command.get_command(context, name)  # type: ignore[attr-defined]
                look(found, f"{path} {name}".strip())
        elif not any("--json" in parameter.opts for parameter in command.params):
            without.add(path)

    look(main, "")
    assert without == {"serve", "chat", "mcp", "wecom run", "feedback export"}
