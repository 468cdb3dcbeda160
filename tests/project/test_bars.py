"""Each line of ``docs/bars.md`` names a command, and the command is there."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "bars.md").read_text("utf-8").splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| asked "))
]


def test_every_line_is_read() -> None:
    assert len(ROWS) > 40
    assert all(len(row) == 3 and all(row) for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_commands_of_a_line_exist(row: list[str]) -> None:
    commands = re.findall(r"`([^`]+)`", row[1])
    assert commands
    for command in commands:
        name, *flags = command.split()
        if name == "make":
            assert re.search(rf"^{flags[0]}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE), command
        elif name.startswith("benchmarks."):
            source = ROOT.joinpath(*name.split(".")).with_suffix(".py").read_text("utf-8")
            assert all(f'"{flag}"' in source for flag in flags), command
        else:
            path, _, test = name.partition("::")
            text = (ROOT / path).read_text("utf-8")
            assert not test or re.search(rf"^(?:async )?def {test}\(", text, re.MULTILINE), command
