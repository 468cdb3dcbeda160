"""Who is let in: keys and tokens, single sign-on, this machine; and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from assistant.adapters.database.conversations import SqlConversations
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.feedback import SqlFeedback
from assistant.adapters.database.keys import SqlKeys
from assistant.adapters.tokens import HmacTokens
from assistant.domain.access import LOCAL, Clearance, Entrance, Keyless, Scope, SingleSignOn
from assistant.faces.web.app import create_app
from tests.fakes.asker import FakeAsker, script
from tests.fakes.ledger import MemoryLedger
from tests.fakes.shelf import ShelfIndexes

ORIGIN = "https://oa.example"
SSO = SingleSignOn("X-Remote-User", "X-Remote-Groups")
LOOPBACK, NEIGHBOUR, PROXY = ("127.0.0.1", 5000), ("10.9.8.7", 5000), ("10.0.0.7", 5000)

OPEN_TO_ALL = {
    ("GET", "/"),
    ("GET", "/documents/{document_id}"),
    ("GET", "/healthz"),
    ("GET", "/ledger"),
    ("GET", "/readyz"),
    ("GET", "/widget"),
    ("GET", "/widget.js"),
    ("GET", "/api/openapi.json"),
    ("GET", "/static"),
}
"""Every address that answers without a key: the pages' empty frames and scripts, the probes; nothing of a document."""


class House:
    """The application with real keys and tokens over a fake asker."""

    def __init__(self, folder: Path, indexes: ShelfIndexes) -> None:
        self.engine: Engine = open_library(folder)
        self.keys = SqlKeys(self.engine)
        self.tokens = HmacTokens(folder)
        self.asker = FakeAsker(script("甲。"))
        self.indexes = indexes

    def app(self, **entrance: Any) -> FastAPI:
        return create_app(
            self.asker,
            self.indexes,
            MemoryLedger(),
            conversations=SqlConversations(self.engine),
            feedback=SqlFeedback(self.engine),
            keys=self.keys,
            tokens=self.tokens,
            entrance=Entrance(**entrance),
            embedders=(ORIGIN,),
        )

    def client(self, peer: tuple[str, int] = NEIGHBOUR, host: str = "policy.example", **entrance: Any) -> TestClient:
        return TestClient(
            self.app(**{"keyless": Keyless.NOWHERE, **entrance}),
            base_url=f"http://{host}",
            client=peer,
            raise_server_exceptions=False,
        )

    def key(self, *scopes: Scope, clearance: Clearance | None = None) -> dict[str, str]:
        _, presented = self.keys.make("x", scopes or (Scope.ASK, Scope.READ), clearance or Clearance(internal=True))
        return {"Authorization": f"Bearer {presented}"}

    @property
    def reader(self) -> Any:
        return self.asker.calls[-1].reader


@pytest.fixture
def house(tmp_path: Path, indexes: ShelfIndexes) -> Iterator[House]:
    made = House(tmp_path, indexes)
    yield made
    made.engine.dispose()


def ask(client: httpx.Client, **headers: str) -> httpx.Response:
    return client.post("/api/ask", json={"question": "谁牵头？"}, headers=headers)


def routes(router: Any) -> Iterator[tuple[str, str]]:
    """(method, path) of everything that an application answers, in the routers that it includes too."""
    for route in router.routes:
        if included := getattr(route, "original_router", None):
            yield from routes(included)
            continue
        for method in getattr(route, "methods", None) or {"GET"}:
            if method not in ("HEAD", "OPTIONS"):
                yield method, route.path


def test_every_address_but_these_asks_for_a_key(house: House) -> None:
    client = house.client()
    answered, found = set(), set(routes(client.app))
    assert {("POST", "/api/ask"), ("POST", "/v1/chat/completions"), ("GET", "/api/documents/{document_id}")} < found
    for method, path in found:
        place = path.replace("{document_id}", "d1").replace("{model:path}", "m").replace("{", "").replace("}", "")
        response = client.request(method, place)
        if response.status_code == 401:
            assert response.headers["www-authenticate"] == "Bearer"
            continue
        answered.add((method, path))
    assert answered - {("GET", "/widget.js")} == OPEN_TO_ALL - {("GET", "/widget.js")}


