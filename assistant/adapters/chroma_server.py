"""Vectors on a Chroma server, distributed Chroma or Chroma Cloud: one collection a part, searched there.

The same constructor reaches all of them. What is sent stays inside Chroma Cloud's quotas: 300 records a write and
results a query, no documents, one metadata key, ids of at most 64 bytes. The server has no authentication of its own:
it belongs on the loopback or behind a proxy that asks for the token.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.errors import SettingsError, VectorsUnreachable

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

_SECONDS = 10.0  # for one request; a search takes some milliseconds, a write of 300 some tenths
_CONNECT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """Where the server is and what to show it."""

    host: str
    port: int
    ssl: bool
    tenant: str
    database: str
    token: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, told: tuple[str, str, str, str | None] | None) -> ChromaServer | None:
        """From the settings: None where they name no server."""
        return None if told is None else cls.at(*told)

    @classmethod
    def at(cls, url: str, tenant: str, database: str, token: str | None) -> ChromaServer:
        """The server at an address. Raises :class:`SettingsError` where ``url`` is no address of a server."""
        parts = urlsplit(url)
        try:
            port = parts.port or (443 if parts.scheme == "https" else 8000)
        except ValueError:
            port = 0
        if parts.scheme not in ("http", "https") or not parts.hostname or not port or parts.path.strip("/"):
            raise SettingsError(
                "ASSISTANT_CHROMA_URL 应为 Chroma 服务器的地址。",
                "写法：http://10.0.0.6:8000，云服务为 https://api.trychroma.com。",
            )
        return cls(parts.hostname, port, parts.scheme == "https", tenant, database, token)

    def collection(self, part: str) -> str:
        """What the collection of a part is called there; part names are random, so that libraries do not collide."""
        return f"policy-assistant-{part}"

    def connect(self) -> ClientAPI:
        """The client of this process, which stays open: Chroma's leaves its connections behind when it is closed.

        Raises :class:`VectorsUnreachable` where nobody answers, or not to this token.
        """
        with _connecting:
            if self not in _connected:
                _connected[self] = self._connect()
            return _connected[self]

    def _connect(self) -> ClientAPI:
        os.environ.setdefault(
            "ANONYMIZED_TELEMETRY", "False"
        )  # before the import: the module makes settings of its own
        import chromadb
        import httpx
        from chromadb.config import Settings

        settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]
        try:
            client = chromadb.HttpClient(
                host=self.host,
                port=self.port,
                ssl=self.ssl,
                headers={"x-chroma-token": self.token} if self.token else None,
                settings=settings,
                tenant=self.tenant,
                database=self.database,
            )
        except Exception as error:  # chromadb raises ValueError for a refused connection, its own and httpx' else
            raise self.unreachable(error) from error
        # Chroma's own client waits for ever: a server that hangs would take every thread with it.
        client._server._session.timeout = httpx.Timeout(_SECONDS, connect=_CONNECT_SECONDS)  # type: ignore[attr-defined]
        return client

    def beat(self) -> None:
        """Look that it answers. Raises as :meth:`connect`."""
        import httpx

        try:
            address = f"http{'s' if self.ssl else ''}://{self.host}:{self.port}/api/v2/heartbeat"
            httpx.get(address, timeout=_CONNECT_SECONDS).raise_for_status()
        except httpx.HTTPError as error:
            raise self.unreachable(error) from error

    def drop(self, parts: Sequence[str]) -> None:
        """Delete the collections of these parts; those that are not there are gone. Raises as :meth:`connect`."""
        if not parts:
            return
        from chromadb.errors import NotFoundError

        client = self.connect()
        try:
            for part in parts:
                with suppress(NotFoundError):
                    client.delete_collection(self.collection(part))
        except Exception as error:
            raise self.unreachable(error) from error

    def unreachable(self, error: Exception) -> VectorsUnreachable:
        """What a failure of the server is to us; the address is named, the token is not."""
        return VectorsUnreachable(
            f"向量服务器 {self.host}:{self.port} 没有正常应答（{type(error).__name__}）。",
            "请检查它是否在运行，以及 ASSISTANT_CHROMA_URL、ASSISTANT_CHROMA_TOKEN；恢复后自动可用，不必重启。",
        )


_connecting = threading.Lock()
_connected: dict[ChromaServer, ClientAPI] = {}
