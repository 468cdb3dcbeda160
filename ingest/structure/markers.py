"""Markers of structure: 第一章, 一、, （一）, 1., （1）, ①, 一是, and how to tell them from references.

Source of the ranks: GB/T 9704 (一、 → （一） → 1. → （1）) and the practice of laws (编 → 章 → 节 → 条 → （一）).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from assistant.domain.language.numerals import parse_numeral, to_chinese


class Rank(IntEnum):
    """Kinds of markers from the highest down; a lower one nests in a higher one unless the document differs."""

    PART = 1  # 第一编, 第一部分
    CHAPTER = 2  # 第一章
    SECTION = 3  # 第一节
    ARTICLE = 4  # 第一条
    FIRST = 5  # 一、
    SECOND = 6  # （一）
    STAGE = 7  # 第一阶段：
    THIRD = 8  # 1.
    OUTLINE_2 = 9  # 1.1
    OUTLINE_3 = 10  # 1.1.1
    OUTLINE_4 = 11  # 1.1.1.1
    FOURTH = 12  # （1）
    FIFTH = 13  # ①
    LETTER = 14  # a)
    SPOKEN = 15  # 一是


OUTLINES = (Rank.OUTLINE_2, Rank.OUTLINE_3, Rank.OUTLINE_4)
"""Decimal numbers of parts (GB/T 1.1), by their depth."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker at ``start`` of a text: ``end`` is where its own text begins, ``step`` its part of a clause's path."""

    rank: Rank
    number: int
    label: str
    step: str
    start: int
    end: int
    sure: bool  # False where the shape alone is weak and the sequence must speak for it

    @property
    def above(self) -> str:
        """1.1 for 1.1.2: the step of the clause that a decimal number belongs to; empty for other markers."""
        return self.step.rpartition(".")[0] if self.rank in OUTLINES else ""


_HAN = "[一二三四五六七八九十百零〇]"
_NUM = "[0-9０-９]"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_SHAPES: tuple[tuple[Rank, re.Pattern[str], bool], ...] = (
    (Rank.PART, re.compile(rf"第[ 　]?({_HAN}{{1,4}}|{_NUM}{{1,2}})[ 　]?(?:编|篇|部分)"), True),
    (Rank.CHAPTER, re.compile(rf"第[ 　]?({_HAN}{{1,4}}|{_NUM}{{1,3}})[ 　]?章"), True),
    (Rank.SECTION, re.compile(rf"第[ 　]?({_HAN}{{1,4}}|{_NUM}{{1,3}})[ 　]?节"), True),
    (Rank.ARTICLE, re.compile(rf"第[ 　]?({_HAN}{{1,7}}|{_NUM}{{1,4}})[ 　]?条(?:之{_HAN}{{1,2}})?"), True),
    (Rank.STAGE, re.compile(rf"第({_HAN}{{1,2}}|{_NUM})(?:阶段|步|批)(?=[：:、（(，,　 ])[：:、]?"), True),
    (Rank.SECOND, re.compile(rf"[（(][ 　]?({_HAN}{{1,4}})[ 　]?[）)][、.．]?"), True),
    # A bracket lost: （二关于…, 二）关于….
    (Rank.SECOND, re.compile(rf"[（(]({_HAN}{{1,3}})(?=[㐀-鿿“《])"), False),
    (Rank.SECOND, re.compile(rf"({_HAN}{{1,3}})[）)]"), False),
    (Rank.FIRST, re.compile(rf"({_HAN}{{1,4}})[ 　]?[、.．]"), True),
    (Rank.FOURTH, re.compile(rf"[（(][ 　]?({_NUM}{{1,3}})[ 　]?[）)][、.．]?"), True),
    (Rank.THIRD, re.compile(rf"({_NUM}{{1,3}})[ 　]?(?:[.．](?!{_NUM})|、)"), True),
    (Rank.FOURTH, re.compile(rf"({_NUM}{{1,2}})[）)]"), False),
    # 1 总则, above 1.1
    (Rank.THIRD, re.compile(r"([0-9]{1,2})[ 　]{1,4}(?=[㐀-鿿“《])"), False),
    (Rank.FIFTH, re.compile(rf"([{_CIRCLED}])"), True),
    (Rank.LETTER, re.compile(r"([A-Za-z])(?:[）)]|[.．、](?![A-Za-z0-9]))"), False),
    (Rank.SPOKEN, re.compile(r"([一二三四五六七八九十]{1,2})(?:是|要)(?![一二三四五六七八九十])"), False),
)
# After a number: what makes it a reference or a quantity and no marker.
_REFERENCE = re.compile(r"[ 　]?(?:第|的|规定|所|之|中的|内|至|到|和|与|或|及|以及|、第|款|项|目|、[（(]|，应|执行)")
# （一）项, （二）目所列, （一）至（三）; but （一）项目建设, （二）目标任务, （三）到2025年 are headings.
_OF_LIST = re.compile(
    r"[ 　]?(?:项(?!目)|款(?![项待式])|目(?![标的录前光])"
    r"|(?:至|到|[、和与及或])[ 　]?[（(]?[一二三四五六七八九十0-9]{1,3}[）)项款目])"
)
_QUANTITY = re.compile(r"[一二三四五六七八九十0-9]{1,3}(?:[、线审级等类批次]|届|年级|季度|号线|月份)")
_CHAPTER_REFERENCE = re.compile(r"[ 　]?(?:第|的|规定|所|至|到|和|与|、|以及)")


