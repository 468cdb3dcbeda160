"""The long connection: the vendor's own client against a server over TLS that plays the vendor, kicks and fails."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
import trustme
from sqlalchemy import Engine
from websockets.asyncio.server import ServerConnection, serve

from assistant.adapters.database.wecom import SqlWecomMemory
from assistant.faces.wecom.connection import KICKED, LongConnection
from assistant.faces.wecom.desk import Desk
from tests.fakes.asker import FakeAsker, Held, Step, script
from tests.patience import SECONDS, until_async

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the vendor's client names an old class


@dataclass
class Vendor:
    """Lets a robot in, hands it ``frames`` and keeps what it sends."""

    frames: list[dict[str, Any]] = field(default_factory=list)
    refusal: int = 0  # an error code for the subscription
    pongs: bool = True
    close_with: list[int] = field(default_factory=list)  # codes of the next connections' ends
    subscribed: int = 0
    sent: list[dict[str, Any]] = field(default_factory=list)
    sent_at: list[float] = field(default_factory=list)
    url: str = ""

    async def talk(self, socket: ServerConnection) -> None:
        async for text in socket:
            frame = json.loads(text)
            request = frame["headers"]["req_id"]
            match frame["cmd"]:
                case "aibot_subscribe":
                    self.subscribed += 1
                    await self._say(socket, request, self.refusal)
                    for given in [] if self.refusal else self.frames:
                        await socket.send(json.dumps(given))
                    if self.close_with:
                        await socket.close(self.close_with.pop(0))
                        return
                case "ping":
                    if self.pongs:
                        await self._say(socket, request)
                case _:
                    self.sent.append(frame)
                    self.sent_at.append(time.monotonic())
                    await self._say(socket, request)

    @staticmethod
    async def _say(socket: ServerConnection, request: str, code: int = 0) -> None:
        await socket.send(json.dumps({"headers": {"req_id": request}, "errcode": code, "errmsg": "x"}))

    def answered(self) -> bool:
        return bool(self.sent) and self.sent[-1]["body"]["stream"]["finish"]

    def contents(self) -> list[str]:
        return [f["body"]["stream"]["content"] for f in self.sent if f["cmd"] == "aibot_respond_msg"]


def asked(text: str, identity: str = "m1") -> dict[str, Any]:
    body = {
        "msgid": identity,
        "chattype": "single",
        "from": {"userid": "u"},
        "msgtype": "text",
        "text": {"content": text},
    }
    return {"cmd": "aibot_msg_callback", "headers": {"req_id": f"r-{identity}"}, "body": body}


def happened(kind: str) -> dict[str, Any]:
    body = {"msgid": kind, "from": {"userid": "u"}, "msgtype": "event", "event": {"eventtype": kind}}
    return {"cmd": "aibot_event_callback", "headers": {"req_id": f"r-{kind}"}, "body": body}


@asynccontextmanager
async def vendor(monkeypatch: pytest.MonkeyPatch, **options: Any) -> AsyncIterator[Vendor]:
    authority, context, trusting = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(trusting)
    monkeypatch.setattr("aibot.ws._SSL_CONTEXT", trusting)
    played = Vendor(**options)
    async with serve(played.talk, "127.0.0.1", 0, ssl=context) as server:
        played.url = f"wss://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield played


@asynccontextmanager
async def connected(
    played: Vendor, engine: Engine, steps: list[Step] | None = None, **options: Any
) -> AsyncIterator[asyncio.Task[str]]:
    asker = FakeAsker(steps if steps is not None else script("由市水务局牵头。"))
    desk = Desk(asker, SqlWecomMemory(engine), suggest=lambda _: ["渠道由谁牵头？"])
    settings = {"interval": 0.05, "first_pause": 0.02} | options
    connection = LongConnection(desk, "robot", "secret", url=played.url, **settings)
    running = asyncio.create_task(connection.run())
    try:
        yield running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_question_is_answered_in_one_growing_stream(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    async with vendor(monkeypatch, frames=[asked("渠道由谁牵头？")]) as played:
        first, second = Held(), Held()
        async with connected(played, engine, script("由市水务局牵头。", "2025年6月底前完成。", held=[first, second])):
            await until_async(lambda: played.contents()[1:] == ["正在检索 3 份文件…"])
            first.gate.set()
            await until_async(lambda: played.contents()[-1] == "由市水务局牵头。")
            second.gate.set()
            await until_async(played.answered)
    shown = played.contents()
    assert shown == ["正在查询…", "正在检索 3 份文件…", "由市水务局牵头。", "由市水务局牵头。2025年6月底前完成。"]
    streams = [f["body"]["stream"] for f in played.sent]
    assert len({s["id"] for s in streams}) == 1
    assert [("feedback" in s) for s in streams] == [True] + [False] * (len(streams) - 1)
    assert {f["headers"]["req_id"] for f in played.sent} == {"r-m1"}


async def test_frames_to_one_chat_keep_their_distance(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    steps = script(*[f"第{n}句。" for n in range(40)], pause=0.01)
    async with vendor(monkeypatch, frames=[asked("问")]) as played, connected(played, engine, steps, interval=0.2):
        await until_async(played.answered)
    assert 1 < len(played.sent) < 40
    assert all(later - earlier >= 0.2 for earlier, later in pairwise(played.sent_at))
    assert played.contents()[-1].endswith("第39句。")


async def test_the_welcome(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    async with vendor(monkeypatch, frames=[happened("enter_chat")]) as played, connected(played, engine):
        await until_async(lambda: played.sent)
    assert played.sent[0]["cmd"] == "aibot_respond_welcome_msg"
    assert "渠道由谁牵头？" in played.sent[0]["body"]["text"]["content"]


@pytest.mark.parametrize("code", [1000, 1001, 1011])
async def test_it_comes_back_after_every_kind_of_end(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, code: int
) -> None:
    async with vendor(monkeypatch, close_with=[code, code]) as played, connected(played, engine):
        await until_async(lambda: played.subscribed == 3)


async def test_it_comes_back_when_pongs_stay_out(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    async with vendor(monkeypatch, pongs=False) as played, connected(played, engine, heartbeat=0.05):
        await until_async(lambda: played.subscribed >= 2)


async def test_it_comes_back_when_nobody_listens_at_first(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    nobody = Vendor(url="wss://127.0.0.1:9")
    told: list[str] = []
    async with connected(nobody, engine, tell=told.append) as running:
        await until_async(lambda: len(told) >= 2)
        assert not running.done()
    assert all("重连" in text for text in told)


async def test_being_kicked_ends_it(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    frames = [happened("disconnected_event")]
    async with vendor(monkeypatch, frames=frames) as played, connected(played, engine) as running:
        assert await asyncio.wait_for(running, SECONDS) == KICKED
    assert played.subscribed == 1


async def test_a_refused_secret_ends_it(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    async with vendor(monkeypatch, refusal=853000) as played, connected(played, engine) as running:
        assert "Secret" in await asyncio.wait_for(running, SECONDS)
    assert played.subscribed == 1


async def test_being_asked_to_wait_does_not_end_it(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    async with vendor(monkeypatch, refusal=45009) as played, connected(played, engine) as running:
        await until_async(lambda: played.subscribed >= 2)
        assert not running.done()


async def test_a_message_is_answered_once_over_reconnections(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    frames = [asked("谁牵头？"), {"cmd": "aibot_msg_callback", "headers": {}, "body": {"msgtype": "text"}}]
    async with vendor(monkeypatch, frames=frames) as played, connected(played, engine):
        await until_async(played.answered)
    again = [*frames, asked("谁配合？", "m2")]
    async with vendor(monkeypatch, frames=again) as later, connected(later, engine):
        await until_async(later.answered)
    assert {f["headers"]["req_id"] for f in later.sent} == {"r-m2"}
