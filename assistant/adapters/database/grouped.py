"""Small writes of many threads in one transaction.

Each commit waits for the disk, and SQLite lets whoever finds it busy sleep up to a tenth of a second before it looks
again. So fifty answers that end at once would be kept one after another, the last of them after more than half a
second. Whoever's turn it is writes for all that wait.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary, ref

from sqlalchemy import Connection, Engine

from assistant.adapters.database.engine import writing

_of: WeakKeyDictionary[Engine, GroupedWrites] = WeakKeyDictionary()
_making = threading.Lock()


def grouped(engine: Engine) -> GroupedWrites:
    """The one group of writes of a database: two would wait for each other as strangers do."""
    with _making:
        if engine not in _of:
            _of[engine] = GroupedWrites(engine)
        return _of[engine]


@dataclass(slots=True, eq=False)
class _Write:
    run: Callable[[Connection], None]
    done: bool = False
    error: Exception | None = None


class GroupedWrites:
    """Thread-safe. What is written together stands together; what fails, fails for whoever asked for it alone."""

    def __init__(self, engine: Engine) -> None:
        self._database = ref(engine)  # the group is kept as long as its engine, and must not keep it
        self._turn = threading.Lock()
        self._adding = threading.Lock()
        self._waiting: list[_Write] = []

    def do(self, run: Callable[[Connection], None]) -> None:
        """Have ``run`` write; it has been committed when this returns. Raises what ``run`` or the database raises.

        ``run`` may be called again on another connection after a transaction that came to nothing.
        """
        mine = _Write(run)
        with self._adding:
            self._waiting.append(mine)
        with self._turn:
            if not mine.done:
                with self._adding:
                    some, self._waiting = self._waiting, []
                self._commit(some)
        if mine.error is not None:
            raise mine.error

    def _commit(self, some: list[_Write]) -> None:
        engine = self._database()
        assert engine is not None
        try:
            with writing(engine) as connection:
                for write in some:
                    write.run(connection)
        except Exception as error:
            # One of them could not be written, which is nothing to the others: each by itself then.
            if len(some) > 1:
                for write in some:
                    self._commit([write])
                return
            some[0].error = error
        for write in some:
            write.done = True
