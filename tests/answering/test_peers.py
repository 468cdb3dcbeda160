"""Models that misbehave behind a real server on the loopback: the answer is never worse than the documents' own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from assistant.adapters.models import OpenAIChatModel
from assistant.answering.assistant import Limits
from assistant.domain.access import LOCAL
from assistant.domain.dialogue import Answer, Sentence, Verdict
from assistant.prompts import Prompts
from tests.fakes.openai_server import Server, serving
from tests.patience import SECONDS

PLAN = """临市商发〔2024〕8号
关于加快冷链物流建设的通知
各有关单位：
现将有关事项通知如下：
一、建设城南骨干冷库。拟由市商务局牵头，市财政局配合，2024年9月底前建成城南骨干冷库。
二、培育企业。鼓励企业开展技术改造，提升冷链服务水平。
临市商务局
2024年3月1日
"""
CHANGE = """临市商函〔2024〕30号
关于调整城南骨干冷库牵头单位的函
各有关单位：
城南骨干冷库的牵头单位由市商务局调整为市交通运输局，建成时限调整为2025年3月底前。
临市商务局
2024年8月9日
"""
QUESTION = "城南骨干冷库由谁牵头，谁配合？"
GOOD = "城南骨干冷库拟由市商务局牵头，市财政局配合。〔{0}〕"


class KeyedServer(Server):
    """Answers with the keys of the request: ``{0}`` in its text is the first key of the evidence it was sent."""

    template = ""

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        keys = re.findall("〔([A-Z][0-9][A-Z][0-9A-Z])〕《", str(self.requests[-1]["messages"]))
        self.text = self.template
        for n, key in enumerate(keys):
            self.text = self.text.replace(f"{{{n}}}", key)
        await super()._answer(reader, writer)


@pytest.fixture
async def server() -> AsyncIterator[KeyedServer]:
    async with serving(KeyedServer(size=5)) as running:
        assert isinstance(running, KeyedServer)
        yield running


@pytest.fixture
def office(desk: Callable[..., Any], server: KeyedServer) -> Callable[..., Any]:
    def opened(documents: dict[str, str] | None = None) -> Any:
        model = OpenAIChatModel(server.url, "peer", timeout=3, stall_timeout=0.4)
        limits = Limits(model_seconds=3, model_stall_seconds=0.5)
        return desk(documents or {"通知.txt": PLAN}, model=model, prompts=Prompts(), limits=limits)

    return opened


def complete(answer: Answer) -> None:
    """What the extractive answer tells must stand in any answer, and nothing false."""
    for word in ("市商务局", "市财政局", "拟"):
        assert word in answer.answer, answer.answer
    for word in ("市审计局", "已建成", "http", "<", "**", "\x07", "think", "〔K", "Water"):
        assert word not in answer.answer, answer.answer
    assert answer.citations
    assert answer.verdict is Verdict.ANSWERED


@pytest.mark.parametrize(
    "text",
    [
        "<think>用户问牵头，是市审计局吧。</think>" + GOOD,
        "我先想想……也许是市审计局。</think>\n" + GOOD,
        "思考过程：材料第一条提到市审计局？不是。\n\n答：" + GOOD,
        "The Water Bureau leads this project. [1]",
        "**城南骨干冷库**由市商务局牵头[{0}]\n\n| 单位 | 角色 |\n|---|---|\n| 市审计局 | 牵头 |",
        "<b>城南骨干冷库</b>由<a href='http://x.example'>市审计局</a>牵头。〔{0}〕",
        "城南骨干冷库\x07由市审计局\x1b[31m牵头。〔{0}〕",
        "城南骨干冷库拟由市商务局牵头。〔{0}〕\n城南骨干冷库由市",
        "城南骨干冷库拟由市商务局牵头。〔{0}〕\n" * 200,
        "城南骨干冷库拟由市商务局牵头。〔Z9Z9〕",
        "城南骨干冷库拟由市商务局牵头。",
        "城南骨干冷库已建成。〔{0}〕\n城南骨干冷库由市审计局牵头。〔{0}〕",
        "文件未载明。",
        "我不能回答这个问题。",
        '{"answer": "市审计局牵头", "keys": ["{0}"]}',
        "",
        "。。。。。。\n\n\n",
        "城南骨干冷库拟由市财政局牵头，市商务局配合。〔{0}〕",
        GOOD,
    ],
)
async def test_however_a_model_writes_the_answer_is_whole(
    office: Callable[..., Any], server: KeyedServer, text: str
) -> None:
    server.template = text
    complete(await office().ask(QUESTION))


@pytest.mark.parametrize("behaviour", ["hang", "stall", "cut", "no_finish", "length", "garbage", "not_json", "html"])
async def test_however_a_server_fails_the_answer_is_whole_and_says_so(
    office: Callable[..., Any], server: KeyedServer, behaviour: Any
) -> None:
    server.template, server.behaviour = "城南骨干冷库拟由市商务局牵头。〔{0}〕\n城南骨干冷库由市审计局", behaviour
    answer = await office().ask(QUESTION)
    complete(answer)
    assert any("没有响应" in n or "没有写完" in n for n in answer.notices)


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
async def test_a_refusal_leaves_the_extractive_answer(
    office: Callable[..., Any], server: KeyedServer, status: int
) -> None:
    server.status = status
    answer = await office().ask(QUESTION)
    complete(answer)
    assert answer.model == "extractive"
    assert any("没有响应" in n for n in answer.notices)


async def test_one_request_an_answer_and_no_round_of_repair(office: Callable[..., Any], server: KeyedServer) -> None:
    server.template = "城南骨干冷库由市审计局牵头。〔{0}〕"
    await office().ask(QUESTION)
    assert len(server.requests) == 1


@pytest.mark.parametrize("told", [0, 1])
async def test_of_two_clauses_that_contradict_both_are_shown_with_their_documents(
    office: Callable[..., Any], server: KeyedServer, told: int
) -> None:
    both = office({"通知.txt": PLAN, "函.txt": CHANGE})
    server.template = "牵头单位是市审计局。〔{0}〕"
    plain = await both.ask("城南骨干冷库由谁牵头？")
    assert {"市商务局", "市交通运输局"} <= set(re.findall("市商务局|市交通运输局", plain.answer))
    server.template = (
        "城南骨干冷库拟由市商务局牵头。〔{0}〕〔{1}〕",
        "城南骨干冷库的牵头单位调整为市交通运输局。〔{0}〕〔{1}〕",
    )[told]
    answer = await both.ask("城南骨干冷库由谁牵头？")
    assert {"市商务局", "市交通运输局"} <= set(re.findall("市商务局|市交通运输局", answer.answer))
    assert {c.number for c in answer.citations} >= {"临市商函〔2024〕30号"}


async def test_a_disconnect_reaches_the_model_within_a_second(office: Callable[..., Any], server: KeyedServer) -> None:
    server.template, server.behaviour = GOOD + "\n", "endless"
    stream = office().assistant.ask(QUESTION, reader=LOCAL)
    async for event in stream:
        if isinstance(event, Sentence):
            break
    left = server.pieces
    await stream.aclose()
    await asyncio.wait_for(server.hung_up.wait(), SECONDS)
    assert server.pieces - left < 200
