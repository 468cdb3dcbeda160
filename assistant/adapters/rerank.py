"""A reranking endpoint: ``POST /rerank`` as Jina, Cohere, vLLM and Xinference take it, or as TEI does.

The two forms differ in one field (``documents`` or ``texts``) and in the wrapping of the reply. The first is tried;
where the server says that it does not understand (400, 422) the second is, and what worked is remembered.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

import httpx

from assistant.errors import RerankError

_AT_ONCE = 32  # texts in one request: TEI's default limit, the smallest of the known servers
_REST = 30.0  # seconds without a call after a failure, so that a dead endpoint does not slow every question
_FORMS = ("documents", "texts")


class RerankEndpoint:
    """:class:`assistant.ports.Reranker` over HTTP. ``timeout`` in seconds for one request. Thread-safe.

    ``base_url`` is what stands before ``/rerank``: with ``/v1`` for most servers, without for TEI.
    """

    def __init__(self, base_url: str, model: str | None, api_key: str | None = None, *, timeout: float = 3.0) -> None:
        self._url = base_url.rstrip("/") + "/rerank"
        self._model = model
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(timeout=timeout, headers=headers, trust_env=False)
        self._form = _FORMS[0]
        self._resting_until = 0.0
        self._lock = threading.Lock()

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers the query, the higher the better; raises :class:`RerankError`."""
        with self._lock:
            if time.monotonic() < self._resting_until:
                raise RerankError("重排服务刚才没有响应，暂不使用。", "请检查 ASSISTANT_RERANK_BASE_URL 指向的服务。")
        found: list[float] = []
        try:
            for start in range(0, len(texts), _AT_ONCE):
                found += self._ask(query, list(texts[start : start + _AT_ONCE]))
        except RerankError:
            with self._lock:
                self._resting_until = time.monotonic() + _REST
            raise
        return found

    def _ask(self, query: str, texts: list[str]) -> list[float]:
        try:
            reply = self._client.post(self._url, json=self._request(self._form, query, texts))
            if reply.status_code in (400, 422):
                other = _FORMS[1 - _FORMS.index(self._form)]
                reply = self._client.post(self._url, json=self._request(other, query, texts))
                if reply.is_success:
                    self._form = other
            reply.raise_for_status()
            return _read(reply.json(), len(texts))
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            raise RerankError(f"重排服务拒绝了请求（HTTP {status}）。", _advice(status)) from error
        except (httpx.HTTPError, OSError) as error:
            raise RerankError("连不上重排服务，或它没有按时答复。", "请检查 ASSISTANT_RERANK_BASE_URL。") from error
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise RerankError("重排服务的答复无法解读。", "请确认该服务提供 /rerank 接口。") from error

    def _request(self, form: str, query: str, texts: list[str]) -> dict[str, Any]:
        request: dict[str, Any] = {"query": query, form: texts}
        if form == "documents":
            request |= {"top_n": len(texts), "return_documents": False}
            if self._model:
                request["model"] = self._model
        return request


def _read(reply: Any, expected: int) -> list[float]:
    """The scores in the order of the texts, of ``{"results": [{index, relevance_score}]}`` or ``[{index, score}]``."""
    results = reply["results"] if isinstance(reply, dict) else reply
    scores: dict[int, float] = {}
    for result in results:
        value = result.get("relevance_score", result.get("score"))
        scores[int(result["index"])] = float(value)
    if sorted(scores) != list(range(expected)) or any(s != s for s in scores.values()):
        raise ValueError(f"{expected} texts, scores for {sorted(scores)}")
    return [scores[n] for n in range(expected)]


def _advice(status: int) -> str:
    if status in (401, 403):
        return "请核对 ASSISTANT_RERANK_API_KEY。"
    if status == 404:
        return "请核对 ASSISTANT_RERANK_BASE_URL（多数服务以 /v1 结尾，TEI 不带）和 ASSISTANT_RERANK_MODEL。"
    return "请查看重排服务的日志，稍后再试。"
