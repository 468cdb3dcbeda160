"""The test session itself: nothing of the developer's environment gets in, nothing gets out."""

from __future__ import annotations

import os
import socket
import urllib.request

import pytest


def test_settings_of_the_developer_are_gone() -> None:
    assert not [name for name in os.environ if name.startswith("ASSISTANT_")]


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("policy.example", 443)])
def test_connections_that_leave_the_machine_are_refused(address: tuple[str, int]) -> None:
    with pytest.raises(RuntimeError, match="a test tried to"), socket.create_connection(address, timeout=1):
        pass


def test_an_http_client_is_refused_as_well() -> None:
    with pytest.raises(RuntimeError, match="a test tried to"):
        urllib.request.urlopen("http://policy.example/", timeout=1)


def test_loopback_works() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=1):
        pass
