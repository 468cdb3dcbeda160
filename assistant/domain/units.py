"""Names of organisations in Chinese text: finding them, splitting lists of them, comparing them.

Sources of the rules: GB/T 9704 (机关名称 as full or standard short name), the phrasings collected in
``docs/phrasings.md``. Units stay as written; canonical names are compared, never substituted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.policy import Span

# Functions of government whose names hold a conjunction: a list is never split inside them (longest name first).
_JOINED = (
    "文化广播电视和旅游",
    "文化广电和旅游",
    "文化和旅游",
    "人力资源和社会保障",
    "工业和信息化",
    "住房和城乡建设",
    "发展和改革",
    "规划和自然资源",
    "自然资源和规划",
    "卫生和计划生育",
    "林业和草原",
    "政务服务和数字化建设管理",
    "民族和宗教事务",
    "市场监督和管理",
    "国家粮食和物资储备",
    "粮食和物资储备",
    "网络安全和信息化",
    "机构编制",
)
# Functions in full and in the short forms that offices use, each followed by 局/厅/委/部/办/署.
_FUNCTIONS = (
    *_JOINED,
    *(
        "教育 科技 科学技术 工信 工业信息化 人社 人力社保 人力资源社会保障 文广旅 文旅 文化旅游 文化广电旅游 广电 "
        "广播电视 财政 发展改革 发改 卫健 卫生健康 卫生 民政 商务 农业农村 农业 水利 水务 交通运输 交通 住建 "
        "住房城乡建设 城乡建设 自然资源 国土资源 规划 生态环境 环保 环境保护 市场监管 市场监督管理 工商 质监 税务 "
        "公安 司法 审计 统计 应急管理 应急 医保 医疗保障 退役军人事务 退役军人 政务服务 政务服务数据管理 大数据 数据 "
        "信访 林业 林草 园林 城管 城市管理 综合执法 体育 气象 地震 国资 国有资产监督管理 乡村振兴 扶贫 知识产权 药监 "
        "药品监督管理 机关事务 外事 侨务 民宗 统战 组织 宣传 编 网信 金融 地方金融监管 银保监 证监 海关 外汇 粮食 "
        "能源 铁路 民航 邮政 通信管理 烟草 档案 人防 国防 外交 建设 信息产业 标准 食品药品监管 食品药品监督管理 招商 "
        "投资促进 合作交流 消防 高新 督查 政研 政策研究 残 招生考试 营商环境建设"
    ).split(),
)
_BODY_SUFFIX = "总局|局|厅|委员会|委|部|办公室|办|署"
_PLACE = "(?:[一-鿿]{2,4}(?:自治区|省|市|县|区|州|盟|旗))"
_LEVEL = "(?:国家|全国|中央|自治区|本)?(?:(?:省|市|州|县|区)委?)?"
_FUNCTION_BODY = re.compile(
    f"{_LEVEL}(?:{'|'.join(sorted(map(re.escape, _FUNCTIONS), key=len, reverse=True))})(?:{_BODY_SUFFIX})"
    "(?![门分署托员议法公理])"
)
# Other bodies are recognised by what their name ends with; _left_edge finds where it begins.
_OTHER_SUFFIX = re.compile(
    "管理委员会|管委会|人民政府|办公厅|办公室|委员会|领导小组|工作专班|专班|理事会|秘书处|总工会|联合会|工商联|科协|团委|"
    "妇联|残联|科学院|研究院|研究所|大学|学院|中专|中学|小学|学校|集团|公司|中心|协会|商会|学会|银行|法院|检察院|联合体|"
    "融合体|共同体|(?:开发区|经开区|高新区|示范区|园区)(?!管)|国务院|办事处"
)
_LONGEST_NAME = 16
# A name does not run over these: prepositions, verbs and adverbs that stand before a unit in an official sentence.
_EDGE = re.compile(
    "负责|牵头|主办|承办|承担|由|和|与|及|或|、|拟|将|经(?!开|济|信|贸|合)|向|对(?!外)|请|在|为|等|的|是|从|把|被|让|按|以|并|其|会同|联合(?!体|会)|配合|协调|协助|参与|组织(?!部)|指导|"
    "支持|引导|鼓励|通过|关于|聘请|建立|成立|设立|组建|召开|依托|对接|推进|推动|属|归|给|到|各|该|每|哪|请问|关于|何|"
    "包括|加强|发挥|报|交|即|如|至|于|同|跟|找|问|列出|你|我|他|它|们|了"
)
_LEVEL_BODY = re.compile(
    "(?:省|市|州|县|区|镇|乡)(?:委(?![员托]|组织部|宣传部|统战部|政法委|编办|教育)|政府|政协|人大(?!会))"
)
_SEPARATOR = re.compile("、|，|,|；|;|和|与|及其|以及|及|会同|\\s+")
_GENERIC = re.compile(
    "^(?:各|有关|相关|所属|其他|政府|市直|区直|地方)?(?:级|地|地区|有关|相关|成员|责任|职能|主管|政府|行政|市直|行业)*"
    "(?:部门|单位|地区|方面|企业|高校|院校|机构|县区|区县|人员|社会各界)?$"
)
_TRAILING = re.compile(
    "(?:等)?(?:有关|相关|其他)?(?:部门和单位|部门|单位|地区|地方)$|等$|(?:按(?:照)?(?:各自)?职责分工)$"
)


@dataclass(frozen=True, slots=True)
class UnitMention:
    """A unit's name and where it stands in the text that was read."""

    name: str
    span: Span


