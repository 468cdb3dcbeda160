"""Debian's Chromium on the pages, served by uvicorn over fakes. Skipped where either is missing."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn

from assistant.domain.policy import Document
from assistant.faces.web.app import create_app
from tests.fakes.asker import FakeAsker, Step
from tests.fakes.ledger import MemoryLedger
from tests.fakes.shelf import Shelf, ShelfIndexes

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser a module: while Playwright's loop runs, tests of coroutines elsewhere could not."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: browser)")
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("chromium is not installed (apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield opened
        opened.close()


@dataclass
class Watched:
    """A page with what it must never do: break its policy, fail in a script, or ask anyone else for anything."""

    page: Any
    base_url: str
    wrongs: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("pageerror", lambda error: self.wrongs.append(f"script error: {error}"))
        self.page.on("dialog", lambda dialog: (self.wrongs.append("a dialog opened"), dialog.dismiss()))
        self.page.on("request", self._request)
        self.page.on("console", self._console)

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.base_url, "data:")):
            self.wrongs.append(f"request outside: {request.url}")

    def _console(self, message: Any) -> None:
        # A refused request is logged by the browser itself; the tests that provoke one look at the page instead.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.wrongs.append(f"console: {message.text}")


Open = Callable[..., Any]


@pytest.fixture
def open_site(browser: Any) -> Iterator[Open]:
    """``open_site(documents, steps, path="/", **context)`` serves these and opens the page; wrongs fail the test."""
    servers: list[tuple[uvicorn.Server, threading.Thread]] = []
    contexts: list[Any] = []
    watched: list[Watched] = []

    def start(documents: Sequence[Document], steps: Sequence[Step], path: str = "/", **context: Any) -> Any:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        app = create_app(FakeAsker(steps), ShelfIndexes(Shelf(documents)), MemoryLedger(documents))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        servers.append((server, thread))
        deadline = time.monotonic() + 10
        while not server.started:
            assert time.monotonic() < deadline, "uvicorn did not start"
            time.sleep(0.01)
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        opened = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN", **context})
        opened.set_default_timeout(5000)
        contexts.append(opened)

        def guard(page: Any) -> None:
            site = Watched(page, base_url)
            site.watch()
            watched.append(site)

        opened.on("page", guard)
        page = opened.new_page()
        page.goto(base_url + path)
        return page

    yield start
    for opened in contexts:
        opened.close()
    for server, thread in servers:
        server.should_exit = True
        thread.join(5)
    assert [wrong for site in watched for wrong in site.wrongs] == []
