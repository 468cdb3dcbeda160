"""The files behind documents: offered while they are what was read, drawn page by page in a process of its own."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine

from assistant.adapters.database.engine import open_library
from assistant.adapters.database.intake import Intake
from assistant.adapters.originals import LibraryOriginals
from assistant.domain.holdings import SourceRecord
from assistant.domain.policy import Document
from tests.fakes.shelf import document
from tests.ingest.pdf_files import pdf_lines

LETTER = document("关于修渠的函", ("一", "一、", 1, "一、安排。由市水务局牵头修建南渠。"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_library(tmp_path / "data")
    yield made
    made.dispose()


def read_from(engine: Engine, path: Path, held: Document = LETTER, container: str | None = None) -> LibraryOriginals:
    """The originals of a library that has read this file as this document."""
    found = path.stat()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    record = SourceRecord(
        str(path), str(path.parent), f"函/{path.name}", found.st_size, found.st_mtime_ns, digest, "1", None
    )
    if container:
        record = SourceRecord(f"{path}/1", str(path.parent), path.name, 1, 1, digest, "1", None, container=container)
    Intake(engine).put_source(record, held, ())
    return LibraryOriginals(engine)


def test_a_file_is_offered_while_it_is_what_was_read(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "函.txt"
    path.write_text("一、安排。", "utf-8")
    originals = read_from(engine, path)

    found = originals.original(LETTER.id)
    assert found is not None
    assert (found.name, found.path, found.media_type, found.drawable) == ("函.txt", path, "text/plain", False)
    os.utime(path, (1, 1))
    assert originals.original(LETTER.id) is not None, "touched, but the same to the byte"
    path.write_text("二、安排。", "utf-8")
    assert originals.original(LETTER.id) is None, "as long, but another text"
    path.unlink()
    assert originals.original(LETTER.id) is None
    assert originals.original("d0") is None


def test_a_part_of_another_file_has_no_original_of_its_own(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "全部.zip"
    path.write_bytes(b"zip")
    assert read_from(engine, path, container=str(path)).original(LETTER.id) is None


def test_pages_of_a_pdf_are_drawn(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "函.pdf"
    path.write_bytes(pdf_lines([(0, "page one")], [(0, "page two"), (1, "and more")]))
    originals = read_from(engine, path)
    found = originals.original(LETTER.id)
    assert found is not None

    first, second = originals.page(found, 1), originals.page(found, 2)
    assert first is not None and second is not None and first != second
    picture = Image.open(io.BytesIO(first))
    assert (picture.format, picture.width) == ("JPEG", 1240)
    assert picture.height == pytest.approx(1240 * 842 / 595, abs=2)
    assert originals.page(found, 3) is None


def test_pictures_are_pages_too_and_what_cannot_be_read_is_none(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "扫描.tif"
    frames = [Image.new("RGB", (3000, 2000), colour) for colour in ("white", "black")]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    originals = read_from(engine, path)
    found = originals.original(LETTER.id)
    assert found is not None
    second = originals.page(found, 2)
    assert second is not None
    picture = Image.open(io.BytesIO(second)).convert("L")
    assert (picture.width, picture.getpixel((5, 5))) == (1240, 0)

    broken = tmp_path / "坏.pdf"
    broken.write_bytes(b"%PDF-1.7 and nothing")
    held = document("另一份", ("一", "一、", 1, "一、别的。"))
    found = read_from(engine, broken, held).original(held.id)
    assert found is not None and found.drawable
    assert originals.page(found, 1) is None
