"""The examples of the README and of docs/ are run as they stand, against a service on this machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
import yaml

from assistant.bootstrap import create_web_app
from assistant.domain.access import Clearance, Keyless, Scope
from assistant.faces.cli import main as assistant_command
from assistant.settings import Settings
from tests.conftest import ROOT
from tests.security.house import ORIGIN, House, open_house, serving

HERE = "http://127.0.0.1:8000"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [
    (page.name, language, block)
    for page in PAGES
    for language, block in re.findall(r"^ *```(\w+)\n(.*?)^ *```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
]


def blocks(language: str) -> list[Any]:
    found = [(page, block) for page, of, block in BLOCKS if of == language]
    return [pytest.param(block, id=f"{page}-{n}") for n, (page, block) in enumerate(found)]


# What starts a process of its own to read the file is tried in tests/faces/test_web_uploads.py.
CURLS = [
    pytest.param(command, id=f"{page}-{n}")
    for n, (page, command) in enumerate(
        (page, command)
        for page, language, block in BLOCKS
        if language == "sh"
        for command in re.findall(r"^(curl (?:.*\\\n)*.*)$", block, re.MULTILINE)
        if "--data-binary" not in command
    )
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from open_house(tmp_path_factory)


@pytest.fixture(scope="module")
def base(house: House) -> Iterator[str]:
    """The service as on the reader's own machine: no key is needed."""
    with serving(create_web_app(house.service, Keyless.THIS_MACHINE)) as url:
        yield url


@pytest.fixture
def key(house: House) -> str:
    made = house.key(Clearance(internal=True, departments=frozenset({"人事处"})), Scope.ASK, Scope.READ)
    return made["Authorization"].removeprefix("Bearer ")


def test_there_are_examples_of_every_kind() -> None:
    assert len(CURLS) >= 3
    assert len(blocks("python")) >= 4
    assert len(blocks("html")) >= 2


@pytest.mark.parametrize("command", CURLS)
def test_a_call_by_curl_gives_what_is_promised(command: str, base: str, key: str) -> None:
    script = command.replace(HERE, base)
    environment = {**os.environ, "KEY": key}
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert "error" not in answer, answer
    assert answer.keys() & {"answer", "token", "documents"}


@pytest.mark.parametrize("block", blocks("python"))
def test_python_runs(block: str, base: str, house: House, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(house.desk.data_dir))
    monkeypatch.setenv("ASSISTANT_EMBEDDINGS_ENGINE", "none")
    names: dict[str, Any] = {}
    exec(compile(block.replace(HERE, base), "example", "exec"), names)
    if "vectors" in names:
        assert len(names["vectors"][0]) > 10
    if "reply" in names:
        assert names["reply"].choices[0].message.content
    if "retriever" in names:
        assert names["retriever"].invoke("南山绿道由谁牵头？")
        names["service"].close()
    if "assistant_token" in names:
        assert names["assistant_token"](base, key, ORIGIN, "u-1")["token"].startswith("pat_")


class Scripts(HTMLParser):
    """The attributes of the script elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.found.append({name: value or "" for name, value in attrs})


@pytest.mark.parametrize("block", blocks("html"))
def test_the_element_for_other_pages_loads_and_reads_its_attributes(block: str, base: str) -> None:
    (script,) = Scripts(block).found
    served = httpx.get(script["src"].replace(HERE, base))
    assert served.headers["content-type"].startswith("text/javascript")
    for name in script:
        if name.startswith("data-"):
            spoken = re.sub("-(.)", lambda match: match[1].upper(), name.removeprefix("data-"))
            assert name in served.text or spoken in served.text, name


def test_every_attribute_of_the_table_is_read() -> None:
    read = (ROOT / "assistant/faces/web/static/widget.js").read_text("utf-8")
    listed = re.findall(r"`data-([a-z-]+)`", (ROOT / "docs/widget.md").read_text("utf-8"))
    assert len(listed) >= 8
    for name in listed:
        assert f"data-{name}" in read or re.sub("-(.)", lambda m: m[1].upper(), name) in read, name


# Read by the command line alone, before there are settings.
COMMAND_LINE = {"ASSISTANT_LANG", "ASSISTANT_SERVER", "ASSISTANT_SERVER_KEY", "ASSISTANT_KEY"}


def test_settings_that_the_pages_name_exist() -> None:
    """Those of the WeCom set-up above all: nobody can try them here without the vendor."""
    known = {f"ASSISTANT_{name.upper()}" for name in Settings.model_fields}
    for page in PAGES:
        named = set(re.findall(r"\bASSISTANT_[A-Z_]+[A-Z]\b", page.read_text("utf-8")))
        assert named - known - COMMAND_LINE == set(), page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_the_pages_name_exist(page: Path) -> None:
    assert isinstance(assistant_command, click.Group)
    for line in re.findall(r"(?:^|`| )assistant ((?:[a-z]+ ?)+)(?:[^a-z=]|$)", page.read_text("utf-8"), re.MULTILINE):
        name, *rest = line.split()
        command = assistant_command.get_command(click.Context(assistant_command), name)
        if page.name in ("wecom.md", "security.md"):
            assert command is not None, line
        if isinstance(command, click.Group) and rest:
            assert rest[0] in command.commands, line


def test_what_is_to_be_pasted_elsewhere_is_well_formed(base: str, house: House) -> None:
    for page, language, block in BLOCKS:
        if language == "json" and "{" in block:
            json.loads(block)
        if language == "yaml":
            yaml.safe_load(block)
        if "mcpServers" in block:
            (server,) = json.loads(block)["mcpServers"].values()
            assert server["command"] == "assistant"
            assert isinstance(assistant_command, click.Group)
            assert server["args"][0] in assistant_command.list_commands(click.Context(assistant_command)), page
        if "prometheus" in block:
            admin = house.key(Clearance(), Scope.ADMIN)  # /metrics is where a scrape looks unless told otherwise
            assert httpx.get(f"{base}/metrics", headers=admin).text.startswith("# HELP")
