"""Names of organisations in Chinese text: finding them, splitting lists of them, comparing them.

Sources of the rules: GB/T 9704 (机关名称 as full or standard short name), the phrasings collected in
``docs/phrasings.md``, and the tables of :mod:`assistant.domain.registry`. Units stay as written; canonical names are
compared, never substituted.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.domain.policy import Span
from assistant.domain.registry import bodies, functions, joined, listed, places


@dataclass(frozen=True, slots=True)
class UnitMention:
    """A unit's name and where it stands in the text that was read."""

    name: str
    span: Span


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first, as a tree of their characters: one step a character."""
    tree: dict[str, dict] = {}  # type: ignore[type-arg]
    for word in words:
        node = tree
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}

    def pattern(node: dict[str, dict]) -> str:  # type: ignore[type-arg]
        branches = [re.escape(c) + pattern(below) for c, below in node.items() if c]
        if not branches:
            return ""
        inner = branches[0] if len(branches) == 1 and "" not in node else f"(?:{'|'.join(branches)})"
        return f"{inner}?" if "" in node else inner

    return pattern(tree)


_JOINED = re.compile(_any_of(joined()))
# What ends a name, and what makes the same characters another word: 教育部门, 委托, 办法, 局部.
_AFTER = (
    "(?:(?<=部)(?![门分署队件落])|(?<=委)(?![托员派任])|(?<=办)(?![法公理结事学案好成赛])"
    "|(?<=局)(?!部(?!门)|面(?![向对])|限(?![期时]))|(?<![部委办局]))"
)
_LEVEL = "(?:国家|全国|中央|自治区|本)?(?:(?:省|市|州|县|区)委?)?"
# Merged bodies join the functions of several: 教育体育局, 文化旅游体育局, 科技工信局.
_FUNCTION_BODY = re.compile(
    f"{_LEVEL}(?:{_any_of(functions())}){{1,3}}(?:总局|局|厅|委员会|委|部|办公室|办|总署|署){_AFTER}"
)
_LISTED = re.compile(f"(?:省|市|州|县|区)?{_any_of(name for body in bodies() for name in body.names)}{_AFTER}")
# Other bodies are recognised by what their name ends with; _left_edge finds where it begins.
_OTHER_SUFFIX = re.compile(
    "管理委员会|管委会|人民政府|办公厅|办公室|委员会|领导小组|工作专班|专班|指挥部|理事会|秘书处|总工会|联合会|工商联|科协|团委|"
    "妇联|残联|侨联|文联|作协(?![议调同商定])|贸促会|红十字会|专委会|法工委|科学院|农科院|规划院|设计院|社科院|研究院|研究所|大学(?![城生路])|学院(?![派路])|中专(?![生])|中学(?![生])|小学(?![生])|学校|集团(?!化)|"
    "公司|中心(?![城区])|合作社联合社|联合社|合作社|协会|商会|学会|总会|基金会|促进会|银行|医院|法院|检察院|联合体|融合体|共同体|供销社|图书馆|博物馆|档案馆|"
    "文化馆|美术馆|体育馆|科技馆|纪念馆|少年宫|海关|支队|大队|总队|分局|分行|支行|党校|居委会|村委会|电视台|气象台|报社|出版社|保健院|卫生院|"
    "福利院|幼儿园|车务段|工务段|救助站|检查站|林场|农场|机场|社科联|记协(?![议调同商定])|军分区|派出所|街道(?=[、，。；和与及配牵负参协]|$)|"
    "(?:开发区|经开区|高新区|示范区|园区)(?!管)|国务院|办事处"
)
_LONGEST_NAME = 16
# A name does not run over these: prepositions, verbs and adverbs that stand before a unit in an official sentence.
_EDGE = re.compile(
    "负责|牵头|主办|承办|承担|由|和(?!平)|与|及|或|、|拟|将|经(?!开|济|信|贸|合|委)|向|对(?!外)|请|在|为|等|的|是|从|把|被|让|按|自(?![然治贸来])|以(?![上下内外])|并|其(?!中)|"
    "会同|联合(?!体|会)|配合|协调|协助|参与|组织(?!部)|指导(?!委员会|中心|小组|组)|支持|引导|鼓励|通过|关于|聘请|建立|成立|设立|组建|召开|依托|对接|推进|推动|"
    "属|归|给|到|各|该|每|哪|请问|何|包括|加强|发挥|报(?!社|业)|(?<![公外社成])交(?![通投警委易行流])|即|如|至|于|同意|同(?!济|仁)|跟|找|问|列出|你|我|他|它|们|了|建议|"
    "(?<!城市)(?<!工程)(?<!项目)(?<!城乡)(?<!环境)(?<!专业)建设(?![银集局投工管委厅兵])|建成|打造|培育|推广|编制|制定|新建|扩建|改造|完善|落实|开展|做好|"
    "实施|举办|承接|引进|邀请|委托|设在|挂靠|担任|兼任|作为|有(?![资限色])|力争|争取|实现|转为|优化|正在|目前|其中|同时|共同|分别|具体|"
    "受(?=理事会|[省市县区]|[一-鿿]{1,8}委托)|统一|自行|积极|启动|希望|期待|恳请|感谢|[今明]年|年内|主动|抓紧|尽快|全面|进一步|继续|不断|逐步|[一二三四五六七八九十两几]{1,4}[个家所座批]|要求|决定|议定|责成|下设|大学城|"
    "督促|督办|监督(?![管局所保])|授权|指定|接受|促进(?!会|中心|委|局|处|办)|明确|责令|确定(?!性)|务必|必须|下达|上报|配套|申建|申报|审计(?![局厅署])|(?<!行政)审批|批准|审核|审定|领衔|会办(?!公)|协办|统筹|协同(?!创)"
)
# A local body by its level and its last word (市救助站, 市河长办, 市委老干部局); _by_level finds where it ends.
_LEVEL_START = re.compile(
    "团(?:省|市|县|区|州)委|(?:省|市|州|县|区|镇|乡)(?![民内容域辖属级长情场里位间别分直]|外(?![办事])|委[^一-鿿]|人民)(?=[一-鿿])|(?:省|市|州|县|区)直(?=机关)"
)
_LEVEL_END = re.compile(
    "(?:局(?![部面限长])|委(?![托员派任])|(?<![承主协会督举开试申筹创交代经包])办(?![法公理结事学案好成赛证复文班实税])|委员会|办公室|研究室|督查室|政研室|[作传织战治装]部(?![门分署队件落长])|"
    "站(?![点位在起立台内])|[究务法察测验守]所|馆(?![员藏内长])|[科党究教]院|党校|[视象]台|[销报版合]社|[支大总中援]队|宫|幼儿园|协会|学会|总会|商会|联合会|促进会|"
    "基金会|工会|[联]$|中心(?![城区])|公司|集团(?!化))"
)
# What belongs to a body named right before it: 市公安局交警支队, 国家税务总局江城市税务局, 市教育局财务处.
_PART_OF = re.compile(
    "[一-鿿]{1,10}?(?:支队|大队|总队|分局|分行|支行|监管局|税务局|分公司|办公室|党校|研究室|督查室|政研室|老干部局|巡察办|"
    "(?<![查调惩判论相共深何到各出别审妥])处(?![理置于分在罚境长所]))"
)
_LEVEL_BODY = re.compile(
    "(?:省|(?<!城)市|州|县|区|镇|乡)(?:委(?![员托]|组织部|宣传部|统战部|政法委|编办|教育)|政府|政协|人大(?!会))"
)
_SEPARATOR = re.compile("、|，|,|；|;|和|与|及其|以及|及|会同|\\s+")
_GENERIC = re.compile(
    "^(?:各|有关|相关|所属|其他|政府|市直|区直|地方)?(?:级|地|地区|有关|相关|成员|责任|职能|主管|政府|行政|市直|行业|业务|专业|基层)*"
    "(?:部门|单位|地区|方面|企业|高校|院校|学校|机构|机关|县区|区县|人员|社会各界|自身|项目|主体)?$"
    "|^(?:全国|全省|全市|各级|[一二三]级|公立|公办|民办|本|大型|中小|地方|试点|有条件的?)+(?:医院|学校|院校|高校|企业|银行|中小学校)$"
    "|^(?:民办|公办|职业|高等|普通|特殊教育|技工|高级|中等|高职|义务教育)+(?:学校|院校)$"
    "|^(?:乡镇|村级?|社区|农村|城区|基层|中小|辖区)[一-鿿]{0,4}(?:学校|医院|卫生院|幼儿园|中心)$"
    "|^(?:省|自治区|直辖市|自治州|兵团)$"
    "|^(?:等|其他|各|县级以上|设区的?市|直辖市|自治区|自治州|城市|上一级|下一级|有关|相关|沿海|边境|省级|地市级|市级|县级|县乡|乡镇|地方|本级|同级|上级|下级|所在地|当地|基层|国家|中央)*"
    "(?:人民政府|政府|党委|党组|人民法院|人民检察院|公安机关)$"
)
_TRAILING = re.compile(
    "(?:等)?(?:有关|相关|其他)?(?:部门和单位|部门|单位|地区|地方)$|等$|(?:按(?:照)?(?:各自)?职责分工)$|(?:分别|共同|统一|具体|联合)$"
)
# What a name in a list ends with; others (公安机关, 项目承担, 自身) are classes of bodies or no bodies at all.
_BODY_END = re.compile(
    "(?:[局厅委办部署院校会馆站所处队社盟室组行司军区县市省州乡镇团]|中心|政府|集团|街道|公司|大学|科协|工商联|妇联|残联|联社|专班|"
    "联合体|融合体|共同体|园|厂|台|台办|支队|大队|法院|协|家|工委|企业|基地|电网|林场|农场|牧场|机场|铁塔|电信|移动|联通|邮政|烟草)$"
)


def find_units(text: str) -> list[UnitMention]:
    """Organisations named in running text, left to right, without overlaps; generic groups are left out."""
    taken: dict[int, int] = {}
    for pattern in (_FUNCTION_BODY, _LISTED):
        for match in pattern.finditer(text):
            start = _with_place(text, match.start())
            taken[start] = max(taken.get(start, 0), match.end())
    for match in _LEVEL_BODY.finditer(text):
        taken.setdefault(match.start(), match.end())
    for match in _OTHER_SUFFIX.finditer(text):
        start = _left_edge(text, match.start(), match.end())
        if match.end() - start >= 3:
            taken[start] = max(taken.get(start, 0), match.end())
    starts = sorted(taken)
    for match in _LEVEL_START.finditer(text):
        end, known = _by_level(text, match, starts), taken.get(match.start(), 0)
        level_body = known and _LEVEL_BODY.fullmatch(text, match.start(), known)  # 市委 in 市委老干部局
        if end and (not known or (end > known and (level_body or _PART_OF.fullmatch(text, known, end)))):
            taken[match.start()] = end
    for start, end in list(taken.items()):
        if part := _PART_OF.match(text, end):
            said = part.group()
            if _TWO_FIELDS.fullmatch(said) or not (_EDGE.search(said) or _HELD_APART.search(said)):
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
    for match in [*_SEPARATOR.finditer(shield), None]:
        end = match.start() if match else len(text)
        if (
            match
            and match.group() in _JOINTS
            and _inside_a_name(text[position:end], _NEXT_NAME.match(text, match.end()))
        ):
            continue  # 职业教育与成人教育处
        name = _TRAILING.sub("", _TRAILING.sub("", text[position:end].strip()))
        if name and not is_generic(name):
            names[name] = None
        position = match.end() if match else end
    return tuple(names)


_JOINTS = ("和", "与", "及")
_NEXT_NAME = re.compile("[^、，,；;和与及\\s]{2,16}")


def _inside_a_name(left: str, following: re.Match[str] | None) -> bool:
    """Whether a conjunction joins two fields of one name: what precedes it ends like no body, what follows does."""
    field = left.strip()
    if not 2 <= len(field) <= 10 or following is None or _BODY_END.search(field) or is_generic(field):
        return False
    name = _TRAILING.sub("", following.group())
    return bool(re.search("(?:[局厅委办处科]|委员会)$", name)) and not re.match("[省市县区]", name)


def named_bodies(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that end like the name of a body and are no class of bodies (自身, 公安机关)."""
    return tuple(n for n in names if 2 <= len(n) <= 30 and _BODY_END.search(n) and not is_generic(n))


