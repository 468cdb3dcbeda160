"""The ways to the documents beside HTTP: MCP, LangChain, WeCom. Each sees what its reader sees, and no more."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistant.bootstrap import build_desk
from assistant.domain.access import HIDDEN, Identity, Scope
from assistant.faces.langchain import PolicyRetriever
from assistant.faces.wecom.messages import Kind, Message
from tests.security.house import MARKS, QUESTIONS, READERS, House


def hidden(house: House, seen: set[str], said: str) -> list[str]:
    """Words of documents that must not have been told."""
    words = [
        word
        for label, marks in MARKS.items()
        if label not in seen
        for word in (*marks, house.documents[label].title, house.documents[label].id)
    ]
    return [word for word in words if word in said]


def told(said: str) -> set[str]:
    return {label for label, marks in MARKS.items() if any(mark in said for mark in marks)}


@pytest.mark.parametrize("name", READERS)
async def test_tools_of_other_assistants_see_what_their_reader_sees(house: House, name: str) -> None:
    pytest.importorskip("mcp")
    from mcp import Client

    from assistant.faces.mcp_server import build

    clearance, seen = READERS[name]
    service = house.service
    reader = Identity("t", frozenset({Scope.ASK, Scope.READ}), clearance)
    server = build(service.asker, service.searcher, service.readers_ledger, service.readers_indexes, reader)
    calls: list[tuple[str, dict[str, Any]]] = [
        *[("search", {"query": question, "limit": 50}) for question in QUESTIONS],
        *[("ask", {"question": question}) for question in QUESTIONS],
        ("list_commitments", {}),
        ("list_documents", {}),
        *[("read_document", {"document_id": d.id}) for d in house.documents.values()],
        *[("list_commitments", {"document": d.id}) for d in house.documents.values()],
    ]
    found: set[str] = set()
    async with Client(server) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == {tool for tool, _ in calls}
        for tool, arguments in calls:
            result = await client.call_tool(tool, arguments)
            said = json.dumps(result.model_dump(mode="json"), ensure_ascii=False)
            assert hidden(house, seen, said) == [], (tool, arguments)
            found |= told(said)
    assert found == seen


@pytest.mark.parametrize("name", READERS)
def test_a_retriever_sees_what_its_reader_sees(house: House, name: str) -> None:
    clearance, seen = READERS[name]
    retriever = PolicyRetriever(searcher=house.service.searcher, k=50, clearance=clearance)
    said = "".join(
        f"{d.page_content} {d.id} {d.metadata}" for question in QUESTIONS for d in retriever.invoke(question)
    )
    assert hidden(house, seen, said) == []
    assert told(said) == seen


async def test_members_see_what_the_staff_sees(house: House) -> None:
    service = house.service
    desk = build_desk(service.asker, service.feedback, service.readers_indexes, service.wecom, service.settings)
    _, seen = READERS["staff"]
    said = ""
    for n, question in enumerate(QUESTIONS):
        message = Message(Kind.QUESTION, f"m{n}", "zhangsan", "s1", question)
        said += "".join([draft.text async for draft in desk.drafts(message)]) + desk.welcome(message)
        said += "".join(
            [draft.text async for draft in desk.drafts(Message(Kind.QUESTION, "", "zhangsan", "s1", "/来源 1"))]
        )
    assert hidden(house, seen, said) == []
    assert told(said) == seen


async def test_a_source_of_a_document_that_was_closed_since_is_not_shown(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = house.service
    desk = build_desk(service.asker, service.feedback, service.readers_indexes, service.wecom, service.settings)

    async def said(text: str) -> str:
        message = Message(Kind.QUESTION, "", "lisi", "s2", text)
        return [draft.text async for draft in desk.drafts(message)][-1]

    await said("北山绿道由谁牵头？")
    assert "市园林局" in await said("/来源 1")
    version, labels = service.labels.current()
    closed = {**labels, house.documents["内部"].id: HIDDEN}
    monkeypatch.setattr(type(service.labels), "current", lambda _: (f"{version}+", closed))
    assert "市园林局" not in await said("/来源 1")
