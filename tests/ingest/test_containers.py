"""Archives: what is in them, by its right name, and every trick refused within the limits."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.policy import Problem
from ingest.containers import ArchiveLimits, Member, members


def packed(*files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data, method)
    return out.getvalue()


def found(data: bytes, limits: ArchiveLimits | None = None) -> list[tuple[str, str]]:
    """(name, text) of members, (name, reason) of problems."""
    return [
        (item.name, item.data.decode()) if isinstance(item, Member) else (item.source, item.reason)
        for item in members("a.zip", data, limits)
    ]


def test_members_come_in_order_under_the_name_of_the_archive() -> None:
    data = packed(("2023/甲.txt", "一".encode()), ("乙.txt", "二".encode()), ("空目录/", b""))
    assert found(data) == [("a.zip/2023/甲.txt", "一"), ("a.zip/乙.txt", "二")]


def test_what_is_no_document_is_left_out_without_a_word() -> None:
    data = packed(
        ("__MACOSX/._a.txt", b"x"), (".hidden.txt", b"x"), ("~$a.docx", b"x"), ("a.py", b"x"), ("a.txt", b"1")
    )
    assert found(data) == [("a.zip/a.txt", "1")]


def test_names_written_by_chinese_windows_are_read() -> None:
    # Without the flag for UTF-8 a name is in the code page of the machine that packed it.
    data = packed(("x" * len("通知.txt".encode("gbk")), b"1")).replace(b"xxxxxxxx", "通知.txt".encode("gbk"))
    assert found(data) == [("a.zip/通知.txt", "1")]


def test_archives_in_archives_are_opened_once() -> None:
    inner = packed(("c.txt", b"1"))
    assert found(packed(("b.zip", inner))) == [("a.zip/b.zip/c.txt", "1")]
    twice = packed(("b.zip", packed(("c.zip", inner))))
    assert found(twice) == [("a.zip/b.zip/c.zip", "压缩包嵌套超过 2 层")]


@pytest.mark.parametrize("name", ["../a.txt", "x/../../a.txt", "/etc/a.txt", "C:/a.txt", "c:\\a.txt", "..\\a.txt"])
def test_names_that_lead_out_are_refused(name: str) -> None:
    ((_, reason), good) = found(packed((name, b"x"), ("good.txt", b"1")))
    assert "压缩包之外" in reason
    assert good == ("a.zip/good.txt", "1")


def test_a_link_is_refused() -> None:
    link = zipfile.ZipInfo("a.txt")
    link.external_attr = 0o120777 << 16
    assert found(packed((link, b"/etc/passwd"))) == [("a.zip/a.txt", "是指向别处的链接，不予收入")]


def test_the_second_of_a_name_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = packed(("a.txt", b"1"), ("a.txt", b"2"))
    assert found(data) == [("a.zip/a.txt", "1"), ("a.zip/a.txt", "压缩包内有同名文件，只收入第一个")]


def test_an_encrypted_member_is_a_problem_and_the_others_go_in() -> None:
    data = bytearray(packed(("a.txt", b"1"), ("b.txt", b"2"), method=zipfile.ZIP_STORED))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    assert found(bytes(data)) == [("a.zip/a.txt", "已加密，无法解压"), ("a.zip/b.txt", "2")]


def test_a_bomb_is_given_up_at_its_limit() -> None:
    bomb = packed(("zeros.txt", bytes(60 * 2**20)), ("a.txt", b"1"))
    began = time.process_time()
    (first, second) = found(bomb)
    assert time.process_time() - began < 5
    assert first == ("a.zip/zeros.txt", "压缩比超过 200，疑为压缩炸弹，不予收入")
    assert second == ("a.zip/a.txt", "1")


def test_a_size_that_is_a_lie_does_not_help() -> None:
    data = bytearray(packed(("a.txt", bytes(3000)), method=zipfile.ZIP_DEFLATED))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(signature) + offset, 10)
    ((name, reason),) = found(bytes(data))
    assert name == "a.zip/a.txt"
    assert "无法解压" in reason or "CRC" in reason


def test_sizes_and_counts_are_kept() -> None:
    data = packed(*((f"{n}.txt", b"0123456789") for n in range(5)))
    assert [r for _, r in found(data, ArchiveLimits(members=3))][3:] == ["压缩包内的文件超过 3 个，其后未收入"]
    assert all("超过" in reason for _, reason in found(data, ArchiveLimits(member_bytes=9)))
    assert sum("总计超过" in reason for _, reason in found(data, ArchiveLimits(total_bytes=35))) == 2


def test_a_damaged_member_is_a_problem_and_the_others_go_in() -> None:
    data = packed(("a.txt", b"first text"), ("b.txt", b"2"), method=zipfile.ZIP_STORED).replace(b"first", b"FIRST", 1)
    (first, second) = found(data)
    assert "无法解压" in first[1]
    assert second == ("a.zip/b.txt", "2")


def test_what_is_no_archive_is_one_problem() -> None:
    ((name, reason),) = found(b"PK\x03\x04 not really")
    assert name == "a.zip"
    assert "压缩包损坏" in reason


@given(st.binary(max_size=400), st.integers(0, 200), st.binary(max_size=8))
def test_no_bytes_break_it(noise: bytes, place: int, change: bytes) -> None:
    good = packed(("甲.txt", "一二三".encode() * 5), ("b/c.txt", b"x"))
    for data in (noise, good[:place] + change + good[place + len(change) :], good[:-place] + change):
        for item in members("a.zip", data):
            assert isinstance(item, Member | Problem)