def find_units(text: str) -> list[UnitMention]:
    """Organisations named in running text, left to right, without overlaps; generic groups are left out."""
    taken: dict[int, int] = {}
    for match in _FUNCTION_BODY.finditer(text):
        start = _with_place(text, match.start())
        taken[start] = match.end()
    for match in _LEVEL_BODY.finditer(text):
        taken.setdefault(match.start(), match.end())
    for match in _OTHER_SUFFIX.finditer(text):
        start = _left_edge(text, match.start(), match.end())
        if match.end() - start >= 3 or text[start : match.end()] == "国务院":
            taken[start] = max(taken.get(start, 0), match.end())
    found: list[UnitMention] = []
    for start, end in sorted(taken.items(), key=lambda item: (item[0], -item[1])):
        if found and start < found[-1].span.end:
            continue
        if not is_generic(text[start:end]):
            found.append(UnitMention(text[start:end], Span(start, end)))
    return found


def split_units(text: str) -> tuple[str, ...]:
    """The names in a list such as “市科技局、市文化广播电视和旅游局和市教育局等部门”, as written, in order.

    Conjunctions inside the names of :data:`_JOINED` do not split. Generic groups (有关部门) are left out.
    """
    shield = text
    for joined in _JOINED:
        shield = shield.replace(joined, "\x00" * len(joined))
    names: list[str] = []
    position = 0
    for match in [*_SEPARATOR.finditer(shield), None]:
        end = match.start() if match else len(text)
        name = _TRAILING.sub("", text[position:end].strip())
        if name and not is_generic(name) and name not in names:
            names.append(name)
        position = match.end() if match else end
    return tuple(names)


def is_generic(name: str) -> bool:
    """Whether a name is a group without identity, such as 有关部门 or 各成员单位."""
    return name.startswith("各") or bool(_GENERIC.match(name))


def same_unit(left: str, right: str) -> bool:
    """Whether two names can be meant for one body inside one jurisdiction.

    教育局, 市教育局 and 吉林市教育局 agree; 省教育厅 does not (another level and another suffix); 化工园区 and
    化工园区管委会 do not (possibly the same, never merged by a rule).
    """
    if left == right:
        return True
    short, long = sorted((_bare(left), _bare(right)), key=len)
    if not short or (_level(left) and _level(right) and _level(left) != _level(right)):
        return False
    return short == long


def any_same(name: str, names: Sequence[str]) -> bool:
    """Whether one of ``names`` is the same unit as ``name``."""
    return any(same_unit(name, other) for other in names)


_PREFIX = re.compile(f"^(?:{_PLACE}|国家|全国|本)?(?:省|市|州|县|区)?(?=.{{2,}})")
_FULL_TO_SHORT = {
    "文化广播电视和旅游": "文广旅",
    "人力资源和社会保障": "人社",
    "人力资源社会保障": "人社",
    "工业和信息化": "工信",
    "科学技术": "科技",
    "发展和改革": "发展改革",
    "发改": "发展改革",
    "卫健": "卫生健康",
    "住房和城乡建设": "住建",
    "市场监督管理": "市场监管",
    "管理委员会": "管委会",
    "委员会": "委",
}


def _bare(name: str) -> str:
    bare = _PREFIX.sub("", name)
    for full, short in _FULL_TO_SHORT.items():
        bare = bare.replace(full, short)
    return bare


def _level(name: str) -> str:
    if name.endswith("厅") or re.match("^[一-鿿]{0,3}省", name):
        return "省"
    match = re.match("^[一-鿿]{0,4}?([市县区])(?!场|政)", name)
    if match:
        return match.group(1)
    return "国" if name.startswith(("国家", "国务院", "中央")) or name.endswith(("部", "总局")) else ""


def _with_place(text: str, start: int) -> int:
    """The start of a body's name with the place before it (吉林 in 吉林市教育局), where one stands there."""
    if text[start] not in "市省县区州":
        return start
    edge = start
    while edge > 0 and start - edge < 3 and "一" <= text[edge - 1] <= "鿿":
        edge -= 1
        if _EDGE.match(text[edge]):
            edge += 1
            break
    return edge if start - edge == 2 and _known_place(text[edge:start]) else start


def _known_place(name: str) -> bool:
    return name in _PLACES


# Names of the provinces, and of the cities that share a name with one; others are taken without their place name.
_PLACES = frozenset(
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 "
    "陕西 甘肃 青海 台湾 广西 西藏 宁夏 新疆 长春 沈阳 大连 南京 杭州 广州 深圳 成都 武汉 西安 济南 青岛 郑州 长沙 "
    "合肥 福州 厦门 南昌 昆明 贵阳 南宁 海口 兰州 西宁 银川 太原 苏州 无锡 宁波 温州 延边 四平 通化 白山 松原 白城 "
    "辽源".split()
)


def _left_edge(text: str, suffix: int, end: int) -> int:
    """Where a name begins whose suffix stands at ``suffix``: after the last word that cannot be part of a name."""
    start = suffix
    while start > 0 and suffix - start < _LONGEST_NAME and "一" <= text[start - 1] <= "鿿":
        start -= 1
    piece = text[start:end]
    for joined in _JOINED:
        piece = piece.replace(joined, "\x00" * len(joined))
    cut = 0
    for match in _EDGE.finditer(piece):
        if match.end() <= len(piece) - 2:
            cut = match.end()
    return start + cut
