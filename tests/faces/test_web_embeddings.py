"""``/v1/embeddings`` with the official client, LangChain's, and by hand."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable
from typing import Any

import openai
import pytest
from fastapi import FastAPI

from assistant.faces.web.app import create_app
from tests.fakes.asker import FakeAsker
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.local_client import local_client
from tests.fakes.shelf import ShelfIndexes

TEXTS = ["市教育局牵头", "市财政局配合"]


@pytest.fixture
def app(indexes: ShelfIndexes) -> FastAPI:
    return create_app(FakeAsker([]), indexes, embedder=HashingEmbedder())


@pytest.fixture
def url(app: FastAPI, serve: Callable[[FastAPI], str]) -> str:
    return f"{serve(app)}/v1"


def near(some: list[float], others: list[float]) -> bool:
    return max(abs(a - b) for a, b in zip(some, others, strict=True)) < 1e-6


def test_the_official_client_gets_the_vectors_of_the_index(url: str) -> None:
    client = openai.OpenAI(base_url=url, api_key="none")
    expected = HashingEmbedder().embed_documents(TEXTS)
    for form in ("float", None):  # where nothing is said the client asks for base64 and unpacks it
        more: dict[str, Any] = {"encoding_format": form} if form else {}
        got = client.embeddings.create(model="policy-embeddings", input=TEXTS, user="x", **more)
        assert [row.index for row in got.data] == [0, 1]
        assert all(near(row.embedding, wanted) for row, wanted in zip(got.data, expected, strict=True))
        assert got.usage.prompt_tokens == 12
    assert [m.id for m in client.models.list()] == ["policy-assistant", "policy-embeddings"]
    assert client.models.retrieve("policy-embeddings").object == "model"


def test_langchains_embeddings_work(url: str) -> None:
    from langchain_openai import OpenAIEmbeddings

    embeddings = OpenAIEmbeddings(
        base_url=url,
        api_key="none",
        model="policy-embeddings",
        check_embedding_ctx_length=False,  # type: ignore[arg-type]
    )
    assert near(embeddings.embed_query(TEXTS[0]), HashingEmbedder().embed_documents([TEXTS[0]])[0])
    assert len(embeddings.embed_documents(TEXTS)) == 2


def test_one_text_as_a_question_and_by_the_models_own_name(app: FastAPI) -> None:
    embedder = HashingEmbedder()
    body = {"model": embedder.model, "input": TEXTS[0], "input_type": "query", "encoding_format": "base64"}
    (row,) = local_client(app).post("/v1/embeddings", json=body).json()["data"]
    raw = base64.b64decode(row["embedding"])
    assert near(list(struct.unpack(f"<{len(raw) // 4}f", raw)), embedder.embed_query(TEXTS[0]))


@pytest.mark.parametrize(
    ("change", "status", "code", "param"),
    [
        ({"model": "other"}, 404, "model_not_found", "model"),
        ({"input": ""}, 400, "invalid_field", "input"),
        ({"input": []}, 400, "invalid_field", "input"),
        ({"input": [1, 2, 3]}, 400, "invalid_field", "input"),
        ({"input": ["x"] * 257}, 400, "invalid_field", "input"),
        ({"dimensions": 7}, 400, "invalid_field", "dimensions"),
        ({"encoding_format": "hex"}, 400, "invalid_field", "encoding_format"),
    ],
)
def test_faults_are_in_the_shape_of_openai(
    app: FastAPI, change: dict[str, Any], status: int, code: str, param: str
) -> None:
    response = local_client(app).post("/v1/embeddings", json={"model": "policy-embeddings", "input": "问", **change})
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["type"]) == (status, code, "invalid_request_error")
    assert str(error["param"]).startswith(param)


def test_a_service_that_searches_by_words_alone_offers_none(indexes: ShelfIndexes) -> None:
    client = local_client(create_app(FakeAsker([]), indexes))
    assert client.post("/v1/embeddings", json={"model": "policy-embeddings", "input": "x"}).status_code == 404
    assert [m["id"] for m in client.get("/v1/models").json()["data"]] == ["policy-assistant"]
