"""Parsers, one a file format: bytes in, :class:`~ingest.formats.model.ParsedFile` out."""
