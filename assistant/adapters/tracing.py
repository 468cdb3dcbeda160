"""OpenTelemetry, where it is asked for: spans of requests, sent by the standard ``OTEL_EXPORTER_OTLP_…`` variables."""

from __future__ import annotations

from typing import Any

from assistant.errors import SettingsError


def open_tracer() -> Any:
    """A tracer that exports in the background. Raises :class:`SettingsError` where the packages are missing."""
    try:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingsError(
            "设置了 ASSISTANT_TRACING，但缺少 OpenTelemetry 的组件。", "请安装 policy-assistant[tracing]。"
        ) from error
    provider = TracerProvider(resource=Resource.create({"service.name": "policy-assistant"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider.get_tracer("assistant")
