"""What is told of files that cannot be read: Chinese, with advice; a library's own words only beside it."""

from __future__ import annotations

import errno
import io
import re
import zipfile
from pathlib import Path

import pytest

from ingest.formats import causes
from ingest.load import SourceFile, SourceUnreadable, read
from ingest.outcome import problem_json
from ingest.parse import parse

_FORMAT_NAMES = re.compile("(?i)excel|word|wps|pdf|ofd|xml|html|png|jpg|docx|libreoffice|dtd|zip|xlsx|pip install")


def package(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return buffer.getvalue()


BROKEN = [
    ("甲.pdf", b"%PDF-1.7 nothing"),
    ("甲.xlsx", b"PK\x03\x04" + bytes(100)),
    ("甲.xlsx", package(xl__workbook_xml=b"<workbook><sheets>")),
    ("甲.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    ("甲.docx", b"PK\x03\x04" + bytes(100)),
    ("甲.docx", package(word__document_xml=b"<w:document><w:body>")),
    ("甲.ofd", package(OFD_xml=b"<ofd:OFD")),
    ("甲.ofd", b"%PDF-1.7"),
    ("甲.png", b"\x89PNG\r\n\x1a\n" + bytes(40)),
    ("甲.jpg", b"\xff\xd8\xff\xe0" + bytes(40)),
]


@pytest.mark.parametrize(("name", "data"), BROKEN, ids=[f"{n}-{len(d)}" for n, d in BROKEN])
def test_no_library_speaks_to_the_reader(name: str, data: bytes) -> None:
    _, problems = parse(name, data)
    assert any(p.lost for p in problems)
    for problem in problems:
        assert not re.search("[A-Za-z]{3}", _FORMAT_NAMES.sub("", problem.reason)), problem.reason


def test_what_the_library_said_is_kept_for_those_who_look_into_it() -> None:
    _, (problem,) = parse("甲.pdf", b"%PDF-1.7 nothing")
    assert problem.reason == "无法解析，文件可能已损坏；请用原来的程序打开后另存再导入"
    assert problem.detail.startswith("Pdf")
    assert problem_json(problem)["detail"] == problem.detail


def test_the_same_bytes_give_the_same_words() -> None:
    class Handle:
        pass

    assert causes.detail(ValueError(f"cannot read {Handle()!r}")).endswith("Handle object>")
    assert causes.detail(ValueError("表头缺失")) == ""


def test_what_the_system_says_is_told_in_chinese(tmp_path: Path) -> None:
    gone = tmp_path / "移走.txt"
    with pytest.raises(SourceUnreadable, match="已不在原处"):
        read(SourceFile(gone, gone.name, 0, 0), 1000)
    assert causes.of_system(PermissionError(errno.EACCES, "Permission denied")) == "没有读取权限"
    assert causes.of_system(OSError(9999, "Whatever")) == "系统不能读取（错误号 9999）"
