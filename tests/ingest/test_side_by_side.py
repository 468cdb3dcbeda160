"""Pieces of work on the cores that are idle: as many at once as there are cores, results in their order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.cores import Cores
from ingest.formats import allowance
from ingest.formats.side_by_side import Later, in_order


@pytest.fixture
def lent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cores:
    """Two cores, of which the file itself has one."""
    cores = Cores(tmp_path, 2)
    monkeypatch.setattr(allowance, "_lenders", [cores.take])
    cores.take()
    return cores


def test_pieces_run_beside_each_other_and_results_keep_their_order(lent: Cores) -> None:
    met = threading.Barrier(2, timeout=10)

    def meet(name: str) -> Callable[[], str]:
        return lambda: f"{name}{met.wait() * 0}"

    # None of a pair ends unless the other runs at the same time.
    assert list(in_order([Later(meet("a")), "ready", Later(meet("b")), Later(meet("c")), Later(meet("d"))])) == [
        "a0", "ready", "b0", "c0", "d0",
    ]  # fmt: skip
    give_back = lent.take()
    assert give_back is not None, "the borrowed core is back"


def test_without_an_idle_core_one_piece_runs_at_a_time_and_nothing_is_made_ready_ahead(lent: Cores) -> None:
    lent.take()
    running, most, made = 0, 0, []
    lock = threading.Lock()

    def work() -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        with lock:
            running -= 1
        return len(made)

    def pieces() -> Iterator[Later[int]]:
        for number in range(5):
            made.append(number)
            yield Later(work)

    ahead = list(in_order(pieces()))
    assert most == 1
    assert all(count <= position + 2 for position, count in enumerate(ahead))


def test_what_a_piece_raises_comes_out_and_cores_are_given_back(lent: Cores) -> None:
    def fail() -> int:
        raise MemoryError

    with pytest.raises(MemoryError):
        list(in_order([Later(lambda: 1), Later(fail), Later(lambda: 3)]))
    assert lent.take() is not None


def test_a_core_is_idle_again_when_its_holder_lets_go(tmp_path: Path) -> None:
    cores = Cores(tmp_path, 1)
    give_back = cores.take()
    assert give_back is not None
    assert Cores(tmp_path, 1).take() is None
    give_back()
    assert cores.take() is not None
