"""The documents of an OFD file and their pages, as its entry file and its tree of references give them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ingest.formats.model import Trouble
from ingest.formats.ofd.elements import children, descendants, name_of, text_of
from ingest.formats.ofd.package import Package, Unreadable

_PAGE_FILE = re.compile(r"(?:^|/)pages?/[^/\d]{0,99}(\d{1,9})[^/]{0,99}/content\.xml$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its ID, by which annotations name it, and the member that holds it (None: there is none such)."""

    identity: str
    location: str
    member: str | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in the package that is no part of the document; ``shown`` where programs list it to readers."""

    name: str
    member: str | None
    shown: bool = True


@dataclass(slots=True)
class Tree:
    """One document of the file: the members that make it up."""

    pages: list[Page] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)  # ID of a template page: its member
    resources: list[str] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


def trees(package: Package) -> Iterator[Tree]:
    """The documents in the order of OFD.xml. Raises :class:`Unreadable` where there is none or it is encrypted."""
    entry = package.find("OFD.xml")
    roots: list[tuple[str, str | None]] = []
    if entry is not None:
        try:
            root = package.xml(entry)
        except Unreadable as error:
            raise Unreadable(_encrypted(package) or f"OFD.xml：{error}") from error
        for body in descendants(root, "DocBody"):
            places = [text_of(place) for place in children(body, "DocRoot")]
            roots += [(place, package.find(place)) for place in places]
    if not roots:
        roots = [(n, n) for n in package.names() if n.casefold().rpartition("/")[2] == "document.xml"]
    if not roots:
        raise Unreadable(_encrypted(package) or "不是有效的 OFD 文件（包内没有 OFD.xml，也没有文档）")
    distinct = list(dict.fromkeys(roots))
    if len(distinct) < len(roots):
        # A damaged file may name one document a thousand times.
        again = f"有 {len(roots) - len(distinct)} 处重复列出同一文档，只收入一次"
        yield Tree(troubles=[Trouble("", again, lost=False)])
    for location, member in distinct:
        if member is None:
            yield Tree(troubles=[Trouble("", f"缺少文档 {location[:80]}", lost=True)])
            continue
        try:
            root = package.xml(member)
        except Unreadable as error:
            reason = _encrypted(package) or f"文档 {member[:80]}：{error}"
            yield Tree(troubles=[Trouble("", reason, lost=True)])
            continue
        yield _tree(package, root, posixpath.dirname(member))


def _encrypted(package: Package) -> str:
    """Why the parts of an encrypted package are no XML (GM/T 0099: a list of them stands beside)."""
    marks = ("encryptions.xml", "encryptinfo.xml", "decyptseed.dat", "decryptseed.dat")
    names = {name.casefold().rpartition("/")[2] for name in package.names()}
    return "文件已加密，需要先解密才能读取" if names.intersection(marks) else ""


def _tree(package: Package, root: etree._Element, folder: str) -> Tree:
    tree = Tree()
    for common in children(root, "CommonData"):
        for template in children(common, "TemplatePage"):
            if member := package.find(template.get("BaseLoc") or "", folder):
                tree.templates[template.get("ID") or ""] = member
        tree.resources = [
            member
            for resource in children(common, "PublicRes", "DocumentRes")
            if (member := package.find(text_of(resource), folder))
        ]
    for pages in children(root, "Pages"):
        for page in children(pages, "Page"):
            location = page.get("BaseLoc") or text_of(page)
            member = package.find(location, folder) or package.find(f"{location}/Content.xml", folder)
            tree.pages.append(Page(page.get("ID") or "", location, member))
    if not tree.pages:
        found = [n for n in package.names() if n.startswith(f"{folder}/" if folder else "") and _PAGE_FILE.search(n)]
        tree.pages = [Page("", n, n) for n in sorted(found, key=_page_order)]
        if found:
            tree.troubles.append(Trouble("", "文档没有列出页，按文件名的顺序读取", lost=False))
    tree.annotations = _listed(package, root, folder, "Annotations")
    for member in _listed(package, root, folder, "Attachments"):
        tree.attachments += _attachments(package, member)
    tree.troubles += _restrictions(root)
    return tree


def _page_order(member: str) -> tuple[int, str]:
    match = _PAGE_FILE.search(member)
    return (int(match[1]) if match else 0), member


def _listed(package: Package, root: etree._Element, folder: str, name: str) -> list[str]:
    places = [text_of(e) for e in children(root, name)]
    return [member for place in places if (member := package.find(place, folder))]


def _attachments(package: Package, member: str) -> Iterator[Attachment]:
    try:
        root = package.xml(member)
    except Unreadable:
        yield Attachment("（附件列表无法读取）", None)
        return
    for attachment in descendants(root, "Attachment"):
        place = next((text_of(e) for e in descendants(attachment, "FileLoc")), "")
        found = package.find(place, posixpath.dirname(member))
        ending = posixpath.splitext(found or place)[1]
        name = attachment.get("Name") or posixpath.basename(place) or "未命名"
        if ending and not name.casefold().endswith(ending.casefold()):
            name += ending
        yield Attachment(name[-80:], found, (attachment.get("Visible") or "true").casefold() != "false")


def _restrictions(root: etree._Element) -> Iterator[Trouble]:
    """What the file asks of programs: named to the reader, who decides whether it may stay."""
    for permissions in children(root, "Permissions"):
        for permission in permissions:
            name, value = name_of(permission), text_of(permission).casefold()
            if name == "Export" and value == "false":
                yield Trouble("", "文件声明不允许导出内容，请确认可以收入", lost=False)
            elif name == "ValidPeriod" and (end := permission.get("EndDate")):
                yield Trouble("", f"文件声明的有效期至 {end[:10]}", lost=False)
