"""The retrieval benchmark counts what it says: ranks of different documents, one vector a text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.domain.policy import document_id
from benchmarks.retrieval import KeptVectors, Questions, measure, ours, read_cmrc
from tests.cli.fake_service import FakeEmbedder

PARAGRAPHS = ["市图书馆周末开放到二十一点。", "夜间公交延长三条线路。", "体育馆对学生免费。"]


def test_ranks_count_different_documents() -> None:
    asked = Questions(PARAGRAPHS, ["一", "二", "三", "四"], [0, 1, 2, 2])
    ids = [document_id(text) for text in PARAGRAPHS]
    found = [[ids[0]], [ids[0], ids[0], ids[1]], [ids[0], ids[1]], [ids[0], ids[1], ids[2]]]
    figures = measure("m", found.__getitem__, asked)
    assert figures.recall_1 == pytest.approx(1 / 4)
    assert figures.recall_5 == pytest.approx(3 / 4)
    assert figures.mrr_10 == pytest.approx((1 + 1 / 2 + 1 / 3) / 4)


def test_a_squad_file_gives_paragraphs_and_questions(tmp_path: Path) -> None:
    data = [
        {"paragraphs": [{"context": text, "qas": [{"question": f"{text}？"}, {"question": "几点？"}]}]}
        for text in PARAGRAPHS
    ]
    path = tmp_path / "dev.json"
    path.write_text(json.dumps({"data": data}), encoding="utf-8")
    whole, small = read_cmrc(path, small=False), read_cmrc(path, small=True)
    assert whole.paragraphs == PARAGRAPHS
    assert whole.gold == [0, 0, 1, 1, 2, 2]
    assert small.gold == [0, 1, 2]


def test_our_routes_run_on_the_products_adapters(tmp_path: Path) -> None:
    asked = Questions(PARAGRAPHS, ["夜间公交有几条线路？", "体育馆对谁免费？"], [1, 2])
    rows = {row.method: row for row in ours(asked, KeptVectors(FakeEmbedder(), tmp_path), tmp_path / "index")}
    assert rows["ours, lexical"].recall_1 == 1
    assert set(rows) == {"ours, dense", "ours, lexical", "ours, hybrid"}


def test_a_text_is_embedded_once_and_for_one_model(tmp_path: Path) -> None:
    class Counting(FakeEmbedder):
        seen = 0

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            self.seen += len(texts)
            return super().embed_documents(texts)

    first, again, other = Counting("a"), Counting("a"), Counting("b")
    KeptVectors(first, tmp_path).embed_documents([*PARAGRAPHS, PARAGRAPHS[0]])
    KeptVectors(again, tmp_path).embed_documents(PARAGRAPHS)
    KeptVectors(other, tmp_path).embed_documents(PARAGRAPHS)
    assert (first.seen, again.seen, other.seen) == (3, 0, 3)
