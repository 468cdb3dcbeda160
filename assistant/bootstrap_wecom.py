"""The composition of the WeCom face: what the settings ask for, over an open service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.domain.access import Identity
from assistant.errors import SettingsError
from assistant.ports import Asker, Feedback, GuardedIndexes, GuardedLedger, WecomMemory

if TYPE_CHECKING:
    import httpx
    from fastapi import FastAPI
    from pydantic import SecretStr

    from assistant.faces.wecom.connection import LongConnection
    from assistant.faces.wecom.desk import Desk
    from assistant.faces.wecom.push import AppMessages
    from assistant.settings import Settings

_SECONDS = 10.0  # for one call of the vendor's interface


def add_wecom(app: FastAPI, settings: Settings, desk: Callable[[], Desk]) -> None:
    """Add the callbacks that are configured, and their end to the application's. Nothing where none is."""
    robot = _together(settings, "wecom_robot_token", "wecom_robot_aes_key")
    own_app = _together(
        settings, "wecom_corp_id", "wecom_agent_id", "wecom_app_secret", "wecom_app_token", "wecom_app_aes_key"
    )
    if not robot and not own_app:
        return
    import httpx

    client = httpx.AsyncClient(base_url=settings.wecom_api_url, timeout=_SECONDS)
    handler = desk()
    closing = []
    if robot:
        from assistant.faces.wecom import bot_callback
        from assistant.faces.wecom.envelope import Envelope
        from assistant.faces.wecom.push import ResponseUrl
        from assistant.faces.wecom.streams import Streams

        streams = Streams()
        envelope = Envelope(_secret(settings.wecom_robot_token), _secret(settings.wecom_robot_aes_key))
        late = ResponseUrl(client, (urlsplit(settings.wecom_api_url).hostname or "",))
        app.include_router(bot_callback.router(handler, envelope, streams, late, settings.wecom_robot_name))
        closing.append(streams.close)
    if own_app:
        from assistant.faces.wecom import app_callback
        from assistant.faces.wecom.envelope import Envelope

        answers = app_callback.AppDesk(handler, app_messages(settings, client))
        envelope = Envelope(
            _secret(settings.wecom_app_token), _secret(settings.wecom_app_aes_key), settings.wecom_corp_id or ""
        )
        app.include_router(app_callback.router(handler, answers, envelope))
        closing.append(answers.close)

    around = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(served: FastAPI) -> AsyncIterator[None]:
        async with around(served):
            yield
        for close in closing:
            await close()
        await client.aclose()

    app.router.lifespan_context = lifespan


def build_desk(
    asker: Asker,
    feedback: Feedback,
    indexes: GuardedIndexes,
    memory: WecomMemory,
    settings: Settings,
    ledger: GuardedLedger | None = None,
) -> Desk:
    """The handler of messages over the question path; with the ``ledger`` the welcome asks for what its rows state."""
    from assistant.answering.assistant import today_in_shanghai
    from assistant.domain.ledger.selection import Filters
    from assistant.faces.suggestions import suggestions
    from assistant.faces.wecom.desk import Desk

    def suggest(reader: Identity) -> Sequence[str]:
        with indexes.seen_by(reader.clearance).lease() as index:
            rows = ledger.seen_by(reader.clearance).chosen(index, Filters(today_in_shanghai())) if ledger else ()
            return suggestions(index.documents(), rows)

    return Desk(
        asker,
        memory,
        feedback,
        suggest=suggest,
        hidden=lambda reader, document_id: bool(indexes.hidden(reader.clearance, [document_id])),
        public_url=settings.public_url,
    )


def app_messages(settings: Settings, client: httpx.AsyncClient) -> AppMessages:
    """The sender of the self-built app's messages."""
    from assistant.faces.wecom.push import AppMessages as Sender

    return Sender(
        client, settings.wecom_corp_id or "", settings.wecom_agent_id or 0, _secret(settings.wecom_app_secret)
    )


def long_connection(settings: Settings, desk: Desk, tell: Callable[[str], None]) -> LongConnection:
    """The robot's long connection; ``tell`` is told of its comings and goings."""
    from assistant.faces.wecom.connection import LongConnection as Connection

    return Connection(
        desk,
        settings.wecom_robot_id or "",
        _secret(settings.wecom_robot_secret),
        url=settings.wecom_socket_url,
        name=settings.wecom_robot_name,
        tell=tell,
    )


def _together(settings: Settings, *names: str) -> bool:
    """Whether these settings are there; all or none. Raises :class:`SettingsError` naming those that are missing."""
    missing = [name for name in names if not getattr(settings, name)]
    if missing and len(missing) < len(names):
        listed = "、".join(f"ASSISTANT_{name.upper()}" for name in missing)
        raise SettingsError(f"企业微信的设置不完整，缺少 {listed}。", "请补全，或都不设置。")
    return not missing


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""
