"""API keys in the library, and tokens signed with the secret of the data folder."""

from __future__ import annotations

import base64
import hmac
import json
import multiprocessing
import stat
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, text

from assistant.adapters.database import keys as keys_module
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.keys import SqlKeys
from assistant.adapters.tokens import SECONDS, HmacTokens
from assistant.domain.access import Clearance, Scope, WidgetPass
from assistant.errors import LibraryError, NotFound
from tests.fakes.full_table import refuse_writes

PASS = WidgetPass("k1", "张三", "https://oa.example", frozenset({"人事处"}))


@pytest.fixture
def engine(tmp_path: Path, library_url: str | None) -> Iterator[Engine]:
    opened = open_library(tmp_path, library_url)
    yield opened
    opened.dispose()


@pytest.fixture
def keys(engine: Engine) -> SqlKeys:
    return SqlKeys(engine)


def test_a_key_is_recognised_and_what_it_opens_is_kept(keys: SqlKeys) -> None:
    clearance = Clearance(internal=True, departments=frozenset({"人事处"}))
    key, presented = keys.make("门户网站", [Scope.ASK, Scope.READ], clearance)
    found = keys.find(presented)
    assert found == key
    assert found.identity.owner == f"key:{key.id}"
    assert (found.identity.scopes, found.identity.clearance) == ({Scope.ASK, Scope.READ}, clearance)
    assert keys.all()[0].last_used_at is not None
    assert keys.by_id(key.id) == keys.all()[0]


def test_neither_the_key_nor_its_secret_is_kept(keys: SqlKeys, tmp_path: Path) -> None:
    _, presented = keys.make("门户网站", [Scope.ASK], Clearance())
    secret = presented.rpartition("_")[2] if "_" not in presented[17:] else presented[17:]
    assert len(presented) == 60
    for path in tmp_path.glob("library.db*"):
        assert presented.encode() not in path.read_bytes()
        assert secret.encode() not in path.read_bytes()


def test_anything_else_opens_nothing(keys: SqlKeys) -> None:
    _, one = keys.make("a", [Scope.ASK], Clearance())
    _, other = keys.make("b", [Scope.ASK], Clearance())
    for presented in (
        "",
        "pak_",
        one[:-1],
        one + "A",
        one[:17] + other[17:],
        one.upper(),
        "pak_000000000000_" + one[17:],
    ):
        assert keys.find(presented) is None


def test_an_unknown_id_is_compared_as_a_known_one_is(keys: SqlKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    _, presented = keys.make("a", [Scope.ASK], Clearance())
    compared: list[tuple[int, int]] = []

    def noting(some: str, other: str) -> bool:
        compared.append((len(some), len(other)))
        return hmac.compare_digest(some, other)

    monkeypatch.setattr(keys_module, "hmac", SimpleNamespace(compare_digest=noting))
    for key in (presented, presented[:17] + "A" * 43, "pak_000000000000_" + presented[17:]):
        keys.find(key)
    assert compared == [(64, 64)] * 3


def test_a_revoked_key_opens_nothing_from_the_next_request_on(keys: SqlKeys) -> None:
    key, presented = keys.make("门户网站", [Scope.ASK], Clearance())
    revoked = keys.revoke(key.id)
    assert revoked.revoked_at is not None
    assert keys.revoke(key.id).revoked_at == revoked.revoked_at
    assert keys.find(presented) is None
    assert keys.by_id(key.id) is None
    with pytest.raises(NotFound):
        keys.revoke("unknown")


def test_a_key_ends_on_its_day(keys: SqlKeys, engine: Engine) -> None:
    _, presented = keys.make("短期", [Scope.ASK], Clearance(), days=7)
    assert keys.find(presented) is not None
    with engine.begin() as connection:
        connection.execute(text("UPDATE api_keys SET expires_at = '2020-01-01T00:00:00.000+00:00'"))
    assert keys.find(presented) is None


def test_a_key_works_although_its_use_cannot_be_written_down(keys: SqlKeys, engine: Engine) -> None:
    _, presented = keys.make("门户网站", [Scope.ASK], Clearance())
    refuse_writes(engine, "api_keys")
    assert keys.find(presented) is not None


def test_a_token_says_for_whom_it_is_until_it_is_over(tmp_path: Path) -> None:
    now = [1_000_000.0]
    tokens = HmacTokens(tmp_path, clock=lambda: now[0])
    token, seconds = tokens.issue(PASS)
    assert seconds == SECONDS
    assert tokens.read(token) == PASS
    assert HmacTokens(tmp_path, clock=lambda: now[0]).read(token) == PASS
    now[0] += SECONDS
    assert tokens.read(token) is None


def test_a_token_that_was_changed_or_made_elsewhere_says_nothing(tmp_path: Path) -> None:
    tokens = HmacTokens(tmp_path)
    token, _ = tokens.issue(PASS)
    payload, _, signature = token.removeprefix("pat_").partition(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["departments"] = None
    more = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    forged = HmacTokens(elsewhere).issue(PASS)[0]
    for presented in (
        f"pat_{more}.{signature}",
        f"pat_{payload}.",
        f"pat_{payload}",
        token[4:],
        forged,
        "pat_é.x",
        "pat_" * 2000,
    ):
        assert tokens.read(presented) is None


def test_the_secret_is_for_the_service_alone(tmp_path: Path) -> None:
    HmacTokens(tmp_path).issue(PASS)
    (secret,) = tmp_path.iterdir()
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(bytes.fromhex(secret.read_text())) == 32


def test_a_damaged_secret_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "token.secret").write_text("no hex")
    with pytest.raises(LibraryError, match="删去"):
        HmacTokens(tmp_path).issue(PASS)


def _issue(folder: Path) -> str:
    return HmacTokens(folder).issue(PASS)[0]


def test_processes_that_start_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        issued = pool.map(_issue, [tmp_path] * 8, chunksize=1)
    assert all(HmacTokens(tmp_path).read(token) == PASS for token in issued)
    assert [path.name for path in tmp_path.iterdir()] == ["token.secret"]
