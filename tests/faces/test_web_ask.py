"""`POST /api/ask`: the contract's object, the stream of events, faults in one shape, work stopped when nobody waits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.dialogue import Failed, Searching, Sentence
from assistant.errors import IndexUnavailable
from assistant.faces.web import sse
from assistant.faces.web.app import create_app
from tests.fakes.asker import FakeAsker, Held, Step, script
from tests.fakes.shelf import ShelfIndexes
from tests.patience import SECONDS, until, until_async

Scripted = Callable[[Sequence[Step]], httpx.Client]
FAULT_FIELDS = {"code", "message", "advice", "param"}


def fault(response: httpx.Response) -> dict[str, Any]:
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == FAULT_FIELDS
    return dict(body["error"])


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    """The frames of a stream, read as the standard says; comments are left out."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_an_answer_is_the_contracts_object(client: httpx.Client, asker: FakeAsker) -> None:
    response = client.post("/api/ask", json={"question": "谁牵头？", "conversation_id": "c-7"})

    assert response.status_code == 200
    answer = response.json()
    assert answer["answer"] == "拟由市水务局牵头。[1]由市财政局配合。[2]"
    assert answer["conversation_id"] == "c-7"
    assert answer["citations"][0]["url"] == f"/documents/{answer['citations'][0]['document_id']}#19-33"
    assert set(answer) == {
        "id", "conversation_id", "question", "standalone_question", "answer", "verdict", "citations", "commitments",
        "completeness", "model", "prompt", "index", "timings_ms", "notices", "withheld", "stopped",
    }  # fmt: skip
    assert [(c.question, c.conversation_id, c.history) for c in asker.calls] == [("谁牵头？", "c-7", None)]


def test_every_quote_stands_in_the_document_that_the_api_gives(client: httpx.Client) -> None:
    for citation in client.post("/api/ask", json={"question": "谁牵头？"}).json()["citations"]:
        text = client.get(f"/api/documents/{citation['document_id']}").json()["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_stream_carries_the_events_in_order(client: httpx.Client) -> None:
    response = client.post("/api/ask", json={"question": "谁牵头？", "stream": True})

    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["x-accel-buffering"] == "no"
    assert "content-length" not in response.headers
    got = events(response.text)
    assert [name for name, _ in got] == ["searching", "evidence", "sentence", "sentence", "done"]
    assert all(name == data["type"] for name, data in got)
    assert "".join(data["text"] for name, data in got if name == "sentence") == got[-1][1]["answer"]["answer"]


def test_a_line_break_in_a_sentence_does_not_break_a_frame(scripted: Scripted) -> None:
    response = scripted(script("甲项：\n\ndata: 乙项\r\n")).post("/api/ask", json={"question": "问", "stream": True})

    assert [data["text"] for name, data in events(response.text) if name == "sentence"] == ["甲项：\n\ndata: 乙项\r\n"]


@pytest.mark.parametrize("stream", [False, True])
def test_no_index_is_503_with_what_to_do(scripted: Scripted, stream: bool) -> None:
    client = scripted([IndexUnavailable("还没有可用的索引", "请先运行 ingest run")])

    response = client.post("/api/ask", json={"question": "问", "stream": stream})

    assert response.status_code == 503
    assert fault(response) == {
        "code": "index_unavailable",
        "message": "还没有可用的索引",
        "advice": "请先运行 ingest run",
        "param": None,
    }


@pytest.mark.parametrize(("code", "status"), [("model_unreachable", 503), ("internal", 503), ("bad_request", 400)])
def test_a_failed_answer_is_an_error_status(scripted: Scripted, code: str, status: int) -> None:
    client = scripted([Searching("正在检索…", "c"), Failed(code, "没有完成")])

    response = client.post("/api/ask", json={"question": "问"})

    assert response.status_code == status
    assert fault(response)["code"] == code


def test_a_failure_after_the_first_event_ends_the_stream_with_an_error_event(scripted: Scripted) -> None:
    client = scripted([Sentence("甲。", ()), RuntimeError("secret detail")])

    response = client.post("/api/ask", json={"question": "问", "stream": True})

    assert response.status_code == 200
    assert [name for name, _ in events(response.text)] == ["sentence", "error"]
    assert events(response.text)[-1][1]["code"] == "internal"
    assert "secret detail" not in response.text


def test_an_unexpected_failure_is_a_500_in_shape_with_headers_and_without_details(scripted: Scripted) -> None:
    response = scripted([RuntimeError("secret detail")]).post("/api/ask", json={"question": "问"})

    assert response.status_code == 500
    assert fault(response)["code"] == "internal"
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("body", "status", "code", "param", "advice"),
    [
        ({}, 422, "invalid_field", "question", "缺少"),
        ({"question": 7}, 422, "invalid_field", "question", "应为文本"),
        ({"question": None}, 422, "invalid_field", "question", "应为文本"),
        ({"question": ""}, 400, "question_empty", "question", "请输入"),
        ({"question": "问" * 2001}, 400, "question_too_long", "question", "2000"),
        ({"question": "\ud800"}, 422, "invalid_field", "question", "编码"),
        ({"question": "问", "stream": "yes"}, 422, "invalid_field", "stream", "true 或 false"),
        ({"question": "问", "conversation_id": "../x"}, 422, "invalid_field", "conversation_id", "字母"),
        ({"question": "问", "conversationid": "c"}, 422, "invalid_field", "conversationid", "核对拼写"),
        ([], 422, "invalid_body", None, "JSON 对象"),
        ("问", 422, "invalid_body", None, "JSON 对象"),
    ],
)
def test_a_callers_fault_names_the_field_and_what_to_change(
    client: httpx.Client, body: object, status: int, code: str, param: str | None, advice: str
) -> None:
    # Escaped by hand: half a surrogate pair is legal JSON, but no client would encode it.
    response = client.post("/api/ask", content=json.dumps(body).encode(), headers={"Content-Type": "application/json"})

    assert response.status_code == status
    error = fault(response)
    assert (error["code"], error["param"]) == (code, param)
    assert advice in error["advice"]


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b"{", "application/json", 400, "invalid_json"),
        (b"", "application/json", 400, "missing_body"),
        (b"\xff\xfe\x00", "application/json", 400, "bad_request"),
        (b"[" * 100_000, "application/json", 400, "bad_request"),
        (b'{"question": ' + b"9" * 5000 + b"}", "application/json", 400, "bad_request"),
        (b'{"question": "a"}', "text/plain", 415, "unsupported_media_type"),
        (b"question=a", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
    ],
)
def test_a_body_that_is_no_json_is_refused(
    client: httpx.Client, content: bytes, content_type: str, status: int, code: str
) -> None:
    response = client.post("/api/ask", content=content, headers={"Content-Type": content_type})

    assert (response.status_code, fault(response)["code"]) == (status, code)


