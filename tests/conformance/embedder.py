"""What every embedder promises, whichever engine or endpoint stands behind it."""

from __future__ import annotations

import math

from assistant.ports import Embedder

ODD_TEXTS = ["", "   ", "\x00", "前半\x00后半", "\ud800", "半个字符\udfff之后", "\n\t", "。" * 2000, "ﬁ①Ⅷ㎡ 𠀀"]
"""Texts as broken files bring them: nothing, NUL, half surrogate pairs, one long run, compatibility characters."""


def dot(a: list[float], b: list[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def check_embedder(embedder: Embedder) -> None:
    """Raise AssertionError unless ``embedder`` keeps the promises of :class:`assistant.ports.Embedder`."""
    assert embedder.model
    assert embedder.embed_documents([]) == []

    texts = ["市教育局负责牵头推进。", "由市财政局落实专项经费。", "市教育局负责牵头推进。"]
    vectors = embedder.embed_documents(texts)
    query = embedder.embed_query("谁牵头？")
    assert [len(vector) for vector in vectors] == [len(query)] * 3
    assert all(isinstance(number, float) for number in query)
    for vector in [*vectors, query]:
        assert math.isclose(dot(vector, vector), 1.0, abs_tol=1e-4)
    assert dot(vectors[0], vectors[2]) > 0.9999, "the same text must have the same vector"
    assert dot(vectors[0], vectors[1]) < 0.9999, "different texts must not"

    for text, vector in zip(ODD_TEXTS, embedder.embed_documents(ODD_TEXTS), strict=True):
        assert math.isclose(dot(vector, vector), 1.0, abs_tol=1e-4), repr(text)
        assert dot(vector, embedder.embed_documents([text])[0]) > 0.9999, repr(text)
    for text in ODD_TEXTS:
        vector = embedder.embed_query(text)
        assert math.isclose(dot(vector, vector), 1.0, abs_tol=1e-4), repr(text)
