"""The weights file, the tokenizer and the graphs, on a small file written here; no installed model is needed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

import numpy as np
import onnxruntime
import pytest

from assistant.adapters.embeddings import graph, weights
from assistant.adapters.embeddings.tokenizer import UnigramTokenizer
from assistant.errors import EmbeddingError
from tests.adapters import small_weights


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.bin"
    small_weights.write(path)
    return path


def test_read_gives_sizes_pieces_and_tensors(tmp_path: Path) -> None:
    path = tmp_path / "small.bin"
    tensors = small_weights.write(path)
    read = weights.read(path)
    assert (read.shape.width, read.shape.layers, read.shape.heads, read.shape.inner) == (64, 2, 2, 128)
    assert (read.shape.begin, read.shape.end, read.shape.unknown) == (0, 2, 3)
    assert read.pieces == tuple(small_weights.PIECES)
    assert read.scores.tolist() == list(small_weights.PIECES.values())
    assert read.normalisation == small_weights.NORMALISATION
    np.testing.assert_array_equal(weights.dequantise(read.blocks("l1.fo.w", 64, 128)), tensors["l1.fo.w"])
    np.testing.assert_array_equal(read.vector("l0.fi.b", 128), tensors["l0.fi.b"])


def test_only_the_rows_asked_for_are_dequantised(file: Path) -> None:
    words = weights.read(file).blocks("emb.word", len(small_weights.PIECES), 64)
    rows = weights.dequantise(words[np.array([[4, 5], [5, 6]])])
    assert rows.shape == (2, 2, 64)
    np.testing.assert_array_equal(rows, weights.dequantise(words)[[[4, 5], [5, 6]]])


@pytest.mark.parametrize("size", [0, 3, 40, 80, 200, 400, 900, 3000])
def test_a_file_cut_short_is_an_embedding_error(file: Path, size: int) -> None:
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(EmbeddingError):
        weights.read(file)


@pytest.mark.parametrize(
    ("at", "value"),
    [(0, b"GGUF"), (8, b"\x00\x00\x00\x00"), (16, b"\x00\x00\x00\x00"), (16, b"\x07\x00\x00\x00"), (44, b"\xff" * 4)],
    ids=["magic", "no width", "no heads", "heads that do not divide the width", "negative count"],
)
def test_a_wrong_head_is_an_embedding_error(file: Path, at: int, value: bytes) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:at] + value + content[at + len(value) :])
    with pytest.raises(EmbeddingError):
        weights.read(file)


def test_a_missing_tensor_or_one_of_another_size_is_an_embedding_error(file: Path) -> None:
    read = weights.read(file)
    with pytest.raises(EmbeddingError, match="缺少"):
        read.vector("l9.q.b", 64)
    with pytest.raises(EmbeddingError):
        read.vector("l0.q.b", 65)
    with pytest.raises(EmbeddingError):
        read.blocks("l0.q.w", 64, 128)


def test_a_file_with_another_hash_is_refused(file: Path, tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="版本不符"):
        weights.verify(file)
    with pytest.raises(EmbeddingError, match="无法读取"):
        weights.verify(tmp_path / "absent.bin")


def pieces(file: Path, text: str) -> list[str]:
    tokenizer = UnigramTokenizer(weights.read(file))
    names = list(small_weights.PIECES)
    return [names[i] for i in tokenizer.ids(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("市教育局", ["▁", "市", "教育局"]),  # -3 -4 -6 beats ▁市 at -9 and the shorter pieces
        ("Ａ\n\n教", ["▁", "A", "▁", "教"]),  # normalised, and runs of spaces count once
        (" 教", ["▁", "教"]),  # a space in front is not doubled
        ("教牵育", ["▁", "教", "<unk>", "育"]),
        ("㎡", ["▁", "a", "<unk>"]),  # one character may become several
        ("", ["▁"]),
    ],
)
def test_the_most_probable_pieces_are_found(file: Path, text: str, expected: list[str]) -> None:
    assert pieces(file, text) == expected


@pytest.mark.parametrize(("precision", "least"), [("exact", 0.9995), ("int8", 0.9995)])
def test_a_graph_computes_the_network(tmp_path: Path, precision: str, least: float) -> None:
    path = tmp_path / "small.bin"
    tensors = small_weights.write(path)
    read = weights.read(path)
    content = graph.build(read, cast(graph.Precision, precision))
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    texts = [[0, 5, 10, 2], [0, 6, 6, 2]]
    words = weights.dequantise(read.blocks("emb.word", len(small_weights.PIECES), 64)[np.array(texts)])
    (means,) = session.run(None, {"words": words})
    for got, ids in zip(means, texts, strict=True):
        wanted = small_weights.mean(tensors, ids)
        cosine = float(got @ wanted / np.linalg.norm(got) / np.linalg.norm(wanted))
        assert cosine > least


def test_a_graph_without_onnx_is_an_embedding_error(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(EmbeddingError, match="onnx"):
        graph.build(weights.read(file), "int8")
