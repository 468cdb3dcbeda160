"""The summary of a run: every stage that is timed has a name."""

from __future__ import annotations

import pytest

from ingest.report import STAGES
from tests.ingest_runs.conftest import Desk


@pytest.mark.usefixtures("quick")
def test_every_stage_that_is_timed_has_a_name(desk: Desk) -> None:
    desk.write("a.txt", "河道整治方案", "由市水务局牵头清淤。")
    assert set(desk.run().seconds) <= set(STAGES)
