"""Built graphs, kept in the data folder: 23 MB each, built once in about a second.

The name holds all that a graph depends on (weights, precision, builder), so a stale one is never read, and the file
begins with the SHA-256 of the rest, so a damaged one is noticed and built anew.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import EmbeddingError

_MAGIC = b"GRAPH\x01\r\n"
_DIGEST_BYTES = 32
_LOCK_SECONDS = 120.0


def cached(folder: Path, key: str, build: Callable[[], bytes]) -> bytes:
    """The graph under ``key``; built, under a lock among processes, where there is none or it is damaged.

    Where the folder cannot be written the graph is built for this process alone. Raises :class:`EmbeddingError` when
    another process holds the lock for two minutes, and what ``build`` raises.
    """
    path = folder / f"{key}.graph"
    graph = _read(path)
    if graph is not None:
        return graph
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{key}.lock", timeout=_LOCK_SECONDS):
            graph = _read(path)  # by the process that had the lock before
            if graph is None:
                graph = build()
                _write(path, graph)
            return graph
    except Timeout as error:
        raise EmbeddingError("另一进程正在准备内置模型，等待超时。", "请稍后重试。") from error
    except OSError:
        return build() if graph is None else graph


def _read(path: Path) -> bytes | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    head = len(_MAGIC) + _DIGEST_BYTES
    graph = content[head:]
    if content[:head] != _MAGIC + hashlib.sha256(graph).digest():
        return None
    return graph


def _write(path: Path, graph: bytes) -> None:
    part = path.with_suffix(".part")  # one name, so that a killed build leaves no litter; the lock keeps others away
    with part.open("wb") as file:
        file.write(_MAGIC + hashlib.sha256(graph).digest())
        file.write(graph)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
