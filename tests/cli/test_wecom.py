"""``assistant wecom``: what is missing is named, what is wrong is told with what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from assistant.bootstrap import open_service
from assistant.errors import SettingsError
from assistant.faces.cli import main
from tests.wecom.peer import AES_KEY, CORP, TOKEN


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ASSISTANT_EMBEDDINGS_ENGINE", "none")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["wecom", *arguments], obj=open_service)


def test_run_wants_a_robot(data: Path) -> None:
    result = run("run")
    assert result.exit_code == 2
    assert "ASSISTANT_WECOM_ROBOT_ID" in result.stderr


def test_a_robot_runs_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_WECOM_ROBOT_ID", "b")
    monkeypatch.setenv("ASSISTANT_WECOM_ROBOT_SECRET", "s")
    with FileLock(str(data / "wecom.lock")):
        result = run("run")
    assert result.exit_code == 2
    assert "正在运行" in result.stderr


def test_check_tells_each_thing_and_fails_where_one_is_wrong(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_WECOM_ROBOT_TOKEN", TOKEN)
    monkeypatch.setenv("ASSISTANT_WECOM_ROBOT_AES_KEY", AES_KEY)
    result = run("check", "--offline", "--json")
    assert result.exit_code == 0
    checks = {c["name"]: c["ok"] for c in json.loads(result.stdout)["checks"]}
    assert checks["机器人回调"] is True
    assert checks["自建应用回调"] is None

    monkeypatch.setenv("ASSISTANT_WECOM_ROBOT_AES_KEY", "too-short")
    monkeypatch.setenv("ASSISTANT_WECOM_API_URL", "http://127.0.0.1:9")
    result = run("check")
    assert result.exit_code == 1
    assert "EncodingAESKey" in result.stdout
    assert "错 接口可达" in result.stdout


def test_half_of_an_app_is_named_when_the_service_starts(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.bootstrap import create_web_app

    monkeypatch.setenv("ASSISTANT_WECOM_CORP_ID", CORP)
    service = open_service()
    try:
        with pytest.raises(SettingsError, match="ASSISTANT_WECOM_APP_SECRET"):
            create_web_app(service)
    finally:
        service.close()


def test_the_service_takes_the_callbacks_that_are_configured(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.bootstrap import create_web_app
    from tests.fakes.local_client import local_client

    monkeypatch.setenv("ASSISTANT_WECOM_ROBOT_TOKEN", TOKEN)
    monkeypatch.setenv("ASSISTANT_WECOM_ROBOT_AES_KEY", AES_KEY)
    service = open_service()
    try:
        with local_client(create_web_app(service)) as client:
            query = "msg_signature=x&timestamp=1&nonce=n"
            assert client.post(f"/wecom/aibot?{query}", json={"encrypt": "x"}).status_code == 403
            assert client.post(f"/wecom/app?{query}").status_code == 404
    finally:
        service.close()
