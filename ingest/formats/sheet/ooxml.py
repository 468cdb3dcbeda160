"""The parts of a workbook (.xlsx): unpacked within limits, read as plain XML, and how they refer to each other."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from ingest.formats.model import Limits
from ingest.formats.sheet.book import Unreadable

_RATIO_FROM = 20 * 2**20  # bytes from which the ratio counts; rows of equal cells reach about a hundred


class Parts:
    """The members of one file. Namespaces are ignored; entities are never resolved."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive = archive
        self.limits = limits
        self.names = {name.lower(): name for name in archive.namelist()}
        self.unpacked = 0  # bytes so far; a part that several sheets name counts each time

    def open(self, path: str) -> _Counted | None:
        name = self.names.get(path.lower().lstrip("/"))
        if name is None:
            return None
        entry = self._archive.getinfo(name)
        if entry.flag_bits & 1:
            raise Unreadable("文件已加密，请取消密码后再导入")
        return _Counted(self, self._archive.open(entry), entry.compress_size)

    def events(self, path: str, tags: tuple[str, ...]) -> Iterator[Any]:
        """Elements of those local names as they end; each is emptied once it has been seen."""
        stream = self.open(path)
        if stream is None:
            return
        with stream:
            wanted = [f"{{*}}{tag}" for tag in tags]
            for _, element in etree.iterparse(
                stream, tag=wanted, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
            ):
                yield element
                element.clear()
                while element.getprevious() is not None and element.getparent() is not None:
                    del element.getparent()[0]

    def tree(self, path: str) -> Any:
        stream = self.open(path)
        if stream is None:
            return None
        with stream:
            return etree.parse(stream, _safe()).getroot()

    def targets(self, path: str) -> dict[str, tuple[str, str]]:
        """By id the kind and the path of each part that ``path`` refers to; outer references are left out."""
        folder, name = posixpath.split(path)
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for element in root if root is not None else ():
            if not isinstance(element.tag, str) or element.get("TargetMode") == "External":
                continue
            target = posixpath.normpath(posixpath.join("/", folder, element.get("Target") or "")).lstrip("/")
            found[element.get("Id") or ""] = ((element.get("Type") or "").rsplit("/", 1)[-1], target)
        return found

    def related(self, path: str, kind: str) -> list[str]:
        return [target for found, target in self.targets(path).values() if found == kind]


class _Counted:
    """A part's bytes, counted as they are unpacked: what the archive says of their number may be a lie."""

    def __init__(self, parts: Parts, stream: IO[bytes], packed: int) -> None:
        self.parts = parts
        self.stream = stream
        self.packed = max(1, packed)
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        piece = self.stream.read(min(size, 1 << 16) if size >= 0 else 1 << 16)
        self.count += len(piece)
        self.parts.unpacked += len(piece)
        limits = self.parts.limits
        if self.parts.unpacked > limits.max_unpacked:
            raise Unreadable(f"解压后过大：超过 {limits.max_unpacked // 2**20} MiB")
        if self.count > _RATIO_FROM and self.count > limits.max_ratio * self.packed:
            raise Unreadable(f"压缩比超过 {limits.max_ratio}，疑为压缩炸弹")
        return piece

    def __enter__(self) -> _Counted:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()


def _safe() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def local(tag: Any) -> str:
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def named(root: Any, name: str) -> list[Any]:
    return list(root.iter(f"{{*}}{name}")) if root is not None else []
