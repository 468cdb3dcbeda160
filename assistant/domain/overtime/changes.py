"""Sentences that change what an earlier document has said: another lead, another day, another name.

Only what a document decides is a change. What it asks for, proposes or leaves open (申请延期至…, 建议由甲调整为乙,
是否调整) is marked ``proposed`` and replaces nothing; what it denies (不得延期至…) is none. Every repetition is
bounded, so that reading takes time linear in the text. Phrasings with examples: ``docs/phrasings.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.domain.language.text import sentences
from assistant.domain.policy import Span
from assistant.domain.units.names import find_units, named_bodies, split_units

Kind = Literal["lead", "leaves", "deadline", "shift", "renamed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change as a sentence states it.

    ``was`` and ``now`` are units (lead), one limit as written (deadline) or one name (renamed); ``was`` is empty where
    the sentence does not say. ``leaves``: ``was`` lead no more, nobody is named in their place. ``shift``: ``now`` is
    the time by which a limit moves (3个月). ``matter`` are the words that name what is changed, ``aims`` what the limit
    is for (建成, 上线); both may be empty. ``span`` is the sentence's place in the text that was read.
    """

    kind: Kind
    was: tuple[str, ...]
    now: tuple[str, ...]
    matter: str
    span: Span
    proposed: bool = False
    cooperators: tuple[str, ...] = ()


_UNITS = "[^，。；：\n（）()“”]{2,60}?"
# What is changed stands before: looked for from there, a search would be dear.
_MATTER = re.compile("[^。；\n]{0,60}$")
_LEADS = "(?:总?牵头|责任|主办|承办|负责|主责)"
_TURNS = "(?:调整|变更|更换|更改|改变|改|变|转)"
_ENDS = f"(?:{_LEADS}(?:负责|推进|实施|组织|落实|建设)?)?(?=[，。；）)、\n]|$)"
_LEAD = (
    # 基地的牵头单位由甲调整为乙
    re.compile(
        f"的?{_LEADS}(?:单位|部门|方)(?:名称)?[，,]?(?:统一)?(?:由|从)(?:原来的?|原)?(?P<was>{_UNITS})[，,]?(?:统一|相应)?{_TURNS}(?:为|成)"
        f"(?P<now>{_UNITS}){_ENDS}"
    ),
    # 基地由甲牵头调整为由乙牵头; 原由甲牵头的基地，现改由乙牵头
    re.compile(
        f"(?:原)?(?<![理自])由(?P<was>{_UNITS}){_LEADS}(?P<after>的?[^，。；：\n]{{0,24}}?)[，,]?(?:现)?(?:统一|相应)?(?:{_TURNS}为?由|{_TURNS}(?:为|成)由?)"
        f"(?P<now>{_UNITS}){_ENDS}"
    ),
    # 基地由甲改由乙牵头; 基地由甲调整为乙牵头
    re.compile(
        f"(?<![理自])由(?P<was>{_UNITS})(?:{_TURNS}(?:为由|为|成))(?P<now>{_UNITS}){_LEADS}(?=[，。；）)、\n]|$)"
    ),
    # 基地的牵头单位调整为乙
    re.compile(f"的?{_LEADS}(?:单位|部门|方)(?:现)?(?:统一|相应)?{_TURNS}(?:为|成)(?P<now>{_UNITS}){_ENDS}"),
    # 基地改由乙牵头
    re.compile(f"(?:现)?(?:改|转|调整|变更)为?由(?P<now>{_UNITS}){_LEADS}(?=[一-鿿，。；）)、\n]|$)"),
)
# 甲不再牵头基地建设；甲不再担任基地的牵头单位，由乙接替
_LEAVES = re.compile(
    f"(?P<was>{_UNITS})不再(?:担任|作为|承担|负责)?(?:牵头)?(?:负责)?(?P<matter>[^，。；：\n]{{0,40}}?)(?:的?{_LEADS}(?:单位|部门|工作|职责|任务)|(?=[，。；]|$))"
    f"(?:[，,](?:现)?(?:改|调整为|变更为)?由(?P<now>{_UNITS})(?:{_LEADS}|接替|承接|接任|担任)(?:牵头单位)?(?=[，。；、\n]|$))?"
)
_YEAR = "(?:[0-9０-９]{4}年|[〇零一二三四五六七八九]{4}年|今年|明年|本年|次年|当年)"
_MONTH = "(?:(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})月份?)"
_DAY = "(?:(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})[日号])"
_PART = "(?:第?[一二三四1-4]季度|上半年|下半年|[上中下]旬)"
_DATE = (
    f"(?:{_YEAR}{_MONTH}?{_DAY}?{_PART}?|{_MONTH}{_DAY}?{_PART}?|{_PART}|年)"
    "(?:[底末初中内]|年[底末初]|之内|以内)?(?:以?之?前)?"
)
_MOVES = "(?:调整|变更|推迟|延期|延长|顺延|延后|延迟|延缓|提前|展期|更改|改|宽限|后延|推后|延)"
_DEADLINE = re.compile(
    f"(?:(?:由|从)?(?:原定于?的?|原计划(?:于|在)?的?|原来的?|原)?(?P<was>{_DATE})(?P<aims>[^，。；：\n]{{0,12}}?)[，,]?(?:现)?(?:统一|相应|同步)?)?"
    f"{_MOVES}(?:为|到|至|成)(?P<now>{_DATE})"
)
_PERIOD = "(?:[0-9一二三四五六七八九十两]{1,3}个?(?:月|年|季度|周|天|日)|半年|一年半)"
_SHIFT = re.compile(f"(?:延期|延长|顺延|推迟|延后|展期)(?P<now>{_PERIOD})(?!以上|前)")
_RENAMED = re.compile("(?:正式|已|现|统一)?(?:更名|改名|改称|重组|改组|转制|更改名称)(?:为|成)")
_FORMERLY = re.compile(
    "[（(](?:由|原|即原|原名)(?P<was>[^（）()，。；\n]{3,30}?)(?:更名|改名|改组|重组)?(?:而来|而成)?[）)]"
)
# Looked for first: the patterns above are dear, and few sentences change anything.
_MAY_LEAD = re.compile(f"{_TURNS}(?:为|成|由)|不再")
_MAY_LIMIT = re.compile(f"{_MOVES}(?:为|到|至|成)|延期|延长|顺延|推迟|延后|展期")
_LONGEST = 1000  # characters of a sentence; a longer one is none, and would take the patterns above too long
_QUOTES = '“”"「」《》'
_DENIED = re.compile(
    "(?:不得|不能|不予|不再|无需|不宜|未予|未经批准)(?:擅自|随意|再)?[^，。；]{0,6}$|没有$|尚未$|未$|并未$|不$"
)
_PROPOSED = re.compile(
    "建议|申请|请示|商请|恳请|请求|是否|拟(?!定)|提请|可(?:以)?(?:适当)?$|考虑|如需|确需|如有|若|希望|要求将?$|意见$|提出|拟请|原则上可|研究"
)
_TABLE_CELL = re.compile("(?P<label>[^；：\n]{1,24})：(?P<value>[^；\n]{0,200})")
_BEFORE = re.compile("原|调整前|变更前")
_AFTER = re.compile("现|新|调整后|变更后|调整为|变更为|拟调整")
_MATTERS = re.compile("任务|事项|项目|工作内容|内容|名称|措施")
_LIMITS = re.compile("时限|期限|时间|日期|节点")
_COOPERATES = re.compile(
    "[，,](?P<units>[^，。；：\n]{2,60}?)(?:改为|转为|调整为|变为|作为|为)?(?:配合|协助|参与|协办)"
)


