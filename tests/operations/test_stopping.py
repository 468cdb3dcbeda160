"""A service that is stopped, killed, or started under a crowd: nobody is left waiting, nothing is half kept."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from fastapi import FastAPI

from assistant.adapters.generation import leases
from assistant.bootstrap import create_web_app, open_service
from assistant.faces.web.sse import end_feeds
from assistant.settings import Settings
from tests.conftest import ROOT
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.local_client import local_client
from tests.fakes.openai_server import Server, serving
from tests.ingest_runs.conftest import Desk
from tests.patience import SECONDS, until, until_async

QUESTION = "实习基地由谁牵头建立？"


@pytest.fixture
def filled(desk: Desk, quick: None) -> Desk:
    desk.embedder = None
    desk.write("复函.txt", "关于校企合作的复函", "市教育局牵头建立实习基地。")
    desk.run()
    return desk


@contextmanager
def started(desk: Desk, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A real ``assistant serve`` and its address."""
    environment = {
        **os.environ,
        "ASSISTANT_DATA_DIR": str(desk.data_dir),
        "ASSISTANT_PORT": "0",
        "ASSISTANT_EMBEDDINGS_ENGINE": "none",
        **settings,
    }
    command = [sys.executable, "-m", "assistant", "serve"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            said = ""
            while "打开" not in said:
                assert process.stdout is not None
                line = process.stdout.readline()
                assert line, f"ended without an address: {said}"
                said += line
            yield process, re.search(r"http://[^ ]+", said)[0]  # type: ignore[index]
        finally:
            process.kill()


@pytest.fixture
def silent_model() -> Iterator[Server]:
    """A model that takes a question and never says a word."""
    ready = threading.Event()
    server = Server(behaviour="hang")
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def run() -> None:
        async with serving(server):
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    assert ready.wait(SECONDS)
    yield server
    loop.call_soon_threadsafe(stop.set)
    thread.join(SECONDS)
    loop.close()


def test_open_streams_end_with_a_word_when_the_service_is_stopped_and_a_kill_loses_nothing(
    filled: Desk, silent_model: Server
) -> None:
    model = {
        "ASSISTANT_LLM_BASE_URL": silent_model.url,
        "ASSISTANT_LLM_MODEL": "m",
        "ASSISTANT_LLM_TIMEOUT": "600",
        "ASSISTANT_LLM_STALL_TIMEOUT": "600",
    }
    with started(filled, **model) as (process, address):
        body = {"question": QUESTION, "stream": True}
        with httpx.stream("POST", f"{address}/api/ask", json=body, timeout=SECONDS) as stream:
            lines = stream.iter_lines()
            assert "searching" in next(lines)
            until(lambda: silent_model.requests)
            process.terminate()
            events = [line.removeprefix("event: ") for line in lines if line.startswith(("event: ", "data: "))]
        assert events[-2] == "error"
        assert json.loads(events[-1].removeprefix("data: "))["code"] == "stopping"
        assert process.wait(timeout=SECONDS) in (0, -signal.SIGTERM)
    # The same, but killed in the middle: what was asked before is there, and the next start has nothing to mend.
    with started(filled) as (process, address):
        asked = httpx.post(f"{address}/api/ask", json={"question": QUESTION}, timeout=SECONDS).json()
        assert asked["citations"]
        process.kill()
        process.wait()
    service = open_service(Settings(data_dir=filled.data_dir, embeddings_engine="none"))
    try:
        assert service.condition.troubles() == ()
        conversations, _ = service.conversations.conversations("local")
        owners = {c.id for c in conversations}
        assert not owners or asked["conversation_id"] in owners  # a browser's session owns it where it sent a cookie
        client = local_client(create_web_app(service))
        assert client.post("/api/ask", json={"question": QUESTION}).json()["citations"] == asked["citations"]
    finally:
        service.close()


async def test_an_answer_that_is_not_streamed_ends_too(filled: Desk, silent_model: Server) -> None:
    service = open_service(
        Settings(
            data_dir=filled.data_dir,
            embeddings_engine="none",
            llm_base_url=silent_model.url,
            llm_model="m",
            llm_timeout=600,
            llm_stall_timeout=600,
        )
    )
    transport = httpx.ASGITransport(create_web_app(service), client=("127.0.0.1", 5000))
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            asking = asyncio.create_task(client.post("/api/ask", json={"question": QUESTION}))
            await until_async(lambda: silent_model.requests)
            assert not asking.done()
            end_feeds()
            answer = await asyncio.wait_for(asking, SECONDS)
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "stopping"
        assert "再问一次" in answer.text
    finally:
        service.close()


async def _crowd(app: FastAPI) -> tuple[set[int], set[int]]:
    """Statuses of forty questions and twenty readiness checks that arrive together at one event loop."""
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=60) as client:
        asked = [client.post("/api/ask", json={"question": QUESTION}) for _ in range(40)]
        ready = [client.get("/readyz") for _ in range(20)]
        statuses = [answer.status_code for answer in await asyncio.gather(*asked, *ready)]
    return set(statuses[:40]), set(statuses[40:])


def test_a_crowd_at_the_start_opens_everything_once(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.embedder = HashingEmbedder()
    filled.run()
    opened: list[str] = []
    real = leases.OpenGeneration

    def counting(*args: object, **named: object) -> object:
        opened.append("generation")
        time.sleep(0.2)  # long enough for all others to come
        return real(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(leases, "OpenGeneration", counting)
    monkeypatch.setattr("assistant.bootstrap.build_embedder", lambda *_args, **_named: HashingEmbedder())
    service = open_service(Settings(data_dir=filled.data_dir))
    try:
        asked, ready = asyncio.run(_crowd(create_web_app(service)))
        assert (asked, ready) == ({200}, {200})
        assert opened == ["generation"]
    finally:
        service.close()
