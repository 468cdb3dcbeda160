"""Word documents (Office Open XML) by our own walk: numbering rendered, tracked changes settled, tables filled."""

from ingest.formats.docx.walk import parse_docx

__all__ = ["parse_docx"]
