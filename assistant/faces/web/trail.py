"""What every request leaves behind: a number, a line in the log, figures, and, where it did something, an audit entry.

The log and the figures hold no personal data: no address, no name, no question, no query, and of the path only its
pattern. The audit log says who did what; what was asked only where the service is told to keep it.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.domain.access import Identity
from assistant.domain.audit import Deed
from assistant.faces.web.metrics import Metrics
from assistant.ports import AuditLog

log = logging.getLogger("assistant.access")
request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The number of the request that is being answered, for every line that is logged meanwhile."""

_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
_ACTIONS: Mapping[tuple[str, str], str] = {
    ("POST", "/api/ask"): "ask",
    ("POST", "/v1/chat/completions"): "ask",
    ("POST", "/api/documents"): "upload",
    ("POST", "/api/feedback"): "judge",
    ("POST", "/api/widget-tokens"): "token",
    ("GET", "/api/documents/{document_id}"): "open",
    ("GET", "/api/documents/{document_id}/original"): "export",
    ("GET", "/api/documents/{document_id}/pages/{number}"): "open",
    ("GET", "/api/conversations/{conversation_id}"): "open",
    ("GET", "/api/conversations/{conversation_id}/export"): "export",
    ("GET", "/api/ledger/{commitment_id}"): "open",
}
_AS_FILE = re.compile(rb"(?:^|&)format=(?:csv|xlsx|docx)(?:&|$)")
_CHANGES = {"POST": "change", "PUT": "change", "PATCH": "change", "DELETE": "delete"}


class Tracer(Protocol):
    """What is needed of an OpenTelemetry tracer."""

    def start_as_current_span(self, name: str) -> AbstractContextManager[Any]: ...


@dataclass(slots=True)
class _Seen:
    """What is known of a request when it is over."""

    began: float
    status: int = 0
    ended: bool = False


class Trail:
    """ASGI: outside of everything that answers."""

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        audit: AuditLog | None = None,
        *,
        keep_content: bool = False,
        tracer: Tracer | None = None,
    ) -> None:
        self.app = app
        self._metrics = metrics
        self._audit = audit
        self._keep_content = keep_content
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        number = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        request_id.set(number)
        seen = _Seen(time.perf_counter())

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = number
            elif message["type"] == "http.response.body" and not message.get("more_body"):
                seen.ended = True
            await send(message)

        span = self._tracer.start_as_current_span("http") if self._tracer else nullcontext()
        with span as current:
            try:
                await self.app(scope, receive, send_and_note)
            finally:
                if current is not None:
                    current.update_name(f"{scope['method']} {_pattern(scope)}")
                    current.set_attribute("http.route", _pattern(scope))
                    current.set_attribute("http.response.status_code", seen.status)
                self._leave(scope, seen, number)

    def _leave(self, scope: Scope, seen: _Seen, number: str) -> None:
        method, route = scope["method"], _pattern(scope)
        status = seen.status or 500
        seconds = time.perf_counter() - seen.began
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        identity: Identity | None = scope.get("state", {}).get("identity")
        log.info(
            "%s %s %d",
            method,
            route,
            status,
            extra={
                "method": method,
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
                "caller": identity.owner.partition(":")[0] if identity else "",
                "cut_off": not seen.ended,
            },
        )
        deed = self._deed(scope, method, route, status, number, identity)
        if deed is not None and self._audit is not None:
            self._audit.note(deed)

    def _deed(
        self, scope: Scope, method: str, route: str, status: int, number: str, identity: Identity | None
    ) -> Deed | None:
        if identity is None or not route.startswith(("/api", "/v1")):
            return None
        state = scope.get("state", {})
        action = _ACTIONS.get((method, route)) or _CHANGES.get(method)
        if _AS_FILE.search(scope.get("query_string", b"")):
            action = "export"
        if status == 403:
            action = "refused"
        if action is None:
            return None
        things = [str(value) for name, value in sorted(scope.get("path_params", {}).items()) if name.endswith("_id")]
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        content = str(state.get("content", "")) if self._keep_content else ""
        return Deed(at, identity.owner, action, " ".join(things) or state.get("object", ""), status, number, content)


def _pattern(scope: Scope) -> str:
    """The pattern of the address, never the address: that may hold a name."""
    route = scope.get("route")
    if route is not None and (path := getattr(route, "path_format", None) or getattr(route, "path", None)):
        return str(path)
    return "/static" if scope["path"].startswith("/static/") else "(none)"
