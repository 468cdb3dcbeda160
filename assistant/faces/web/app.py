"""The web application over the ports; ``assistant/bootstrap.py`` calls :func:`create_app` and uvicorn runs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from assistant import __version__
from assistant.domain.access import Entrance
from assistant.domain.audit import HouseRules
from assistant.faces.peers import Networks
from assistant.faces.web import (
    api,
    conversations_api,
    errors,
    feedback_api,
    health,
    history_api,
    ledger_api,
    openai_api,
    openai_embeddings,
    originals_api,
    pages,
    tokens_api,
    uploads_api,
)
from assistant.faces.web.described import ERRORS
from assistant.faces.web.doors import Doors
from assistant.faces.web.edge import BodyLimit, BrowserSession, ForwardedScheme, SecureHeaders
from assistant.faces.web.limits import Allowance
from assistant.faces.web.metrics import MeasuredAsker, Metrics, router
from assistant.faces.web.trail import Tracer, Trail
from assistant.faces.web.upkeep import daily
from assistant.ports import (
    Asker,
    AuditLog,
    Condition,
    ConversationArchive,
    Embedder,
    Feedback,
    GuardedIndexes,
    GuardedLedger,
    Keys,
    Originals,
    OverTime,
    Tokens,
    Uploads,
)

MAX_BODY_BYTES = 1_048_576  # a long OpenAI-style history fits; nothing that people type comes near


def create_app(
    asker: Asker,
    indexes: GuardedIndexes,
    ledger: GuardedLedger | None = None,
    *,
    conversations: ConversationArchive | None = None,
    feedback: Feedback | None = None,
    over_time: OverTime | None = None,
    keys: Keys | None = None,
    tokens: Tokens | None = None,
    originals: Originals | None = None,
    uploads: Uploads | None = None,
    entrance: Entrance | None = None,
    audit: AuditLog | None = None,
    rules: HouseRules | None = None,
    tracer: Tracer | None = None,
    upkeep: Callable[[], None] | None = None,
    embedder: Embedder | None = None,
    condition: Condition | None = None,
    models: Sequence[str] = ("policy-assistant",),
    max_body_bytes: int = MAX_BODY_BYTES,
    sources_footer: bool = True,
    embedders: Sequence[str] = (),
) -> FastAPI:
    """Everything that the service serves over HTTP; what is not given (``ledger``, ``over_time``, …) is not served.

    Who is let in, with which ``keys`` and widget ``tokens``, and who without, is for ``entrance``; unless told
    otherwise nobody but this machine. ``rules`` say how much a caller may ask, ``audit`` keeps what they did;
    ``upkeep`` is done at the start and every day.
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
        responses=ERRORS,
        lifespan=daily(upkeep) if upkeep else None,
    )
    rules = rules or HouseRules()
    metrics = Metrics(indexes)
    asker = MeasuredAsker(asker, metrics)
    app.state.allowance = Allowance(rules.questions_per_minute, rules.questions_at_once)
    entrance = entrance or Entrance()
    trusted = Networks(entrance.trusted)
    doors = Doors(keys, tokens, tuple(embedders), trusted, entrance.sign_on, entrance.keyless)
    app.state.doors = doors
    files = {("POST", uploads_api.PATH): uploads.most_bytes} if uploads else {}
    app.add_middleware(BodyLimit, max_bytes=max_body_bytes, longer=files)
    app.add_middleware(BrowserSession)
    if entrance.callers:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=entrance.callers,
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Content-Disposition", "Retry-After"],
        )
    app.add_middleware(SecureHeaders)
    app.add_middleware(ForwardedScheme, trusted=trusted)
    app.add_middleware(Trail, metrics=metrics, audit=audit, keep_content=rules.keep_content, tracer=tracer)
    errors.install(app)
    app.include_router(api.router(asker, indexes, originals, ledger))
    if originals is not None:
        app.include_router(originals_api.router(indexes, originals))
    app.include_router(uploads_api.router(uploads))
    if over_time is not None:  # before what takes an id behind /api/ledger
        app.include_router(history_api.router(over_time, indexes))
    if ledger is not None:
        app.include_router(ledger_api.router(ledger, indexes))
    if conversations is not None:
        app.include_router(conversations_api.router(conversations, indexes))
    if feedback is not None:
        app.include_router(feedback_api.router(feedback))
    if tokens is not None:
        app.include_router(tokens_api.router(doors, tokens))
    app.include_router(openai_api.router(asker, models, sources_footer=sources_footer, embeds=embedder is not None))
    if embedder is not None:
        app.include_router(openai_embeddings.router(embedder))
    app.include_router(health.router(indexes, condition))
    app.include_router(router(metrics))
    app.include_router(pages.router(embedders))
    app.mount("/static", StaticFiles(directory=pages.STATIC))
    return app
