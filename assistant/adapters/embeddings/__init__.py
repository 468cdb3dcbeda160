"""Text to vectors: the bundled model behind three engines, and any OpenAI-compatible endpoint.

All engines are LangChain ``Embeddings`` with a ``model`` name (:class:`assistant.ports.Embedder`). The bundled one is
multilingual-e5-small with 4-bit weights; :mod:`.weights` reads it out of the package that carries it, :mod:`.graph`
turns it into ONNX graphs, :mod:`.onnx_engine` runs them, :mod:`.package_engine` runs the package's own C engine
instead, and :mod:`.remote` asks an endpoint. :func:`build_embedder` chooses. ``benchmarks/embedding.py`` measures.
"""

from assistant.adapters.embeddings.choose import WarmEmbedder, build_embedder

__all__ = ["WarmEmbedder", "build_embedder"]
