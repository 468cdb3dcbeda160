"""The chat model's adapter against a real server on the loopback, well-behaved and not."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from assistant.adapters.models import OpenAIChatModel, ThinkingFilter, translated
from assistant.errors import ModelError, ModelRefused, ModelUnreachable
from assistant.ports import Prompt
from tests.fakes.openai_server import Server, serving
from tests.patience import SECONDS

PROMPT = Prompt((("system", "你是助手。"), ("human", "谁牵头？")), "0" * 12)


def model_at(
    server: Server, timeout: float = SECONDS, stall_timeout: float = SECONDS, key: str | None = None
) -> OpenAIChatModel:
    return OpenAIChatModel(server.url, "peer", key, timeout=timeout, stall_timeout=stall_timeout)


async def said_by(server: Server, **options: float) -> str:
    async with serving(server):
        return "".join([piece async for piece in model_at(server, **options).stream(PROMPT)])


async def test_a_reply_streams_in_pieces_and_the_request_is_plain() -> None:
    async with serving(Server(text="拟由市科技局牵头。〔K7Q4〕")) as server:
        pieces = [p async for p in model_at(server).stream(PROMPT) if p]
        assert "".join(pieces) == "拟由市科技局牵头。〔K7Q4〕"
        assert len(pieces) > 3
        request, headers = server.requests[0], server.headers[0]
    assert request["model"] == "peer"
    assert request["stream"] is True
    assert [m["role"] for m in request["messages"]] == ["system", "user"]
    assert headers["authorization"] == "Bearer none"


async def test_a_key_of_the_environment_is_not_sent_to_our_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-someone-else")
    async with serving(Server()) as server:
        async for _ in model_at(server).stream(PROMPT):
            pass
        async for _ in model_at(server, key="our-key").stream(PROMPT):
            pass
    assert [h["authorization"] for h in server.headers] == ["Bearer none", "Bearer our-key"]


@pytest.mark.parametrize("size", [1, 2, 5, 100])
async def test_thinking_is_left_out_wherever_the_pieces_break(size: int) -> None:
    text = "<think>用户问牵头单位，<b>可能是教育局</think>\n拟由市科技局牵头。<Thinking>再想</Thinking>完。"
    assert await said_by(Server(text=text, size=size)) == "\n拟由市科技局牵头。完。"


async def test_reasoning_content_is_ignored() -> None:
    assert await said_by(Server(text="答。", reasoning="先想一想，应当是教育局。")) == "答。"


@pytest.mark.parametrize(("status", "advice"), [(401, "API_KEY"), (404, "BASE_URL"), (429, "忙"), (500, "日志")])
async def test_a_refusal_says_what_to_do(status: int, advice: str) -> None:
    with pytest.raises(ModelRefused, match=str(status)) as failure:
        await said_by(Server(status=status))
    assert advice in failure.value.advice


async def test_one_refused_request_is_tried_once_more() -> None:
    server = Server(status=[500, 200], text="好。")
    assert await said_by(server) == "好。"
    assert len(server.requests) == 2


async def test_silence_before_the_reply_ends_in_time() -> None:
    with pytest.raises(ModelUnreachable):  # the server would wait for ever
        await said_by(Server(behaviour="hang"), stall_timeout=0.2)


async def test_silence_within_the_reply_ends_in_time() -> None:
    with pytest.raises(ModelUnreachable):
        await said_by(Server(behaviour="stall"), stall_timeout=0.2)


@pytest.mark.parametrize("behaviour", ["cut", "no_finish"])
async def test_a_reply_that_breaks_off_is_an_error(behaviour: str) -> None:
    with pytest.raises(ModelUnreachable):
        await said_by(Server(behaviour=behaviour))  # type: ignore[arg-type]


@pytest.mark.parametrize("behaviour", ["garbage", "not_json", "html", "length"])
async def test_a_reply_that_cannot_be_used_is_an_error(behaviour: str) -> None:
    with pytest.raises(ModelError) as failure:
        await said_by(Server(behaviour=behaviour))  # type: ignore[arg-type]
    assert failure.value.advice


async def test_nobody_listens() -> None:
    model = OpenAIChatModel("http://127.0.0.1:9/v1", "peer", timeout=3, stall_timeout=1)
    with pytest.raises(ModelUnreachable, match="连不上") as failure:
        async for _ in model.stream(PROMPT):
            pass
    assert "ASSISTANT_LLM_BASE_URL" in failure.value.advice


async def test_closing_the_stream_reaches_the_server_within_a_second() -> None:
    async with serving(Server(behaviour="endless")) as server:
        async with aclosing(model_at(server).stream(PROMPT)) as stream:  # type: ignore[type-var]
            async for piece in stream:
                if "再想想" in piece:
                    break
        closed = server.pieces
        await asyncio.wait_for(server.hung_up.wait(), SECONDS)
    assert server.pieces - closed < 200


async def test_a_crowd_that_asks_first_builds_one_client(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[int] = []
    build = OpenAIChatModel._build

    def counted(self: OpenAIChatModel) -> object:
        built.append(1)
        return build(self)

    monkeypatch.setattr(OpenAIChatModel, "_build", counted)
    async with serving(Server(text="由市科技局牵头。")) as server:
        model = model_at(server)

        async def said() -> str:
            return "".join([piece async for piece in model.stream(PROMPT)])

        assert set(await asyncio.gather(*(said() for _ in range(20)))) == {"由市科技局牵头。"}
    assert len(built) == 1


def test_one_model_serves_several_event_loops() -> None:
    model: list[OpenAIChatModel] = []

    async def once() -> str:
        async with serving(Server(text="好。")) as server:
            if not model:
                model.append(model_at(server))
            model[0]._base_url = server.url
            return "".join([p async for p in model[0].stream(PROMPT)])

    assert [asyncio.run(once()) for _ in range(2)] == ["好。", "好。"]


def test_every_exception_of_the_client_is_translated() -> None:
    import httpx
    import openai

    request = httpx.Request("POST", "http://localhost")
    kinds = [value for value in list(vars(openai).values()) if isinstance(value, type) and issubclass(value, Exception)]
    for kind in kinds:
        try:
            error = kind.__new__(kind)
            error.status_code = 418  # type: ignore[attr-defined]
        except TypeError:
            continue
        assert isinstance(translated(error), ModelUnreachable | ModelRefused), kind
    assert isinstance(translated(httpx.ReadError("x", request=request)), ModelUnreachable)
    assert isinstance(translated(KeyError("choices")), ModelRefused)


def test_a_lone_less_than_sign_is_text() -> None:
    thinking = ThinkingFilter()
    assert thinking.feed("面积<") + thinking.feed("5万") + thinking.rest() == "面积<5万"
    assert thinking.feed("完<thi") + thinking.rest() == "完<thi"


def test_an_unopened_thought_ends_its_line() -> None:
    thinking = ThinkingFilter()
    assert thinking.feed("我想是教育局</think>答。") == "我想是教育局\n答。"
