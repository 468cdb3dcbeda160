"""What surrounds every answer: security headers on the way out, a limit on bodies on the way in.

Plain ASGI, because ``BaseHTTPMiddleware`` hides the client's disconnect from streaming answers. The body limit is
ours because the framework's own sends plain text where callers are promised one JSON shape.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.faces.peers import Networks


def content_security_policy(ancestors: str = "'none'") -> str:
    """The policy of every answer; ``ancestors`` are the origins whose pages may show this one in a frame."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {ancestors}",
        )
    )


CONTENT_SECURITY_POLICY = content_security_policy()

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",  # assets carry ETags: an upgraded service never meets an old script
}


class SecureHeaders:
    """Add :data:`SECURITY_HEADERS` to every answer that does not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


SESSION_COOKIE = "policy_session"
_SESSION_SECONDS = 365 * 86_400


class BrowserSession:
    """Give a browser that opens a page a random cookie, by which it finds its own conversations and no other's.

    Scripts cannot read it and other sites' requests do not carry it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    secure = "; Secure" if scope["scheme"] == "https" else ""
                    value = f"{SESSION_COOKIE}={secrets.token_urlsafe(16)}; Path=/; Max-Age={_SESSION_SECONDS}"
                    headers.append("Set-Cookie", f"{value}; HttpOnly; SameSite=Lax{secure}")
            await send(message)

        new = scope["type"] == "http" and SESSION_COOKIE not in Request(scope).cookies
        await self.app(scope, receive, send_with_cookie if new else send)


class ForwardedScheme:
    """Believe trusted proxies, and nobody else, that the reader came by https: links must say so too."""

    def __init__(self, app: ASGIApp, trusted: Networks) -> None:
        self.app = app
        self.trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        peer = scope.get("client")
        if scope["type"] == "http" and peer and peer[0] in self.trusted:
            said = Headers(scope=scope).get("x-forwarded-proto", "")
            if said in ("http", "https"):
                scope = {**scope, "scheme": said}
        await self.app(scope, receive, send)


BODY_SECONDS = 30.0
BODY_RATE = 10_000  # bytes a second: a large file over a slow line gets the time that it needs


class BodyLimit:
    """Refuse bodies above ``max_bytes`` with 413: by their declared length at once, else as soon as they exceed it;
    with 408 those that do not come.

    ``longer`` has the limits of those (method, path) that take files.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, longer: Mapping[tuple[str, str], int] | None = None) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.longer = longer or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.longer.get((scope["method"], scope["path"]), self.max_bytes)
        declared = Headers(scope=scope).get("content-length", "")
        received, whole = 0, False
        began = time.monotonic()

        async def receive_within_limit() -> Message:
            nonlocal received, whole
            if declared.isdecimal() and int(declared) > limit:
                raise HTTPException(413)
            if whole:
                return await receive()
            left = began + BODY_SECONDS + received / BODY_RATE - time.monotonic()
            try:
                message = await asyncio.wait_for(receive(), max(left, 0.0))
            except TimeoutError:
                raise HTTPException(408) from None
            whole = not message.get("more_body", False)
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_within_limit, send)
