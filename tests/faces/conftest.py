"""A small shelf of documents in words of our own, and the application over it, in memory and on a real port."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from assistant.domain.policy import Document
from assistant.faces.web.app import create_app
from tests.fakes.asker import FakeAsker, Step, script
from tests.fakes.local_client import local_client
from tests.fakes.shelf import Shelf, ShelfIndexes, cite, document
from tests.patience import until

REPLY = document(
    "关于第88号提案的答复",
    ("一", "一、", 1, "一、建设情况。拟由市水务局牵头修建示范渠道。"),
    ("一（一）", "（一）", 2, "（一）资金安排。由市财政局配合，2024年底前到位。"),
    ("二", "二、", 1, "二、下一步打算。适时扩大范围。"),
    kind="答复",
    source="答复/88.txt",
    fields={"proposal_number": "88"},
    page_after="修建示范渠道。",
)
PLAN = document("渠道建设方案", ("第一条", "第一条", 1, "第一条 总则。本方案由市水务局牵头实施。"), source="方案.md")


@pytest.fixture
def reply() -> Document:
    return REPLY


@pytest.fixture
def indexes() -> ShelfIndexes:
    return ShelfIndexes(Shelf([REPLY, PLAN]))


@pytest.fixture
def asker() -> FakeAsker:
    quote = cite(1, REPLY, "拟由市水务局牵头修建示范渠道")
    second = cite(2, REPLY, "由市财政局配合，2024年底前到位")
    return FakeAsker(script("拟由市水务局牵头。[1]", "由市财政局配合。[2]", citations=[quote, second]))


@pytest.fixture
def app(asker: FakeAsker, indexes: ShelfIndexes) -> FastAPI:
    return create_app(asker, indexes)


@pytest.fixture
def client(app: FastAPI) -> Iterator[httpx.Client]:
    with local_client(app) as opened:
        yield opened


@pytest.fixture
def scripted(indexes: ShelfIndexes) -> Iterator[Callable[[Sequence[Step]], httpx.Client]]:
    """Makes a client of an application whose asker plays the script given."""

    def make(steps: Sequence[Step]) -> httpx.Client:
        return local_client(create_app(FakeAsker(steps), indexes))

    yield make


@pytest.fixture
def serve() -> Iterator[Callable[[FastAPI], str]]:
    """Runs an application under uvicorn on a free loopback port and gives its address; stopped after the test."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(app: FastAPI) -> str:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        running.append((server, thread))
        until(lambda: server.started, "uvicorn did not start")
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(5)


@pytest.fixture
def base_url(serve: Callable[[FastAPI], str], app: FastAPI) -> str:
    return serve(app)
