"""How prose says who does what: each phrasing with its name, an example, and what must stand around a list of units.

The patterns read marked text (:mod:`assistant.domain.runs`): U is a list of units. ``before`` must end right before
the list and ``after`` begin right behind it; the first phrasing that fits says which side the list is on. All
repetitions are bounded, so that reading takes time linear in the text. Sources: ``docs/phrasings.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from enum import Enum

from assistant.domain.deadlines import DeadlineMention
from assistant.domain.runs import BLANK, GROUP, UNITS, Marked, UnitList


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


@dataclass(frozen=True, slots=True)
class Match:
    """A list of units with the phrasing that took it. Places count in the marked text; ``start`` to ``end`` is what
    the phrasing read, ``at`` the list."""

    phrasing: Phrasing
    units: UnitList
    role: str
    start: int
    at: int
    end: int


# ---- words ---------------------------------------------------------------------------------------------------------

# Where a subject may stand: at the start of a clause, behind what opens it.
_TIME = "(?:[^，,；;。：:的]{1,14}(?:前|内|底|末|年|月|日|起|季度|期间|以来|至今))"
_OPENING = (
    "(?:[一二三四五六七八九十]{1,3}[、是]|[（(][一二三四五六七八九十0-9]{1,3}[）)]|[0-9]{1,2}[.．、]|"
    "会议(?:决定|要求|议定|明确|强调|指出|同意|确定|商定|责成|原则同意)?|下一步|目前|同时|其中|此外|为此|原则上|因此|近日|日前|现|"
    f"{_TIME}|[ 　])"
)
_OPEN = f"(?:^|[，,：:；;。）)\\n{BLANK}])(?:{_OPENING}){{0,3}}"
# What may stand between a unit and its part.
_HOW = (
    "(?:[ 　]|正在|正|已经?|拟|将|要|应当?|须|需|必须|务必|可以|计划|适时|先行|长期|抓紧|同步|具体|"
    "统一|直接|积极|主动|继续|切实|认真|密切|全力|全程|共同|一起|一道|分头|分别|各自|联合|协同|双|总|派员|派人|做好|按照?|根据|职责|职能|任务|分工|"
    "负责(?=牵头|统筹|协调|组织)){0,6}"
)
_NOUN = (
    "(?!单位|部门|人[^员才]|人$|作用|机制|者|机构|任(?!务)|制(?![定订作])|同志|干部|"
    "方[，。、]|企业|高校|院校|能力|风险|主体)"
)
_LEADS = (
    "(?:(?:履行|承担|发挥|担负|扛起|落实)起?(?:好|了)?(?:总)?(?P<duty>牵头)(?:抓总)?(?:协调)?(?:负责)?(?:责任|职责|作用|任务)"
    f"|(?P<leads>牵头)(?:抓总|协调|负责|组织|推进|抓)?{_NOUN})"
)
_SIDE_ACTS = "监督|考核|保障|安排|落实|做好|审核|跟踪|提供|拨付|列支|汇总|受理|验收|把关|兜底|支撑"
_ACTS = f"{_SIDE_ACTS}|建设|实施|运营|管理|运维|维护|管护|使用|施工|监理|推进|组织|开展|制定|编制"
_DOES = f"(?P<does>主办|承办|组织实施|归口管理|负责|承担|主抓|抓总|负总责){_NOUN}"
_STEERS = f"(?P<steers>统筹|协调|主管){_NOUN}"
_GUIDES = f"(?P<guides>指导){_NOUN}"
_PARTS = f"{_HOW}(?:{_LEADS}|{_DOES}|{_STEERS}|{_GUIDES})"
_LONE_PARTS = f"{_HOW}(?:{_LEADS}|{_DOES}|(?<=具体)(?P<steers>统筹|协调))"
_HELPS = (
    f"(?:配合|参与|参加|协助|协同|协办|会办|联动|跟进|派员参加)(?!{_HOW}{UNITS}|单位|部门|度|机制|者|方式|有)"
    "|(?:给予|予以|提供|做好)[^，,；;。]{0,6}?(?:支持|配合)|支持(?=[，,；;。、]|$)"
)
#: A group without names that cooperates, with the comma behind it: it is no part of the task.
GROUP_HELPS = re.compile(f"[，,]?{GROUP}{_HOW}(?:配合|参与|参加|协助|协同|支持)[^，,；;。]{{0,4}}[，,]")
_UNIT = "(?:单位|部门|机构|处室)"
_LABELLED = "(?P<joint>双|共同|联合)?(?:总)?(?P<label>牵头|责任|主责|主办|承办)"
_HELPING = "(?:配合|协办|会办|参与|参加|协同|协助|成员|支持)"
_HEADS = "负责同志|主要负责|局长|主任|书记|[省市县区]长|部长|厅长|院长|校长|领导|同志|负责人|党委|党组|主要|分管"
_MODAL = (
    "(?:具体|也|均|都|应|要|将)?(?:要|应当?|须|需(?!求)|必须|务必|负责(?!人|制|同志|干部)|会同|抓紧|拟(?!定)|将|已(?!知)|正在|[尚仍还]在|累计|先后|着手|着力|力争|争取|计划|"
    "正(?=会同|按|抓紧|积极|加快|组织|着手|牵头|有序|研究|编制|起草)|尚未|未能|主管|承担|承办|组织(?!部|者|架构)|按照?|受[^，。；]{1,12}委托|(?=每(?:年|季|月|周|半年|学期|学年))|"
    f"自[^，。；]{{2,10}}起|继续|定期|适时|联合(?:{UNITS}|印发|出台|发布|制定|开展|下发|召开|举办|组织)|商{UNITS}|同{UNITS}|与{UNITS}[^，。；]{{0,2}}(?:共同|一起|联合|一道))"
)

# 已开通和拟开通的线路 describes the lines.
_ATTRIBUTIVE = "(?:已|拟|正在|将)[^，。；]{1,8}?(?:和|或|、)(?:已|拟|正在|将)[^，。；]{1,8}?的"
_BY = "(?:(?:改|交|转|明确|指定|拟|将|均|仍|统一|继续|分别|并)?由|改为由)$"
_CHANGED = "(?:调整|变更|改变|改|更换|变)(?:为|成|至)"

#: The phrasings of prose, the strongest first.
PHRASINGS = (
    Phrasing("former", Side.NOBODY, "原由市经信委承担的职责已经划转", before="(?:原|原来|此前|以往|不再|曾|过去)由$"),
    Phrasing(
        "former",
        Side.NOBODY,
        "该任务由市粮食局牵头调整为由市商务局牵头",
        after=f"(?:牵头|负责|主办|承办|承担)?{_CHANGED}",
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
        "牵头单位由市工信局变更为市数据局",
        before=f"(?:{_CHANGED}(?:由)?|改由|转由)$",
        after=f"(?:{_HOW}(?:{_LEADS}|{_DOES}))?",
    ),
    Phrasing(
        "is unit",
        Side.LEAD,
        "市教育局与化工园区为双牵头单位",
        after=f"(?:均|同)?(?:为|是|作为|担任)[^，。；{BLANK}]{{0,6}}?{_LABELLED}{_UNIT}",
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
        after=f"(?:均|同)?(?:为|是|作为)[^，。；]{{0,4}}?{_HELPING}{_UNIT}",
    ),
    Phrasing("is unit", Side.LEAD, "主办单位为市教育局", before=f"{_LABELLED}{_UNIT}(?:仍|均)?(?:为|是)$"),
    Phrasing(
        "is unit", Side.SUPPORT, "会办单位为市科技局", before=f"{_HELPING}{_UNIT}(?:仍|均)?(?:为|是|包括|有|增加|新增)$"
    ),
    Phrasing("with", Side.SUPPORT, "市审计局要会同市财政局开展检查", before="(?:会同|会商|商请|携手)$"),
    Phrasing(
        "with",
        Side.SUPPORT,
        "团市委联合市少工委开展托管",
        before=f"{UNITS}{_HOW}(?:联合|商|同|与)$",
    ),
    Phrasing("assists", Side.HELPED, "市疾控中心协助市教育局开展筛查", before=f"{UNITS}{_HOW}(?:配合|协助)(?:好)?$"),
    Phrasing(
        "assists",
        Side.HELPED,
        "积极配合省科技厅做好申报",
        before=f"(?:^|[，,；;。、）)\\n])(?:我们|我市|我[省县区])?{_HOW}(?:配合|协助)(?:好)?$",
        after="(?=[^，。；]{0,18}(?:指导|做好|开展|推进|完成|落实|组织|办理|建设|实施))",
    ),
    Phrasing("by", Side.LEAD, "由市财政局牵头建设采购平台", before=_BY, after=_PARTS),
    Phrasing("cooperates", Side.SUPPORT, "市人社局、市财政局全力配合", after=f"{_HOW}(?:{_HELPS})"),
    Phrasing("by", Side.LEAD, "由省水利厅指导、市水务局统筹", before="、$", after=f"{_HOW}(?:{_STEERS}|{_GUIDES})"),
    Phrasing("leads", Side.LEAD, "市民政局牵头，面向社区开展走访", after=_LONE_PARTS),
    Phrasing(
        "organ",
        Side.LEAD,
        "秘书处设在某学院，承担日常工作",
        before=_OPEN + "$",
        after="设在[^，,。；;]{1,24}[，,]?(?:具体)?(?P<does>承担|负责)",
    ),
    Phrasing(
        "asked",
        Side.LEAD,
        "请市发展改革委汇总意见",
        before=f"(?:{_OPEN}|会议|局|委|府|办|并)(?:商请|请|责成|委托|要求|督促|敦促|指派|授权|安排|交)$",
        after=f"(?!的|、|，|,|提出的|于?[^，。；]{{0,4}}(?:批准|审批|审定|审议))(?!{_HEADS})",
        role="责任",
    ),
    Phrasing(
        "by verb",
        Side.LEAD,
        "由市财政局安排专项资金",
        before=_BY,
        after="(?![的、，,。；：向至到为与和及等或]|批准|审批|同意|任命|投资|出资|颁发|授予|组成|担任|兼任|"
        f"{_HEADS}|{BLANK}|$)(?![^，,。；]{{0,11}}(?<!目)的(?!是))",
        role="责任",
    ),
    Phrasing(
        "by verb",
        Side.LEAD,
        "由市科协筹建的科普馆计划明年建成",
        before=_BY,
        after="(?:具体)?(?:筹建|承建|建设|编制|起草|实施|打造|组建|举办|开发)的[^，,。；]{1,24}?(?:已|将|拟|计划|正在|预计|尚未)",
        role="责任",
    ),
    Phrasing(
        "beside",
        Side.LEAD,
        "由市园林中心承担养护，市城管局监督考核",
        before="[，,；;]$",
        after=f"(?:全程|同步|负责)?(?:{_SIDE_ACTS})",
        role="责任",
    ),
    Phrasing(
        "beside",
        Side.LEAD,
        "由北山林场管护，市林草局予以指导",
        before="[，,；;]$",
        after=f"(?:予以|给予|进行|全程|负责)?(?:业务)?{_GUIDES}",
    ),
    Phrasing(
        "by verb",
        Side.LEAD,
        "由省交投集团出资、市公路中心建设",
        before=f"由{UNITS}[^，,。；{BLANK}]{{1,10}}、$",
        after=f"(?:全程|同步|负责|具体)?(?:{_ACTS})",
        role="责任",
    ),
    Phrasing(
        "subject",
        Side.LEAD,
        "市审计局要会同市财政局开展检查",
        before=_OPEN + "$",
        after=f"(?!{_HEADS}|{_ATTRIBUTIVE}|会同{UNITS}(?:等部门)?[^，。；]{{0,3}}(?:拟|制|起草|提出|报送|编制|印发)[^，。；]{{0,2}}的){_MODAL}",
        role="责任",
    ),
)

_PART_NAMED = re.compile(_LABELLED + _UNIT)
_READ = [(p, re.compile(p.before) if p.before else None, re.compile(p.after) if p.after else None) for p in PHRASINGS]
# What alliances are planned to do is their description; who acts for them (理事会, 秘书处) can be made responsible.
_OBJECTS = ("联合体", "融合体", "共同体")
_OF_BODIES = ("subject", "asked", "beside", "dated")
_REACH = 48  # marked characters before a list that a phrasing may look at


def read_phrasings(marked: Marked) -> Iterator[Match]:
    """Each list of units that a phrasing takes, in order."""
    text = marked.text
    for place, units in marked.places():
        for phrasing, before, after in _READ:
            start = place
            if before is not None:
                found = _ending_at(before, text, place)
                if found is None:
                    continue
                start = found
            end = place + 1
            behind = after.match(text, end) if after is not None else None
            if after is not None and behind is None:
                continue
            groups = behind.groupdict() if behind else {}
            if phrasing.rule in _OF_BODIES and units.names[0].endswith(_OBJECTS):
                continue
            role = phrasing.role or _role(
                groups, text[max(0, place - _REACH) : place], behind.group() if behind else ""
            )
            yield Match(phrasing, units, role, start, place, behind.end() if behind else end)
            break


DATED = Phrasing("dated", Side.LEAD, "市财政局于6月底前完成评审", role="责任")
"""A subject with a time limit set to it; taken where no other phrasing takes the list."""

_OPENS = re.compile(_OPEN + "$")
_NO_SUBJECT = re.compile(f"的|、|$|提出|{_HEADS}")


def dated_subjects(marked: Marked, taken: Set[int], limits: Iterable[DeadlineMention]) -> Iterator[Match]:
    """Subjects right behind or right before a time limit: 6月底前，市财政局完成…; 市财政局于6月底前完成….

    ``taken`` are the places of lists that another phrasing has taken, ``limits`` the limits of the piece.
    """
    starts, ends = {m.span.start for m in limits}, {m.span.end for m in limits}
    if not starts:
        return
    text = marked.text
    for place, units in marked.places():
        span = units.span
        if starts.isdisjoint(range(span.end, span.end + 3)) and ends.isdisjoint((span.start - 1, span.start)):
            continue
        if units.names[0].endswith(_OBJECTS):
            continue
        if (
            place not in taken
            and not _NO_SUBJECT.match(text, place + 1)
            and _ending_at(_OPENS, text, place) is not None
        ):
            yield Match(DATED, units, "责任", place, place, place + 1)


def _ending_at(before: re.Pattern[str], text: str, place: int) -> int | None:
    """Where a match begins that ends right before ``place``."""
    first = max(0, place - _REACH)
    cut = "…" if first else ""  # so that ^ stands for the start of the text alone
    found = before.search(cut + text[first:place])
    return None if found is None else first + found.start() - len(cut)


def _role(groups: dict[str, str | None], before: str, behind: str) -> str:
    if groups.get("leads") or groups.get("duty"):
        how = re.search("双|共同|联合|分别", behind.split("牵头")[0])
        return ("共同" if how and how.group() == "联合" else how.group() if how else "") + "牵头"
    word = groups.get("does") or groups.get("steers") or groups.get("guides") or ""
    if word:
        return {"主抓": "负责", "抓总": "负责", "负总责": "负责"}.get(word, word)
    label = groups.get("label") or ""
    if not label and (named := list(_PART_NAMED.finditer(before))):
        groups, label = named[-1].groupdict(), named[-1].group("label")
    joint = groups.get("joint") or ""
    return {"主责": "责任"}.get(label, joint + label if label == "牵头" else label) or "牵头"
