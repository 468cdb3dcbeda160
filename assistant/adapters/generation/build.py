"""Making a new generation and making it current. Only under the ingest lock."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock
from filelock import Timeout as LockTimeout

from assistant.adapters.chroma import AT_ONCE, ChromaWriter
from assistant.adapters.database.intake import Intake
from assistant.adapters.database.library import batches
from assistant.adapters.generation.layout import (
    CHROMA,
    LEXICAL,
    Layout,
    intact,
    lasting_files,
    number,
    read_manifest,
    sync,
    sync_tree,
    write_manifest,
)
from assistant.adapters.generation.verify import in_fresh_process
from assistant.adapters.lexical import LexicalWriter
from assistant.domain.holdings import Holding, Manifest, Passage
from assistant.errors import Busy, IndexUnavailable


@contextmanager
def ingest_lock(data_dir: Path) -> Iterator[None]:
    """Be the only ingest on this data folder. Raises :class:`Busy` at once where another is at work.

    The operating system drops the lock with the process, however it ends.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(str(data_dir / "ingest.lock"), timeout=0)
    try:
        lock.acquire()
    except LockTimeout as error:
        raise Busy("另一个入库任务正在运行。", "请等它结束后再试；问答服务不受影响。") from error
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True, slots=True)
class Staged:
    """A generation that is whole and on the disk, but has no name yet."""

    folder: Path
    manifest: Manifest


class GenerationBuilder:
    """Builds, verifies, installs and clears away generations under ``data_dir/index``."""

    def __init__(self, data_dir: Path, library: Intake) -> None:
        self._data_dir = data_dir
        self._library = library
        self._layout = Layout(data_dir / "index")

    def current(self) -> Manifest | None:
        """The manifest of the current generation, None where there is none or a glance shows that it is damaged."""
        if (name := self._layout.current()) is None:
            return None
        try:
            manifest = read_manifest(self._layout.folder(name))
        except IndexUnavailable:
            return None
        recorded = self._library.manifest_hash(name) == manifest.digest
        return manifest if recorded and intact(self._layout.folder(name), manifest) else None

    def clear_staging(self) -> None:
        """Remove what killed runs left behind."""
        self._layout.clear_staging()

    def build(
        self,
        model: str | None,
        holdings: Iterable[Holding],
        advance: Callable[[int], None] = lambda _: None,
        superseded: Iterable[Holding] = (),
    ) -> Staged:
        """Write a new generation aside; ``advance`` is told how many passages were written.

        ``superseded`` are documents that can be read in it but are not in its indexes.

        Raises :class:`IndexUnavailable` where a vector is missing or an index cannot be written. Leaves nothing
        behind when it fails or is interrupted.
        """
        held = tuple(sorted(holdings))
        name = f"gen-{self._next_number()}"
        folder = self._layout.new_staging(name)
        try:
            total = self._library.chunk_count(held)
            dimension = self._write(folder, model, held, total, advance)
            manifest = Manifest(
                name=name,
                created_at=datetime.now(UTC).isoformat(timespec="seconds"),
                model=model,
                dimension=dimension,
                chunks=total,
                holdings=held,
                files=lasting_files(folder),
                superseded=tuple(sorted(superseded)),
            )
            write_manifest(folder, manifest)
            sync_tree(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return Staged(folder, manifest)

    def verify(self, staged: Staged) -> None:
        """Open it in a fresh process and hold it against the library. Raises :class:`IndexUnavailable`."""
        in_fresh_process(self._data_dir, staged.folder, staged.manifest.name)

    def install(self, staged: Staged) -> None:
        """Give it its name, record it, make it current. Killed anywhere in between, the old one stays current."""
        name = staged.manifest.name
        staged.folder.rename(self._layout.folder(name))
        sync(self._layout.root)
        self._library.record(staged.manifest)
        self._layout.switch(name)

    def sweep(self, keep_previous: bool = True) -> None:
        """Remove all generations but the current one and, if wanted, the newest recorded one before it.

        What a process has open stays, to be removed by a later sweep.
        """
        current = self._layout.current()
        recorded = self._library.generations()
        present = self._layout.names()
        keep = {current}
        if keep_previous:
            earlier = (n for n in present if n in recorded and current and number(n) < number(current))
            keep.add(next(earlier, None))
        gone = {name for name in present if name not in keep and self._layout.remove(name)}
        self._library.forget(name for name in recorded if name in gone or name not in present)

    def _next_number(self) -> int:
        known = [*self._layout.names(), *self._library.generations(), self._layout.current() or ""]
        return max(map(number, known), default=0) + 1

    def _write(
        self,
        folder: Path,
        model: str | None,
        holdings: tuple[Holding, ...],
        total: int,
        advance: Callable[[int], None],
    ) -> int | None:
        dimension: int | None = None
        words = LexicalWriter(folder / LEXICAL)
        vectors = ChromaWriter(folder / CHROMA, total) if model is not None else None
        try:
            for passages in batches(self._library.passages(holdings, model), AT_ONCE):
                words.add(p.chunk for p in passages)
                if vectors is not None:
                    dimension = _dimension(passages, dimension)
                    vectors.add(passages)
                advance(len(passages))
        finally:
            if vectors is not None:
                vectors.close()
            words.close()
        return dimension


def _dimension(passages: Iterable[Passage], known: int | None) -> int | None:
    for passage in passages:
        size = len(passage.vector) // 4 if passage.vector else 0
        if size == 0 or (known is not None and size != known):
            raise IndexUnavailable(f"资料库中 {passage.chunk.id} 的向量缺失或维数不符。", "请运行 ingest rebuild。")
        known = size
    return known
