"""Lines of all pages to paragraphs: running heads out, lines joined by indent, line width and punctuation."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.formats.forms import form_lines
from ingest.formats.model import Block, BlockKind
from ingest.formats.pdf_lines import Line
from ingest.formats.pdf_page import Item, Table
from ingest.formats.spaces import clean, join
from ingest.formats.tables import row_texts

_PAGE_NUMBER = re.compile(
    r"[-—–－一_·.\s]{0,6}(?:第\s?)?[0-9０-９]{1,4}(?:\s?页)?[-—–－一_·.\s]{0,6}"
    r"|(?:第\s?)?[0-9]{1,4}\s?(?:页\s?)?(?:[/／,，]\s?(?:共\s?)?|共\s?)[0-9]{1,4}\s?页?"
    r"|[Pp]age\s?[0-9]{1,4}(?:\s?of\s?[0-9]{1,4})?"
)
_OPENS = re.compile(
    r"[（(][一二三四五六七八九十0-9]{1,4}[）)]|[一二三四五六七八九十]{1,4}[、.．]|[0-9]{1,3}[、.．](?![0-9])"
    r"|第[一二三四五六七八九十百零〇0-9]{1,7}[编章节条部][ 　\t]|[①-⑳]|抄送[：:]"
    r"|附件[0-9一二三四五六七八九十]{0,3}[：:\s]?|[（(]?联系(?:人|电话)[：:]"
)
_NUMBER = re.compile(r"[㐀-鿿]{1,12}[〔\[【（(][0-9]{4}[〕\]】）)][ 　]?(?:第[ 　]?)?[0-9]{1,5}[ 　]?号")  # 发文字号
_LABEL = re.compile(r"[㐀-鿿]{2,6}：")
_ENDS = "。！？!?"
_STOPS = _ENDS + "：；:;"
_FEW_LINES, _NARROW = 6, 16  # lines, and characters of the longest, from which the width of a column is known
_EDGE_LINES = 2  # lines at either end of a page among which running heads and feet are looked for
_CUT_WORD = re.compile(r"[A-Za-z]{2}[-\u00ad]$")


@dataclass(frozen=True, slots=True)
class _Area:
    """Where a column of text begins and ends, the size of its characters, and how far its lines are apart."""

    left: float
    right: float
    size: float
    pitch: float
    lines: int
    indented: bool  # whether paragraphs begin with an indent

    def indent(self, line: Line) -> float:
        return (line.left - self.left) / self.size

    def room(self, line: Line) -> float:
        return (self.right - line.right) / self.size

    @property
    def width(self) -> float:
        return (self.right - self.left) / self.size


def blocks_of(pages: Sequence[Sequence[Item]]) -> list[Block]:
    """Paragraphs and table rows of the pages, running heads and page numbers left out."""
    kept = _without_running_lines(pages)
    areas = _areas([line for page in kept for line in page if isinstance(line, Line)])
    blocks: list[Block] = []
    last: Line | None = None
    seen = tables = 0
    items = [item for page in kept for item in page]
    position = 0
    while position < len(items):
        item = items[position]
        position += 1
        turned = item.page != seen
        seen = item.page
        if isinstance(item, Table):
            tables += 1
            parts = [item]
            while position < len(items) and _continues(parts[-1], items[position]):
                following = items[position]
                assert isinstance(following, Table)
                parts.append(following)
                position += 1
            blocks += _rows(parts, tables, turned)
            seen = parts[-1].page
            last = None
            continue
        area = areas[_area_key(item)]
        if last is not None and blocks and _goes_on(last, item, areas[_area_key(last)], area):
            blocks[-1] = _joined(blocks[-1], item, turned)
        else:
            indent, room = area.indent(item), area.room(item)
            # Title lines, numbers and signatures start far from the margin.
            centred = indent >= 3 and abs(indent - room) <= 4
            pages_of = ((0, item.page),) if turned else ()
            blocks.append(Block(item.text, centred=centred, pages=pages_of, confidence=_kept(item.confidence)))
        last = item
    return blocks


def _kept(confidence: float) -> float | None:
    return None if confidence >= 1 else round(confidence, 3)


def _joined(block: Block, line: Line, turned: bool) -> Block:
    if _CUT_WORD.search(block.text) and line.text[0].islower() and line.text[0].isascii():
        text = block.text[:-1] + line.text
    else:
        text = join(block.text, line.text)
    pages = (*block.pages, (len(text) - len(line.text), line.page)) if turned else block.pages
    confidence = min(1.0 if block.confidence is None else block.confidence, line.confidence)
    return Block(text, pages=pages, confidence=_kept(confidence))


def _continues(table: Table, item: Item) -> bool:
    """Whether a table goes on at the head of the next page: nothing between, the same columns."""
    return (
        isinstance(item, Table)
        and item.page == table.page + 1
        and len(item.columns) == len(table.columns)
        and all(abs(a - b) <= 4 for a, b in zip(item.columns, table.columns, strict=True))
    )


def _rows(parts: Sequence[Table], number: int, turned: bool) -> list[Block]:
    """The rows of a table over its pages; the names of its columns hold on each, and are not repeated."""
    head = parts[0].rows[0] if parts[0].rows else ()
    names = [cell.text for cell in head]
    blocks: list[Block] = []
    for part in parts:
        rows = list(part.rows)
        if part is not parts[0] and rows and [cell.text for cell in rows[0]] != names:
            rows.insert(0, head)
        form = form_lines(rows)
        texts = [(text, True) for text in row_texts(rows)] if form is None else form
        first = True
        for text, is_row in texts:
            pages = ((0, part.page),) if first and (part is not parts[0] or turned) else ()
            kind, table = (BlockKind.TABLE_ROW, number) if is_row else (BlockKind.PARAGRAPH, None)
            blocks.append(Block(clean(text), kind, table=table, pages=pages, confidence=_kept(part.confidence)))
            first = False
    return blocks


def _without_running_lines(pages: Sequence[Sequence[Item]]) -> list[list[Item]]:
    """Pages without page numbers and without lines that recur at the same end of several pages."""
    cleaned = [_without_page_numbers(page) for page in pages]
    running = _running([page for page in cleaned if page])
    return [
        [
            item
            for position, item in enumerate(page)
            if not (_pattern(item) in running and (position < _EDGE_LINES or position >= len(page) - _EDGE_LINES))
        ]
        for page in cleaned
    ]


def _running(pages: Sequence[Sequence[Item]]) -> set[str]:
    """What recurs at the same height of most pages, in type no larger than the body's: copies of a form have titles."""
    if len(pages) < 2:
        return set()
    sizes = sorted(item.size for page in pages for item in page if isinstance(item, Line) for _ in item.text)
    largest = 1.2 * sizes[len(sizes) // 2] if sizes else 0.0
    found: set[str] = set()
    for edge in (slice(None, _EDGE_LINES), slice(-_EDGE_LINES, None)):
        places: defaultdict[str, list[Line]] = defaultdict(list)
        for page in pages:
            for item in page[edge]:
                if isinstance(item, Line) and item.size <= largest:
                    places[_pattern(item)].append(item)
        for pattern, lines in places.items():
            height = median(line.top for line in lines)
            # Scanned pages lie each in their own way on the glass.
            level = [line for line in lines if line.scanned or abs(line.top - height) <= line.size]
            if len(level) >= max(2, (len(pages) + 1) // 2):
                found.add(pattern)
    return found


def _without_page_numbers(page: Sequence[Item]) -> list[Item]:
    kept = list(page)
    for end in (0, -1):
        if kept and isinstance(line := kept[end], Line) and _PAGE_NUMBER.fullmatch(line.text):
            kept.pop(end)
    return kept


def _pattern(item: Item) -> str:
    if isinstance(item, Table):
        return f"table {id(item)}"
    return re.sub(r"[0-9０-９]+", "0", re.sub(r"\s", "", item.text))


_AreaKey = tuple[int, int]


def _area_key(line: Line) -> _AreaKey:
    """Scanned pages lie each in their own way on the glass; the pages of a text layer share their margins."""
    return (line.page if line.scanned else 0, line.column)


def _areas(lines: Sequence[Line]) -> dict[_AreaKey, _Area]:
    groups: dict[_AreaKey, list[Line]] = defaultdict(list)
    for line in lines:
        groups[_area_key(line)].append(line)
    return {key: _area(group) for key, group in groups.items()}


def _area(lines: Sequence[Line]) -> _Area:
    sizes = sorted(line.size for line in lines for _ in range(max(1, len(line.text))))
    size = sizes[len(sizes) // 2]
    body = [line for line in lines if 0.8 < line.size / size < 1.25] or list(lines)
    support = max(2, len(body) // 20) if len(body) >= 8 else 1
    left = _supported(sorted(line.left for line in body), support, 0.6 * size)
    right = -_supported(sorted(-line.right for line in body), support, 1.2 * size)
    steps = [
        after.top - before.top
        for before, after in pairwise(body)
        if before.page == after.page and 0 < after.top - before.top < 4 * size
    ]
    indented = sum(1 for line in body if 1.4 <= (line.left - left) / size <= 2.8)
    pitch = median(steps) if steps else 1.8 * size
    return _Area(left, right, size, pitch, len(body), indented >= max(1, len(body) // 10))


def _supported(places: list[float], support: int, within: float) -> float:
    """The first place that ``support`` lines share; the very first where none is shared."""
    for position, place in enumerate(places[: len(places) - support + 1]):
        if places[position + support - 1] - place <= within:
            return place
    return places[0]


def _goes_on(last: Line, line: Line, before: _Area, area: _Area) -> bool:
    """Whether a line continues the paragraph of the one above it (or at the foot of the page or column before)."""
    turned = last.page != line.page or last.column != line.column
    indent, room = area.indent(line), before.room(last)
    unfinished = last.text[-1] not in _STOPS
    gap = not turned and line.top - last.top > 1.45 * max(area.pitch, line.bottom - line.top)
    tolerance = 1.35 if last.scanned or line.scanned else 1.2
    few = not last.column and before.lines < _FEW_LINES and before.width < _NARROW and last.text[-1] not in "，、"
    if few or min(before.lines, area.lines) < 2:
        return False  # a single line, or a few short ones, do not show where the full ones end
    if not 1 / tolerance < last.size / line.size < tolerance:
        return False
    # Running text has no holes; a line of two names, or of a heading and a date, has.
    if max(last.hole, line.hole) > 3 or (gap and not unfinished):
        return False
    if indent >= 1.4:
        hangs = room < 1 and unfinished and not gap and not _OPENS.match(line.text)
        return hangs and indent < 4 and (before.indent(last) < indent - 1 or before.indent(last) > indent - 0.3)
    if _OPENS.match(line.text):
        # Where paragraphs are indented, “（三）” at the margin below a full line is a reference within a sentence.
        within = area.indented and unfinished and room < 1 and max(indent, before.indent(last)) < 0.6
        if not within:
            return False
    if last.text[-1] in _ENDS and _LABEL.match(line.text):
        return False
    if _NUMBER.fullmatch(line.text) or _NUMBER.fullmatch(last.text):
        return False
    if before.indent(last) >= 4 and indent <= before.indent(last) - 4 and not turned:
        return False  # what stands in the middle or on the right does not go on at the margin
    if room <= 2.5:
        return True
    # Words and figures that are not broken leave lines short that are full.
    is_title = before.indent(last) >= 2.6 and abs(before.indent(last) - room) <= 4
    return unfinished and room <= 0.25 * before.width and not gap and not is_title