def test_the_description_tells_which_addresses_ask_for_a_key(house: House) -> None:
    described = house.client().get("/api/openapi.json").json()
    assert described["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    free = {
        (method.upper(), path)
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
        if "security" not in operation
    }
    assert free == {("GET", "/healthz"), ("GET", "/readyz")}


def test_what_is_open_holds_nothing_of_a_document(house: House, reply: Any) -> None:
    client = house.client()
    for _, path in OPEN_TO_ALL:
        body = client.get(path.replace("{document_id}", reply.id)).text
        assert not any(word in body for word in (reply.title, "市水务局", "88.txt"))


def test_a_key_opens_what_its_scopes_say(house: House) -> None:
    client = house.client()
    asking, reading = house.key(Scope.ASK), house.key(Scope.READ)
    assert ask(client, **asking).status_code == 200
    assert ask(client, **reading).status_code == 403
    assert client.get("/api/documents", headers=reading).status_code == 200
    assert client.get("/api/ledger", headers=reading).status_code == 200
    refused = client.get("/api/documents", headers=asking)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    assert client.get("/v1/models", headers=reading).json()["error"]["type"] == "invalid_request_error"
    assert client.get("/api/documents", headers=house.key(Scope.ADMIN)).status_code == 200


@pytest.mark.parametrize("presented", ["", "Bearer", "Bearer pak_x", "Basic dTpw", "Bearer sk-other", "bearer  "])
@pytest.mark.parametrize("path", ["/api/documents", "/v1/models"])
def test_what_is_no_key_opens_nothing(house: House, presented: str, path: str) -> None:
    response = house.client().get(path, headers={"Authorization": presented})
    assert (response.status_code, response.json()["error"]["code"]) == (401, "invalid_api_key")


def test_conversations_of_one_key_are_unknown_to_another(house: House) -> None:
    client = house.client()
    one, other = house.key(), house.key()
    SqlConversations(house.engine).append(_answer(), f"key:{one['Authorization'][11:23]}")
    assert client.get("/api/conversations", headers=one).json()["total"] == 1
    assert client.get("/api/conversations", headers=other).json()["total"] == 0
    place = "/api/conversations/c-1"
    assert client.get(place, headers=one).status_code == 200
    for method, path, body in (
        ("GET", place, None),
        ("GET", f"{place}/export", None),
        ("PATCH", place, {"title": "x"}),
        ("DELETE", place, None),
        ("POST", "/api/feedback", {"answer_id": "a-1", "useful": True}),
    ):
        assert client.request(method, path, json=body, headers=other).status_code == 404, (method, path)


def _answer() -> Any:
    return script("甲。")[-1].answer  # type: ignore[union-attr]


LOCAL_REQUEST = {"peer": LOOPBACK, "host": "127.0.0.1:8000", "keyless": Keyless.THIS_MACHINE}


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "localhost"])
def test_this_machine_needs_no_key(house: House, host: str) -> None:
    assert ask(house.client(**{**LOCAL_REQUEST, "host": host})).status_code == 200
    assert house.reader == LOCAL


def test_a_key_of_another_service_does_not_lock_this_machine_out_but_a_revoked_one_of_ours_does(house: House) -> None:
    client = house.client(**LOCAL_REQUEST)
    assert ask(client, Authorization="Bearer sk-any").status_code == 200
    headers = house.key()
    house.keys.revoke(house.keys.all()[0].id)
    assert ask(client, **headers).status_code == 401


@pytest.mark.parametrize(
    ("change", "headers"),
    [
        ({"peer": NEIGHBOUR}, {}),
        ({"peer": None}, {}),
        ({"host": "policy.example"}, {}),  # a page of elsewhere whose name was led to this machine
        ({"host": "127.0.0.1.evil.example"}, {}),
        ({"keyless": Keyless.NOWHERE}, {}),
        ({"sign_on": SSO, "trusted": ("127.0.0.1",)}, {}),
        *[
            ({}, {name: "10.1.1.1"})
            for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host", "x-forwarded-proto")
        ],
    ],
)
def test_whoever_may_be_somebody_else_needs_a_key(
    house: House, change: dict[str, Any], headers: dict[str, str]
) -> None:
    assert ask(house.client(**{**LOCAL_REQUEST, **change}), **headers).status_code == 401


