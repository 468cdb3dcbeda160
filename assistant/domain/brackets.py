"""Responsibility in brackets at the end of a measure, and behind labels: （甲牵头，乙参与）, 牵头单位：甲.

Both are written lists: the part of each unit stands behind it or before it, and nothing else is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.domain.units import named_bodies, split_units

SUPPORT = frozenset("配合 协办 协作 会办 参与 协同 协助".split())


@dataclass(frozen=True, slots=True)
class Parties:
    """Who plays which part in one bracket or row of labels; ``guides`` are units that only guide (指导)."""

    leads: tuple[str, ...]
    cooperators: tuple[str, ...]
    role: str
    guides: tuple[str, ...] = ()


_CUES = "牵头|负责|参与|配合|主办|承办|指导|落实"
#: A bracket that says who; its inside is group 1.
BRACKET = re.compile(
    f"[（(\\[［【]([^（）()\\[\\]［］【】]{{2,240}}?(?:{_CUES})[^（）()\\[\\]［］【】]{{0,60}})[）)\\]］】]"
)
_FIRST_LEADS = re.compile("(?:排在|列|列在)?第一(?:位|个)?(?:的|者)?(?:部门|单位)?(?:的)?为牵头")
_REMARK = re.compile("[，,；;。](?=[^，,；;。]{0,8}第一|以下|下同)")
_PART = re.compile(
    "(?P<names>.*?)(?:等(?:有关|相关)?(?:部门|单位|地方)?)?(?:按(?:照)?(?:各自)?(?:职责|职能)?分工|分别|共同|联合|积极|具体|密切|协同|组织)*"
    "(?P<role>牵头|负责|主办|承办|指导|参与|配合|协助|协办|会办|落实|实施)(?:负责|落实|实施|组织|协调)*$"
)
_LEADING = ("牵头", "主办")
_DOING = ("负责", "承办", "落实", "实施")


def states_first_leads(text: str) -> bool:
    """Whether ``text`` sets the rule that the unit named first leads (“排在第一位的部门为牵头部门，下同”)."""
    return bool(_FIRST_LEADS.search(text))


def read_bracket(inner: str, first_leads: bool) -> Parties | None:
    """The parties that the inside of a bracket names; None where it is prose or names only groups.

    （甲、乙等负责。列第一位者为牵头单位，下同） sets the rule for itself as well.
    """
    first_leads = first_leads or states_first_leads(inner)
    players: dict[str, list[str]] = {}
    waiting = ""
    for part in re.split("[，,；;。]", _REMARK.split(inner)[0]):
        match = _PART.match(part)
        if match is None:
            waiting += part + "、"
            continue
        names, _, joint = (waiting + match["names"]).partition("会同")
        waiting = ""
        players.setdefault(match["role"], []).extend(_names(names))
        players.setdefault("参与", []).extend(_names(joint))
    doing = [n for role in _DOING for n in players.get(role, ())]
    leading = [(role, n) for role in _LEADING for n in players.get(role, ())]
    support = [n for role in SUPPORT for n in players.get(role, ())]
    guides = tuple(players.get("指导", ()))
    if leading:
        leads = tuple(n for _, n in leading)
        return Parties(leads, _without([*doing, *support], leads), leading[0][0], guides)
    if doing:
        leads = tuple(doing[:1] if first_leads else doing)
        role = "牵头" if first_leads else "负责"
        return Parties(leads, _without([*doing, *support], leads), role, guides)
    if guides:
        return Parties(guides, tuple(support), "指导")
    return Parties((), tuple(support), "配合") if support else None


def _names(text: str) -> tuple[str, ...]:
    """The names in a list; none where most of what stands there does not end like a name (prose in brackets)."""
    names = tuple(n for n in split_units(text) if len(n) <= 24)
    return names if 2 * len(named_bodies(names)) >= len(names) else ()


def _without(names: list[str], taken: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for n in names if n not in taken))


_LABEL = re.compile(
    "(牵头|责任|主要责任|负责|主办|承办|组织|配合|协办|协作|会办|参与|协同|协助)(?:单位|部门|处室|科室)(?:为|是)?[：:]\\s*"
    "([^；;。）)\\]】\\n：:]{1,200}?)(?=[；;。）)\\]】\\n]|$|[，,、\\s]+[一-鿿]{2,6}[：:])"
)
_LABEL_TASK = re.compile("(?:任务|工作任务|重点任务|工作内容|事项|主要任务|任务内容|内容)[：:]\\s*([^；;\\n]{2,200})")
_ROLE = {"主要责任": "责任", "负责": "责任", "组织": "牵头"}


def read_labels(sentence: str) -> Parties | None:
    """The parties behind labels such as 牵头单位：…；配合单位：…; None where no label names a unit."""
    leads: list[str] = []
    cooperators: list[str] = []
    role = ""
    for match in _LABEL.finditer(sentence):
        units = split_units(match.group(2))
        if match.group(1) in SUPPORT:
            cooperators.extend(units)
        else:
            leads.extend(units)
            role = role or _ROLE.get(match.group(1), match.group(1))
    if not leads and not cooperators:
        return None
    return Parties(tuple(leads), tuple(cooperators), role or "配合")


def labelled_task(sentence: str) -> str | None:
    """What stands behind 任务： or 事项： in a row of labels."""
    match = _LABEL_TASK.search(sentence)
    return match.group(1).strip() if match else None
