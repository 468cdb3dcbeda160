"""The robot's long connection (page 101463): the vendor's client under a supervisor of our own.

Left alone, the client (1.0.2) stays dead after a close with 1000 or 1001 and after pongs that never came, and takes a
refused secret for an event among others. So every attempt here is a fresh client that does not reconnect by itself; its
health is looked at once a second, and between attempts there is a growing, jittered pause. Being kicked by a newer
connection and a refused secret end it: trying again would only take the robot away from the other one in turns.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
import time
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool

from assistant.faces.wecom.desk import SEARCHING, Desk, Draft
from assistant.faces.wecom.messages import BadMessage, Kind, Message, from_robot
from assistant.faces.wecom.streams import FAILED, LATER, LONGEST, new_id

_log = logging.getLogger(__name__)

INTERVAL = 2.0  # seconds between two frames to one chat: the vendor takes 30 a minute
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0  # seconds between attempts
_SOUND = 60.0  # seconds after which a connection counts as having worked
_ADMISSION = 20.0  # seconds for connecting and being let in
_REFUSED = {"853000": "机器人 ID 或 Secret 不对，企业微信拒绝了连接。", "45009": None}
KICKED = "同一机器人在别处建立了新连接，本连接被断开。请确认只有一处运行 assistant wecom run。"


class Quiet:
    """The client's log goes nowhere: it would write what members say."""

    def debug(self, message: str, *args: Any) -> None: ...
    def info(self, message: str, *args: Any) -> None: ...
    def warn(self, message: str, *args: Any) -> None: ...
    def error(self, message: str, *args: Any) -> None: ...


