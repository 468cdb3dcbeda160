"""Any OpenAI-compatible embeddings endpoint, through LangChain's ``OpenAIEmbeddings``."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.adapters.embeddings.text import clean
from assistant.errors import EmbeddingError

if TYPE_CHECKING:
    from langchain_openai import OpenAIEmbeddings

TEXTS_A_REQUEST = 10
"""Texts in one request: the smallest limit of the known endpoints (DashScope's); others take 32 to 2048."""

_RETRIES = 1
_KEYLESS = "none"  # the client insists on a key; servers without keys ignore it


class RemoteEmbeddings(Embeddings):
    """Vectors of an endpoint, brought to unit length. Thread-safe; the client is made at first use.

    ``timeout`` is in seconds, for one request; one that fails for a passing reason is tried once more. Errors are
    :class:`EmbeddingError`.
    """

    def __init__(self, *, base_url: str, model: str, api_key: str | None = None, timeout: float = 30.0) -> None:
        self._base_url = base_url
        self._model = model
        self._api_key = api_key
        self._timeout = timeout
        self._lock = threading.Lock()
        self._client: OpenAIEmbeddings | None = None

    @property
    def model(self) -> str:
        return f"{self._model}@{self._base_url}"

    def warm(self) -> None:
        """Make the client; the endpoint is not called."""
        self._load()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._embed([clean(text) for text in texts])

    def embed_query(self, text: str) -> list[float]:
        return self._embed([clean(text)])[0]

    def _embed(self, texts: list[str]) -> list[list[float]]:
        if not texts:
            return []
        import openai

        try:
            vectors = self._load().embed_documents(texts)
        except openai.APITimeoutError as error:
            raise EmbeddingError(
                f"向量服务在 {self._timeout:g} 秒内没有答复。", "请检查 ASSISTANT_EMBEDDINGS_BASE_URL 指向的服务。"
            ) from error
        except openai.APIConnectionError as error:
            raise EmbeddingError("无法连接向量服务。", "请检查 ASSISTANT_EMBEDDINGS_BASE_URL。") from error
        except openai.APIStatusError as error:
            raise EmbeddingError(f"向量服务返回错误 {error.status_code}。", _advice(error.status_code)) from error
        except Exception as error:  # a reply in no known form fails wherever the client first trips over it
            raise EmbeddingError(f"向量服务的答复无法理解：{error}", "请检查该服务是否兼容 OpenAI 接口。") from error
        return _unit(vectors, len(texts))

    def _load(self) -> OpenAIEmbeddings:
        with self._lock:
            if self._client is None:
                from langchain_openai import OpenAIEmbeddings
                from pydantic import SecretStr

                client = OpenAIEmbeddings(
                    model=self._model,
                    base_url=self._base_url,
                    api_key=SecretStr(self._api_key or _KEYLESS),
                    check_embedding_ctx_length=False,  # otherwise it fetches a vocabulary from the network
                    chunk_size=TEXTS_A_REQUEST,
                    timeout=self._timeout,
                    max_retries=_RETRIES,
                    model_kwargs={"encoding_format": "float"},  # the one form that every endpoint knows
                )
                client.client = _InOrder(client.client)
                self._client = client
            return self._client


class _InOrder:
    """The endpoint's replies with their vectors in the order of the texts; LangChain takes them as they come."""

    def __init__(self, embeddings: Any) -> None:
        self._embeddings = embeddings

    def create(self, **request: Any) -> Any:
        reply = self._embeddings.create(**request)
        if len(reply.data) != len(request["input"]):
            raise ValueError(f"{len(request['input'])} texts, {len(reply.data)} vectors")
        reply.data.sort(key=lambda item: item.index)
        return reply


def _advice(status: int) -> str:
    if status in (401, 403):
        return "请检查 ASSISTANT_EMBEDDINGS_API_KEY。"
    if status == 404:
        return "请检查 ASSISTANT_EMBEDDINGS_BASE_URL（应含 /v1）和 ASSISTANT_EMBEDDINGS_MODEL。"
    if status == 429:
        return "请求过于频繁或额度已用完，请稍后再试。"
    return "请查看该服务的日志。"


def _unit(vectors: list[list[float]], expected: int) -> list[list[float]]:
    try:
        matrix = np.array(vectors, dtype=np.float64)
        lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    except (ValueError, np.exceptions.AxisError) as error:
        raise EmbeddingError("向量服务的答复中各向量长度不一。", "请检查该服务是否兼容 OpenAI 接口。") from error
    if len(matrix) != expected or not np.isfinite(lengths).all() or not lengths.all():
        raise EmbeddingError("向量服务的答复不完整。", "请检查该服务是否兼容 OpenAI 接口。")
    return (matrix / lengths).tolist()  # type: ignore[no-any-return]
