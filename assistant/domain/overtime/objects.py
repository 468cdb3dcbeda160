"""What official sentences act on: a base, a platform, an alliance, a list, a meeting; and when two names mean one.

A name is found by the noun that says what kind of thing it is (基地, 平台, 联合体) and reaches left to the last word
that cannot be part of a name. Two names are compared by their words alone; that two documents speak of one programme is
for the caller to know (``related``). Precision comes first: what the words cannot decide is *undecided*, with a reason,
and is never merged. Measured on ``tests/ledger/objects.jsonl`` (``docs/phrasings.md``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.domain.language.numerals import parse_numeral
from assistant.domain.language.text import fold
from assistant.domain.policy import Span
from assistant.domain.units.registry import places

Likeness = Literal["same", "apart", "undecided"]

ALLIANCES = ("联合体", "融合体", "共同体")
"""One kind of body under three names in use: 产教联合体 drifts to 产教融合体 between the documents of one alliance."""

_MADE = (
    "联合体|融合体|共同体|联盟|基地|中心|平台|园区|产业园|科技园|创业园|孵化园|示范区|先行区|"
    "试验区|实验室|车间|厂房|夜校|攻关小组|专项小组|工作站|服务站|卫生站|充电站|泵站|变电站|驿站|产业学院|智库|图书馆|博物馆|"
    "展览馆|体育馆|文化馆|公园|广场|停车场|农贸市场|食堂|幼儿园|养老院|福利院|卫生院|体系|系统|"
    "机制|制度|数据库|资源库|专家库|项目库|人才库|网络|管网|专线|线路|路线|生产线|中试线|大桥|"
    "隧道|公路|道路|课程包|课程|教材|委员会|专班|专家组|(?<=订单|冠名|培训|实验|研修|"
    "先锋)班|基金|专项资金|工程|项目|试点|行动|专区|专栏|专窗|窗口|热线|小程序|网站"
)
_WRITTEN = (
    "目录|清单|名录|名册|图册|名单|台账|方案|规划|计划|办法|细则|规定|意见|章程|规程|规范|标准|条例|"
    "法规|指南|手册|预案|政策|协议|合同|白皮书|报告|图谱|地图"
)
_HELD = (
    "大会|全体会议|联席会议|会议|全会|对接会|洽谈会|推介会|招聘会|供需会|竞赛|大赛|比赛|论坛|"
    "活动周|宣传周|文化节|艺术节|活动|开放日|座谈会|博览会|展会"
)
_CHECKED = "评估|自评|考核|检查|普查|排查|督办|调研|验收|监测|审计"
_HEAD = re.compile(f"(?P<made>{_MADE})|(?P<written>{_WRITTEN})|(?P<held>{_HELD})|(?P<checked>{_CHECKED})")
# What makes the same characters another word: 中心任务, 平台期, 项目组, 计划生育, 意见箱.
_NOT_HEAD = re.compile(
    "(?:中心(?:城|任务|工作|小学|主城|地带|环节)|平台(?:期|经济)|项目(?:组|化|制|资金|经费|管理|建设|名单|实施单位|库)|计划(?:生育|单列|投资)|意见(?:建议|箱|反馈|和)|会议(?:精神|纪要|要求|议定|认为|听取)|"
    "基地型|道路(?:交通|运输)|公路(?:局|交通)|网络(?:安全|舆情|化)|窗口期|政策(?:支持|倾斜|上|措施|环境|性|法规|扶持)|标准(?:化|厂房)|规范(?:化|性|管理)|监测(?:预警|点|站)|检查(?:站|组)|活动(?:室|中心))"
)
# A name does not run over these: verbs, prepositions, particles, quantities that stand before it.
_EDGE = re.compile(
    "的|了|着|由|将|把|对(?!接|口|外)|向|给|在|于|从|为(?!民|农|老)|与|和(?!平)|及|或|等|并|请|拟|各|该|本(?!科|地)|其中|其|以(?![工旧奖])|按照?|依托|结合|围绕|通过|根据|涉及|有关|相关|"
    "新建|改建|扩建|共建|建设|建成|建立|设立|成立|组建|筹建|打造|搭建|构建|创建|开发|完善|健全|优化|提升|升级|推进|推动|推广|加快|加强|加大|开展|举办|承办|召开|举行|组织(?!机构)|"
    "制定|制订|制作|编制|编印|编写|起草|修订|修改|出台|印发|发布|公布|拟定|拟订|草拟|落实|实施|执行|抓好|做好|办好|用好|支持|引导|鼓励|指导|协调|配合|参与|负责|牵头|承担|统筹|督促|"
    "完成|实现|形成|启动|深化|探索|申报|争取|力争|用于|纳入|列入|接入|建好|管好|运营|提供|安排|保证|确保|保障(?!房|措施)|满足|设置|增设|布局|盘活|培育|扩大|规范(?=.{2})|审议|审定|通报|报送|提交|提出|听取|研究(?!院|所|中心|生|基地)|"
    "继续|进一步|逐步|全面|尽快|积极|适时|抓紧|联合(?!体|会)|共同(?!体|富裕)|分别|同步|统一|正式|现将|关于|至少|不少于|不低于|"
    "所属|是|已|未(?!来|成年)|正在|现(?![代有场状])|应(?![急用])|须|不(?!动产)|有(?![机色效限])|到(?!户)|使|让|称为|作为|属于|包括|含"
)
_QUANTITY = (
    "(?:[0-9]{1,9}(?:\\.[0-9]{1,4})?|[一二三四五六七八九十百两几]{1,7})(?:余|多)?"
    "(?:个|场次|场|次|处|所|家|项|套|条|名|人次|人|期(?!工程)|批(?!次)|支|座|件|份|类|大)"
)
_COUNT_BEFORE = re.compile(f"(?<![第0-9]){_QUANTITY}(?:以上|左右)?")
_COUNT_AFTER = re.compile(f"(?:{_QUANTITY}(?:以上|左右)?){{1,4}}$")
_LONGEST = 24
_LEAST_SHOWN = 3
_LEAST_MEASURE = 4  # characters from which words without a head can name a measure
_NEXT = 12  # characters within which another head can belong to the same name

# Words that tell nothing apart at the end of a name; and those at its beginning.
_TRAILING = re.compile(
    "(?:的(?:建设|建立|设立|成立|组建|筹建|制定|编制|修订|出台|印发|发布|举办|召开|开展|实施|落实)|上线试运行|上线运行|试运行|上线|投入使用|建成投用|投用|(?:前期|推进|组织|启动|日常|后续|申报|认定|选址)?工作|(?:开发|研发|编写|组建|设立|运营|运行)(?:任务|工作|情况)?|(?:工程|项目)?(?:建设|筹建|创建|筹备|改造升级)(?:任务|工作|项目|工程|事宜|情况|进展|进度)?|"
    "(?:编制|制定|修订|起草|发布|印发|举办|召开)(?:工作|任务|情况|事宜)?|任务|事项|事宜|情况|进展|项目|工程)$"
)
_LEADING = re.compile(
    "^(?:我[省市县区州]|本[省市县区州]|全[省市县区州]|[省市县区](?:级|直)|一个|一批|首个|新的|新增|现有|原有|上述|这一|该)"
)
_VERBS = re.compile(
    "^(?:(?:继续|进一步|积极|加快|抓紧|全面|着力|持续|深入|扎实|稳步|适时|尽快|逐步|统筹|认真|共同|联合|按期|如期|切实)*"
    "(?:新建|改建|改造|扩建|共建|建设|建成|建立|设立|成立|组建|筹建|打造|搭建|搭好|构建|创建|开发|完善|健全|优化|推进|推动|开展|举办|承办|召开|举行|组织|"
    "制定|制订|编制|编印|起草|修订|出台|印发|发布|公布|拟定|落实|实施|抓好|做好|办好|用好|完成|启动|深化|探索|开放|推广|推行|推选|布局|盘活|加强|加快|建好|关于|调整|变更)+)"
)
_MARK = re.compile(
    "首批|第?[一二三四五六七八九十0-9]{1,3}批|第[一二三四五六七八九十0-9]{1,3}(?:届|次|期|轮|阶段)|[一二三四五]期|(?:20[0-9]{2}|[〇零一二三四五六七八九]{4})(?:—|-|至)?(?:20[0-9]{2})?年度?|(?:上|下)半年|第?[一二三四]季度"
)
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_ALLIANCE = re.compile("(?:市域)?(?:产教|校企|校城|产学研)?(?:联合体|融合体|共同体)$")
_PLACE = re.compile(
    "(?![我本全各该])(?P<place>[一-鿿]{2,3}?(?:省|市(?![域场民容级直委属]|政(?!务))|州|县))(?=[一-鿿]{4})"
)
_NO_PLACE = ("都市", "超市", "上市", "夜市", "集市", "门市", "县市", "省市", "股市")
_DROPPED = re.compile("[“”\"'‘’「」《》〈〉\\s　]|[（(][^（）()]{0,40}[）)]")
# Modifiers that every document uses: they name no one thing (工作机制, 实施方案, 长效机制, 信息平台).
_GENERIC = re.compile(
    "^(?:工作|实施|长效|协调|联动|协作|保障|激励|有效|常态化|专项|重点|重大|主要|配套|具体|年度|总体|综合|相关|有关|任务|责任|试点|示范|建设|行动|信息|服务|管理|公共|"
    "公共服务|实训|培训|合作|交流|监督|考核|评价|督导|支持|扶持|优惠|市级|省级|国家级|区域|产业|企业|人才|技术|项目|发展|三年|五年|会商|联席|宣传|主题|系列|各类|成立|前期|实地|专题|年度|季度|常规|日常|现场|一批|新|大|好|多)*$"
)
# Headings that every plan has: 组织领导, 督促落实, 政策激励 name no one measure.
_GENERIC_MEASURE = re.compile(
    "^(?:组织|领导|实施|督促|落实|督导|检查|宣传|引导|推介|推广|保障|措施|经费|资金|政策|考核|评估|统筹|协调|激励|规划|设计|工作|机制|监督|责任|投入|人才|培养|队伍|服务|能力|管理|"
    "创新|模式|制度|环境|发展|水平|建设|支持|力度|条件|基础|利益|监管|改革|体制|体系|标准|质量|效率|作用|氛围|成果|转化|应用|示范|试点|信息|信用|安全|风险|防控|治理|联动|配合|协作|协同|合作|交流|舆论|培训|指导|目标|任务|要求|分工|进度|安排|机构|和|与|的|化)+$"
)
_PROPER = re.compile("[“《「]")
# What is built once: two such modifiers (公共实训基地) tell it apart within one programme; of a 机制 they do not.
_BUILT = re.compile("基地|中心|园区|产业园|科技园|创业园|孵化园|实验室|工作站|生产线|中试线|数据库|资源库")


@dataclass(frozen=True, slots=True)
class Named:
    """A name in its parts: ``words`` are compared, ``head`` says what kind of thing, ``marks`` tell issues apart.

    ``words`` is empty where nothing is left to compare by. ``head`` is empty for a measure that no noun of the lists
    names (校企互聘). ``marks`` are 首批, 第2次, 2024年; ``place`` is the province, city or county that it begins with.
    """

    written: str
    words: str
    head: str
    kind: str  # made, written, held, checked or measure
    marks: frozenset[str] = frozenset()
    place: str = ""
    quoted: bool = False

    @property
    def bare(self) -> bool:
        """Whether the name is no more than its kind, or such words as every document uses (平台, 工作机制)."""
        if not self.head:
            return len(self.words) < _LEAST_MEASURE or bool(_GENERIC_MEASURE.match(self.words))
        own = self.words.removesuffix(self.head)
        return bool(_GENERIC.match(own)) and not (_BUILT.fullmatch(self.head) and len(own) >= _LEAST_MEASURE)

    @property
    def proper(self) -> bool:
        """Whether the name is one in all documents: an alliance with its trade, a name in quotes, a place in it."""
        if self.bare:
            return False
        own = self.words.removesuffix(self.head)
        if self.head == ALLIANCES[0]:
            return len(own) >= 2
        return bool(self.place) or (self.quoted and len(own) >= 2) or own.startswith(_wide_places())


@dataclass(frozen=True, slots=True)
class Compared:
    """The outcome of comparing two names, with the reason in words for the reader."""

    likeness: Likeness
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a text and its place there."""

    named: Named
    span: Span


