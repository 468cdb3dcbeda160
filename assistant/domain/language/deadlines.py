"""Time limits in official sentences: what limits a task, what only dates an event.

A bare 5月16日 is an event; with 前/内/底/止 it is a limit (official-document practice, ``docs/phrasings.md``).
Which day a limit means is for :mod:`assistant.domain.language.resolution`, which needs the document's own date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.domain.policy import Span

Kind = Literal["fixed", "relative", "ongoing", "recurring", "vague"]

_NUMBER = "[0-9０-９一二三四五六七八九十两百]{1,4}"
_YEAR = "(?:(?:[0-9０-９]{4}|[〇○零一二三四五六七八九]{4}) ?年|今年|本年度?|当年|明年|次年)"
_PLAN = '[“"]?[十一二三四五六七八九]{1,3}五[”"]?'
_MONTH = f"{_NUMBER}月"
_DAY = f"{_NUMBER}[日号]"
_FIGURES = "[12][0-9]{3}[-./．][0-9]{1,2}(?:[-./．][0-9]{1,2})?"  # 2025.06.30, 2025/6
_PART = "(?:上半年|下半年|第?[一二三四]季度|[上中下]旬)"
_BEFORE = "(?:以?之?前|年?底以?之?前|年?末以?之?前|年?底|年?末|年?内|之内|以内|[上中下]旬前|截止|为止|止)"
_UNIT = "(?:工作日|自然日|日|天|周|月|季度|学期|学年|年|小时)"
_PERIOD = f"(?:(?:{_NUMBER}[—－~～至到或-])?{_NUMBER}个?{_UNIT}|半年|半个[月年]|[一两二三]年半)"
# The beginning that a period counts from: 自本通知印发之日起, 收到意见后, 会后. 今后 and 此后 name none.
_EVENT = (
    "(?:(?:自|从)(?:[^，。；：\\n]{1,24}之|即)日起，?|(?:会|收文|受理|印发)后|"
    "(?:(?<![一-鿿])|(?<=[于在应须要当将请]))(?![今此其最先前往以然随])(?:申请|(?!会后|[于在应须要自从将请后])[一-鿿]){1,14}?"
    "(?:之日起，?|之?后(?![续期勤代])))"
)
# Seasons and occasions whose day no document writes: 春节前, 2025年汛期前, 秋季学期开学前.
_OCCASION = (
    '[“"]?(?:春节|元旦|六一|七一|教师节|学期末|'
    "清明节?|五一|端午节?|中秋节?|国庆节?|[主后]?汛期|供暖期|采暖期|供暖季|(?:[春秋]季|新|本|下)学期|开学|雨季|春耕|春播|秋收|封冻期?|高考|中考|暑期|暑假|寒假|入冬|冬季|"
    '下次(?:全体)?会议|下(?:一)?次(?:理事会|全会)|全国两会|换届)[”"]?(?:假期|长假|小长假)?(?:来临|到来|开始|结束|开学)?'
)
_NOT_DIGIT = "(?<![0-9０-９一二三四五六七八九十两半])"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "recurring",
        re.compile(
            f"每(?:个)?(?:年度?|季度|半年|月|学期|学年|周|两年)(?:后|结束后|终了后){_PERIOD}(?:之?内|以内)"
            f"|(?<![0-9０-９一二三四五六七八九十个两半该当本上下])(?:季度?|月度?|半年|学期)(?:终了|结束)?后{_PERIOD}(?:之?内|以内)"
            f"|次(?:月|季度?){_DAY}(?:以?之?前|之?内)"
            f"|每(?:个)?(?:年度?|学期|学年|年){_OCCASION}(?:以?之?前)|"
            f"每(?:隔)?[两二三四五六0-9]{{1,2}}个?(?:年|季度|月|周|学期)(?=[一-鿿])"
            f"|每(?:个)?(?:年度?|季度|半年|半月|月|旬|学期|学年|周|两年)(?:首月|末月|次月|第[一二三]个?月)?(?:{_MONTH})?(?:{_DAY})?(?:底|末|初)?(?:以?前|之?内|底前|末前|[上中下]旬前?)"
            f"|每(?:个)?(?:年度?|季度|半年|月|学期|学年|周|两年)(?:{_MONTH}(?:{_DAY})?|底|末|初)"
            "|每(?:个)?(?:年度?|季度|半年|半月|月|旬|学期|学年|两?周|两年|日)(?=(?:至少|不少于)?[一-鿿]{0,10}(?:[一二两三四1-4]次|通报|报送一))"
            "|每(?:个)?(?:年度?|季度|半年|半月|月|旬|学期|学年|两?周|两年|日)(?=(?:定期|至少|不少于|集中)?(?:举办|开展(?!了)|召开|组织|发布|编制|评选|更新|会商|调度|巡查|巡检|清扫|报告|汇报|汇总|公布|检查|抽查|评估|考核|梳理|安排))"
            "|按(?:年度?|半年|季度?|月|周)(?=[一-鿿]{0,2}(?:报|通报|调度|发布|公布|更新|汇总|统计|考核))"
        ),
    ),
    (
        "fixed",
        re.compile(
            f"(?:到|至|截至|截止到?)?{_YEAR}(?:{_MONTH})?(?:{_DAY})?{_PART}?{_BEFORE}"
            f"|(?:到|至)?(?<![0-9.\\-/]){_FIGURES}(?![0-9.\\-/]){_BEFORE}"
            f"|(?:到|至){_YEAR}(?:{_MONTH}(?:{_DAY})?)?(?=[，,、。；]|基本|全面|全市|全省|全国|力争|实现|建成|完成|达到|初步|新增|累计|建立|形成|，|$)"
            f"|(?:即日起)?(?:到|至)?(?:{_YEAR})?{_MONTH}(?:{_DAY})?{_BEFORE}"
            f"|(?:不(?:晚|迟)于|最迟(?:于|在|不超过)?|不超过)(?:{_YEAR})?{_MONTH}(?:{_DAY})?{_BEFORE}?"
            f"|即日起至(?:{_YEAR})?{_MONTH}(?:{_DAY})?{_BEFORE}?"
            f"|(?:{_YEAR})?{_MONTH}(?:{_DAY})?至(?:{_YEAR})?{_MONTH}(?:{_DAY})?{_BEFORE}?(?=集中|开展|组织|实施|进行|为|举办|推进|全面|[，,]?由)"
            f"|(?:{_YEAR})?{_MONTH}[上中下]旬(?=召开|举办|完成|启动|开展|组织|完工|竣工|建成|投用|开工|开通|上线|交付|验收)"
            f"|(?<=调整为|变更为|调整至|变更至|顺延至|延期至|推迟至|延长至)(?:{_YEAR})?{_MONTH}底?(?![0-9一二三四五六七八九十])"
            f"|(?:到|至)(?:{_YEAR})?{_MONTH}(?:{_DAY})?(?:以?之?前|底前?|止)"
            f"|(?:到|至)[一二三四五六七八九十]{{4}}年(?=[，,、。；])"
            f"|(?:{_YEAR})?(?:[春秋]季)?{_OCCASION}(?:以?之?前|期间内)"
            f"|(?:今明两年|今年到明年|今年至明年)(?:内)?"
            f"|(?:{_PLAN}|到{_PLAN})(?:规划)?[期末](?:末|前)?(?:之前|前)"
            f"|(?:到|至){_PLAN}(?:规划)?(?:期末|末)"
            f"|(?:本|下|次|当)(?:个)?(?:周|月)[一二三四五六日天末]?(?:{_DAY})?(?:以?之?前|底前?|之?内|末前?)"
            "|(?<![0-9０-９一二三四五六七八九十个每])月底(?:以?之?前|前)"
            f"|{_YEAR}(?=(?:基本|全面|全部)?(?:建成|完成(?![值率数情])|投用|竣工|完工|开工|启用|通车|实现|启动|投入使用|建设完成|交付))"
            f"|(?<![0-9０-９月]){_DAY}(?:以?之?前|之?内截止|截止)"
            f"|(?:今年|本年度?|当年)?{_NOT_DIGIT}年(?:底|内|终|末)(?:以?之?前)?(?!效能|考核|总结|绩效|评|工作|述职|目标|结算|决算|[的份])"
            f"|(?:(?:到|至)?{_YEAR})?(?:上半年|下半年|第?[一二三四]季度)(?:{_BEFORE})?"
            f"|{_PLAN}(?:规划)?(?:期间|时期|期末|末|期内)(?!及其后)"
            "|(?:执行期限|实施期限|建设期限?|试点期限?|建设周期|有效期|政策期限|期限)(?:为|自|：|:)[0-9]{4}年(?:[0-9]{1,2}月)?"
            "(?:[0-9]{1,2}日)?(?:起)?(?:至|—|-|到)[0-9]{4}年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?"
        ),
    ),
    (
        "relative",
        re.compile(
            f"{_EVENT}(?:在|于)?(?:的)?{_PERIOD}(?:内|之内|以内)"
            f"|{_NOT_DIGIT}{_PERIOD}(?:内|之内|以内)(?!不得|不予|不再|禁止|有效|未|发生|无|曾|受过|连续|累计)"
            f"|(?:自|从)[^，。；：\\n]{{1,24}}之日起满?{_PERIOD}(?:之?后)?"
            f"|(?:利用|用|经过|通过|花){_PERIOD}(?:左右)?的?时间"
            f"|分{_PERIOD}(?=完成|实施|推进|改造|建成|落实|到位|消化|补齐)"
            f"|(?:至少)?提前{_PERIOD}"
            f"|(?:会议|大会|全会|活动|项目|合同|协议|任期|有效期|期限)?(?:召开|举办|举行|开始|届满|到期|期满|换届)之?前{_PERIOD}(?=[^，。；]{{0,12}}(?:将|书面|通知|报|向|提交|告知|发|完成|提出|送))"
            f"|试行(?:期)?(?:为)?{_NUMBER}(?:年|个月)"
            "|(?:自|从)[^，。；：\\n]{1,24}之日起(?:施行|实施|执行|生效)?"
            f"|(?:有效期|执行期限|建设期|为期|周期|任期|期限)(?:限)?(?:为|：)?{_NUMBER}(?:年|个月|月|天)"
        ),
    ),
    (
        "ongoing",
        re.compile(
            "长期坚持|长期(?=推进|开展|实施|抓好|执行|负责|承担|做好|跟踪|保持)|常年(?=开展|坚持|推进)|常态化(?=开展|推进|实施)|持续(?=开展|跟进)|持续(?:推进|实施|坚持)(?=[。；，）)\\]】]|$)|始终坚持"
        ),
    ),
    (
        "vague",
        re.compile(
            "尽快|尽早|适时|(?<!对)(?<!自)(?<!据)(?<!为)(?<!省)近期(?!上报|地震|以来|发生|[一-鿿]{0,4}的)|下一步(?!骤)|抓紧|早日|限期(?![0-9一二三四五六七八九十两]|[^，。；]{0,8}的)|限时(?=办|完|反|整|解|处)|(?<!提)及早|立行立改|即知即改|即行即改|立说立行"
        ),
    ),
)
_LABEL = re.compile(
    # What a column calls 开工时间 or 交办日期 begins a matter, or is past.
    "(?<![开起][工始])(?<!启动)(?<!交办)(?<!提交)(?<!立案)(?<!收[到件文])(?<!印发)(?<!发布)(?<!召开)(?<!会议)"
    "(?:(?:完成|办理|办结|整改|落实|进度|完工|竣工|建成|交付|验收)?(?:时限|期限|时间|节点)(?:要求|节点)?(?=[：:])|(?:完成|办理|办结|整改|完工|竣工)(?:时限|期限|时间)(?=为|是)"
    "|(?:完成|办结|截止|截至|交付|到期)(?:日期|日)|时间安排|进度安排|(?:计划|预计|拟)(?:完工|竣工|建成|完成|投用|办结)(?:日期)?)(?:[：:]|为|是)\\s*([^；;。\\n|｜）)\\]】]{1,30})"
)
_STATED: dict[str, Kind] = {
    "长期": "ongoing",
    "持续": "ongoing",
    "常态": "ongoing",
    "全年": "ongoing",
    "常年": "ongoing",
    "每": "recurring",
    **dict.fromkeys(("按年", "按季", "按月", "按周"), "recurring"),
}
# What a period counts when it limits nothing: an age, a span looked back on, the past.
_LOOKS_BACK = re.compile(
    "(?:近|最近|过去|前|原(?:定|计划|要求|拟)(?:于|在)?|(?:成立|始建|建成|建|创办|创立|创建|组建|发生|毕业|修订|颁布|印发|出台)于|距[^，。；]{0,16}|不满|未满|已满|满|超过|以上)$"
)
_PAST = re.compile("[，,]?(?:我[市省县区国])?(?:已|共(?![同建享管])|累计|全市已|全省已|全国已|全市共|全省共)")
_TOLD = re.compile("[，,]?[^，。；：]{1,12}?[局委办厅院会心](?:已|共(?![同建享管])|累计)")  # 上半年，市科技局共组织…
_REPORTED = re.compile(
    "[^。；\\n]{0,30}?(?:已|累计|共有|全部完成)|，(?![^。；\\n]{0,30}?(?:应|须|要|将|拟|确保|务必|力争|哪|谁|什么|多少|几[个项]|没|还|吗))"
)
_OF_OFFICE = ("任期", "聘期")  # 理事会任期四年，换届提前两个月筹备: the term is no limit of the task
_HALF = re.compile("半年|季度|年$")
_MOVED = re.compile("(?:延长|延期|推迟|调整|变更|提前|顺延|改)(?:到(?!位)|至|为)")
_MOVED_TO = re.compile("(?:延长|延期|推迟|调整|变更|顺延|改)$")
_LEAD_IN = re.compile(
    "(?:应当|应|须|需|要)?(?:在|于)(?=[^，]{2,12}之日起)|(?:应当|应|须|需|要)(?=[自从])|(?:拟|计划|力争|争取|原则上|预计|确保)(?:于|在)?(?=.)"
)
_HAS_YEAR = re.compile("年|五")


@dataclass(frozen=True, slots=True)
class DeadlineMention:
    """A time limit as written, its place in the text that was read, and what kind of limit it is.

    ``labelled``: it stands behind a label of its own (完成时限：6月底).
    """

    as_written: str
    span: Span
    kind: Kind
    labelled: bool = field(default=False, compare=False)


def find_deadlines(text: str) -> list[DeadlineMention]:
    """Time limits of ``text``, left to right without overlaps; where several patterns fit, the first of the table."""
    found: list[DeadlineMention] = []
    taken = bytearray(len(text))

    def add(kind: Kind, start: int, end: int, labelled: bool = False) -> None:
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            found.append(DeadlineMention(text[start:end], Span(start, end), kind, labelled))

    for match in _LABEL.finditer(text):
        written = match.group(1).strip()
        if text[match.start(1) - 1] in "为是":  # in a sentence, which goes on behind the comma
            written = re.split("[，,]", written)[0]
        written = written[lead.end() :] if (lead := _LEAD_IN.match(written)) else written
        kind: Kind = next((k for cue, k in _STATED.items() if cue in written), "fixed")
        if kind == "fixed" and (inner := _first_kind(written)):
            kind = inner
        elif kind == "fixed" and not re.search("[0-9０-９〇一二三四五六七八九十年月日底]", written):
            kind = "vague"  # 视省级部署确定
        end = text.index(written, match.start(1)) + len(written)
        add(kind, end - len(written), end, labelled=True)
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if match.end() > match.start() and not _is_past(text, match):
                lead_in = _LEAD_IN.match(match.group())
                skipped = lead_in.end() if lead_in else 0
                if match.group()[0] in "至到" and _MOVED_TO.search(text, max(0, match.start() - 4), match.start()):
                    skipped = 1
                add(kind, match.start() + skipped, match.end())
    return _in_rhythm(text, sorted(found, key=lambda m: m.span))


def chief_limit(mentions: list[DeadlineMention]) -> DeadlineMention | None:
    """The limit that binds a sentence with several: a labelled one, a day before a period, a rhythm before a mere 尽快.

    In 一季度：摸底；二季度：出台；时限：6月 the quarters are steps on the way.
    """
    order: tuple[Kind, ...] = ("fixed", "relative", "recurring", "ongoing", "vague")

    def weight(mention: DeadlineMention) -> tuple[bool, int, bool, Span]:
        labelled = mention.labelled and mention.kind != "vague"
        weak = mention.as_written == "下一步" or mention.as_written.startswith(_OF_OFFICE)
        return not labelled, order.index(mention.kind), weak, mention.span

    return min(mentions, key=weight, default=None)


def _in_rhythm(text: str, mentions: list[DeadlineMention]) -> list[DeadlineMention]:
    """“每年2月底前各县报送，3月底前汇总”: the second limit recurs as the first does."""
    rhythm: DeadlineMention | None = None
    for position, mention in enumerate(mentions):
        if mention.kind == "recurring":
            rhythm = mention
        elif rhythm is None or mention.kind != "fixed" or _HAS_YEAR.search(mention.as_written):
            continue
        elif not re.search("[。；\n]", text[rhythm.span.end : mention.span.start]):
            mentions[position] = replace(mention, kind="recurring")
    return mentions


def _first_kind(written: str) -> Kind | None:
    return next((kind for kind, pattern in _PATTERNS if pattern.search(written)), None)


def _is_past(text: str, match: re.Match[str]) -> bool:
    """“截至2020年底，已…” dates a report and “距退休年龄五年以内” an age: they limit nothing."""
    if (match.group().startswith("截") or text.startswith("截", match.start() - 1)) and _REPORTED.match(
        text, match.end()
    ):
        return True
    if _PAST.match(text, match.end(), match.end() + 6) and not match.group().endswith("起"):
        return True
    if match.group()[-1] in "年度月旬" and _TOLD.match(text, match.end()):
        return True
    if text.startswith("起", match.end()) and _HALF.search(match.group()):  # 从下半年起: a first day
        return True
    if _MOVED.match(text, match.end()):  # 由6月底延长至9月底: the day that no longer holds
        return True
    return bool(_LOOKS_BACK.search(text, max(0, match.start() - 20), match.start()))
