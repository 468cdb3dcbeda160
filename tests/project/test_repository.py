"""What a checkout must and must not hold."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = [
    Requirement(text)
    for text in [
        *PROJECT["dependencies"],
        *(dep for extra in PROJECT["optional-dependencies"].values() for dep in extra),
    ]
    if canonicalize_name(Requirement(text).name) != PROJECT["name"]  # an extra that takes in other extras
]
PINS = {
    canonicalize_name(name): pinned
    for name, pinned in (
        line.split("==")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
}


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda r: r.name)
def test_everything_we_ask_for_is_pinned_within_what_we_ask_for(requirement: Requirement) -> None:
    pinned = PINS[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(pinned), pinned


def test_the_tests_run_with_the_pinned_versions() -> None:
    for requirement in map(Requirement, PROJECT["dependencies"]):
        assert version(requirement.name) == PINS[canonicalize_name(requirement.name)]


def test_no_file_names_a_package_index_or_a_developers_machine() -> None:
    address = re.compile(r"(?<![\w.])/(root|home|Users|work|opt)/\w|pypi\.org|pythonhosted|--(extra-)?index-url")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = []
    for name in listed.split("\0")[:-1]:
        path = ROOT / name
        if not path.is_file() or path.suffix in {".pdf", ".png", ".webp"} or path.samefile(__file__):
            continue
        if address.search(path.read_bytes().decode("utf-8", "replace")):
            found.append(name)
    assert found == []


def test_versions_agree() -> None:
    import assistant

    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert version("policy-assistant") == assistant.__version__
    assert f"[{assistant.__version__}]" in changelog or "[Unreleased]" in changelog


def test_documents_that_the_code_refers_to_exist() -> None:
    named = {
        name
        for package in ("assistant", "ingest", "benchmarks")
        for path in (ROOT / package).rglob("*.py")
        for name in re.findall(r"docs/[\w/-]+\.md", path.read_text(encoding="utf-8"))
    }
    assert sorted(name for name in named if not (ROOT / name).is_file()) == []
