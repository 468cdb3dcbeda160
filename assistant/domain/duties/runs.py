"""Lists of units in a piece of text, each written as one character, so that phrasings read as plain patterns.

``由市财政局和市商务局牵头`` becomes ``由U牵头``, where U stands for a character of Unicode's private use area that
leads back to the names. Groups without identity (各县区政府, 有关部门) beside named units go into their list without
a name; alone they become :data:`GROUP`. What is quoted is blanked. Places in the marked text lead back to the piece.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain.policy import Span
from assistant.domain.units.names import UnitMention, find_units, is_generic, named_bodies, split_units
from assistant.domain.units.patterns import any_of
from assistant.domain.units.registry import functions

_FIRST, _MOST = 0xE000, 0x0FFF
#: Any list of named units, and a group without names, for use in patterns over marked text.
UNITS = f"[{chr(_FIRST)}-{chr(_FIRST + _MOST)}]"
GROUP = "\uf000"
BLANK = "\x00"

_SELF = re.compile("(?:我|本)(?:局|委|办|厅|部|院|校|会|中心|集团|公司|单位)(?![的系党领班职干员属内全])")
_PRIVATE = re.compile("[\ue000-\uf8ff]")  # characters of odd fonts, which would pass for lists
_QUOTATION = re.compile("《[^《》]{0,120}》|“[^“”]{0,120}(?:牵头|负责|主办|承办|配合)[^“”]{0,60}”")
# 各县县县: 各县（市、区）人民政府, written over by assistant.domain.duties.reading, because a bracket would end the
# list.
_GROUP_NAME = (
    f"(?:各县{{2,12}}(?:{any_of(functions())}(?:局|委|部门))?"
    f"|各(?:县区|区县|县市区|县|区|市|乡镇|镇|街道)(?:{any_of(functions())})(?:局|委|部门)"
    "|各(?:有关|相关)?[一-鿿]{0,6}?(?:部门|单位|地区|地方|企业|高校|院校|学校|人民政府|政府|县区|区县|县市区|乡镇|街道|园区|区县市|(?<=各)[县区市地])"
    "|(?<![为是])(?:市直|区直|县直|省直)?(?:有关|相关|其他|成员|属地)[一-鿿]{0,8}?(?:部门|单位|企业|院校|高校|政府|方面)"
    "|(?:市直|区直|县直|省直|乡镇|基层)(?:部门|单位|(?:人民)?政府))"
)
_GROUPS = re.compile(_GROUP_NAME + "(?![间的])")
_LINK = "(?:、|和|与|及其?|以及)"
# What may close a list: 等部门, 等5家单位, 及各县区政府.
_TAIL = re.compile(
    "(?:[ 　]{0,9}等(?:[0-9一二三四五六七八九十]{1,3}(?:家|个))?(?:有关|相关|职能|市直|行业)*"
    f"(?:部门和单位|部门|单位|地区|地方|企业|院校|委办局)?)?(?:{_LINK}{_GROUP_NAME})*"
)
# 市城管局（市城市管理综合行政执法局）, 市城管局（以下简称城管局）: the same body once more.
_ALIAS = re.compile(
    "（(?:以下简称|简称|原|加挂|挂|即)?[^（），。；：]{2,20}(?:局|委|办|办公室|厅|部|会|中心|处|公司|院|站|所)(?:牌子)?）(?=[一-鿿、，])"
)
_BETWEEN = re.compile(f"[ 　]{{0,4}}(?:等(?:部门|单位)?)?{_LINK}(?:{_GROUP_NAME}{_LINK}){{0,4}}[ 　]{{0,4}}")
_GROUPS_BEFORE = re.compile(f"(?:{_GROUP_NAME}{_LINK}){{1,3}}$")
# Between 由 and its verb stand names, whatever they end with: 由丰乐合作社牵头.
_BY_LIST = re.compile(
    "(?<![理缘])由([^，。；：（）由\n]{2,60}?)(?:具体|统一|分别|共同|联合|双|总|直接|按职责分工|等)*"
    "(?=牵头|负责|主办|承办|统筹|协调(?!小组)|承担|组织实施|归口管理|指导)"
)


# Kinds of bodies that name nobody where they stand alone: 办公室设在市发展改革委.
_BARE = frozenset(
    "办公室 委员会 领导小组 指挥部 开发区 示范区 管委会 档案馆 图书馆 博物馆 基金会 合作社 村委会 "
    "居委会 居民委员会 村民委员会 业主委员会 公安派出所 "
    "派出所 检察院 法院 银行 医院 学校 小学 中学 幼儿园 街道 办事处".split()
)
# 国务院教育行政部门 is a class of bodies, and not 国务院.
_CLASS = re.compile(
    "(?:的)?(?:[一-鿿、]{1,24}?(?:主管|行政|管理|监督|业务)(?:等)?(?:部门|机构)|(?:有关|相关)[一-鿿]{0,6}部门|"
    "(?:(?![要应须将由批审决][一-鿿])[一-鿿、]){2,12}(?<![和与及同])(?:部门|机构))"
)
_ABOVE_CLASS = re.compile("(?:国务院|政府|军事委员会|解放军|警察部队)$")


@dataclass(frozen=True, slots=True)
class UnitList:
    """Names that stand together as one list, and the place of the list in the piece."""

    names: tuple[str, ...]
    span: Span


class Marked:
    """A piece of text with its lists of units as single characters: ``text``, and the way back."""

    def __init__(self, piece: str) -> None:
        self.piece = piece
        visible = _PRIVATE.sub("□", piece)
        visible = _QUOTATION.sub(lambda m: BLANK * len(m.group()), visible)
        self.lists = _lists(visible)[:_MOST]
        pieces: list[str] = []
        self._marked: list[int] = [0]
        self._origin: list[int] = [0]
        position = 0
        signs = [(found.span, chr(_FIRST + n)) for n, found in enumerate(self.lists)]
        ends = [found.span.end for found in self.lists]
        for match in _GROUPS.finditer(visible):
            after = bisect_right(ends, match.start())
            if after == len(self.lists) or match.end() <= self.lists[after].span.start:
                signs.append((Span(*match.span()), GROUP))
        length = 0
        for span, sign in sorted(signs, key=lambda s: s[0].start):
            pieces += [visible[position : span.start], sign]
            length += span.start - position
            self._marked += [length, length + 1]
            self._origin += [span.start, span.end]
            length += 1
            position = span.end
        self.text = "".join([*pieces, visible[position:]])

    def places(self) -> Iterator[tuple[int, UnitList]]:
        """Each list with the place of its character, left to right."""
        for match in re.finditer(UNITS, self.text):
            yield match.start(), self.at(match.start())

    def at(self, place: int) -> UnitList:
        """The list whose character stands at ``place``."""
        return self.lists[ord(self.text[place]) - _FIRST]

    def origin(self, place: int) -> int:
        """Where a place of the marked text lies in the piece."""
        n = bisect_right(self._marked, place) - 1
        return self._origin[n] + place - self._marked[n]

    def written(self, start: int, end: int) -> str:
        """The words between two places of the marked text, as the piece writes them."""
        return self.piece[self.origin(start) : self.origin(end)]


def _lists(text: str) -> list[UnitList]:
    lists: list[UnitList] = []
    names: list[str] = []
    start = end = -1
    for mention in _mentions(text):
        if mention.span.start < end:
            continue  # inside the bracket behind the name before
        joined = bool(names) and _BETWEEN.fullmatch(text, end, mention.span.start)
        if names and not joined:
            lists.append(_closed(text, names, start, end))
            names = []
        if not names:
            before = _GROUPS_BEFORE.search(text, max(0, mention.span.start - 16), mention.span.start)
            start = (
                before.start() if before and (not lists or lists[-1].span.end <= before.start()) else mention.span.start
            )
        names.append(mention.name)
        alias = _ALIAS.match(text, mention.span.end)
        end = alias.end() if alias else mention.span.end
    if names:
        lists.append(_closed(text, names, start, end))
    return lists


def _closed(text: str, names: list[str], start: int, end: int) -> UnitList:
    tail = _TAIL.match(text, end)
    return UnitList(tuple(dict.fromkeys(names)), Span(start, tail.end() if tail else end))


def _mentions(text: str) -> list[UnitMention]:
    """Units found by their names, the issuer (我局), and whatever stands in a list between 由 and its verb."""
    groups = [UnitMention(m.group(), Span(*m.span())) for m in _GROUPS.finditer(text)]
    found = [f for f in find_units(text) if not any(g.span.start < f.span.start for g in _overlapped(groups, f.span))]
    own = [UnitMention(m.group(), Span(*m.span())) for m in _SELF.finditer(text)]
    found = sorted([*found, *(o for o in own if not _overlapped(found, o.span))], key=lambda f: f.span)
    listed = list(_listed_behind_by(text))
    kept = [f for f in found if not any(f.span != n.span for n in _overlapped(listed, f.span))]
    # A name in such a list ends at the verb; one that crosses its edge is left as it was found.
    crossed = [n for n in listed if any(not n.span.covers(f.span) for f in _overlapped(found, n.span))]
    gone = set(crossed)
    kept = kept if not crossed else [f for f in found if not any(n not in gone for n in _overlapped(listed, f.span))]
    known = {f.span for f in kept}
    kept += [n for n in listed if n not in gone and n.span not in known]
    return sorted((f for f in kept if _names_one(text, f)), key=lambda f: f.span)


def _names_one(text: str, mention: UnitMention) -> bool:
    """Whether a mention names one body, and no kind of bodies."""
    name, span = mention.name, mention.span
    if name in _BARE or is_generic(name) or re.match("全[省市县区]", name) or text.startswith("各", span.start - 1):
        return False
    return not (_ABOVE_CLASS.search(name) and _CLASS.match(text, span.end))


def _listed_behind_by(text: str) -> Iterator[UnitMention]:
    for match in _BY_LIST.finditer(text):
        position = match.start(1)
        for name in named_bodies(split_units(match.group(1).partition("会同")[0])):
            at = text.find(name, position, match.end(1))
            if at >= 0:
                position = at + len(name)
                yield UnitMention(name, Span(at, position))


def _overlapped(mentions: list[UnitMention], span: Span) -> list[UnitMention]:
    """Those of the mentions (in order, without overlaps) that share characters with ``span``."""
    first = bisect_right(mentions, span.start, key=lambda m: m.span.end)
    found: list[UnitMention] = []
    while first < len(mentions) and mentions[first].span.start < span.end:
        found.append(mentions[first])
        first += 1
    return found
