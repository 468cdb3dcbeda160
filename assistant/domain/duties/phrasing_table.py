"""How prose says who does what: each phrasing with its name, an example, and what must stand around a list of units.

The patterns read marked text (:mod:`assistant.domain.duties.runs`): U is a list of units. ``before`` must end right
before the list and ``after`` begin right behind it. :mod:`assistant.domain.duties.phrasings` reads with them. Sources:
``docs/phrasings.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from assistant.domain.duties.runs import BLANK, UNITS
from assistant.domain.duties.wordings import (
    ACTS,
    ATTRIBUTIVE,
    BY,
    CHANGED,
    DEEDS,
    DOES,
    GUIDES,
    HEADS,
    HELPING,
    HELPS,
    HOW,
    LABELLED,
    LEADS,
    LONE_PARTS,
    MANNER,
    MODAL,
    OPEN,
    PARTS,
    PLAIN,
    SIDE_ACTS,
    STEERS,
    SUPPORTS,
    UNIT,
)


class Side(Enum):
    """What a phrasing makes of a list of units."""

    LEAD = "lead"  # they are responsible, in the role that the words give
    SUPPORT = "support"  # they cooperate
    HELPED = "helped"  # others cooperate with them
    NOBODY = "nobody"  # the words say that these units are not responsible (原由…, 不再由…)


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way to say it. ``role`` is the role of the row; empty where the words give it (``after`` has a group)."""

    rule: str
    side: Side
    example: str
    before: str = ""
    after: str = ""
    role: str = ""


