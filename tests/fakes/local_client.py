"""A test client that comes from this machine, as a browser on it would."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.testclient import TestClient

LOOPBACK = ("127.0.0.1", 50000)


def local_client(app: FastAPI) -> TestClient:
    """The client; what the application raises comes back as its answer."""
    return TestClient(app, base_url="http://127.0.0.1", client=LOOPBACK, raise_server_exceptions=False)
