"""Builds PDF files from raw objects, for files that no library would write."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping

_TEXT = b"BT /F1 12 Tf 72 720 Td (Notice of the archive office, to be done by the end of 2024.) Tj ET"
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def pdf(objects: Mapping[int, bytes], *, trailer: bytes = b"") -> bytes:
    """A file of these objects (1 is the catalogue) with a right cross-reference table."""
    out = b"%PDF-1.7\n"
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    size = max(objects) + 1
    rows = b"".join(b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(size))
    out += b"xref\n0 %d\n%s" % (size, rows)
    return out + b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def _page(contents: int = 4, entries: bytes = b"/MediaBox [0 0 595 842]") -> bytes:
    return (
        b"<< /Type /Page /Parent 2 0 R %s /Contents %d 0 R /Resources << /Font << /F1 5 0 R >> "
        b"/XObject << /X 6 0 R >> >> >>" % (entries, contents)
    )


_CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"


def _one(content: bytes = _TEXT, **more: bytes) -> dict[int, bytes]:
    """Objects of a file of one page; ``more`` are entries of the page and an object 6."""
    return {
        1: _CATALOGUE,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: _page(entries=more.get("page", b"/MediaBox [0 0 595 842]")),
        4: content if content.startswith(b"<<") else stream(content),
        5: _FONT,
        6: more.get("six", b"null"),
    }


def shared_stream(pages: int, count: int | None = None) -> bytes:
    """Pages that all show the same content."""
    objects = _one() | {n: _page() for n in range(10, 10 + pages)}
    kids = b" ".join(b"%d 0 R" % n for n in range(10, 10 + pages))
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count or pages)
    return pdf(objects)


def tree_loop() -> bytes:
    root = b"<< /Type /Pages /Kids [3 0 R 2 0 R 7 0 R] /Count 3 >>"
    return pdf(_one() | {2: root, 7: b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 7 0 R] /Count 9 >>"})


def xref_loop() -> bytes:
    """A cross-reference table that names itself as the one before."""
    plain = pdf(_one())
    start = int(plain.rsplit(b"startxref\n", 1)[1].split()[0])
    return pdf(_one(), trailer=b"/Prev %d" % start)


def huge_page() -> bytes:
    return pdf(_one(b"0 0 m 1 1 l S", page=b"/MediaBox [0 0 1e9 1e9] /UserUnit 1000"))


def broken_flate() -> bytes:
    data = bytearray(zlib.compress(_TEXT * 20))
    data[20:40] = b"\xff" * 20
    return pdf(_one(stream(bytes(data), b"/Filter /FlateDecode")))


def flate_bomb() -> bytes:
    """100 MB of drawing in two filters, one kilobyte in the file."""
    packed = zlib.compress(zlib.compress(b"0 0 m 9 9 l S\n" * (100 * 2**20 // 14), 9), 9)
    return pdf(_one(stream(packed, b"/Filter [/FlateDecode /FlateDecode]")))


def encrypted() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen import canvas

    target = io.BytesIO()
    sheet = canvas.Canvas(target, encrypt=StandardEncryption("geheim", strength=128))
    sheet.drawString(100, 700, "notice")
    sheet.save()
    return target.getvalue()


def object_stream_loop() -> bytes:
    """Object streams that extend each other, and a font that lies in itself."""
    objects = _one() | {
        5: b"5 0 R",
        7: stream(b"8 0 << >>", b"/Type /ObjStm /N 1 /First 4 /Extends 8 0 R"),
        8: stream(b"7 0 << >>", b"/Type /ObjStm /N 1 /First 4 /Extends 7 0 R"),
    }
    return pdf(objects)


def form_loop() -> bytes:
    """A drawing that draws itself, twice."""
    resources = b"/Resources << /XObject << /X 6 0 R >> >>"
    form = stream(b"/X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + resources)
    return pdf(_one(_TEXT + b" /X Do", six=form))


def huge_image() -> bytes:
    """A picture of 60,000 × 60,000 grey pixels on a page without text."""
    data = zlib.compress(bytes(2**20), 9)
    image = stream(
        data,
        b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Filter /FlateDecode",
    )
    return pdf(_one(b"q 595 0 0 842 0 0 cm /X Do Q", six=image))
