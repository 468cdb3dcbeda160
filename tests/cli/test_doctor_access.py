"""``assistant doctor`` on access: who can come in, who can read the files, what nobody may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.database.engine import open_library
from assistant.domain.access import HIDDEN, PUBLIC, ApiKey, Clearance, Scope, Visibility
from assistant.faces.cli.doctor_access import access
from assistant.settings import Settings
from tests.cli.fake_service import FakeIndexes, FakeKeys, FakeLabels, FakeService

KEY = ApiKey("k1", "门户", frozenset({Scope.ASK}), Clearance(True), "2024-01-01T00:00:00.000+00:00")


def found(folder: Path, **options: Any) -> dict[str, tuple[str, str]]:
    service: Any = FakeService(
        settings=Settings(data_dir=folder, **options.pop("settings", {})),
        keys=FakeKeys(options.pop("keys", [])),
        **options,
    )
    return {f.name: (f.state, f.detail + f.advice) for f in access(service)}


@pytest.mark.parametrize(
    ("settings", "keys", "state", "said"),
    [
        ({}, [], "ok", "只有本机免密钥，密钥 0 个"),
        ({"host": "0.0.0.0"}, [], "fail", "assistant keys create"),
        ({"host": "0.0.0.0"}, [KEY], "ok", "密钥 1 个"),
        ({"host": "0.0.0.0"}, [replace(KEY, revoked_at="2024-01-02T00:00:00.000+00:00")], "fail", "没有密钥"),
        ({"sso_user_header": "X-Remote-User", "trusted_proxies": "10.0.0.7"}, [], "ok", "本机也须登录"),
    ],
)
def test_who_can_come_in(tmp_path: Path, settings: dict[str, Any], keys: list[ApiKey], state: str, said: str) -> None:
    got = found(tmp_path, settings=settings, keys=keys)["访问"]
    assert got[0] == state
    assert said in got[1]


def test_which_groups_may_do_more_is_said(tmp_path: Path) -> None:
    signed_on = {"sso_user_header": "X-Remote-User", "trusted_proxies": "10.0.0.7", "sso_groups_header": "X-Groups"}
    told = found(tmp_path, settings={**signed_on, "sso_ingest_groups": "档案科, 办公室"})["登录授权"]
    assert told == ("ok", "可导入的组：档案科、办公室；可复核：无；可管理：无")
    assert "登录授权" not in found(tmp_path)


def test_a_key_that_ends_soon_is_named(tmp_path: Path) -> None:
    def ending(days: int) -> ApiKey:
        return replace(KEY, expires_at=(datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="milliseconds"))

    assert "门户" in found(tmp_path, keys=[ending(3)])["密钥"][1]
    assert "密钥" not in found(tmp_path, keys=[ending(100)])
    assert "密钥" not in found(tmp_path, keys=[ending(-3)])


def test_a_folder_that_others_can_enter_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert found(tmp_path)["数据权限"][0] == "warn"
    tmp_path.chmod(0o700)
    assert found(tmp_path)["数据权限"][0] == "ok"


def test_a_folder_that_the_library_makes_is_for_its_owner_alone(tmp_path: Path) -> None:
    open_library(tmp_path / "data").dispose()
    assert found(tmp_path / "data")["数据权限"][0] == "ok"


def test_what_nobody_may_see_is_counted(tmp_path: Path) -> None:
    personnel = Visibility("departments", frozenset({"人事处"}))
    labels = {"d1": PUBLIC, "d2": personnel}
    assert found(tmp_path, labels=FakeLabels(labels))["可见范围"] == ("ok", "公开 1，按部门 1")
    for hidden in ({"d1": PUBLIC}, {"d1": PUBLIC, "d2": HIDDEN}):
        state, said = found(tmp_path, labels=FakeLabels(hidden))["可见范围"]
        assert state == "warn"
        assert "1 份文件只有管理员能看" in said
    assert "可见范围" not in found(tmp_path, indexes=FakeIndexes(published=False))
