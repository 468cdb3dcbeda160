"""Header rows: where they stand and what they call each column (docs/mapping.md tells users the rules)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from ingest.formats.sheet.book import Cell, CellType
from ingest.formats.spaces import clean
from ingest.formats.tables import combined_name

#: A row's number and its cells by column; cells of one merged range are the same object.
Line = tuple[int, Mapping[int, Cell]]

_MAX_DEPTH = 4  # rows of one header
_LONGEST_LABEL = 30
_LOOK_AHEAD = 30  # rows below a header by which it is judged
_NO_LABEL = re.compile(r"[。；！？;!?]|[：:].|\.$|^[（(]?[0-9.,/%\-]+[)）]?$|^http", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}年?")
#: What labels of office tables end with; a row of such words is a header wherever it stands.
_WORDS = (
    "序号|编号|号|单位|部门|处室|科室|机构|机关|姓名|名称|人|者|任务|内容|事项|项目|工作|时限|时间|日期|期限|节点|责任|牵头|配合|主办|协办"
    "|会办|承办|备注|说明|进度|进展|情况|状态|类别|类型|分类|性质|级别|职务|职称|性别|电话|方式|邮箱|地址|地点|金额|数量|人数|比例|合计"
    "|标题|题目|案由|提案|建议|措施|目标|成果|要求|依据|来源|领导|年度|年份|届次|学校|专业|企业|等次|结果|意见|领域|指标|单价|总价|民族|学历"
)
_LATIN_WORDS = "no|id|number|num|name|title|subject|date|time|type|category|content|text|body|year|status|unit|remark"
_USUAL = re.compile(f"(?:{_WORDS})(?:[（(][^（）()]{{1,12}}[）)])?|[A-Za-z_ ]{{0,20}}(?:{_LATIN_WORDS})", re.IGNORECASE)
_ENDS = re.compile(f"{_WORDS}|{_LATIN_WORDS}", re.IGNORECASE)
_REMARK = re.compile(r"[（(][^（）()]{1,200}[）)]$")
_STRETCHED = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")  # 序　号


@dataclass(frozen=True, slots=True)
class Header:
    """``rows`` are the labels as written, ``names`` what each column is called, ``sure``: its words are usual ones."""

    rows: tuple[dict[int, str], ...]
    names: dict[int, str]
    sure: bool

    @property
    def depth(self) -> int:
        """How many rows it takes."""
        return len(self.rows)

    def repeats(self, cells: Mapping[int, Cell]) -> bool:
        """Whether a row is one of its rows again, as printed tables have them on each page."""
        found = labels(cells)
        return len(found) >= 2 and any(all(row.get(c) == t for c, t in found.items()) for row in self.rows)


def distinct(cells: Mapping[int, Cell]) -> list[tuple[int, Cell]]:
    """The cells of a row in order, each merged cell once, at its first column."""
    found: list[tuple[int, Cell]] = []
    for column in sorted(cells):
        if not found or found[-1][1] is not cells[column]:
            found.append((column, cells[column]))
    return found


def label(cell: Cell) -> str:
    """A cell's text as a column's name: one line, no inner spaces, no closing colon."""
    return _as_label(cell.text)


@lru_cache(maxsize=32_768)  # each row is looked at as what stands below each of the rows before it
def _as_label(text: str) -> str:
    return _STRETCHED.sub("", clean(text)).rstrip("：:")


def header_at(lines: Sequence[Line], position: int) -> Header | None:
    """The header that begins at a row, or None.

    Its cells are short labels that do not recur below them and cover most of the columns that are used below. Where
    their words are not the usual ones of office tables, the columns must look different from their labels: numbers,
    dates or long texts below short words. A second row belongs to it where a label spans rows or columns, or where it
    fills exactly the places that the first leaves empty (exports to text lose what was merged).
    """
    first = lines[position][1]
    if len(distinct(first)) < 2 or not _can_be_labels(first):
        return None
    depth = 1
    while depth < _MAX_DEPTH and position + depth < len(lines) and _belongs(lines, position, depth):
        depth += 1
    below = [cells for _, cells in lines[position + depth : position + depth + _LOOK_AHEAD]]
    names = _names([dict(cells) for _, cells in lines[position : position + depth]])
    if not below or not _covers(names, below):
        return None
    shown = {column: cell for _, cells in lines[position : position + depth] for column, cell in cells.items()}
    header = Header(tuple(labels(cells) for _, cells in lines[position : position + depth]), names, sure=False)
    values = Counter(place for cells in below if not header.repeats(cells) for place in labels(cells).items())
    if any(values[column, label(cell)] for column, cell in shown.items() if cell.type == CellType.TEXT):
        return None
    usual = sum(1 for name in names.values() if is_usual(name))
    sure = usual >= 2 and usual * 5 >= len(names) * 3
    if not sure and (_is_form(below) or not _contrasts(names, below)):
        return None
    return replace(header, sure=sure)


@lru_cache(maxsize=32_768)
def is_usual(text: str) -> bool:
    """Whether a text ends like the labels of office tables: 牵头单位, 完成时限."""
    return bool(_USUAL.fullmatch(text.split("·")[-1]) or _ENDS.search(text[-4:]))


def labels(cells: Mapping[int, Cell]) -> dict[int, str]:
    """The labels of a row by column."""
    return {column: label(cell) for column, cell in cells.items()}


def _can_be_labels(cells: Mapping[int, Cell]) -> bool:
    texts = [(label(cell), cell) for _, cell in distinct(cells)]
    numbers = sum(1 for text, cell in texts if cell.type != CellType.TEXT and not _YEAR.fullmatch(text))
    if numbers:
        return False
    bare = [_REMARK.sub("", text) or text for text, _ in texts]  # 完成时限（请具体到月，不写“长期”）
    if not all(0 < len(text) <= _LONGEST_LABEL for text in bare):
        return False
    return not any(_NO_LABEL.search(text) for text in bare if not _YEAR.fullmatch(text))


def _belongs(lines: Sequence[Line], position: int, depth: int) -> bool:
    """Whether the row after ``depth`` header rows is one more of them."""
    number, cells = lines[position + depth]
    above_number, above = lines[position + depth - 1]
    if number != above_number + 1:
        return False
    own = {column: cell for column, cell in cells.items() if above.get(column) is not cell}
    if not own or not _can_be_labels(own):
        return False
    spans_rows = any(above.get(column) is cell for column, cell in cells.items())
    wide = {column for column, cell in above.items() if sum(1 for c in above.values() if c is cell) > 1}
    if wide:
        # Labels below a label that spans columns; beside it stands nothing, or a label that spans rows.
        return len({label(c) for c in own.values()}) >= 2 and set(own) <= wide
    if spans_rows:
        return True
    gaps = {column for column in cells if column not in above}
    groups = {max((c for c in above if c < column), default=0) for column in gaps}
    return (
        bool(gaps) and 0 not in groups and len(cells) >= 2 and set(cells) <= gaps | groups and len(above) > len(groups)
    )


def _names(rows: list[dict[int, Cell]]) -> dict[int, str]:
    for upper, lower in pairwise(rows):
        for column in sorted(lower):
            # The label of a group stands over its first column alone where merging is lost.
            if column not in upper and (left := max((c for c in upper if c < column), default=0)):
                upper[column] = upper[left]
    stacks: dict[int, list[Cell]] = {}
    for row in rows:
        for column, cell in row.items():
            stack = stacks.setdefault(column, [])
            if not stack or stack[-1] is not cell:
                stack.append(cell)
    texts = {column: [label(cell) for cell in stack] for column, stack in sorted(stacks.items())}
    names = {column: combined_name(parts) for column, parts in texts.items()}
    counts = Counter(names.values())
    return {c: name if counts[name] == 1 or len(texts[c]) == 1 else "·".join(texts[c]) for c, name in names.items()}


def _covers(names: Mapping[int, str], below: Sequence[Mapping[int, Cell]]) -> bool:
    """Whether the header names most of what stands below it, and some row has two of its columns filled."""
    used = Counter(column for cells in below for column, cell in distinct(cells))
    named = sum(count for column, count in used.items() if column in names)
    several = any(sum(1 for column, _ in distinct(cells) if column in names) >= 2 for cells in below)
    return several and named * 10 >= used.total() * 6


def _is_form(below: Sequence[Mapping[int, Cell]]) -> bool:
    """Whether labels stand below as well, as in forms: 姓名 | 甲某 | 性别 | 男 over 年龄 | 45 | 职务 | 科长."""
    columns: dict[int, list[str]] = {}
    for cells in below:
        for column, cell in cells.items():
            columns.setdefault(column, []).append(label(cell))
    return any(sum(map(is_usual, texts)) * 3 >= len(texts) * 2 for texts in columns.values())


def _contrasts(names: Mapping[int, str], below: Sequence[Mapping[int, Cell]]) -> bool:
    for column, name in names.items():
        values = [cells[column] for cells in below if column in cells]
        different = [v for v in values if v.type != CellType.TEXT or (len(v.text) > 10 and len(v.text) > 3 * len(name))]
        if values and len(different) * 3 >= len(values) * 2:
            return True
    return False
