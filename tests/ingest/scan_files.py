"""Makes scans: text set on a page with a Chinese font of the machine, then turned, noised and sealed like paper."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 1654, 2339  # A4 at 200 dots per inch
MARGIN, BODY, PITCH = 220, 44, 76  # pixels: left margin, size of 三号 print, distance of lines
PER_LINE = 27  # characters of a full line
_FONTS = ("NotoSerifCJK-Regular", "NotoSansCJK-Regular", "wqy-zenhei", "SourceHanSerif")


def font(size: int = BODY) -> ImageFont.FreeTypeFont:
    """A Chinese font of this machine; without one the test is skipped."""
    for folder in ("/usr/share/fonts", "/usr/local/share/fonts", str(Path.home() / ".fonts")):
        for name in _FONTS:
            for path in sorted(Path(folder).rglob(f"{name}*")) if Path(folder).is_dir() else ():
                index = 2 if "CJK" in path.name else 0  # the Simplified Chinese face of the collection
                return ImageFont.truetype(str(path), size, index=index)
    pytest.skip("no Chinese font on this machine (fonts-noto-cjk)")


def set_paragraphs(paragraphs: Sequence[str], per_line: int = PER_LINE) -> list[str]:
    """Lines of paragraphs whose first line is indented by two characters; a paragraph that starts with | is centred."""
    lines: list[str] = []
    for paragraph in paragraphs:
        if paragraph.startswith("|"):
            lines.append(paragraph)
            continue
        rest, room = paragraph, per_line - 2
        while rest:
            # A closing mark does not open a line: it hangs over the edge, as typesetters let it.
            cut = room + 1 if rest[room : room + 1] in tuple("，。；：、）") else room
            lines.append(("　　" if rest is paragraph else "") + rest[:cut])
            rest, room = rest[cut:], per_line
    return lines


def page(lines: Sequence[str], *, letterhead: str = "", height: int = HEIGHT, top: int = 260) -> Image.Image:
    """A page of lines; ``letterhead`` is printed in red over the width, as 红头 is."""
    sheet = Image.new("RGB", (WIDTH, height), "white")
    draw = ImageDraw.Draw(sheet)
    if letterhead:
        draw.text((WIDTH // 2, 150), letterhead, fill=(215, 25, 25), font=font(90), anchor="mm")
        draw.line((MARGIN, 225, WIDTH - MARGIN, 225), fill=(215, 25, 25), width=5)
    face = font()
    for row, line in enumerate(lines):
        y = top + row * PITCH
        if line.startswith("|"):
            draw.text((WIDTH // 2, y), line[1:], fill="black", font=face, anchor="ma")
        else:
            indent = len(line) - len(line.lstrip("　"))
            draw.text((MARGIN + indent * BODY, y), line.lstrip("　"), fill="black", font=face)
    return sheet


def sealed(sheet: Image.Image, x: int, y: int) -> Image.Image:
    """The page with a red seal over what stands at (x, y): ink that lets the print under it through."""
    ink = Image.new("RGB", sheet.size, "white")
    draw = ImageDraw.Draw(ink)
    red = (220, 40, 40)
    draw.ellipse((x - 160, y - 160, x + 160, y + 160), outline=red, width=10)
    draw.regular_polygon((x, y, 50), 5, fill=red)
    draw.text((x, y + 100), "专用章", fill=red, font=font(40), anchor="mm")
    from PIL import ImageChops

    return ImageChops.multiply(sheet, ink)


def scanned(sheet: Image.Image, *, degrees: float = 0.0, noise: int = 0, blur: float = 0.0) -> Image.Image:
    """The page as a scanner gives it: a little turned, grainy and soft. The grain is the same on every run."""
    import numpy as np

    turned = sheet.rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white") if degrees else sheet
    soft = turned.filter(ImageFilter.GaussianBlur(blur)) if blur else turned
    if not noise:
        return soft
    grain = np.random.default_rng(7).normal(0, noise, (soft.height, soft.width, 1))
    return Image.fromarray(np.clip(np.asarray(soft, dtype=np.float64) + grain, 0, 255).astype(np.uint8))


def as_pdf(sheets: Sequence[Image.Image]) -> bytes:
    """Pages as a scanner's PDF: a picture each, no text."""
    target = io.BytesIO()
    sheets[0].save(target, "PDF", resolution=200, save_all=True, append_images=list(sheets[1:]))
    return target.getvalue()


def as_file(sheets: Sequence[Image.Image], kind: str) -> bytes:
    """Pages as a picture file; several only as TIFF."""
    target = io.BytesIO()
    more = {"save_all": True, "append_images": list(sheets[1:])} if len(sheets) > 1 else {}
    sheets[0].save(target, kind, dpi=(200, 200), **more)
    return target.getvalue()


def error_rate(expected: str, found: str) -> float:
    """Edits that turn one text into the other, for each character of the expected one; white space aside."""
    a, b = "".join(expected.split()), "".join(found.split())
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1] / max(1, len(a))