def read_changes(text: str, span: Span | None = None) -> list[Change]:
    """The changes that ``text`` (or its part in ``span``) states, in order."""
    found: list[Change] = []
    for sentence in sentences(text, span):
        written = sentence.of(text)
        if len(written) > _LONGEST:
            continue
        if _MAY_LEAD.search(written):
            found += _lead_changes(written, sentence)
        if _MAY_LIMIT.search(written):
            found += _limit_changes(written, sentence)
        found += _renames(written, sentence)
    return found


def read_table_change(text: str, span: Span) -> list[Change]:
    """The changes that a table row states whose columns say what was and what is (原牵头单位, 调整后牵头单位)."""
    cells = [(m["label"].strip(), m["value"].strip()) for m in _TABLE_CELL.finditer(span.of(text))]
    old = [(label, value) for label, value in cells if _BEFORE.search(label)]
    new = [(label, value) for label, value in cells if _AFTER.search(label)]
    if not old or not new:
        return []
    matter = next((v for label, v in cells if _MATTERS.search(label) and (label, v) not in (*old, *new)), "")
    found: list[Change] = []
    for label, value in new:
        proposed = "拟" in label
        if re.search(_LEADS, label) and (now := split_units(value)):
            was = next((split_units(v) for other, v in old if re.search(_LEADS, other)), ())
            if was != now:
                found.append(Change("lead", was, now, matter, span, proposed))
        elif _LIMITS.search(label) and value:
            before = next((v for other, v in old if _LIMITS.search(other)), "")
            if before != value:
                found.append(Change("deadline", (before,) if before else (), (value,), matter, span, proposed))
    return found


def changes_rows(text: str, span: Span) -> bool:
    """Whether a table row tells of a change, so that its 原牵头单位 is no duty."""
    return bool(read_table_change(text, span))


