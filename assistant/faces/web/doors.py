"""One dependency that turns a request into the identity it acts as; every route that is not for everybody has it.

The ways in, in this order: an API key or a widget's token in ``Authorization: Bearer``; the user that a trusted proxy
names (single sign-on); nothing at all, where the service is bound to this machine alone and the request plainly comes
from it. Whatever presents something of our own form that no longer holds is refused, not let in by another way.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated
from urllib.parse import unquote, urlsplit

from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request

from assistant.domain.access import LOCAL, Clearance, Identity, Keyless, Scope, SingleSignOn, department
from assistant.faces.peers import Networks, is_loopback
from assistant.faces.web.edge import SESSION_COOKIE
from assistant.faces.web.limits import Allowance, counted_as
from assistant.ports import Keys, Tokens

_OURS = ("pak_", "pat_")
_SESSION = re.compile(r"[A-Za-z0-9_-]{22,64}")
_USER = re.compile(r"[^\x00-\x1f\x7f]{1,64}")
_FORWARDED = re.compile(r"(?:x-)?forwarded(?:-.*)?|via|x-real-ip|x-client-ip|true-client-ip|cf-connecting-ip")

STAFF = Identity("", frozenset({Scope.ASK, Scope.READ}), Clearance(internal=True))
"""What anyone may do who comes in without a key of their own; the owner is put in by the way they came."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Who is let in. ``trusted`` are the proxies that are believed; ``origins`` those that may hold a widget."""

    keys: Keys | None = None
    tokens: Tokens | None = None
    origins: Sequence[str] = ()
    trusted: Networks = field(default_factory=Networks)
    sign_on: SingleSignOn | None = None
    keyless: Keyless = Keyless.THIS_MACHINE

    async def identity(self, request: HTTPConnection) -> Identity:
        """Whom a request comes from. Raises HTTPException 401."""
        scheme, _, presented = request.headers.get("authorization", "").partition(" ")
        presented = presented.strip() if scheme.lower() == "bearer" else ""
        if presented.startswith(_OURS):
            # The key's row and, once a minute, the note of its use: too long for the loop where the disk is slow.
            found = await run_in_threadpool(self._presented, presented)
            if found is None:
                raise _unauthorized()
            return found
        if self.sign_on is not None:
            if (user := self._signed_on(request, self.sign_on)) is None:
                raise _unauthorized()
            return user
        if self.keyless is Keyless.ANYWHERE:
            return replace(STAFF, owner=_session(request) or f"session:{secrets.token_hex(16)}")
        if self.keyless is Keyless.THIS_MACHINE and self._from_this_machine(request):
            return replace(LOCAL, owner=_session(request) or LOCAL.owner)
        raise _unauthorized()

    def _presented(self, presented: str) -> Identity | None:
        if presented.startswith("pak_"):
            key = self.keys.find(presented) if self.keys else None
            return key.identity if key else None
        widget = self.tokens.read(presented) if self.tokens else None
        if widget is None or self.keys is None or widget.origin not in self.origins:
            return None
        key = self.keys.by_id(widget.key_id)  # a revoked key takes its tokens with it
        return widget.identity(key) if key else None

    def _signed_on(self, request: HTTPConnection, headers: SingleSignOn) -> Identity | None:
        if (request.client.host if request.client else "") not in self.trusted:
            return None
        user = _said(request.headers, headers.user)
        if not _USER.fullmatch(user):
            return None
        named = _said(request.headers, headers.departments).split(",") if headers.departments else []
        departments = frozenset(filter(None, map(department, named)))
        groups = _said(request.headers, headers.groups).split(",") if headers.groups else []
        granted = headers.granted(group.strip() for group in groups)
        clearance = Clearance(internal=True, departments=departments, everything=Scope.ADMIN in granted)
        return Identity(f"user:{user}", STAFF.scopes | granted, clearance)

    def _from_this_machine(self, request: HTTPConnection) -> bool:
        """Whether nobody else can be behind a request: no proxy, and no page that was led here by a false name."""
        if any(_FORWARDED.fullmatch(name) for name in request.headers):
            return False
        peer = request.client.host if request.client else ""
        return is_loopback(peer) and is_loopback(_host(request.headers.get("host", "")))


def _host(authority: str) -> str:
    try:
        return urlsplit(f"//{authority}").hostname or ""
    except ValueError:
        return ""


def _said(headers: Headers, name: str) -> str:
    """A header's value; Chinese comes as UTF-8 or percent-encoded. Nothing where it comes twice: one of the two was
    not the proxy's.
    """
    if len(headers.getlist(name)) != 1:
        return ""
    raw = headers[name].strip()
    try:
        raw = raw.encode("latin-1").decode()
    except UnicodeError:
        return ""
    return unquote(raw)


def _session(request: HTTPConnection) -> str | None:
    """The owner that a browser without a key is, told from others by its cookie."""
    cookie = request.cookies.get(SESSION_COOKIE, "")
    return f"session:{hashlib.sha256(cookie.encode()).hexdigest()[:32]}" if _SESSION.fullmatch(cookie) else None


def _unauthorized() -> HTTPException:
    return HTTPException(401, headers={"WWW-Authenticate": "Bearer"})


_BEARER = HTTPBearer(auto_error=False, description="A key (`assistant keys create`) or a widget's token.")


async def admitted(
    request: Request,
    needed: SecurityScopes,
    # Read in :meth:`Doors.identity`; here, so that the description of the interface tells of it.
    presented: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
) -> Identity:
    """The identity of a request that may do what the route needs. Raises HTTPException 401, 403 or 429."""
    doors: Doors = request.app.state.doors
    identity = await doors.identity(request)
    request.state.identity = identity
    if not all(identity.may(Scope(scope)) for scope in needed.scopes):
        raise HTTPException(403)
    if (name := counted_as(request, identity)) is not None:
        allowance: Allowance = request.app.state.allowance
        allowance.count_request(name)
    return identity


Asking = Annotated[Identity, Security(admitted, scopes=[Scope.ASK])]
Reading = Annotated[Identity, Security(admitted, scopes=[Scope.READ])]
Reviewing = Annotated[Identity, Security(admitted, scopes=[Scope.REVIEW])]
Ingesting = Annotated[Identity, Security(admitted, scopes=[Scope.INGEST])]
Administering = Annotated[Identity, Security(admitted, scopes=[Scope.ADMIN])]


async def _within_limits(request: Request, caller: Asking) -> AsyncIterator[Identity]:
    allowance: Allowance = request.app.state.allowance
    name = counted_as(request, caller)
    if name is None:
        yield caller
        return
    allowance.begin_question(name)
    try:
        yield caller
    finally:
        allowance.end_question(name)


Questioning = Annotated[Identity, Depends(_within_limits)]
"""An identity that may ask a question now; counted until its answer has gone out."""
