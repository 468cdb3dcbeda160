"""Parts: where the vectors of a generation are. Written once, verified, and shared by the generations that need them.

``data_dir/index/parts/part-X/`` holds ``chroma/``, the vector store that they were put into, and the matrix that they
are searched in. A generation names its parts and counts those of their editions that it holds; so a new one needs a
new part only for what is new. Small parts are put together as they come, the way of a log-structured merge: what a
publication writes stays in proportion to what has changed, and the number of parts to that of the large ones.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from assistant.adapters.chroma import AT_ONCE, ChromaWriter
from assistant.adapters.chroma_server import ChromaServer
from assistant.adapters.database.library import Library, batches
from assistant.adapters.generation.layout import CHROMA, PARTS, lasting_files, part_folder
from assistant.adapters.generation.matrix import Matrix, MatrixWriter, Run, read_runs, write_runs
from assistant.adapters.generation.on_server import write_there
from assistant.domain.holdings import Holding, Manifest, Part, Passage
from assistant.errors import IndexUnavailable

LARGEST = 25_000
"""Passages in one part: what has to be written again at once where most of it is gone. A document is never divided."""
_MERGED = 4_000  # passages up to which parts are put together: a few seconds' work
_LIVE = 0.5  # share of a part that must still be held; with less, what is held goes into a new part


@dataclass(frozen=True, slots=True)
class Plan:
    """Which parts of the current generation a new one takes over, and the editions that need new ones."""

    kept: tuple[Part, ...]
    written: tuple[Holding, ...]


def plan(
    folder: Path, current: Manifest | None, library: Library, holdings: Sequence[Holding], *, clean: bool = False
) -> Plan:
    """What of ``current``, whose folder is ``folder``, can stay for these holdings.

    ``clean``: nothing may stay that is no longer held. A part that cannot be read does not stay.
    """
    wanted = {h.edition: h for h in holdings}
    kept: dict[str, list[str]] = {}  # by part: its editions that are wanted
    live: dict[str, int] = {}  # and their chunks
    for part in current.parts if current else ():
        try:
            place = part_folder(folder, part.name)
            elsewhere = current is not None and current.server
            runs = read_runs(place) if elsewhere else Matrix(place, (current and current.dimension) or 0).runs
        except (IndexUnavailable, OSError, ValueError, TypeError):
            continue
        held = [run for run in runs if run.edition in wanted]
        count = sum(run.end - run.start for run in held)
        if count == part.chunks or (not clean and count >= _LIVE * part.chunks):
            kept[part.name], live[part.name] = [run.edition for run in held], count
    there = set(chain.from_iterable(kept.values()))
    new = [h for h in holdings if h.edition not in there]
    # Small parts join the new one, the smallest first, while each is no more than twice what has come together.
    together = library.chunk_count(new)
    for name in sorted(kept, key=lambda n: live[n]) if together else ():
        if live[name] > 2 * together or together + live[name] > _MERGED:
            break
        together += live[name]
        new += [wanted[edition] for edition in kept.pop(name)]
    staying = tuple(part for part in (current.parts if current else ()) if part.name in kept)
    return Plan(staying, tuple(sorted(new)))


def write(
    folder: Path,
    library: Library,
    model: str,
    holdings: Iterable[Holding],
    advance: Callable[[int], None],
    server: ChromaServer | None = None,
) -> tuple[list[Part], int | None]:
    """New parts below ``folder`` with all vectors of these editions; the parts, and the vectors' dimension.

    With ``server`` the vectors go there, and what is written below ``folder`` is whose they are.

    Raises :class:`IndexUnavailable` where a vector is missing.
    """
    written: list[Part] = []
    dimension: int | None = None
    for some in _portions(library, holdings):
        name = f"part-{os.urandom(6).hex()}"
        part = folder / PARTS / name
        if server is not None:
            part.mkdir(parents=True)
            runs = _runs(some, library.chunk_counts(some))
            write_runs(part, runs)
            dimension = write_there(server, name, library, model, some, advance, runs[-1].end)
            written.append(Part(name, runs[-1].end, lasting_files(part)))
            continue
        matrix = MatrixWriter(part)
        total = library.chunk_count(some)
        store = ChromaWriter(part / CHROMA, total, searched=False)
        try:
            waiting: list[Passage] = []
            for holding in some:
                passages = list(library.passages([holding], model))
                dimension = _dimension(passages, dimension)
                matrix.add(holding.edition, holding.document_id, passages)
                waiting += passages
                while len(waiting) >= AT_ONCE:
                    store.add(waiting[:AT_ONCE])
                    del waiting[:AT_ONCE]
                advance(len(passages))
            if waiting:
                store.add(waiting)
        finally:
            store.close()
            matrix.close()
        written.append(Part(name, total, lasting_files(part)))
    return written, dimension


def _runs(holdings: Sequence[Holding], counts: Mapping[str, int]) -> list[Run]:
    runs: list[Run] = []
    for holding in holdings:
        start = runs[-1].end if runs else 0
        runs.append(Run(holding.edition, holding.document_id, start, start + counts[holding.edition]))
    return runs


def _portions(library: Library, holdings: Iterable[Holding]) -> Iterable[list[Holding]]:
    portion: list[Holding] = []
    size = 0
    for some in batches(holdings):
        counts = library.chunk_counts(some)
        for holding in some:
            count = counts.get(holding.edition, 0)
            if not count:
                continue
            if portion and size + count > LARGEST:
                yield portion
                portion, size = [], 0
            portion.append(holding)
            size += count
    if portion:
        yield portion


def _dimension(passages: Iterable[Passage], known: int | None) -> int | None:
    for passage in passages:
        size = len(passage.vector) // 4 if passage.vector else 0
        if size == 0 or (known is not None and size != known):
            raise IndexUnavailable(f"资料库中 {passage.chunk.id} 的向量缺失或维数不符。", "请运行 ingest rebuild。")
        known = size
    return known
