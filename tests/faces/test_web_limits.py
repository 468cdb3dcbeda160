"""How much one caller may ask, and that a stream that has ended gives its place back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from assistant.adapters.database.engine import open_library
from assistant.adapters.database.keys import SqlKeys
from assistant.domain.access import Clearance, Entrance, Keyless, Scope
from assistant.domain.audit import HouseRules
from assistant.faces.web.app import create_app
from assistant.faces.web.limits import Allowance
from tests.fakes.asker import FakeAsker, Held, Step, script
from tests.fakes.shelf import ShelfIndexes
from tests.patience import SECONDS, until

NEIGHBOUR = ("10.9.8.7", 5000)


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[SqlKeys]:
    engine = open_library(tmp_path)
    yield SqlKeys(engine)
    engine.dispose()


def headers(keys: SqlKeys, *scopes: Scope) -> dict[str, str]:
    presented = keys.make("x", scopes or (Scope.ASK, Scope.READ), Clearance())[1]
    return {"Authorization": f"Bearer {presented}"}


def app(keys: SqlKeys, indexes: ShelfIndexes, steps: list[Step] | FakeAsker, **rules: int) -> FastAPI:
    asker = steps if isinstance(steps, FakeAsker) else FakeAsker(steps)
    return create_app(asker, indexes, keys=keys, entrance=Entrance(Keyless.NOWHERE), rules=HouseRules(**rules))


def ask(client: httpx.Client, key: dict[str, str], **body: Any) -> httpx.Response:
    return client.post("/api/ask", json={"question": "问", **body}, headers=key)


def test_questions_a_minute_are_counted_by_caller(keys: SqlKeys, indexes: ShelfIndexes) -> None:
    client = TestClient(app(keys, indexes, script("甲。"), questions_per_minute=3), client=NEIGHBOUR)
    one, other, admin = headers(keys), headers(keys), headers(keys, Scope.ADMIN)
    assert [ask(client, one, stream=n == 1).status_code for n in range(4)] == [200, 200, 200, 429]
    refused = ask(client, one)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["error"]["code"] == "too_many_requests"
    body = {"model": "policy-assistant", "messages": [{"role": "user", "content": "问"}]}
    openai = client.post("/v1/chat/completions", json=body, headers=one)
    assert (openai.status_code, openai.json()["error"]["type"]) == (429, "rate_limit_error")
    assert ask(client, other).status_code == 200
    assert [ask(client, admin).status_code for _ in range(5)] == [200] * 5


def test_requests_of_all_kinds_are_counted_too(keys: SqlKeys, indexes: ShelfIndexes) -> None:
    client = TestClient(app(keys, indexes, script("甲。"), questions_per_minute=1), client=NEIGHBOUR)
    key = headers(keys)
    got = [client.get("/api/documents", headers=key).status_code for _ in range(11)]
    assert got == [200] * 10 + [429]


def test_without_a_rule_nobody_is_counted(keys: SqlKeys, indexes: ShelfIndexes) -> None:
    client = TestClient(app(keys, indexes, script("甲。")), client=NEIGHBOUR)
    key = headers(keys)
    assert {ask(client, key).status_code for _ in range(30)} == {200}


def test_browsers_that_forget_their_cookie_are_one_machine(indexes: ShelfIndexes) -> None:
    rules = HouseRules(questions_per_minute=2)
    asker = FakeAsker(script("甲。"))
    application = create_app(asker, indexes, entrance=Entrance(Keyless.ANYWHERE), rules=rules)
    client = TestClient(application, client=NEIGHBOUR)
    assert [ask(client, {}).status_code for _ in range(3)] == [200, 200, 429]
    assert ask(TestClient(application, client=("10.9.8.6", 1)), {}).status_code == 200


@pytest.mark.parametrize("stream", [False, True])
def test_answers_at_once_are_counted_until_they_have_gone_out(
    keys: SqlKeys, indexes: ShelfIndexes, serve: Callable[[FastAPI], str], stream: bool
) -> None:
    last = Held()
    asker = FakeAsker([*script("甲。")[:-1], last, script("甲。")[-1]])
    base, key = serve(app(keys, indexes, asker, questions_at_once=2)), headers(keys)
    with httpx.Client(base_url=base, timeout=SECONDS) as client, ThreadPoolExecutor(3) as pool:
        running = [pool.submit(ask, client, key, stream=stream) for _ in range(2)]
        until(lambda: len(asker.calls) == 2)
        refused = ask(client, key)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "2")
        running.append(pool.submit(ask, client, headers(keys)))  # another's place
        until(lambda: len(asker.calls) == 3)
        last.gate.set()
        assert [answer.result().status_code for answer in running] == [200, 200, 200]
        until(lambda: ask(client, key).status_code == 200)


def test_a_client_that_leaves_gives_its_place_back(
    keys: SqlKeys, indexes: ShelfIndexes, serve: Callable[[FastAPI], str]
) -> None:
    asker = FakeAsker([script("甲。")[0], Held()])
    base, key = serve(app(keys, indexes, asker, questions_at_once=1)), headers(keys)
    body = {"question": "问", "stream": True}

    def asked_and_left() -> bool:
        with client.stream("POST", "/api/ask", json=body, headers=key) as response:
            next(response.iter_lines())
            return response.status_code == 200

    with httpx.Client(base_url=base, timeout=SECONDS) as client:
        for _ in range(3):
            until(asked_and_left)


def test_a_refused_question_takes_no_place() -> None:
    allowance = Allowance(questions_per_minute=1, questions_at_once=1)
    allowance.begin_question("a")
    with pytest.raises(HTTPException):
        allowance.begin_question("a")
    allowance.end_question("a")
    with pytest.raises(HTTPException) as caught:
        allowance.begin_question("a")
    assert int((caught.value.headers or {})["Retry-After"]) > 2
    allowance.begin_question("b")
