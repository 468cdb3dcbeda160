"""Holding a generation against the library: is every passage in both indexes, with its own vector?

Run as a module in a process of its own before a generation gets its name: what the process that wrote an index
believes of it is no proof of what lies on the disk. There the vectors of new parts are compared one by one; those of
parts that an earlier generation brought were, when they were written, and nobody has written them since: their sizes
are looked at and their rows counted. ``ingest verify`` compares them all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from assistant.adapters.chroma import ChromaIndex
from assistant.adapters.chroma_server import ChromaServer
from assistant.adapters.database.library import Library
from assistant.adapters.generation.layout import CHROMA, intact, part_folder
from assistant.adapters.generation.matrix import Matrix, Run, read_runs
from assistant.adapters.generation.opened import OpenGeneration
from assistant.domain.holdings import Holding, Part, Passage
from assistant.domain.language.text import terms
from assistant.errors import AssistantError, IndexUnavailable

_STORES = "POLICY_ASSISTANT_VERIFY_STORES"  # addresses with their passwords, from us to our child
_SAMPLES = 32
_TIMEOUT_SECONDS = 600
_SAME = 0.999  # cosine from which two vectors are one: Chroma normalises again, in float32
_SHOWN = 20  # faults listed; the rest are counted


def in_fresh_process(
    data_dir: Path, url: str | None, folder: Path, name: str, server: ChromaServer | None = None
) -> None:
    """Verify the generation ``name`` that lies in ``folder``. Raises :class:`IndexUnavailable` with its faults.

    ``data_dir`` and ``url`` are those of the library.
    """
    # The child reads from this pipe and gives up when it closes: were we killed, it would go on opening, and by that
    # writing, files that the next run is clearing away.
    ours, theirs = os.pipe()
    command = [sys.executable, "-m", __name__, str(data_dir), str(folder), name, str(ours)]
    try:
        done = subprocess.run(  # noqa: S603  # our own module on our own paths
            command,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_TIMEOUT_SECONDS,
            check=False,
            pass_fds=[ours],
            env={**os.environ, _STORES: json.dumps([url, server and asdict(server)])},  # arguments are for all to see
        )
        found = json.loads(done.stdout) if done.stdout else [done.stderr.strip()[-500:]]
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        found = [str(error)]
    finally:
        os.close(ours)
        os.close(theirs)
    if found:
        raise IndexUnavailable(
            f"新建的索引 {name} 未通过校验：{'；'.join(map(str, found))}。", "原有索引继续使用；请检查磁盘后重新运行。"
        )


def faults(generation: OpenGeneration, folder: Path, library: Library) -> list[str]:
    """What is wrong with an open generation; empty where all is well.

    Parts that lie in the generation's own folder are new; where there are none that do, all parts are compared.
    """
    found = list(islice(_faults(generation, folder, library), _SHOWN + 1))
    return [*found[:_SHOWN], "……"] if len(found) > _SHOWN else found


def _faults(generation: OpenGeneration, folder: Path, library: Library) -> Iterator[str]:
    manifest = generation.manifest
    if not intact(folder, manifest):
        yield "索引文件缺失或大小不符"
    if (infos := len(generation.documents())) != len(manifest.holdings):
        yield f"资料库中有 {infos} 份文件，清单为 {len(manifest.holdings)} 份"
    counts = library.chunk_counts(manifest.holdings)
    if (total := sum(counts.values())) != manifest.chunks:
        yield f"资料库中有 {total} 条，清单为 {manifest.chunks} 条"
    yield from _word_faults(generation, library)
    if manifest.format >= 2:
        yield from _part_faults(generation, folder, library, counts)
    yield from _search_faults(generation, library)


def _word_faults(generation: OpenGeneration, library: Library) -> Iterator[str]:
    words = generation.stored_words()
    for chunk_id in library.chunk_ids(generation.manifest.holdings):
        if chunk_id not in words:
            yield f"词索引缺少 {chunk_id}"
        words.discard(chunk_id)
    yield from (f"词索引中多出 {chunk_id}" for chunk_id in sorted(words))


def _part_faults(
    generation: OpenGeneration, folder: Path, library: Library, counts: Mapping[str, int]
) -> Iterator[str]:
    manifest = generation.manifest
    holdings = {h.edition: h for h in manifest.holdings}
    lacking = dict(counts) if manifest.model is not None else {}
    new = {part.name for part in manifest.parts if part_folder(folder, part.name).is_relative_to(folder)}
    for part in manifest.parts:
        place = part_folder(folder, part.name)
        if manifest.server and generation.server is not None:
            yield from _server_faults(
                generation.server, part, read_runs(place), holdings, lacking, library, manifest.model
            )
            continue
        matrix = Matrix(place, manifest.dimension or 0)
        if matrix.count != part.chunks:
            yield f"{part.name} 有 {matrix.count} 条，清单为 {part.chunks} 条"
        for run in matrix.runs:
            if run.edition in holdings and run.end - run.start == lacking.get(run.edition):
                del lacking[run.edition]
        if not new or part.name in new:
            yield from _content_faults(place, matrix, holdings, library, manifest.model)
    yield from (f"向量索引缺少 {holdings[edition].source} 的条款" for edition in lacking)


def _server_faults(
    server: ChromaServer,
    part: Part,
    runs: Sequence[Run],
    holdings: Mapping[str, Holding],
    lacking: dict[str, int],
    library: Library,
    model: str | None,
) -> Iterator[str]:
    """What is wrong in a part on a server: every vector is fetched and compared."""
    store = ChromaIndex(server, server.collection(part.name))
    try:
        stored = dict(store.vectors())
    finally:
        store.close()
    if len(stored) != part.chunks:
        yield f"{part.name} 有 {len(stored)} 条，清单为 {part.chunks} 条"
    for run in runs:
        if run.end - run.start == lacking.get(run.edition):
            del lacking[run.edition]
        if run.edition in holdings:
            for passage in library.passages([holdings[run.edition]], model):
                yield from _vector_faults(passage, stored.get(passage.chunk.id))


def _content_faults(
    place: Path, matrix: Matrix, holdings: Mapping[str, Holding], library: Library, model: str | None
) -> Iterator[str]:
    """What is wrong in one part: in the matrix, and in the vector store beside it."""
    store = ChromaIndex(place / CHROMA)
    try:
        stored = dict(store.vectors())
    finally:
        store.close()
    if len(stored) != matrix.count:
        yield f"{place.name} 的向量库有 {len(stored)} 条，应为 {matrix.count} 条"
    for run in matrix.runs:
        if run.edition not in holdings:  # gone since; the library need not have it any more
            continue
        passages = list(library.passages([holdings[run.edition]], model))
        if [p.chunk.id for p in passages] != matrix.chunk_ids(run):
            yield f"{holdings[run.edition].source} 的向量与条款不对应"
            continue
        for row, passage in enumerate(passages, run.start):
            yield from _vector_faults(passage, matrix.rows[row].tobytes())
            yield from _vector_faults(passage, stored.get(passage.chunk.id))


def _search_faults(generation: OpenGeneration, library: Library) -> Iterator[str]:
    """Whether passages from all over the generation are found by their own vectors and words."""
    holdings = generation.manifest.holdings
    for holding in holdings[:: max(1, len(holdings) // _SAMPLES)]:
        for passage in islice(library.passages([holding], generation.manifest.model), 1):
            if not _finds_itself_by_vector(generation, passage):
                yield f"用 {passage.chunk.id} 的向量查不到它自己"
            if not _finds_itself_by_words(generation, passage):
                yield f"用 {passage.chunk.id} 的文字查不到它自己"


def _vector_faults(passage: Passage, stored: bytes | None) -> Iterator[str]:
    import numpy as np

    if passage.vector is None:
        yield f"资料库中缺少 {passage.chunk.id} 的向量"
    elif stored is None:
        yield f"向量索引缺少 {passage.chunk.id}"
    elif len(stored) != len(passage.vector):
        yield f"{passage.chunk.id} 的向量维数不符"
    else:
        ours, theirs = np.frombuffer(passage.vector, "<f4"), np.frombuffer(stored, "<f4")
        if float(ours @ theirs) < _SAME * float(np.linalg.norm(ours) * np.linalg.norm(theirs)):
            yield f"{passage.chunk.id} 的向量与资料库不同"


def _finds_itself_by_vector(generation: OpenGeneration, passage: Passage) -> bool:
    """Whether a passage's vector leads to it, or to another passage with the very same vector."""
    import numpy as np

    if passage.vector is None:
        return True
    hits = generation.dense(np.frombuffer(passage.vector, "<f4").tolist(), 5)
    return bool(hits) and (hits[0].score >= _SAME or passage.chunk.id in {hit.chunk_id for hit in hits})


