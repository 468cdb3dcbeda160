"""The ledger is read at ingest: whoever asks first finds it kept."""

from __future__ import annotations

import pytest

from assistant.adapters.database.commitments import CommitmentStore
from ingest.wiring import ingest_on
from tests.fakes.stages import Silent
from tests.ingest_runs.conftest import Desk


@pytest.mark.usefixtures("quick")
def test_a_run_reads_the_commitments_of_what_is_new(desk: Desk) -> None:
    desk.write("a.txt", "河道整治方案", "由市水务局牵头清淤，2024年6月底前完成。")
    desk.run()
    with desk.library() as library:
        store = CommitmentStore(library._engine)
        assert store.lacking(library.wanted()) == []
        assert [e.commitment.lead_units for e in store.entries(library.wanted())] == [("市水务局",)]
    desk.write("b.txt", "绿化方案", "由市林业局牵头植树。")
    progress = Silent()
    with ingest_on(desk.data_dir, desk.embedder, desk.stages, progress) as ingest:
        outcome = ingest.run([desk.corpus])
    assert ("ledger", 1) in progress.begun
    assert "ledger" in outcome.seconds
