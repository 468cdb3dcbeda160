"""The wheel works wherever it is installed: prompts, page assets, migrations and commands are in it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "-w", str(folder), str(ROOT)], check=True, timeout=300, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked into a folder of its own, as ``pip install --target`` does."""
    folder = tmp_path_factory.mktemp("site")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(folder)]
    subprocess.run([*install, str(wheel)], check=True, timeout=300, capture_output=True)
    return folder


def run(elsewhere: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in ``cwd`` with the installed packages in front of the checkout's."""
    environment = {**os.environ, "PYTHONPATH": str(elsewhere), "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def test_everything_that_is_read_at_run_time_is_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "assistant", "ingest"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")[:-1]
    assert [name for name in tracked if name not in names] == []
    prompts = [path.name for path in (ROOT / "prompts").iterdir() if not path.name.startswith(".")]
    assert prompts
    assert [name for name in prompts if not any(n.endswith(f"/{name}") for n in names)] == []


def test_nothing_else_is_in_the_wheel(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"assistant", "ingest"}


def test_the_commands_are_declared(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (declared,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
    text = archive.read(declared).decode()
    assert "assistant = assistant.faces.cli:main" in text
    assert "ingest = ingest.cli:main" in text


@pytest.mark.parametrize("package", ["assistant", "ingest"])
def test_the_commands_start_from_another_folder(elsewhere: Path, tmp_path: Path, package: str) -> None:
    where = run(elsewhere, tmp_path, "-c", f"import {package}; print({package}.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(elsewhere), where.stderr
    result = run(elsewhere, tmp_path, "-m", package, "--help")
    assert result.returncode == 0, result.stderr
    assert "用法：" in result.stdout
    assert list(tmp_path.iterdir()) == []