def _finds_itself_by_words(generation: OpenGeneration, passage: Passage) -> bool:
    """Whether a passage's words lead to it within its document."""
    chunk = passage.chunk
    if not terms(chunk.passage):
        return True
    siblings = len(generation.chunks_of(chunk.document_id))
    return chunk.id in {hit.chunk_id for hit in generation.lexical(chunk.passage, siblings, [chunk.document_id])}


def main(arguments: Sequence[str]) -> int:
    """``DATA_DIR FOLDER NAME PIPE``: print the faults as a JSON list; 1 where there are any."""
    threading.Thread(target=_end_with_parent, args=(int(arguments[3]),), daemon=True).start()
    from assistant.adapters.database.engine import open_library

    data_dir, folder, name = Path(arguments[0]), Path(arguments[1]), arguments[2]
    url, there = json.loads(os.environ.get(_STORES, "[null, null]"))
    engine = open_library(data_dir, url)
    try:
        library = Library(engine)
        generation = OpenGeneration(folder, library, name=name, server=there and ChromaServer(**there))
        try:
            found = faults(generation, folder, library)
        finally:
            generation.close()
    except AssistantError as error:
        found = [error.message]
    finally:
        engine.dispose()
    sys.stdout.write(json.dumps(found, ensure_ascii=False))
    return 1 if found else 0


def _end_with_parent(pipe: int) -> None:
    os.read(pipe, 1)  # nothing is ever written: it returns when the other end is closed
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
