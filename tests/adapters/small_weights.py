"""A weights file of a few kilobytes in the layout of the bundled one, and the network written out in numpy."""

from __future__ import annotations

import math
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WIDTH, LAYERS, HEADS, INNER, POSITIONS = 64, 2, 2, 128, 16
PIECES = {
    "<s>": 0.0,
    "<pad>": 0.0,
    "</s>": 0.0,
    "<unk>": 0.0,
    "▁": -3.0,
    "市": -4.0,
    "教": -4.0,
    "育": -4.0,
    "局": -4.0,
}
PIECES |= {"教育": -5.0, "教育局": -6.0, "▁市": -9.0, "育局牵": -2.0, "A": -4.0, "a": -4.0}
NORMALISATION = {ord("\n"): " ", ord("Ａ"): "A", ord("㎡"): "a2"}

Matrices = dict[str, NDArray[np.float32]]


def write(path: Path, seed: int = 7) -> Matrices:
    """Write the file with random weights, and return all its tensors in single precision."""
    random = np.random.default_rng(seed)
    tensors: Matrices = {}
    raw: dict[str, bytes] = {}

    def matrix(name: str, rows: int, columns: int) -> None:
        nibbles = random.integers(0, 16, (rows, columns // 32, 32), dtype=np.uint8)
        scales = random.uniform(0.01, 0.05, (rows, columns // 32)).astype("<f2")
        packed = nibbles[..., :16] | (nibbles[..., 16:] << 4)
        raw[name] = b"".join(
            scales[r, b].tobytes() + packed[r, b].tobytes() for r in range(rows) for b in range(columns // 32)
        )
        values = (nibbles.astype(np.float32) - 8) * scales.astype(np.float32)[..., None]
        tensors[name] = values.reshape(rows, columns)

    def vector(name: str, length: int, around: float = 0.0) -> None:
        tensors[name] = (around + random.normal(0, 0.1, length)).astype("<f4")
        raw[name] = tensors[name].tobytes()

    matrix("emb.word", len(PIECES), WIDTH)
    vector("emb.pos", POSITIONS * WIDTH)
    vector("emb.type", 2 * WIDTH)
    vector("emb.ln.w", WIDTH, 1.0)
    vector("emb.ln.b", WIDTH)
    for layer in range(LAYERS):
        for name, rows, columns in [
            *((part, WIDTH, WIDTH) for part in ("q", "k", "v", "ao")),
            *(("fi", INNER, WIDTH), ("fo", WIDTH, INNER)),
        ]:
            matrix(f"l{layer}.{name}.w", rows, columns)
            vector(f"l{layer}.{name}.b", rows)
        for name in ("aln", "oln"):
            vector(f"l{layer}.{name}.w", WIDTH, 1.0)
            vector(f"l{layer}.{name}.b", WIDTH)
    path.write_bytes(_file(raw))
    return tensors


def _file(raw: dict[str, bytes]) -> bytes:
    pieces = [piece.encode() for piece in PIECES]
    text = b"".join(pieces)
    head = struct.pack("<4sI7i", b"E5S1", 1, WIDTH, LAYERS, HEADS, INNER, len(PIECES), POSITIONS, 2)
    head += struct.pack("<fi5iQ", 1e-12, 32, len(PIECES), 0, 2, 1, 3, len(text))
    head += struct.pack(f"<{len(pieces) + 1}I", *np.cumsum([0, *map(len, pieces)]).tolist())
    head += struct.pack(f"<{len(pieces)}f", *PIECES.values()) + text
    table = b"".join(
        struct.pack(f"<IB{len(out)}I", code, len(out), *map(ord, out)) for code, out in NORMALISATION.items()
    )
    head += struct.pack("<iI", len(NORMALISATION), len(table)) + table + struct.pack("<i", len(raw))
    offset = len(head) + sum(2 + len(name) + 21 for name in raw)
    for name, content in raw.items():
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 0, 0, offset, len(content))
        offset += len(content)
    return head + b"".join(raw.values())


def mean(tensors: Matrices, ids: list[int]) -> NDArray[np.float32]:
    """The network in plain single precision: the mean of the last layer over ``ids``."""
    places = tensors["emb.pos"].reshape(POSITIONS, WIDTH)[: len(ids)]
    x = tensors["emb.word"][ids] + places + tensors["emb.type"][:WIDTH]
    x = _norm(x, tensors, "emb.ln.")
    for layer in range(LAYERS):
        name = f"l{layer}."
        query, key, value = (_linear(x, tensors, name + part) for part in "qkv")
        heads = []
        for head in range(HEADS):
            part = slice(head * WIDTH // HEADS, (head + 1) * WIDTH // HEADS)
            scores = query[:, part] @ key[:, part].T / math.sqrt(WIDTH // HEADS)
            weights = np.exp(scores - scores.max(axis=1, keepdims=True))
            heads.append(weights / weights.sum(axis=1, keepdims=True) @ value[:, part])
        x = _norm(x + _linear(np.concatenate(heads, axis=1), tensors, name + "ao"), tensors, name + "aln.")
        wide = _linear(x, tensors, name + "fi")
        wide = wide * np.vectorize(lambda v: 0.5 * (1 + math.erf(v / math.sqrt(2))))(wide)
        x = _norm(x + _linear(wide, tensors, name + "fo"), tensors, name + "oln.")
    result: NDArray[np.float32] = x.mean(axis=0)
    return result


def _linear(x: NDArray[np.float32], tensors: Matrices, name: str) -> NDArray[np.float32]:
    return x @ tensors[name + ".w"].T + tensors[name + ".b"]


def _norm(x: NDArray[np.float32], tensors: Matrices, name: str) -> NDArray[np.float32]:
    centred = x - x.mean(axis=1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-12)
    return scaled * tensors[name + "w"] + tensors[name + "b"]
