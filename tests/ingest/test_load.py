from __future__ import annotations

from pathlib import Path

import pytest

from ingest.load import SourceUnreadable, discover, read


def _touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")


def test_documents_are_found_by_name_and_the_rest_left(tmp_path: Path) -> None:
    _touch(tmp_path, "b.txt", "a.html", "README.md", "sub/README.md", ".hidden.txt", ".git/x.txt", "~$c.docx",
           "q.jsonl",
           "index.tsv", "LICENSE", "NOTICE", "notice.txt", "make.py", "sub/c.docx", "__pycache__/x.txt",
           "scan.jpg")  # fmt: skip
    assert [s.name for s in discover([tmp_path])] == [
        "a.html", "b.txt", "notice.txt", "scan.jpg", "sub/README.md", "sub/c.docx",
    ]  # fmt: skip


def test_a_file_given_by_name_is_taken_once(tmp_path: Path) -> None:
    _touch(tmp_path, "README.md", "a.txt")
    found = list(discover([tmp_path / "README.md", tmp_path, tmp_path / "a.txt"]))
    assert [s.name for s in found] == ["README.md", "a.txt"]
    assert found[1].size == 5
    assert found[1].mtime_ns > 0


def test_a_missing_path_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="路径不存在"):
        list(discover([tmp_path / "none"]))


def test_reading_keeps_the_limit(tmp_path: Path) -> None:
    _touch(tmp_path, "a.txt")
    (source,) = discover([tmp_path])
    assert read(source, 5) == b"a.txt"
    with pytest.raises(SourceUnreadable, match="文件过大"):
        read(source, 4)
    source.path.unlink()
    with pytest.raises(SourceUnreadable, match="无法读取"):
        read(source, 5)


def test_a_dangling_link_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone.txt")
    (source,) = discover([tmp_path])
    with pytest.raises(SourceUnreadable):
        read(source, 5)
