"""Making a new generation and making it current. Only under the ingest lock."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock
from filelock import Timeout as LockTimeout
from sqlalchemy import Engine

from assistant.adapters.chroma import AT_ONCE
from assistant.adapters.chroma_server import ChromaServer
from assistant.adapters.database.intake import Intake
from assistant.adapters.database.library import batches
from assistant.adapters.database.locks import Key, alone_on
from assistant.adapters.generation.layout import (
    LEXICAL,
    PARTS,
    Layout,
    intact,
    lasting_files,
    number,
    read_manifest,
    sync,
    sync_tree,
    write_manifest,
)
from assistant.adapters.generation.parts import plan, write
from assistant.adapters.generation.verify import in_fresh_process
from assistant.adapters.lexical import LexicalWriter
from assistant.domain.holdings import INDEX_FORMAT, Holding, Manifest, Part, Reuse
from assistant.errors import Busy, IndexUnavailable, LibraryError


@contextmanager
def ingest_lock(data_dir: Path) -> Iterator[None]:
    """Be the only ingest on this data folder. Raises :class:`Busy` at once where another is at work, LibraryError where
    the folder cannot be written.

    The operating system drops the lock with the process, however it ends.
    """
    lock = FileLock(str(data_dir / "ingest.lock"), timeout=0)
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire()
    except LockTimeout as error:
        raise Busy("另一个入库任务正在运行。", "请等它结束后再试；问答服务不受影响。") from error
    except OSError as error:
        raise LibraryError(
            f"数据目录 {data_dir} 不能写入：{error.strerror}。", "请检查磁盘是否变为只读、是否已满，以及目录权限。"
        ) from error
    try:
        yield
    finally:
        lock.release()


def elsewhere(engine: Engine) -> AbstractContextManager[None]:
    """Be the only ingest on the database, on whatever machine. Raises :class:`Busy` as :func:`ingest_lock` does."""
    return alone_on(
        engine, Key.INGEST, Busy("另一台机器上的入库任务正在运行。", "请等它结束后再试；问答服务不受影响。")
    )


@dataclass(frozen=True, slots=True)
class Staged:
    """A generation that is whole and on the disk, but has no name yet. ``anew``: it took nothing over from another."""

    folder: Path
    manifest: Manifest
    anew: bool


class GenerationBuilder:
    """Builds, verifies, installs and clears away generations under ``data_dir/index``."""

    def __init__(self, data_dir: Path, library: Intake, server: ChromaServer | None = None) -> None:
        """``server``: where the vectors go; None for files beside the rest."""
        self._data_dir = data_dir
        self._library = library
        self._server = server
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
        if manifest.server != (self._server is not None and bool(manifest.parts)):
            return None  # its vectors are not where they are wanted now
        return manifest if recorded and intact(self._layout.folder(name), manifest) else None

    def clear_staging(self) -> None:
        """Remove what killed runs left behind."""
        self._drop(self._layout.staged_parts())
        self._layout.clear_staging()
        self._remove_parts()

    def build(
        self,
        model: str | None,
        holdings: Iterable[Holding],
        advance: Callable[[int], None] = lambda _: None,
        superseded: Iterable[Holding] = (),
        reuse: Reuse = Reuse.ALL,
    ) -> Staged:
        """Write a new generation aside; ``advance`` is told of how many more passages it has.

        ``superseded`` are documents that can be read in it but are not in its indexes. What the current generation has
        of the same passages is taken over as far as ``reuse`` lets it; what is written is then what has changed.

        Raises :class:`IndexUnavailable` where a vector is missing or an index cannot be written. Leaves nothing
        behind when it fails or is interrupted.
        """
        held = tuple(sorted(holdings))
        name = f"gen-{self._next_number()}"
        base = self._base(model) if reuse is not Reuse.NOTHING else None
        folder = self._layout.staging(name)
        try:
            folder.mkdir(parents=True)
            parts, dimension = self._write_vectors(folder, base, model, held, reuse, advance)
            dropped = self._write_words(folder, base if reuse is Reuse.ALL else None, held, advance, model is None)
            manifest = Manifest(
                name=name,
                created_at=datetime.now(UTC).isoformat(timespec="seconds"),
                model=model,
                dimension=dimension,
                chunks=self._library.chunk_count(held),
                holdings=held,
                files={f"{LEXICAL}/{path}": size for path, size in lasting_files(folder / LEXICAL).items()},
                superseded=tuple(sorted(superseded)),
                parts=parts,
                server=self._server is not None and bool(parts),
                dropped=dropped,
            )
            write_manifest(folder, manifest)
            sync_tree(folder)
        except BaseException:
            with suppress(IndexUnavailable):
                self._drop([path.name for path in (folder / PARTS).glob("*")])
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return Staged(folder, manifest, base is None)

    def verify(self, staged: Staged) -> None:
        """Open it in a fresh process and hold it against the library. Raises :class:`IndexUnavailable`."""
        in_fresh_process(self._data_dir, self._library.url, staged.folder, staged.manifest.name, self._server)

    def install(self, staged: Staged) -> None:
        """Give it its name, record it, make it current. Killed anywhere in between, the old one stays current."""
        name = staged.manifest.name
        parts = self._layout.root / PARTS
        parts.mkdir(exist_ok=True)
        if (written := staged.folder / PARTS).is_dir():
            for part in sorted(written.iterdir()):
                part.rename(parts / part.name)
            written.rmdir()
            sync(parts)
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
        self._remove_parts()

    def _remove_parts(self) -> None:
        """Remove parts that no generation names; on a server first, so that nothing is forgotten there."""
        self._drop(self._layout.unnamed_parts())
        self._layout.remove_parts()

    def _drop(self, parts: Sequence[str]) -> None:
        if self._server is not None:
            self._server.drop(parts)

    def _next_number(self) -> int:
        known = [*self._layout.names(), *self._library.generations(), self._layout.current() or ""]
        return max(map(number, known), default=0) + 1

    def _base(self, model: str | None) -> Manifest | None:
        """The current generation, where one of this model can begin with what it has."""
        current = self.current()
        return current if current and (current.format, current.model) == (INDEX_FORMAT, model) else None

    def _write_vectors(
        self,
        folder: Path,
        base: Manifest | None,
        model: str | None,
        holdings: tuple[Holding, ...],
        reuse: Reuse,
        advance: Callable[[int], None],
    ) -> tuple[tuple[Part, ...], int | None]:
        if model is None:
            return (), None
        before = self._layout.folder(base.name if base else "")
        clean = reuse is Reuse.CLEAN or self._server is not None  # a server is asked for all that a part has
        planned = plan(before, base, self._library, holdings, clean=clean)
        written, dimension = write(folder, self._library, model, planned.written, advance, self._server)
        kept = base.dimension if base and planned.kept else None
        if kept and dimension and kept != dimension:
            raise IndexUnavailable(f"资料库中的向量维数不一（{kept}、{dimension}）。", "请运行 ingest rebuild。")
        advance(self._library.chunk_count(holdings) - self._library.chunk_count(planned.written))
        return (*planned.kept, *written), dimension or kept

    def _write_words(
        self,
        folder: Path,
        base: Manifest | None,
        holdings: tuple[Holding, ...],
        advance: Callable[[int], None],
        counts: bool,
    ) -> int:
        """The word index: that of ``base`` without what is gone and with what is new; how many chunks it dropped.

        ``counts``: these passages are the ones that ``advance`` is told of.
        """
        now, before = {h.edition for h in holdings}, {h.edition for h in base.holdings} if base else set()
        gone = [h for h in base.holdings if h.edition not in now] if base else []
        dropped = (base.dropped if base else 0) + self._library.chunk_count(gone)
        if base is None or dropped > self._library.chunk_count(holdings):  # half of it would be of no use
            base, before, gone, dropped = None, set(), [], 0
        path = self._layout.folder(base.name) / LEXICAL if base else None
        try:
            words = LexicalWriter(folder / LEXICAL, path)
        except (ValueError, OSError) as error:
            raise IndexUnavailable(f"词索引无法写入：{error}。", "请检查磁盘空间与目录权限后重试。") from error
        try:
            words.drop(h.document_id for h in gone)
            new = [h for h in holdings if h.edition not in before]
            for passages in batches(self._library.passages(new, None), AT_ONCE):
                words.add(p.chunk for p in passages)
                if counts:
                    advance(len(passages))
        finally:
            words.close()
        return dropped