def test_browsers_on_one_machine_are_told_apart_by_a_cookie_that_scripts_cannot_read(house: House) -> None:
    owners = set()
    for _ in range(2):
        browser = house.client(**LOCAL_REQUEST)
        cookie = browser.get("/").headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "set-cookie" not in browser.get("/").headers
        assert ask(browser).status_code == 200
        owners.add(house.reader.owner)
        assert house.reader.owner.startswith("session:")
        assert house.reader.owner.removeprefix("session:") not in cookie
    assert len(owners) == 2
    assert "set-cookie" not in house.client(**LOCAL_REQUEST).get("/api/documents").headers
    ask(house.client(**LOCAL_REQUEST), Cookie="policy_session=guess")
    assert house.reader.owner == "local"


def test_an_insecure_service_serves_anyone_as_staff_and_keeps_them_apart(house: House) -> None:
    client = house.client(keyless=Keyless.ANYWHERE)
    owners = set()
    for _ in range(2):
        assert ask(client).status_code == 200
        assert house.reader.clearance == Clearance(internal=True)
        assert house.reader.scopes == {Scope.ASK, Scope.READ}
        owners.add(house.reader.owner)
    assert len(owners) == 2


SIGNED_ON = {"sign_on": SSO, "trusted": ("10.0.0.0/24",)}


def test_a_trusted_proxy_names_the_user_and_departments(house: House) -> None:
    client = house.client(peer=PROXY, **SIGNED_ON)
    groups = "%E4%BA%BA%E4%BA%8B%E5%A4%84, 财务 处".encode()
    headers = [(b"x-remote-user", "王五".encode()), (b"x-remote-groups", groups)]
    response = client.post("/api/ask", json={"question": "问"}, headers=headers)
    assert response.status_code == 200
    assert house.reader.owner == "user:王五"
    assert house.reader.clearance == Clearance(internal=True, departments=frozenset({"人事处", "财务处"}))
    assert house.reader.scopes == {Scope.ASK, Scope.READ}


GRANTING = SingleSignOn(
    "X-Remote-User",
    groups="X-Remote-Groups",
    grants=(("档案科", Scope.INGEST), ("cn policy review", Scope.REVIEW), ("信息中心", Scope.ADMIN)),
)
STAFF = {"ask", "read"}


@pytest.mark.parametrize(
    ("groups", "may"),
    [
        ([], STAFF),
        (["财务科"], STAFF),
        (["财务科, 档案科"], STAFF | {"ingest"}),
        (["%E6%A1%A3%E6%A1%88%E7%A7%91,cn policy review"], STAFF | {"ingest", "review"}),
        (["信息中心"], {scope.value for scope in Scope}),
        (["信息"], STAFF),  # part of a name is another name
        (["CN Policy Review"], STAFF),
        (["档案科", "财务科"], STAFF),  # twice: one of them is not the proxy's
    ],
)
def test_a_group_may_do_what_it_is_given_and_nobody_else_anything(
    house: House, groups: list[str], may: set[str]
) -> None:
    client = house.client(peer=PROXY, sign_on=GRANTING, trusted=("10.0.0.7",))
    headers = [(b"x-remote-user", b"wang"), *((b"x-remote-groups", group.encode()) for group in groups)]
    assert set(client.get("/api/me", headers=headers).json()["may"]) == may
    assert client.post("/api/ask", json={"question": "问"}, headers=headers).status_code == 200
    assert house.reader.clearance == Clearance(internal=True, everything="admin" in may)
    stranger = house.client(sign_on=GRANTING, trusted=("10.0.0.7",))
    assert stranger.get("/api/me", headers=headers).status_code == 401


