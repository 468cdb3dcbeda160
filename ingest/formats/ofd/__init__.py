"""OFD (GB/T 33190-2016): the format of electronic official documents, a zip of XML with placed text."""

from ingest.formats.ofd.parser import attached_files, parse_ofd

__all__ = ["attached_files", "parse_ofd"]
