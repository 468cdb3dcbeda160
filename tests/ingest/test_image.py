"""Pictures as documents: what is decoded, what is refused."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
import scan_files as scan
from parsing import with_problems
from PIL import Image

from ingest.formats.model import Limits
from ingest.parse import parse


def test_frames_of_a_tiff_are_pages() -> None:
    sheets = [scan.page([f"　　第{n}页的内容写在这里。"], height=300, top=100).convert("L") for n in "一二"]
    sheets[0] = sheets[0].convert("1")  # black and white, as fax machines store it
    document, problems = with_problems(scan.as_file(sheets, "TIFF"), "a.tif")
    assert document.text == "第一页的内容写在这里。\n第二页的内容写在这里。"
    assert document.page_of(document.text.index("第二")) == 2
    assert problems == ()


def test_transparent_paper_is_white_and_the_cameras_turn_is_heeded() -> None:
    black = scan.page(["　　透明的底上写着黑字。"], height=300, top=100)
    clear = black.convert("RGBA")
    clear.putalpha(black.convert("L").point(lambda v: 255 - v))
    assert with_problems(scan.as_file([clear], "PNG"), "a.png")[0].text == "透明的底上写着黑字。"
    turned = black.rotate(90, expand=True)
    target = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(target, "JPEG", exif=exif, quality=92)
    assert with_problems(target.getvalue(), "a.jpg")[0].text == "透明的底上写着黑字。"


def _png(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0" * 100)) + part(b"IEND", b"")


@pytest.mark.parametrize("size", [(30_000, 30_000), (100_000, 700)])
def test_a_picture_of_too_many_pixels_is_not_decoded(size: tuple[int, int]) -> None:
    document, problems = parse("a.png", _png(*size))
    assert document is None
    assert [(p.place, p.lost) for p in problems] == [("第1页", True)]
    assert "图片过大" in problems[0].reason
    assert "6000 万像素" in problems[0].reason


def test_a_cut_off_picture_is_a_loss() -> None:
    data = scan.as_file([scan.page([], height=300)], "JPEG")
    document, problems = parse("a.jpg", data[: len(data) // 2])
    assert document is None
    assert problems[0].lost


def test_other_decoders_are_not_tried() -> None:
    target = io.BytesIO()
    Image.new("RGB", (8, 8)).save(target, "PPM")
    document, problems = parse("a.png", target.getvalue())
    assert document is None
    assert "无法解析" in problems[0].reason


def test_frames_beyond_the_limit_are_a_loss() -> None:
    data = scan.as_file([Image.new("L", (40, 40), 255)] * 3, "TIFF")
    _, problems = parse("a.tif", data, Limits(max_scanned_pages=1))
    assert ("第2页起", True) in [(p.place, p.lost) for p in problems]