def find_objects(text: str) -> list[Found]:
    """Names of things in running text, left to right, without overlaps; bare kinds (平台) are among them."""
    found: list[Found] = []
    last = 0
    for match in _HEAD.finditer(text):
        if match.start() < last or _NOT_HEAD.match(text, match.start()):
            continue
        end = match.end()
        # 实训基地项目, 化工园区产业集群联合体: the name goes on to its last head.
        while more := _next_head(text, end):
            end = more
        start = _left_edge(text, max(last, end - _LONGEST), match.start(), end)
        named = name_of(text[start:end])
        if named.words:
            found.append(Found(named, Span(start, end)))
            last = end
    return found


@lru_cache(maxsize=65_536)
def name_of(written: str) -> Named:
    """A name as written, taken apart. Verbs before it (建设…) and generic words behind it (…建设任务) do not count."""
    quoted = bool(_PROPER.search(written))
    marks = frozenset(_mark(m.group()) for m in _MARK.finditer(fold(written)))
    words = _MARK.sub("", _DROPPED.sub("", fold(written))).strip("，,。；;：:、.·-—")
    while True:
        shorter = _LEADING.sub("", _VERBS.sub("", words))
        shorter = _COUNT_AFTER.sub("", shorter)
        cut = _TRAILING.sub("", shorter)
        # 安居工程 and 试点项目 are nothing without their last word.
        if cut != shorter and (len(cut) >= 4 or _ends_in_head(cut)):
            shorter = cut
        if shorter == words or not shorter:
            break
        words = shorter
    words = words.removeprefix("年度") if len(words) > 4 else words
    place = ""
    if (match := _PLACE.match(words)) and _is_place(match["place"]):
        place, words = match["place"], words[match.end() :]
    if match := _ALLIANCE.search(words):
        words = words[: match.start()] + ALLIANCES[0]
    head, kind = _head_of(words)
    return Named(written.strip(), words, head, kind, marks, place, quoted)