def is_generic(name: str) -> bool:
    """Whether a name is a group without identity, such as 有关部门 or 各成员单位."""
    return name.startswith("各") or bool(_GENERIC.match(name))


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
    """Whether a name is place or level, a function that the registry lists, and a suffix: 市教育局, 江城市人社局."""
    return bool(_LEVEL_BODY.fullmatch(name) or _FUNCTION_NAME.match(_PREFIX.sub("", name)))


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
_FUNCTION_NAME = re.compile(f"^({_any_of(functions())})(.{{1,4}})$")
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
    f"(?!(?:(?!{_EDGE.pattern})[一-鿿]){{0,5}}[局委办厅院会][和与])(?:(?!{_EDGE.pattern})[一-鿿]){{2,5}}[和与](?:(?!{_EDGE.pattern})[一-鿿]){{2,5}}(?:局(?![部面限长])|委员会|中心(?![城区])|办公室)"
)
_TWO_FIELDS = re.compile("[一-鿿]{2,6}[与和][一-鿿]{2,6}处")  # 职业教育与成人教育处
_HELD_APART = re.compile("[的了要将拟应须已和与及]|负责|组织|安排|研究(?!室)|调整|开展")


def _by_level(text: str, start: re.Match[str], others: Sequence[int]) -> int | None:
    """Where a body ends that begins with its level (市…办) at a place where a name can begin; None where none does.

    ``others`` are the places, in order, where bodies begin that were found by their whole name.
    """
    if start.group()[0] == "团":
        return start.end()
    before = text[max(0, start.start() - 3) : start.start()]
    if not _OPENS.search(before) and not (_EDGE.search(before) and _EDGE.search(before[-2:])):
        return None
    end = start.end()
    following = bisect_right(others, start.start())
    limit = min(len(text), end + _LONGEST_NAME, others[following] if following < len(others) else len(text))
    while end < limit and "一" <= text[end] <= "鿿":
        end += 1
    stretch = _shielded(text[start.end() : end])
    if two := _TWO_FUNCTIONS.match(stretch):
        return start.end() + two.end()
    if edge := _EDGE.search(stretch):
        stretch = stretch[: edge.start()]
    last = None
    for match in _LEVEL_END.finditer(stretch):
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
            and not (_NO_PLACE.search(place) or _EDGE.search(place))
        ):
            return start - length
    return start


def _left_edge(text: str, suffix: int, end: int) -> int:
    """Where a name begins whose suffix stands at ``suffix``: after the last word that cannot be part of a name."""
    start = suffix
    while start > 0 and suffix - start < _LONGEST_NAME and "一" <= text[start - 1] <= "鿿":
        start -= 1
    piece = _shielded(text[start:end])
    cut = 0
    for match in _EDGE.finditer(piece):
        if match.end() <= len(piece) - 2:
            cut = match.end()
    return start + cut


def _shielded(text: str) -> str:
    """The text with names that hold a conjunction blanked, so that nothing inside them separates."""
    return _JOINED.sub(lambda m: "\x00" * len(m.group()), text)
