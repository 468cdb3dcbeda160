"""Names of organisations in Chinese text: finding them, splitting lists of them, comparing them.

Sources of the rules: GB/T 9704 (机关名称 as full or standard short name), the phrasings collected in
``docs/phrasings.md``, and the tables of :mod:`assistant.domain.units.registry`. Units stay as written; canonical names
are compared, never substituted.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.domain.policy import Span
from assistant.domain.units.patterns import (
    BODY_END,
    EDGE,
    FUNCTION_BODY,
    GENERIC,
    INNER_OFFICE,
    LEVEL_BODY,
    LEVEL_END,
    LEVEL_START,
    LONGEST_NAME,
    OTHER_SUFFIX,
    PART_OF,
    SEPARATOR,
    TRAILING,
    any_of,
    joined_names,
    listed_names,
)
from assistant.domain.units.registry import functions, listed, places


@dataclass(frozen=True, slots=True)
class UnitMention:
    """A unit's name and where it stands in the text that was read."""

    name: str
    span: Span


def find_units(text: str) -> list[UnitMention]:
    """Organisations named in running text, left to right, without overlaps; generic groups are left out."""
    taken: dict[int, int] = {}
    for pattern in (FUNCTION_BODY, listed_names()):
        for match in pattern.finditer(text):
            start = _with_place(text, match.start())
            taken[start] = max(taken.get(start, 0), match.end())
    for match in LEVEL_BODY.finditer(text):
        taken.setdefault(_with_place(text, match.start()), match.end())
    for match in OTHER_SUFFIX.finditer(text):
        start = _left_edge(text, match.start(), match.end())
        if match.end() - start >= 3:
            taken[start] = max(taken.get(start, 0), match.end())
    for match in INNER_OFFICE.finditer(text):
        if _can_begin(text, match.start()):
            taken[match.start()] = max(taken.get(match.start(), 0), match.end())
    starts = sorted(taken)
    for match in LEVEL_START.finditer(text):
        end, known = _by_level(text, match, starts), taken.get(match.start(), 0)
        level_body = known and LEVEL_BODY.fullmatch(text, match.start(), known)  # 市委 in 市委老干部局
        if end and (not known or (end > known and (level_body or PART_OF.fullmatch(text, known, end)))):
            taken[match.start()] = end
    for start, end in list(taken.items()):
        if part := PART_OF.match(text, end):
            said = part.group()
            if (
                _TWO_FIELDS.fullmatch(said)
                or INNER_OFFICE.fullmatch(said)
                or not (EDGE.search(said) or _HELD_APART.search(said))
            ):
                taken[start] = part.end()
    for start, end in list(taken.items()):
        if is_generic(text[start:end]):
            continue
        wider = _with_unlisted_place(text, start)
        if wider != start:
            taken[wider] = max(taken.get(wider, 0), end)
    found: list[UnitMention] = []
    for start, end in sorted(taken.items(), key=lambda item: (item[0], -item[1])):
        if found and start < found[-1].span.end:
            continue
        if not is_generic(text[start:end]):
            found.append(UnitMention(text[start:end], Span(start, end)))
    return found


def split_units(text: str) -> tuple[str, ...]:
    """The names in a list such as “市科技局、市文化广播电视和旅游局和市教育局等部门”, as written, in order.

    Conjunctions inside the names of the registry do not split. Generic groups (有关部门) are left out.
    """
    shield = _shielded(text)
    names: dict[str, None] = {}
    position = 0
    for match in [*SEPARATOR.finditer(shield), None]:
        end = match.start() if match else len(text)
        if (
            match
            and match.group() in _JOINTS
            and _inside_a_name(text[position:end], _NEXT_NAME.match(text, match.end()))
        ):
            continue  # 职业教育与成人教育处
        name = TRAILING.sub("", TRAILING.sub("", text[position:end].strip()))
        if name and not is_generic(name):
            names[name] = None
        position = match.end() if match else end
    return tuple(names)


_JOINTS = ("和", "与", "及")
_NEXT_NAME = re.compile("[^、，,；;和与及\\s]{2,16}")


def _inside_a_name(left: str, following: re.Match[str] | None) -> bool:
    """Whether a conjunction joins two fields of one name: what precedes it ends like no body, what follows does."""
    field = left.strip()
    if not 2 <= len(field) <= 10 or following is None or BODY_END.search(field) or is_generic(field):
        return False
    name = TRAILING.sub("", following.group())
    return bool(re.search("(?:[局厅委办处科]|委员会)$", name)) and not re.match("[省市县区]", name)


