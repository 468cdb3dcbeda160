"""Who works on a data folder: services share it, and whoever replaces what is in it must be alone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine

from assistant.adapters.database.locks import Key, share
from assistant.errors import Busy

_FILE = "service.lock"
_RESTORING = Busy("正在恢复备份。", "请等恢复结束后再启动。")
SERVING = Busy("问答服务正在使用这个资料库。", "请先停止服务（systemctl stop policy-assistant），再恢复。")


class InUse:
    """Shared hold on a data folder for as long as a service is open. The system drops it with the process."""

    def __init__(self, data_dir: Path, engine: Engine) -> None:
        """Raises :class:`Busy` while the content of the folder, or of a database server, is being replaced."""
        self._held = -1
        self._shared: Connection | None = None
        try:
            self._held = os.open(data_dir / _FILE, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.release()
            raise _RESTORING from error
        except OSError:  # a read-only disk, or one without locks: nobody can replace anything there either
            self.release()
        try:
            self._shared = share(engine, Key.SERVICE, _RESTORING)
        except Busy:
            self.release()
            raise

    def release(self) -> None:
        """Give it back; twice does no harm. To be done before the engine is disposed of."""
        shared, self._shared = self._shared, None
        if shared is not None:
            shared.close()
        held, self._held = self._held, -1
        if held >= 0:
            os.close(held)


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Be the only one on a data folder. Raises :class:`Busy` at once where a service is open on it."""
    held = os.open(data_dir / _FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with suppress(BlockingIOError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
            return
        raise SERVING
    finally:
        os.close(held)