def _is_place(written: str) -> bool:
    """江城市 is one; 智慧城市 and 大都市 are not."""
    return not written.endswith(_NO_PLACE) and not (written.endswith("城市") and len(written) > _CITY)


_CITY = 3  # characters of the name of a city that ends with 城市 (盐城市)


def shown(written: str) -> str:
    """A name for a list: without the verb before it and the number behind it."""
    plain = _COUNT_AFTER.sub("", _VERBS.sub("", written.strip()))
    return plain if len(plain) >= _LEAST_SHOWN else written.strip()


def compare(left: Named, right: Named, *, related: bool, programme: str = "") -> Compared:
    """Whether two names mean one thing.

    ``related``: their documents belong to one programme (one answers, changes, reports on or cites the other);
    ``programme`` is what that programme is called: words that its documents leave out (中试基地 for 碳纤维中试基地).
    """
    if not left.words or not right.words:
        return Compared("apart", "没有可比较的名称")
    if (told := _marked_apart(left, right)) is not None:
        return told if left.words == right.words else Compared("apart", "名称不同")
    if left.place and right.place and left.place != right.place:
        return Compared("apart", f"{left.place}与{right.place}的事项不同")
    if left.words == right.words:
        if left.bare:
            return Compared("undecided" if related else "apart", f"“{left.words}”是泛称，不能确定所指")
        if related:
            return Compared("same", "同一系列文件中名称相同")
        if left.proper and right.proper:
            return Compared("same", "名称相同，且为专名")
        return Compared("undecided", "名称相同，但两份文件没有关联，不能确定是同一事项")
    return _of_other_words(left, right, related, programme)


