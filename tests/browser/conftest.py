"""Debian's Chromium on the pages, served by uvicorn over fakes. Skipped where either is missing."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from assistant.adapters.database.conversations import SqlConversations
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.feedback import SqlFeedback
from assistant.adapters.database.keys import SqlKeys
from assistant.adapters.tokens import HmacTokens
from assistant.domain.access import Clearance, Entrance, Keyless, Scope
from assistant.domain.policy import Document
from assistant.faces.web.app import create_app
from tests.browser.kept import KeepingAsker
from tests.fakes.asker import Step
from tests.fakes.ledger import MemoryLedger
from tests.fakes.shelf import Shelf, ShelfIndexes
from tests.patience import SECONDS, until

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = SECONDS * 1000  # milliseconds


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """One browser for this folder and no longer: while Playwright's loop runs, tests of coroutines could not."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: browser)")
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("chromium is not installed (apt-get install chromium)")
    sync_api.expect.set_options(timeout=PATIENCE)
    with sync_api.sync_playwright() as playwright:
        # Names of files are Chinese, whatever language the machine speaks.
        speaking = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        opened = playwright.chromium.launch(
            executable_path=executable, args=ARGUMENTS, timeout=2 * PATIENCE, env=speaking
        )
        yield opened
        opened.close()


@dataclass
class Watched:
    """A page with what it must never do: break its policy, fail in a script, or ask anyone else for anything."""

    page: Any
    origins: tuple[str, ...]
    tolerated: str = ""
    wrongs: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("pageerror", lambda error: self.wrongs.append(f"script error: {error}"))
        self.page.on("dialog", lambda dialog: (self.wrongs.append("a dialog opened"), dialog.dismiss()))
        self.page.on("request", self._request)
        self.page.on("console", self._console)

    def _request(self, request: Any) -> None:
        if not request.url.startswith((*self.origins, "data:", "blob:")):
            self.wrongs.append(f"request outside: {request.url}")

    def _console(self, message: Any) -> None:
        # A refused request is logged by the browser itself; the tests that provoke one look at the page instead.
        expected = "Failed to load resource" in message.text or (self.tolerated and self.tolerated in message.text)
        if message.type == "error" and not expected:
            self.wrongs.append(f"console: {message.text}")


# Said as an error of the page, so that no violation of a policy passes unseen whatever the browser prints itself.
REPORT = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`))"""

Open = Callable[..., Any]
Serve = Callable[..., Any]


def _listening() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    return listener


@pytest.fixture
def serve() -> Iterator[Callable[[Any, socket.socket], str]]:
    """``serve(app, listener)`` runs an application on a port of its own until the test ends; gives its origin."""
    servers: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(app: Any, listener: socket.socket) -> str:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        servers.append((server, thread))
        until(lambda: server.started, "uvicorn did not start")
        return origin_of(listener)

    yield start
    for server, _ in servers:
        server.should_exit = True
    for _, thread in servers:
        thread.join(5)


def origin_of(listener: socket.socket) -> str:
    """The address under which a browser finds what listens there."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture(scope="package")
def empty_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that holds nothing: copying it is faster than making one for every test."""
    folder = tmp_path_factory.mktemp("library")
    open_library(folder).dispose()
    return folder


@pytest.fixture
def serve_site(empty_library: Path, serve: Callable[[Any, socket.socket], str], tmp_path: Path) -> Iterator[Serve]:
    """``serve_site(documents, steps, **create_app's)`` serves these with a library of its own; gives the origin.

    ``around`` may put an application of the test around the service. With ``keyed`` it lets in keys only, and the
    one that is made comes back beside the origin.
    """
    engines = []

    def start(documents: Sequence[Document], steps: Sequence[Step], **settings: Any) -> Any:
        folder = tmp_path / f"library-{len(engines)}"
        shutil.copytree(empty_library, folder)
        engine = open_library(folder)
        engines.append(engine)
        key = ""
        if settings.pop("keyed", False):
            keys = SqlKeys(engine)
            _, key = keys.make("office", (Scope.ASK, Scope.READ), Clearance(internal=True))
            settings |= {"keys": keys, "tokens": HmacTokens(folder), "entrance": Entrance(Keyless.NOWHERE)}
        conversations = SqlConversations(engine)
        around = settings.pop("around", lambda app: app)
        app = create_app(
            KeepingAsker(steps, conversations),
            settings.pop("indexes", None) or ShelfIndexes(Shelf(documents, linked=settings.pop("linked", ()))),
            MemoryLedger(documents),
            conversations=conversations,
            feedback=SqlFeedback(engine),
            **settings,
        )
        origin = serve(around(app), _listening())
        return (origin, key) if key else origin

    yield start
    for engine in engines:
        engine.dispose()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    """``open_page(address, allowed=(), tolerated="", **context)`` opens it, watched; a wrong fails the test.

    ``allowed`` are other origins that it may ask, ``tolerated`` words of the one console error that is looked for.
    """
    contexts: list[Any] = []
    watched: list[Watched] = []

    def start(address: str, allowed: Sequence[str] = (), tolerated: str = "", **context: Any) -> Any:
        opened = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN", **context})
        opened.set_default_timeout(PATIENCE)
        opened.add_init_script(REPORT)
        contexts.append(opened)
        own = "/".join(address.split("/")[:3])

        def guard(page: Any) -> None:
            site = Watched(page, (own, *allowed), tolerated)
            site.watch()
            watched.append(site)

        opened.on("page", guard)
        page = opened.new_page()
        page.goto(address)
        return page

    yield start
    for opened in contexts:
        opened.close()
    assert [wrong for site in watched for wrong in site.wrongs] == []


@pytest.fixture
def open_site(serve_site: Serve, open_page: Open) -> Open:
    """``open_site(documents, steps, path="/", **context)`` serves these and opens the page."""

    def start(documents: Sequence[Document], steps: Sequence[Step], path: str = "/", **context: Any) -> Any:
        settings = {name: context.pop(name) for name in ("linked", "originals") if name in context}
        return open_page(serve_site(documents, steps, **settings) + path, **context)

    return start
