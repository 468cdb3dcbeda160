"""``assistant audit``: the log in words and as JSON, and what is too old taken out."""

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
from assistant.domain.audit import Deed
from assistant.faces.cli import main
from assistant.settings import Settings
from tests.cli.fake_service import FakeService


@dataclass
class Service(FakeService):
    audit: Any = field(default=None)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    engine = open_library(tmp_path)
    made = Service(keys=SqlKeys(engine), audit=SqlAudit(engine))  # type: ignore[arg-type]
    made.audit.note(Deed("2020-01-01T00:00:00.000+00:00", "user:王五", "open", "d1", 200, "r1"))
    made.audit.note(Deed("2999-01-01T00:00:00.000+00:00", "key:k1", "ask", "", 200, "r2"))
    yield made
    engine.dispose()


def run(service: Service, *arguments: str) -> Any:
    return CliRunner().invoke(main, ["audit", *arguments], obj=service, env={"COLUMNS": "200"})


def test_the_latest_come_first_and_can_be_narrowed(service: Service) -> None:
    shown = run(service, "list").stdout
    assert shown.index("key:k1") < shown.index("user:王五")
    assert "查阅" in shown
    assert [d["who"] for d in json.loads(run(service, "list", "--json", "--days", "1").stdout)["deeds"]] == ["key:k1"]
    assert json.loads(run(service, "list", "--json", "--who", "user:王五", "--action", "open").stdout)["total"] == 1
    assert run(service, "list", "--action", "sleep").exit_code == 2


def test_purging_keeps_what_the_settings_say(service: Service) -> None:
    assert "已删除 1 条" in run(service, "purge").stdout
    assert len(service.audit.deeds()) == 1
    service.settings = Settings(audit_days=0)
    assert "一直保留" in run(service, "purge").stdout


def test_making_and_revoking_a_key_is_written_down(service: Service) -> None:
    key = json.loads(CliRunner().invoke(main, ["keys", "create", "门户", "--json"], obj=service).stdout)
    CliRunner().invoke(main, ["keys", "revoke", key["id"]], obj=service)
    assert [(d.who, d.action, d.object) for d in service.audit.deeds(limit=2)] == [
        ("local", "key.revoke", key["id"]),
        ("local", "key.create", key["id"]),
    ]
    assert key["key"] not in str(service.audit.deeds())
