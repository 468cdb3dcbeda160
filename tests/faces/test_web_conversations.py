"""`/api/conversations` and `/api/feedback` over a real library and the real question path."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.adapters.database.conversations import SqlConversations
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.feedback import SqlFeedback
from assistant.answering.assistant import Assistant
from assistant.answering.retrieval.retrieve import Retriever
from assistant.faces.web.app import create_app
from assistant.prompts import Prompts
from ingest.chunk import chunks_of
from ingest.parse import parse
from tests.fakes.chat_model import ScriptedModel
from tests.fakes.ledger import MemoryLedger
from tests.fakes.local_client import local_client
from tests.fakes.memory_index import MemoryIndex
from tests.patience import SECONDS, until

NOTICE = """临市商发〔2024〕8号
关于加快*冷链*物流建设的通知
各有关单位：
一、建设城南骨干冷库。拟由市商务局牵头，市财政局配合，2024年9月底前建成城南骨干冷库。
二、建设城北骨干冷库。由市发展改革委牵头。
临市商务局
2024年5月6日
"""
LEAD = "城南骨干冷库由谁牵头？"


class Office:
    """The application over one notice, and what lies behind it."""

    def __init__(self, folder: Path, model: ScriptedModel | None = None) -> None:
        self.engine = open_library(folder)
        document, _ = parse("notice.txt", NOTICE.encode())
        assert document is not None
        self.document = document
        index = MemoryIndex([(document, chunks_of(document))])
        self.conversations = SqlConversations(self.engine)
        self.feedback = SqlFeedback(self.engine)
        prompts = Prompts() if model else None
        asker = Assistant(index, Retriever(None), self.conversations, MemoryLedger([]), model=model, prompts=prompts)
        self.app = create_app(asker, index, conversations=self.conversations, feedback=self.feedback)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.engine.dispose()


@pytest.fixture
def client(office: Office) -> Iterator[httpx.Client]:
    with local_client(office.app) as opened:
        yield opened


def ask(client: httpx.Client, question: str, **more: Any) -> dict[str, Any]:
    response = client.post("/api/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    return dict(response.json())


def test_a_conversation_is_listed_and_reloads_whole(client: httpx.Client, office: Office) -> None:
    first = ask(client, LEAD)
    second = ask(client, "那城北骨干冷库呢？", conversation_id=first["conversation_id"])
    listed = client.get("/api/conversations").json()
    assert listed["total"] == 1
    assert listed["conversations"][0] | {"created_at": "", "updated_at": ""} == {
        "id": first["conversation_id"], "title": LEAD, "created_at": "", "updated_at": "", "turns": 2,
    }  # fmt: skip
    whole = client.get(f"/api/conversations/{first['conversation_id']}").json()
    assert [turn["id"] for turn in whole["turns"]] == [first["id"], second["id"]]
    for turn, answer in zip(whole["turns"], (first, second), strict=True):
        assert turn == {**answer, "created_at": turn["created_at"], "feedback": None}
        for citation in turn["citations"]:
            assert office.document.text[citation["start"] : citation["end"]] == citation["quote"]


def test_ids_of_conversations_and_answers_cannot_be_guessed(client: httpx.Client) -> None:
    answers = [ask(client, LEAD) for _ in range(3)]
    for name in ("id", "conversation_id"):
        assert len({answer[name] for answer in answers}) == 3
        assert all(len(answer[name]) == 32 and int(answer[name], 16) for answer in answers)


def test_a_conversation_is_renamed_and_deleted(client: httpx.Client) -> None:
    place = f"/api/conversations/{ask(client, LEAD)['conversation_id']}"
    assert client.patch(place, json={"title": "冷库 牵头"}).json()["title"] == "冷库 牵头"
    assert client.get("/api/conversations", params={"q": "牵头"}).json()["total"] == 1
    assert client.patch(place, json={"title": "  "}).json()["error"]["param"] == "title"
    assert client.patch(place, json={"name": "x"}).status_code == 422
    assert client.delete(place).status_code == 204
    for response in (client.get(place), client.delete(place), client.patch(place, json={"title": "x"})):
        assert (response.status_code, response.json()["error"]["code"]) == (404, "conversation_not_found")


@pytest.mark.parametrize("strange", ["%00", "..", "a%2Fb", "%F0%9F%92%A9", "x" * 128, "' OR 1=1 --", "%"])
def test_strange_ids_and_words_are_refused_or_unknown(client: httpx.Client, strange: str) -> None:
    for path in (f"/api/conversations/{strange}", f"/api/conversations/{strange}/export"):
        assert client.get(path).status_code in (404, 422)
    assert client.delete(f"/api/conversations/{strange}").status_code in (404, 405, 422)
    assert client.get(f"/api/conversations?q={strange}").status_code in (200, 422)


def test_nul_is_kept_nowhere(client: httpx.Client) -> None:
    assert client.post("/api/ask", json={"question": "谁\x00牵头？"}).json()["error"]["param"] == "question"
    answer = ask(client, LEAD)
    place = f"/api/conversations/{answer['conversation_id']}"
    assert client.patch(place, json={"title": "a\x00b"}).status_code == 422
    judged = {"answer_id": answer["id"], "useful": True, "note": "\x00"}
    assert client.post("/api/feedback", json=judged).status_code == 422


def test_an_export_shows_markup_of_documents_as_text_and_has_every_source(client: httpx.Client) -> None:
    answer = ask(client, LEAD)
    place = f"/api/conversations/{answer['conversation_id']}/export"
    markdown = client.get(place)
    assert markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert markdown.headers["content-disposition"].startswith('attachment; filename="conversation.md"; filename*=UTF-8')
    assert f"## {LEAD}" in markdown.text
    assert r"《关于加快\*冷链\*物流建设的通知》（临市商发〔2024〕8号）" in markdown.text
    assert answer["citations"][0]["quote"] in markdown.text
    assert "以原文为准" in markdown.text
    exported = client.get(place, params={"format": "json"})
    assert "attachment" in exported.headers["content-disposition"]
    assert exported.json()["turns"][0]["citations"] == answer["citations"]
    assert client.get(place, params={"format": "pdf"}).status_code == 422


def test_the_last_answer_is_regenerated_and_its_question_edited_in_place(client: httpx.Client) -> None:
    first = ask(client, LEAD)
    conversation = first["conversation_id"]
    again = ask(client, LEAD, conversation_id=conversation, replaces=first["id"])
    edited = ask(client, "城北骨干冷库由谁牵头？", conversation_id=conversation, replaces=again["id"])
    whole = client.get(f"/api/conversations/{conversation}").json()
    assert [turn["id"] for turn in whole["turns"]] == [edited["id"]]
    assert whole["title"] == "城北骨干冷库由谁牵头？"
    for stream in (False, True):
        body = {"question": LEAD, "conversation_id": conversation, "replaces": first["id"], "stream": stream}
        refused = client.post("/api/ask", json=body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "not_last_answer")


def test_a_stopped_answer_is_kept_as_far_as_it_was_shown(tmp_path: Path, serve: Any) -> None:
    model = ScriptedModel("城南骨干冷库拟由市商务局牵头。〔{0}〕\n", endless=True)
    office = Office(tmp_path, model)
    base = serve(office.app)
    body = {"question": LEAD, "stream": True}
    with httpx.Client(base_url=base, timeout=SECONDS) as client:
        shown, searching = "", {}
        with client.stream("POST", "/api/ask", json=body) as response:
            for line in response.iter_lines():
                if line.startswith("data:"):
                    event = json.loads(line[5:])
                    searching = event if event["type"] == "searching" else searching
                    if event["type"] == "sentence":
                        shown = event["text"]
                        break
        place = f"/api/conversations/{searching['conversation_id']}"
        until(lambda: client.get(place).json().get("turns"))
        (turn,) = client.get(place).json()["turns"]
        assert turn["stopped"] is True
        assert turn["id"] == searching["answer_id"]
        assert turn["question"] == LEAD
        assert turn["answer"].startswith(shown)
        assert shown.startswith("城南骨干冷库拟由市商务局牵头。[1]")
        assert [c["n"] for c in turn["citations"]] == [1]
        assert "停止" in turn["notices"][0]
        model.endless = False
        again = {"question": LEAD, "conversation_id": searching["conversation_id"], "replaces": turn["id"]}
        regenerated = client.post("/api/ask", json=again).json()
        assert regenerated["stopped"] is False
        assert [t["id"] for t in client.get(place).json()["turns"]] == [regenerated["id"]]
    office.engine.dispose()


def test_an_answer_is_judged_and_the_judgement_reloads_with_it(client: httpx.Client, office: Office) -> None:
    answer = ask(client, LEAD)
    judged = {"answer_id": answer["id"], "useful": False, "reasons": ["引用不对", " 引用不对 ", ""], "note": " 应为… "}
    assert client.post("/api/feedback", json=judged).status_code == 204
    turn = client.get(f"/api/conversations/{answer['conversation_id']}").json()["turns"][0]
    assert turn["feedback"] == {"useful": False, "reasons": ["引用不对"], "note": "应为…"}
    assert office.feedback.judged()[0].answer["index"] == "gen-1"


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({"answer_id": "unknown", "useful": True}, 404, "answer_id"),
        ({"useful": True}, 422, "answer_id"),
        ({"answer_id": "a", "useful": "yes"}, 422, "useful"),
        ({"answer_id": "a", "useful": True, "note": "字" * 2001}, 422, "note"),
        ({"answer_id": "a", "useful": True, "reasons": ["x"] * 11}, 422, "reasons"),
        ({"answer_id": "a", "useful": True, "stars": 5}, 422, "stars"),
    ],
)
def test_feedback_that_does_not_fit_is_refused(
    client: httpx.Client, body: dict[str, Any], status: int, param: str
) -> None:
    response = client.post("/api/feedback", json=body)
    assert (response.status_code, response.json()["error"]["param"]) == (status, param)
