"""Tables of a page: data as rows of named cells, forms as lines; merged cells in every place that they cover."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ingest.formats.forms import form_lines
from ingest.formats.model import Block, BlockKind
from ingest.formats.spaces import clean
from ingest.formats.tables import Cell, row_texts

#: Elements that stand on lines of their own.
BLOCKS = frozenset(
    "p div section article main header aside table thead tbody tfoot tr td th caption ul ol li dl dt dd h1 h2 h3 h4 h5 "
    "h6 blockquote pre hr address figure figcaption center body html fieldset details summary".split()
)


def is_data(table: etree._Element) -> bool:
    """Whether a table (with no other inside) holds data; one that lays out the page has hardly two cells in a row."""
    rows = [[c for c in row if c.tag in ("td", "th") and clean(c.text_content())] for row in table.iter("tr")]
    return sum(1 for row in rows if len(row) >= 2) >= 2


def table_blocks(element: etree._Element, number: int) -> Iterator[Block]:
    """A table as rows of named cells, or as the lines of a form; ``number`` tells the tables of a page apart."""
    rows = _cells(element)
    if (lines := form_lines(rows)) is None:
        yield from (Block(text, BlockKind.TABLE_ROW, table=number) for text in row_texts(rows))
        return
    for text, blank in lines:
        yield Block(clean(text), BlockKind.TABLE_ROW, table=number) if blank else Block(clean(text))


def _cells(table: etree._Element) -> list[list[Cell]]:
    return [
        [
            Cell(_cell_text(c), _number(c.get("rowspan")), _number(c.get("colspan")), c.tag == "th")
            for c in row
            if c.tag in ("td", "th")
        ]
        for row in table.iter("tr")
    ]


def _cell_text(cell: etree._Element) -> str:
    parts: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if event == "start":
            if element.tag in BLOCKS or element.tag == "br":
                parts.append("\n")
            parts.append(re.sub(r"(?<!\s)\s*\n\s*", "\n", element.text or ""))
        elif element is not cell:
            parts.append(re.sub(r"(?<!\s)\s*\n\s*", "\n", element.tail or ""))
    return re.sub(r"(?<!\s)\s*\n\s*", "\n", "".join(parts).strip())


def _number(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else 1
