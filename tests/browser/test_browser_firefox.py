"""The page and the widget in Firefox: asking, a source and its clause, reload, the frame on another origin."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from tests.browser.conftest import origin_of
from tests.fakes.asker import script
from tests.fakes.shelf import cite, document

pytest.importorskip("websockets")
from tests.browser.bidi import EXECUTABLE, Firefox, firefox

pytestmark = pytest.mark.skipif(EXECUTABLE is None, reason="firefox is not installed (apt-get install firefox-esr)")

PLAN = document("沿河绿道建设方案", ("一", "一、", 1, "一、任务。拟由市园林局牵头修建绿道。"))
FIRST = cite(1, PLAN, "拟由市园林局牵头修建绿道")
ANSWER = script("拟由市园林局牵头。[1]", citations=[FIRST])
DONE = "document.querySelector('.answer[aria-busy=false] .cite')"
ENTER, ESCAPE = "\ue007", "\ue00c"


@pytest.fixture(scope="module")
def fox() -> Iterator[Firefox]:
    with firefox() as opened:
        yield opened


def test_a_question_its_source_its_clause_and_a_reload(fox: Firefox, serve_site: Any) -> None:
    origin = serve_site([PLAN], ANSWER)
    fox.open(origin)
    fox.until("document.activeElement?.id === 'question'")
    fox.press(f"绿道由谁牵头？{ENTER}")
    fox.until(DONE)
    assert fox.run("document.querySelector('.said').innerText") == "拟由市园林局牵头。1"

    fox.run(f"{DONE}.click()")
    assert fox.run("document.querySelector('#popover blockquote').textContent") == FIRST.quote
    fox.press(ESCAPE)
    fox.until("document.querySelector('#popover').hidden && document.activeElement.className === 'cite'")

    fox.open(origin)
    fox.until(DONE)
    assert fox.run("document.querySelector('.asked').textContent") == "绿道由谁牵头？"
    fox.open(origin + FIRST.url)
    fox.until("document.querySelector('mark')")
    assert fox.run("document.querySelector('mark').textContent") == FIRST.quote
    assert fox.errors == []


def test_the_widget_on_a_page_of_another_origin(fox: Firefox, serve: Any, serve_site: Any) -> None:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    service = serve_site([PLAN], ANSWER, embedders=(origin_of(listener),))
    page = f'<!doctype html><title>办公系统</title><body><script src="{service}/widget.js"></script>'
    fox.open(serve(Starlette(routes=[Route("/", lambda request: HTMLResponse(page))]), listener))

    fox.until("document.querySelector('policy-assistant')")
    fox.run("document.querySelector('policy-assistant').open()")
    fox.until("document.querySelector('policy-assistant').shadowRoot.querySelector('iframe')")
    frame = fox.frame("/widget")
    fox.until("document.activeElement?.id === 'question'", frame)
    fox.press(f"绿道由谁牵头？{ENTER}", frame)
    fox.until(DONE, frame)
    assert fox.run("document.querySelector('.said').innerText", frame) == "拟由市园林局牵头。1"
    fox.run("document.querySelector('#close').click()", frame)
    fox.until("document.querySelector('policy-assistant').shadowRoot.querySelector('section').hidden")
    assert fox.errors == []