def test_a_large_body_is_refused_by_its_length_and_by_its_size(base_url: str) -> None:
    json_type = {"Content-Type": "application/json"}
    declared = httpx.post(f"{base_url}/api/ask", content=b" " * 2_000_000, headers=json_type)
    chunked = httpx.post(f"{base_url}/api/ask", content=(b" " * 100_000 for _ in range(20)), headers=json_type)

    assert (declared.status_code, fault(declared)["code"]) == (413, "body_too_large")
    assert (chunked.status_code, fault(chunked)["code"]) == (413, "body_too_large")


def test_unknown_addresses_and_methods_are_in_shape(client: httpx.Client) -> None:
    assert fault(client.get("/api/nothing"))["code"] == "not_found"
    wrong = client.get("/api/ask")
    assert (wrong.status_code, wrong.headers["allow"], fault(wrong)["code"]) == (405, "POST", "method_not_allowed")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)
ASK_BODIES = st.fixed_dictionaries(
    {"question": st.text(max_size=40) | JSON_VALUES},
    optional={"conversation_id": st.text(max_size=70) | JSON_VALUES, "stream": st.booleans() | JSON_VALUES},
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=ASK_BODIES | JSON_VALUES)
def test_no_json_breaks_the_service(client: httpx.Client, body: object) -> None:
    response = client.post("/api/ask", content=json.dumps(body).encode(), headers={"Content-Type": "application/json"})

    assert response.status_code < 500
    if response.status_code >= 400:
        assert fault(response)["advice"]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_no_bytes_break_the_service(client: httpx.Client, content: bytes) -> None:
    response = client.post("/api/ask", content=content, headers={"Content-Type": "application/json"})

    assert 400 <= response.status_code < 500
    assert fault(response)["advice"]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("steps", [[Searching("正在检索…", "c"), Held()], [Held()]], ids=["late", "before any event"])
async def test_a_client_that_leaves_stops_the_work(
    serve: Callable[[FastAPI], str], indexes: ShelfIndexes, steps: list[Step], stream: bool
) -> None:
    asker = FakeAsker(steps)
    url = serve(create_app(asker, indexes))
    async with httpx.AsyncClient(timeout=SECONDS) as client:
        asking = asyncio.create_task(client.post(f"{url}/api/ask", json={"question": "问", "stream": stream}))
        await until_async(lambda: asker.calls)
        assert not asker.stopped.is_set()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    await until_async(asker.stopped.is_set)


def test_a_finished_stream_is_not_stopped(base_url: str, asker: FakeAsker) -> None:
    httpx.post(f"{base_url}/api/ask", json={"question": "问", "stream": True})

    until(lambda: asker.finished == 1)
    assert not asker.stopped.is_set()


def test_events_leave_as_they_come(serve: Callable[[FastAPI], str], indexes: ShelfIndexes) -> None:
    held = [Held(), Held(), Held()]
    url = serve(create_app(FakeAsker(script("甲。", "乙。", held=held)), indexes))

    with httpx.stream("POST", f"{url}/api/ask", json={"question": "问", "stream": True}, timeout=SECONDS) as response:
        named = (line.removeprefix("event: ") for line in response.iter_lines() if line.startswith("event:"))
        arrived = [next(named)]
        for before in held:  # what is behind it is not made before this one has come
            before.gate.set()
            arrived.append(next(named))

    assert arrived == ["searching", "sentence", "sentence", "done"]


def test_silence_is_filled_with_comments(
    serve: Callable[[FastAPI], str], indexes: ShelfIndexes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "PING_SECONDS", 0.05)
    held = Held()
    url = serve(create_app(FakeAsker(script("甲。", held=[held])), indexes))

    with httpx.stream("POST", f"{url}/api/ask", json={"question": "问", "stream": True}, timeout=SECONDS) as response:
        text = ""
        for piece in response.iter_text():
            text += piece
            if text.count(": ping\n\n") >= 3:
                held.gate.set()

    assert [name for name, _ in events(text)] == ["searching", "sentence", "done"]


def test_a_time_out_inside_the_asker_is_not_taken_for_silence(scripted: Scripted) -> None:
    client = scripted([Searching("正在检索…", "c"), TimeoutError()])

    response = client.post("/api/ask", json={"question": "问", "stream": True})

    assert [name for name, _ in events(response.text)] == ["searching", "error"]


def test_a_stream_that_ends_without_an_end_says_so(scripted: Scripted) -> None:
    response = scripted([Sentence("甲。", ())]).post("/api/ask", json={"question": "问", "stream": True})

    assert [name for name, _ in events(response.text)] == ["sentence", "error"]
