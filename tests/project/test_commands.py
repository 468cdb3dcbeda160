"""The command reference is what the commands say of themselves, and completion works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project import command_reference


def test_the_reference_is_what_the_commands_say() -> None:
    written = command_reference.PATH.read_text(encoding="utf-8")
    assert written == command_reference.reference(), "run python -m tests.project.command_reference"


def test_every_command_and_option_is_explained() -> None:
    bare = [
        line for line in command_reference.reference().splitlines() if line.startswith("| `") and line.endswith("|  |")
    ]
    assert bare == []


@pytest.mark.parametrize(("program", "typed", "offered"), [("assistant", "led", "ledger"), ("ingest", "ver", "verify")])
def test_completion_offers_commands(program: str, typed: str, offered: str) -> None:
    asked = {f"_{program.upper()}_COMPLETE": "bash_complete", "COMP_WORDS": f"{program} {typed}", "COMP_CWORD": "1"}
    script = Path(sys.executable).parent / program
    result = subprocess.run([script], env={**os.environ, **asked}, capture_output=True, text=True, check=False)
    assert f"plain,{offered}" in result.stdout.split()
