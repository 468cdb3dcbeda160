"""Damaged PDF files written anew by a second library, so that they take the one path by which PDFs are read.

PDFium reads the text, because it gives the place of every character (columns, tables, paragraphs) and renders the page
for recognition; on sound files it and pypdf find the same characters (3 sample files and 5 of other makers: equal to
the character). On damaged ones each opens what the other refuses: pypdf reads files with junk before their header, a
damaged header, a root that is not named; PDFium those with a lost cross-reference table.
"""

from __future__ import annotations

import io
import logging


def mended(data: bytes) -> bytes:
    """The file as pypdf understands it, written as a sound one. Raises what pypdf raises where it cannot read it."""
    from pypdf import PdfReader, PdfWriter

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it tells of every fault that it mends
    reader = PdfReader(io.BytesIO(data), strict=False)
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
