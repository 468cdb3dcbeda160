"""How long and how large the head of a request may be: uvicorn waits for ever and takes all that comes.

A proxy in front has limits of its own; this is for services without one, and for whoever gets past it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as _Base
else:
    _Base = AutoHTTPProtocol

HEAD_SECONDS = 20.0
HEAD_BYTES = 65_536


class ImpatientProtocol(_Base):
    """Closes a connection on which no request has begun for too long, or with too much before it begins."""

    def connection_made(self, transport: Any) -> None:
        """A client has come."""
        self._head = 0
        self._alarm: asyncio.TimerHandle | None = None
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Something has come: part of a head, or of what follows it."""
        super().data_received(data)
        if self._answering():
            self._rest()
            return
        self._head += len(data)
        if self._head > HEAD_BYTES:
            self._close()
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._rest()
        super().connection_lost(exc)

    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        if self._alarm is None:
            self._alarm = self.loop.call_later(HEAD_SECONDS, self._ring)

    def _rest(self) -> None:
        self._head = 0
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _ring(self) -> None:
        self._alarm = None
        if not self._answering():
            self._close()

    def _close(self) -> None:
        self._rest()
        if not self.transport.is_closing():
            self.transport.close()


LIMITS: dict[str, Any] = {"http": ImpatientProtocol, "timeout_keep_alive": 15}
"""For ``uvicorn.Config``."""
