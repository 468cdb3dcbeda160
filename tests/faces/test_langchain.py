"""The corpus in a LangChain chain of someone else's making."""

from __future__ import annotations

from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough

from assistant.answering.retrieval.retrieve import Retriever
from assistant.answering.retrieval.search import Search
from assistant.domain.access import Clearance
from assistant.faces.langchain import PolicyRetriever
from assistant.ports import Found
from ingest.chunk import chunks_of
from ingest.parse import parse
from tests.faces.test_mcp import NOTICE
from tests.fakes.memory_index import MemoryIndex


def retriever() -> tuple[PolicyRetriever, str]:
    document, _ = parse("notice.txt", NOTICE.encode())
    assert document is not None
    index = MemoryIndex([(document, chunks_of(document))])
    return PolicyRetriever(searcher=Search(index, Retriever(None)), k=2), document.text


def test_documents_are_passages_with_their_places() -> None:
    made, text = retriever()
    found = made.invoke("城南骨干冷库由谁牵头？")
    assert 1 <= len(found) <= 2
    first = found[0]
    assert text[first.metadata["start"] : first.metadata["end"]] == first.page_content
    assert first.metadata["number"] == "临市商发〔2024〕8号"
    assert first.metadata["date"] == "2024-05-06"
    assert first.id == first.metadata["source"].removeprefix("/documents/")


async def test_it_works_in_a_chain() -> None:
    made, _ = retriever()
    prompt = ChatPromptTemplate.from_messages([("system", "{context}"), ("human", "{question}")])
    model = FakeListChatModel(responses=["好的"])
    joined = made | (lambda found: "\n".join(d.page_content for d in found))
    chain = {"context": joined, "question": RunnablePassthrough()} | prompt | model | StrOutputParser()
    assert await chain.ainvoke("城北骨干冷库由谁牵头？") == "好的"


def test_it_looks_with_the_eyes_that_it_is_given() -> None:
    asked: list[Clearance] = []

    class Noting:
        def search(self, query: str, clearance: Clearance, k: int = 8) -> list[Found]:
            asked.append(clearance)
            return []

    public = Clearance()
    assert PolicyRetriever(searcher=Noting(), clearance=public).invoke("问") == []
    assert asked == [public]
