"""Two routes as one list: what both find comes first, scores stay between 0 and 1, one route alone decides alone."""

from __future__ import annotations

import pytest

from assistant.answering.retrieval.fuse import fuse
from assistant.ports import Hit


def hits(**scores: float) -> list[Hit]:
    return [Hit(chunk, f"d-{chunk}", score) for chunk, score in scores.items()]


def test_what_both_routes_find_comes_before_what_one_finds() -> None:
    fused = fuse(hits(a=0.9, b=0.89, c=0.80), hits(d=12.0, b=11.0, e=3.0))
    assert fused[0].chunk_id == "b"
    assert {hit.chunk_id for hit in fused} == {"a", "b", "c", "d", "e"}
    assert all(0.0 <= hit.score <= 1.0 for hit in fused)
    assert fused[0].document_id == "d-b"


def test_the_weight_is_what_the_dense_route_says() -> None:
    scores = {hit.chunk_id: hit.score for hit in fuse(hits(a=0.9, b=0.8), hits(c=5.0, b=1.0), weight=0.7)}
    assert scores == pytest.approx({"a": 0.7, "c": 0.3, "b": 0.0})


@pytest.mark.parametrize(("dense", "lexical"), [({"a": 0.9, "b": 0.4}, {}), ({}, {"a": 7.0, "b": 2.0})])
def test_one_route_alone_decides_alone(dense: dict[str, float], lexical: dict[str, float]) -> None:
    assert fuse(hits(**dense), hits(**lexical)) == [Hit("a", "d-a", 1.0), Hit("b", "d-b", 0.0)]


def test_equal_scores_are_all_the_best_and_in_a_fixed_order() -> None:
    assert [(hit.chunk_id, hit.score) for hit in fuse([], hits(b=3.0, a=3.0))] == [("a", 1.0), ("b", 1.0)]
    assert fuse([], []) == []
