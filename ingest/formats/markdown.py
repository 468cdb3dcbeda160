"""Markdown: headings with their levels, paragraphs without the marks of emphasis, tables as rows."""

from __future__ import annotations

import re

from ingest.formats.charset import decode
from ingest.formats.model import Block, BlockKind, Limits, ParsedFile
from ingest.formats.spaces import clean, display_width, join
from ingest.formats.tables import Cell, row_texts

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|={3,})$")
_GAP = r"[ \t]{0,40}"
_TABLE_RULE = re.compile(rf"{_GAP}\|?{_GAP}:?-+:?{_GAP}(?:\|{_GAP}:?-+:?{_GAP})*\|?{_GAP}$")
_BULLET = re.compile(r"[ \t]*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?")
_QUOTE = re.compile(r"(?:[ \t]*>)+[ \t]?")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,500}(?:[ \t]+\"[^\"]{0,200}\")?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,2000}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![*\w])\*(?=[^\s*])([^*\n]{1,500})(?<=\S)\*(?![*\w])")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_OPENS = re.compile(r"[（(]?[一二三四五六七八九十0-9０-９]{1,4}[、.．）)]|第[^\s]{1,8}[编章节条]|[①-⑳]|附件|[*_]{2}第")
_ENDS = "。！？；：!?;:"


def parse_markdown(data: bytes, limits: Limits) -> ParsedFile:
    """Blocks of a Markdown file. Front matter and comments are left out; fenced text is taken as it stands."""
    text, troubles = decode(data)
    lines = _without_comments(_without_front_matter(text)).split("\n")
    blocks: list[Block] = []
    fence = ""
    table: list[str] = []
    tables = 0
    wraps = False  # the last paragraph may go on in the next line
    for line in [*lines, ""]:
        if table and ("|" not in line or fence):
            tables += 1
            blocks += _rows(table, tables)
            table = []
        if marked := _FENCE.match(line):
            if not fence:
                fence = marked[1]
                continue
            if marked[1].startswith(fence) and line.strip() == marked[1]:
                fence = ""
                continue
        if fence:
            blocks.append(Block(clean(line)))
            continue
        if heading := _HEADING.match(line):
            title = re.sub(r"(?<![ \t])[ \t]+#+[ \t]*$", "", heading[2] or "")
            blocks.append(Block(_plain(title), BlockKind.HEADING, level=len(heading[1])))
            wraps = False
            continue
        if line.lstrip().startswith("|") or (table and "|" in line):
            table.append(line)
            wraps = False
            continue
        if not line.strip() or _RULE.match(line):
            wraps = False
            continue
        quoted = _QUOTE.match(line)
        body = line[quoted.end() :] if quoted else line
        bullet = _BULLET.match(body)
        plain = _plain(body[bullet.end() :] if bullet else body)
        if wraps and not bullet and not _OPENS.match(body.lstrip()):
            blocks[-1] = Block(join(blocks[-1].text, plain))
        elif plain:
            blocks.append(Block(plain))
        # A line that was broken for width goes on; one that ends a sentence, or is short, was ended on purpose.
        wraps = bool(plain) and plain[-1] not in _ENDS and display_width(plain) >= 60 and not line.endswith("  ")
    return ParsedFile(tuple(b for b in blocks if b.text), troubles=troubles)


def _without_front_matter(text: str) -> str:
    if not text.startswith("---\n"):
        return text
    end = text.find("\n---\n", 3)
    head = text[4:end] if end > 0 else ""
    # A horizontal rule may open a file too: front matter is made of “name: value” lines.
    if end > 0 and all(not s.strip() or re.match(r"[\w\-]+:|\s|-|#", s) for s in head.split("\n")):
        return text[end + 5 :]
    return text


def _without_comments(text: str) -> str:
    """HTML comments out; one that never ends is text."""
    kept, position = [], 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[position:start])
        position = end + 3
    return "".join((*kept, text[position:]))


def _plain(text: str) -> str:
    text = _LINK.sub(r"\1", text)
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(r"\1", text)
    text = re.sub(r"(?<!\\)`+", "", text)
    return clean(_ESCAPE.sub(r"\1", text))


def _rows(lines: list[str], number: int) -> list[Block]:
    if len(lines) < 2 or not _TABLE_RULE.match(lines[1]):
        return [Block(_plain(line)) for line in lines]
    cells = [
        [Cell(_plain(c), heading=position == 0) for c in _split(line)]
        for position, line in enumerate(lines)
        if not _TABLE_RULE.match(line)
    ]
    return [Block(text, BlockKind.TABLE_ROW, table=number) for text in row_texts(cells)]


def _split(line: str) -> list[str]:
    line = line.strip().removeprefix("|")
    line = line.removesuffix("|") if not line.endswith("\\|") else line
    return [cell.replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)]