_OUTLINE = re.compile(r"([0-9]{1,2}(?:[.．][0-9]{1,2}){1,3})[.．、]?[ 　]*(?=[㐀-鿿“《（])")
_UNIT = re.compile("[年月日时分秒号个名人家件次天周岁元万亿千百米公吨亩户所座种批届位间套台辆处倍级%％]")


def marker_at(text: str, position: int = 0) -> Marker | None:
    """The marker that opens ``text`` at ``position``, judged by its shape and by what follows; None for none."""
    if outline := _OUTLINE.match(text, position):
        return _outline(outline, text)
    for rank, shape, sure in _SHAPES:
        match = shape.match(text, position)
        if match is None:
            continue
        number = _value(match[1])
        if number is None or number == 0 or number > 2000 or _refers(rank, text, match.end()):
            continue
        label = match.group()
        end = match.end()
        while end < len(text) and text[end].isspace():
            end += 1
        return Marker(rank, number, label, _step(rank, number, label), position, end, sure)
    return None


def _outline(match: re.Match[str], text: str) -> Marker | None:
    step = match[1].replace("．", ".")
    number = int(step.rpartition(".")[2])
    if number == 0 or step.startswith("0") or _UNIT.match(text, match.end()):
        return None  # 1.5万元, 0.5公里
    return Marker(OUTLINES[step.count(".") - 1], number, match[1], step, match.start(), match.end(), sure=False)


def _value(raw: str) -> int | None:
    if raw in _CIRCLED:
        return _CIRCLED.index(raw) + 1
    if raw.isascii() and raw.isalpha():
        return ord(raw.lower()) - ord("a") + 1
    return parse_numeral(raw)


def _refers(rank: Rank, text: str, end: int) -> bool:
    match rank:
        case Rank.ARTICLE:
            # 第三条的规定, 第三条、第四条, 第三条第二款; but 第三条 的 with a space may open an article.
            return bool(_REFERENCE.match(text, end)) and not text[end : end + 1].isspace()
        case Rank.PART | Rank.CHAPTER | Rank.SECTION:
            return bool(_CHAPTER_REFERENCE.match(text, end)) and not text[end : end + 1].isspace()
        case Rank.SECOND | Rank.FOURTH:
            # The 、 of （一）、（二）项 was taken for the marker's own.
            return bool(_OF_LIST.match(text, end) or (text[end - 1] == "、" and _OF_LIST.match(text, end - 1)))
        case Rank.FIRST | Rank.THIRD:
            counts = text[end - 1].isspace() and _UNIT.match(text, end)
            return bool(counts or (text[end - 1] == "、" and _QUANTITY.match(text, end)))
        case _:
            return False


