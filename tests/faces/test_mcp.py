"""The corpus as tools: the official client beside the server in memory, and as a program that speaks over pipes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp")

from mcp import Client, StdioServerParameters, stdio_client

from assistant.answering.assistant import Assistant
from assistant.answering.retrieval.retrieve import Retriever
from assistant.answering.retrieval.search import Search
from assistant.faces.mcp_server import build
from ingest.chunk import chunks_of
from ingest.parse import parse
from tests.fakes.ledger import MemoryLedger
from tests.fakes.memory_index import MemoryConversations, MemoryIndex

NOTICE = """临市商发〔2024〕8号
关于加快冷链物流建设的通知
各有关单位：
一、建设城南骨干冷库。拟由市商务局牵头，市财政局配合，2024年9月底前建成城南骨干冷库。
二、建设城北骨干冷库。由市发展改革委牵头。
临市商务局
2024年5月6日
"""


@pytest.fixture
def conversations() -> MemoryConversations:
    return MemoryConversations()


@pytest.fixture
def server(conversations: MemoryConversations) -> Iterator[Any]:
    document, _ = parse("notice.txt", NOTICE.encode())
    assert document is not None
    index = MemoryIndex([(document, chunks_of(document))])
    retriever = Retriever(None)
    ledger = MemoryLedger([document])
    asker = Assistant(index, retriever, conversations, ledger)
    yield build(asker, Search(index, retriever), ledger, index)
    retriever.close()


async def call(server: Any, tool: str, **arguments: Any) -> Any:
    async with Client(server) as client:
        result = await client.call_tool(tool, arguments)
    if result.is_error:
        raise ValueError(result.content[0].text)
    return result.structured_content


async def test_the_tools_say_what_they_are_for_and_change_nothing(server: Any) -> None:
    async with Client(server) as client:
        tools = (await client.list_tools()).tools
    assert {tool.name for tool in tools} == {"search", "ask", "list_commitments", "list_documents", "read_document"}
    for tool in tools:
        assert tool.description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.destructive_hint is False


async def test_a_search_gives_passages_with_their_places(server: Any) -> None:
    found = (await call(server, "search", query="城南骨干冷库牵头", limit=2))["passages"]
    assert found[0]["title"] == "关于加快冷链物流建设的通知"
    assert found[0]["number"] == "临市商发〔2024〕8号"
    read = await call(server, "read_document", document_id=found[0]["document_id"])
    for passage in found:
        assert read["text"][passage["start"] : passage["end"]] == passage["text"]
        assert passage["url"].startswith("/documents/")


async def test_a_question_is_answered_with_citations_and_kept_nowhere(
    server: Any, conversations: MemoryConversations
) -> None:
    answer = await call(server, "ask", question="城南骨干冷库由谁牵头？")
    assert "市商务局" in answer["answer"]
    assert answer["verdict"] == "answered"
    assert "市商务局牵头" in answer["citations"][0]["quote"]
    assert conversations.answers == {}


async def test_commitments_are_complete_and_counted(server: Any) -> None:
    every = await call(server, "list_commitments")
    assert every["total"] == len(every["rows"]) == 2
    led = await call(server, "list_commitments", lead="市商务局")
    assert [row["lead_units"] for row in led["rows"]] == [["市商务局"]]
    assert led["rows"][0]["quote"]


async def test_documents_are_listed_by_words(server: Any) -> None:
    assert (await call(server, "list_documents"))["total"] == 1
    assert (await call(server, "list_documents", words="绿道"))["documents"] == []


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("search", {"query": "  "}, "没有要查的内容"),
        ("ask", {"question": ""}, "问题是空的"),
        ("list_commitments", {"status": "maybe"}, "取值不对"),
        ("read_document", {"document_id": "d0"}, "没有这份文件"),
    ],
)
async def test_what_does_not_fit_is_said_in_words(server: Any, tool: str, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        await call(server, tool, **arguments)


async def test_the_command_speaks_the_protocol_over_its_pipes(tmp_path: Path) -> None:
    environment = {"ASSISTANT_DATA_DIR": str(tmp_path), "ASSISTANT_EMBEDDINGS_ENGINE": "none"}
    started = StdioServerParameters(command=sys.executable, args=["-m", "assistant", "mcp"], env=environment)
    async with Client(stdio_client(started)) as client:
        assert len((await client.list_tools()).tools) == 5
        result = await client.call_tool("search", {"query": "冷库"})
        assert result.is_error
        assert "ingest run" in result.content[0].text  # type: ignore[union-attr]
