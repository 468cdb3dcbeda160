"""Which engine embeds. Cheap: nothing is loaded until an engine is used."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Protocol

from assistant.errors import SettingsError


class WarmEmbedder(Protocol):
    """An :class:`assistant.ports.Embedder` that can be told to load now instead of at its first use."""

    @property
    def model(self) -> str: ...

    def embed_documents(self, texts: list[str]) -> list[list[float]]: ...

    def embed_query(self, text: str) -> list[float]: ...

    def warm(self) -> None: ...


def build_embedder(
    engine: str,
    *,
    base_url: str | None = None,
    model: str | None = None,
    api_key: str | None = None,
    threads: int = 2,
    cache_dir: Path,
) -> WarmEmbedder | None:
    """The embedder that the settings ask for; None for ``none``, and for ``auto`` where nothing here can embed.

    ``auto`` is the endpoint where ``base_url`` is set, else the bundled model: by ONNX Runtime in 8 bits
    (``onnx-int8``), or by its package's own engine where ONNX Runtime is not installed. ``cache_dir`` keeps what is
    built once. Raises :class:`SettingsError` for an unknown engine and for an endpoint without address or model;
    a model that turns out damaged raises :class:`assistant.errors.EmbeddingError` at first use.
    """
    if engine == "auto":
        engine = "openai" if base_url else _bundled()
    if engine == "none":
        return None
    if engine == "openai":
        if not base_url or not model:
            raise SettingsError(
                "向量服务的设置不完整。", "请同时设置 ASSISTANT_EMBEDDINGS_BASE_URL 和 ASSISTANT_EMBEDDINGS_MODEL。"
            )
        from assistant.adapters.embeddings.remote import RemoteEmbeddings

        return RemoteEmbeddings(base_url=base_url, model=model, api_key=api_key)
    if engine == "package":
        from assistant.adapters.embeddings.package_engine import PackageEmbeddings

        return PackageEmbeddings(threads=threads)
    if engine in ("onnx-int8", "onnx-exact"):
        from assistant.adapters.embeddings.onnx_engine import OnnxEmbeddings

        return OnnxEmbeddings("int8" if engine == "onnx-int8" else "exact", threads=threads, cache_dir=cache_dir)
    raise SettingsError(f"不认识的设置 ASSISTANT_EMBEDDINGS_ENGINE={engine}。", "见 README 的设置表。")


def _bundled() -> str:
    from assistant.adapters.embeddings import weights

    if weights.find() is None:
        return "none"
    # The graph is built with onnx, once; without it, or without the runtime, the package's engine is left.
    wanted = ("onnxruntime", "onnx")
    return "onnx-int8" if all(importlib.util.find_spec(name) for name in wanted) else "package"
