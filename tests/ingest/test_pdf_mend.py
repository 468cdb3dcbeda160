"""Damaged PDF files that the first library refuses are written anew by the second and read like any other."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf.errors import PyPdfError

from ingest.formats.model import Limits
from ingest.formats.pdf import parse_pdf

SAMPLE = Path(__file__).parents[2] / "corpus" / "12-调整牵头单位和时限的函.pdf"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"x" * 2000 + data,
        lambda data: data.replace(b"%PDF-1", b"%PXF-1"),
        lambda data: data.replace(b"/Root", b"/Rxot"),
    ],
    ids=["junk before the header", "damaged header", "no root"],
)
def test_a_damaged_file_gives_the_text_of_the_whole_one(damage) -> None:
    whole = SAMPLE.read_bytes()
    sound = parse_pdf(whole, Limits())
    mended = parse_pdf(damage(whole), Limits())
    assert [b.text for b in mended.blocks] == [b.text for b in sound.blocks]
    assert [t.lost for t in mended.troubles] == [False]
    assert "损坏" in mended.troubles[0].reason


def test_what_neither_library_reads_is_raised() -> None:
    whole = SAMPLE.read_bytes()
    with pytest.raises(PyPdfError):
        parse_pdf(whole[: len(whole) // 2], Limits())
