"""Archives: the documents in a .zip, one after the other, with every limit counted while unpacking.

Nothing is written to the disk, so a member's name is never a path; it is refused all the same where it would lead out
of the archive, for it is shown to readers and is half of the document's address.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath

from assistant.domain.policy import Problem
from ingest.formats import causes
from ingest.load import is_document

SUFFIXES = frozenset((".zip",))
"""Formats that hold other files."""

_PIECE = 1 << 16  # bytes unpacked at a time
_RATIO_FROM = 1 << 20  # unpacked bytes from which the ratio counts: short texts compress well
_LONGEST_NAME = 240
_DRIVE = re.compile("^[A-Za-z]:")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much of an archive is unpacked; a member beyond it is a problem."""

    members: int = 2000
    member_bytes: int = 50 * 2**20
    total_bytes: int = 500 * 2**20  # of all members, those of inner archives too
    ratio: int = 200  # unpacked to packed; deflate reaches 1032 on nothing but zeros
    depth: int = 2  # an archive in an archive is taken, one in that is not


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive; ``name`` begins with the archive's own."""

    name: str
    data: bytes


@dataclass(slots=True)
class _Spent:
    members: int = 0
    bytes: int = 0
    names: set[str] = field(default_factory=set)


class _Refused(Exception):
    pass


def is_archive(name: str) -> bool:
    """Whether a file of that name is unpacked."""
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def members(name: str, data: bytes, limits: ArchiveLimits | None = None) -> Iterator[Member | Problem]:
    """What an archive holds, in its own order, members of archives inside included; never raises on bad input.

    Folders and what is no document anywhere (hidden files, __MACOSX, code) are left out without a word. Refused with a
    problem: names with .. or a drive, absolute names, links, encrypted members, a name that occurs twice, unknown
    compression, a wrong checksum, and what exceeds ``limits``.
    """
    yield from _members(name, data, limits or ArchiveLimits(), 1, _Spent())


def _members(name: str, data: bytes, limits: ArchiveLimits, depth: int, spent: _Spent) -> Iterator[Member | Problem]:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        yield Problem(
            name, "", "压缩包损坏，无法打开；请重新下载或重新打包后再导入", lost=True, detail=causes.detail(error)
        )
        return
    with archive:
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            shown = _decoded(entry)
            if not is_document(shown):
                continue
            spent.members += 1
            if spent.members > limits.members:
                yield Problem(name, "", f"压缩包内的文件超过 {limits.members} 个，其后未收入", lost=True)
                return
            full = f"{name}/{_CONTROL.sub('?', shown)}"[: len(name) + _LONGEST_NAME]
            try:
                _admit(entry, shown, full, spent)
                inner = _unpacked(archive, entry, limits, spent)
            except _Refused as refusal:
                yield Problem(full, "", str(refusal), lost=True)
                continue
            if not is_archive(shown):
                yield Member(full, inner)
            elif depth < limits.depth:
                yield from _members(full, inner, limits, depth + 1, spent)
            else:
                yield Problem(full, "", f"压缩包嵌套超过 {limits.depth} 层", lost=True)


def _decoded(entry: zipfile.ZipInfo) -> str:
    """The member's name: UTF-8 where it says so or is such, else GB 18030, as Chinese Windows writes it."""
    # ``filename`` has been cut at the first NUL and had its separators exchanged; the checks are made on what is there.
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8_FLAG:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                decoded = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            # Pairs of GBK bytes can be UTF-8 by chance (通, 联), but then of letters that no Chinese name has.
            if encoding != "utf-8" or not any("\x7f" < c < "\u0800" for c in decoded):
                name = decoded
                break
    return name.replace("\\", "/")


def _admit(entry: zipfile.ZipInfo, shown: str, full: str, spent: _Spent) -> None:
    if shown.startswith("/") or _DRIVE.match(shown) or ".." in shown.split("/") or "\x00" in shown:
        raise _Refused("文件名指向压缩包之外，不予收入")
    if len(shown) > _LONGEST_NAME:
        raise _Refused(f"文件名过长，超过 {_LONGEST_NAME} 字")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _Refused("是指向别处的链接，不予收入")
    if entry.flag_bits & _ENCRYPTED_FLAG:
        raise _Refused("已加密，无法解压")
    if full in spent.names:
        raise _Refused("压缩包内有同名文件，只收入第一个")
    spent.names.add(full)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: ArchiveLimits, spent: _Spent) -> bytes:
    """The member's bytes. Sizes are counted as they come: what the archive says of them may be a lie."""
    found = bytearray()
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(_PIECE):
                found += piece
                spent.bytes += len(piece)
                if len(found) > limits.member_bytes:
                    raise _Refused(f"解压后超过 {limits.member_bytes / 2**20:.0f} MiB，不予收入")
                if spent.bytes > limits.total_bytes:
                    raise _Refused(f"压缩包解压后总计超过 {limits.total_bytes / 2**20:.0f} MiB，不予收入")
                if len(found) > _RATIO_FROM and len(found) > limits.ratio * max(1, entry.compress_size):
                    raise _Refused(f"压缩比超过 {limits.ratio}，疑为压缩炸弹，不予收入")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        raise _Refused("压缩数据已损坏，或用了不支持的压缩方式，无法解压；请重新打包后再导入") from error
    return bytes(found)
