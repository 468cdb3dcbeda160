"""Pictures of pages (.png, .jpg, .tif, .bmp): scans and photographs, one page a frame."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from ingest.formats import causes
from ingest.formats.model import Limits, ParsedFile, Trouble
from ingest.formats.ocr import OcrUnavailable
from ingest.formats.ocr_page import read_page
from ingest.formats.pdf_page import Item
from ingest.formats.pdf_paragraphs import blocks_of
from ingest.formats.side_by_side import Later, in_order

if TYPE_CHECKING:
    from PIL.Image import Image

    from ingest.formats.ocr import Picture

#: Decoders that may see a file. The library knows fifty more, which nobody scans to and which are less tested.
#: Photographs of several frames (MPO) are opened by the decoder of JPEG.
_UNREAD = "图片读不出来，可能已损坏；请打开后另存为 PNG 或 JPG 再导入"
_DECODERS = ("PNG", "JPEG", "TIFF", "BMP")
_LONGEST_SIDE = 4000  # pixels; more adds nothing to print of a page

#: What is read on a picture, and what is to be said of it.
Recognition = tuple[list[Item], list[Trouble]]


def parse_image(data: bytes, limits: Limits) -> ParsedFile:
    """The text of a picture, or of each frame of a .tif.

    A frame of more than ``limits.max_pixels`` is not decoded and named as lost, as are frames beyond
    ``limits.max_scanned_pages``; damaged frames and uncertain lines are troubles. Raises what the decoder raises on a
    file that is no picture.
    """
    from PIL import Image, UnidentifiedImageError

    pages: list[list[Item]] = []
    troubles: list[Trouble] = []
    with warnings.catch_warnings():
        # The size is checked below, before anything is decoded.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            opened = Image.open(io.BytesIO(data), formats=_DECODERS)
        except Image.DecompressionBombError:
            return ParsedFile((), troubles=(Trouble("第1页", f"图片过大：{_most(limits)}", lost=True),))
        except UnidentifiedImageError:
            # The library's own words name an address in memory, which differs on every run.
            raise ValueError("不是图片，或图片已损坏") from None
        with opened as image:
            frames = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
            taken = min(frames, limits.max_scanned_pages)
            for items, remarks in in_order(_frame(image, number, number, limits) for number in range(1, taken + 1)):
                pages.append(items)
                troubles += remarks
            if frames > taken:
                over = f"需要文字识别的页数超过 {limits.max_scanned_pages} 页，其后未收入"
                troubles.append(Trouble(f"第{taken + 1}页起", over, lost=True))
    return ParsedFile(tuple(blocks_of(pages)), troubles=tuple(troubles))


def read_picture(data: bytes, page: int, limits: Limits) -> Recognition | Later[Recognition]:
    """Lines, tables and troubles of a picture that is ``page`` of a file of another format; the first frame of it.

    It is decoded at once, and recognised when the result is asked to work.
    """
    from PIL import Image, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            opened = Image.open(io.BytesIO(data), formats=_DECODERS)
        except Image.DecompressionBombError:
            return [], [Trouble(f"第{page}页", f"图片过大：{_most(limits)}", lost=True)]
        except (UnidentifiedImageError, OSError, ValueError):
            return [], [Trouble(f"第{page}页", "图片损坏，或是不支持的格式", lost=True)]
        with opened as image:
            return _frame(image, 1, page, limits)


def _most(limits: Limits) -> str:
    return f"上限 {limits.max_pixels // 10_000} 万像素"


def _frame(image: Image, frame: int, page: int, limits: Limits) -> Recognition | Later[Recognition]:
    place = f"第{page}页"
    try:
        image.seek(frame - 1)
        width, height = image.size
        if width * height > limits.max_pixels:
            return [], [Trouble(place, f"图片过大：{width}×{height} 像素，{_most(limits)}", lost=True)]
        pixels = _pixels(image)
    except MemoryError:
        raise
    except Exception as error:  # a frame that is cut off must not cost the others
        return [], [Trouble(place, _UNREAD, lost=True, detail=causes.detail(error))]
    return Later(lambda: _recognition(pixels, page))


def _recognition(pixels: Picture, page: int) -> Recognition:
    try:
        return read_page(pixels, page)
    except OcrUnavailable as error:
        return [], [Trouble(f"第{page}页", f"需要文字识别：{error}", lost=True)]
    except MemoryError:
        raise
    except Exception as error:  # the same holds for what is drawn on it
        return [], [Trouble(f"第{page}页", _UNREAD, lost=True, detail=causes.detail(error))]


def _pixels(image: Image) -> Picture:
    """Level RGB pixels: turned as the camera says, transparent places white, very large pictures made smaller."""
    import numpy as np
    from PIL import Image, ImageOps

    frame = ImageOps.exif_transpose(image)
    if frame.mode in ("RGBA", "LA", "PA") or "transparency" in frame.info:
        frame = frame.convert("RGBA")
        paper = Image.new("RGBA", frame.size, "white")
        frame = Image.alpha_composite(paper, frame)
    elif frame.mode.startswith("I"):
        # 16 bits of grey; the conversion of the library would cut instead of scale.
        values = np.asarray(frame, dtype=np.float64)
        top = max(float(values.max()), 1.0)
        frame = Image.fromarray((values * (255.0 / top)).astype(np.uint8))
    frame = frame.convert("RGB")
    frame.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    pixels: Picture = np.asarray(frame, dtype=np.uint8)
    return pixels
