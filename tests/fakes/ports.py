"""Ports for servers that have to know theirs before they start, or come back on it."""

from __future__ import annotations

import random
import socket

_LOWEST, _HIGHEST = 20_000, 32_000  # Linux hands out 32768 and above to clients: none of them takes it meanwhile


def free_port() -> int:
    """A port of the loopback that nobody listens on and that no client is given."""
    chance = random.SystemRandom()
    while True:
        port = chance.randint(_LOWEST, _HIGHEST)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
