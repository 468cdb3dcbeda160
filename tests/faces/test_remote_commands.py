"""The command line against a service elsewhere: ``--server`` over a real port."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result
from fastapi import FastAPI

from assistant.domain.dialogue import Commitment, Completeness, Deadline, Done, Failed, Status, Table, event_json
from assistant.faces.cli import main
from assistant.faces.cli.remote import event_of
from assistant.faces.web.app import create_app
from tests.faces.conftest import PLAN, REPLY
from tests.fakes.asker import FakeAsker, Step, Wait, script
from tests.fakes.ledger import ASK, MemoryLedger
from tests.fakes.ledger import PLAN as CANAL
from tests.fakes.shelf import Shelf, ShelfIndexes, cite

Serve = Callable[[FastAPI], str]
Ask = Callable[..., Result]


@pytest.fixture
def command(serve: Serve) -> Callable[[Sequence[Step]], Ask]:
    """Serves an application with the script given, and runs commands against it."""

    def start(steps: Sequence[Step]) -> Ask:
        app = create_app(FakeAsker(steps), ShelfIndexes(Shelf([REPLY, PLAN])), MemoryLedger((CANAL, ASK)))
        address = serve(app)
        return lambda *arguments, **more: CliRunner().invoke(main, ["--server", address, *arguments], **more)

    return start


STEPS = script(
    "拟由市水务局牵头。[1]", citations=[cite(1, REPLY, "拟由市水务局牵头修建示范渠道")], notices=["以原文为准。"]
)


def test_ask_prints_what_the_service_answers(command: Callable[[Sequence[Step]], Ask]) -> None:
    run = command(STEPS)
    shown = run("ask", "谁牵头？")
    assert shown.exit_code == 0, shown.stderr
    assert "拟由市水务局牵头。[1]" in shown.stdout
    assert "拟由市水务局牵头修建示范渠道" in shown.stdout
    whole = json.loads(run("ask", "谁牵头？", "--json").stdout)
    assert (whole["question"], whole["citations"][0]["path"], whole["notices"]) == ("谁牵头？", "一", ["以原文为准。"])


def test_doctor_looks_at_the_service_and_what_we_may_do_there(command: Callable[[Sequence[Step]], Ask]) -> None:
    shown = command(STEPS)("doctor")
    assert shown.exit_code == 0, shown.output
    assert "[正常] 服务：可用，gen-1，看得到 2 份文件" in shown.stdout
    assert "ask" in shown.stdout and "数据目录" not in shown.stdout
    gone = CliRunner().invoke(main, ["--server", "http://127.0.0.1:9", "doctor"])
    assert gone.exit_code == 1
    assert "[故障] 服务：服务 http://127.0.0.1:9 连不上" in gone.stdout


def test_chat_goes_on_with_the_services_conversation(command: Callable[[Sequence[Step]], Ask]) -> None:
    shown = command(STEPS)("chat", input="谁牵头？\n谁配合？\n/退出\n")
    assert shown.exit_code == 0, shown.stderr
    assert shown.stdout.count("拟由市水务局牵头。[1]") == 2


def test_documents_and_ledger_of_the_service(command: Callable[[Sequence[Step]], Ask]) -> None:
    run = command(STEPS)
    listed = json.loads(run("documents", "渠道", "--json").stdout)
    assert [d["title"] for d in listed["documents"]] == ["渠道建设方案"]
    assert "共 2 份文件，符合条件 1 份" in run("documents", "渠道").stdout
    rows = json.loads(run("ledger", "--lead", "市水务局", "--json").stdout)
    assert (rows["total"], rows["rows"][0]["cooperating_units"]) == (len(rows["rows"]), ["市财政局"])
    assert "市林业局" in run("ledger").stdout
    table = list(csv.reader(io.StringIO(run("ledger", "--format", "csv").stdout_bytes.decode("utf-8-sig"))))
    assert any("市林业局" in cell for row in table for cell in row)


@pytest.mark.parametrize("arguments", [("feedback", "unanswered"), ("keys", "list"), ("ledger", "explain", "m1")])
def test_what_needs_the_library_says_where_to_run_it(
    command: Callable[[Sequence[Step]], Ask], arguments: tuple[str, ...]
) -> None:
    result = command(STEPS)(*arguments)
    assert result.exit_code == 2
    assert "只能在服务所在的机器上运行" in result.stderr


def test_errors_of_the_service_are_told(command: Callable[[Sequence[Step]], Ask]) -> None:
    run = command([Wait(0.01), Failed("model", "模型服务没有响应。")])
    result = run("ask", "谁牵头？")
    assert (result.exit_code, "模型服务没有响应" in result.stderr) == (1, True)
    assert run("ask", " ").exit_code == 2
    assert run("ledger", "--status", "done", "--as-of", "never").exit_code == 2


def test_nobody_there() -> None:
    result = CliRunner().invoke(main, ["--server", "http://127.0.0.1:9", "ask", "谁牵头？"])
    assert result.exit_code == 1
    assert "连不上" in result.stderr
    assert "--server" in result.stderr


def test_every_event_survives_the_way_through_json() -> None:
    row = Commitment(
        "清淤",
        ("市水务局",),
        ("市财政局",),
        "牵头",
        "inherited",
        Deadline("6月底前", None, "fixed"),
        Status("planned", "拟"),
        (1,),
    )
    done = STEPS[-1]
    assert isinstance(done, Done)
    answer = replace(done.answer, timings_ms={"total": 12.3})
    whole = Done(replace(answer, commitments=(row,), completeness=Completeness(1, 1), withheld=2, stopped=True))
    events = [*STEPS[:-1], Table((row,), Completeness(1, 3)), Failed("x", "y"), whole]
    for event in events:
        if not isinstance(event, Wait | Exception):
            back = event_of(json.loads(json.dumps(event_json(event), ensure_ascii=False)))
            assert back == event
    assert event_of({"type": "of a later version"}) is None