def _step(rank: Rank, number: int, label: str) -> str:
    """The part of a path, one form whatever the punctuation: 一、 and 一. are 一, (一) is （一）, 1、 is 1."""
    match rank:
        case Rank.PART | Rank.CHAPTER | Rank.SECTION | Rank.ARTICLE:
            compact = re.sub(r"\s", "", label)
            return re.sub(rf"({_NUM}+)", lambda m: to_chinese(int(m[1])), compact)
        case Rank.STAGE:
            return label.rstrip("：:、")
        case Rank.FIRST:
            return to_chinese(number)
        case Rank.SECOND:
            return f"（{to_chinese(number)}）"
        case Rank.THIRD:
            return str(number)
        case Rank.FOURTH:
            return f"（{number}）"
        case Rank.FIFTH:
            return _CIRCLED[number - 1]
        case _:
            return label


_INLINE_BEFORE = "。；：，,;:！？!?》”）) 　"
_INLINE = re.compile(rf"[（(]|{_HAN}{{1,3}}[、.．是]|{_NUM}{{1,3}}[.．、）)]|[{_CIRCLED}]|第")
_INLINE_RANKS = frozenset((Rank.ARTICLE, Rank.FIRST, Rank.SECOND, Rank.THIRD, Rank.FOURTH, Rank.FIFTH, Rank.SPOKEN))
# Characters between two markers (（一）申报；（二）审核); less is an enumeration of references: （一）（二）项.
_SHORTEST_ITEM = 3


def inline_markers(text: str, opening: Marker | None) -> list[Marker]:
    """Markers inside one paragraph that open clauses: runs 1, 2, … of one kind after punctuation.

    A run starts at 1, or goes on from the paragraph's own ``opening`` marker. A lone （二） is a reference
    (详见（二）). Runs nest: （1）…（2）… may stand inside 一是….
    """
    candidates = []
    for found in _INLINE.finditer(text, opening.end if opening else 0):
        position = found.start()
        led = position == 0 or text[position - 1] in _INLINE_BEFORE or (opening and position == opening.end)
        if not led and found.group() not in _CIRCLED:
            continue
        marker = marker_at(text, position)
        if marker is None or marker.rank not in _INLINE_RANKS or not _fits_inline(text, marker):
            continue
        candidates.append(marker)
    accepted: list[Marker] = []
    for rank in sorted({m.rank for m in candidates}):
        before = opening if opening and opening.rank == rank else None
        accepted += _run([m for m in candidates if m.rank == rank], before)
    return sorted(accepted, key=lambda m: m.start)


def _fits_inline(text: str, marker: Marker) -> bool:
    before = text[marker.start - 1] if marker.start else "。"
    match marker.rank:
        case Rank.ARTICLE:
            return before in "。；！？ 　" and text[marker.start + len(marker.label) :][:1].isspace()
        case Rank.FIRST:
            return before in "。；：！？:; 　"
        case Rank.SPOKEN:
            return before in "。；，：:;,、"
        case Rank.THIRD:
            return before in "。；：！？:;，, 　" and not text[marker.end : marker.end + 1].isdigit()
        case _:
            return marker.sure


def _run(candidates: list[Marker], opening: Marker | None) -> list[Marker]:
    """Candidates of one kind that count up without a gap; a run from 1 needs a second member."""
    accepted: list[Marker] = []
    expected = opening.number + 1 if opening else 1
    last_end = opening.end if opening else -_SHORTEST_ITEM
    run: list[Marker] = []
    for marker in candidates:
        if marker.number == 1 and expected != 1:
            # A new list of the same kind begins: 一是…二是…。 … 一是…二是….
            accepted += _closed(run)
            run, expected, last_end = [], 1, -_SHORTEST_ITEM
        if marker.number != expected or marker.start - last_end < _SHORTEST_ITEM:
            continue
        run.append(marker)
        expected, last_end = expected + 1, marker.end
    return accepted + _closed(run)


def _closed(run: list[Marker]) -> list[Marker]:
    return run if len(run) > 1 or (run and run[0].number > 1) else []
