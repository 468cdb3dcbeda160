"""PDF with a text layer: lines rejoined into paragraphs, running heads and page numbers out, pages kept."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.formats.lines import Line, paragraphs, without_running_lines
from ingest.formats.model import Limits, ParsedFile, Trouble
from ingest.formats.spaces import clean

if TYPE_CHECKING:
    from pypdf import PageObject

_GARBAGE_SHARE = 0.3


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
    pages: list[list[Line]] = []
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
    kept = [line for page in without_running_lines(pages) for line in page]
    return ParsedFile(tuple(paragraphs(kept)), troubles=tuple(_merged(troubles)))


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


def _lines(page: PageObject, number: int) -> list[Line]:
    """The page's lines as laid out. Where the layout reading loses characters, the plain reading is taken."""
    plain = page.extract_text()
    if not plain.strip():
        return []
    try:
        layout = page.extract_text(extraction_mode="layout")
    except Exception:  # the layout reading is stricter about fonts than the plain one
        layout = ""
    laid_out = not _characters(plain) - _characters(layout)
    lines: list[Line] = []
    gap = False
    for raw in (layout if laid_out else plain).split("\n"):
        text = _tight(raw, plain)
        if not text:
            gap = True
            continue
        indent = len(raw) - len(raw.lstrip())
        # The layout reading counts an indent in characters, and here those are Chinese ones.
        lines.append(Line(text, 2 * indent if laid_out else 0, number, gap))
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


def _trouble(page: PageObject, lines: Sequence[Line], number: int) -> Trouble | None:
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
