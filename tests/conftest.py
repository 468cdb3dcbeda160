"""What every test gets: a clean environment, no network but the machine itself, the trial documents if present."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.postgres import Cluster, cluster, programs

ROOT = Path(__file__).resolve().parent.parent
_PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy")
# What decides how wide and how colourful commands print, where whoever runs the tests has set it.
_TERMINAL_VARIABLES = ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE")

# At once, for modules of tests read some of it as they are imported.
for _name in list(os.environ):
    if _name.startswith("ASSISTANT_") or _name.lower() in _PROXY_VARIABLES or _name in _TERMINAL_VARIABLES:
        del os.environ[_name]


class NetworkBlocked(RuntimeError):
    """A test tried to leave the machine; it must use a fake or a loopback server instead."""


def _is_local(host: object) -> bool:
    if host is None:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback or ipaddress.ip_address(name).is_unspecified
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _offline() -> Iterator[None]:
    """Refuse every connection that is not to this machine."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse(family: int, address: Any) -> None:
        if family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
            raise NetworkBlocked(f"a test tried to reach {address[0]}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse(self.family, address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_local(host):
            raise NetworkBlocked(f"a test tried to resolve {host}")
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


@pytest.fixture(scope="session")
def shared_corpus() -> Path:
    """The folder of real documents beside the repository; the test is skipped where it is absent."""
    folder = ROOT.parent / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("the real documents are not beside this checkout (../shared/corpus)")
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A real PostgreSQL server; the test is skipped where none is installed."""
    binaries = programs()
    if binaries is None or find_spec("psycopg") is None:
        pytest.skip("PostgreSQL (Debian package postgresql) or psycopg (extra postgres) is not installed")
    with cluster(binaries) as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def library_url(request: pytest.FixtureRequest) -> str | None:
    """For :func:`assistant.adapters.database.engine.open_library`: a file in the data folder, and a real server."""
    if request.param == "sqlite":
        return None
    server: Cluster = request.getfixturevalue("postgres")
    return server.fresh()
