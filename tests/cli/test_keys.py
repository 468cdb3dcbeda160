"""``assistant keys``: made, listed with their last use, revoked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assistant.adapters.database.audit import SqlAudit
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.keys import SqlKeys
from assistant.faces.cli import main
from tests.cli.fake_service import FakeService


@dataclass
class Service(FakeService):
    keys: Any = field(default=None)
    audit: Any = field(default=None)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    engine = open_library(tmp_path)
    yield Service(keys=SqlKeys(engine), audit=SqlAudit(engine))
    engine.dispose()


def run(service: Service, *arguments: str) -> Any:
    return CliRunner().invoke(main, ["keys", *arguments], obj=service, env={"COLUMNS": "200"})


def test_a_key_is_shown_once_and_alone_on_standard_output(service: Service) -> None:
    made = run(service, "create", "门户网站", "--scope", "ask", "--department", "人事 处", "--days", "30")
    assert made.exit_code == 0
    presented = made.stdout.strip()
    assert service.keys.find(presented).name == "门户网站"
    assert "提问；公开、内部、人事处" in made.stderr
    assert presented not in run(service, "list").stdout + run(service, "list", "--json").stdout


def test_scopes_and_what_may_be_seen(service: Service) -> None:
    for options, scopes, seen in (
        ((), ["ask", "read"], (True, [], False)),
        (("--public-only",), ["ask", "read"], (False, [], False)),
        (("--scope", "admin"), ["admin"], (True, [], True)),
    ):
        key = json.loads(run(service, "create", "x", *options, "--json").stdout)
        assert key["scopes"] == scopes
        assert (key["internal"], key["departments"], key["everything"]) == seen
        assert service.keys.find(key["key"]) is not None
    assert run(service, "create", "x", "--public-only", "--department", "人事处").exit_code == 2
    assert run(service, "create", "x", "--scope", "everything").exit_code == 2


def test_keys_are_listed_with_their_last_use_and_revoked_ones_only_when_asked_for(service: Service) -> None:
    first = json.loads(run(service, "create", "门户网站", "--json").stdout)
    second = json.loads(run(service, "create", "旧系统", "--json").stdout)
    service.keys.find(first["key"])
    assert "已吊销" in run(service, "revoke", second["id"]).stdout
    assert "未用过" not in run(service, "list").stdout
    listed = json.loads(run(service, "list", "--json").stdout)
    assert [key["name"] for key in listed["keys"]] == ["门户网站"]
    assert listed["keys"][0]["last_used_at"]
    shown = run(service, "list", "--all").stdout
    assert "旧系统" in shown
    assert "已吊销" in shown
    assert "共 2 个密钥" in shown


def test_a_key_that_is_not_there_is_said(service: Service) -> None:
    result = run(service, "revoke", "nothing")
    assert result.exit_code == 2
    assert "没有这个密钥" in result.stderr
