"""Messages that we send on our own: an app's to a member (page 90236), a robot's to a ``response_url``."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx

from assistant.faces.wecom.rendering import APP_BYTES, messages

_log = logging.getLogger(__name__)
_BAD_TOKEN = (40014, 41001, 42001)
_EARLY = 300.0  # seconds before its end that a token is renewed
_MOST_MESSAGES = 3
_TRIES = 3


class PushFailed(Exception):
    """The vendor did not take a message; the text names its error code and nothing else."""


class AppMessages:
    """Sends markdown as the self-built app. One token is kept and shared (page 91039: asking too often is refused)."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        corp_id: str,
        agent_id: int,
        secret: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._corp_id, self._agent_id, self._secret = corp_id, agent_id, secret
        self._clock = clock
        self._token, self._until = "", 0.0
        self._renewing = asyncio.Lock()

    async def token(self, *, refused: str = "") -> str:
        """A token that holds; another one than ``refused``. Raises :class:`PushFailed`."""
        async with self._renewing:
            if self._token and self._token != refused and self._clock() < self._until:
                return self._token
            got = await self._call("GET", "/cgi-bin/gettoken", {"corpid": self._corp_id, "corpsecret": self._secret})
            if got.get("errcode"):
                raise PushFailed(f"gettoken: {got['errcode']}")
            self._token = str(got.get("access_token", ""))
            self._until = self._clock() + float(got.get("expires_in", 7200)) - _EARLY
            return self._token

    async def send(self, user: str, text: str) -> None:
        """Send ``text`` to a member, in several messages where it is long. Raises :class:`PushFailed`."""
        for part in messages(text, APP_BYTES, _MOST_MESSAGES):
            await self._send(user, part)

    async def _send(self, user: str, part: str) -> None:
        body = {
            "touser": user,
            "msgtype": "markdown",
            "agentid": self._agent_id,
            "markdown": {"content": part},
            "enable_duplicate_check": 1,
        }
        refused = ""
        for _ in range(2):
            token = await self.token(refused=refused)
            got = await self._call("POST", "/cgi-bin/message/send", {"access_token": token}, body)
            if got.get("errcode") not in _BAD_TOKEN:
                break
            refused = token
        if got.get("errcode"):
            raise PushFailed(f"message/send: {got['errcode']}")

    async def _call(self, method: str, path: str, query: dict[str, str], body: Any = None) -> dict[str, Any]:
        for attempt in range(_TRIES):
            try:
                response = await self._client.request(method, path, params=query, json=body)
                response.raise_for_status()
                got = response.json()
                return got if isinstance(got, dict) else {}
            except (httpx.HTTPError, ValueError) as error:
                # The address holds secrets: only the kind of error is told.
                if attempt == _TRIES - 1:
                    raise PushFailed(f"{path.rsplit('/', 1)[-1]}: {type(error).__name__}") from None
                await asyncio.sleep(0.5 * 2**attempt)
        raise AssertionError("unreachable")


class ResponseUrl:
    """Sends one markdown message to the address that came with a robot's message; valid for an hour (page 101138).

    Only addresses on ``hosts`` are called: what a message says must not make us call anybody.
    """

    def __init__(self, client: httpx.AsyncClient, hosts: tuple[str, ...]) -> None:
        self._client = client
        self._hosts = hosts

    async def send(self, url: str, text: str) -> None:
        """Send; a failure is logged, for nobody is there to be told."""
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.hostname not in self._hosts:
            _log.warning("a response_url outside of the configured hosts was not called")
            return
        try:
            body = {"msgtype": "markdown", "markdown": {"content": text}}
            (await self._client.post(url, json=body)).raise_for_status()
        except httpx.HTTPError as error:
            _log.warning("a late answer could not be sent: %s", type(error).__name__)