_CLASS_INSIDE = re.compile("(?:部门|单位)[一-鿿]")  # 主管部门征求国务院


def named_bodies(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that end like the name of a body and are no class of bodies (自身, 公安机关)."""
    return tuple(
        n for n in names if 2 <= len(n) <= 30 and BODY_END.search(n) and not (is_generic(n) or _CLASS_INSIDE.search(n))
    )


def is_generic(name: str) -> bool:
    """Whether a name is a group without identity, such as 有关部门 or 各成员单位."""
    return name.startswith("各") or bool(GENERIC.match(name))


def same_unit(left: str, right: str) -> bool:
    """Whether two names can be meant for one body inside one jurisdiction.

    教育局, 市教育局 and 吉林市教育局 agree, 国家发展改革委 and 国家发展和改革委员会 too; 省教育厅 does not (another
    level and another suffix), nor 长春市教育局 with 吉林市教育局; 化工园区 and 化工园区管委会 do not (possibly the
    same, never merged by a rule).
    """
    if left == right:
        return True
    known = listed(left), listed(right)
    if known[0] and known[1]:
        return known[0] is known[1]
    left_level, left_place, left_bare = _parts(left)
    right_level, right_place, right_bare = _parts(right)
    if _differ(left_level, right_level) or _differ(left_place, right_place):
        return False
    return bool(left_bare) and left_bare == right_bare


def any_same(name: str, names: Sequence[str]) -> bool:
    """Whether one of ``names`` is the same unit as ``name``."""
    return any(same_unit(name, other) for other in names)


def is_regular(name: str) -> bool:
    """Whether a name is place or level, a function of the registry, and a suffix (市教育局), or an inner office."""
    return bool(
        LEVEL_BODY.fullmatch(name) or INNER_OFFICE.fullmatch(name) or _FUNCTION_NAME.match(_PREFIX.sub("", name))
    )


def _differ(left: str, right: str) -> bool:
    return bool(left) and bool(right) and left != right


_ZONE = "经开|高新|开发|保税|综保|示范|产业|工业|化工|科技|园"
_CITY = "市(?!场|政(?!府|协))"
_PLACE_NAME = (
    f"(?:(?!国家|全国|中央|{_ZONE})[一-鿿]{{2,4}}?"
    f"(?:自治区|自治州|自治县|省|{_CITY}|县|州|盟|旗|(?<![园社校景小灾开新])区))"
)
_PREFIX = re.compile(
    f"^(?:(?P<place>{_PLACE_NAME})(?=.{{2,}})|(?:国家|全国|中国|本)?(?:省|{_CITY}|州|县|区)?(?=.{{2,}}))"
)
_FUNCTION_NAME = re.compile(f"^({any_of(functions())})(.{{1,4}})$")
_LEVELS = re.compile("^[一-鿿]{0,4}?(?:(省|市(?!场|政(?!府|协|法|务))|县|州)|(?<![园社校景小灾开新])(区))")
_PARTY_ORGAN = ("宣传部", "组织部", "统战部", "武装部", "政治部", "工作部", "指挥部")


@lru_cache(maxsize=16_384)
def _parts(name: str) -> tuple[str, str, str]:
    """Level, place and bare name: what two names are compared by."""
    return _level(name), _place(name), _bare(name)


def _bare(name: str) -> str:
    """The name without place and level, its function in the short form: 吉林市人力资源和社会保障局 is 人社局."""
    bare = _PREFIX.sub("", name).replace("管理委员会", "管委会").replace("委员会", "委")
    bare = bare[1:] if bare.startswith("委") and len(bare) > 3 else bare  # 市委宣传部
    if match := _FUNCTION_NAME.match(bare):
        return functions()[match.group(1)] + match.group(2)
    return bare


def _place(name: str) -> str:
    match = _PREFIX.match(name)
    return (match["place"] or "") if match else ""


def _level(name: str) -> str:
    if name.endswith("厅") and not name.startswith("国务院"):
        return "省"
    if match := _LEVELS.match(name):
        return match.group(1) or match.group(2)
    national = name.startswith(("国家", "国务院", "中央", "中国", "全国"))
    ministry = name.endswith(("部", "总局", "总署")) and not name.endswith(_PARTY_ORGAN)
    return "国" if national or ministry else ""


def _with_place(text: str, start: int) -> int:
    """The start of a body's name with the place before it (吉林 in 吉林市教育局), where one stands there."""
    if text[start] not in "市省县区州":
        return start
    for length in (4, 3, 2):
        if start >= length and text[start - length : start] in places():
            return start - length
    return start


# Characters before which a name begins: what is no word, and prepositions.
_OPENS = re.compile("(?:^|[^一-鿿]|[由请和与及向同在经]|责成|会同|要求|同意|委托|配合|协助|支持|督促)$")
_UNLISTED_PLACE = re.compile("[一-鿿]{2,3}$")
_NO_PLACE = re.compile(
    "会议|单位|部门|国家|全[国省市县]|本[省市县]|[我各该此]|有关|相关|责成|建议|要求|目前|近日|由于|因此|原则|同时|其中|经过|按照|依照|根据|日前|督促|协调|"
    "希望|监督|明确|确定|指定|授权|接受|责令|批复|商定|报请|转交|移交|交由|关于|对于|至于|由于|以及|配合|支持|请|由|和|与|及|向|同|在|经|的|拟|将|并|组织|委托|授权|安排|报|送|对|为|是|让|给"
)
# A name of two fields that no table lists: 市水利和湖泊局; the first field ends like no body.
_TWO_FUNCTIONS = re.compile(
    f"(?!(?:(?!{EDGE.pattern})[一-鿿]){{0,5}}[局委办厅院会][和与])(?:(?!{EDGE.pattern})[一-鿿]){{2,5}}[和与](?:(?!{EDGE.pattern})[一-鿿]){{2,5}}(?:局(?![部面限长])|委员会|中心(?![城区])|办公室)"
)
_TWO_FIELDS = re.compile("[一-鿿]{2,6}[与和][一-鿿]{2,6}处")  # 职业教育与成人教育处
_HELD_APART = re.compile("[的了要将拟应须已和与及]|负责|组织|安排|研究(?!室)|调整|开展")


def _can_begin(text: str, place: int) -> bool:
    """Whether a name can begin at a place: behind what is no word, a preposition or a verb."""
    before = text[max(0, place - 3) : place]
    return bool(_OPENS.search(before)) or bool(EDGE.search(before) and EDGE.search(before[-2:]))


def _by_level(text: str, start: re.Match[str], others: Sequence[int]) -> int | None:
    """Where a body ends that begins with its level (市…办) at a place where a name can begin; None where none does.

    ``others`` are the places, in order, where bodies begin that were found by their whole name.
    """
    if start.group()[0] == "团":
        return start.end()
    if not _can_begin(text, start.start()):
        return None
    end = start.end()
    following = bisect_right(others, start.start())
    limit = min(len(text), end + LONGEST_NAME, others[following] if following < len(others) else len(text))
    while end < limit and "一" <= text[end] <= "鿿":
        end += 1
    stretch = _shielded(text[start.end() : end])
    if two := _TWO_FUNCTIONS.match(stretch):
        return start.end() + two.end()
    if edge := EDGE.search(stretch):
        stretch = stretch[: edge.start()]
    last = None
    for match in LEVEL_END.finditer(stretch):
        if match.start() >= 1:
            last = match
    return start.end() + last.end() if last else None


def _with_unlisted_place(text: str, start: int) -> int:
    """The start of a name with a place before it that no table lists (丰南县政府, 江城市教育局)."""
    if text[start] not in "市县区镇乡州":
        return start
    for length in (2, 3):
        place = text[max(0, start - length) : start]
        before = text[max(0, start - length - 2) : max(0, start - length)]
        if (
            _UNLISTED_PLACE.fullmatch(place)
            and _OPENS.search(before)
            and not (_NO_PLACE.search(place) or EDGE.search(place))
        ):
            return start - length
    return start


def _left_edge(text: str, suffix: int, end: int) -> int:
    """Where a name begins whose suffix stands at ``suffix``: after the last word that cannot be part of a name."""
    start = suffix
    while start > 0 and suffix - start < LONGEST_NAME and "一" <= text[start - 1] <= "鿿":
        start -= 1
    piece = _shielded(text[start:end])
    cut = 0
    for match in EDGE.finditer(piece):
        if match.end() <= len(piece) - 2:
            cut = match.end()
    return start + cut


def _shielded(text: str) -> str:
    """The text with names that hold a conjunction blanked, so that nothing inside them separates."""
    return joined_names().sub(lambda m: "\x00" * len(m.group()), text)
