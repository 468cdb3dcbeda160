"""Filters in words: which units in which role, what state, which time limits, counted or grouped how.

“市科技局牵头、市教育局配合的，今年要完成的、还没完成的有几项” is a query over the ledger. Nothing here looks at
documents; a period without a year is resolved by whoever knows which year the documents speak of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.policy import Span
from assistant.domain.units.names import UnitMention


class State(StrEnum):
    """A state that a list is asked for."""

    UNFINISHED = "unfinished"  # whatever is not said to be done
    DONE = "done"
    IN_PROGRESS = "in_progress"
    PLANNED = "planned"


class Group(StrEnum):
    """By what a list is to be arranged and counted."""

    UNIT = "unit"
    DOCUMENT = "document"
    STATE = "state"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks of the ledger. ``leads`` and ``cooperating`` are units with their role in words.

    ``taken`` are the places of the question's text that these filters used up: they say nothing of an object.
    """

    leads: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    state: State | None = None
    due: Span | None = None  # where the text names a period for limits
    overdue: bool = False
    undated: bool = False  # without a limit that has an end
    inherited: bool = False  # whose units are those of a clause higher up (推定)
    group: Group | None = None
    counts_units: bool = False  # asks how many units, not how many matters
    compares: bool = False  # asks how many more one unit has than the other
    taken: tuple[Span, ...] = ()

    @property
    def filtered(self) -> bool:
        """Whether there is a condition that only the ledger can answer."""
        both = bool(self.leads) and bool(self.cooperating)
        return (
            both
            or self.due is not None
            or self.undated
            or self.inherited
            or self.group is not None
            or self.counts_units
        )


_LEADING = re.compile("牵头|主办|承办|负责|主管|主责|承担")
_HELPING = re.compile("配合|协办|会办|协助|参与|参加|协同")
_ASKING = re.compile("谁|哪|什么|几(?:个|家)")
_AND = re.compile("[、和与及跟,，]|以及|或者?|还有")
_STATES = (
    (
        State.UNFINISHED,
        re.compile(
            "(?:还|尚|仍|目前)?(?:没有?|未能?|没能)(?:有)?(?:完成|办结|办完|做完|干完|弄完|落实|建成|搞完|兑现)(?!的?依据|时限|期限)(?:的)?"
            "|待(?:完成|办|落实)的?|未完(?:成)?的?|还没完的?"
        ),
    ),
    (
        State.DONE,
        re.compile(
            "已(?:经)?(?:完成|办结|落实|做完|办完)了?的?|(?:完成|办结|做完|办完|干完|弄完|搞完)了(?:的|几|多少|哪|[？?]|$)"
        ),
    ),
    (State.IN_PROGRESS, re.compile("正在(?:推进|办理|实施|进行|做|办)的?|推进中的?|在办的?")),
    (State.PLANNED, re.compile("(?:还)?(?:只是|仅)?(?:处于|在)?(?:计划|拟办|拟定)(?:阶段|中|的)(?!任务|事项|工作)")),
)
_OVERDUE = re.compile("逾期|超期|过期|过了?(?:时限|期限)|到期(?:未|没)|超时")
_UNDATED = re.compile(
    "(?![无没][^，。？]{0,3}期限的?(?:劳动|聘用)?合同)(?:没有?|未|无)(?:写|写明|明确|规定|设|定|注明|载明|标明|给出|列明)?(?:明确|具体|确定|固定)?(?:的)?(?:完成|办理|办结)?"
    "(?:时限|期限|截止日期|完成时间|时间节点|完成日期)(?:要求)?的?"
    "|(?:没有?|未)(?:写|写明|写清|定|标|注明|明确)(?:了)?(?:什么时候|时间|日子)(?![表段])(?:要求)?的?"
)
_INHERITED = re.compile(
    "(?:没有?|未)(?:单列|单独|写明?|明确)?(?:责任|牵头)单位[^？。]{0,16}(?:推定|沿用)|(?:按|沿用|靠)?上级条目[^，。？]{0,4}(?:推定|沿用)?的?|推定的"
)
# A period is a filter of limits where the matter is to be done in it, or ends in it: 今年要完成的, 2025年到期的.
_DUE_AFTER = re.compile(
    "^(?:，|内|里|之?间)?(?:就|都)?(?:应该|应当|应|要|须|需要?|该|得|必须|会|能)?"
    "(?:[^，。？、]{0,4}?)(?:完成|到期|截止|办结|建成|落实|办完|做完|交|报送|上线|见效|届满)(?!情况|了(?!的))"
    "|^(?:的|有哪些|有什么|哪些|要做的)?(?:牵头的?|负责的?|配合的?)?(?:任务|事项|工作|事(?!会)|活)(?!清单|会)"
)
_DUE_BEFORE = re.compile("(?:时限|期限|到期日?|截止(?:日期|时间)?|完成时间)(?:在|是|为|于|到|早于|晚于)?$")
_EVERY = re.compile("每(?:个)?(?:年|月|季度?)?$")
_GROUP = (
    (
        Group.UNIT,
        re.compile(
            "按(?:照)?(?:牵头|责任|承办|配合)?(?:单位|部门|局|牵头方?)(?:来)?(?:分别|分组|分类)?(?:列|排|分|归|汇总|统计|整理|数)[^，。？]{0,4}"
            "|(?:各|每)个?(?:牵头|责任|承办)?(?:单位|部门|家)(?:都)?(?:分别|各自?)?(?:是)?(?:牵头|负责|承担|配合|有)[^，。？]{0,6}(?:几|多少|哪些|什么)"
            "|(?:单位|部门)各(?:有|牵头|负责)?[^，。？]{0,4}(?:几|多少)"
        ),
    ),
    (Group.DOCUMENT, re.compile("按(?:照)?文件(?:来)?(?:分别|分组)?(?:列|排|分|归|汇总|统计|整理)[^，。？]{0,4}")),
    (
        Group.STATE,
        re.compile("按(?:照)?(?:状态|进展|进度|完成情况)(?:来)?(?:列|排|分|归|汇总|统计|整理)[^，。？]{0,4}"),
    ),
    (
        Group.LIMIT,
        re.compile(
            "按(?:照)?(?:时限|期限|时间|完成时间|先后)(?:来)?(?:先后|顺序)?(?:列|排|分|归|汇总|统计|整理)[^，。？]{0,4}"
        ),
    ),
)
_UNITS_COUNTED = re.compile(
    "(?:几|多少)个?(?:家)?(?:不同的)?(?:牵头|责任|配合|承办)?(?:单位|部门)|(?<!成员)(?:单位|部门)(?:一共|总共|共)?有?(?:几|多少)[个家]"
)
_COMPARES = re.compile("比[^，。？]{2,20}(?:多|少)(?:几|多少|了)")
_MOST = re.compile("(?:谁|哪个?(?:单位|部门)?)[^，。？]{0,12}(?:更多|最多|最少|更少)")


