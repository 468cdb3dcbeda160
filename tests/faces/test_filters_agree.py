"""All filters together, over many ledgers: command line, interface and a reading of the entries count the same."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.dialogue import Deadline, Status
from assistant.domain.ledger.commitments import Entry, Happened, entries_of
from assistant.domain.ledger.selection import Selection
from assistant.faces.cli import main
from assistant.faces.web.app import create_app
from tests.cli.fake_service import FakeService
from tests.fakes.asker import FakeAsker
from tests.fakes.ledger import PLAN, MemoryLedger
from tests.fakes.local_client import local_client
from tests.fakes.shelf import Shelf, ShelfIndexes

DAY = date(2024, 12, 1)
UNITS = ("市水务局", "市财政局", "市林业局")
LIKE = entries_of(PLAN)[0]


@st.composite
def ledgers(draw: st.DrawFn) -> list[Entry]:
    made = []
    for n in range(draw(st.integers(0, 12))):
        due = draw(st.none() | st.integers(-400, 400).map(lambda d: (DAY + timedelta(days=d)).isoformat()))
        state = draw(st.sampled_from(("planned", "in_progress", "done", "unclear")))
        happened = (Happened("11月1日", "2024-11-01", inferred=False),) if draw(st.booleans()) else ()
        commitment = replace(
            LIKE.commitment,
            lead_units=tuple(draw(st.lists(st.sampled_from(UNITS), max_size=2, unique=True))),
            cooperating_units=tuple(draw(st.lists(st.sampled_from(UNITS), max_size=1))),
            role=draw(st.sampled_from(("牵头", "双牵头", "负责"))),
            deadline=Deadline("年底前", due, "fixed") if due else Deadline(),
            status=Status(state),
        )
        made.append(replace(LIKE, id=f"m{n}", start=n, commitment=commitment, due_on=due, events=happened))
    return made


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "lead": st.sampled_from(UNITS),
        "cooperating": st.sampled_from(UNITS),
        "unit": st.sampled_from(UNITS),
        "role": st.sampled_from(("牵头", "负责")),
        "status": st.sampled_from(("planned", "done", "unclear")),
        "deadline": st.sampled_from(("none", "fixed")),
        "overdue": st.just(value=True),
        "due_within": st.integers(0, 100),
        "due_from": st.just("2024-06-01"),
        "due_to": st.just("2025-03-01"),
        "done_undated": st.just(value=True),
    },
)


def expected(entry: Entry, f: dict[str, Any]) -> bool:
    """Each filter said again in plain words over the entry itself."""
    c, due = entry.commitment, entry.due
    done = c.status.state == "done"
    shown = any(e.date for e in entry.events)
    holds = {
        "lead": lambda unit: unit in c.lead_units,
        "cooperating": lambda unit: unit in c.cooperating_units,
        "unit": lambda unit: unit in (*c.lead_units, *c.cooperating_units),
        "role": lambda role: role in c.role,
        "status": lambda state: c.status.state == state,
        "deadline": lambda kind: c.deadline.kind == kind,
        "overdue": lambda _: due is not None and due < DAY and not done,
        "due_within": lambda days: due is not None and not done and DAY <= due <= DAY + timedelta(days=days),
        "due_from": lambda day: due is not None and due.isoformat() >= day,
        "due_to": lambda day: due is not None and due.isoformat() <= day,
        "done_undated": lambda _: done and not shown,
    }
    return all(holds[name](value) for name, value in f.items())


@dataclass
class Service(FakeService):
    ledger: MemoryLedger = field(default_factory=MemoryLedger)


def test_filters_give_one_count_by_every_way() -> None:
    ledger = MemoryLedger()
    with local_client(create_app(FakeAsker([]), ShelfIndexes(Shelf([PLAN])), ledger)) as client:

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        @given(entries=ledgers(), chosen=FILTERS)
        def agree(entries: list[Entry], chosen: dict[str, Any]) -> None:
            ledger.read = Selection.of(entries)
            wanted = {e.id for e in entries if expected(e, chosen)}
            options = [f"--as-of={DAY}"]
            for name, value in chosen.items():
                option = f"--{name.replace('_', '-')}"
                options.append(option if value is True else f"{option}={value}")
            said = CliRunner().invoke(main, ["ledger", "--json", *options], obj=lambda: Service(ledger=ledger))
            assert said.exit_code == 0, said.output
            told = json.loads(said.stdout)
            query = {name: "true" if value is True else str(value) for name, value in chosen.items()}
            answered = client.get("/api/ledger", params={**query, "as_of": str(DAY), "limit": 500}).json()
            assert {row["id"] for row in told["rows"]} == {row["id"] for row in answered["rows"]} == wanted
            assert told["total"] == answered["total"] == len(wanted)

        agree()
