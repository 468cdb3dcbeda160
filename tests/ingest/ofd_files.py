"""Builds OFD files for the tests, member by member, from raw XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

NAMESPACE = "http://www.ofdspec.org/2016"
BODY = 5.6  # millimetres: 三号, the size of official documents
LEFT, WIDTH, PITCH = 28.0, 28 * BODY, 10.0  # the type area of GB/T 9704 (28 characters a line) and its line distance


def text(written: str, x: float, y: float, size: float = BODY, extra: str = "", inner: str = "") -> str:
    """A text object whose first character stands with its foot at (x, y), set solid."""
    deltas = " ".join(f"{size if ord(c) > 0x2000 else size / 2:g}" for c in written[:-1])
    return (
        f'<ofd:TextObject ID="1" Boundary="{x:g} {y - size:g} 150 {size * 1.3:g}" Font="1" Size="{size:g}" {extra}>'
        f'{inner}<ofd:TextCode X="0" Y="{size:g}" DeltaX="{deltas}">{escape(written)}</ofd:TextCode></ofd:TextObject>'
    )


def paragraph(written: str, y: float, indent: int = 2, a_line: int = 28) -> list[str]:
    """The lines of a paragraph as a page shows them, each a text object."""
    rows = [written[: a_line - indent]]
    rows += [written[i : i + a_line] for i in range(a_line - indent, len(written), a_line)]
    return [
        text(row, LEFT + (indent * BODY if number == 0 else 0), y + number * PITCH) for number, row in enumerate(rows)
    ]


def centred(written: str, y: float, size: float = BODY) -> str:
    return text(written, LEFT + (WIDTH - len(written) * size) / 2, y, size)


def page(*objects: str, template: str = "", before: str = "", resources: str = "") -> str:
    """A page's Content.xml; ``template`` is the ID of the template page under it."""
    under = f'<ofd:Template TemplateID="{template}" ZOrder="Background"/>' if template else ""
    return _xml(
        "Page",
        f"<ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area>{resources}{under}"
        f'<ofd:Content><ofd:Layer ID="9">{before}{"".join(objects)}</ofd:Layer></ofd:Content>',
    )


def document(pages: Sequence[str], *, common: str = "", tail: str = "", listed: bool = True) -> dict[str, str]:
    """The members of one document below its folder."""
    list_of_pages = "".join(
        f'<ofd:Page ID="{100 + n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages))
    )
    members = {
        "Document.xml": _xml(
            "Document",
            f"<ofd:CommonData><ofd:MaxUnitID>1000</ofd:MaxUnitID>{common}</ofd:CommonData>"
            f"<ofd:Pages>{list_of_pages if listed else ''}</ofd:Pages>{tail}",
        )
    }
    return members | {f"Pages/Page_{n}/Content.xml": content for n, content in enumerate(pages)}


def entry(*roots: str, tail: str = "") -> str:
    """OFD.xml."""
    bodies = "".join(
        f"<ofd:DocBody><ofd:DocInfo><ofd:DocID>0</ofd:DocID></ofd:DocInfo><ofd:DocRoot>{root}</ofd:DocRoot></ofd:DocBody>"
        for root in roots
    )
    return _xml("OFD", bodies + tail, ' Version="1.1" DocType="OFD"')


def ofd(*documents: Mapping[str, str]) -> bytes:
    """A whole file of documents."""
    members = {"OFD.xml": entry(*(f"Doc_{n}/Document.xml" for n in range(len(documents))))}
    for number, parts in enumerate(documents):
        members |= {f"Doc_{number}/{name}": content for name, content in parts.items()}
    return packed(members)


def packed(members: Mapping[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _xml(name: str, inner: str, attributes: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ofd:{name} xmlns:ofd="{NAMESPACE}"{attributes}>{inner}</ofd:{name}>'
    )
