"""The bundled model as ONNX graphs, built from its weights once and kept (:mod:`.graph_cache`).

Input ``words`` is f32 [texts, length, width], the word vectors of texts of **one** length; output ``mean`` is
f32 [texts, width], the mean of the last layer over each text, not yet of unit length. No text is ever padded, so there
is no mask, and since activations are quantised within each position, a vector does not depend on what else is in the
batch. Word vectors stay outside the graph: the table is 54 MB, of which a text needs a few rows.

Two precisions, both 8-bit ``MatMulNBits`` with integer arithmetic (``accuracy_level`` 4):

- ``exact``: the very 4-bit weights of the file with their scales (blocks of 32), carried in 8 bits because ONNX Runtime
  multiplies those faster than 4-bit ones. Nothing is rounded twice.
- ``int8``: the weights rounded once more, to 8 bits in blocks of 64, which halves the work on scales.

``DynamicQuantizeMatMul`` was measured too: up to a third faster, but with one scale for all activations of a run its
cosine to the package's engine is .997 instead of .9999, and a vector depends on what else is in the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.embeddings.weights import BLOCK_WEIGHTS, Weights, dequantise, nibbles
from assistant.errors import EmbeddingError

if TYPE_CHECKING:
    import onnx

Precision = Literal["int8", "exact"]

VERSION = 1
"""Raise it with every change of the graphs, so that kept ones are built anew."""

INT8_BLOCK = 64
_ZERO_POINT = 128  # of unsigned 8-bit weights
_INTEGER_ARITHMETIC = 4
_CONTRIB = "com.microsoft"


def build(weights: Weights, precision: Precision) -> bytes:
    """The serialised graph. Raises :class:`EmbeddingError` for damaged weights and where ``onnx`` is missing."""
    try:
        return _Builder(weights, precision).model().SerializeToString()  # type: ignore[no-any-return]
    except ImportError as error:
        advice = "请安装 onnx，或把 ASSISTANT_EMBEDDINGS_ENGINE 设为 package 或 none。"
        raise EmbeddingError(f"无法生成内置模型的计算图：{error}", advice) from error


class _Builder:
    def __init__(self, weights: Weights, precision: Precision) -> None:
        self._weights = weights
        self._precision = precision
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        from onnx import TensorProto, helper

        shape = self._weights.shape
        x = self._embedding()
        for layer in range(shape.layers):
            x = self._layer(f"l{layer}.", x)
        self._node("ReduceMean", [x, self._constant("axis.length", np.array([1]))], ["mean"], keepdims=0)
        graph = helper.make_graph(
            self._nodes,
            "e5",
            [helper.make_tensor_value_info("words", TensorProto.FLOAT, ["texts", "length", shape.width])],
            [helper.make_tensor_value_info("mean", TensorProto.FLOAT, ["texts", shape.width])],
            self._constants,
        )
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)

    def _embedding(self) -> str:
        shape = self._weights.shape
        positions = self._weights.vector("emb.pos", shape.positions * shape.width).reshape(shape.positions, shape.width)
        kind = self._weights.vector("emb.type", shape.width)  # all text is of the first of the token types
        table = self._constant("positions", positions + kind)
        zero, one, two = (self._constant(f"index.{i}", np.array([i])) for i in range(3))
        self._node("Shape", ["words"], ["dimensions"])
        self._node("Slice", ["dimensions", one, two], ["length"])
        self._node("Slice", [table, zero, "length", zero], ["places"])
        self._node("Add", ["words", "places"], ["placed"])
        scale, bias = self._norm("emb.ln.")
        return self._node("LayerNormalization", ["placed", scale, bias], ["x"], axis=-1, epsilon=shape.epsilon)

    def _layer(self, name: str, x: str) -> str:
        shape = self._weights.shape
        width, inner = shape.width, shape.inner
        # Query, key and value read the same input: one product, so that it is quantised once.
        joined = self._linear(x, [name + "q", name + "k", name + "v"], width, width, name + "qkv")
        sizes = self._constant("sizes", np.array([width] * 3))
        parts = [name + part for part in ("query", "key", "value")]
        self._node("Split", [joined, sizes], parts, axis=2)
        attended = self._node("MultiHeadAttention", parts, [name + "attended"], _CONTRIB, num_heads=shape.heads)
        attended = self._linear(attended, [name + "ao"], width, width, name + "projected")
        x = self._add_norm(x, attended, name + "aln.")
        wide = self._linear(x, [name + "fi"], width, inner, name + "wide")
        wide = self._node("Gelu", [wide], [name + "gelu"], _CONTRIB)
        narrow = self._linear(wide, [name + "fo"], inner, width, name + "narrow")
        return self._add_norm(x, narrow, name + "oln.")

    def _add_norm(self, x: str, y: str, name: str) -> str:
        # Two nodes rather than SkipLayerNormalization, whose kernel is eight times slower on the processor.
        added = self._node("Add", [x, y], [name + "added"])
        inputs = [added, *self._norm(name)]
        epsilon = self._weights.shape.epsilon
        return self._node("LayerNormalization", inputs, [name + "out"], axis=-1, epsilon=epsilon)

    def _norm(self, name: str) -> tuple[str, str]:
        width = self._weights.shape.width
        scale, bias = (self._constant(name + part, self._weights.vector(name + part, width)) for part in "wb")
        return scale, bias

    def _linear(self, x: str, names: list[str], columns: int, rows: int, out: str) -> str:
        """``x`` times the matrices of ``names`` (each ``rows`` × ``columns``) side by side, plus their biases."""
        blocks = np.concatenate([self._weights.blocks(name + ".w", rows, columns) for name in names])
        bias = np.concatenate([self._weights.vector(name + ".b", rows) for name in names])
        quantised, scales, block = _exact(blocks) if self._precision == "exact" else _int8(blocks)
        inputs = [x, self._constant(out + ".q", quantised), self._constant(out + ".s", scales)]
        inputs += ["", "", self._constant(out + ".b", bias)]  # the default zero point, no reordering
        attributes = {"K": columns, "N": len(blocks), "bits": 8, "block_size": block}
        return self._node("MatMulNBits", inputs, [out], _CONTRIB, **attributes, accuracy_level=_INTEGER_ARITHMETIC)

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        from onnx import numpy_helper

        if all(constant.name != name for constant in self._constants):
            self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _node(self, op: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        self._nodes.append(helper.make_node(op, inputs, outputs, domain=domain, **attributes))
        return outputs[0]


def _exact(blocks: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray[np.float32], int]:
    return nibbles(blocks) + np.uint8(_ZERO_POINT - 8), blocks["scale"].astype(np.float32), BLOCK_WEIGHTS


def _int8(blocks: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray[np.float32], int]:
    weights = dequantise(blocks).reshape(len(blocks), -1, INT8_BLOCK)
    scales = np.abs(weights).max(axis=-1) / 127
    quantised = np.rint(weights / np.where(scales > 0, scales, 1)[..., None]) + _ZERO_POINT
    return quantised.astype(np.uint8), scales, INT8_BLOCK