def _lead_changes(written: str, sentence: Span) -> list[Change]:
    for pattern in _LEAD:
        for match, before in _with_matter(pattern, written):
            now = _bodies(match["now"])
            was = _bodies(match["was"]) if "was" in match.groupdict() else ()
            if not now or _denied(before + match.group()):
                continue
            matter = before + (match.groupdict().get("after") or "")
            along = _COOPERATES.match(written, match.end())
            cooperators = split_units(along["units"]) if along else ()
            return [Change("lead", was, now, matter, sentence, _proposed(written, match), cooperators)]
    if (left := _LEAVES.search(written)) and (was := _bodies(_after_edge(left["was"]))):
        now = _bodies(left["now"] or "")
        # 不再负责 tells of a lead only where the words say so: 市局不再负责收费 is another matter.
        if re.search("牵头|主办|责任单位", left.group()):
            return [Change("lead" if now else "leaves", was, now, left["matter"], sentence, _proposed(written, left))]
    return []


def _limit_changes(written: str, sentence: Span) -> list[Change]:
    found: list[Change] = []
    for match, before in _with_matter(_DEADLINE, written):
        if _denied(before + match.group()):
            continue
        was = (match["was"],) if match["was"] else ()
        matter = before + (match["aims"] or "")
        if re.search("(?:标准|比例|金额|费用|税率|数量|规模|面积|年龄|名称|单位|部门)$", matter):
            continue
        found.append(Change("deadline", was, (match["now"],), matter, sentence, _proposed(written, match)))
    moved, matter = next(_with_matter(_SHIFT, written), (None, ""))
    if not found and moved and not _denied(matter + moved.group()):
        of_time = re.search("时限|期限|时间|工期|日期|建设期|周期|完成|建成", matter)
        if of_time and not re.search("最长|最多|可以|戒毒|羁押|刑期", matter):
            found.append(Change("shift", (), (moved["now"],), matter, sentence, _proposed(written, moved)))
    return found


def _renames(written: str, sentence: Span) -> list[Change]:
    found: list[Change] = []
    for match in _RENAMED.finditer(written):
        was, now = _name_before(written, match.start()), _name_after(written, match.end())
        if was and now and was != now:
            proposed = bool(_PROPOSED.search(written[max(0, match.start() - len(was) - 8) : match.start()]))
            found.append(Change("renamed", (was,), (now,), was, sentence, proposed))
    for match in _FORMERLY.finditer(written):
        now = _name_before(written, match.start())
        bodies = named_bodies((match["was"].strip(),))
        if now and bodies and bodies[0] != now and find_units(bodies[0]):
            found.append(Change("renamed", bodies, (now,), now, sentence))
    return found


def _name_before(written: str, end: int) -> str:
    """The name of a body or a thing that ends at ``end``; empty where none does."""
    head = written[:end].rstrip(_QUOTES)
    return next(_names_ending(head), "")


def _names_ending(head: str) -> Iterator[str]:
    from assistant.domain.overtime.objects import find_objects

    yield from (u.name for u in find_units(head) if u.span.end == len(head))
    yield from (
        o.named.written.strip(_QUOTES) for o in find_objects(head) if o.span.end == len(head) and not o.named.bare
    )
    if match := _NAME_RUN.search(head[-24:]):
        yield from named_bodies((match["name"],))


_NAME_RUN = re.compile("(?:^|[^一-鿿]|[将把原由对经])(?P<name>[一-鿿]{3,20})$")


def _name_after(written: str, start: int) -> str:
    from assistant.domain.overtime.objects import find_objects

    tail = written[start:].lstrip(_QUOTES)
    cut = re.split("[，。；（(、\n”]", tail, maxsplit=1)[0]
    if unit := next((u.name for u in find_units(cut) if u.span.start == 0), None):
        return unit
    if named := next((o.named.written.strip(_QUOTES) for o in find_objects(cut) if o.span.start <= 1), None):
        return named
    return next(iter(named_bodies((cut,))), "")


def _bodies(written: str) -> tuple[str, ...]:
    """The units of a list; nothing where any of it is no name of a body (由6月调整为9月 changes no lead)."""
    names = split_units(written.strip().removesuffix("共同").removesuffix("双").removesuffix("联合"))
    return names if names and all(named_bodies((n,)) and not re.search("[0-9]", n) for n in names) else ()


def _after_edge(written: str) -> str:
    units = find_units(written)
    return written[units[0].span.start :] if units else written


def _with_matter(pattern: re.Pattern[str], written: str) -> Iterator[tuple[re.Match[str], str]]:
    """The matches of a pattern, each with what stands before it: up to 60 characters of its clause."""
    end = 0
    for match in pattern.finditer(written):
        before = _MATTER.search(written, max(end, match.start() - 60), match.start())
        yield match, before.group() if before else ""
        end = match.end()


def _denied(told: str) -> bool:
    """Whether the words right before the verb of change deny it."""
    verb = re.search(f"{_MOVES}(?:为|到|至|成)|{_TURNS}(?:为|成|由)|不再|延期|延长|顺延|推迟|延后|展期", told)
    return bool(verb and _DENIED.search(told[: verb.start()][-8:])) and "不再" not in told


def _proposed(written: str, match: re.Match[str]) -> bool:
    return bool(_PROPOSED.search(written[: match.end("now")] if match["now"] else match.group()))
