"""Every route with every identity: nothing of a document reaches whoever may not see it, and what they may see does."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from assistant.domain.access import Clearance
from tests.security.house import MARKS, QUESTIONS, READERS, House, open_house, routes


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from open_house(tmp_path_factory)


def bodies(house: House, headers: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(what was asked, what came back) for every route, with every id that there is."""
    client, ids = house.client, [d.id for d in house.documents.values()]
    conversation, answer = "", ""
    for question in QUESTIONS:
        for stream in (False, True):
            got = client.post("/api/ask", json={"question": question, "stream": stream}, headers=headers)
            yield f"ask {question} {stream}", got.text
            if not stream:
                conversation, answer = got.json()["conversation_id"], got.json()["id"]
        messages = [{"role": "user", "content": question}]
        for stream in (False, True):
            body = {"model": "policy-assistant", "messages": messages, "stream": stream}
            yield f"v1 {question}", client.post("/v1/chat/completions", json=body, headers=headers).text
    for method, path in sorted(set(routes(client.app))):
        if (method, path) in (
            ("POST", "/api/ask"),
            ("POST", "/v1/chat/completions"),
            ("DELETE", "/api/conversations/{conversation_id}"),
        ):
            continue
        places = {path}
        for name, values in (
            ("{document_id}", ids),
            ("{number}", ["1"]),
            ("{commitment_id}", list(house.rows.values())),
            ("{conversation_id}", [conversation]),
            ("{model:path}", ["policy-assistant"]),
        ):
            places = {place.replace(name, value) for place in places for value in values if name in place} or places
        for place in sorted(places):
            variants = [""]
            if method == "GET" and place.startswith("/api/"):
                variants += [f"?{q}" for q in ("q=东山", "unit=人事", "object=东山绿道", "proposal=绿道", "limit=1")]
                variants += [f"?format={form}" for form in ("csv", "xlsx", "json", "markdown")]
                variants += [f"?document={i}" for i in ids]
            for variant in variants:
                sent: dict[str, Any] = {
                    "title": "x",
                    "answer_id": answer,
                    "useful": True,
                    "action": "confirm",
                    "version": "x",
                }
                got = client.request(method, place + variant, headers=headers, json=sent if method != "GET" else None)
                yield f"{method} {place}{variant}", words_of(got)


def words_of(response: httpx.Response) -> str:
    """What an answer says, also where it is a workbook."""
    if not response.content.startswith(b"PK"):
        return response.text
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        return "".join(book.read(name).decode(errors="replace") for name in book.namelist())


@pytest.mark.parametrize("name", READERS)
def test_nothing_of_a_hidden_document_leaves_by_any_route(house: House, name: str) -> None:
    _, seen = READERS[name]
    found: set[str] = set()
    for asked, body in bodies(house, house.headers[name]):
        for label, marks in MARKS.items():
            document = house.documents[label]
            if label in seen:
                if any(mark in body for mark in marks):
                    found.add(label)
            else:
                leaks = [word for word in (*marks, document.title, document.id) if word in body]
                assert leaks == [], (asked, leaks, body[:300])
    assert found == seen


@pytest.mark.parametrize("name", READERS)
def test_lists_and_counts_are_those_of_what_is_seen(house: House, name: str) -> None:
    _, seen = READERS[name]
    headers = house.headers[name]
    documents = house.client.get("/api/documents", headers=headers).json()
    assert documents["total"] == len(seen)
    ledger = house.client.get("/api/ledger", headers=headers).json()
    assert ledger["total"] == len(seen)
    assert len(ledger["counts"]["units"]) == len(seen)
    answer = house.client.post("/api/ask", json={"question": "列出全部牵头事项"}, headers=headers).json()
    assert answer["completeness"] == {"shown": len(seen), "total": len(seen)}
    assert {c["document_id"] for c in answer["citations"]} == {house.documents[label].id for label in seen}


def test_a_hidden_document_is_as_unknown_as_one_that_never_was(house: House) -> None:
    headers = house.headers["staff"]
    hidden = house.client.get(f"/api/documents/{house.documents['部门:人事处'].id}", headers=headers)
    unknown = house.client.get("/api/documents/d0000000000000000", headers=headers)
    assert (hidden.status_code, hidden.json()) == (unknown.status_code, unknown.json())
    for method in ("GET", "PATCH"):
        body = {"action": "confirm", "version": "x"} if method == "PATCH" else None
        row = house.client.request(method, f"/api/ledger/{house.rows['部门:人事处']}", headers=headers, json=body)
        never = house.client.request(method, "/api/ledger/m0000000000000000", headers=headers, json=body)
        assert (row.status_code, row.json()) == (never.status_code, never.json())


def test_an_old_answer_is_taken_out_when_its_document_is_closed(house: House) -> None:
    """A key loses a department: what it was told before is no longer told, not even by a follow-up or an export."""
    wide = Clearance(internal=True, departments=frozenset({"人事处"}))
    headers = house.key(wide)
    answer = house.client.post("/api/ask", json={"question": "东山绿道由谁牵头？"}, headers=headers).json()
    place = f"/api/conversations/{answer['conversation_id']}"
    assert "人事局" in house.client.get(place, headers=headers).text
    key_id = headers["Authorization"][11:23]
    with house.service._engine.begin() as connection:
        narrow = json.dumps({"internal": True, "departments": [], "everything": False})
        connection.exec_driver_sql("UPDATE api_keys SET clearance = ? WHERE id = ?", (narrow, key_id))
    for path in (place, f"{place}/export", f"{place}/export?format=json"):
        body = house.client.get(path, headers=headers).text
        assert "人事局" not in body
        assert house.documents["部门:人事处"].id not in body
    assert "已隐去" in house.client.get(place, headers=headers).text
    follow = {"question": "它什么时候完成？", "conversation_id": answer["conversation_id"]}
    assert "8月" not in house.client.post("/api/ask", json=follow, headers=headers).text


def test_a_review_of_a_hidden_row_is_told_to_nobody_who_may_not_see_it(house: House) -> None:
    clerk, staff = house.headers["personnel"], house.headers["staff"]
    place = f"/api/ledger/{house.rows['部门:人事处']}"
    row = house.client.get(place, headers=clerk).json()
    said = {"action": "confirm", "version": row["version"], "by": "张三"}
    assert house.client.patch(place, json=said, headers=clerk).status_code == 200
    assert house.client.get("/api/ledger/pending", headers=staff).json()["total"] == 0
    assert "张三" not in house.client.get("/api/ledger", headers=staff).text


def test_labels_do_not_change_what_the_index_is_called(house: House) -> None:
    names = {house.client.get("/api/documents", headers=headers).json()["index"] for headers in house.headers.values()}
    assert names == {"gen-1"}


def test_conversations_keep_the_turn_of_a_hidden_answer_with_its_question() -> None:
    from assistant.domain.conversations import KeptTurn, readable

    turn = KeptTurn("2024", {"question": "问", "answer": "密", "citations": [{"document_id": "d1"}], "model": "m"})
    assert readable(turn, frozenset({"d2"})) is turn
    out = readable(turn, frozenset({"d1"}))
    assert (out.answer["question"], out.answer["citations"], out.answer["verdict"]) == ("问", [], "refused")
    assert replace(out, answer={}).created_at == "2024"
