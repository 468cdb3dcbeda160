"""``assistant serve``: where it binds, and what it says."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.domain.access import ApiKey, Clearance, Keyless, Scope
from assistant.errors import EmbeddingError
from assistant.faces.cli import main
from assistant.faces.cli.serve import announce, keyless_at, warm
from assistant.faces.peers import is_loopback
from assistant.settings import Settings
from tests.cli.fake_service import FakeEmbedder, FakeIndexes, FakeKeys, FakeService
from tests.patience import SECONDS

KEY = ApiKey("k1", "门户", frozenset({Scope.ASK}), Clearance(True), "2024-01-01T00:00:00.000+00:00")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "policy.example"])
def test_an_open_address_is_refused_and_the_reason_named(host: str) -> None:
    result = CliRunner().invoke(main, ["serve", "--host", host], obj=FakeService())
    assert result.exit_code == 2
    assert "还没有密钥" in result.stderr
    assert "assistant keys create" in result.stderr


@pytest.mark.parametrize(
    ("address", "insecure", "keys", "expected"),
    [
        ("127.0.0.1", False, [], Keyless.THIS_MACHINE),
        ("127.0.0.1", True, [KEY], Keyless.THIS_MACHINE),
        ("0.0.0.0", False, [KEY], Keyless.NOWHERE),
        ("0.0.0.0", True, [KEY], Keyless.ANYWHERE),
    ],
)
def test_who_is_served_without_a_key_follows_from_the_address(
    address: str, insecure: bool, keys: list[ApiKey], expected: Keyless
) -> None:
    assert keyless_at(FakeService(keys=FakeKeys(keys)), address, insecure) is expected


def test_single_sign_on_opens_an_address_without_keys() -> None:
    settings = Settings(sso_user_header="X-Remote-User", trusted_proxies="10.0.0.7")
    assert keyless_at(FakeService(settings=settings), "0.0.0.0", False) is Keyless.NOWHERE


def test_revoked_keys_open_no_address() -> None:
    gone = replace(KEY, revoked_at="2024-01-02T00:00:00.000+00:00")
    with pytest.raises(SystemExit):
        keyless_at(FakeService(keys=FakeKeys([gone])), "0.0.0.0", False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.1.9", "::1", "localhost"])
def test_addresses_of_this_machine_are_known(host: str) -> None:
    assert is_loopback(host)


def test_a_taken_port_is_said_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        result = CliRunner().invoke(main, ["serve", "--port", port], obj=FakeService())
    assert result.exit_code == 1
    assert "--port" in result.stderr


def test_it_says_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    announce(FakeIndexes(), "127.0.0.1", 8000)
    assert "打开 http://127.0.0.1:8000 提问" in capsys.readouterr().out


def test_it_starts_without_documents_and_says_how_to_add_them(capsys: pytest.CaptureFixture[str]) -> None:
    announce(FakeIndexes(published=False), "::1", 8001)
    said = capsys.readouterr().out
    assert "尚未导入文件，请运行 ingest run" in said
    assert "http://[::1]:8001" in said


def test_an_embedder_that_does_not_load_does_not_stop_the_start() -> None:
    asked: list[str] = []

    class Broken(FakeEmbedder):
        def embed_query(self, text: str) -> list[float]:
            asked.append(text)
            raise EmbeddingError("内置模型读不了。")

    warm(Broken())
    warm(None)
    assert len(asked) == 1


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A real ``assistant serve`` on a free port, with nothing ingested, and the address that it printed."""
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(tmp_path / "data"), "ASSISTANT_PORT": "0"}
    command = [sys.executable, "-m", "assistant", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            assert process.stdout is not None
            said = ""
            while "打开" not in said:
                line = process.stdout.readline()
                assert line, f"ended without an address: {said}"
                said += line
            assert "ingest run" in said
            yield process, re.search(r"http://\S+", said)[0]  # type: ignore[index]
        finally:
            process.kill()


def test_a_started_service_answers_and_ends_when_told_to(started: tuple[subprocess.Popen[str], str]) -> None:
    process, address = started
    with urllib.request.urlopen(f"{address}/healthz", timeout=SECONDS) as response:
        assert response.status == 200
    process.terminate()
    assert process.wait(timeout=SECONDS) in (0, -signal.SIGTERM)
