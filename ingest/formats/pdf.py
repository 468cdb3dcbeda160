"""PDF with a text layer: lines rejoined into paragraphs, running heads and page numbers out, pages kept."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.formats.model import Block, Limits, ParsedFile, Trouble
from ingest.formats.spaces import clean, display_width, join

if TYPE_CHECKING:
    from pypdf import PageObject

_PAGE_NUMBER = re.compile(
    r"[-—–－_·\s]{0,6}(?:第\s?)?[0-9０-９]{1,4}(?:\s?页)?[-—–－_·\s]{0,6}"
    r"|(?:第\s?)?[0-9]{1,4}\s?页?\s?[/／,，]?\s?(?:共\s?)?[0-9]{1,4}\s?页?"
    r"|[Pp]age\s?[0-9]{1,4}(?:\s?of\s?[0-9]{1,4})?"
)
_OPENS = re.compile(
    r"[（(][一二三四五六七八九十0-9]{1,4}[）)]|[一二三四五六七八九十]{1,4}[、.．]|[0-9]{1,3}[、.．](?![0-9])"
    r"|第[一二三四五六七八九十百零〇0-9]{1,7}[编章节条部][ 　\t]|[①-⑳]|抄送[：:]"
    r"|附件[0-9一二三四五六七八九十]{0,3}[：:\s]?|[（(]?联系(?:人|电话)[：:]"
)
_LABEL = re.compile(r"[㐀-鿿]{2,6}：")
_ENDS = "。！？!?"
_STOPS = _ENDS + "：；:;"
_EDGE_LINES = 2  # lines at either end of a page among which running heads and feet are looked for
_GARBAGE_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    indent: int  # half-width columns before the text
    page: int
    gap: bool  # an empty line stands before it

    @property
    def end(self) -> int:
        return self.indent + display_width(self.text)


def parse_pdf(data: bytes, limits: Limits) -> ParsedFile:
    """Paragraphs of a PDF by the layout of its text layer.

    A page without a text layer, a garbled one, an encrypted file and pages beyond ``limits.max_pages`` are troubles.
    Raises what pypdf raises on a damaged file.
    """
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        return ParsedFile((), troubles=(Trouble("", "文件已加密，需要密码才能读取", lost=True),))
    troubles: list[Trouble] = []
    pages: list[list[_Line]] = []
    for number, page in enumerate(reader.pages, 1):
        if number > limits.max_pages:
            troubles.append(Trouble(f"第{number}页起", f"页数超过 {limits.max_pages} 页，其后未收入", lost=True))
            break
        try:
            lines = _lines(page, number)
        except Exception as error:  # one page that pypdf cannot read must not cost the others
            troubles.append(Trouble(f"第{number}页", f"无法读取：{type(error).__name__} {error}"[:200], lost=True))
            lines = []
        else:
            if trouble := _trouble(page, lines, number):
                troubles.append(trouble)
                lines = []
        pages.append(lines)
    kept = [line for page in _without_running_lines(pages) for line in page]
    return ParsedFile(tuple(_paragraphs(kept)), troubles=tuple(_merged(troubles)))


def _merged(troubles: Sequence[Trouble]) -> Iterator[Trouble]:
    """One trouble for the pages in a row that have the same one."""
    first = last = -1
    for position, trouble in enumerate(troubles):
        following = troubles[position + 1] if position + 1 < len(troubles) else None
        page = _page_of(trouble)
        first = page if first < 0 else first
        last = page
        if page > 0 and following and following.reason == trouble.reason and _page_of(following) == last + 1:
            continue
        yield Trouble(f"第{first}–{last}页", trouble.reason, trouble.lost) if first < last else trouble
        first = -1


def _page_of(trouble: Trouble) -> int:
    match = re.fullmatch(r"第(\d+)页", trouble.place)
    return int(match[1]) if match else 0


def _lines(page: PageObject, number: int) -> list[_Line]:
    """The page's lines as laid out. Where the layout reading loses characters, the plain reading is taken."""
    plain = page.extract_text()
    if not plain.strip():
        return []
    try:
        layout = page.extract_text(extraction_mode="layout")
    except Exception:  # the layout reading is stricter about fonts than the plain one
        layout = ""
    laid_out = not _characters(plain) - _characters(layout)
    lines: list[_Line] = []
    gap = False
    for raw in (layout if laid_out else plain).split("\n"):
        text = _tight(raw, plain)
        if not text:
            gap = True
            continue
        indent = len(raw) - len(raw.lstrip())
        # The layout reading counts an indent in characters, and here those are Chinese ones.
        lines.append(_Line(text, 2 * indent if laid_out else 0, number, gap))
        gap = False
    return lines


