"""The retrieval benchmark counts what it says: ranks of different documents, one vector a text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.domain.policy import document_id
from benchmarks.retrieval import KeptVectors, Questions, copied, measure, ours, read_cmrc
from tests.cli.fake_service import FakeEmbedder

PARAGRAPHS = ["市图书馆周末开放到二十一点。", "夜间公交延长三条线路。", "体育馆对学生免费。"]


def test_ranks_count_different_documents() -> None:
    answers = [("二十一点",), ("三条",), ("学生",), ("老人",)]
    asked = Questions(PARAGRAPHS, ["图书馆几点", "公交", "体育馆", "体育馆"], [0, 1, 2, 2], answers)
    ids = [document_id(text) for text in PARAGRAPHS]
    found = [[ids[0]], [ids[0], ids[0], ids[1]], [ids[0], ids[1]], [ids[0], ids[1], ids[2]]]
    figures = measure("m", found.__getitem__, asked)
    assert figures.recall_1 == pytest.approx(1 / 4)
    assert figures.recall_5 == pytest.approx(3 / 4)
    assert figures.mrr_10 == pytest.approx((1 + 1 / 2 + 1 / 3) / 4)
    assert figures.answered == pytest.approx(2 / 4)  # the third is not given its paragraph, the fourth not its answer


def test_a_squad_file_gives_paragraphs_and_questions(tmp_path: Path) -> None:
    data = [
        {
            "paragraphs": [
                {
                    "context": text,
                    "qas": [
                        {"question": f"{text}？", "answers": [{"text": text[:2]}]},
                        {"question": "几点？", "answers": []},
                    ],
                }
            ]
        }
        for text in PARAGRAPHS
    ]
    path = tmp_path / "dev.json"
    path.write_text(json.dumps({"data": data}), encoding="utf-8")
    whole, small = read_cmrc(path, small=False), read_cmrc(path, small=True)
    assert whole.paragraphs == PARAGRAPHS
    assert whole.gold == [0, 0, 1, 1, 2, 2]
    assert small.gold == [0, 1, 2]
    assert small.answers == [("市图",), ("夜间",), ("体育",)]


def test_our_routes_run_on_the_products_adapters(tmp_path: Path) -> None:
    asked = Questions(PARAGRAPHS, ["夜间公交有几条线路？", "体育馆对谁免费？"], [1, 2], [("三条",), ("学生",)])
    rows = {row.method: row for row in ours(asked, KeptVectors(FakeEmbedder(), tmp_path), 0.001, tmp_path / "index")}
    assert rows["ours, lexical"].recall_1 == 1
    assert rows["ours, hybrid"].answered == 1
    assert rows["ours, hybrid"].pieces == 3
    assert set(rows) == {"ours, dense", "ours, lexical", "ours, hybrid"}


def test_the_scripted_model_copies_the_sentence_with_most_of_the_question() -> None:
    assert copied("公交有几条？", ["市图书馆开放。夜间公交三条。", "公交。"]) == "夜间公交三条。"
    assert copied("公交？", []) == ""


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
