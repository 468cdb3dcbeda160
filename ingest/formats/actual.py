"""What a file is by its first bytes, for names lie: files that were renamed, exported under a wrong suffix or none."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

from ingest.formats.charset import decode

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG\r\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
)
# Streams of binary office files, and members of zipped ones.
_STREAMS = (("WordDocument", ".doc"), ("Workbook", ".xls"), ("PowerPoint Document", ".ppt"), ("__substg1.0_", ".msg"))
_MEMBERS = (
    ("word/document.xml", ".docx"),
    ("xl/workbook.xml", ".xlsx"),
    ("OFD.xml", ".ofd"),
    ("ppt/presentation.xml", ".pptx"),
)
_HTML = re.compile(rb"\s{0,200}<(?:!doctype html|html)[\s>]", re.IGNORECASE)
_SAMPLE = 20_000  # bytes in which a file without a suffix must read as Chinese
_HAN = re.compile("[㐀-鿿]")
_LEAST_HAN = 10
_LETTERS = re.compile("[A-Za-z]")


def actual_suffix(name: str, data: bytes) -> str:
    """The suffix that fits the content where that is certain; empty where it is not.

    Plain text is told only where the name says nothing: it has no suffix, or one without letters, as in 第1.2版.
    """
    for start, suffix in _STARTS:
        if data.startswith(start):
            return suffix
    if data.startswith(_OLE):
        return next((suffix for stream, suffix in _STREAMS if stream.encode("utf-16-le") in data), "")
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    written = PurePosixPath(name).suffix
    if _LETTERS.search(written):
        return ""
    if _HTML.match(data):
        return ".html"
    text, troubles = decode(data[:_SAMPLE])
    return ".txt" if not troubles and len(_HAN.findall(text)) >= _LEAST_HAN else ""


def _zipped(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return ""
    return next((suffix for member, suffix in _MEMBERS if member in names), "")
