"""Makes PDF files with a Chinese text layer, for the tests of parsing."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

FONT = "STSong-Light"


def pdf_of(draw: Callable[[Any], None], size: tuple[float, float] = (595.0, 842.0)) -> bytes:
    """A file of what ``draw`` puts on the canvas; pages end with its ``showPage``."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size, invariant=1)
    draw(canvas)
    canvas.save()
    return target.getvalue()


def pdf_lines(*pages: list[tuple[float, str]], size: float = 14, pitch: float = 24, left: float = 70) -> bytes:
    """Pages of lines, each as its indent in characters and its text."""

    def draw(canvas: Any) -> None:
        for lines in pages:
            canvas.setFont(FONT, size)
            for row, (indent, text) in enumerate(lines):
                canvas.drawString(left + size * indent, 780 - pitch * row, text)
            canvas.showPage()

    return pdf_of(draw)
