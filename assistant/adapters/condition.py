"""Looking at what the service stands on: disk, database file, index, clock. Cheap, but for ``examine``."""

from __future__ import annotations

import errno
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, select

from assistant.adapters.database import schema as s
from assistant.adapters.database.engine import reading
from assistant.adapters.database.failures import primary
from assistant.adapters.database.purging import newest_record
from assistant.adapters.database.snapshot import damage
from assistant.adapters.generation.leases import Generations
from assistant.domain.conditions import Part, Trouble
from assistant.errors import AssistantError, LibraryDamaged, LibraryError, VectorsUnreachable

_LOW = 500 << 20  # bytes free below which a publication or a backup may fail
_PROBE = 64 << 10  # bytes that a full disk does not take
_DRIFT = 300.0  # seconds between the wall clock and the one that nobody sets
_AHEAD = timedelta(hours=1)  # how far in the future a record may lie before the clock is doubted
_KEPT = 5.0  # seconds for which a look is good: probes come every few seconds, from several sides
_CORRUPT, _NOT_A_DATABASE = 11, 26  # SQLite's result codes


class LocalCondition:
    """:class:`assistant.ports.Condition`; thread-safe."""

    def __init__(
        self,
        engine: Engine,
        data_dir: Path,
        generations: Generations,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] | None = None,
    ) -> None:
        self._engine = engine
        self._data_dir = data_dir
        self._generations = generations
        self._wall = wall
        self._steady = steady or _since_boot
        self._started = self._wall() - self._steady()
        self._damage = ""
        self._lock = threading.Lock()
        self._looked: tuple[float, tuple[Trouble, ...]] | None = None
        event.listen(engine, "handle_error", self._note_damage)

    def troubles(self) -> tuple[Trouble, ...]:
        """See :class:`assistant.ports.Condition`."""
        with self._lock:
            if self._looked is None or self._steady() - self._looked[0] > _KEPT:
                self._looked = (self._steady(), tuple(self._found()))
            return self._looked[1]

    def examine(self) -> None:
        """Read every page of the database file: some seconds a gigabyte. What is found shows in :meth:`troubles`."""
        if self._engine.dialect.name == "sqlite" and self._engine.url.database:
            self._damage = next(iter(damage(Path(self._engine.url.database))), "")
        with self._lock:
            self._looked = None

    def _found(self) -> Iterator[Trouble]:
        yield from self._disk()
        yield from self._library()
        yield from self._index()
        yield from self._clock()

    def _disk(self) -> Iterator[Trouble]:
        lost = "仍可提问，但会话、复核、操作记录存不下来，也不能导入"
        try:
            with tempfile.TemporaryFile(dir=self._data_dir) as file:
                file.write(b"\0" * _PROBE)
            free = shutil.disk_usage(self._data_dir).free
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                yield Trouble(Part.DISK, "disk_full", f"磁盘已满：{lost}", "请腾出磁盘空间；不必重启。")
            else:
                advice = "请检查磁盘是否变为只读、目录权限是否改过。"
                yield Trouble(Part.DISK, "read_only", f"数据目录不能写入：{lost}", advice)
            return
        if free < _LOW:
            advice = "请腾出空间：发布新索引和备份时需要的空间与现有数据相当。"
            yield Trouble(Part.DISK, "disk_low", f"磁盘只剩 {free >> 20} MB", advice)

    def _library(self) -> Iterator[Trouble]:
        try:
            with reading(self._engine) as connection:
                connection.execute(select(s.marks.c.name).limit(1)).all()
        except LibraryDamaged as error:
            self._damage = self._damage or str(error)
        except LibraryError as error:
            yield Trouble(Part.LIBRARY, error.code, "资料库读不出来", error.advice, fatal=True)
            return
        if self._damage:
            advice = "请停止服务，用 assistant restore 恢复最近的备份，见 docs/operations.md。"
            yield Trouble(Part.LIBRARY, "library_damaged", "资料库文件有损坏：部分问题会答不出来", advice)

    def _index(self) -> Iterator[Trouble]:
        try:
            self._generations.ask_server()
        except VectorsUnreachable as error:
            message = "向量服务器没有应答：已打开的索引只按词语检索"
            yield Trouble(Part.INDEX, error.code, message, error.advice)
        try:
            with self._generations.lease() as index:
                wanted = self._generations.wanted()
                if wanted not in (None, index.name):
                    advice = "请运行 ingest verify 查看原因，ingest rebuild 重建索引。"
                    message = f"当前索引 {wanted} 打不开，暂用上一代 {index.name}"
                    yield Trouble(Part.INDEX, "index_fallback", message, advice)
        except AssistantError:
            return  # nothing is published, or nothing opens: whoever asks is told so

    def _clock(self) -> Iterator[Trouble]:
        drift = self._wall() - self._steady() - self._started
        if abs(drift) > _DRIFT:
            way = "调快" if drift > 0 else "调慢"
            advice = "请核对系统时间（timedatectl）；时间正确后重启服务，此提示即消失。"
            yield Trouble(Part.CLOCK, "clock_moved", f"服务启动以来系统时间被{way}了 {_span(abs(drift))}", advice)
            return
        try:
            newest = newest_record(self._engine)
        except LibraryError:
            return
        if newest is not None and newest > datetime.fromtimestamp(self._wall(), UTC) + _AHEAD:
            advice = "请核对系统时间（timedatectl）；若时间正确，则是以前时间走快时留下的记录，不影响使用。"
            yield Trouble(Part.CLOCK, "clock_behind", "系统时间早于资料库中最近的记录", advice)

    def _note_damage(self, context: Any) -> None:
        if primary(context.original_exception) in (_CORRUPT, _NOT_A_DATABASE):
            self._damage = str(context.original_exception)


def _since_boot() -> float:
    """Seconds that go on while the machine sleeps and that nobody can set."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def _span(seconds: float) -> str:
    if seconds < 7200:
        return f"{seconds / 60:.0f} 分钟"
    return f"{seconds / 3600:.0f} 小时" if seconds < 172_800 else f"{seconds / 86_400:.0f} 天"
