"""The zip container of a Word document, read with limits and without entities (ECMA-376 part 2)."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ingest.formats.model import Limits

_MAX_MEMBERS = 5000
_PART_SHARE = 4  # of what may be unpacked of a file, the part that one part may be
_RATIO_FROM = 4 * 2**20  # bytes below which the ratio does not matter
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Namespaces of “strict” files and those of all others, which the walk knows.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Refused(Exception):
    """The file is not taken; the message says why, in words for the user."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part points to: the last word of the relation's type (footnotes, header …) and the part's name."""

    kind: str
    target: str


class Package:
    """The parts of one file. Raises :class:`Refused` for what is no Word document, is locked, or is too large."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._limits = limits
        if data.startswith(_OLE):
            locked = "EncryptedPackage".encode("utf-16-le") in data
            raise Refused("文件已加密，请取消密码后再导入" if locked else "不是 .docx 文件：内容是旧格式的 Word 文档")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise Refused("文件已损坏：不是完整的 Word 文件，请打开后另存，或重新索取") from error
        members = self._zip.infolist()
        if len(members) > _MAX_MEMBERS:
            raise Refused(f"压缩包内文件过多：{len(members)} 个，上限 {_MAX_MEMBERS} 个")
        self._members = {member.filename.lstrip("/").lower(): member for member in members}
        self._read = 0
        self.main = self._main()

    @property
    def has_macros(self) -> bool:
        """Whether the file carries programs, which are neither run nor read."""
        return any(name.endswith("vbaproject.bin") for name in self._members)

    def _main(self) -> str:
        name = next((r.target for r in self.relations("").values() if r.kind == "officeDocument"), "word/document.xml")
        if name.lower() not in self._members:
            raise Refused("不是 Word 文档：压缩包内没有正文")
        return name

    def names(self) -> Iterator[str]:
        """The names of all parts, in lower case."""
        return iter(self._members)

    def bytes_of(self, name: str) -> bytes | None:
        """The bytes of a part, counted while they are unpacked; None where there is no such part."""
        member = self._members.get(name.lower())
        if member is None:
            return None
        if member.flag_bits & 0x1:
            raise Refused("文件已加密，请取消密码后再导入")
        pieces: list[bytes] = []
        size, limits = 0, self._limits
        try:
            with self._zip.open(member) as file:
                while piece := file.read(2**16):
                    size += len(piece)
                    self._read += len(piece)
                    most = min(limits.max_unpacked // _PART_SHARE, limits.max_unpacked - self._read + size)
                    if size > most:
                        raise Refused(f"解压后过大：超过 {most // 2**20} MiB")
                    if size > _RATIO_FROM and size > limits.max_ratio * max(1, member.compress_size):
                        raise Refused(f"压缩比异常：超过 {limits.max_ratio} 倍")
                    pieces.append(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise Refused("文件已损坏：内容解不开，请打开后另存，或重新索取") from error
        return b"".join(pieces)

    def xml(self, name: str) -> etree._Element | None:
        """The root of a part; None where there is none. Entities, DTDs and the network are off."""
        data = self.bytes_of(name)
        if data is None:
            return None
        if re.search(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E", data):
            raise Refused(f"{name} 带有 DTD 声明，不予收入")
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        parser = etree.XMLParser(
            resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
        )
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise Refused("文件已损坏：内容不完整，请打开后另存，或重新索取") from error

    def relations(self, part: str) -> dict[str, Relation]:
        """By id, what a part ("" for the package) points to within the file."""
        folder, base = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, Relation] = {}
        for relation in root.iter(_RELATION) if root is not None else ():
            if relation.get("TargetMode") == "External":
                continue
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target") or "")).lstrip("/")
            kind = (relation.get("Type") or "").rsplit("/", 1)[-1]
            found[relation.get("Id") or ""] = Relation(kind, target)
        return found
