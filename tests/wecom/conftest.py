"""A robot, an app and the desk behind them, over a scripted question path and a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from assistant.adapters.database.engine import open_library
from assistant.adapters.database.wecom import SqlWecomMemory
from assistant.faces.wecom import app_callback, bot_callback
from assistant.faces.wecom.desk import Desk
from assistant.faces.wecom.envelope import Envelope
from assistant.faces.wecom.push import AppMessages, ResponseUrl
from assistant.faces.wecom.streams import Streams
from tests.fakes.asker import FakeAsker, Step, script
from tests.fakes.shelf import cite, document
from tests.wecom.peer import AES_KEY, CORP, TOKEN, App, Robot

PLAN = document("渠道建设方案", ("一", "一、", 1, "一、由市水务局牵头实施，2025年6月底前完成。"), kind="方案")
QUOTE = "由市水务局牵头实施"


@dataclass
class Vendor:
    """The vendor's interface for messages that are sent; hands out tokens and takes messages."""

    refuse_tokens: list[str] = field(default_factory=list)
    tokens: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    late: list[dict[str, Any]] = field(default_factory=list)
    failures: int = 0  # so many calls fail first

    def answer(self, request: httpx.Request) -> httpx.Response:
        import json

        if self.failures:
            self.failures -= 1
            return httpx.Response(502)
        if request.url.path == "/cgi-bin/gettoken":
            self.tokens += 1
            return httpx.Response(200, json={"errcode": 0, "access_token": f"t{self.tokens}", "expires_in": 7200})
        if request.url.path == "/late":
            self.late.append(json.loads(request.content))
            return httpx.Response(200, json={})
        if request.url.params["access_token"] in self.refuse_tokens:
            return httpx.Response(200, json={"errcode": 42001})
        self.messages.append(json.loads(request.content))
        return httpx.Response(200, json={"errcode": 0})


@dataclass
class House:
    client: TestClient
    desk: Desk
    asker: FakeAsker
    vendor: Vendor
    streams: Streams
    memory: SqlWecomMemory

    @property
    def robot(self) -> Robot:
        return Robot(self.client)

    @property
    def app(self) -> App:
        return App(self.client)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_library(tmp_path)
    yield opened
    opened.dispose()


Open = Callable[..., House]


@pytest.fixture
def house(engine: Engine) -> Iterator[Open]:
    """Opens a house over ``steps``; what one house has noted the next one knows, as after a restart."""
    opened: list[TestClient] = []

    def build(steps: list[Step] | None = None, **options: Any) -> House:
        usual = script("由市水务局牵头。[1]", "2025年6月底前完成。[1]", citations=[cite(1, PLAN, QUOTE)])
        asker = FakeAsker(steps if steps is not None else usual)
        memory, vendor, streams = SqlWecomMemory(engine), Vendor(), Streams(**options.pop("streams", {}))
        desk = Desk(
            asker,
            memory,
            options.pop("feedback", None),
            suggest=options.pop("suggest", lambda _: ["渠道由谁牵头？"]),
            hidden=options.pop("hidden", lambda _, __: False),
            public_url="https://ask.example.gov.cn/",
        )
        http = httpx.AsyncClient(base_url="https://api.example.com", transport=httpx.MockTransport(vendor.answer))
        answers = app_callback.AppDesk(desk, AppMessages(http, CORP, 7, "secret"))

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            yield
            await streams.close()
            await answers.close()

        app = FastAPI(lifespan=lifespan)
        late = ResponseUrl(http, ("api.example.com",))
        app.include_router(bot_callback.router(desk, Envelope(TOKEN, AES_KEY), streams, late, "政策 小助手"))
        app.include_router(app_callback.router(desk, answers, Envelope(TOKEN, AES_KEY, CORP)))
        client = TestClient(app)
        client.__enter__()
        opened.append(client)
        return House(client, desk, asker, vendor, streams, memory)

    yield build
    for client in opened:
        client.__exit__(None, None, None)
