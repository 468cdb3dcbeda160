"""Builds Word files for tests: raw XML in a zip, so that each test shows what stands in its file.

``docx(p("一、目标"), …)`` gives bytes. Pieces are strings of XML: paragraphs (:func:`p`), tables (:func:`table`), text
boxes, notes; lists are named by :func:`numbering`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
#: The levels of an official document (GB/T 9704): 一、 （一） 1. （1）
OFFICIAL = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "（%4）"))


# Runs ------------------------------------------------------------------------------------------------------------


def r(text: str, properties: str = "") -> str:
    """A run; tabs and line breaks of the text become elements."""
    body = ""
    for piece in text.replace("\t", "\0\t\0").replace("\n", "\0\n\0").split("\0"):
        body += {"\t": "<w:tab/>", "\n": "<w:br/>"}.get(
            piece, f'<w:t xml:space="preserve">{escape(piece)}</w:t>' if piece else ""
        )
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{body}</w:r>"


def inserted(text: str) -> str:
    return f'<w:ins w:id="1" w:author="甲">{r(text)}</w:ins>'


def deleted(text: str) -> str:
    return f'<w:del w:id="2" w:author="甲"><w:r><w:delText>{escape(text)}</w:delText></w:r></w:del>'


def moved(text: str) -> tuple[str, str]:
    """The place that text was moved from, and the one that it was moved to."""
    return f'<w:moveFrom w:id="3">{r(text)}</w:moveFrom>', f'<w:moveTo w:id="4">{r(text)}</w:moveTo>'


def complex_field(instruction: str, result: str | None) -> str:
    """A field in runs; without a separator where ``result`` is None."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    shown = "" if result is None else mark.format("separate") + r(result)
    code = f'<w:r><w:instrText xml:space="preserve">{escape(instruction)}</w:instrText></w:r>'
    return mark.format("begin") + code + shown + mark.format("end")


def text_box(*blocks: str) -> str:
    """A text box as Word writes it: twice, as a drawing and for older readers."""
    content = f"<w:txbxContent>{''.join(blocks)}</w:txbxContent>"
    new = f"<w:drawing><wp:inline><a:graphic><a:graphicData><wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp>"
    new += "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    old = f"<w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{new}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def note_mark(note_id: int, kind: str = "footnote") -> str:
    return f'<w:r><w:{kind}Reference w:id="{note_id}"/></w:r>'


# Blocks ----------------------------------------------------------------------------------------------------------


