"""Vectors as memory-mapped matrices, for exact search: no graph, nothing missed, nothing to load.

A matrix is ``vectors.f32`` (rows of unit length, float32 as the machine has it), ``chunks.ids`` (64 bytes a row) and
``editions.json`` (whose rows they are, in runs). It is written once; readers map it, so that all processes and all
generations that have it share its pages: 155 MB in 100,000 passages of 384 dimensions, 8 MB besides.

Why not the graph of the vector store (``docs/scale.md`` has the measurements): a product with 100,000 rows takes less
than a search in a graph that finds as much, a filter makes it cheaper instead of ten times dearer, and a document that
comes or goes costs its own rows instead of a new graph.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from assistant.domain.holdings import Passage
from assistant.errors import IndexUnavailable
from assistant.ports import Hit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_VECTORS, _IDS, _EDITIONS = "vectors.f32", "chunks.ids", "editions.json"
_ID_BYTES = 64  # as long as a chunk's id may be in the library
_BLOCK = 40  # rows that are multiplied in the time that beginning with another block of them takes: 2 µs


@dataclass(frozen=True, slots=True)
class Run:
    """The rows ``start`` to ``end`` (exclusive) hold the chunks of one edition, in text order."""

    edition: str
    document_id: str
    start: int
    end: int


class MatrixWriter:
    """Writes a new matrix into a folder; it is whole after :meth:`close`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._vectors: BinaryIO = (folder / _VECTORS).open("wb")
        self._ids: BinaryIO = (folder / _IDS).open("wb")
        self._runs: list[Run] = []
        self._rows = 0

    def add(self, edition: str, document_id: str, passages: Sequence[Passage]) -> None:
        """Add all passages of an edition, in text order; each must have its vector."""
        import numpy as np

        if not passages:
            return
        rows = np.stack([np.frombuffer(p.vector or b"", "<f4") for p in passages])
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        self._vectors.write(rows.astype("<f4").tobytes())
        self._ids.write(np.array([p.chunk.id.encode() for p in passages], f"S{_ID_BYTES}").tobytes())
        self._runs.append(Run(edition, document_id, self._rows, self._rows + len(passages)))
        self._rows += len(passages)

    def close(self) -> None:
        """Write everything out."""
        self._vectors.close()
        self._ids.close()
        write_runs(self._folder, self._runs)


class Matrix:
    """A finished matrix. Raises :class:`IndexUnavailable` where its files are missing or do not fit together."""

    def __init__(self, folder: Path, dimension: int) -> None:
        import numpy as np

        try:
            self.runs = read_runs(folder)
            self.count = self.runs[-1].end if self.runs else 0
            sizes = ((folder / _VECTORS).stat().st_size, (folder / _IDS).stat().st_size)
            if sizes != (4 * dimension * self.count, _ID_BYTES * self.count):
                raise ValueError("sizes differ from the count of rows")
            self.rows: NDArray[np.float32] = _mapped(folder / _VECTORS, np.float32).reshape(self.count, dimension)
            self._ids: NDArray[np.bytes_] = _mapped(folder / _IDS, np.dtype(f"S{_ID_BYTES}"))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise IndexUnavailable(
                f"索引 {folder.name} 的向量文件缺失或损坏（{error}）。", "请运行 ingest run 重建索引。"
            ) from error

    def chunk_id(self, row: int) -> str:
        """The id of the chunk whose vector a row is."""
        return bytes(self._ids[row]).decode()

    def chunk_ids(self, run: Run) -> list[str]:
        """The ids of an edition's chunks, in text order."""
        return [bytes(i).decode() for i in self._ids[run.start : run.end]]


def write_runs(folder: Path, runs: Sequence[Run]) -> None:
    """Note whose rows a part has, in their order."""
    told = [[run.edition, run.document_id, run.end - run.start] for run in runs]
    (folder / _EDITIONS).write_text(json.dumps(told), "utf-8")


def read_runs(folder: Path) -> list[Run]:
    """What :func:`write_runs` has noted. Raises OSError, ValueError or TypeError where it cannot be read."""
    runs: list[Run] = []
    start = 0
    for edition, document_id, count in json.loads((folder / _EDITIONS).read_text("utf-8")):
        runs.append(Run(str(edition), str(document_id), start, start + int(count)))
        start += int(count)
    return runs


def _mapped(path: Path, kind: Any) -> Any:
    """A file as an array whose pages are read when they are needed and shared by all who map it."""
    import numpy as np

    if path.stat().st_size == 0:
        return np.empty(0, kind)
    with path.open("rb") as file:
        return np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), kind)


