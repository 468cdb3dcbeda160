"""Headers and footers: what belongs to the document (red head, secrecy mark, print line) and what is a running head."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from ingest.formats.docx.names import RELATION_ID, child, is_on, value, w
from ingest.formats.model import Block, BlockKind
from ingest.structure import roles

_PAGE_NUMBER = re.compile(r"[\s\-—–－―_·•.|/／,，第共页0-9０-９]*|[Pp]age[\s0-9of/]*")

_TITLE_LINES = 12
_TITLE_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Margins:
    """Blocks above and below the body, and running heads as metadata (页眉, 页脚)."""

    above: tuple[Block, ...]
    below: tuple[Block, ...]
    metadata: tuple[tuple[str, str], ...]


def margins(root: etree._Element, blocks_of: Callable[[str], list[Block]], body: Sequence[str]) -> Margins:
    """The text of headers and footers, each line once.

    Page numbers are left out, and so are lines that the body has as well and parts of its title (a running title).
    Lines of a first page's header, a secrecy mark, a document number or a red head in any header stand above the
    body; 抄送 and 印发 of a footer stand below it. The rest, which says something on every page, is metadata.
    ``blocks_of`` reads the part of a relation id, ``body`` are the lines of the body.
    """
    taken: set[str] = set()
    lines = {_squeezed(line) for line in body}
    top = _squeezed("".join(body[:_TITLE_LINES]))[:_TITLE_CHARACTERS]  # a title may be broken over lines
    above: list[Block] = []
    below: list[Block] = []
    metadata: list[tuple[str, str]] = []
    for header, first, relation in _references(root):
        for block in blocks_of(relation):
            text = block.text
            key = _squeezed(text)
            if _PAGE_NUMBER.fullmatch(text) or key in taken or key in lines or key in top:
                continue
            taken.add(key)
            # A header line may look like a heading to Word; it opens no clause.
            kind = block.kind if block.kind == BlockKind.TABLE_ROW else BlockKind.PARAGRAPH
            plain = replace(block, kind=kind, level=None)
            if header and (first or _is_of_head(text)):
                above.append(plain)
            elif not header and (roles.is_copy(text) or roles.is_print(text)):
                below.append(plain)
            else:
                metadata.append(("页眉" if header else "页脚", text))
    return Margins(tuple(above), tuple(below), tuple(metadata))


def _is_of_head(text: str) -> bool:
    return bool(roles.secrecy(text)) or roles.is_number(text) or roles.is_masthead(text)


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _references(root: etree._Element) -> Iterator[tuple[bool, bool, str]]:
    """Header or footer, whether it is a first page's, and the relation's id, in the order of the sections."""
    seen: set[str] = set()
    for section in root.iter(w("sectPr")):
        titled = is_on(child(section, "titlePg"))
        for name in ("headerReference", "footerReference"):
            references = section.findall(w(name))
            for reference in sorted(references, key=lambda r: value(r, "type") != "first"):
                first = value(reference, "type") == "first"
                relation = reference.get(RELATION_ID) or ""
                # The first page's is shown only where the section says that it differs.
                if relation in seen or (first and not titled):
                    continue
                seen.add(relation)
                yield name == "headerReference", first, relation
