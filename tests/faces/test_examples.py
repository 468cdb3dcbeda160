"""Every example for integrators in README and docs, run as it stands but for the address of the service."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from assistant.adapters.database.engine import open_library
from assistant.adapters.database.keys import SqlKeys
from assistant.adapters.tokens import HmacTokens
from assistant.adapters.uploads import FolderUploads
from assistant.domain.access import INTERNAL, Clearance, Scope
from assistant.faces.web.app import create_app
from assistant.settings import Settings
from tests.adapters.test_uploads import Ingest
from tests.conftest import ROOT
from tests.fakes.asker import FakeAsker
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.shelf import ShelfIndexes

HERE = "http://127.0.0.1:8000"
OFFICE = "https://oa.example.gov.cn"
PAGES = ("README.md", *(f"docs/{name}.md" for name in ("api", "security", "wecom", "widget", "models", "operations")))


def blocks(page: str, language: str) -> list[str]:
    """The examples in a language, without the indent of the list that they stand in."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.findall(rf"(?ms)^([ ]*)```{language}\n(.*?)^\1```", text)
    return [re.sub(f"(?m)^{indent}", "", block) for indent, block in found]


def curls() -> list[str]:
    """Each call of curl with the lines that it goes on in."""
    whole = "\n".join(block for page in PAGES for block in blocks(page, "sh"))
    return re.findall(r"(?m)^curl (?:.*\\\n)*.*$", whole)


@pytest.fixture
def site(
    serve: Callable[[FastAPI], str], asker: FakeAsker, indexes: ShelfIndexes, tmp_path: Path
) -> tuple[str, dict[str, str]]:
    """A service that has everything the examples ask for, and an environment with a key of its own."""
    ingest = Ingest(tmp_path)
    keys = SqlKeys(ingest.engine)
    uploads = FolderUploads(ingest.engine, tmp_path, ingest, 1000, INTERNAL)
    app = create_app(
        asker,
        indexes,
        keys=keys,
        tokens=HmacTokens(tmp_path),
        uploads=uploads,
        embedder=HashingEmbedder(),
        embedders=[OFFICE],
    )
    _, key = keys.make("门户网站", (Scope.ASK, Scope.READ), Clearance(internal=True))
    return serve(app), {**os.environ, "KEY": key}


def test_there_are_examples() -> None:
    assert len(curls()) >= 4
    assert len(blocks("docs/api.md", "python")) >= 3


@pytest.mark.parametrize("example", curls())
def test_a_call_of_curl_is_answered(example: str, site: tuple[str, dict[str, str]], tmp_path: Path) -> None:
    origin, environment = site
    (tmp_path / "notice.txt").write_text("关于冬季供暖的通知\n一、由市住建局牵头检修管网。\n", encoding="utf-8")
    ran = subprocess.run(
        ["bash", "-ec", example.replace(HERE, origin)], cwd=tmp_path, env=environment, capture_output=True, timeout=300
    )
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    assert "error" not in told, told
    assert {"answer", "token", "state"} & set(told)


@pytest.mark.parametrize("example", [b for b in blocks("docs/api.md", "python") if "OpenAI" in b])
def test_the_openai_client_runs_as_written(example: str, site: tuple[str, dict[str, str]]) -> None:
    names: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()) as printed:
        exec(example.replace(HERE, site[0]), names)
    if "reply" in names:
        assert "拟由市水务局牵头。[1]" in printed.getvalue()
    else:
        assert names["vectors"][0]


def test_the_langchain_retriever_is_made_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ASSISTANT_EMBEDDINGS_ENGINE", "none")
    open_library(tmp_path).dispose()
    [example] = [b for b in blocks("docs/api.md", "python") if "langchain" in b]
    names: dict[str, Any] = {}
    exec(example, names)
    assert names["retriever"].k == 8
    names["service"].close()


def test_every_setting_in_an_example_exists() -> None:
    known = {f"ASSISTANT_{name.upper()}" for name in Settings.model_fields} | {"ASSISTANT_LANG", "ASSISTANT_SERVER"}
    examples = "\n".join(b for page in PAGES for language in ("sh", "json", "ini") for b in blocks(page, language))
    named = set(re.findall(r"\bASSISTANT_[A-Z_]+[A-Z]\b", examples))
    assert len(named) > 8
    assert named - known - {"ASSISTANT_SERVER_KEY"} == set()


def test_json_in_the_manual_is_json() -> None:
    [servers] = [json.loads(b) for b in blocks("docs/api.md", "json") if b.startswith('{"mcpServers"')]
    assert servers["mcpServers"]["policy"]["command"] == "assistant"
