"""How names of organisations begin and end, and what never belongs to one; read by :mod:`assistant.domain.units.names`.

Sources: GB/T 9704 (机关名称), the phrasings of ``docs/phrasings.md`` and the tables of
:mod:`assistant.domain.units.registry`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from assistant.domain.units.registry import bodies, functions, joined, offices, turn


def any_of(words: Iterable[str]) -> str:
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


def joined_names() -> re.Pattern[str]:
    """The names of the registry that hold a conjunction."""
    return _joined_at(turn())


@lru_cache(maxsize=2)
def _joined_at(_: int) -> re.Pattern[str]:
    return re.compile(any_of(joined()))


# What ends a name, and what makes the same characters another word: 教育部门, 委托, 办法, 局部.
_AFTER = (
    "(?:(?<=部)(?![门分署队件落])|(?<=委)(?![托员派任])|(?<=办)(?![法公理结事学案好成赛])"
    "|(?<=局)(?!部(?!门)|面(?![向对])|限(?![期时]))|(?<![部委办局]))"
)
_LEVEL = "(?:国家|全国|中央|自治区|本)?(?:(?:省|市|州|县|区)委?)?"
# Merged bodies join the functions of several: 教育体育局, 文化旅游体育局, 科技工信局.
FUNCTION_BODY = re.compile(
    f"{_LEVEL}(?:{any_of(functions())}){{1,3}}(?:总局|局|厅|委员会|委|部|办公室|办|总署|署){_AFTER}"
)


def listed_names() -> re.Pattern[str]:
    """The names of the registry's bodies, as text holds them."""
    return _listed_at(turn())


@lru_cache(maxsize=2)
def _listed_at(_: int) -> re.Pattern[str]:
    return re.compile(f"(?:省|市|州|县|区)?{any_of(name for body in bodies() for name in body.names)}{_AFTER}")


