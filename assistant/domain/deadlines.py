"""Time limits in official sentences: what limits a task, what only dates an event.

A bare 5月16日 is an event; with 前/内/底/止 it is a limit (official-document practice, ``docs/phrasings.md``).
Resolution of relative limits to a calendar date needs an anchor document and is not done here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.domain.policy import Span

Kind = Literal["fixed", "relative", "ongoing", "recurring", "vague"]

_NUMBER = "[0-9０-９一二三四五六七八九十两百]{1,4}"
_YEAR = "(?:(?:[0-9]{4}|[〇○零一二三四五六七八九]{4})年|今年|本年度?|当年|明年|次年)"
_PLAN = '[“"]?[十一二三四五六七八九]{2,3}五[”"]?'
_BEFORE = "(?:以?之?前|底前|末前|底|末|内|之内|以内|中旬前|上旬前|下旬前|截止|为止|止)"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "recurring",
        re.compile(
            f"每(?:个)?(?:年|季度|半年|月|学期|学年|周|两年)(?:度)?(?:{_NUMBER}月)?(?:{_NUMBER}日)?(?:底|末|初)?(?:以?前|内)?"
        ),
    ),
    (
        "fixed",
        re.compile(
            f"(?:(?:到|至|截至|于|在)?{_YEAR}(?:{_NUMBER}月)?(?:{_NUMBER}日)?(?:上半年|下半年|第?[一二三四]季度)?{_BEFORE})"
            f"|(?:(?:到|至){_YEAR}(?:{_NUMBER}月(?:{_NUMBER}日)?)?(?=[，,、]))"
            f"|(?:{_YEAR}?(?:{_NUMBER}月)(?:{_NUMBER}日)?{_BEFORE})"
            f"|(?:今年|本年度?|当年)?(?<![0-9０-９一二三四五六七八九十两半])年(?:底|内|终|末)(?:以?前)?"
            f"|(?:{_YEAR}?(?:上半年|下半年|第?[一二三四]季度)(?:{_BEFORE})?)"
            f"|(?:{_PLAN}(?:规划)?(?:期间|时期|期末|末))"
            "|(?:(?:执行期限|实施期限|建设期|试点期限?|建设周期|有效期)(?:为|自|：)[0-9]{4}年(?:[0-9]{1,2}月)?"
            "(?:[0-9]{1,2}日)?(?:起)?(?:至|—|-)[0-9]{4}年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?)"
        ),
    ),
    (
        "relative",
        re.compile(
            f"(?:自[^，。；\\n]{{1,20}}之日起|(?:收到|受理|印发|发布|立案|交办)[^，。；\\n]{{0,8}}后)?(?:{_NUMBER}个?(?:工作日|自然日|日|天|周|月|季度|年|小时)(?:内|之内|以内))"
            f"|自[^，。；\\n]{{1,20}}之日起(?:施行|实施|执行|生效)?"
            f"|(?:有效期|执行期限|建设期|为期|周期|任期|期限)(?:限)?(?:为|：)?{_NUMBER}(?:年|个月|月|天)"
        ),
    ),
    ("ongoing", re.compile("长期坚持|长期|常年|持续(?:推进|开展|实施|进行|跟进)|始终")),
    ("vague", re.compile("尽快|尽早|适时|近期|下一步|抓紧|早日|限期|及时")),
)
_LABEL = re.compile("(?:完成|办理|办结|整改)?(?:时限|期限|时间)[：:]\\s*([^；;。\\n|｜]{1,30})")
_STATED: dict[str, Kind] = {"长期": "ongoing", "持续": "ongoing", "常态": "ongoing", "每": "recurring"}


@dataclass(frozen=True, slots=True)
class DeadlineMention:
    """A time limit as written, its place in the text that was read, and what kind of limit it is."""

    as_written: str
    span: Span
    kind: Kind


def find_deadlines(text: str) -> list[DeadlineMention]:
    """Time limits of ``text``, left to right without overlaps; where several patterns fit, the first of the table."""
    found: list[DeadlineMention] = []

    def add(kind: Kind, start: int, end: int) -> None:
        if all(end <= m.span.start or start >= m.span.end for m in found):
            found.append(DeadlineMention(text[start:end], Span(start, end), kind))

    for match in _LABEL.finditer(text):
        written = match.group(1).strip()
        kind: Kind = next((k for cue, k in _STATED.items() if cue in written), "fixed")
        add(kind, match.start(1), match.start(1) + len(match.group(1).rstrip()))
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if match.end() > match.start() and not _is_past(text, match.end()):
                add(kind, match.start(), match.end())
    return sorted(found, key=lambda m: m.span)


def _is_past(text: str, end: int) -> bool:
    """“截至2020年底，已…” dates a report, it limits nothing: seen by the 已/共/累计 that follows."""
    return bool(re.match("[，,]?(?:已|共|累计|全市已|全省已|全国已)", text[end : end + 6]))
