"""What requests leave behind: the audit log, the lines of the log, figures, spans; and what none of them holds."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from assistant.adapters.database.audit import SqlAudit
from assistant.adapters.database.conversations import SqlConversations
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.feedback import SqlFeedback
from assistant.adapters.database.keys import SqlKeys
from assistant.domain.access import Clearance, Entrance, Keyless, Scope, SingleSignOn
from assistant.domain.audit import Deed, HouseRules
from assistant.errors import LibraryError
from assistant.faces.logs import JsonLines
from assistant.faces.web.app import create_app
from assistant.faces.web.upkeep import daily
from tests.fakes.asker import FakeAsker, script
from tests.fakes.ledger import MemoryLedger
from tests.fakes.shelf import ShelfIndexes
from tests.patience import SECONDS, until

SECRET = "王五的低保为什么停了？"
USER = {"X-Remote-User": "zhangsan"}
ENTRANCE = Entrance(Keyless.NOWHERE, ("10.0.0.7",), SingleSignOn("X-Remote-User"))


class House:
    def __init__(self, folder: Path, indexes: ShelfIndexes, **options: Any) -> None:
        self.engine: Engine = open_library(folder)
        self.audit = SqlAudit(self.engine)
        self.conversations = SqlConversations(self.engine)
        self.keys = SqlKeys(self.engine)
        self.app = create_app(
            FakeAsker(script("甲。", model="writer")),
            indexes,
            MemoryLedger(),
            conversations=self.conversations,
            feedback=SqlFeedback(self.engine),
            keys=self.keys,
            entrance=ENTRANCE,
            audit=self.audit,
            **options,
        )
        self.client = TestClient(self.app, client=("10.0.0.7", 1), headers=USER, raise_server_exceptions=False)
        self.conversations.append(script("甲。")[-1].answer, "user:zhangsan")  # type: ignore[union-attr]

    def deeds(self) -> list[tuple[str, str, str, int]]:
        return [(d.who, d.action, d.object, d.status) for d in reversed(self.audit.deeds())]


@pytest.fixture
def house(tmp_path: Path, indexes: ShelfIndexes) -> Iterator[House]:
    made = House(tmp_path, indexes)
    yield made
    made.engine.dispose()


def test_who_asked_opened_exported_and_changed_what_is_written_down(house: House, reply: Any) -> None:
    client = house.client
    client.post("/api/ask", json={"question": SECRET, "conversation_id": "c-1"})
    client.post("/api/ask", json={"question": SECRET, "stream": True})
    messages = [{"role": "user", "content": "问"}]
    client.post("/v1/chat/completions", json={"model": "policy-assistant", "messages": messages})
    client.get("/api/documents")
    client.get(f"/api/documents/{reply.id}")
    client.get("/api/ledger")
    client.get("/api/ledger?format=csv")
    client.get("/api/conversations/c-1/export")
    client.patch("/api/conversations/c-1", json={"title": "改名"})
    client.delete("/api/conversations/c-1")
    client.get("/metrics")
    client.get("/api/documents", headers={"X-Remote-User": ""})
    me = "user:zhangsan"
    assert house.deeds() == [
        (me, "ask", "c-1", 200),
        (me, "ask", "", 200),
        (me, "ask", "", 200),
        (me, "open", reply.id, 200),
        (me, "export", "", 200),
        (me, "export", "c-1", 200),
        (me, "change", "c-1", 200),
        (me, "delete", "c-1", 204),
    ]
    assert house.audit.deeds(action="ask", limit=2, who=me)[0].object == ""


def test_a_refusal_is_written_down(house: House) -> None:
    key = house.keys.make("x", [Scope.READ], Clearance())[1]
    assert house.client.post("/api/ask", json={"question": "问"}, headers={"Authorization": f"Bearer {key}"}).is_error
    (deed,) = house.deeds()
    assert (deed[0][:4], deed[1], deed[3]) == ("key:", "refused", 403)


def test_what_was_asked_is_kept_only_where_that_is_said(house: House, tmp_path: Path, indexes: ShelfIndexes) -> None:
    house.client.post("/api/ask", json={"question": SECRET})
    with house.engine.connect() as connection:
        assert SECRET not in str(connection.execute(text("SELECT * FROM audit")).all())
    (tmp_path / "other").mkdir()
    keeping = House(tmp_path / "other", indexes, rules=HouseRules(keep_content=True))
    keeping.client.post("/api/ask", json={"question": SECRET})
    assert keeping.audit.deeds()[0].content == SECRET
    keeping.engine.dispose()


def test_an_audit_log_that_cannot_be_written_stops_no_answer(house: House, caplog: pytest.LogCaptureFixture) -> None:
    with house.engine.begin() as connection:
        connection.execute(text("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"))
    assert house.client.post("/api/ask", json={"question": "问"}).status_code == 200
    house.audit.flush()
    assert "audit log cannot be written" in caplog.text
    with house.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER full"))
    house.client.post("/api/ask", json={"question": "问"})
    assert len(house.deeds()) == 1


def test_many_deeds_at_once_are_all_written(house: House) -> None:
    with ThreadPoolExecutor(8) as pool:
        for n in range(2000):
            pool.submit(house.audit.note, Deed(f"2024-01-01T{n:08}", "user:x", "ask", str(n), 200, "r"))
    assert {deed.object for deed in house.audit.deeds()} == {str(n) for n in range(2000)}


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("assistant")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield written
    logger.removeHandler(handler)
    logger.setLevel(level)


def test_the_log_is_one_object_a_line_and_holds_no_personal_data(house: House, reply: Any, lines: io.StringIO) -> None:
    client = house.client
    client.post("/api/ask", json={"question": SECRET}, headers={"X-Request-Id": "req-12345678"})
    client.get(f"/api/documents/{reply.id}?q={SECRET}")
    client.get("/nowhere/zhangsan")
    client.get("/static/js/chat.js")
    rows = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [(r["method"], r["route"], r["status"], r["caller"]) for r in rows] == [
        ("POST", "/api/ask", 200, "user"),
        ("GET", "/api/documents/{document_id}", 200, "user"),
        ("GET", "(none)", 404, ""),
        ("GET", "/static", 200, ""),
    ]
    assert rows[0]["request_id"] == "req-12345678"
    assert all(row["level"] == "info" and row["ms"] >= 0 and not row["cut_off"] for row in rows)
    for secret in (SECRET, "zhangsan", "10.0.0.7", reply.id):
        assert secret not in lines.getvalue()


def test_every_answer_has_a_number_and_strange_ones_are_not_taken_over(house: House) -> None:
    given = {"X-Request-Id": "req-12345678"}
    assert house.client.get("/healthz", headers=given).headers["x-request-id"] == "req-12345678"
    for strange in ("", "short", "a b c d e f", "x" * 65, 'ab"cd"efgh'):
        number = house.client.get("/healthz", headers={"X-Request-Id": strange}).headers["x-request-id"]
        assert number != strange
        assert len(number) == 32


def test_figures_are_for_administrators(house: House) -> None:
    assert house.client.get("/metrics").status_code == 403
    house.client.post("/api/ask", json={"question": SECRET})
    house.client.post("/api/ask", json={"question": ""})
    headers = {"Authorization": f"Bearer {house.keys.make('p', [Scope.ADMIN], Clearance())[1]}"}
    got = house.client.get("/metrics", headers=headers)
    assert got.headers["content-type"].startswith("text/plain; version=")
    for line in (
        'assistant_questions_total{model="writer",outcome="answered"} 1.0',
        'assistant_questions_total{model="",outcome="question_empty"} 1.0',
        'assistant_requests_total{method="POST",route="/api/ask",status="200"} 1.0',
        "assistant_first_sentence_seconds_count 1.0",
        "assistant_questions_running 0.0",
        "assistant_documents 2.0",
        "assistant_ready 1.0",
    ):
        assert line in got.text.splitlines(), line
    assert SECRET not in got.text
    assert "zhangsan" not in got.text


def test_figures_say_when_nothing_can_be_answered(tmp_path: Path) -> None:
    bare = House(tmp_path, ShelfIndexes(None))
    headers = {"Authorization": f"Bearer {bare.keys.make('p', [Scope.ADMIN], Clearance())[1]}"}
    assert "assistant_ready 0.0" in bare.client.get("/metrics", headers=headers).text.splitlines()
    bare.engine.dispose()


def test_spans_name_the_route_and_nothing_else(tmp_path: Path, indexes: ShelfIndexes) -> None:
    trace = pytest.importorskip("opentelemetry.sdk.trace")
    export = pytest.importorskip("opentelemetry.sdk.trace.export")
    memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter").InMemorySpanExporter()
    provider = trace.TracerProvider()
    provider.add_span_processor(export.SimpleSpanProcessor(memory))
    traced = House(tmp_path, indexes, tracer=provider.get_tracer("t"))
    traced.client.post("/api/ask?x=zhangsan", json={"question": SECRET})
    (span,) = memory.get_finished_spans()
    assert span.name == "POST /api/ask"
    assert dict(span.attributes) == {"http.route": "/api/ask", "http.response.status_code": 200}
    traced.engine.dispose()


def test_what_is_old_is_forgotten(house: House) -> None:
    old = (datetime.now(UTC) - timedelta(days=200)).isoformat(timespec="milliseconds")
    house.audit.note(Deed(old, "user:x", "ask", "", 200, "r1"))
    house.client.post("/api/ask", json={"question": "问"})
    half_a_year_ago = (datetime.now(UTC) - timedelta(days=180)).isoformat(timespec="milliseconds")
    assert house.audit.purge(half_a_year_ago) == 1
    assert [d.who for d in house.audit.deeds()] == ["user:zhangsan"]
    assert house.conversations.purge(half_a_year_ago) == 0
    assert house.conversations.purge("9999") == 1
    assert house.conversations.conversations("user:zhangsan") == ([], 0)


async def test_upkeep_is_done_at_once_and_again_and_outlives_a_failure() -> None:
    done: list[int] = []
    enough = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work() -> None:
        done.append(1)
        if len(done) == 3:
            loop.call_soon_threadsafe(enough.set)
        if len(done) == 1:
            raise LibraryError("磁盘已满。")

    async with daily(work, every=0.01)(None):
        await asyncio.wait_for(enough.wait(), SECONDS)
    assert asyncio.all_tasks() == {asyncio.current_task()}


def test_the_application_does_its_upkeep(indexes: ShelfIndexes) -> None:
    done: list[int] = []
    app = create_app(FakeAsker([]), indexes, upkeep=lambda: done.append(1))
    with TestClient(app):
        until(lambda: done)
    assert done == [1]
