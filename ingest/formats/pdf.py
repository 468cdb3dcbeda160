"""PDF: the text layer where a page has one that can be read, recognition of its print where it has not."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ingest.formats import causes
from ingest.formats.model import Limits, ParsedFile, Trouble
from ingest.formats.ocr import OcrUnavailable
from ingest.formats.ocr_page import read_page, read_pictures
from ingest.formats.page_troubles import merged
from ingest.formats.pdf_mend import mended
from ingest.formats.pdf_page import Item, items_of
from ingest.formats.pdf_paragraphs import blocks_of
from ingest.formats.pdf_quality import garbage, is_picture
from ingest.formats.pdf_tables import grids
from ingest.formats.pdf_text import Character, PageText, Stroke, page_text, pieces_of, plain
from ingest.formats.side_by_side import Later, in_order

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

    from ingest.formats.ocr import Picture

_POINTS_PER_INCH = 72
_DOTS_PER_INCH = 200  # print of the smallest size in use (小五, 9 points) is 25 pixels high
_LONGEST_SIDE = 4000  # pixels; a poster is rendered more coarsely
_LIBRARY = threading.Lock()  # the PDF library keeps state of its own and must not be entered twice

_Page = tuple[list[Item], list[Trouble]]


def parse_pdf(data: bytes, limits: Limits) -> ParsedFile:
    """Paragraphs and tables of a PDF, by the layout of its text layer or of its print.

    A page whose text layer is missing or garbage is recognised from its picture. An encrypted file, pages that cannot
    be read, uncertain lines and pages beyond ``limits.max_pages`` (or ``max_scanned_pages`` of recognised ones) are
    troubles. Raises what the library raises on a damaged file.
    """
    import pypdfium2
    import pypdfium2.raw as pdfium

    damage: list[Trouble] = []
    with _LIBRARY:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if error.err_code == pdfium.FPDF_ERR_PASSWORD:
                return ParsedFile((), troubles=(Trouble("", "文件已加密，请取消密码后再导入", lost=True),))
            document = pypdfium2.PdfDocument(mended(data))
            damage.append(Trouble("", "文件有损坏，修复后读取，请核对页数和内容", lost=False))
        try:
            pages, troubles = _pages(document, limits)
        finally:
            document.close()
    troubles = damage + troubles
    return ParsedFile(tuple(blocks_of(pages)), troubles=tuple(merged(troubles)))


def _pages(document: PdfDocument, limits: Limits) -> tuple[list[list[Item]], list[Trouble]]:
    troubles: list[Trouble] = []
    pages: list[list[Item]] = []
    for items, remarks in in_order(_read(document, limits)):
        pages.append(items)
        troubles += remarks
    if len(document) > limits.max_pages:
        over = f"页数超过 {limits.max_pages} 页，其后未收入"
        troubles.append(Trouble(f"第{limits.max_pages + 1}页起", over, lost=True))
    return pages, troubles


def _read(document: PdfDocument, limits: Limits) -> Iterator[_Page | Later[_Page]]:
    """The pages in order; those that must be recognised are rendered, and read when they are asked to work."""
    scanned = 0
    for number in range(1, min(len(document), limits.max_pages) + 1):
        try:
            page = _opened(document, number - 1)
            try:
                content = page_text(page)
                reason = _unreadable(content)
                recognises = reason is not None or (bool(content.pictures) and not page.get_rotation())
                scanned += recognises
                picture = _rendered(page) if recognises and scanned <= limits.max_scanned_pages else None
                boxes = _boxes(page, content, picture)
            finally:
                page.close()
            items = _text_items(content, number) if reason is None else []
        except MemoryError:
            raise
        except Exception as error:  # one page that cannot be read must not cost the others
            yield [], [_unread(error, number)]
            continue
        if picture is None and reason is not None:
            over = f"需要文字识别的页数超过 {limits.max_scanned_pages} 页，本页未收入"
            yield [], [Trouble(f"第{number}页", over, lost=True)]
        elif picture is None:
            yield items, _across(content, number)
        elif reason is None:
            yield Later(partial(_with_pictures, items, content, boxes, picture, number))
        else:
            yield Later(partial(_recognised, picture, reason, number))


def _across(content: PageText, number: int) -> list[Trouble]:
    """What is said of text across the page. It is named, and would break up the lines that it lies over."""
    written = "".join(content.slanted.split())
    note = f"斜排的文字（多为水印）未收入：{written[:60]}"
    return [Trouble(f"第{number}页", note, lost=False)] if written else []


def _unread(error: Exception, number: int) -> Trouble:
    if isinstance(error, OcrUnavailable):
        return Trouble(f"第{number}页", f"需要文字识别：{error}", lost=True)
    return Trouble(
        f"第{number}页",
        "本页无法读取，文件可能已损坏；请打开后另存为 PDF 再导入",
        lost=True,
        detail=causes.detail(error),
    )


def _recognised(picture: Picture, reason: str, number: int) -> _Page:
    """A page whose text layer will not do, by its picture."""
    try:
        items, remarks = read_page(picture, number)
    except MemoryError:
        raise
    except Exception as error:
        return [], [_unread(error, number)]
    return items, [Trouble(f"第{number}页", f"{reason}，已作文字识别（OCR）", lost=False), *remarks]


def _opened(document: PdfDocument, index: int) -> PdfPage:
    """A page with what was filled into its form and written on it: these are no part of its text otherwise."""
    import pypdfium2.raw as pdfium

    page = document[index]
    if pdfium.FPDFPage_GetAnnotCount(page) <= 0:
        return page
    pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
    page.close()  # what was put in shows when the page is opened again
    return document[index]


def _unreadable(content: PageText) -> str | None:
    """Why a page has to be read from its picture; None where its text layer will do (or the page is empty)."""
    text = plain(content.characters)
    if not text:
        return "没有文字层" if content.drawn else None
    return garbage(text) or ("页面是图片" if is_picture(text, content.pictured) else None)


def _text_items(content: PageText, number: int) -> list[Item]:
    tables = grids(content.strokes)
    if not tables:
        return items_of(pieces_of(content.characters), (), number)
    inside: list[list[list[Character]]] = [[[] for _ in grid.cells] for grid in tables]
    outside: list[Character] = []
    for character in content.characters:
        x, y = (character.left + character.right) / 2, (character.top + character.bottom) / 2
        for grid, contents in zip(tables, inside, strict=True):
            if (cell := grid.cell_at(x, y)) is not None:
                contents[cell].append(character)
                break
        else:
            outside.append(character)
    filled = [(grid, [pieces_of(cell) for cell in contents]) for grid, contents in zip(tables, inside, strict=True)]
    return items_of(pieces_of(outside), filled, number)


def _boxes(page: PdfPage, content: PageText, picture: Picture | None) -> list[Stroke]:
    """Where the pictures of a page are on it when it is rendered, in pixels."""
    if picture is None:
        return []
    left, bottom, _, top = page.get_cropbox()
    scale = len(picture) / max(1.0, top - bottom)
    return [
        Stroke((b.left - left) * scale, (b.top + top) * scale, (b.right - left) * scale, (b.bottom + top) * scale)
        for b in content.pictures
    ]


def _with_pictures(
    items: list[Item], content: PageText, boxes: Sequence[Stroke], picture: Picture, number: int
) -> _Page:
    """The lines of a page with the text of its pictures between them, and what is to be said of it."""
    try:
        found, troubles = read_pictures(picture, boxes, number)
    except MemoryError:
        raise
    except Exception as error:
        return items, [_unread(error, number)]
    items = list(items)
    for box, lines in sorted(zip(content.pictures, found, strict=True), key=lambda pair: -pair[0].top):
        below = next((i for i, item in enumerate(items) if item.top >= box.top), len(items))
        items[below:below] = lines
    return items, [*_across(content, number), *troubles]


def _rendered(page: PdfPage) -> Picture:
    width, height = page.get_size()
    scale = min(_DOTS_PER_INCH / _POINTS_PER_INCH, _LONGEST_SIDE / max(width, height, 1.0))
    picture: Picture = page.render(scale=scale, rev_byteorder=True, draw_annots=True).to_numpy()[:, :, :3]
    return picture
