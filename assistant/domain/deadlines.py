"""Time limits in official sentences: what limits a task, what only dates an event.

A bare 5月16日 is an event; with 前/内/底/止 it is a limit (official-document practice, ``docs/phrasings.md``).
Which day a limit means is for :mod:`assistant.domain.resolution`, which needs the document's own date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from assistant.domain.policy import Span

Kind = Literal["fixed", "relative", "ongoing", "recurring", "vague"]

_NUMBER = "[0-9０-９一二三四五六七八九十两百]{1,4}"
_YEAR = "(?:(?:[0-9０-９]{4}|[〇○零一二三四五六七八九]{4}) ?年|今年|本年度?|当年|明年|次年)"
_PLAN = '[“"]?[十一二三四五六七八九]{1,3}五[”"]?'
_MONTH = f"{_NUMBER}月"
_DAY = f"{_NUMBER}[日号]"
_PART = "(?:上半年|下半年|第?[一二三四]季度|[上中下]旬)"
_BEFORE = "(?:以?之?前|年?底以?之?前|年?末以?之?前|年?底|年?末|年?内|之内|以内|[上中下]旬前|截止|为止|止)"
_UNIT = "(?:工作日|自然日|日|天|周|月|季度|学期|学年|年|小时)"
_PERIOD = f"(?:{_NUMBER}[—－-])?{_NUMBER}个?{_UNIT}"
_EVENT = (
    "(?:自|从)[^，。；：\\n]{1,24}之日起|(?:收到|受理|印发|发布|立案|交办|下达|提出申请|接到)[^，。；\\n]{0,8}?(?:之?后|之日起)"
    "|[一-鿿]{2,8}之日起"
)
_NOT_DIGIT = "(?<![0-9０-９一二三四五六七八九十两半])"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "recurring",
        re.compile(
            f"每(?:个)?(?:年度?|季度|半年|月|学期|学年|周|两年)(?:{_MONTH})?(?:{_DAY})?(?:底|末|初)?(?:以?前|之?内|底前|末前|[上中下]旬前?)"
            f"|每(?:个)?(?:年度?|季度|半年|月|学期|学年|周|两年)(?:{_MONTH}(?:{_DAY})?|底|末|初)"
            "|每(?:个)?(?:年度?|季度|半年|月|学期|学年|周|两年)(?=(?:至少)?[一-鿿]{0,10}(?:[一二两三四1-4]次|通报|报送一))"
        ),
    ),
    (
        "fixed",
        re.compile(
            f"(?:到|至|截至|截止到?)?{_YEAR}(?:{_MONTH})?(?:{_DAY})?{_PART}?{_BEFORE}"
            f"|(?:到|至){_YEAR}(?:{_MONTH}(?:{_DAY})?)?(?=[，,、。；]|基本|全面|全市|全省|全国|力争|实现|建成|完成|达到|初步|新增|累计|建立|形成|，|$)"
            f"|(?:{_YEAR})?{_MONTH}(?:{_DAY})?{_BEFORE}"
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
            f"(?:{_EVENT})?{_NOT_DIGIT}{_PERIOD}(?:内|之内|以内)"
            f"|(?:{_EVENT})，?(?:在|于)?{_PERIOD}(?:内|之内|以内)"
            "|(?:自|从)[^，。；：\\n]{1,24}之日起(?:施行|实施|执行|生效)?"
            f"|(?:有效期|执行期限|建设期|为期|周期|任期|期限)(?:限)?(?:为|：)?{_NUMBER}(?:年|个月|月|天)"
        ),
    ),
    (
        "ongoing",
        re.compile(
            "长期坚持|长期(?=推进|开展|实施|抓好|执行)|常年(?=开展|坚持|推进)|常态化(?=开展|推进|实施)|持续(?=开展|跟进)|持续推进(?=。|；|$)|始终坚持"
        ),
    ),
    (
        "vague",
        re.compile(
            "尽快|尽早|适时|(?<!对)(?<!自)(?<!据)(?<!为)(?<!省)近期(?!上报|地震|以来|发生|[一-鿿]{0,4}的)|下一步(?!骤)|抓紧|早日|限期|限时(?=办|完|反|整|解|处)|(?<!提)及早"
        ),
    ),
)
_LABEL = re.compile(
    "(?:完成|办理|办结|整改|落实|进度)?(?:时限|期限|时间)(?:要求|节点)?[：:]\\s*([^；;。\\n|｜）)\\]】]{1,30})"
)
_STATED: dict[str, Kind] = {"长期": "ongoing", "持续": "ongoing", "常态": "ongoing", "每": "recurring"}
# What a period counts when it limits nothing: an age, a span looked back on, the past.
_LOOKS_BACK = re.compile("(?:近|最近|过去|前|距[^，。；]{0,16}|不满|未满|已满|满|超过|以上)$")
_PAST = re.compile("[，,]?(?:我[市省县区国])?(?:已|共|累计|全市已|全省已|全国已|全市共|全省共)")
_REPORTED = re.compile("[^。；\\n]{0,30}?(?:已|累计|共有|全部完成)")
_LEAD_IN = re.compile("(?:应当|应|须|需|要)?(?:在|于)(?=[^，]{2,12}之日起)|(?:应当|应|须|需|要)(?=[自从])")
_HAS_YEAR = re.compile("年|五")


@dataclass(frozen=True, slots=True)
class DeadlineMention:
    """A time limit as written, its place in the text that was read, and what kind of limit it is."""

    as_written: str
    span: Span
    kind: Kind


def find_deadlines(text: str) -> list[DeadlineMention]:
    """Time limits of ``text``, left to right without overlaps; where several patterns fit, the first of the table."""
    found: list[DeadlineMention] = []
    taken = bytearray(len(text))

    def add(kind: Kind, start: int, end: int) -> None:
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            found.append(DeadlineMention(text[start:end], Span(start, end), kind))

    for match in _LABEL.finditer(text):
        written = match.group(1).strip()
        kind: Kind = next((k for cue, k in _STATED.items() if cue in written), "fixed")
        if kind == "fixed" and (inner := _first_kind(written)):
            kind = inner
        add(kind, match.start(1), match.start(1) + len(match.group(1).rstrip()))
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if match.end() > match.start() and not _is_past(text, match):
                lead_in = _LEAD_IN.match(match.group())
                add(kind, match.start() + (lead_in.end() if lead_in else 0), match.end())
    return _in_rhythm(text, sorted(found, key=lambda m: m.span))


def chief_limit(mentions: list[DeadlineMention]) -> DeadlineMention | None:
    """The limit that binds a sentence with several: a day before a period, a rhythm before a mere 尽快."""
    order: tuple[Kind, ...] = ("fixed", "relative", "recurring", "ongoing", "vague")
    return min(mentions, key=lambda m: (order.index(m.kind), m.span), default=None)


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
    if match.group().startswith("截") and _REPORTED.match(text, match.end()):
        return True
    if _PAST.match(text, match.end(), match.end() + 6) and not match.group().endswith("起"):
        return True
    return bool(_LOOKS_BACK.search(text, max(0, match.start() - 20), match.start()))