def key_of(named: Named) -> str:
    """Names that :func:`compare` can find the same share this: the end of what is compared."""
    return named.words[-3:]


def _of_other_words(left: Named, right: Named, related: bool, programme: str) -> Compared:
    if left.head != right.head or not left.head:
        return Compared("apart", "名称不同")
    shorter, longer = sorted((left, right), key=lambda n: len(n.words))
    if not longer.words.endswith(shorter.words):
        return Compared("apart", "名称不同")
    more = longer.words.removesuffix(shorter.words)
    if not related:
        return Compared("apart", "名称不同，文件没有关联")
    if shorter.bare and not (more and more in programme):
        return Compared("apart", f"“{shorter.words}”是泛称，不能确定所指")
    if more in programme or more.rstrip("市产业") in programme.split():
        return Compared("same", f"同一系列文件中省略了“{more}”")
    return Compared("undecided", f"叫法不同：一处多“{more}”，不能确定是同一事项")


def _marked_apart(left: Named, right: Named) -> Compared | None:
    if left.marks == right.marks:
        return None
    if left.marks and right.marks:
        years = [frozenset(m for m in n.marks if _YEAR.match(m)) for n in (left, right)]
        others = [n.marks - y for n, y in zip((left, right), years, strict=True)]
        if others[0] == others[1] and not (years[0] and years[1]):
            return None  # 2024年第二批 and 第二批
        one, two = ("、".join(sorted(n.marks)) for n in (left, right))
        return Compared("apart", f"“{one}”与“{two}”不是同一批次")
    said = "、".join(sorted(left.marks or right.marks))
    return Compared("undecided", f"一处写明“{said}”，另一处没有写明")


