"""A picture of a page as lines and tables, with remarks on what was hard to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.formats.model import Trouble
from ingest.formats.ocr import SURE_CONFIDENCE, Recognised, recognise
from ingest.formats.pdf_lines import Piece
from ingest.formats.pdf_page import Item, items_of
from ingest.formats.pdf_tables import Grid, grids
from ingest.formats.pdf_text import Stroke
from ingest.formats.spaces import display_width

if TYPE_CHECKING:
    from ingest.formats.ocr import Picture

_NAMED = 3  # uncertain lines of a page that are named; the rest are counted


def read_page(picture: Picture, page: int) -> tuple[list[Item], list[Trouble]]:
    """Lines and tables of a page given as RGB pixels, in reading order, and troubles placed at 第n页.

    A line that is read with less than :data:`~ingest.formats.ocr.SURE_CONFIDENCE` is taken and named in a remark; one
    below :data:`~ingest.formats.ocr.LEAST_CONFIDENCE` is named as lost.
    """
    found = recognise(picture)
    place = f"第{page}页"
    tables = _grids(picture, found)
    outside: list[Piece] = []
    inside: list[list[list[Piece]]] = [[[] for _ in grid.cells] for grid in tables]
    for piece in found.pieces:
        for part in _split(piece, tables):
            middle = (part.left + part.right) / 2
            for grid, contents in zip(tables, inside, strict=True):
                if (cell := grid.cell_at(middle, part.middle)) is not None:
                    contents[cell].append(part)
                    break
            else:
                outside.append(part)
    items = items_of(outside, list(zip(tables, inside, strict=True)), page, scanned=True)
    troubles = [Trouble(place, reason, lost) for reason, lost in _remarks(found, items)]
    return items, troubles


def read_pictures(picture: Picture, boxes: Sequence[Stroke], page: int) -> tuple[list[list[Item]], list[Trouble]]:
    """The lines within each of some boxes (in pixels) of a page, of which the rest is not looked at.

    Pictures beside text are often no text: what is uncertain is left out, with a remark.
    """
    import numpy as np

    sheet = np.full_like(picture, 255)
    for box in boxes:
        area = slice(max(0, int(box.top)), int(box.bottom)), slice(max(0, int(box.left)), int(box.right))
        sheet[area] = picture[area]
    found = recognise(sheet)
    if found.quarters:
        return [[] for _ in boxes], []
    inside: list[list[Piece]] = [[] for _ in boxes]
    unsure = len(found.unsure)
    for piece in found.pieces:
        middle = (piece.left + piece.right) / 2
        within = [b.left <= middle <= b.right and b.top <= piece.middle <= b.bottom for b in boxes]
        if piece.confidence < SURE_CONFIDENCE:
            unsure += 1
        elif any(within):
            inside[within.index(True)].append(piece)
    troubles = []
    if any(inside):
        troubles.append(Trouble(f"第{page}页", "图片中的文字已作文字识别（OCR）", lost=False))
    if unsure:
        troubles.append(Trouble(f"第{page}页", f"图片中 {unsure} 处辨认不清，未收入", lost=False))
    return [items_of(pieces, (), page, scanned=True) for pieces in inside], troubles


def _remarks(found: Recognised, items: Sequence[Item]) -> list[tuple[str, bool]]:
    remarks: list[tuple[str, bool]] = []
    doubtful = sorted((p for p in found.pieces if p.confidence < SURE_CONFIDENCE), key=lambda p: p.confidence)
    if doubtful:
        named = "；".join(f"“{p.text[:30]}”（{p.confidence:.2f}）" for p in doubtful[:_NAMED])
        more = f"等 {len(doubtful)} 处" if len(doubtful) > _NAMED else ""
        remarks.append((f"文字识别置信度低：{named}{more}，请对照原件", False))
    if found.unsure:
        named = "；".join(f"“{text[:20]}”" for text in found.unsure[:_NAMED])
        remarks.append((f"{len(found.unsure)} 处文字辨认不清，未收入：{named}", True))
    if found.sealed:
        remarks.append(("有红色印章，印章上的文字未识别", False))
    if not items and not found.unsure:
        remarks.append(("文字识别（OCR）没有读出文字", True))
    return remarks


def _grids(picture: Picture, found: Recognised) -> list[Grid]:
    """Ruled tables of the picture: long level and upright dark lines."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(np.ascontiguousarray(np.rot90(picture, found.quarters)), cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    if found.degrees:
        turn = cv2.getRotationMatrix2D((0, 0), found.degrees, 1.0)
        grey = cv2.warpAffine(grey, turn, (width, height), borderValue=255)
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    strokes: list[Stroke] = []
    for kernel in ((max(40, width // 25), 1), (1, max(40, height // 45))):
        lines = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, kernel))
        lines = cv2.dilate(lines, np.ones((3, 3), np.uint8))
        count, _, boxes, _ = cv2.connectedComponentsWithStats(lines)
        for left, top, wide, high, _ in boxes[1:count]:
            if min(wide, high) <= 0.012 * width:
                strokes.append(Stroke(float(left), float(top), float(left + wide), float(top + high)))
    return grids(strokes, near=0.006 * width)


def _split(piece: Piece, tables: Sequence[Grid]) -> list[Piece]:
    """A run that was read across the wall between two cells, cut where the wall is."""
    middle = (piece.left + piece.right) / 2
    grid = next((t for t in tables if t.cell_at(middle, piece.middle) is not None), None)
    if grid is None:
        return [piece]
    margin = 0.6 * piece.size
    walls = sorted(
        {
            cell.right
            for cell in grid.cells
            if cell.top <= piece.middle < cell.bottom and piece.left + margin < cell.right < piece.right - margin
        }
    )
    parts: list[Piece] = []
    for wall in walls:
        share = (wall - piece.left) / (piece.right - piece.left)
        cut, columns = 0, display_width(piece.text)
        while cut < len(piece.text) and display_width(piece.text[: cut + 1]) <= share * columns + 0.5:
            cut += 1
        parts.append(replace(piece, text=piece.text[:cut].strip(), right=wall - 1))
        piece = replace(piece, text=piece.text[cut:].strip(), left=wall + 1)
    return [part for part in (*parts, piece) if part.text]
