"""Settings: read in one place, documented in one table, and a bad one is named without its value."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.bootstrap import create_web_app, open_service
from assistant.errors import SettingsError
from assistant.settings import Settings
from tests.conftest import ROOT
from tests.project import settings_table


def test_the_page_documents_exactly_the_settings_of_the_code() -> None:
    assert settings_table.on_page() == settings_table.table(), "run python -m tests.project.settings_table"


def test_every_setting_has_a_meaning() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_a_bad_setting_is_named_and_its_value_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PORT", "sk-secret")
    with pytest.raises(SettingsError, match="ASSISTANT_PORT") as raised:
        Settings()
    assert "sk-secret" not in str(raised.value)


def test_keys_do_not_show() -> None:
    assert "sk-secret" not in repr(Settings(llm_api_key="sk-secret", embeddings_api_key="sk-secret"))


def test_nothing_else_in_the_code_reads_the_environment_for_settings() -> None:
    """But the language: it is needed for the help of commands, which comes before any setting is read."""
    reading = re.compile(r"os\.(environ|getenv)[^\n]*ASSISTANT_(?!LANG\b)")
    found = [
        str(path.relative_to(ROOT))
        for package in ("assistant", "ingest")
        for path in (ROOT / package).rglob("*.py")
        if reading.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("named", ["sso_ingest_groups", "sso_review_groups", "sso_admin_groups"])
def test_groups_that_nobody_tells_of_are_refused(named: str, tmp_path: Path) -> None:
    """Somebody who believes that a group may do something must not find out later that nobody asks for groups."""
    settings: dict[str, Any] = {"data_dir": tmp_path, "sso_user_header": "X-User", "trusted_proxies": "10.0.0.7"}
    settings |= {"embeddings_engine": "none", named: "档案科,办公室"}
    with (
        pytest.raises(SettingsError, match="ASSISTANT_SSO_GROUPS_HEADER"),
        closing(open_service(Settings(**settings))) as service,
    ):
        create_web_app(service)
    assert getattr(Settings(**settings), named) == ("档案科", "办公室")


def test_origins_that_may_embed_the_widget_are_exactly_origins() -> None:
    settings = Settings(widget_origins="https://oa.example.gov.cn, http://10.0.0.7:8080")
    assert settings.widget_origins == ("https://oa.example.gov.cn", "http://10.0.0.7:8080")
    for wrong in ("oa.example.gov.cn", "https://oa.example/", "https://a;script-src *", "https://*", "javascript://a"):
        with pytest.raises(SettingsError, match="ASSISTANT_WIDGET_ORIGINS"):
            Settings(widget_origins=wrong)
