"""Requests that no client of ours would send, over a real port: oversized, slow, broken, led astray."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from assistant.faces.web.protocol import LIMITS
from tests.patience import SECONDS
from tests.security.house import House, serving


@pytest.fixture(scope="module")
def base(house: House) -> Iterator[str]:
    with serving(house.app, **{**LIMITS, "timeout_keep_alive": 1}) as url:
        yield url


@pytest.fixture
def key(house: House) -> dict[str, str]:
    return house.headers["staff"]


def raw(base: str, sent: bytes, seconds: float = SECONDS) -> bytes:
    """What comes back for bytes that are no proper request."""
    parts = urlsplit(base)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=seconds) as connection:
        connection.sendall(sent)
        got = b""
        while piece := connection.recv(65536):
            got += piece
            if b"\r\n\r\n" in got:
                break
        return got


LONG = "长" * 100_000


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/ask", {"question": LONG}),
        ("POST", "/api/ask", {"question": "问", "conversation_id": "c" * 100_000}),
        ("POST", "/api/ask", {"question": "问", "replaces": "c" * 100_000}),
        ("POST", "/api/ask", {"question": "问", "x" * 100_000: 1}),
        ("POST", "/v1/chat/completions", {"model": LONG, "messages": [{"role": "user", "content": "问"}]}),
        ("POST", "/v1/chat/completions", {"model": "policy-assistant", "messages": [{"role": "user"}] * 2001}),
        ("POST", "/v1/embeddings", {"model": "policy-embeddings", "input": ["问"] * 257}),
        ("POST", "/v1/embeddings", {"model": "policy-embeddings", "input": LONG}),
        ("POST", "/api/feedback", {"answer_id": "a", "useful": True, "note": LONG}),
        ("POST", "/api/feedback", {"answer_id": "a", "useful": True, "reasons": ["x"] * 11}),
        ("POST", "/api/widget-tokens", {"origin": "https://" + "a" * 300_000, "user": "u"}),
        ("PATCH", "/api/conversations/c", {"title": LONG}),
        ("PATCH", "/api/ledger/m", {"action": "correct", "version": "x", "why": LONG, "by": LONG}),
    ],
)
def test_what_is_oversized_is_refused_in_a_moment(
    base: str, key: dict[str, str], method: str, path: str, body: dict[str, object]
) -> None:
    began = time.process_time()
    response = httpx.request(method, base + path, json=body, headers=key, timeout=SECONDS)
    assert 400 <= response.status_code < 500
    assert response.json()["error"]["message"]
    assert len(response.content) < 2000, "it gives back what it was sent"
    assert time.process_time() - began < 5


@pytest.mark.parametrize("path", ["/api/ledger?unit=", "/api/documents?q=", "/api/ledger/history?object=", "/"])
def test_long_addresses_are_refused(base: str, key: dict[str, str], path: str) -> None:
    response = httpx.get(f"{base}{path}{'x' * 50_000}", headers=key)
    assert response.status_code in (400, 404, 414, 422)
    assert httpx.get(f"{base}/healthz").status_code == 200


def test_long_and_many_headers_are_refused(base: str) -> None:
    for headers in (b"X-Long: " + b"x" * 300_000, b"\r\n".join(b"X-%d: %s" % (n, b"y" * 100) for n in range(3000))):
        try:
            got = raw(base, b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n\r\n")
        except ConnectionError:
            got = b""
        assert not got.startswith(b"HTTP/1.1 2")
    assert httpx.get(f"{base}/healthz").status_code == 200


@pytest.mark.parametrize("depth", [100, 1000, 100_000])
def test_nested_bodies_are_refused(base: str, key: dict[str, str], depth: int) -> None:
    for opened, closed in (("[", "]"), ('{"a":', "}")):
        body = f'{{"question": {opened * depth}1{closed * depth}}}'
        headers = {**key, "Content-Type": "application/json"}
        assert httpx.post(f"{base}/api/ask", content=body, headers=headers).status_code in (400, 422)
    message = f'{{"role": "user", "content": [{"[" * depth}1{"]" * depth}]}}'
    body = f'{{"model": "policy-assistant", "messages": [{message}]}}'
    assert httpx.post(f"{base}/v1/chat/completions", content=body, headers=headers).status_code == 400


@pytest.mark.parametrize(
    "sent",
    [
        b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n",
        b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nabcde",
        b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nabcde",
        b"POST /api/ask HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\nabc\r\n0\r\n\r\n",
        b"GET http://elsewhere.example/metrics HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n",
        b"CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: elsewhere.example:443\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b\x00c\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_broken_requests_get_an_error_or_nothing_and_stop_nothing(base: str, sent: bytes) -> None:
    try:
        got = raw(base, sent + b"\r\n\r\n", 8)
    except (ConnectionError, TimeoutError):
        got = b""
    assert not got.startswith(b"HTTP/1.1 2")
    assert httpx.get(f"{base}/healthz").status_code == 200


PATHS = [
    "..",
    "../../etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%5c..%5cwindows",
    "%00",
    "a%0d%0aSet-Cookie:x",
    "'",
    '"><script>',
]


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize(
    "place",
    ["/static/{}", "/api/documents/{}", "/api/documents/{}/original", "/api/documents/{}/pages/1", "/api/ledger/{}",
     "/api/conversations/{}", "/api/conversations/{}/export", "/v1/models/{}", "/documents/{}"],
)  # fmt: skip
def test_no_name_leads_out_of_its_place(base: str, house: House, place: str, name: str) -> None:
    parts = urlsplit(base)
    authorization = house.headers["administrator"]["Authorization"]
    target = place.format(name.replace(" ", "%20"))
    got = raw(base, f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: {authorization}\r\n\r\n".encode())
    status = int(got.split(b" ", 2)[1])
    assert b"root:" not in got
    assert b"\r\nSet-Cookie:x" not in got
    if place.startswith("/documents/"):
        assert status in (200, 400, 404)  # an empty page, whatever the id
    else:
        assert status in (400, 404, 405, 422)


def test_a_client_that_sends_its_headers_drop_by_drop_stops_nobody(base: str) -> None:
    """Fifty connections held open by a byte a moment: others are answered at once."""
    parts = urlsplit(base)
    held = [socket.create_connection((parts.hostname or "", parts.port or 0), timeout=SECONDS) for _ in range(50)]
    try:
        for connection in held:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        for _ in range(5):
            for connection in held:
                connection.sendall(b"x")
            assert httpx.get(f"{base}/healthz", timeout=SECONDS).status_code == 200
    finally:
        for connection in held:
            connection.close()


def test_a_body_that_does_not_come_is_not_waited_for_for_ever(
    base: str, key: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.faces.web.edge.BODY_SECONDS", 0.5)
    head = f"POST /api/ask HTTP/1.1\r\nHost: x\r\nAuthorization: {key['Authorization']}\r\n"
    sent = f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode()
    assert raw(base, sent).startswith(b"HTTP/1.1 408")


def test_a_head_that_does_not_come_is_not_waited_for_for_ever(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.faces.web.protocol.HEAD_SECONDS", 0.5)
    for sent in (b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "):
        assert raw(base, sent) == b""


def test_names_in_headers_say_nothing_about_the_caller(base: str) -> None:
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "X-Remote-User", "X-Original-URL"):
        assert httpx.get(f"{base}/api/documents", headers={name: "127.0.0.1"}).status_code == 401
    for host in ("127.0.0.1", "localhost", "evil.example", "a@127.0.0.1", "[::1", ""):
        assert httpx.get(f"{base}/api/documents", headers={"Host": host}).status_code in (400, 401)


def test_links_in_answers_are_made_of_the_address_and_carry_no_markup(base: str, key: dict[str, str]) -> None:
    """A false Host is given back to whoever sent it, as an address and nothing more."""
    body = {"model": "policy-assistant", "messages": [{"role": "user", "content": "南山绿道由谁牵头？"}]}
    for host in ('evil.example"><script>', "evil.example/a b"):
        got = httpx.post(f"{base}/v1/chat/completions", json=body, headers={**key, "Host": host})
        assert got.status_code in (200, 400)
        assert "<script>" not in got.text
