"""The web application over the ports; ``assistant/bootstrap.py`` calls :func:`create_app` and uvicorn runs it."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from assistant import __version__
from assistant.faces.web import api, conversations_api, errors, feedback_api, health, ledger_api, openai_api, pages
from assistant.faces.web.edge import BodyLimit, SecureHeaders
from assistant.ports import Asker, ConversationArchive, Feedback, Indexes, Ledger

MAX_BODY_BYTES = 1_048_576  # a long OpenAI-style history fits; nothing that people type comes near


def create_app(
    asker: Asker,
    indexes: Indexes,
    ledger: Ledger | None = None,
    *,
    conversations: ConversationArchive | None = None,
    feedback: Feedback | None = None,
    models: Sequence[str] = ("policy-assistant",),
    max_body_bytes: int = MAX_BODY_BYTES,
    sources_footer: bool = True,
    embedders: Sequence[str] = (),
) -> FastAPI:
    """Everything that the service serves over HTTP; without ``ledger``, ``conversations``, ``feedback`` all but that.

    ``models`` are the names under which ``/v1`` offers the assistant. ``sources_footer`` appends 参考来源 to its
    answers there, for clients that show nothing but text. ``embedders`` are the origins that may embed the widget.
    """
    app = FastAPI(
        title="政策文件问答助手",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,  # both bundled viewers load their scripts from outside
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_middleware(BodyLimit, max_bytes=max_body_bytes)
    app.add_middleware(SecureHeaders)
    errors.install(app)
    app.include_router(api.router(asker, indexes))
    if ledger is not None:
        app.include_router(ledger_api.router(ledger))
    if conversations is not None:
        app.include_router(conversations_api.router(conversations))
    if feedback is not None:
        app.include_router(feedback_api.router(feedback))
    app.include_router(openai_api.router(asker, models, sources_footer=sources_footer))
    app.include_router(health.router(indexes))
    app.include_router(pages.router(embedders))
    app.mount("/static", StaticFiles(directory=pages.STATIC))
    return app
