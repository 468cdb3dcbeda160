"""How far a sentence says that a named thing is: 基地已建成, 平台尚未上线, 正在编制目录.

Stricter than :mod:`assistant.domain.language.status`, which reads a whole clause: the verb must be that of the thing
itself, so that 基地的土建已完成 does not make the base a finished one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.domain.overtime.objects import Found

_FINISHED = (
    "揭牌成立|挂牌成立|成立|揭牌|挂牌|组建|建成投用|建成|竣工|投入使用|投入运行|投用|上线试运行|上线运行|正式运行|上线|启用|开通|召开|举办|举行|印发|出台|发布|公布|"
    "设立|建立|制定|编制|落实|到位|交付|办结|完成建设|全部完成|通过验收|完成|开馆|开园|开业"
)
_BEGUN = "启动|开工|动工|开展|着手|进入[^，。；]{1,10}阶段"
_LINK = "(?:建设|筹建|编制|创建|改造|组建)?(?:项目|工程|工作|任务)?(?:大会)?"
_ADVERB = "(?:也|均|都|全部|现|目前|顺利|圆满|如期|成功|正式|联合|[，,])"
_DAY = "(?:于|在)(?:[^，。；]{2,14})"
_AFTER_DONE = re.compile(
    f"^{_LINK}{_ADVERB}{{0,4}}(?P<cue>已经?|业已|均已|现已|正式|成功|顺利|如期){_ADVERB}{{0,4}}(?:{_DAY})?{_ADVERB}{{0,4}}(?P<verb>{_FINISHED})"
)
_AFTER_DAY = re.compile(
    f"^{_LINK}{_ADVERB}{{0,4}}于[0-9年月日]{{4,11}}{_ADVERB}{{0,4}}(?:在[^，。；]{{2,14}})?(?P<cue>{_FINISHED})(?!的)"
)
_DATED = re.compile("[0-9]{1,2}日[，,]?$")
_AFTER_DATED = re.compile(f"^{_LINK}(?:在[^，。；]{{2,12}})?(?:正式)?(?P<cue>{_FINISHED})(?!前|后|的)")
_AFTER_BEGUN = re.compile(
    f"^{_LINK}{_ADVERB}{{0,4}}(?P<cue>正在|已经?(?:{_DAY})?(?:{_BEGUN})|稳步推进|有序推进|(?:仍在|正)(?:抓紧)?(?:推进|建设|筹建|编制|办理))"
)
# A part that is done, or some of many, leaves the thing under way: 基地主体已封顶, 课程已完成7门，其余…
_AFTER_PART = re.compile(
    "^(?:的)?(?P<cue>(?:主体|土建|地基|基础|设备|软件|一期|前期|方案|选址|初稿|部分|工程主体)[^，。；]{0,10}(?:已|正在|正(?![常式确规面当]))[^，。；]{0,8})"
)
_SOME = re.compile("^[0-9一二三四五六七八九十两]{1,4}[个门场次处所家项套座批]")
_REST = re.compile("其余|剩余|尚有|还有|余下")
_AFTER_NOT = re.compile(
    f"^{_LINK}{_ADVERB}{{0,4}}(?P<cue>(?:尚未|未能|仍未|还没有|暂未|未)(?:按期|如期|按时|在[^，。；]{{2,14}}|于[^，。；]{{2,14}})?(?:启动|开工|{_FINISHED}))"
)
_AFTER_PLANNED = re.compile(
    f"^{_LINK}{_ADVERB}{{0,4}}(?P<cue>拟|计划|力争|将)(?:于|在|[0-9年月底前内第四三二一季度上下半]){{0,14}}(?:{_FINISHED})"
)
_BEFORE_DONE = re.compile(
    f"(?P<cue>已经?|均已|现已|先后|正式)(?:{_DAY})?(?:联合|共同|成功|顺利|正式)?(?:{_FINISHED}|制定|编制完成|建立|设立)(?:了)?(?:[0-9一二三四五六七八九十两]{{1,4}}[个场次处所家项套座批])?$"
)
_BEFORE_BEGUN = re.compile(
    "(?P<cue>正在)(?:抓紧|加快|积极|会同[^，。；]{2,20})?(?:建设|筹建|编制|制定|起草|修订|组建|推进|搭建|开发|申报|实施)$"
)
_BEFORE_NOT = re.compile(f"(?P<cue>(?:尚未|未能|还没有|暂未)(?:{_FINISHED}|建立|设立|制定|编制|启动))$")
_BEFORE_PLANNED = re.compile(
    f"(?P<cue>拟|计划|力争)(?:于|在)?[^，。；]{{0,12}}?(?:{_FINISHED}|建立|设立|制定|编制|建设|筹建|打造|搭建)$"
)
_FOUNDED_THEN = re.compile("[0-9]{1,2}日(?P<cue>(?:正式)?(?:揭牌)?成立)的$")
_UNREAL = re.compile("拟(?!定)|将(?!近)|计划|力争|争取|建议|应当?|要(?!素)|如|若|是否|确保|待|推动|请")
_RUN = re.compile("^(?:、|和|以及|及|与)")
_COUNTED = re.compile("^(?:等)?[0-9一二三四五六七八九十两]{0,3}[项个](?:任务|工作|项目|事项|工程)?")
State = Literal["planned", "in_progress", "done", "unclear"]
_HEADINGS: tuple[tuple[State, re.Pattern[str]], ...] = (
    ("unclear", re.compile("(?:尚未|未)(?:启动|开展|完成|开工)")),
    ("in_progress", re.compile("正在(?:推进|实施|办理|进行)|推进中|进行中|有序推进|办理中|正在")),
    ("done", re.compile("已(?:经)?(?:完成|办结|建成|落实|销号)|完成(?:的|了的)(?:任务|事项|工作|项目)")),
)


@dataclass(frozen=True, slots=True)
class Progress:
    """A state of :class:`assistant.domain.dialogue.Status` with the words that say so.

    ``unclear`` always has a cue here (尚未…). ``words`` are those in which a day of what was done may stand.
    """

    state: State
    cue: str
    words: str = ""


def state_of_heading(heading: str) -> Progress | None:
    """What a heading says of all that stands under it: 二、正在推进的任务; None for any other."""
    for state, pattern in _HEADINGS:
        if heading and (match := pattern.search(heading)):
            return Progress(state, match.group())
    return None


def progress_of(written: str, found: Sequence[Found]) -> Iterator[tuple[Found, Progress]]:
    """The things of a sentence with how far they are; those of which it does not say so are left out."""
    for n, o in enumerate(found):
        if o.named.bare and not o.named.head:
            continue
        after = written[_end_of_run(written, found, n) :]
        before = written[: o.span.start]
        if progress := _after(before, after) or _before(before, written, o):
            yield o, progress


def _after(before: str, after: str) -> Progress | None:
    clause = re.split("[，。；：\n]", before)[-1]
    if match := _AFTER_NOT.match(after):
        return Progress("unclear", match["cue"])
    if match := _AFTER_PLANNED.match(after):
        return Progress("planned", match["cue"])
    if match := _AFTER_PART.match(after):
        return Progress("in_progress", match["cue"])
    real = not _UNREAL.search(clause)
    if real and (match := _AFTER_DONE.match(after)):
        if _SOME.match(after[match.end() :]) and _REST.search(after):
            return Progress("in_progress", match.group())
        return Progress("done", match["cue"] + match["verb"], _day_words(before, after, match))
    if real and (match := _AFTER_DAY.match(after)):
        return Progress("done", match["cue"], _day_words(before, after, match))
    if real and _DATED.search(before) and (match := _AFTER_DATED.match(after)):
        return Progress("done", match["cue"], _day_words(before, after, match))
    if match := _AFTER_BEGUN.match(after):
        return Progress("in_progress", match["cue"])
    return None


def _before(before: str, written: str, o: Found) -> Progress | None:
    if match := _FOUNDED_THEN.search(before):
        return Progress("done", match["cue"], before[max(0, match.start() - 12) :])
    if match := _BEFORE_NOT.search(before):
        return Progress("unclear", match["cue"])
    following = written[o.span.end : o.span.end + 2]
    if following and re.match("[的一-鿿]", following) and not re.match("[，。；、]|建设|[0-9]", following):
        return None  # 已建成基地的围墙
    if (match := _BEFORE_DONE.search(before)) and not _UNREAL.search(re.split("[，。；]", before[: match.start()])[-1]):
        return Progress("done", match["cue"], before[match.start() :])
    if match := _BEFORE_BEGUN.search(before):
        return Progress("in_progress", match["cue"])
    if match := _BEFORE_PLANNED.search(before):
        return Progress("planned", match["cue"])
    return None


def _end_of_run(written: str, found: Sequence[Found], n: int) -> int:
    """Where a list that the thing stands in ends (甲、乙、丙3项任务): what follows is said of each."""
    end = found[n].span.end
    for later in found[n + 1 :]:
        link = written[end : later.span.start]
        if not _RUN.fullmatch(link):
            break
        end = later.span.end
    if end != found[n].span.end and (counted := _COUNTED.match(written[end:])):
        end += counted.end()
    return end


def _day_words(before: str, after: str, match: re.Match[str]) -> str:
    return before[-20:] + after[: match.end()]
