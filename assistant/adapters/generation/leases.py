"""Which generation a question is answered from."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.adapters.chroma_server import ChromaServer
from assistant.adapters.database.library import Library
from assistant.adapters.generation.layout import Layout, number, read_manifest
from assistant.adapters.generation.opened import OpenGeneration
from assistant.errors import AssistantError, IndexUnavailable
from assistant.ports import Index

_log = logging.getLogger(__name__)
_RETRY_SECONDS = 30.0  # how long a fallback serves before the current generation is tried again


@dataclass(slots=True)
class _Held:
    opened: OpenGeneration
    asked: str  # what CURRENT said when it was opened; another name than its own for a fallback
    since: float
    leases: int = 0

    def serves(self, current: str) -> bool:
        """Whether it still is the right one to answer from while CURRENT says ``current``."""
        if self.asked != current:
            return False
        return self.opened.name == current or time.monotonic() - self.since < _RETRY_SECONDS


class Generations:
    """:class:`assistant.ports.Indexes` over ``data_dir/index``; thread-safe.

    CURRENT is read at each lease (some 10 µs). When it has changed, the first to notice has the new generation opened
    while the others go on with the old one, which is closed when its last lease ends. So does the first after
    ``patience`` seconds (None: as long as it takes), so that a large generation makes nobody wait. A generation that
    cannot be opened is passed over for the one before it, with a warning in the log.
    """

    def __init__(
        self, data_dir: Path, library: Library, patience: float | None = None, server: ChromaServer | None = None
    ) -> None:
        self._layout = Layout(data_dir / "index")
        self._library = library
        self._patience = patience
        self._server = server
        self._state = threading.Lock()  # guards what follows; never held while files are opened or closed
        self._opening = threading.Lock()
        self._held: _Held | None = None
        self._closed = False

    @contextmanager
    def lease(self) -> Iterator[Index]:
        """The current generation, open until the block ends. Raises :class:`IndexUnavailable` where there is none."""
        held = self._take()
        try:
            yield held.opened
        finally:
            self._give_back(held)

    def wanted(self) -> str | None:
        """What CURRENT says: the name of the generation that should be served."""
        return self._layout.current()

    def ask_server(self) -> None:
        """Whether the vector server answers, where there is one. Raises :class:`VectorsUnreachable`."""
        if self._server is not None:
            self._server.beat()

    def close(self) -> None:
        """Close what is open, at once or when its last lease ends; no lease is given any more."""
        with self._state:
            self._closed = True
            held, self._held = self._held, None
            idle = held is not None and held.leases == 0
        if held and idle:
            held.opened.close()

    def _take(self) -> _Held:
        if (held := self._leased(self._layout.current())) is not None:
            return held
        if self._opening.acquire(blocking=False):
            if self._held is not None:
                opener = threading.Thread(target=self._take_up, name="open-generation", daemon=True)
                opener.start()
                opener.join(self._patience)
                if (held := self._leased(None)) is not None:
                    return held
                self._opening.acquire()
        else:
            if (held := self._leased(None)) is not None:  # another thread opens the new one; the old one is whole
                return held
            self._opening.acquire()
        try:
            current = self._layout.current()
            return self._leased(current) or self._replace(current)
        finally:
            self._opening.release()

    def _take_up(self) -> None:
        """Open the current generation for the leases to come. Begins under ``_opening`` and ends it."""
        try:
            current = self._layout.current()
            self._give_back(self._leased(current) or self._replace(current))
        except AssistantError as error:
            _log.warning("cannot take up a new generation: %s", error)
        finally:
            self._opening.release()

    def _leased(self, current: str | None) -> _Held | None:
        """A lease on what is open where it serves ``current`` (None: whatever it is)."""
        with self._state:
            if self._closed:
                raise IndexUnavailable("服务正在停止。", "请稍后重试。")
            held = self._held
            if held is None or (current is not None and not held.serves(current)):
                return None
            held.leases += 1
            return held

    def _replace(self, current: str | None) -> _Held:
        """Open what is to be served while CURRENT says ``current``, and lease it. Only under ``_opening``."""
        old = self._held
        opened = self._best(current, old.opened if old else None)
        with self._state:
            if old is not None and opened is old.opened:
                new = old
                new.asked, new.since = current or opened.name, time.monotonic()
            else:
                new = _Held(opened, current or opened.name, time.monotonic())
            new.leases += 1
            closed = self._closed
            if not closed:
                self._held = new
            idle = old is not None and old is not new and old.leases == 0
        if old is not None and idle:
            old.opened.close()
        if closed:
            self._give_back(new)
            raise IndexUnavailable("服务正在停止。", "请稍后重试。")
        return new

    def _best(self, current: str | None, open_now: OpenGeneration | None) -> OpenGeneration:
        """The current generation, or else the newest before it that can be opened, or else what is open."""
        if current is None:
            if open_now is not None:
                return open_now
            raise IndexUnavailable("还没有可用的索引。", "请先运行 ingest run 导入文件。")
        failure: IndexUnavailable | None = None
        older = [name for name in self._layout.names() if number(name) < number(current)]
        for name in [current, *older]:
            if open_now is not None and open_now.name == name:
                return open_now
            try:
                opened = self._open(name)
            except IndexUnavailable as error:
                failure = failure or error
                _log.warning("cannot open %s, trying the one before it: %s", name, error)
                if (now := self._layout.current()) not in (None, current):
                    return self._best(now, open_now)  # it went away because a newer one has come
            else:
                return opened
        if open_now is not None:
            return open_now
        raise failure or IndexUnavailable("还没有可用的索引。", "请先运行 ingest run 导入文件。")

    def _open(self, name: str) -> OpenGeneration:
        folder = self._layout.folder(name)
        if self._library.manifest_hash(name) != read_manifest(folder).digest:
            raise IndexUnavailable(f"索引 {name} 与资料库的记录不符。", "请运行 ingest run 重建索引。")
        opened = OpenGeneration(folder, self._library, server=self._server)
        opened.know_documents(self._held.opened if self._held else None)
        return opened

    def _give_back(self, held: _Held) -> None:
        with self._state:
            held.leases -= 1
            idle = held.leases == 0 and held is not self._held
        if idle:
            held.opened.close()
