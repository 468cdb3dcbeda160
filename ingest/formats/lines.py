"""Lines of printed pages: running heads and page numbers out, the others rejoined into paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.formats.model import Block, Trouble
from ingest.formats.spaces import display_width, join

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


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line. Places are in half-width columns of the body's type, as a monospaced page would have them.

    ``width`` is the line's own, where the format gives it (else it is reckoned from the characters), and ``size`` the
    size of its type in any unit, 0 where unknown: lines of different type never make one paragraph.
    """

    text: str
    indent: int  # columns before the text
    page: int
    gap: bool  # an empty line stands before it
    width: int | None = None
    size: float = 0.0

    @property
    def end(self) -> int:
        return self.indent + (display_width(self.text) if self.width is None else self.width)


def without_running_lines(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """Pages without page numbers and without lines that recur at the same end of several pages.

    What is set larger than the body is a title, even where forms of several copies repeat it.
    """
    body = body_size(line for page in pages for line in page)
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
            if line.size > 1.15 * body
            or _pattern(line.text) not in running
            or _EDGE_LINES <= position < len(page) - _EDGE_LINES
        ]
        for page in pages
    ]


def _without_page_numbers(page: list[Line]) -> list[Line]:
    kept = list(page)
    for end in (0, -1):
        if kept and _PAGE_NUMBER.fullmatch(kept[end].text):
            kept.pop(end)
    return kept


def body_size(lines: Iterable[Line]) -> float:
    """The size of type in which most characters stand; 0 where no line has one."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


def _pattern(text: str) -> str:
    return re.sub(r"[0-9０-９]+", "0", re.sub(r"\s", "", text))


def paragraphs(lines: Sequence[Line]) -> list[Block]:
    """Join lines: one goes on where the line before is full, and it is not indented and opens nothing."""
    if not lines:
        return []
    margin = _margin(lines)
    edge = _right_edge(lines)
    blocks: list[Block] = []
    last: Line | None = None
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


def _margin(lines: Sequence[Line]) -> int:
    """The column at which lines begin: the first, but for a mark or two that stand left of the text of many pages."""
    starts = sorted(line.indent for line in lines)
    return starts[len(starts) // 40]


def _right_edge(lines: Sequence[Line]) -> int:
    """The column at which full lines end: the widest that several lines reach."""
    ends = sorted((line.end for line in lines), reverse=True)
    return ends[min(len(ends) - 1, max(1, len(ends) // 10))]


def _goes_on(last: Line, line: Line, margin: int, edge: int, turned: bool) -> bool:
    if _OPENS.match(line.text) or abs(last.size - line.size) > 0.15 * max(last.size, line.size):
        return False
    if line.indent - margin >= 3 or (line.gap and not turned and last.text[-1] in _ENDS):
        return False
    if last.text[-1] in _ENDS and _LABEL.match(line.text):
        return False
    # Digits and letters are narrower than reckoned: a line that ends in mid-sentence may look less than full.
    return last.end >= edge - 5 or (last.text[-1] not in _STOPS and last.end >= 0.75 * edge and not line.gap)


def merged_troubles(troubles: Sequence[Trouble]) -> Iterator[Trouble]:
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
