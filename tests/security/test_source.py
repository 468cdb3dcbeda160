"""What the source and the pinned packages must not hold."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import ROOT

SOURCES = [*(ROOT / "assistant").rglob("*.py"), *(ROOT / "ingest").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
#: Modules that run what they read, and calls of others that do.
UNPICKLERS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "_pickle", "pandas", "torch"}
UNSAFE_CALLS = {
    ("yaml", "load"), ("yaml", "full_load"), ("yaml", "unsafe_load"), ("yaml", "load_all"),
    ("np", "load"), ("numpy", "load"), ("os", "system"), ("os", "popen"), ("tempfile", "mktemp"),
}  # fmt: skip
UNSAFE_NAMES = {"eval", "exec", "__import__"}


def trees() -> Iterator[tuple[Path, ast.AST]]:
    for path in SOURCES:
        yield path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))


def test_nothing_loads_pickles_or_runs_what_it_reads() -> None:
    found = []
    for path, tree in trees():
        for node in ast.walk(tree):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name.partition(".")[0] for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [(node.module or "").partition(".")[0]]
            found += [(str(path), node.lineno, name) for name in names if name in UNPICKLERS]
            if not isinstance(node, ast.Call):
                continue
            function = node.func
            if isinstance(function, ast.Name) and function.id in UNSAFE_NAMES:
                found.append((str(path), node.lineno, function.id))
            if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
                called = (function.value.id, function.attr)
                # An array of numbers alone may be read: numpy then refuses objects, which are pickles.
                plain = any(k.arg == "allow_pickle" and ast.unparse(k.value) == "False" for k in node.keywords)
                if called in UNSAFE_CALLS and not (called[1] == "load" and called[0] != "yaml" and plain):
                    found.append((str(path), node.lineno, ".".join(called)))
            for keyword in node.keywords:
                if (keyword.arg, ast.unparse(keyword.value)) in (
                    ("shell", "True"), ("verify", "False"), ("allow_pickle", "True"), ("resolve_entities", "True"),
                ):  # fmt: skip
                    found.append((str(path), node.lineno, f"{keyword.arg}={ast.unparse(keyword.value)}"))
    assert not found, found


def test_the_scan_finds_what_it_looks_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    evil = tmp_path / "evil.py"
    evil.write_text("import pickle\nimport numpy as np\nnp.load('x')\nnp.load('x', allow_pickle=False)\neval('1')\n")
    monkeypatch.setattr(sys.modules[__name__], "SOURCES", [evil])
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    with pytest.raises(AssertionError) as caught:
        test_nothing_loads_pickles_or_runs_what_it_reads()
    assert all(word in str(caught.value) for word in ("'evil.py', 1, 'pickle'", "3, 'np.load'", "5, 'eval'"))
    assert "4, 'np.load'" not in str(caught.value)


def test_bandit_finds_nothing() -> None:
    """Every place that is passed over says why where it stands (``# nosec`` with the number of the rule)."""
    command = [sys.executable, "-m", "bandit", "-q", "-r", "-ll", "-ii", "assistant", "ingest"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PINS = {
    canonicalize_name(line.partition("==")[0]): Version(line.partition("==")[2].partition(";")[0].strip())
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
}
REQUIREMENTS = [
    Requirement(text)
    for text in (*PROJECT["dependencies"], *(t for texts in PROJECT["optional-dependencies"].values() for t in texts))
    if not text.startswith("policy-assistant")
]


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
def test_a_requirement_has_a_floor_and_its_pin_fits(requirement: Requirement) -> None:
    """Who installs without the pins gets nothing older than what was tried with."""
    assert any(s.operator in (">=", "==") for s in requirement.specifier)
    assert PINS[canonicalize_name(requirement.name)] in requirement.specifier


def test_everything_that_is_installed_here_for_the_product_is_pinned() -> None:
    from importlib.metadata import PackageNotFoundError, distribution

    wanted, seen, missing = [canonicalize_name(r.name) for r in REQUIREMENTS], set(), []
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:  # an extra that is not installed here, or not for this machine
            continue
        if name not in PINS:
            missing.append(name)
        elif Version(found.version) != PINS[name]:
            missing.append(f"{name} {found.version}, pinned {PINS[name]}")
        for text in found.requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                wanted.append(canonicalize_name(requirement.name))
    assert missing == []
    assert len(seen) > 80
