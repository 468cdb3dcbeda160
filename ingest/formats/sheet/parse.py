"""The parsers of spreadsheets: a file is told by what it is, not by its suffix, for many are misnamed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from ingest.formats import causes
from ingest.formats.model import Block, BlockKind, Limits, ParsedFile, Trouble
from ingest.formats.sheet.book import Book, Sheet, Unreadable, column_name, ranges
from ingest.formats.sheet.layout import Layout, Piece, PieceKind, layout_of
from ingest.formats.spaces import clean
from ingest.structure.markers import marker_at
from ingest.structure.roles import secrecy

_NAMELESS = re.compile(r"(?:sheet|工作表|表|table)[ _]?[0-9]{0,3}", re.IGNORECASE)
_MARKUP = re.compile(rb"\s{0,200}<(?:!doctype|html|head|meta|table|body|style)[\s>]", re.IGNORECASE)


def parse_sheet(data: bytes, limits: Limits) -> ParsedFile:
    """An .xlsx, .xlsm, .xls or .csv file as blocks: one TABLE_ROW a row of data, its cells named by their headers.

    Web pages that carry the suffix of a workbook, as many systems export them, are read as web pages.
    """
    if is_page(data):
        from ingest.formats.html import parse_html

        return parse_html(data, limits)
    try:
        book = read_book(data, limits)
        layouts = [layout_of(sheet) for sheet in book.sheets]
    except Unreadable as error:
        return ParsedFile((), troubles=(Trouble("", str(error), lost=True, detail=causes.detail(error)),))
    return ParsedFile(tuple(blocks_of(book, layouts)), troubles=troubles_of(book, layouts))


def is_page(data: bytes) -> bool:
    """Whether the bytes are those of a web page."""
    return bool(_MARKUP.match(data[:1024].removeprefix(codecs.BOM_UTF8)))


def read_book(data: bytes, limits: Limits) -> Book:
    """The sheets of a workbook or of delimited text. Raises :class:`Unreadable`."""
    if data.startswith(b"PK"):
        from ingest.formats.sheet.xlsx import read_xlsx

        return read_xlsx(data, limits)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Unreadable("文件已加密，请取消密码后再导入")
        from ingest.formats.sheet.xls import read_xls

        return read_xls(data, limits)
    if data[:2] == b"\x09\x08":  # BIFF without a container
        from ingest.formats.sheet.xls import read_xls

        return read_xls(data, limits)
    if data.lstrip()[:5] == b"<?xml":
        raise Unreadable("是 Excel 2003 的 XML 表格，请另存为 .xlsx 后再导入")
    from ingest.formats.sheet.delimited import read_csv

    return read_csv(data, limits)


def blocks_of(book: Book, layouts: list[Layout], without: frozenset[tuple[int, int]] = frozenset()) -> Iterator[Block]:
    """The blocks of all sheets. ``without`` are rows (sheet from 0, row) that are documents of their own.

    Several sheets are named: by a heading each, and where the first has no title by a line that lists them, so that
    the name of one sheet is not taken for the title of all.
    """
    pieces = [
        [p for p in layout.pieces if (position, p.number) not in without] for position, layout in enumerate(layouts)
    ]
    taken = [i for i, sheet in enumerate(book.sheets) if pieces[i] or sheet.apart]
    named = [book.sheets[i].name for i in taken]
    tables = 0
    for position in taken:
        found = list(pieces[position])
        first = position == taken[0]
        if first:
            yield from (Block(mark) for mark in secrecy_marks(book, layouts, without))
            while found and found[0].kind == PieceKind.TITLE:
                yield Block(found.pop(0).text, centred=True)
        name = clean(book.sheets[position].name)
        if len(taken) > 1:
            if first and not any(p.kind == PieceKind.TITLE for p in pieces[position]):
                yield Block(f"工作表：{'、'.join(clean(n) for n in named)}")
            yield Block(name, BlockKind.HEADING, level=2)
        elif name and not _NAMELESS.fullmatch(name) and len(pieces[position]) == len(found) and len(name) > 3:
            yield Block(name, BlockKind.PARAGRAPH, centred=True)
        for piece in found:
            yield _block(piece, tables)
        tables += max((p.table for p in found), default=0)
        yield from (Block(clean(text)) for text in book.sheets[position].apart)


def secrecy_marks(book: Book, layouts: list[Layout], without: frozenset[tuple[int, int]]) -> Iterator[str]:
    """Marks anywhere in the file go first, where the rule that refuses marked documents looks for them.

    They stand above a table of any sheet, in a page's head or foot, or in a column 密级.
    """
    for position, (sheet, layout) in enumerate(zip(book.sheets, layouts, strict=True)):
        lines = [t.partition("：")[2] for t in sheet.apart if t.startswith("页")]
        for piece in layout.pieces:
            if piece.kind != PieceKind.ROW:
                lines.append(piece.text)
            elif (position, piece.number) not in without:
                lines += [clean(cell.text) for _, name, cell in piece.cells if name in ("密级", "保密等级")]
        yield from (line for line in lines if secrecy(line))


def _block(piece: Piece, before: int) -> Block:
    match piece.kind:
        case PieceKind.ROW:
            return Block(piece.text, BlockKind.TABLE_ROW, table=before + piece.table)
        case PieceKind.SECTION if marker_at(piece.text) is None:
            return Block(piece.text, BlockKind.HEADING, level=3)
    return Block(piece.text)


def troubles_of(book: Book, layouts: list[Layout]) -> tuple[Trouble, ...]:
    """What was left out and what the carrier hides, each with its sheet where there are several."""
    several = sum(1 for sheet in book.sheets if sheet.rows) > 1
    found = list(book.troubles)
    for sheet, layout in zip(book.sheets, layouts, strict=True):
        found += sheet.troubles
        for trouble in (*layout.troubles, *_hidden(sheet)):
            place = f"工作表“{sheet.name}”{trouble.place}" if several else trouble.place
            found.append(Trouble(place, trouble.reason, trouble.lost))
    return tuple(found)


def _hidden(sheet: Sheet) -> Iterator[Trouble]:
    if sheet.hidden and sheet.rows:
        yield Trouble("", "工作表是隐藏的，也已收入", lost=False)
    if sheet.hidden_rows:
        yield Trouble("", f"第{ranges(sheet.hidden_rows)}行是隐藏行，也已收入", lost=False)
    columns = {column for row in sheet.rows.values() for column in row} & sheet.hidden_columns
    if columns:
        named = "、".join(column_name(c) for c in sorted(columns)[:8])
        yield Trouble("", f"{named}列是隐藏列，也已收入", lost=False)
