"""An embedder that needs no model: words hashed into a few dimensions, the same on every machine and in every run."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, field

from assistant.domain.language.text import terms


@dataclass
class HashingEmbedder:
    """Texts with words in common come out near each other. ``calls`` are the texts it was asked to embed."""

    model: str = "hashing-64"
    dimension: int = 64
    calls: list[str] = field(default_factory=list)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.calls.extend(texts)
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = [0.0] * self.dimension
        for term in terms(text) or [""]:
            key = zlib.crc32(f"{self.model}/{term}".encode())
            vector[key % self.dimension] += 1.0 if key & 0x10000 else -1.0
        length = math.sqrt(sum(x * x for x in vector))
        return [x / length for x in vector] if length else [1.0] + [0.0] * (self.dimension - 1)
