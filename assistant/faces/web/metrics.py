"""``/metrics``: what an operator watches, in Prometheus' form. It names no person, no document and no question."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response

from assistant.domain.access import Clearance, Identity
from assistant.domain.dialogue import Done, Event, Failed, Sentence, Turn
from assistant.errors import AssistantError
from assistant.faces.web.described import files
from assistant.faces.web.doors import Administering
from assistant.ports import Asker, GuardedIndexes

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """The figures of one application."""

    def __init__(self, indexes: GuardedIndexes) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        registry.register(_Held(indexes))
        self.requests = Counter(
            "assistant_requests", "Answered requests.", ["method", "route", "status"], registry=registry
        )
        self.seconds = Histogram(
            "assistant_request_seconds", "From request to the end.", ["route"], buckets=_SECONDS, registry=registry
        )
        self.questions = Counter(
            "assistant_questions", "Questions by how they ended.", ["outcome", "model"], registry=registry
        )
        self.first = Histogram(
            "assistant_first_sentence_seconds", "From question to sentence.", buckets=_SECONDS, registry=registry
        )
        self.withheld = Counter(
            "assistant_sentences_withheld", "Sentences of a model without ground.", registry=registry
        )
        self.running = Gauge("assistant_questions_running", "Answers under way.", registry=registry)


class _Held(Collector):
    """What is served now, looked up when it is asked for."""

    def __init__(self, indexes: GuardedIndexes) -> None:
        self._indexes = indexes

    def collect(self) -> Iterator[Any]:
        documents = GaugeMetricFamily("assistant_documents", "Documents that are served.")
        ready = GaugeMetricFamily("assistant_ready", "1 where questions can be answered.")
        try:
            with self._indexes.seen_by(Clearance(everything=True)).lease() as index:
                documents.add_metric([], len(index.documents()))
            ready.add_metric([], 1)
        except AssistantError:
            ready.add_metric([], 0)
        yield documents
        yield ready


class MeasuredAsker:
    """An :class:`assistant.ports.Asker` that notes how its answers end."""

    def __init__(self, asker: Asker, metrics: Metrics) -> None:
        self._asker = asker
        self._metrics = metrics

    async def ask(
        self,
        question: str,
        *,
        reader: Identity,
        conversation_id: str | None = None,
        history: Sequence[Turn] | None = None,
        replaces: str | None = None,
    ) -> AsyncIterator[Event]:
        """See :meth:`assistant.ports.Asker.ask`."""
        events: Any = self._asker.ask(
            question, reader=reader, conversation_id=conversation_id, history=history, replaces=replaces
        )
        began, spoken, outcome, model = time.perf_counter(), False, "stopped", ""
        with self._metrics.running.track_inprogress():
            try:
                async with aclosing(events):
                    async for event in events:
                        match event:
                            case Sentence() if not spoken:
                                spoken = True
                                self._metrics.first.observe(time.perf_counter() - began)
                            case Done():
                                outcome, model = event.answer.verdict.value, event.answer.model
                                self._metrics.withheld.inc(event.answer.withheld)
                            case Failed():
                                outcome = event.code
                        yield event
            except AssistantError as error:
                outcome = error.code
                raise
            finally:
                self._metrics.questions.labels(outcome, model).inc()


def router(metrics: Metrics) -> APIRouter:
    """The route of the figures."""
    routes = APIRouter()

    @routes.get(
        "/metrics",
        summary="Figures for Prometheus",
        response_class=Response,
        responses=files("text/plain", description="The text format of Prometheus."),
    )
    def figures(caller: Administering) -> Response:
        return Response(generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return routes
