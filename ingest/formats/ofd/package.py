"""The members of an OFD file: found where the file says or nearly there, unpacked within limits, read as plain XML."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from ingest.formats.charset import decode
from ingest.formats.model import Limits

MAX_MEMBERS = 20_000
_MEMBER_SHARE = 8  # of what may be unpacked of a file, the part that one member may be
_RATIO_FROM = 2**20  # bytes from which the ratio counts
_FOLDER = re.compile(r"^doc_\d{1,4}/")
_ENTRY = b"PK\x01\x02"  # opens the entry of a member in the directory of a zip


class Unreadable(Exception):
    """The file or a part of it cannot be read; the message, in Chinese, says why."""


class Package:
    """An open OFD file. Nothing is unpacked but the XML that is asked for, and never to a disk."""

    def __init__(self, data: bytes, limits: Limits | None = None) -> None:
        """Raises :class:`Unreadable` where the bytes are no zip, or one with too many members."""
        if data.count(_ENTRY) > MAX_MEMBERS:
            raise Unreadable(f"包内文件超过 {MAX_MEMBERS} 个，不予打开")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise Unreadable("不是有效的 OFD 文件（包已损坏，或不是 zip 包）") from error
        self._limits = limits or Limits()
        self._left = self._limits.max_unpacked  # every reading counts
        self._members: dict[str, zipfile.ZipInfo] = {}
        for entry in self._zip.infolist():
            for name in _names(entry):
                self._members.setdefault(name, entry)
        self._folded = {name.casefold(): name for name in reversed(self._members)}
        self.damaged: list[str] = []  # members whose XML is broken and was read as far as it goes

    def names(self) -> Iterator[str]:
        return iter(self._members)

    def find(self, location: str, folder: str = "") -> str | None:
        """The member that a location in a file of ``folder`` means, or None.

        Relative and absolute as the standard has it; then the other way round, in any case of letters, with encoded
        characters, and last the only member that ends with it, for files that lack Doc_0 here or there. No location
        leads out of the package: ``..`` at its root is dropped.
        """
        location = location.strip().replace("\\", "/")
        if not location:
            return None
        for written in dict.fromkeys((location, unquote(location))):
            below, from_root = _path(f"{folder}/{written}"), _path(written)
            places = (from_root, below) if written.startswith("/") else (below, from_root)
            for place in places:
                if place in self._members:
                    return place
            for place in places:
                if place.casefold() in self._folded:
                    return self._folded[place.casefold()]
            tail = _FOLDER.sub("", from_root.casefold())
            ends = [name for folded, name in self._folded.items() if f"/{folded}".endswith(f"/{tail}")]
            if len(ends) == 1:
                return ends[0]
        return None

    def xml(self, name: str) -> etree._Element:
        """The root of a member. Raises :class:`Unreadable`; broken XML is read as far as it goes (:attr:`damaged`)."""
        data = self.unpacked(name)
        root = _parsed(data)
        if root is None:
            text, _ = decode(data)
            declaration = text.find("?>")
            if text.lstrip("\ufeff \n").startswith("<?xml") and declaration > 0:
                text = text[declaration + 2 :]
            data = text.encode("utf-8", "replace")
            root = _parsed(data)
        if root is None:
            root = self._recovered(data, name)
        if root.getroottree().docinfo.doctype:
            raise Unreadable("含有文档类型声明（DTD），OFD 文件不应有，不予读取")
        return root

    def _recovered(self, data: bytes, name: str) -> etree._Element:
        parser = _parser(recover=True)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            root = None
        if root is None:
            raise Unreadable("内容不是有效的 XML")
        # A prefix that nobody declared costs no text.
        if any(error.domain_name != "NAMESPACE" for error in parser.error_log):
            self.damaged.append(name)
        return root

    def unpacked(self, name: str) -> bytes:
        """The bytes of a member. Raises :class:`Unreadable`."""
        entry = self._members[name]
        if entry.flag_bits & 1:
            raise Unreadable("文件已加密，请取消密码后再导入")
        most = min(self._limits.max_unpacked // _MEMBER_SHARE, self._left)
        try:
            with self._zip.open(entry) as stream:
                data = stream.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
            raise Unreadable("压缩数据已损坏") from error
        if len(data) > most:
            raise Unreadable(f"解压后超过上限 {most // 2**20} MiB，不予读取")
        if len(data) > _RATIO_FROM and len(data) > self._limits.max_ratio * max(1, entry.compress_size):
            raise Unreadable(f"压缩比超过 {self._limits.max_ratio}，不予读取")
        self._left -= len(data)
        return data


def _parsed(data: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None


def _parser(*, recover: bool = False) -> etree.XMLParser:
    """Without entities, DTDs or network; nesting and text are bounded by the library."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _names(entry: zipfile.ZipInfo) -> Iterator[str]:
    """The member's name, and as GB 18030 where the zip does not say that it is Unicode."""
    if entry.is_dir():
        return
    yield _path(entry.filename)
    if not entry.flag_bits & 0x800 and not entry.filename.isascii():
        try:
            yield _path(entry.filename.encode("cp437").decode("gb18030"))
        except UnicodeError:
            return


def _path(location: str) -> str:
    parts: list[str] = []
    for part in location.replace("\\", "/").split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
