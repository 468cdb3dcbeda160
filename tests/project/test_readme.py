"""What the README promises exists: commands, options, targets, files."""

from __future__ import annotations

import re

import click
import pytest

from assistant.faces.cli import main as assistant_command
from ingest.cli import cli as ingest_command
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
_CODE = re.findall(r"```sh\n(.*?)```|`([^`\n]+(?:\n[^`\n]+)?)`", README, re.DOTALL)
CODE = [" ".join(line.split()) for block, inline in _CODE for line in (block or inline.replace("\n", " ")).splitlines()]
COMMANDS = sorted({line.split(" # ")[0].removeprefix(".venv/bin/") for line in CODE if line})
GROUPS = {"assistant": assistant_command, "ingest": ingest_command}


@pytest.mark.parametrize("line", [c for c in COMMANDS if re.match(r"(assistant|ingest) [a-z]", c)])
def test_commands_and_their_options_exist(line: str) -> None:
    program, name, *words = line.split()
    group = GROUPS[program]
    assert isinstance(group, click.Group)
    command = group.get_command(click.Context(group), name)
    assert command is not None
    if isinstance(command, click.Group) and words:
        command = command.commands.get(words[0], command)
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("line", [c for c in COMMANDS if c.startswith("make ")])
def test_make_targets_exist(line: str) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert line.split()[1] in targets


def test_the_readme_names_commands() -> None:
    assert len([c for c in COMMANDS if c.startswith("assistant ")]) >= 5


def test_paths_exist() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", README)
    listed = [
        part for row in re.findall(r"^\| (`.*?) \|", README, re.MULTILINE) for part in re.findall(r"`([^`]+)`", row)
    ]
    paths = linked + [
        "assistant/errors.py" if p == "errors.py" else p for p in listed if not p.startswith("ASSISTANT_")
    ]
    assert len(paths) > 8
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_command_is_in_the_readme() -> None:
    for program, group in GROUPS.items():
        assert isinstance(group, click.Group)
        for name in group.list_commands(click.Context(group)):
            assert f"{program} {name}" in README, f"{program} {name}"
