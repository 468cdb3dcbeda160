"""The import contracts hold, and they notice: an edge planted in a copy of the packages fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts over the packages in ``folder``, and over nothing that is installed."""
    code = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as c; c()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in ("assistant", "ingest"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_the_contracts_hold() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout
    assert " 0 broken" in result.stdout


@pytest.mark.parametrize(
    ("module", "edge", "contract"),
    [
        ("assistant/answering/planted.py", "import assistant.adapters.chroma", "Each floor"),
        ("assistant/answering/planted.py", "import assistant.settings", "Each floor"),
        ("assistant/domain/planted.py", "import assistant.ports", "Each floor"),
        ("assistant/domain/planted.py", "import pydantic", "know no library"),
        ("assistant/answering/planted.py", "import ingest.formats", "never imports the document path"),
        ("assistant/faces/planted.py", "import assistant.adapters.chroma", "composition root alone"),
        ("ingest/planted.py", "import assistant.adapters.chroma", "Stages of ingest"),
        ("ingest/formats/planted.py", "import assistant.settings", "Stages of ingest"),
    ],
)
def test_a_planted_edge_fails(copy: Path, module: str, edge: str, contract: str) -> None:
    planted = copy / module
    planted.write_text(f'"""Planted."""\n\n{edge}\n', encoding="utf-8")
    try:
        result = lint(copy)
    finally:
        planted.unlink()
    assert result.returncode != 0
    broken = [line for line in result.stdout.splitlines() if " BROKEN" in line]
    assert any(contract in line for line in broken), result.stdout


def test_the_clean_copy_passes(copy: Path) -> None:
    assert lint(copy).returncode == 0
