"""The composition root of the question path: settings in, a service out. Nothing else constructs adapters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from assistant.adapters.chroma_server import ChromaServer
from assistant.adapters.condition import LocalCondition
from assistant.adapters.database.audit import SqlAudit
from assistant.adapters.database.candidates import CandidateStore
from assistant.adapters.database.commitments import CommitmentStore
from assistant.adapters.database.conversations import SqlConversations
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.feedback import SqlFeedback
from assistant.adapters.database.keys import SqlKeys
from assistant.adapters.database.labels import SqlLabels
from assistant.adapters.database.ledger import GenerationLedger
from assistant.adapters.database.library import Library
from assistant.adapters.database.overtime import GenerationOverTime
from assistant.adapters.database.purging import may_purge
from assistant.adapters.database.reviews import ReviewStore
from assistant.adapters.database.wecom import SqlWecomMemory
from assistant.adapters.embeddings import build_embedder
from assistant.adapters.generation.leases import Generations
from assistant.adapters.handling_rules import read_rules
from assistant.adapters.in_use import InUse
from assistant.adapters.ingest_process import IngestProcess
from assistant.adapters.originals import LibraryOriginals
from assistant.adapters.tokens import HmacTokens
from assistant.adapters.tracing import open_tracer
from assistant.adapters.unit_table import read_bodies
from assistant.adapters.uploads import FolderUploads
from assistant.adapters.visible import VisibleIndexes, VisibleLedger
from assistant.adapters.workdays import is_workday
from assistant.answering.assistant import Assistant, Limits
from assistant.answering.retrieval.retrieve import Retriever
from assistant.answering.retrieval.search import Search
from assistant.bootstrap_wecom import add_wecom, build_desk
from assistant.candidates.finder import Finder
from assistant.domain.access import Entrance, Keyless, Scope, SingleSignOn, Visibility
from assistant.domain.audit import HouseRules
from assistant.domain.holdings import Holding
from assistant.domain.units.registry import adopt
from assistant.errors import AssistantError, SettingsError
from assistant.ports import (
    Asker,
    AuditLog,
    ChatModel,
    Condition,
    ConversationArchive,
    Embedder,
    Feedback,
    GuardedIndexes,
    GuardedLedger,
    Indexes,
    Keys,
    Labels,
    Ledger,
    Originals,
    OverTime,
    Reranker,
    Searcher,
    Tokens,
    Uploads,
    WecomMemory,
)
from assistant.prompts import Prompts
from assistant.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI
    from sqlalchemy import Engine

    from assistant.faces.wecom.desk import Desk

_PATIENCE_SECONDS = 0.3  # so long a question waits for a new generation that is being opened; then the old one serves


@dataclass(frozen=True, slots=True)
class Service:
    """Everything a face needs, opened; :meth:`close` gives it back."""

    asker: Asker
    searcher: Searcher
    indexes: Indexes
    readers_indexes: GuardedIndexes  # for whoever is not at this machine
    conversations: ConversationArchive
    feedback: Feedback
    keys: Keys
    tokens: Tokens
    labels: Labels
    audit: AuditLog
    condition: Condition
    originals: Originals
    uploads: Uploads
    wecom: WecomMemory
    ledger: Ledger
    readers_ledger: GuardedLedger
    over_time: OverTime
    finder: Finder | None  # of candidates; None without a chat model
    embedder: Embedder | None
    settings: Settings
    _assistant: Assistant
    _ledger: GenerationLedger
    _retriever: Retriever
    _generations: Generations
    _engine: Engine
    _in_use: InUse

    def listed(self) -> list[Holding]:
        """The documents of the current generation."""
        with self.indexes.lease() as index:
            return self._ledger.holdings(index)

    def close(self) -> None:
        """Close the index, the threads and the database."""
        self.uploads.close()
        self.audit.flush()
        self._assistant.close()
        self._retriever.close()
        self._generations.close()
        self._in_use.release()
        self._engine.dispose()


def open_service(settings: Settings | None = None) -> Service:
    """Open the library and the index for answering. Raises an :class:`assistant.errors.AssistantError` with advice."""
    settings = settings or Settings()
    adopt(read_bodies(settings.units))
    embedder = build_embedder(
        settings.embeddings_engine,
        base_url=settings.embeddings_base_url,
        model=settings.embeddings_model,
        api_key=settings.embeddings_api_key.get_secret_value() if settings.embeddings_api_key else None,
        threads=settings.embeddings_threads,
        cache_dir=settings.data_dir / "cache",
    )
    model = chat_model(settings)
    engine = open_library(settings.data_dir, settings.library_url)
    try:
        in_use = InUse(settings.data_dir, engine)
    except AssistantError:
        engine.dispose()
        raise
    generations = Generations(settings.data_dir, Library(engine), _PATIENCE_SECONDS, ChromaServer.of(settings.chroma))
    conversations = SqlConversations(engine)
    retriever = Retriever(embedder, _reranker(settings))
    commitments = CommitmentStore(engine, is_workday)
    candidates = CandidateStore(engine, commitments, is_workday)
    ledger = GenerationLedger(generations, commitments, ReviewStore(engine), candidates)
    over_time = GenerationOverTime(engine, commitments, ledger, read_rules(settings.handling_rules), is_workday)
    labels = SqlLabels(engine)
    guard = VisibleIndexes(generations, labels)
    prompts = Prompts() if model is not None else None
    assistant = Assistant(
        guard,
        retriever,
        conversations,
        ledger,
        over_time=over_time,
        model=model,
        prompts=prompts,
        limits=Limits(settings.max_question_chars, settings.llm_timeout, settings.llm_stall_timeout),
    )
    return Service(
        assistant,
        Search(guard, retriever, settings.max_question_chars),
        generations,
        guard,
        conversations,
        SqlFeedback(engine),
        SqlKeys(engine),
        HmacTokens(settings.data_dir),
        labels,
        SqlAudit(engine),
        LocalCondition(engine, settings.data_dir, generations),
        LibraryOriginals(engine),
        _uploads(settings, engine),
        SqlWecomMemory(engine),
        ledger,
        VisibleLedger(guard, ledger),
        over_time,
        Finder(model, prompts.candidates, candidates) if model and prompts else None,
        embedder,
        settings,
        assistant,
        ledger,
        retriever,
        generations,
        engine,
        in_use,
    )


def create_web_app(service: Service, keyless: Keyless = Keyless.THIS_MACHINE) -> FastAPI:
    """The HTTP application over an open service. ``keyless`` must fit the address that it will be bound to."""
    from assistant.faces.web.app import create_app

    settings = service.settings
    sign_on = _sign_on(settings)
    entrance = Entrance(keyless, settings.trusted_proxies, sign_on, settings.cors_origins)
    app = create_app(
        service.asker,
        service.readers_indexes,
        service.readers_ledger,
        conversations=service.conversations,
        feedback=service.feedback,
        over_time=service.over_time,
        keys=service.keys,
        tokens=service.tokens,
        originals=service.originals,
        uploads=service.uploads,
        entrance=entrance,
        audit=service.audit,
        rules=HouseRules(settings.questions_per_minute, settings.questions_at_once, settings.audit_content),
        tracer=open_tracer() if settings.tracing else None,
        upkeep=partial(look_after, service),
        embedders=service.settings.widget_origins,
        embedder=service.embedder,
        condition=service.condition,
        sources_footer=settings.sources_footer,
    )
    add_wecom(app, settings, partial(_wecom_desk, service))
    return app


def _wecom_desk(service: Service) -> Desk:
    return build_desk(
        service.asker,
        service.feedback,
        service.readers_indexes,
        service.wecom,
        service.settings,
        service.readers_ledger,
    )


def _uploads(settings: Settings, engine: Engine) -> FolderUploads:
    ours = {"ASSISTANT_DATA_DIR": str(settings.data_dir), "ASSISTANT_EMBEDDINGS_ENGINE": settings.embeddings_engine}
    if settings.library_url is not None:
        ours["ASSISTANT_DATABASE_URL"] = settings.library_url
    default = Visibility.parse(settings.default_visibility)
    most_bytes = settings.max_file_mb * 2**20
    return FolderUploads(engine, settings.data_dir, IngestProcess(ours), most_bytes, default)


def look_after(service: Service) -> None:
    """What a running service does at its start and every day: forget what is old, go on with uploads left undone."""
    forget_what_is_old(service)
    service.uploads.resume()


def forget_what_is_old(service: Service) -> None:
    """Purge the audit log and conversations as the settings have it, unless the clock is in doubt."""
    service.condition.examine()
    if not may_purge(service._engine, datetime.now(UTC)):
        return
    for days, purge in (
        (service.settings.audit_days, service.audit.purge),
        (service.settings.conversation_days, service.conversations.purge),
        (service.settings.conversation_days, service.wecom.purge),
    ):
        if days:
            purge((datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds"))


def _sign_on(settings: Settings) -> SingleSignOn | None:
    granting = (
        (Scope.INGEST, settings.sso_ingest_groups),
        (Scope.REVIEW, settings.sso_review_groups),
        (Scope.ADMIN, settings.sso_admin_groups),
    )
    grants = tuple((group, scope) for scope, groups in granting for group in groups)
    if grants and not (settings.sso_user_header and settings.sso_groups_header):
        raise SettingsError(
            "设置了 ASSISTANT_SSO_…_GROUPS，但没有设置 ASSISTANT_SSO_USER_HEADER 和 ASSISTANT_SSO_GROUPS_HEADER。",
            "请写明登录代理用哪个请求头说明用户、用哪个说明所在的组。",
        )
    if settings.sso_user_header is None:
        return None
    if not settings.trusted_proxies:
        raise SettingsError(
            "设置了 ASSISTANT_SSO_USER_HEADER，但没有设置 ASSISTANT_TRUSTED_PROXIES。",
            "请写明登录代理的地址：别处来的登录头一概不认。",
        )
    return SingleSignOn(settings.sso_user_header, settings.sso_departments_header, settings.sso_groups_header, grants)


def _reranker(settings: Settings) -> Reranker | None:
    if not settings.rerank_base_url:
        return None
    from assistant.adapters.rerank import RerankEndpoint

    key = settings.rerank_api_key.get_secret_value() if settings.rerank_api_key else None
    return RerankEndpoint(settings.rerank_base_url, settings.rerank_model, key, timeout=settings.rerank_timeout)


def chat_model(settings: Settings) -> ChatModel | None:
    """The chat model that is configured; None where there is none. Raises :class:`SettingsError`."""
    if not settings.llm_base_url:
        return None
    if not settings.llm_model:
        raise SettingsError("设置了 ASSISTANT_LLM_BASE_URL，但没有设置 ASSISTANT_LLM_MODEL。", "请写明模型名称。")
    from assistant.adapters.models import OpenAIChatModel

    return OpenAIChatModel(
        base_url=settings.llm_base_url,
        model=settings.llm_model,
        api_key=settings.llm_api_key.get_secret_value() if settings.llm_api_key else None,
        timeout=settings.llm_timeout,
        stall_timeout=settings.llm_stall_timeout,
    )