class ExactIndex:
    """Exact search over several matrices as over one, of those editions alone that are held; thread-safe."""

    def __init__(self, matrices: Sequence[Matrix], held: Mapping[str, str]) -> None:
        """``held``: document id by edition. Of an edition that is in two matrices the later one counts."""
        import numpy as np

        self._matrices = matrices
        self._starts = np.cumsum([0, *(m.count for m in matrices)])
        self._document_of: NDArray[np.int32] = np.full(int(self._starts[-1]), -1, np.int32)  # -1: not held
        places: dict[str, tuple[int, Run]] = {}
        for n, matrix in enumerate(matrices):
            places |= {run.edition: (int(self._starts[n]), run) for run in matrix.runs if run.edition in held}
        # In the order of their rows, so that documents beside each other are multiplied as one block.
        ordered = sorted(places.values(), key=lambda place: place[0] + place[1].start)
        self._documents = [run.document_id for _, run in ordered]
        self._ordinal = {document_id: n for n, document_id in enumerate(self._documents)}
        self._first: NDArray[np.int64] = np.array([start + run.start for start, run in ordered], np.int64)
        self._end: NDArray[np.int64] = np.array([start + run.end for start, run in ordered], np.int64)
        for ordinal, (first, end) in enumerate(zip(self._first.tolist(), self._end.tolist(), strict=True)):
            self._document_of[first:end] = ordinal
        self._held_rows = np.flatnonzero(self._document_of >= 0)
        self.count = int((self._end - self._first).sum())

    def search(self, vector: Sequence[float], k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        """The ``k`` nearest chunks by cosine, best first; of ``document_ids`` if given."""
        import numpy as np

        asked = np.array(vector, np.float32)
        asked /= np.float32(np.linalg.norm(asked) or 1.0)
        if k <= 0 or not self.count:
            return []
        if document_ids is None:
            rows, scores = self._among_all(asked, self._held_rows, k)
        else:
            wanted = np.array(sorted({self._ordinal[d] for d in document_ids if d in self._ordinal}), np.int64)
            if not len(wanted):
                return []
            blocks = self._blocks(wanted)
            some = sum(end - start for start, end in blocks)
            if some + _BLOCK * len(blocks) < len(self._document_of):
                rows, scores = self._among_few(asked, blocks, some, k)
            else:
                kept = np.zeros(len(self._documents) + 1, bool)  # the last one is what is not held
                kept[wanted] = True
                rows, scores = self._among_all(asked, np.flatnonzero(kept[self._document_of]), k)
        hits = [self._hit(int(row), float(score)) for row, score in zip(rows, scores, strict=True)]
        return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))

    def _blocks(self, wanted: NDArray[np.int64]) -> list[tuple[int, int]]:
        """Rows of these documents from and to, with those that lie beside each other in one matrix as one."""
        import numpy as np

        first, end = self._first[wanted], self._end[wanted]
        apart = (first[1:] != end[:-1]) | np.isin(first[1:], self._starts)
        begins = first[np.concatenate(([True], apart))]
        ends = end[np.concatenate((apart, [True]))]
        return list(zip(begins.tolist(), ends.tolist(), strict=True))

    def _among_all(
        self, asked: NDArray[np.float32], rows: NDArray[np.int64], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best of ``rows``, where they are so many that multiplying all that there are is cheaper.

        Row by row: a product of the whole matrix takes a thread a core, which wait for each other by spinning. It is
        no faster, for memory is the limit, and costs four times the processors; beside other work it is slower.
        """
        import numpy as np

        scores = np.empty(len(self._document_of), np.float32)
        for n, matrix in enumerate(self._matrices):
            np.vecdot(matrix.rows, asked, out=scores[self._starts[n] : self._starts[n + 1]])
        if len(rows) == len(scores):
            best = _best(scores, k)
            return best, scores[best]
        # Taken out, not marked: selecting among many equals is slow.
        best = rows[_best(scores[rows], k)]
        return best, scores[best]

    def _among_few(
        self, asked: NDArray[np.float32], blocks: Sequence[tuple[int, int]], some: int, k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best rows of these blocks, ``some`` in all, which alone are multiplied, where they lie."""
        import numpy as np

        rows, scores = np.empty(some, np.int64), np.empty(some, np.float32)
        at = n = 0
        for start, end in blocks:
            while start >= self._starts[n + 1]:
                n += 1
            to, offset = at + end - start, int(self._starts[n])
            np.vecdot(self._matrices[n].rows[start - offset : end - offset], asked, out=scores[at:to])
            rows[at:to] = np.arange(start, end)
            at = to
        best = _best(scores, k)
        return rows[best], scores[best]

    def _hit(self, row: int, score: float) -> Hit:
        import numpy as np

        n = int(np.searchsorted(self._starts, row, "right")) - 1
        chunk = self._matrices[n].chunk_id(row - int(self._starts[n]))
        return Hit(chunk, self._documents[self._document_of[row]], score)


def _best(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """The places of the ``k`` highest, in no order."""
    import numpy as np

    return np.argpartition(scores, -k)[-k:] if len(scores) > k else np.arange(len(scores))