def _characters(text: str) -> Counter[str]:
    return Counter(c for c in text if not c.isspace())


def _tight(raw: str, plain: str) -> str:
    """A line without the padding that the layout reading puts between characters which the plain reading joins."""

    def space(match: re.Match[str]) -> str:
        before, after = match.string[match.start() - 1], match.string[match.end()]
        joined = f"{before}{after}" in plain and f"{before} {after}" not in plain
        return "" if joined else match.group()

    return clean(re.sub(r"(?<=\S)[ \t]+(?=\S)", space, raw.strip()))


def _trouble(page: PageObject, lines: Sequence[_Line], number: int) -> Trouble | None:
    text = "".join(line.text for line in lines)
    if text:
        odd = sum(1 for c in text if c == "\ufffd" or "\ue000" <= c <= "\uf8ff") + 4 * text.count("(cid:")
        if odd > _GARBAGE_SHARE * len(text):
            return Trouble(f"第{number}页", "文字层是乱码，需要文字识别（OCR），本版本尚不支持", lost=True)
        return None
    contents = page.get_contents()
    if contents is None or len(contents.get_data().strip()) < 40:
        return None  # an empty page
    return Trouble(f"第{number}页", "没有文字层（多为扫描件），需要文字识别（OCR），本版本尚不支持", lost=True)


def _without_running_lines(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """Pages without page numbers and without lines that recur at the same end of several pages."""
    pages = [_without_page_numbers(page) for page in pages]
    filled = [page for page in pages if page]
    if len(filled) < 2:
        return list(pages)
    heads = Counter(_pattern(line.text) for page in filled for line in page[:_EDGE_LINES])
    feet = Counter(_pattern(line.text) for page in filled for line in page[-_EDGE_LINES:])
    needed = max(2, (len(filled) + 1) // 2)
    running = {p for p, n in heads.items() if n >= needed} | {p for p, n in feet.items() if n >= needed}
    return [
        [
            line
            for position, line in enumerate(page)
            if not (_pattern(line.text) in running and (position < _EDGE_LINES or position >= len(page) - _EDGE_LINES))
        ]
        for page in pages
    ]


def _without_page_numbers(page: list[_Line]) -> list[_Line]:
    kept = list(page)
    for end in (0, -1):
        if kept and _PAGE_NUMBER.fullmatch(kept[end].text):
            kept.pop(end)
    return kept


def _pattern(text: str) -> str:
    return re.sub(r"[0-9０-９]+", "0", re.sub(r"\s", "", text))


def _paragraphs(lines: Sequence[_Line]) -> list[Block]:
    """Join lines: one goes on where the line before is full, and it is not indented and opens nothing."""
    if not lines:
        return []
    margin = min(line.indent for line in lines)
    edge = _right_edge(lines)
    blocks: list[Block] = []
    last: _Line | None = None
    for line in lines:
        turned = last is None or last.page != line.page
        if last is not None and _goes_on(last, line, margin, edge, turned):
            before = blocks[-1]
            text = join(before.text, line.text)
            pages = (*before.pages, (len(text) - len(line.text), line.page)) if turned else before.pages
            blocks[-1] = Block(text, pages=pages)
        else:
            # Title lines, numbers and signatures start far from the margin.
            centred = line.indent - margin >= 6 and abs((line.indent - margin) - (edge - line.end)) <= 8
            blocks.append(Block(line.text, centred=centred, pages=((0, line.page),) if turned else ()))
        last = line
    return blocks


def _right_edge(lines: Sequence[_Line]) -> int:
    """The column at which full lines end: the widest that several lines reach."""
    ends = sorted((line.end for line in lines), reverse=True)
    return ends[min(len(ends) - 1, max(1, len(ends) // 10))]


def _goes_on(last: _Line, line: _Line, margin: int, edge: int, turned: bool) -> bool:
    if _OPENS.match(line.text):
        return False
    if line.indent - margin >= 3 or (line.gap and not turned and last.text[-1] in _ENDS):
        return False
    if last.text[-1] in _ENDS and _LABEL.match(line.text):
        return False
    # Digits and letters are narrower than reckoned: a line that ends in mid-sentence may look less than full.
    return last.end >= edge - 5 or (last.text[-1] not in _STOPS and last.end >= 0.75 * edge and not line.gap)
