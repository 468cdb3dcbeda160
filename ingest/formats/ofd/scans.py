"""Pages of an OFD file that are pictures: which pictures they are, and what is printed on them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from ingest.formats.image import Recognition, read_picture
from ingest.formats.model import Limits, Trouble
from ingest.formats.ofd.elements import children, descendants, text_of
from ingest.formats.ofd.glyphs import Drawing, Picture
from ingest.formats.ofd.package import Package, Unreadable
from ingest.formats.pdf_page import Item
from ingest.formats.side_by_side import Later

_LEAST_AREA = 3000.0  # square millimetres: smaller ones are seals, codes and ornaments
_LEAST_SHARE = 0.2  # of the largest picture's area: a scan may be stored in strips
_MOST = 20  # pictures of a page that are read
_SPARSE = 60  # characters beside which a picture over a page is the text, and they are a stamp or a heading on it

#: A page of the file, what is read on a picture of it, and what is to be said of that.
Reading = tuple[int, list[Item], list[Trouble]]


def scanned(drawing: Drawing) -> list[Picture]:
    """The pictures that are the page, from top to bottom; none where the page has text of its own."""
    if sum(len(run.text) for run in drawing.runs) >= _SPARSE:
        return []
    largest = max((picture.area for picture in drawing.pictures), default=0.0)
    if largest < _LEAST_AREA:
        return []
    found = [picture for picture in drawing.pictures if picture.area >= _LEAST_SHARE * largest]
    return sorted(found, key=lambda p: (p.top, p.left))[:_MOST]


def media(package: Package, resources: Sequence[str]) -> dict[str, str]:
    """The members that hold the pictures of a document, by the IDs of their resources."""
    found: dict[str, str] = {}
    for resource in resources:
        try:
            root = package.xml(resource)
        except Unreadable:
            continue
        folder = posixpath.dirname(resource)
        base = root.get("BaseLoc") or ""
        for item in descendants(root, "MultiMedia"):
            name = next((text_of(place) for place in children(item, "MediaFile")), "")
            member = package.find(f"{base}/{name}" if base else name, folder) or package.find(name, folder)
            if member:
                found[item.get("ID") or ""] = member
    return found


def readings(
    package: Package, scans: Iterable[tuple[int, Sequence[Picture]]], members: Mapping[str, str], limits: Limits
) -> Iterator[Reading | Later[Reading]]:
    """What is printed on pages that are pictures; ``scans`` are (page, its pictures), ``members`` hold the pictures."""
    for page, pictures in scans:
        for picture in pictures:
            member = members.get(picture.resource)
            try:
                if member is None:
                    raise Unreadable("页面上的图片缺失")
                found = read_picture(package.unpacked(member), page, limits)
            except Unreadable as error:
                yield page, [], [Trouble(f"第{page}页", str(error), lost=True)]
                continue
            yield Later(partial(_placed, page, found.work)) if isinstance(found, Later) else (page, *found)


def _placed(page: int, work: Callable[[], Recognition]) -> Reading:
    return (page, *work())
