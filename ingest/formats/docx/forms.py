"""Forms (:mod:`ingest.formats.forms`) as tables of a Word document, whose values may be paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from ingest.formats import forms
from ingest.formats.docx.names import child, value, w
from ingest.formats.docx.tables import cells_of


def is_form(rows: Sequence[etree._Element]) -> bool:
    """Whether a table is a form; see :func:`ingest.formats.forms.is_form`."""
    return forms.is_form([[_front(cell) for cell in cells_of(row)] for row in rows])


def pairs(row: etree._Element) -> Iterator[tuple[str, list[etree._Element]]]:
    """Labels of a row with the cells of their values; without a label (empty) the cells before the first one.

    A label that is all of a row is a heading: it is given as a value, without a label. A cell that goes on from the
    row above (merged downwards) says nothing new.
    """
    cells = cells_of(row)
    label, values = "", list[etree._Element]()
    for cell in cells:
        merge = child(cell, "tcPr", "vMerge")
        if merge is not None and value(merge) != "restart":
            continue
        if len(cells) == 1 or (found := label_of(cell)) is None:
            values.append(cell)
            continue
        if label or values:
            yield label, values
        label, values = found, []
    if label or values:
        yield label, values


def label_of(cell: etree._Element) -> str | None:
    """The label that a cell is; None for any other cell."""
    return forms.label_of(_front(cell))


def _front(cell: etree._Element) -> str:
    """The text of a cell, no more of it than tells that it is no label."""
    text = ""
    for piece in cell.iter(w("t")):
        text += piece.text or ""
        if len(text) > forms.LONGEST_LABEL:
            break
    return text