def test_a_user_that_is_named_twice_is_nobody(house: House) -> None:
    client = house.client(peer=PROXY, **SIGNED_ON)
    twice = [(b"x-remote-user", b"admin"), (b"x-remote-user", b"wang")]
    assert client.get("/api/me", headers=twice).status_code == 401


@pytest.mark.parametrize(
    ("peer", "user"),
    [(NEIGHBOUR, "admin"), (("10.0.1.7", 1), "admin"), (PROXY, ""), (PROXY, "x" * 65), (None, "admin")],
)
def test_nobody_else_is_believed_about_a_user(house: House, peer: tuple[str, int] | None, user: str) -> None:
    client = house.client(peer=peer, **SIGNED_ON)  # type: ignore[arg-type]
    assert ask(client, **{"X-Remote-User": user}).status_code == 401


def test_a_key_works_beside_single_sign_on(house: House) -> None:
    assert ask(house.client(**SIGNED_ON), **house.key()).status_code == 200
    assert house.reader.owner.startswith("key:")


def issue(client: httpx.Client, headers: dict[str, str], **body: Any) -> httpx.Response:
    return client.post("/api/widget-tokens", json={"origin": ORIGIN, "user": "u-7", **body}, headers=headers)


def test_a_widgets_token_asks_and_reads_for_its_person(house: House) -> None:
    clearance = Clearance(internal=True, departments=frozenset({"人事处", "财务处"}))
    key = house.key(Scope.ASK, Scope.READ, Scope.REVIEW, clearance=clearance)
    client = house.client()
    made = issue(client, key, departments=["人事处", "组织部"])
    assert made.status_code == 201
    assert made.json()["expires_in"] == 900
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    assert ask(client, **headers).status_code == 200
    assert house.reader.owner == f"widget:{key['Authorization'][11:23]}:u-7"
    assert house.reader.scopes == {Scope.ASK, Scope.READ}
    assert house.reader.clearance == Clearance(internal=True, departments=frozenset({"人事处"}))
    assert issue(client, headers).status_code == 403
    house.keys.revoke(house.keys.all()[0].id)
    assert ask(client, **headers).status_code == 401


def test_tokens_are_for_listed_origins_and_end_with_them(house: House) -> None:
    client, key = house.client(), house.key()
    refused = issue(client, key, origin="https://evil.example")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "origin_not_listed")
    headers = {"Authorization": f"Bearer {issue(client, key).json()['token']}"}
    unlisted = create_app(house.asker, house.indexes, keys=house.keys, tokens=house.tokens)
    with TestClient(unlisted, client=NEIGHBOUR) as other:
        assert ask(other, **headers).status_code == 401


def test_tokens_come_from_keys_alone(house: House) -> None:
    assert issue(house.client(**LOCAL_REQUEST), {}).status_code == 403
    assert issue(house.client(), house.key(Scope.READ)).status_code == 403


def test_pages_of_other_sites_may_call_only_where_they_are_listed(house: House) -> None:
    preflight = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    listed = house.client(callers=(ORIGIN,))
    assert listed.options("/api/ask", headers=preflight).headers["access-control-allow-origin"] == ORIGIN
    answered = ask(listed, Origin=ORIGIN, **house.key())
    assert answered.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in answered.headers
    other = {**preflight, "Origin": "https://evil.example"}
    for client, headers in ((listed, other), (house.client(), preflight)):
        response = client.options("/api/ask", headers=headers)
        assert "access-control-allow-origin" not in response.headers
        assert "access-control-allow-origin" not in ask(client, Origin=headers["Origin"]).headers


def test_only_a_trusted_proxy_is_believed_that_the_reader_came_by_https(
    house: House, scripted: Callable[..., Any]
) -> None:
    for peer, scheme in ((PROXY, "https"), (NEIGHBOUR, "http")):
        client = house.client(peer=peer, trusted=("10.0.0.7",))
        cookie = client.get("/", headers={"X-Forwarded-Proto": "https"}).headers["set-cookie"]
        assert ("Secure" in cookie) is (scheme == "https")