class LongConnection:
    """Keeps the robot connected and answers through it. ``name`` is what the robot is called in groups."""

    def __init__(
        self,
        desk: Desk,
        robot_id: str,
        secret: str,
        *,
        url: str = "",
        name: str = "",
        heartbeat: float = 30.0,
        interval: float = INTERVAL,
        first_pause: float = FIRST_PAUSE,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._desk = desk
        self._robot_id, self._secret, self._url = robot_id, secret, url
        self._name = name
        self._heartbeat, self._interval, self._first_pause = heartbeat, interval, first_pause
        self._tell = tell
        self._over: str | None = None  # why it ended for good
        self._sent_at: dict[str, float] = {}  # by chat
        self._tasks: set[asyncio.Task[None]] = set()
        self.connected = False

    async def run(self) -> str:
        """Stay connected until told to stop by cancellation, or until trying is of no use: then the reason."""
        pause = self._first_pause
        try:
            while self._over is None:
                worked = await self._once()
                if self._over is not None:
                    break
                pause = self._first_pause if worked >= _SOUND else min(LONGEST_PAUSE, pause * 2)
                wait = pause * random.uniform(0.5, 1.0)  # noqa: S311 - a pause, not a secret
                self._tell(f"连接已断开，{wait:.0f} 秒后重连。")
                await asyncio.sleep(wait)
            return self._over
        finally:
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _once(self) -> float:
        """One connection from beginning to end; how many seconds it worked."""
        from aibot import WSClient, WSClientOptions

        client = WSClient(
            WSClientOptions(
                bot_id=self._robot_id,
                secret=self._secret,
                ws_url=self._url,
                heartbeat_interval=int(self._heartbeat * 1000),
                max_reconnect_attempts=0,
                logger=Quiet(),
            )
        )
        decided = asyncio.Event()  # let in, or failed
        failed: list[str] = []

        def fail(error: Exception) -> None:
            failed.append(self._noted(error))
            decided.set()

        client.on("authenticated", decided.set)
        client.on("error", fail)
        client.on("message", lambda frame: self._begin(client, frame))
        client.on("event", lambda frame: self._begin(client, frame))
        begun: float | None = None
        try:
            async with asyncio.timeout(_ADMISSION):
                await client.connect()
                await decided.wait()
            if not failed:
                begun = time.monotonic()
                self.connected = True
                self._tell("已连接企业微信。")
            # Nothing tells of a connection that went silently: it has to be looked at.
            while not failed and self._over is None and client.is_connected:  # noqa: ASYNC110
                await asyncio.sleep(min(1.0, self._heartbeat / 4))
        except TimeoutError:
            _log.warning("WeCom did not answer within %.0f seconds", _ADMISSION)
        finally:
            self.connected = False
            client.disconnect()
        return time.monotonic() - begun if begun is not None else 0.0

    def _noted(self, error: Exception) -> str:
        """The vendor's error code, or the kind of error; never the text, which may hold anything."""
        found = re.search(r"code: ?(\d{3,7})", str(error))
        code = found[1] if found else type(error).__name__
        _log.warning("the long connection failed: %s", code)
        if reason := _REFUSED.get(code):
            self._over = reason
        return code

    def _begin(self, client: Any, frame: dict[str, Any]) -> None:
        try:
            body = frame["body"]
            message = from_robot(body, self._name)
        except (BadMessage, KeyError, TypeError):
            _log.warning("a frame in no known form was left out")
            return
        if (body.get("event") or {}).get("eventtype") == "disconnected_event":
            self._over = KICKED
            return
        task = asyncio.get_running_loop().create_task(self._handle(client, frame, message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, client: Any, frame: dict[str, Any], message: Message) -> None:
        try:
            match message.kind:
                case Kind.ENTERED:
                    welcome = await run_in_threadpool(self._desk.welcome, message)
                    await client.reply_welcome(frame, {"msgtype": "text", "text": {"content": welcome}})
                case Kind.FEEDBACK:
                    await run_in_threadpool(self._desk.judged, message)
                case Kind.QUESTION | Kind.MEDIA:
                    if await run_in_threadpool(self._desk.first_time, message):
                        await self._answer(client, frame, message)
                case _:
                    pass
        except Exception as error:  # one message must not end the others; its text may hold what was said
            _log.error("a message could not be answered: %s", type(error).__name__)

    async def _answer(self, client: Any, frame: dict[str, Any], message: Message) -> None:
        stream, latest, changed = new_id(), Draft(SEARCHING), asyncio.Event()

        async def write() -> None:
            nonlocal latest
            try:
                async for draft in self._desk.drafts(message, feedback=stream):
                    latest = draft
                    changed.set()
            except Exception as error:
                _log.error("a message could not be answered: %s", type(error).__name__)
            if not latest.final:
                latest = Draft(FAILED, final=True)
                changed.set()

        writing = asyncio.get_running_loop().create_task(write())
        chat, begun, sent = message.chat or message.user, time.monotonic(), None
        try:
            while sent is None or not sent.final:
                if sent is not None:
                    await asyncio.sleep(max(0.0, self._sent_at.get(chat, 0.0) + self._interval - time.monotonic()))
                changed.clear()
                draft = latest
                if time.monotonic() - begun >= LONGEST and not draft.final:
                    draft = Draft(LATER, final=True)
                feedback = {"id": stream} if sent is None else None
                try:
                    await client.reply_stream(frame, stream, draft.text, finish=draft.final, feedback=feedback)
                except (RuntimeError, TimeoutError) as error:  # the stream expired, or the connection broke
                    _log.warning("a frame was not taken: %s", type(error).__name__)
                    if draft.final:
                        await self._push(client, chat, draft.text)
                sent = draft
                self._sent_at[chat] = time.monotonic()
                if not draft.final:
                    await _either(changed, LONGEST - (time.monotonic() - begun))
            if sent.text == LATER:
                await writing
                await self._push(client, chat, latest.text)
        finally:
            writing.cancel()

    async def _push(self, client: Any, chat: str, text: str) -> None:
        await client.send_message(chat, {"msgtype": "markdown", "markdown": {"content": text}})


async def _either(changed: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(max(0.05, seconds)):
            await changed.wait()
    except TimeoutError:
        return
