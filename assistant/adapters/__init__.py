"""Implementations of the ports over existing engines: SQL, Chroma, tantivy, ONNX Runtime, LangChain."""