def p(
    *runs: str,
    num: tuple[int, int] | None = None,
    style: str = "",
    centred: bool = False,
    level: int | None = None,
    mark_deleted: bool = False,
) -> str:
    """A paragraph. A run that is no XML is plain text; ``num`` is (list, level from 0), ``level`` an outline level."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if num is not None:
        properties += f'<w:numPr><w:ilvl w:val="{num[1]}"/><w:numId w:val="{num[0]}"/></w:numPr>'
    properties += '<w:jc w:val="center"/>' if centred else ""
    properties += f'<w:outlineLvl w:val="{level}"/>' if level is not None else ""
    properties += '<w:rPr><w:del w:id="5" w:author="甲"/></w:rPr>' if mark_deleted else ""
    body = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{body}</w:p>"


def tc(*content: str, columns: int = 1, merge: str = "") -> str:
    """A cell. ``merge`` is "restart" for the first of cells merged downwards, "continue" for the others."""
    properties = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    if merge:
        properties += '<w:vMerge w:val="restart"/>' if merge == "restart" else "<w:vMerge/>"
    blocks = "".join(c if c.startswith("<") else p(c) for c in content) or p()
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{blocks}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """A row; a cell that is no XML is plain text."""
    inner = "".join(c if c.startswith("<") else tc(c) for c in cells)
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{inner}</w:tr>"


def table(*rows: str | Sequence[str]) -> str:
    body = "".join(row if isinstance(row, str) else tr(*row) for row in rows)
    return f"<w:tbl><w:tblPr/>{body}</w:tbl>"


# Parts -----------------------------------------------------------------------------------------------------------


def numbering(
    *lists: Sequence[tuple[str, str]],
    overrides: Mapping[int, str] | None = None,
    same: Sequence[int] = (),
    extra: Mapping[int, str] | None = None,
) -> str:
    """numbering.xml: list n (from 1) has the n-th definition's levels, each (format, text).

    ``same`` adds lists that share the definition of another, ``overrides`` puts XML into a list's w:num, ``extra``
    into each level of a definition.
    """
    overrides, extra = overrides or {}, extra or {}
    definitions, nums = "", ""
    for position, levels in enumerate(lists, 1):
        inner = "".join(
            f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{extra.get(i, "")}'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
            for i, (form, text) in enumerate(levels)
        )
        definitions += f'<w:abstractNum w:abstractNumId="{position}">{inner}</w:abstractNum>'
    for position, definition in enumerate((*range(1, len(lists) + 1), *same), 1):
        nums += (
            f'<w:num w:numId="{position}"><w:abstractNumId w:val="{definition}"/>{overrides.get(position, "")}</w:num>'
        )
    return f"<w:numbering {NAMESPACES}>{definitions}{nums}</w:numbering>"


def styles(*inner: str) -> str:
    return f"<w:styles {NAMESPACES}>{''.join(inner)}</w:styles>"


def style(style_id: str, name: str = "", based_on: str = "", properties: str = "") -> str:
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name or style_id}"/>{base}'
        f"<w:pPr>{properties}</w:pPr></w:style>"
    )


def docx(
    *body: str,
    numbering: str = "",
    styles: str = "",
    headers: Mapping[str, str] | None = None,
    footers: Mapping[str, str] | None = None,
    footnotes: Sequence[str] = (),
    endnotes: Sequence[str] = (),
    section: str = "",
    members: Mapping[str, bytes] | None = None,
) -> bytes:
    """The bytes of a file. ``headers`` and ``footers`` are blocks by kind (default, first, even).

    Notes have the ids 1, 2, …; ``members`` adds or replaces parts of the package.
    """
    parts: dict[str, str] = {}
    relations: list[tuple[str, str]] = []  # kind, target

    def add(kind: str, target: str, xml: str) -> str:
        parts[f"word/{target}"] = xml
        relations.append((kind, target))
        return f"rId{len(relations)}"

    if numbering:
        add("numbering", "numbering.xml", numbering)
    if styles:
        add("styles", "styles.xml", styles)
    for kind, notes in (("footnote", footnotes), ("endnote", endnotes)):
        if notes:
            inner = f'<w:{kind} w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:{kind}>'
            inner += "".join(f'<w:{kind} w:id="{i}">{n}</w:{kind}>' for i, n in enumerate(notes, 1))
            add(f"{kind}s", f"{kind}s.xml", f"<w:{kind}s {NAMESPACES}>{inner}</w:{kind}s>")
    references = ""
    for tag, name, margins in (("hdr", "header", headers or {}), ("ftr", "footer", footers or {})):
        for kind, blocks in margins.items():
            relation = add(name, f"{name}-{kind}.xml", f"<w:{tag} {NAMESPACES}>{blocks}</w:{tag}>")
            references += f'<w:{name}Reference w:type="{kind}" r:id="{relation}"/>'
            section += "<w:titlePg/>" if kind == "first" else ""
    parts["word/document.xml"] = (
        f"<w:document {NAMESPACES}><w:body>{''.join(body)}<w:sectPr>{references}{section}</w:sectPr></w:body>"
        "</w:document>"
    )
    listed = "".join(
        f'<Relationship Id="rId{i}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(relations, 1)
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    parts["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{package}/relationships">{listed}</Relationships>'
    parts["_rels/.rels"] = (
        f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    overrides = "".join(
        f'<Override PartName="/word/{target}" ContentType="{_TYPES}.{kind}+xml"/>' for kind, target in relations
    )
    parts["[Content_Types].xml"] = (
        f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPES}.document.main+xml"/>{overrides}</Types>'
    )
    return zipped({name: xml.encode() for name, xml in parts.items()} | dict(members or {}))


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip file of these members, the same bytes each time."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()