# Offices inside the issuer, which bear no place: 职成科, 督导室, 招考中心, 关工委.
_OFFICE_AFTER = (
    "(?:(?<=科)(?![学技目研普室长员级任])|(?<=处)(?![理置于分在罚境长所级])|(?<=室)(?![内外长])|(?<=股)(?![权东份票长])|"
    "(?<=馆)(?![长员])|(?<=[委办])(?![托法公理结事学案好成])|(?<=[心院所校社站]))"
)
INNER_OFFICE = re.compile(
    "(?:省|市|州|县|区)?(?:"
    + "|".join(
        any_of(words) if suffixes == "-" else f"(?:{any_of(words)}){{1,2}}(?:{'|'.join(suffixes.split())})"
        for suffixes, words in offices().items()
    )
    + f"){_OFFICE_AFTER}"
)
# Other bodies are recognised by what their name ends with; _left_edge finds where it begins.
OTHER_SUFFIX = re.compile(
    "管理委员会|管委会|人民政府|办公厅|办公室|委员会|领导小组|工作小组|协调小组|工作专班|专班|指挥部|理事会|监事会|会员大会|会员代表大会|秘书处|担保基金|总工会|联合会|工商联|科协|团委|"
    "妇联|残联|侨联|文联|作协(?![议调同商定])|贸促会|红十字会|专委会|法工委|科学院|农科院|规划院|设计院|社科院|研究院|研究所|大学(?![城生路])|学院(?![派路])|中专(?![生])|中学(?![生])|小学(?![生])|学校|集团(?!化)|"
    "公司|中心(?![城区])|合作社联合社|联合社|合作社|协会|商会|学会|总会|基金会|促进会|银行|医院|法院|检察院|联合体|融合体|共同体|供销社|图书馆|博物馆|档案馆|"
    "文化馆|美术馆|体育馆|科技馆|纪念馆|少年宫|海关|支队|大队|总队|分局|分行|支行|党校|居委会|村委会|电视台|气象台|报社|出版社|保健院|卫生院|"
    "福利院|幼儿园|车务段|工务段|救助站|检查站|林场|农场|机场|社科联|记协(?![议调同商定])|军分区|派出所|街道(?=[、，。；和与及配牵负参协]|$)|"
    "(?:开发区|经开区|高新区|示范区|园区)(?!管)|国务院|办事处"
)
LONGEST_NAME = 16
# A name does not run over these: prepositions, verbs and adverbs that stand before a unit in an official sentence.
EDGE = re.compile(
    "^限(?!制|定|价|额|期)|负责|牵头|主办|承办|承担|已|均|仍|须|应(?!急|用)|未(?!来|成年|保)|(?<![需主纪摘概])要(?!素|闻|客|害|塞)|每(?=[年月季周])|由|和(?!平)|与|及|或|、|拟|将|经(?!开|济|信|贸|合|委)|向|对(?!外)|请|在|为|等|的|是|从|把|被|让|按|自(?![然治贸来])|以(?![上下内外])|并|其(?!中)|"
    "会同|联合(?!体|会|采购|招标|办公|调查|国)|配合|协调|协助|参与|组织(?!部)|指导(?!委员会|中心|小组|组)|支持|引导|鼓励|通过|关于|聘请|建立|成立|设立|组建|召开|依托|对接|推进|推动|"
    "属|归|给|到|各|该|每|哪|请问|何|包括|加强|发挥|报(?!社|业)|(?<![公外社成])交(?![通投警委易行流])|即|如|至|于|同意|(?<!协)同(?!济|仁)|跟|找|问|列出|你|我|他|它|们|了|建议|(?:单位|部门)(?=[省市县区])|开放(?!大学|中心|学院|办)|取消|撤销|保留|压减|考核(?!办|中心|组|委)|利用(?!研究|中心|厂|公司|协会)|"
    "(?<!城市)(?<!工程)(?<!项目)(?<!城乡)(?<!环境)(?<!专业)建设(?![银集局投工管委厅兵])|建成|打造|培育|推广|编制|制定|新建|扩建|改造|完善|落实|开展|做好|"
    "实施|举办|承接|引进|邀请|委托|设在|挂靠|担任|兼任|作为|有(?![资限色])|力争|争取|实现|转为|优化|正在|目前|其中|同时|共同|分别|具体|"
    "受(?=理事会|[省市县区]|[一-鿿]{1,8}委托)|统一|自行|积极|启动|希望|期待|恳请|感谢|[今明]年|年内|主动|抓紧|尽快|全面|进一步|继续|不断|逐步|[一二三四五六七八九十两几]{1,4}[个家所座批]|要求|决定|议定|责成|下设|大学城|"
    "督促|督办|监督(?![管局所保])|授权|指定|接受|促进(?!会|中心|委|局|处|办)|明确|责令|确定(?!性)|务必|必须|下达|上报|配套|申建|申报|审计(?![局厅署])|(?<!行政)审批|批准|审核|审定|领衔|会办(?!公)|协办|统筹|协同(?!创|发展)"
)
# A local body by its level and its last word (市救助站, 市河长办, 市委老干部局); _by_level finds where it ends.
LEVEL_START = re.compile(
    "团(?:省|市|县|区|州)委|(?:省|市|州|县|区|镇|乡)(?![民内容域辖属级长情场里位间别分直]|外(?![办事])|委[^一-鿿]|人民)(?=[一-鿿])|(?:省|市|州|县|区)直(?=机关)"
)
LEVEL_END = re.compile(
    "(?:局(?![部面限长])|委(?![托员派任])|(?<![承主协会督举开试申筹创交代经包])办(?![法公理结事学案好成赛证复文班实税])|委员会|办公室|研究室|督查室|政研室|[作传织战治装]部(?![门分署队件落长])|"
    "站(?![点位在起立台内])|[究务法察测验守]所|馆(?![员藏内长])|[科党究教试术画剧]院|党校|[视象]台|[销报版合]社|[支大总中援]队|宫|幼儿园|协会|学会|总会|商会|联合会|促进会|"
    "基金会|工会|[联]$|中心(?![城区])|公司|集团(?!化))"
)
# What belongs to a body named right before it: 市公安局交警支队, 国家税务总局江城市税务局, 市教育局财务处.
PART_OF = re.compile(
    f"{INNER_OFFICE.pattern}|(?:派)?驻[一-鿿]{{2,14}}?(?:纪检监察组|纪检组|办事处|联络处)|[一-鿿]{{2,6}}管理(?:处(?![置罚分理])|站|所)|"
    "[一-鿿]{1,10}?(?:支队|大队|总队|分局|分行|支行|监管局|税务局|分公司|工会|办公室|党校|研究室|督查室|政研室|老干部局|巡察办|"
    "(?<![查调惩判论相共深何到各出别审妥])处(?![理置于分在罚境长所]))"
)
LEVEL_BODY = re.compile(
    "(?:省|(?<!城)市|州|县|区|镇|乡)(?:委(?![员托]|组织部|宣传部|统战部|政法委|编办|教育)|政府|政协|人大(?!会))"
)
SEPARATOR = re.compile("、|，|,|；|;|和|与|及其|以及|及|会同|\\s+")
GENERIC = re.compile(
    "^[一两二三四五六七八九十几数多0-9]{1,3}(?:所|家|个|名|座|批)|^某"
    "|^[一-鿿]{0,8}?(?:[省市县乡]级(?:以上)?|各级)(?:地方)?(?:各级)?(?:人民)?政府$"
    "|^(?:政府|专业|社会|市场|第三方|龙头|骨干|本地|当地|有资质的)(?:投资|融资|专业|化|运营|建设|服务|社会|评估)*(?:平台|公司|企业|机构|组织)$"
    "|^(?:各|居民|村民)委员会$|^国家$|^其|^(?:上级|下级|同级|城乡基层|现?居住地|户籍地|非)[一-鿿]{2,8}$"
    "|^(?:各|有关|相关|所属|其他|政府|市直|区直|地方)?(?:级|地|地区|有关|相关|成员|责任|职能|主管|政府|行政|市直|行业|业务|专业|基层)*"
    "(?:部门|单位|地区|方面|企业|高校|院校|学校|机构|机关|县区|区县|人员|社会各界|自身|项目|主体)?$"
    "|^(?:全国|全省|全市|各级|[一二三]级|公立|综合|专科|中医|公办|民办|本|大型|中小|地方|试点|有条件的?)+(?:医院|学校|院校|高校|企业|银行|中小学校)$"
    "|^(?:民办|公办|职业|本科|专科|应用型|技师|高等|普通|特殊教育|技工|高级|中等|高职|义务教育)+(?:学校|院校)$"
    "|^(?:乡镇|村级?|社区|农村|城区|基层|中小|辖区)[一-鿿]{0,4}(?:学校|医院|卫生院|幼儿园|中心)$"
    "|^(?:省|自治区|直辖市|自治州|兵团)$"
    "|^(?:等|其他|各|县级以上|设区的?市|直辖市|自治区|自治州|城市|上一级|下一级|有关|相关|沿海|边境|省级|地市级|市级|县级|县乡|乡镇|地方|本级|同级|上级|下级|所在地|当地|基层|国家|中央)*"
    "(?:人民政府|政府|党委|党组|人民法院|人民检察院|公安机关)$"
)
TRAILING = re.compile(
    "(?:等)?(?:有关|相关|其他)?(?:部门和单位|部门|单位|地区|地方)$|等$|(?:按(?:照)?(?:各自)?职责分工)$|(?:分别|共同|统一|具体|联合)$"
)
# What a name in a list ends with; others (公安机关, 项目承担, 自身) are classes of bodies or no bodies at all.
BODY_END = re.compile(
    "(?:[局厅委办部署院校会馆站所处队社盟室组行司军区县市省州乡镇团]|中心|政府|集团|街道|公司|大学|科协|工商联|妇联|残联|联社|专班|"
    "联合体|融合体|共同体|园|厂|台|台办|支队|大队|法院|协|家|工委|企业|基地|电网|林场|农场|牧场|机场|铁塔|电信|移动|联通|邮政|烟草)$"
)
