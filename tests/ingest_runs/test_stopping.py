"""A request to stop, wherever in the work it arrives."""

from __future__ import annotations

import gc
import signal
import subprocess
import sys
import time

import pytest

from ingest.cli import failures
from ingest.stopping import stoppable


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_the_command_with_its_signal(number: signal.Signals, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, failures():
        signal.raise_signal(number)
    assert ended.value.code == 128 + number
    assert "已停止" in capsys.readouterr().err


def test_the_handlers_of_before_are_back_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with stoppable():
        assert signal.getsignal(signal.SIGTERM) is not before[1]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


_CLOSING = """
import signal, sqlite3
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from ingest.cli import failures

class Closing(sqlite3.Connection):
    def close(self):
        super().close()
        signal.raise_signal(signal.SIGTERM)

with failures():
    creator = lambda: sqlite3.connect(":memory:", factory=Closing)
    create_engine("sqlite://", poolclass=NullPool, creator=creator).connect().close()
"""


def test_a_stop_while_a_connection_closes_is_no_error() -> None:
    # In a process of its own: pytest collects what is logged, so that the handler of last resort would have no work.
    ended = subprocess.run([sys.executable, "-c", _CLOSING], capture_output=True, text=True, timeout=300)
    assert ended.returncode == 128 + signal.SIGTERM
    assert ended.stderr.strip() == "已停止。已完成的部分都已保存，重新运行即可继续。"


def test_a_stop_that_a_finalizer_swallows_is_made_again(capsys: pytest.CaptureFixture[str]) -> None:
    class Finalized:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGTERM)

    went_on = False
    with pytest.raises(SystemExit) as ended, failures():
        Finalized()
        gc.collect()
        went_on = True
        time.sleep(300)  # is interrupted
    assert went_on
    assert ended.value.code == 128 + signal.SIGTERM
    assert "Traceback" not in capsys.readouterr().err