def _mark(written: str) -> str:
    if written == "首批":
        return "第1批"
    if match := re.fullmatch("第?([一二三四五六七八九十0-9]{1,3})(批|届|次|期|轮|阶段|季度)", written):
        return f"第{parse_numeral(match.group(1)) or match.group(1)}{match.group(2)}"
    return written.removesuffix("度") if written.endswith("年度") else written


def _left_edge(text: str, low: int, head: int, end: int) -> int:
    start = head
    while start > low and ("一" <= text[start - 1] <= "鿿" or text[start - 1] in "0123456789“”·〇"):
        start -= 1
    if text[start] == "中" and start > 0 and text[start - 1] in "》”」":
        start += 1  # 《方案》中基地…
    piece = text[start:end]
    cut = 0
    for pattern in (_EDGE, _COUNT_BEFORE):
        for match in pattern.finditer(piece):
            # An edge inside the head is none (建设 of 建设方案 is part of the name only right before the head).
            if match.end() <= head - start and not (match.group() == "建设" and match.end() == head - start):
                cut = max(cut, match.end())
    return start + cut


def _next_head(text: str, end: int) -> int | None:
    """The end of a head that follows in the same name; None where something that is no noun stands between."""
    match = _HEAD.search(text, end, end + _NEXT)
    if match is None or _NOT_HEAD.match(text, match.start()):
        return None
    between = text[end : match.start()]
    plain = all("一" <= c <= "鿿" or c.isdigit() for c in between)
    edge = _EDGE.search(text, end, match.end())
    return match.end() if plain and (edge is None or edge.start() >= match.start()) else None


def _ends_in_head(words: str) -> bool:
    return any(m.end() == len(words) for m in _HEAD.finditer(words))


def _head_of(words: str) -> tuple[str, str]:
    last = next((m for m in reversed(list(_HEAD.finditer(words))) if m.end() == len(words)), None)
    return (last.group(), last.lastgroup or "") if last else ("", "measure")


@lru_cache(maxsize=1)
def _wide_places() -> tuple[str, ...]:
    return ("全国", "国家", "中国", *sorted(places()))
