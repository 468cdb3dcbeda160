"""The product's own addresses: which are open, and which scope opens each of the others."""

from __future__ import annotations

import pytest

from assistant.domain.access import Clearance, Scope
from tests.security.house import House, routes

OPEN = {
    ("GET", "/"),
    ("GET", "/api/openapi.json"),
    ("GET", "/documents/{document_id}"),
    ("GET", "/healthz"),
    ("GET", "/ledger"),
    ("GET", "/readyz"),
    ("GET", "/static"),
    ("GET", "/widget"),
    ("GET", "/widget.js"),
}
"""Empty frames, scripts and probes: nothing of a document."""

SIGNED = {("GET", "/wecom/aibot"), ("POST", "/wecom/aibot"), ("GET", "/wecom/app"), ("POST", "/wecom/app")}
"""The vendor's callbacks: let in by their signature alone."""

ASK, READ, REVIEW, INGEST, ADMIN = ({scope} for scope in Scope)
NEEDED = {
    ("POST", "/api/ask"): ASK,
    ("POST", "/api/feedback"): ASK,
    ("POST", "/api/widget-tokens"): ASK,
    ("GET", "/api/conversations"): ASK,
    ("GET", "/api/conversations/{conversation_id}"): ASK,
    ("GET", "/api/conversations/{conversation_id}/export"): ASK,
    ("PATCH", "/api/conversations/{conversation_id}"): ASK,
    ("DELETE", "/api/conversations/{conversation_id}"): ASK,
    ("GET", "/v1/models"): ASK,
    ("GET", "/v1/models/{model:path}"): ASK,
    ("POST", "/v1/chat/completions"): ASK,
    ("POST", "/v1/embeddings"): ASK,
    ("GET", "/api/documents"): READ,
    ("GET", "/api/documents/{document_id}"): READ,
    ("GET", "/api/documents/{document_id}/original"): READ,
    ("GET", "/api/documents/{document_id}/pages/{number}"): READ,
    ("GET", "/api/ledger"): READ,
    ("GET", "/api/ledger/{commitment_id}"): READ,
    ("GET", "/api/ledger/timeline"): READ,
    ("GET", "/api/ledger/history"): READ,
    ("PATCH", "/api/ledger/{commitment_id}"): REVIEW,
    ("POST", "/api/ledger/import"): REVIEW,
    ("GET", "/metrics"): ADMIN,
}


def address(path: str) -> str:
    """An address of that pattern."""
    for name, value in (("{number}", "1"), ("{model:path}", "policy-assistant")):
        path = path.replace(name, value)
    return path.replace("{", "x").replace("}", "")


def test_every_address_but_these_asks_for_a_key(house: House) -> None:
    """Of the service as it is put together with everything configured: what is added later is tried as well."""
    answered = set()
    found = set(routes(house.app))
    assert set(NEEDED) | SIGNED < found
    for method, path in found:
        response = house.client.request(method, address(path))
        if response.status_code == 401:
            assert response.headers["www-authenticate"] == "Bearer"
        else:
            answered.add((method, path))
    assert answered - {("GET", "/widget.js")} == OPEN - {("GET", "/widget.js")} | SIGNED


def test_a_callback_without_its_signature_gets_nothing(house: House) -> None:
    query = {"msg_signature": "0" * 40, "timestamp": "1", "nonce": "n", "echostr": "e"}
    for method, path in SIGNED:
        for params in ({}, query):
            response = house.client.request(method, path, params=params, content=b"<xml/>")
            assert response.status_code in (403, 422), (method, path)
        assert response.content == b""


@pytest.mark.parametrize("scope", list(Scope))
def test_a_scope_opens_its_own_addresses_and_no_others(house: House, scope: Scope) -> None:
    headers = house.key(Clearance(), scope)
    for (method, path), needed in NEEDED.items():
        response = house.client.request(method, address(path), headers=headers)
        if scope in needed or scope is Scope.ADMIN:
            assert response.status_code not in (401, 403), (method, path)
        else:
            assert response.status_code == 403, (method, path)
            assert response.json()["error"]["message"]


def test_no_address_is_guarded_by_the_key_alone(house: House) -> None:
    """A key with scopes for none of it is let in nowhere, also where the table above does not list an address."""
    refused = {scope: house.key(Clearance(), scope) for scope in (Scope.ASK, Scope.READ, Scope.REVIEW, Scope.INGEST)}
    for method, path in set(routes(house.app)) - OPEN - SIGNED:
        got = {house.client.request(method, address(path), headers=key).status_code for key in refused.values()}
        assert 403 in got, (method, path)


def test_a_header_twice_or_two_ways_at_once_gains_nothing(house: House) -> None:
    key = house.headers["staff"]["Authorization"]
    bad = "Bearer pak_000000000000_" + "0" * 43
    for values in ([bad, key], [f"{bad}, {key}"], [f"Bearer {bad}"], [key.replace("Bearer ", "Bearer\t")]):
        headers = [("Authorization", value) for value in values]
        assert house.client.get("/api/documents", headers=headers).status_code == 401, values
    forwarded = [("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Host", "127.0.0.1"), ("Host", "127.0.0.1")]
    assert house.client.get("/api/documents", headers=forwarded).status_code == 401
    also = [("X-HTTP-Method-Override", "GET"), ("X-Original-URL", "/healthz"), ("X-Rewrite-URL", "/healthz")]
    assert house.client.get("/metrics", headers=also).status_code == 401


@pytest.mark.parametrize(
    "path", ["/API/documents", "/api/documents/", "//api/documents", "/api/../metrics", "/./metrics"]
)
def test_an_address_written_otherwise_opens_nothing(house: House, path: str) -> None:
    """Whatever a proxy in front lets through by its own reading of the address."""
    assert house.client.get(path).status_code in (401, 404)
    assert house.client.get(path.replace("/", "%2f")).status_code == 404
