"""Documents as a question describes them, without number or title: 精细化工联合体的章程里, 市水务局的答复是谁签发的.

A description is a kind of document with what tells it apart: its matter, who issued it, its year or half-year, the
meeting it records. Only a document that the question wants to read counts. What is done with one that may not exist yet
(章程定了没有, 实施细则什么时候印发) is asked of whichever document tells of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answering.understanding.documents import CLAUSE_REF
from assistant.domain.language.identity import find_document_numbers, find_proposal_numbers, find_sessions
from assistant.domain.language.text import fold
from assistant.domain.units.names import find_units

# Names of kinds that people take for one another; a document of another row is another document.
FAMILIES: tuple[tuple[str, ...], ...] = (
    ("章程",),
    ("办法", "细则", "规定", "条例", "规程", "制度", "规则", "准则"),
    ("方案", "行动计划", "规划", "工作要点", "要点", "计划", "实施意见", "任务分工", "分工"),
    ("清单", "任务表", "分工表", "分解表", "台账", "任务分工", "分工", "分工方案"),
    ("名单",),
    ("纪要", "会议记录", "简报"),
    ("通报", "报告", "总结", "简报", "情况说明", "说明", "督办单", "情况"),
    ("答复", "答复函", "回复", "复函", "函", "批复"),
    ("提案", "建议案", "议案", "建议"),
    ("通知", "公告", "通告", "函"),
    ("请示", "函", "报告"),
)
_KIND = re.compile(
    "章程|(?<!没)(?<!有)(?:管理|实施|暂行|试行)?办法|细则|条例|规程|方案(?!稿)|行动计划|规划|工作要点|任务清单|清单|任务表|分工表|分解表|任务分工(?!表)|分工(?=里|中)|台账|名单"
    "|会议纪要|纪要|会议记录|简报|通报|总结报告|总结|(?<!向)报告(?!期)|情况说明|督办单|答复函|答复(?!类别|率|期|时限|单位|人)|复函|回复|批复|请示"
    "|提案(?!人|者|号|办|委|单位|工作)|建议案|议案|通知|(?<=[的份])函"
)
# What follows a document that is read from: 章程里, 方案第三条, 答复怎么说, 提案提了什么.
_READ_FROM = re.compile(
    "(?:文件|全文)?(?:里面?|中(?!心|标|期|旬|试)|上(?!报|线|会|市|海)|内容|第[0-9一二三四五六七八九十]{1,3}[条章款项部]|规定(?!得)|写(?!得|完|好)|说(?!明会)|提(?!交|前|请|高)(?:到|了|出|的)?"
    "|明确|要求(?!什么时候|何时|多久|哪|几)|承诺|讲|列|(?:是)?(?:怎么|如何|怎样)(?:说|写|规定|提|定|要求|讲|答)|建议(?:了|哪|什|几)|对.{1,16}(?:怎么|有何|有什么|有哪些)"
    "|有(?:哪些|几|多少|什么)|(?:一共|总共|共)有?|(?:全文|主要|结论|要点|标题|文号|签发人|落款|联系人|抄送|主送|成文|附件|正文)"
    "|(?:议定|决定|研究|部署|安排|通过|定|点|批)了?(?:些|哪|什么|啥|几|谁))"
)
_INSIDE = re.compile(
    "(?:文件|全文)?(?:里面?|中|上|内容|第[0-9一二三四五六七八九十]{1,3}[条章款项部]|规定|写|说|讲|列|(?:是)?(?:怎么|如何|怎样))"
)
# Of 的 only what stands in the document: the duty to make it (的牵头单位, 的进展, 的时限) is told elsewhere.
_PART_OF = re.compile(
    "的(?!话|时候|完成|起草|编制|编写|制定|修订|印发|报审|审定|审议|负责|牵头|责任|主办|承办|配合|协办|进展|进度|情况|状态|时限|期限|截止|征求|筹|准备|推进|落实|工作"
    "|答复|回复|复函|方案|通知|办理|办复|主要?责任|[吗呢吧？?。，]|$)"
)
# 是谁签发的, 哪天印发的, 谁提的: it was done, so the document exists.
_ISSUED = re.compile(
    "(?:是|由)?(?:谁|哪[个家位一]?(?:单位|部门|局|领导|年|月|天|日)?|什么时候|何时|几[月号])(?:联合)?(?:签发|签|主持|记录|印发|下发|发布?|提出?|出|署名|盖章)的"
    "|(?:谁|哪[位个][^，。？]{0,4})(?:签发?|提|主持)"
)
_TALK = re.compile(
    "^(?:请问|想?问一?下?|查一?下|查|看一?[下看]|帮[我忙]|麻烦|告诉我|我?想知道|我?要|根据|依据|按照?|依照?|对照|参照|在|从|那么?|再|还有|另外|说说|介绍一?下?|把|列出|我们?的?)+"
)
_CUT = re.compile(
    "^.*(?:谁|什么|啥|哪[些个家位]?(?:单位|部门|局)?|几|多少|怎么|如何|何时|吗|呢|了(?!解)|是(?!否)|(?<!现)(?<!存)在(?![建职校册读线])|按照?|根据|依据|把|被|让|看|(?<![督检调普巡审核])查(?!处|验)|写进|列入|纳入)"
)
_DUTY_OF = re.compile("^.{2,16}?(?:牵头|负责|主办|承办|配合|协办|参与)的?(?=$|台账|清单)")
_YEAR = re.compile("(20[0-9]{2})年(度)?")
_YEARLY = re.compile("年(?:度|的?(?:年度)?(?:总结|工作要点|要点|计划|任务清单|清单|工作总结))")
_STRETCH = re.compile(
    "[上下]半年|(?:第)?[一二三四]季度|[春秋]季|(?<![0-9十])(?:1[0-2]|[1-9十]|十?[一二三四五六七八九])月份"
)
_ORDINAL = re.compile("第([0-9一二三四五六七八九十]{1,3})([次期批轮])")
_POINTING = re.compile("[这那][份个件些]?|本|该|此|上面|刚才|前面|去年|今年|前年|上[一]?[次回年]|最新|最近|新|旧|原")
_PLAIN_WORDS = re.compile(
    "关于|有关|相关|对|的|给|向|与|和|及|等|印发|下发|出台|发出|发布|制定|发|工作|年度|情况|实施|管理|暂行|试行|正式|具体|我[省市县区局]|[全本][省市县区]|[省市县区][里级]|文件|各|所有|全部|份|件|个|任务(?=清单|分工|$)|建设|提案|建议|会议|全体|年|中(?=$)|里(?=$)"
)
# The class of a thing tells nothing apart from others of the class: of 通用航空联合体 it is 通用航空 that counts.
CLASSES = re.compile(
    "市域产教联合体|产教联合体|(?:产教)?(?:联合体|融合体|共同体)|产业园区|园区|委员会|平台|中心|基地|项目|工程|理事会|组成人员"
)
_ISSUES = re.compile(
    "(?:和|与|、|联合|会同|的|关于|对|给|去年|今年|前年|20[0-9]{2}年|新|印发|下发|出台|出具|发|[这那]|第?[0-9])"
)
# Bodies that write to others; what is 产业学院的 or 集团的 is its charter or its plan, and the name a matter's.
_BODY_END = re.compile("(?:[局委办厅部府处室]|委员会|管委会|总工会|国务院|[法检察]院)$")


@dataclass(frozen=True, slots=True)
class Described:
    """A document that a question wants to read, by what tells it apart from others of its kind."""

    written: str  # 精细化工联合体的章程
    kind: str  # 章程
    topic: tuple[str, ...]  # 精细化工: the words of its matter, without the class of the thing
    thing: str  # 精细化工联合体: the same with it
    issuers: tuple[str, ...]
    years: tuple[str, ...]
    yearly: bool  # the year is that of its matter (2024年度任务清单), not only of its issue
    stretch: str  # 下半年, 三季度
    ordinal: tuple[str, str] | None  # 第二次: ("二", "次")
    inside: bool  # what stands in it is asked for (章程里, 方案第三条), not only of it (规划共有多少个项目)

    @property
    def bare(self) -> bool:
        """Whether nothing tells it apart (那份方案)."""
        return not (self.topic or self.issuers or self.years or self.stretch or self.ordinal)


def descriptions(text: str) -> tuple[Described, ...]:
    """The documents that a question describes to have them read; what is named by number or 《》 is not described."""
    plain = fold(text)
    found: list[Described] = []
    end_before = 0
    for match in _KIND.finditer(plain):
        after = plain[match.end() :]
        if re.match("的?(?:答复|回复|复函|批复)", after) or not _is_read(after):
            continue
        left = re.split("[，。？！；：、,?!;:\\s]", plain[end_before : match.start()])[-1]
        end_before = match.end()
        if described := _described(left, match.group(), bool(_INSIDE.match(after) or _ISSUED.match(after))):
            found.append(described)
    return tuple(found)


def _is_read(after: str) -> bool:
    return bool(_READ_FROM.match(after) or _PART_OF.match(after) or _ISSUED.match(after))


def _described(left: str, kind: str, inside: bool) -> Described | None:
    whole = left
    left = _DUTY_OF.sub("", CLAUSE_REF.sub("", _TALK.sub("", _CUT.sub("", left))))
    if re.search("[《》]|[0-9]号?$", left) or find_document_numbers(left):
        return None
    written = re.sub(f"^(?:{_POINTING.pattern})+(?:份|个|件)?", "", left) + kind
    for span, _ in sorted((*find_proposal_numbers(left), *find_sessions(left)), key=lambda f: -f[0].start):
        left = left[: span.start] + " " + left[span.end :]
    issuers = tuple(
        u.name
        for u in find_units(left + kind)
        if _BODY_END.search(u.name)
        and (_ISSUES.match(left, u.span.end) or u.span.end >= len(left))
        and not _is_inner(left, u.span.start)
    )
    for name in issuers:
        left = left.replace(name, " ")
    years, yearly = tuple(y for y, _ in _YEAR.findall(left)), bool(_YEARLY.search(left + kind))
    stretch, ordinal = _STRETCH.search(left), _ORDINAL.search(left)
    for pattern in (_YEAR, _STRETCH, _ORDINAL):
        left = pattern.sub(" ", left)
    thing = " ".join(_PLAIN_WORDS.sub(" ", _POINTING.sub(" ", left)).split())
    topic = tuple(w for w in re.findall("[㐀-鿿a-z0-9]+", CLASSES.sub(" ", thing)) if len(w) > 1)
    described = Described(
        written, kind, topic, thing, issuers, years, yearly, stretch.group() if stretch else "",
        (ordinal[1], ordinal[2]) if ordinal else None, inside,
    )  # fmt: skip
    return None if described.bare and (not inside or _POINTING.match(whole)) else described


def _is_inner(text: str, start: int) -> bool:
    """Whether what stands before makes it a body that is spoken of, not one that speaks (对市教育局的答复)."""
    return bool(re.search("(?:给|对|向|致)$", text[:start]))
