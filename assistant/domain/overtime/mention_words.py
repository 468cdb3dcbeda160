"""The words by which a duty is one of a thing itself: it leads, founds, builds it; and how far it must be by a limit.

Used by :mod:`assistant.domain.overtime.mention_reader`.
"""

from __future__ import annotations

import re

from assistant.domain.overtime.mentions import Stage

LEAD_ROLE = re.compile("牵头|主办|主责|负责|责任|承办|承担|统筹")
STATES_LEAD = frozenset(("by", "leads", "bracket", "label", "is unit", "reassigned", "inherited"))
ACTS_ONLY = frozenset(
    ("by verb", "subject", "plain", "named", "dated", "asked")
)  # 竞赛由甲制定方案: the duty is the paper, not the contest
SHARED = re.compile("按(?:照)?(?:各自)?(?:职责|职能|任务)分工|按职责")
SUBJECT = re.compile(
    "^(?:(?:建设|筹建|编制|创建|改造|实施|推进|组建)?(?:任务|工作|项目|工程|事项|事宜)?)[，,]?(?:拟|将|要|继续|暂|现|已|均|主要|具体|统一)?由"
)
# 机制已正式运行，由甲牵头。 The sentence must end with the lead: …，由乙负责资金 is of another matter.
THEN_LED = re.compile("^[^，。；的]{0,24}[，,](?:现|仍|并|具体)?由")
LEADS_ALL = re.compile("(?:牵头|负责|主办)(?:推进|实施|建设|落实)?(?:[，,][^，。；]{2,40}(?:配合|参与|协助))?[。；]?$")
FOUNDED = re.compile("^(?:正式|成功|顺利|已)*(?:于[^，。；]{2,14}(?:正式|成功|顺利|已)*){0,2}(?:揭牌|挂牌)?成立")
ATTRIBUTE = re.compile(
    "(?:牵头|负责|主办|承办)(?:组织|建设|组建|筹建|推进|实施)?的(?:[0-9一二三四五六七八九十]{1,3}个)?$"
)
MEASURE = re.compile(
    "^(?:积极|加快|抓紧|继续|着力|大力|全面|统筹|推进|推动|加强|深化)*(?:新建|改建|扩建|共建|建设|建成|建立|设立|成立|组建|筹建|打造|搭建|构建|创建|开发|完善|健全|优化|开展|举办|承办|召开|制定|编制|编印|修订|出台|印发|发布|实施|布局|推进|推动|推广|培育|做好|办好|抓好|用好|搭好|盘活|启动|提高|组织|开放|引进|选派)"
)
_BEFORE_TASK = (
    "(?:[0-9年月日底前内上下半旬季度第一二三四，,\\s]|每年|今年|明年|积极|加快|抓紧|继续|着力|"
    "具体|统一|共同|联合|尽快|适时|研究){0,30}"
)
TASK_LEAD = re.compile(
    f"^{_BEFORE_TASK}(?:会同[^，。；]{{2,30}}?{_BEFORE_TASK}){{0,2}}"
    "(?:推进|推动|开展|组织|负责|做好|抓好|完成|启动|实施)?(?:新建|改建|扩建|共建|建设|建成|建立|设立|成立|组建|筹建|打造|搭建|构建|创建|开发|制定|制订|编制|编印|起草|修订|出台|印发|发布|公布|召开|举办|承办|举行|开展|上线)?"
    "(?:[0-9一二三四五六七八九十两]{1,4}(?:个|场|次|处|所|家|项|套|座|批|支))?$"
)
AFTER_TASK = re.compile(
    "^(?:[0-9一二三四五六七八九十两不少于至]{0,6}[个场次处所家项套座批支期])?(?:建设|筹建|编制|创建|试点|上线|试运行|上线试运行|改造|组建|修订|工作|任务|项目|工程|方案编制|初稿)*(?:[，。；、,;.）)\n]|$)"
)
ELLIPTIC = re.compile("(?:建成|完成|投入使用|投用|上线|竣工|验收|印发|发布|召开|举办|启用|开通|挂牌|成立|落地|实施)")
ALIAS = re.compile('[（(]以下(?:统)?简称[“"]?([^“”"（）()]{2,16})[”"]?[）)]')
_STAGES: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    (
        "end",
        re.compile(
            "建成|竣工|投入使用|投用|上线|启用|开通|运行|召开|举办|举行|印发|出台|发布|成立|挂牌|揭牌|验收|办结|组建|落地|完成建设|全面完成|实现|达到|到位|交付"
        ),
    ),
    ("middle", re.compile("安装|调试|主体|封顶|招标|采购|设备|初稿|征求意见|报(?:市|省|县)?政府|送审|审定|试点|测试")),
    ("start", re.compile("启动|开工|动工|选址|立项|着手|前期|可研|调研|勘察|制定方案|完成方案|方案编制|部署|设计")),
)
LONGEST_HEADING = 30  # characters up to which a heading can be a name
BRACKET = re.compile("^[（(][^（）()]{0,30}[）)]")  # 联合体（以下简称…）拟由…
LOOK_BACK = 400  # characters in which a bare kind (该基地) finds its name
EACH_OF = re.compile("各[0-9一二两三四]")  # 上半年、下半年各1场 has no one day
OWN_PERIOD = re.compile("^自[^，。；]{2,16}之日起[^，。；]{0,8}?内[，,]?")
VAGUE_MATTER = re.compile("^(?:该|此|这|上述|以上|其|有关|相关|部分|其他|各)|任务$|工作$|事项$|时限$")
REASON = re.compile("[，,]?(?:因|由于|鉴于|考虑到)[^，。；]{2,40}[，,]")  # 开放工作，因安全评估延后，时限…
LIMIT_WORDS = re.compile(
    "(?:的)?(?:建成|完成|上线|试运行|上线试运行|召开|举办|实施|建设)?(?:时限|期限|时间|日期|工期|节点)$"
)
LIMIT_OPENS = re.compile(
    "^(?:(?:[0-9]{4}年|今年|明年|每年)?[0-9一二三四五六七八九十]{0,3}月?(?:底|末|中旬|上旬|下旬)?(?:以?之?前|内)?[，,]?)"
)
_PART = re.compile(
    "(?:土建|主体|地基|基础|设备|软件开发|前期|招标|选址|方案|初稿|部分)[^，。；]{0,8}已(?:经)?(?:完成|到位|启动|起草)|已(?:完成|启动)(?:前期|选址|土建|主体|初稿|调研)"
)


def stage_of(text: str) -> Stage:
    """How far a thing must be by a limit, by the verb beside it: 开工 is a start, 设备安装 on the way, 建成 the end."""
    found = [stage for stage, pattern in _STAGES if pattern.search(text)]
    if "middle" in found and "end" not in found:
        return "middle"
    if "start" in found and "end" not in found:
        return "start"
    return "end"


def part_only(quote: str) -> bool:
    """Whether what is done is but a part of the thing (土建已完成，正在安装)."""
    return bool(_PART.search(quote))


def beside(quote: str, limit: str | None) -> str:
    """The words that a limit is for: those behind it up to the next stop, else those before it."""
    if not limit or (at := quote.find(limit)) < 0:
        return ""
    behind = re.split("[，。；\n]", quote[at + len(limit) :], maxsplit=1)[0]
    return behind if len(behind) > 1 else quote[max(0, at - 20) : at]
