"""OFD (GB/T 33190-2016): the format of electronic official documents, a zip of XML with placed text."""

from ingest.formats.ofd.parser import parse_ofd

__all__ = ["parse_ofd"]