#: The phrasings of prose, the strongest first.
PHRASINGS = (
    Phrasing(
        "former",
        Side.NOBODY,
        "原由市经信委承担的职责已经划转",
        before="(?:原|原来|原定|原本|此前|以往|不再|曾|过去)由$",
    ),
    Phrasing(
        "former",
        Side.NOBODY,
        "原市扶贫办承担的监测职责由市乡村振兴局承接",
        before="(?:^|[，,；;。：:])原$",
        after="(?:牵头|负责|承担|主管|管理|行使)的",
    ),
    Phrasing(
        "former",
        Side.NOBODY,
        "该任务由市粮食局牵头调整为由市商务局牵头",
        after=f"(?:牵头|负责|主办|承办|承担)?(?:{CHANGED}(?!{HELPING}{UNIT})|(?:整体)?(?:移交|划转|转交|划归|下放)(?:给|至|到|由)?{UNITS})",
    ),
    Phrasing(
        "former",
        Side.NOBODY,
        "由市旅游委牵头的任务改由市文广旅局牵头",
        after="(?:牵头|负责|主办|承办|承担)的[^，,。；]{1,12}(?:改由|转由|(?:调整|变更|改|更换)为)",
    ),
    Phrasing(
        "reassigned",
        Side.LEAD,
        "市商务局不再承担考核工作，改由市投资促进局统一组织",
        before="(?:改由|转由)$",
        after=f"(?!{HOW}(?:{LEADS}|{DOES}))",
        role="责任",
    ),
    Phrasing(
        "reassigned",
        Side.LEAD,
        "牵头单位由市工信局变更为市数据局",
        before=f"(?:{CHANGED}(?:由)?|改由|转由)$",
        after=f"(?:{HOW}(?:{LEADS}|{DOES}))?",
    ),
    Phrasing(
        "reassigned",
        Side.LEAD,
        "该事项由市教育局移交市行政审批局办理",
        before="(?:移交|划转|转交|划归|下放)(?:给|至|到|由)?$",
        after="(?:具体|统一|负责)?(?:办理|承担|承接|实施|管理|行使|审批|组织)",
        role="责任",
    ),
    Phrasing(
        "is unit",
        Side.LEAD,
        "江城高新区管委会作为理事长单位，牵头制定规划",
        before=OPEN + "$",
        after=f"作为[^，,。；{BLANK}]{{2,16}}[，,](?:{LEADS}|{DOES}|{STEERS})",
    ),
    Phrasing(
        "is unit",
        Side.LEAD,
        "市教育局与化工园区为双牵头单位",
        after=f"(?:均|同)?(?:为|是|作为|担任)[^，。；{BLANK}]{{0,6}}?{LABELLED}{UNIT}",
    ),
    Phrasing(
        "is unit",
        Side.LEAD,
        "市科技局为组长单位",
        after="(?:为|是|任|担任)(?P<chair>组长|召集人|总召集)单位",
        role="牵头",
    ),
    Phrasing(
        "is unit",
        Side.SUPPORT,
        "市商务局为配合单位",
        after=f"(?:均|同)?(?:为|是|作为|转为|列为|{CHANGED})[^，。；]{{0,4}}?{HELPING}{UNIT}",
    ),
    Phrasing(
        "is unit",
        Side.LEAD,
        "组长单位为市商会",
        before="(?<!副)(?:组长|召集人|总召集)单位(?:仍|均)?(?:为|是|由)$",
        role="牵头",
    ),
    Phrasing("is unit", Side.LEAD, "主办单位为市教育局", before=f"{LABELLED}{UNIT}(?:仍|均)?(?:为|是)$"),
    Phrasing(
        "is unit", Side.SUPPORT, "会办单位为市科技局", before=f"{HELPING}{UNIT}(?:仍|均)?(?:为|是|包括|有|增加|新增)$"
    ),
    Phrasing(
        "with",
        Side.SUPPORT,
        "市审计局要会同市财政局开展检查",
        before="(?:会同|会商|商请|携手|正?对接|(?<=[，,])(?:联合|协同|联手))$",
    ),
    Phrasing(
        "with",
        Side.SUPPORT,
        "团市委联合市少工委开展托管",
        before=f"{UNITS}{HOW}(?:联合|商|同|与)$",
    ),
    Phrasing(
        "with",
        Side.SUPPORT,
        "市民政局将加强与市财政局沟通",
        before="(?:积极|主动|继续|抓紧|正|将|要|加强)(?:与|同|和)$",
        after="[^，。；]{0,4}(?:对接|协商|沟通|会商|衔接|研究|协调|合作)",
    ),
    Phrasing("assists", Side.HELPED, "市疾控中心协助市教育局开展筛查", before=f"{UNITS}{HOW}(?:配合|协助)(?:好)?$"),
    Phrasing(
        "assists",
        Side.HELPED,
        "积极配合省科技厅做好申报",
        before=f"(?:^|[，,：:；;。、）)\\n])(?:我们|我市|我[省县区])?{HOW}(?:配合|协助)(?:好)?$",
        after=f"(?=[^，。；]{{0,18}}(?:建设|{DEEDS}))",
    ),
    Phrasing("by", Side.LEAD, "由市财政局牵头建设采购平台", before=BY, after=PARTS),
    Phrasing(
        "by",
        Side.LEAD,
        "由市交投集团作为项目法人，负责投融资",
        before=BY,
        after=f"作为[^，,。；{BLANK}]{{2,16}}[，,]?(?:{LEADS}|{DOES}|{STEERS})",
    ),
    Phrasing(
        "leads",
        Side.LEAD,
        "市国资委协调市商贸集团腾退仓库",
        before=OPEN + "$",
        after=f"{HOW}(?P<steers>协调)(?={UNITS})",
    ),
    Phrasing("cooperates", Side.SUPPORT, "市人社局、市财政局全力配合", after=f"{HOW}(?:{HELPS})"),
    Phrasing(
        "cooperates",
        Side.SUPPORT,
        "市财政局给予资金支持",
        before="(?<!请)(?<!争取)(?<!取得)(?<!获得)(?<!寻求)(?<!赢得)$",
        after=f"{HOW}(?:{SUPPORTS})",
    ),
    Phrasing("by", Side.LEAD, "由省水利厅指导、市水务局统筹", before="、$", after=f"{HOW}(?:{STEERS}|{GUIDES})"),
    Phrasing(
        "leads",
        Side.LEAD,
        "省科技厅指导，市科技局牵头",
        before=OPEN + "$",
        after=f"{HOW}(?:{STEERS}|{GUIDES})(?=[，,、；;。])",
    ),
    Phrasing("leads", Side.LEAD, "市民政局牵头，面向社区开展走访", before="(?<![向对受])$", after=LONE_PARTS),
    Phrasing(
        "organ",
        Side.LEAD,
        "秘书处设在某学院，承担日常工作",
        before=OPEN + "$",
        after="设在[^，,。；;]{1,24}[，,]?(?:由[^，,。；;]{1,40}[，,])?(?:具体)?(?P<does>承担|负责)",
    ),
    Phrasing(
        "asked",
        Side.LEAD,
        "请市发展改革委汇总意见",
        before=f"(?:{OPEN}|会议|局|委|府|办|并)(?:已|拟|将|现|特|一并)?(?:商请|请|限|责令|责成|委托|要求|督促|敦促|指派|授权|安排|交)$",
        after=f"(?!的|、|，|,|使用|保管|提出的|于?[^，。；]{{0,4}}(?:批准|审批|审定|审议))(?!{HEADS})",
        role="责任",
    ),
    Phrasing(
        "by verb",
        Side.LEAD,
        "由市财政局安排专项资金",
        before=BY,
        after="(?![的、，,。；：向至到为与和及等或]|批准|审批|同意|任命|任免|聘请|聘任|推选|选举|提名|(?:另行|统一)?规定(?=[，,。；]|$)|决定(?=[，,。；]|$)|[一-鿿]{0,5}(?:主任|署长|主席|部长|司令员)(?:批准|任免|签署|决定|授予)|投资(?!建设|运营)|出资|颁发|签发|授予|(?:选派|派)[^，。；]{0,4}(?:参加|组成|担任)|[^，。；]{0,16}组成(?!员|部)|担任|兼任|"
        f"{HEADS}|{BLANK}|$)(?![^，,。；]{{0,11}}(?<!目)的(?!是))",
        role="责任",
    ),
    Phrasing(
        "by verb",
        Side.LEAD,
        "由市科协筹建的科普馆计划明年建成",
        before=BY,
        after="(?:具体)?(?:筹建|承建|建设|编制|起草|实施|打造|组建|举办|开发)的[^，,。；]{1,24}?(?:已|将|拟|计划|正在|预计|尚未)",
        role="责任",
    ),
    Phrasing(
        "plain",
        Side.LEAD,
        "市气象局、市应急局建立会商机制",
        before=OPEN + "$",
        after=f"(?!{HEADS})(?={PLAIN})",
        role="责任",
    ),
    Phrasing(
        "says",
        Side.LEAD,
        "市文广旅局表示，将于年内完成修缮",
        before=OPEN + "$",
        after="(?:也|均|已)?(?:表示|承诺|答复|回复|反馈|(?:的)?(?:答复|回复|反馈|会办|办理|协办)意见(?:为|是|如下)?)[，,：:]?"
        "(?=(?:目前|下一步|今后|近期)?[，,]?(?:对[^，。；]{2,24}?)?(?:拟(?!定)|将|已(?!知)|正在|计划|力争|争取|继续))",
        role="责任",
    ),
    Phrasing(
        "beside",
        Side.LEAD,
        "由市园林中心承担养护，市城管局验收把关",
        before="[，,；;]$",
        after=f"(?:全程|同步|负责)?(?:{SIDE_ACTS})",
        role="责任",
    ),
    Phrasing(
        "beside",
        Side.LEAD,
        "由北山林场管护，市林草局予以指导",
        before="[，,；;]$",
        after=f"(?:予以|给予|进行|全程|负责|提供)?(?:业务|技术|政策|专业|工作)?{GUIDES}",
    ),
    Phrasing(
        "by verb",
        Side.LEAD,
        "由省交投集团出资、市公路中心建设",
        before=f"由{UNITS}[^，,。；{BLANK}]{{1,10}}、(?:由)?$",
        after=f"(?:全程|同步|负责|具体)?(?:{ACTS})",
        role="责任",
    ),
    Phrasing(
        "beside",
        Side.LEAD,
        "市工信局负总责、市数据局具体抓",
        before="[，,；;、]$",
        after="(?:具体)?(?:抓(?:好|实)?落实|抓|实施|落实)(?=[、，,；;。]|$)",
        role="责任",
    ),
    Phrasing(
        "subject",
        Side.LEAD,
        "市交投集团承建的客运枢纽已进入竣工验收阶段",
        before=OPEN + "$",
        after="(?:具体)?(?:筹建|承建|建设|编制|起草|实施|打造|组建|举办|开发|运营)的[^，,。；]{1,24}?(?:已|将|拟|计划|正在|预计|尚未|即将)",
        role="责任",
    ),
    Phrasing(
        "cooperates",
        Side.SUPPORT,
        "市应急局、市消防救援支队按职责协管",
        after=f"{HOW}(?:协管|协查|派员(?:参加|列席))",
    ),
    Phrasing(
        "named",
        Side.LEAD,
        "市公安局：负责校园周边秩序",
        before="(?:^|[。；;\\n])(?:[（(]?[一二三四五六七八九十0-9]{1,3}[)）]?[、.．]?)?$",
        after=f"(?:[一-鿿]{{0,8}}(?:职责|责任|任务)(?:清单|分工)?)?[：:](?:1[.．、]|[（(]?一[）)、是])?{PARTS}",
    ),
    Phrasing(
        "named",
        Side.LEAD,
        "市机关事务局：做好后勤保障",
        before="(?:^|[。；;\\n])(?:[（(]?[一二三四五六七八九十0-9]{1,3}[)）]?[、.．]?)?$",
        after=f"[：:](?:1[.．、]|[（(]?一[）)、是])?(?={PLAIN}|{MANNER}|已(?!知)|正在|将|拟(?!定)|计划|累计)",
        role="责任",
    ),
    Phrasing(
        "subject",
        Side.LEAD,
        "市审计局要会同市财政局开展检查",
        before=OPEN + "$",
        after=f"(?!{HEADS}|{ATTRIBUTIVE}|已?(?:将[^，。；]{{0,10}})?(?:转|转交|移交|批转|转送)(?:至|给)?{UNITS}|会同{UNITS}(?:等部门)?[^，。；]{{0,3}}(?:拟|制|起草|提出|报送|上报|呈报|编制|印发|签订|共建|举办)[^，。；]{{0,2}}的){MODAL}",
        role="责任",
    ),
)

SHARING = Phrasing(
    "cooperates",
    Side.SUPPORT,
    "由市工信局牵头，市商务局、市国资委按职责分工负责",
    after="(?:各自)?(?:职责|职能)分工负责",
)
"""Units that share the work where another one leads: read as a lead by their words alone."""

DATED = Phrasing("dated", Side.LEAD, "市财政局于6月底前完成评审", role="责任")
"""A subject with a time limit set to it; taken where no other phrasing takes the list."""
