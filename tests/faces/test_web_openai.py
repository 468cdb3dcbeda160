"""`/v1` with the official client and with LangChain's, against uvicorn on a loopback port."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import openai
import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException

from assistant.domain.dialogue import Failed, Searching, Sentence, Turn
from assistant.faces.web.app import create_app
from assistant.faces.web.openai_messages import Message, question_and_history, usage
from tests.fakes.asker import FakeAsker, Held, Step
from tests.fakes.local_client import local_client
from tests.fakes.shelf import ShelfIndexes
from tests.patience import SECONDS, until

ANSWER = "拟由市水务局牵头。[1]由市财政局配合。[2]"
Serve = Callable[[FastAPI], str]


@pytest.fixture
def official(base_url: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{base_url}/v1", api_key="none", timeout=SECONDS, max_retries=0)


def ask(text: str = "谁牵头？") -> list[dict[str, Any]]:
    return [{"role": "user", "content": text}]


def test_models_are_listed_and_read(official: openai.OpenAI) -> None:
    assert [model.id for model in official.models.list()] == ["policy-assistant"]
    assert official.models.retrieve("policy-assistant").owned_by == "policy-assistant"
    with pytest.raises(openai.NotFoundError) as caught:
        official.models.retrieve("another")
    assert caught.value.code == "model_not_found"


def test_a_completion_has_text_sources_and_usage(official: openai.OpenAI, base_url: str) -> None:
    reply = official.chat.completions.create(model="policy-assistant", messages=ask())

    choice = reply.choices[0]
    assert reply.id.startswith("chatcmpl-")
    assert (reply.object, reply.model, choice.finish_reason) == ("chat.completion", "policy-assistant", "stop")
    text, _, footer = (choice.message.content or "").partition("\n\n参考来源：\n")
    assert text == ANSWER
    first, second = footer.splitlines()
    assert first.startswith("[1] 《关于第88号提案的答复》一，第1页 ")
    assert second.startswith("[2] 《关于第88号提案的答复》一（一），第2页 ")
    assert choice.message.annotations is not None
    cited = choice.message.annotations[0].url_citation
    assert cited.url.startswith(f"{base_url}/documents/")
    assert (choice.message.content or "")[cited.start_index : cited.end_index] == "[1]"
    extra = reply.model_extra or {}
    assert extra["policy_answer"]["verdict"] == "answered"
    assert extra["search_results"][0]["snippet"] == "拟由市水务局牵头修建示范渠道"
    assert reply.usage is not None
    assert reply.usage.prompt_tokens == 4
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


def test_a_stream_is_role_content_finish_usage(official: openai.OpenAI) -> None:
    chunks = list(
        official.chat.completions.create(
            model="policy-assistant", messages=ask(), stream=True, stream_options={"include_usage": True}
        )
    )

    assert chunks[0].choices[0].delta.role == "assistant"
    contents = [c.choices[0].delta.content for c in chunks[1:-2]]
    assert contents[:2] == ["拟由市水务局牵头。[1]", "由市财政局配合。[2]"]
    assert contents[2] is not None and contents[2].startswith("\n\n参考来源：\n[1]")
    finish = chunks[-2]
    assert finish.choices[0].finish_reason == "stop"
    assert finish.choices[0].delta.content is None
    extra = finish.choices[0].delta.model_extra or {}
    assert [a["url_citation"]["title"] for a in extra["annotations"]] == [
        "《关于第88号提案的答复》一，第1页",
        "《关于第88号提案的答复》一（一），第2页",
    ]
    assert (finish.model_extra or {})["policy_answer"]["answer"] == ANSWER
    assert all(c.usage is None for c in chunks[:-1])
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None and chunks[-1].usage.completion_tokens > 0
    assert len({c.id for c in chunks}) == 1


def test_a_stream_without_usage_ends_with_the_finish_chunk_and_done(client: httpx.Client) -> None:
    response = client.post(
        "/v1/chat/completions", json={"model": "policy-assistant", "messages": ask(), "stream": True}
    )

    lines = [line for line in response.text.split("\n\n") if line]
    assert lines[-1] == "data: [DONE]"
    last = json.loads(lines[-2].removeprefix("data: "))
    assert last["choices"][0]["finish_reason"] == "stop"
    assert "usage" not in last
    assert response.headers["x-accel-buffering"] == "no"
    assert response.headers["cache-control"] == "no-cache"


def test_streamed_and_whole_texts_are_the_same(official: openai.OpenAI) -> None:
    whole = official.chat.completions.create(model="policy-assistant", messages=ask()).choices[0].message.content
    stream = official.chat.completions.create(model="policy-assistant", messages=ask(), stream=True)

    assert "".join(c.choices[0].delta.content or "" for c in stream) == whole


def test_the_footer_can_be_left_out(serve: Serve, asker: FakeAsker, indexes: ShelfIndexes) -> None:
    url = serve(create_app(asker, indexes, models=("a", "b"), sources_footer=False))
    client = openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)

    assert client.chat.completions.create(model="b", messages=ask()).choices[0].message.content == ANSWER
    assert "".join(
        c.choices[0].delta.content or "" for c in client.chat.completions.create(model="a", messages=ask(), stream=True)
    ) == ANSWER  # fmt: skip


async def test_the_asynchronous_client_streams_too(base_url: str) -> None:
    async with openai.AsyncOpenAI(base_url=f"{base_url}/v1", api_key="none", max_retries=0) as client:
        stream = await client.chat.completions.create(model="policy-assistant", messages=ask(), stream=True)
        text = "".join([chunk.choices[0].delta.content or "" async for chunk in stream])

    assert text.startswith(ANSWER)


def test_langchain_asks_and_streams(base_url: str, asker: FakeAsker) -> None:
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(
        model="policy-assistant", base_url=f"{base_url}/v1", api_key="none", max_retries=0, stream_usage=True
    )
    messages = [SystemMessage("你是助手"), HumanMessage("谁牵头？"), AIMessage(ANSWER), HumanMessage("谁配合？")]

    whole = model.invoke(messages)
    chunks = list(model.stream(messages))

    assert str(whole.content).startswith(ANSWER)
    assert "".join(str(chunk.content) for chunk in chunks) == whole.content
    assert whole.usage_metadata is not None and whole.usage_metadata["output_tokens"] > 0
    assert [call.question for call in asker.calls] == ["谁配合？", "谁配合？"]
    assert asker.calls[0].history == [Turn("谁牵头？", "谁牵头？", ANSWER)]


def test_what_clients_add_is_accepted(official: openai.OpenAI, asker: FakeAsker) -> None:
    reply = official.chat.completions.create(
        model="policy-assistant",
        messages=[
            {"role": "system", "content": "Answer in English."},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "谁"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
                    {"type": "text", "text": "牵头？"},
                ],
            },
        ],
        tools=[{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
        temperature=0.3,
        max_tokens=100,
        user="u",
        extra_body={"metadata": {"chat": 1}, "unheard_of": True},
    )

    assert (reply.choices[0].message.content or "").startswith(ANSWER)
    assert [(call.question, call.history) for call in asker.calls] == [("谁\n牵头？", [])]


def message(role: str, content: str) -> Message:
    return Message(role=role, content=content)


def test_history_pairs_questions_with_their_answers() -> None:
    question, history = question_and_history(
        [
            message("system", "规则"),
            message("user", "一"),
            message("assistant", "甲"),
            message("user", "二"),
            message("user", "三"),
            message("assistant", "丙"),
            message("tool", "{}"),
            message("user", "四"),
        ]
    )

    assert question == "四"
    assert [(t.question, t.answer) for t in history] == [("一", "甲"), ("二", ""), ("三", "丙")]


def test_history_takes_our_footer_off_and_keeps_its_documents() -> None:
    footer = "\n\n参考来源：\n[1] 《甲》一 http://h/documents/d1#0-2\n[2] 《乙》二 http://h/documents/d2#5-9"
    _, history = question_and_history(
        [message("user", "一"), message("assistant", "答。[1]" + footer), message("user", "二")]
    )

    assert history == [Turn("一", "一", "答。[1]", ("d1", "d2"))]


def test_usage_counts_wide_characters_one_and_four_narrow_ones_one() -> None:
    assert usage([message("user", "谁牵头abcde")], "答。") == {
        "prompt_tokens": 5,
        "completion_tokens": 2,
        "total_tokens": 7,
    }


def body(*messages: object) -> dict[str, object]:
    return {"model": "policy-assistant", "messages": list(messages)}


@pytest.mark.parametrize(
    ("sent", "status", "code", "param"),
    [
        ({**body(*ask()), "model": "gpt"}, 404, "model_not_found", "model"),
        ({"messages": ask()}, 400, "invalid_field", "model"),
        ({"model": "policy-assistant"}, 400, "invalid_field", "messages"),
        (body(), 400, "invalid_field", "messages"),
        (body({"role": "system", "content": "问"}), 400, "missing_question", "messages"),
        (body({"role": "user", "content": []}), 400, "missing_question", "messages"),
        (body(*ask("问" * 2001)), 400, "question_too_long", "question"),
        (body(*ask("\ud83d")), 400, "invalid_field", "messages.0"),
        ([], 400, "invalid_body", None),
    ],
)
def test_faults_are_in_the_shape_of_openai(
    client: httpx.Client, sent: object, status: int, code: str, param: str | None
) -> None:
    response = client.post(
        "/v1/chat/completions", content=json.dumps(sent).encode(), headers={"Content-Type": "application/json"}
    )

    assert response.status_code == status
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["type"], error["code"], error["param"]) == ("invalid_request_error", code, param)


def test_unknown_addresses_and_missing_keys_are_in_the_shape_of_openai(app: FastAPI) -> None:
    @app.get("/v1/guarded")
    def guarded() -> None:
        raise HTTPException(401)

    client = local_client(app)
    assert client.get("/v1/guarded").json()["error"]["code"] == "invalid_api_key"
    assert client.get("/v1/nothing").json()["error"]["type"] == "invalid_request_error"
    assert client.get("/v1/chat/completions").json()["error"]["code"] == "method_not_allowed"


def client_of(serve: Serve, indexes: ShelfIndexes, steps: Sequence[Step]) -> tuple[FakeAsker, openai.OpenAI]:
    asker = FakeAsker(steps)
    url = serve(create_app(asker, indexes))
    return asker, openai.OpenAI(base_url=f"{url}/v1", api_key="none", timeout=SECONDS, max_retries=0)


def test_a_failure_is_a_status_before_and_an_error_frame_within_the_stream(serve: Serve, indexes: ShelfIndexes) -> None:
    _, client = client_of(serve, indexes, [Sentence("甲。", ()), Failed("model_unreachable", "模型服务没有响应")])

    with pytest.raises(openai.InternalServerError) as caught:
        client.chat.completions.create(model="policy-assistant", messages=ask())
    assert (caught.value.status_code, caught.value.code) == (503, "model_unreachable")

    received = []
    with pytest.raises(openai.APIError, match="模型服务没有响应"):
        stream = client.chat.completions.create(model="policy-assistant", messages=ask(), stream=True)
        received.extend(chunk.choices[0].delta.content for chunk in stream)
    assert received == ["", "甲。"]


def test_a_client_that_closes_its_stream_stops_the_work(serve: Serve, indexes: ShelfIndexes) -> None:
    asker, client = client_of(serve, indexes, [Searching("正在检索…", "c"), Held()])

    stream = client.chat.completions.create(model="policy-assistant", messages=ask(), stream=True)
    next(iter(stream))
    stream.close()

    until(asker.stopped.is_set)


async def test_pydantic_ai_asks_and_streams(base_url: str) -> None:
    pytest.importorskip("pydantic_ai")
    from pydantic_ai import Agent
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    provider = OpenAIProvider(base_url=f"{base_url}/v1", api_key="none")
    agent = Agent(OpenAIChatModel("policy-assistant", provider=provider))
    whole = await agent.run("谁牵头？")
    assert whole.output.startswith("拟由市水务局牵头。[1]由市财政局配合。[2]")
    assert "参考来源" in whole.output
    assert whole.usage.input_tokens > 0
    async with agent.run_stream("谁配合？", message_history=whole.all_messages()) as stream:
        pieces = [piece async for piece in stream.stream_text(delta=True, debounce_by=None)]
    assert "".join(pieces) == whole.output
    assert len(pieces) > 1
