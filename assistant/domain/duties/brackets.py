"""Responsibility in brackets at the end of a measure: （甲牵头，乙参与）, （甲、乙等负责。列第一位者为牵头单位，下同）.

A written list: the part of each unit stands behind it, and nothing else is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.domain.units.names import find_units, is_regular, named_bodies, split_units
from assistant.domain.units.registry import listed

SUPPORT = frozenset("配合 协办 协作 会办 参与 参加 协同 协助".split())


@dataclass(frozen=True, slots=True)
class Parties:
    """Who plays which part in one bracket or row of labels; ``guides`` are units that only guide (指导)."""

    leads: tuple[str, ...]
    cooperators: tuple[str, ...]
    role: str
    guides: tuple[str, ...] = ()


_CUES = re.compile("牵头|负责|参与|参加|配合|协助|协办|会办|主办|承办|指导|落实|实施")
_WHEN = re.compile("[0-9０-９]|[年月日]底?前")
#: A bracket; its inside, which may say who, is group 1.
BRACKET = re.compile("[（(\\[［【〔]([^（）()\\[\\]［］【】〔〕]{2,300})[）)\\]］】〕]")
_FIRST_LEADS = re.compile("(?:第一(?:位|个|名)?|首位|首列|列前)(?:的|者)?(?:部门|单位)?(?:的)?(?:为|是)?总?牵头")
_REMARK = re.compile("[，,；;。](?=[^，,；;。]{0,8}(?:第一|首位|首列)|以下|下同)")
_PART = re.compile(
    "(?:等(?:有关|相关)?(?:部门|单位|地方)?)?(?:按(?:照)?(?:各自)?(?:职责|职能)?分工|分别|共同|联合|积极|具体|密切|协同|组织|派员){0,4}"
    "(?P<role>牵头|负责|主办|承办|指导|参与|参加|配合|协助|协办|会办|落实|实施)(?:负责|落实|实施|组织|协调){0,3}$"
)
_JOINT = re.compile("(双|共同|分别)牵头")
_LEADING = ("牵头", "主办")
_DOING = ("负责", "承办", "落实", "实施")


def states_first_leads(text: str) -> bool:
    """Whether ``text`` sets the rule that the unit named first leads (“排在第一位的部门为牵头部门，下同”)."""
    return bool(_FIRST_LEADS.search(text))


def read_bracket(inner: str, first_leads: bool) -> Parties | None:
    """The parties that the inside of a bracket names; None where it is prose or names only groups.

    （甲、乙等负责。列第一位者为牵头单位，下同） sets the rule for itself as well.
    """
    if not _CUES.search(inner):
        return None
    first_leads = first_leads or states_first_leads(inner)
    players: dict[str, list[str]] = {}
    waiting = ""
    for part in re.split("[，,；;。]", _REMARK.split(inner)[0]):
        match = _PART.search(part)
        if match is None:
            waiting += "" if _WHEN.search(part) else part + "、"
            continue
        names, _, joint = (waiting + part[: match.start()].removeprefix("由")).partition("会同")
        waiting = ""
        players.setdefault(match["role"], []).extend(_names(names))
        players.setdefault("参与", []).extend(_names(joint))
    doing = [n for role in _DOING for n in players.get(role, ())]
    leading = [(role, n) for role in _LEADING for n in players.get(role, ())]
    support = [n for role in SUPPORT for n in players.get(role, ())]
    guides = tuple(players.get("指导", ()))
    if leading:
        leads = tuple(n for _, n in leading)
        how = _JOINT.search(inner) if leading[0][0] == "牵头" else None
        role = (how.group(1) if how else "") + leading[0][0]
        return Parties(leads, _without([*doing, *support], leads), role, guides)
    if doing:
        leads = tuple(doing[:1] if first_leads else doing)
        role = "牵头" if first_leads else "负责"
        return Parties(leads, _without([*doing, *support], leads), role, guides)
    if guides:
        return Parties(guides, tuple(support), "指导")
    return Parties((), tuple(support), "配合") if support else None


def read_bare(inner: str) -> Parties | None:
    """The bodies of a bracket that holds nothing but their names: 招募退休教师两千名。（省教育厅、省财政厅）.

    None where one of them is no name of a body, or none is of the registry: such a bracket explains or dates
    something.
    """
    names = split_units(inner)
    known = any(listed(name) or is_regular(name) for name in names) and all(_is_name(name) for name in names)
    return Parties(names, (), "责任") if known and not re.search("[。；：]", inner) else None


def _is_name(name: str) -> bool:
    return [found.name for found in find_units(name)] == [name]


def _names(text: str) -> tuple[str, ...]:
    """The names in a list; none where most of what stands there does not end like a name (prose in brackets)."""
    names = tuple(n for n in split_units(text) if len(n) <= 24)
    return names if 2 * len(named_bodies(names)) >= len(names) else ()


def _without(names: list[str], taken: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for n in names if n not in taken))
