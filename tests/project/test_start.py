"""How fast and how lightly the commands start."""

from __future__ import annotations

import resource
import subprocess
import sys

from tests.conftest import ROOT
from tests.patience import SECONDS

# What would cost the command line half a second or more each; none is needed to print help.
_HEAVY = ("chromadb", "fastapi", "langchain", "langchain_core", "langchain_openai", "numpy", "onnxruntime", "pydantic")


def help_of(module: str) -> float:
    """Seconds that the fastest of three runs computed: the machine may be busy, the command may not."""
    best = float("inf")
    for _ in range(3):
        before = _spent_by_children()
        subprocess.run([sys.executable, "-m", module, "-h"], cwd=ROOT, check=True, capture_output=True, timeout=SECONDS)
        best = min(best, _spent_by_children() - before)
    return best


def _spent_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_help_comes_at_once() -> None:
    assert help_of("assistant") < 1  # 0.15 s; what would make it slow takes more (below)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from assistant.faces.cli import main; main(['--help'], standalone_mode=False); "
        f"loaded = [name for name in {_HEAVY!r} if name in sys.modules]; sys.exit(', '.join(loaded) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    for name in ("serve", "ask", "chat", "documents", "eval", "doctor"):
        assert name in result.stdout
