"""Vectors for those passages that have none yet."""

from __future__ import annotations

import math
from collections.abc import Iterable

from assistant.domain.holdings import Holding
from assistant.errors import EmbeddingError
from assistant.ports import Embedder
from ingest.ports import Library, Progress

BATCH = 128
"""Passages embedded and committed at once: what a kill costs, and what an endpoint is asked for in one request."""


def embed(library: Library, embedder: Embedder, holdings: Iterable[Holding], progress: Progress) -> int:
    """Embed what is missing, batch by batch, each kept as soon as it is there; returns how many passages that were.

    Nothing is embedded twice: not after an interruption, not when a file moves, not when two documents share a
    clause. Raises :class:`EmbeddingError` where the embedder fails or gives something that is no vector.
    """
    # Passages of like length share a batch, for models that pad; the rest of the order does not matter.
    missing = sorted(library.missing(embedder.model, holdings), key=lambda item: len(item[1]))
    progress.begin("embed", len(missing))
    for start in range(0, len(missing), BATCH):
        batch = missing[start : start + BATCH]
        vectors = embedder.embed_documents([passage for _, passage in batch])
        if len(vectors) != len(batch):
            raise EmbeddingError(f"向量模型应返回 {len(batch)} 条，实际 {len(vectors)} 条。", "请检查向量服务。")
        library.put_vectors(
            embedder.model, [(key, _packed(vector)) for (key, _), vector in zip(batch, vectors, strict=True)]
        )
        progress.advance(len(batch))
    progress.end()
    return len(missing)


def _packed(vector: list[float]) -> bytes:
    import numpy as np

    packed = np.asarray(vector, "<f4")
    if packed.ndim != 1 or not packed.size or not np.isfinite(packed).all() or not packed.any():
        raise EmbeddingError("向量模型返回了无效的向量（为空、全零或含非数值）。", "请检查向量服务。")
    return bytes((packed / math.sqrt(float(packed @ packed))).astype("<f4").tobytes())
