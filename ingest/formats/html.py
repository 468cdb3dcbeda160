"""Pages of government sites: the document's own text, the metadata block around it, and nothing of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree
from lxml import html as lxml_html

from ingest.formats.charset import decode
from ingest.formats.html_tables import BLOCKS, is_data, table_blocks
from ingest.formats.model import Block, BlockKind, Limits, ParsedFile, Trouble
from ingest.formats.page import BODY_NAMES, LABELS, SITE_NAMES, is_site_text, label_and_value, label_of
from ingest.formats.spaces import clean

_DROPPED = frozenset(
    "script style noscript template iframe object embed svg canvas head nav footer form button select input option "
    "textarea audio video map area title link meta".split()
)
_HEADING = re.compile("h[1-6]")
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s{0,3}:\s{0,3}center", re.IGNORECASE)
_MOST_CELLS = 120  # of a table that may be a metadata block, those of tables inside it included
_MIN_BODY_SHARE = 0.5  # of the page's sentences that a named container must hold to be taken as the document


def parse_html(data: bytes, limits: Limits) -> ParsedFile:
    """Blocks and metadata of a page.

    The document is the container that content systems name as such (``UCAP-CONTENT``, ``TRS_Editor``, ``zoom``,
    ``article`` …) when it holds most of the page's sentences, else the whole page; links in rows, share and print
    bars, crumbs and footers are left out of either. Markup is parsed without entities, DTDs or network.
    """
    text, troubles = decode(data, declared=True)
    if not text.strip():
        return ParsedFile((), troubles=troubles)
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        troubles = (*troubles, Trouble("", "网页标签嵌套过深，其后的文字未收入", lost=True))
    declared = _meta_elements(root)
    _prune(root)
    body = _body_of(root)
    found, consumed = _metadata_block(root, body)
    metadata = found | {label: value for label, value in declared.items() if label not in found}
    blocks, dropped = _blocks(body, consumed)
    if dropped:
        note = f"网页上有 {dropped} 段站点文字（导航、分享、页脚等）未收入"
        troubles = (*troubles, Trouble("", note, lost=False)) if body is root else troubles
    return ParsedFile(tuple(blocks), tuple(metadata.items()), troubles)


def _meta_elements(root: etree._Element) -> dict[str, str]:
    """What the standard of government sites puts into <meta>: used where the page shows no block of its own."""
    names = {"ArticleTitle": "标题", "PubDate": "发布日期"}
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        label = names.get(element.get("name") or "")
        if label and (value := clean(element.get("content") or "")):
            found.setdefault(label, value)
    return found


def _prune(root: etree._Element) -> None:
    """Take out what no reader of the document sees. The text after an element stays."""
    doomed = []
    sizes = _sentence_characters(root)
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        hidden = element.get("hidden") is not None or _HIDDEN.search(element.get("style") or "")
        # A box named like a site's (footer, crumb) that holds much of the page's text is named wrongly.
        site = SITE_NAMES & _names(element) and sizes[element] < 0.2 * sizes[root]
        if element.tag not in ("body", "html") and (element.tag in _DROPPED or hidden or site):
            doomed.append(element)
    for element in doomed:
        if element.getparent() is not None:
            element.drop_tree()


def _body_of(root: etree._Element) -> etree._Element:
    named = [e for e in root.iter() if _names_body(e)]
    if not named:
        return root
    sizes, depths = _sentence_characters(root), _depths(root)
    best = max(named, key=lambda e: (sizes[e], -depths[e]))
    # The innermost container that still holds nearly all of the best one's sentences.
    inner = [e for e in named if sizes[e] >= 0.95 * sizes[best]]
    best = max(inner, key=lambda e: depths[e])
    share = sizes[best] / max(1, sizes[root])
    return best if share >= _MIN_BODY_SHARE else root


def _names_body(element: etree._Element) -> bool:
    if element.tag in ("article", "main"):
        return True
    return bool(BODY_NAMES & _names(element))


def _names(element: etree._Element) -> frozenset[str]:
    return frozenset(f"{element.get('id') or ''} {element.get('class') or ''}".lower().split())


def _depths(root: etree._Element) -> dict[etree._Element, int]:
    """How deep each element lies, in one pass as below."""
    depths = {root: 0}
    for element in root.iter():
        for child in element:
            depths[child] = depths[element] + 1
    return depths


def _sentence_characters(root: etree._Element) -> dict[etree._Element, int]:
    """Characters that stand in sentences, outside links, by element: the part of a page that a document is made of.

    All in one pass, for a hostile page nests thousands of elements that each ask.
    """
    sizes: dict[etree._Element, int] = {}
    for element in reversed(list(root.iter())):  # children before parents
        size = _solid(element.text) if isinstance(element.tag, str) else 0
        for child in element:
            size += sizes[child] + _solid(child.tail)
        sizes[element] = 0 if element.tag == "a" else size
    return sizes


def _solid(text: str | None) -> int:
    return sum(map(len, text.split())) if text else 0


def _metadata_block(root: etree._Element, body: etree._Element) -> tuple[dict[str, str], set[etree._Element]]:
    """Labels and values of the block around the document, and the elements that hold them.

    A single “标题：…” may be a sentence of the document; three labels together, or any outside its container, are
    the block.
    """
    found: dict[str, str] = {}
    consumed: set[etree._Element] = set()
    inside = set(body.iter()) if body is not root else set()
    for group in _groups(root, _around_tables(root)):
        if any(e in inside for e in group):
            continue
        pairs = list(_pairs(group))
        # A cell that is a bare label (发文字号 without a colon) may also be the heading of a column.
        colons = any(label_and_value(clean(elements[0].text_content()))[0] for _, _, elements in pairs)
        if len(pairs) < (1 if inside and colons else 3):
            continue
        for label, value, elements in pairs:
            consumed.update(elements)
            if value:
                found.setdefault(label, value)
    return found, consumed


def _around_tables(root: etree._Element) -> set[etree._Element]:
    """The elements that hold a table, in one pass as above."""
    found: set[etree._Element] = set()
    for element in reversed(list(root.iter())):
        if any(child.tag == "table" or child in found for child in element):
            found.add(element)
    return found


def _groups(root: etree._Element, around: set[etree._Element]) -> Iterator[list[etree._Element]]:
    """Elements that may form one metadata block: the cells of a table, the items of a list, paragraphs of a box."""
    for element in root.iter("table", "dl", "ul", "ol", "div", "section"):
        if element.tag == "table":
            cells = list(islice(element.iter("td", "th"), _MOST_CELLS + 1))
            if len(cells) <= _MOST_CELLS:
                yield [cell for cell in cells if cell not in around]
        else:
            yield [c for c in element if c.tag in ("li", "dt", "dd", "p", "span", "div") and not _has_blocks(c)]


def _has_blocks(element: etree._Element) -> bool:
    return any(e is not element and e.tag in BLOCKS for e in element.iter())


def _pairs(group: list[etree._Element]) -> Iterator[tuple[str, str, list[etree._Element]]]:
    position = 0
    while position < len(group):
        text = clean(group[position].text_content())
        label, value = label_and_value(text)
        bare = not label and group[position].tag in ("td", "th") and label_of(text) in LABELS
        label = label_of(text) if bare else label
        if label and not value and position + 1 < len(group):
            following = clean(group[position + 1].text_content())
            if label_of(following) not in LABELS:
                yield label, following, group[position : position + 2]
                position += 2
                continue
        if label and not bare:
            yield label, value, [group[position]]
        position += 1


def _blocks(body: etree._Element, consumed: set[etree._Element]) -> tuple[list[Block], int]:
    """The blocks in reading order, and how many texts of the site were left out."""
    blocks: list[Block] = []
    dropped = tables = 0
    text: list[str] = []
    linked = 0  # characters of the current block that stand in links
    context: list[etree._Element] = []  # open block elements
    headings: list[etree._Element] = []  # of these the headings
    around = _around_tables(body)
    links = 0
    skip: etree._Element | None = None

    def flush() -> None:
        nonlocal linked, dropped
        # A <br> is a line of its own: titles are broken that way, and addresses.
        for line in "".join(text).split("\v"):
            cleaned = clean(line)
            if not cleaned:
                continue
            if is_site_text(cleaned, linked, len(blocks)):
                dropped += 1
            else:
                blocks.append(_block(cleaned, context, headings))
        text.clear()
        linked = 0

    for event, element in etree.iterwalk(body, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if skip is not None:
            if event == "end" and element is skip:
                skip = None
                text.append(element.tail or "")
            continue
        if event == "start":
            if tag in BLOCKS:
                flush()
            if element in consumed:
                skip = element
                continue
            plain = tag == "table" and element not in around
            if plain and is_data(element) and consumed.isdisjoint(element.iter("td", "th")):
                tables += 1
                blocks += table_blocks(element, tables)
                skip = element
                continue
            if tag in BLOCKS:
                context.append(element)
            if _HEADING.fullmatch(tag):
                headings.append(element)
            links += tag == "a"
            if tag == "br":
                text.append("\v")
            text.append(element.text or "")
            linked += len((element.text or "").strip()) if links else 0
        else:
            if tag in BLOCKS:
                flush()
                context.pop()
            if headings and element is headings[-1]:
                headings.pop()
            links -= tag == "a"
            if element is not body:
                text.append(element.tail or "")
                linked += len((element.tail or "").strip()) if links else 0
    flush()
    return blocks, dropped


def _block(text: str, context: list[etree._Element], headings: list[etree._Element]) -> Block:
    if headings:
        level = int(headings[-1].tag[1])
        return Block(text, BlockKind.HEADING, level=level, centred=_is_centred(headings[-1]))
    return Block(text, centred=any(_is_centred(e) for e in context[-2:]))


def _is_centred(element: etree._Element) -> bool:
    return (
        bool(_CENTRED.search(element.get("style") or ""))
        or element.get("align") == "center"
        or element.tag in ("center",)
    )
