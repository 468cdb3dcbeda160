"""Lay out the sample corpus's PDF files from the texts in ``pdf_text/``.

Run from anywhere: ``python tests/corpus/build_pdfs.py [FOLDER]`` (default: the repository's ``corpus/``). The files
use the CID font STSong-Light, which every reader brings along, so no font file is needed or embedded; the text layer
is Chinese. Every page bears a running header and a page number “— n —” as GB/T 9704 prints it, which a parser has to
keep out of the clauses. The output is the same on every run.

Each line of a source is a paragraph of the body, or a directive: ``!header`` text of the running header, ``!title``,
``!center``, ``!right``, ``!heading``, ``!plain`` (not indented), ``!rule`` (the line above 抄送) and ``!page``;
``<br/>`` breaks a title by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    HRFlowable,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    paragraph,
)

FONT = "STSong-Light"
# ReportLab keeps these from opening a line only in their half-width form; Chinese typesetting wants the full-width one.
paragraph.ALL_CANNOT_START += "，：；！？》”’"
SOURCES = Path(__file__).parent / "pdf_text"
CORPUS = Path(__file__).parents[2] / "corpus"

_BODY = ParagraphStyle(
    "body", fontName=FONT, fontSize=14, leading=25, firstLineIndent=28, alignment=TA_JUSTIFY, wordWrap="CJK"
)
_STYLES = {
    "": _BODY,
    "plain": ParagraphStyle("plain", _BODY, firstLineIndent=0),
    "heading": ParagraphStyle("heading", _BODY, spaceBefore=4, keepWithNext=True),
    "title": ParagraphStyle("title", _BODY, fontSize=20, leading=32, firstLineIndent=0, alignment=TA_CENTER),
    "center": ParagraphStyle("center", _BODY, firstLineIndent=0, alignment=TA_CENTER),
    "right": ParagraphStyle("right", _BODY, firstLineIndent=0, alignment=TA_RIGHT),
}


def directives(source: str) -> Iterator[tuple[str, str]]:
    """Each line of a source as (directive, text); the directive of a body paragraph is empty."""
    for line in source.splitlines():
        if not line.strip():
            continue
        if line.startswith("!"):
            name, _, text = line[1:].partition(" ")
            yield name, text
        else:
            yield "", line


def _flowables(source: str) -> Iterator[Flowable]:
    for name, text in directives(source):
        if name == "page":
            yield PageBreak()
        elif name == "rule":
            yield Spacer(1, 6 * mm)
            yield HRFlowable(width="100%", thickness=0.8, color="black")
        elif name != "header":
            yield Paragraph(text, _STYLES[name])


def build(source: Path, target: Path) -> None:
    """Lay one source out as a PDF file at ``target``."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    text = source.read_text(encoding="utf-8")
    header = next((text for name, text in directives(text) if name == "header"), "")

    def head(canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.setFont(FONT, 9)
        canvas.drawCentredString(A4[0] / 2, A4[1] - 18 * mm, header)

    def foot(canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.setFont(FONT, 12)
        canvas.drawCentredString(A4[0] / 2, 16 * mm, f"— {canvas.getPageNumber()} —")

    frame = Frame(28 * mm, 28 * mm, A4[0] - 54 * mm, A4[1] - 58 * mm, leftPadding=0, rightPadding=0)
    document = BaseDocTemplate(
        str(target),
        pagesize=A4,
        pageTemplates=[PageTemplate(frames=[frame], onPage=head, onPageEnd=foot)],
        title=source.stem,
        author="模拟样例",
        invariant=1,
    )
    document.build(list(_flowables(text)))


def main(folder: Path = CORPUS) -> None:
    """Build every PDF file of the corpus in ``folder``."""
    for source in sorted(SOURCES.glob("*.txt")):
        build(source, folder / f"{source.stem}.pdf")


if __name__ == "__main__":
    main(*(Path(a) for a in sys.argv[1:2]))