def asked_of(text: str, units: list[UnitMention], periods: list[Span]) -> Asked:
    """The filters that a question names; ``units`` and ``periods`` are what was found in its text."""
    leads, helps = _roles(text, units)
    undated = _UNDATED.search(text)
    hidden = (
        text if undated is None else text[: undated.start()] + "\x00" * len(undated.group()) + text[undated.end() :]
    )
    state, where = None, None
    for one, pattern in _STATES:
        if (match := pattern.search(hidden)) and state is None:
            state, where = one, Span(match.start(), match.end())
    inherited = _INHERITED.search(text)
    group = next(((g, m) for g, pattern in _GROUP if (m := pattern.search(text))), None)
    # What is done, or under way, is not asked for by its limit: 上半年哪些已经完成.
    due = next((p for p in periods if _limits(text, p)), None) if state in (None, State.UNFINISHED) else None
    spans = [
        where,
        due,
        *(Span(m.start(), m.end()) for m in (undated, inherited, group[1] if group else None) if m),
    ]
    return Asked(
        leads=leads,
        cooperating=helps,
        state=state,
        due=due,
        overdue=bool(_OVERDUE.search(text)),
        undated=undated is not None,
        inherited=inherited is not None,
        group=group[0] if group else None,
        counts_units=bool(_UNITS_COUNTED.search(text)),
        compares=bool(_MOST.search(text) or (len(units) > 1 and _COMPARES.search(text))),
        taken=tuple(s for s in spans if s is not None),
    )


def _roles(text: str, units: list[UnitMention]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Units by the word that follows them (甲、乙牵头，丙配合); a list of units shares the word after its last."""
    leads: list[str] = []
    helps: list[str] = []
    waiting: list[str] = []
    for n, unit in enumerate(units):
        until = units[n + 1].span.start if n + 1 < len(units) else len(text)
        after = text[unit.span.end : until]
        waiting.append(unit.name)
        if n + 1 < len(units) and _AND.fullmatch(after):
            continue
        clause = re.split("[，。；？]", after)[0]
        helping, leading = _HELPING.search(clause), _LEADING.search(clause)
        first = min((m for m in (helping, leading) if m), key=lambda m: m.start(), default=None)
        if first is not None and not _ASKING.search(clause[: first.start()]):
            (helps if first is helping else leads).extend(waiting)
        waiting = []
    return tuple(dict.fromkeys(leads)), tuple(dict.fromkeys(helps))


def _limits(text: str, period: Span) -> bool:
    if _EVERY.search(text[: period.start]):
        return False
    return bool(_DUE_AFTER.search(text[period.end :]) or _DUE_BEFORE.search(text[: period.start]))
