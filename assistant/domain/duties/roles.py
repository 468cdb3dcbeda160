"""Which body plays which part in a sentence: 由甲牵头、乙配合 gives lead 甲 and support 乙.

Written for comparing a sentence with the clause it cites, on the model's wording as well as on the documents':
a pair that the clause does not hold is a role exchange. It reads more loosely than
:mod:`assistant.domain.duties.reading`, which finds the commitments of documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.policy import Span
from assistant.domain.units.names import UnitMention, find_units, same_unit, split_units


class Part(StrEnum):
    """The part that a body plays. HELPED is the body that another supports (配合省教育厅: 省教育厅 is helped)."""

    LEAD = "牵头"
    SUPPORT = "配合"
    DUTY = "负责"
    COORDINATE = "协调"
    HOST = "主办"
    UNDERTAKE = "承办"
    GUIDE = "指导"
    OVERSEE = "督办"
    DECIDE = "审批"
    HELPED = "受配合"
    GUIDED = "受指导"


@dataclass(frozen=True, slots=True)
class Playing:
    """One body and its part."""

    part: Part
    unit: str


_WORDS: dict[str, Part] = {
    "牵头": Part.LEAD,
    "领衔": Part.LEAD,
    "配合": Part.SUPPORT,
    "协助": Part.SUPPORT,
    "参与": Part.SUPPORT,
    "参加单位": Part.SUPPORT,
    "参加部门": Part.SUPPORT,
    "协办": Part.SUPPORT,
    "会办": Part.SUPPORT,
    "会同": Part.SUPPORT,
    "协同": Part.SUPPORT,
    "负责": Part.DUTY,
    "责任": Part.DUTY,
    "承担": Part.DUTY,
    "协调": Part.COORDINATE,
    "统筹": Part.COORDINATE,
    "主办": Part.HOST,
    "承办": Part.UNDERTAKE,
    "指导": Part.GUIDE,
    "督办": Part.OVERSEE,
    "督促": Part.OVERSEE,
    "监督": Part.OVERSEE,
    "批准": Part.DECIDE,
    "审批": Part.DECIDE,
    "审核": Part.DECIDE,
    "审定": Part.DECIDE,
}
_WORD = re.compile("|".join(_WORDS))
_LABEL = re.compile(
    "(?:牵头|责任|负责|主办|承办|配合|协办|协同|会办|参与|参加|协助|督办|指导)(?:(?:的)?(?:单位|部门|方|处室|主体|机关)|的(?=是|为|有))"
)
_VALUE = re.compile(r"均?(?:[:：]|为|是)([^:：]{2,60})$")  # a list after a label may hold names of no known form
_BECOMES = re.compile("(?:调整|变更|更换|更改)为|改为|改成|变为|改由|换成|调整到")
_IS = re.compile("(?:是|为|作为|系)(?=[^是为]*的双?$|双?$)")
_CLAUSE = re.compile(r"[^,，。;；()（）!?！？\n]+")
# What may stand between a subject of the clause before and the part: “市教育局高度重视，积极牵头…”.
_ADVERBS = re.compile(
    "^(?:并|且|也|要|将|拟|应|须|具体|共同|联合|双|继续|积极|主动|抓紧|正在|已|同时|由其|由它|其|一起|予以|做好)*$"
)
_UNCHANGED = re.compile("(牵头|责任|主办|配合|承办)(?:单位|部门)(?:保持|维持)?不(?:变|作调整|做调整)$")
_PLACED = re.compile("设在|设于|位于|挂靠|落户|依托")
_LINK = re.compile(
    "^(?:等|、|和|与|及|以及|还有|共同|两家|双方|三家|单位|部门|均|仍然?|继续|为|是|:|：|由|有|分别|的|,|，)*$"
)
_TAKES_OBJECT = {
    "配合": Part.HELPED,
    "协助": Part.HELPED,
    "会同": Part.SUPPORT,
    "指导": Part.GUIDED,
    "督促": Part.GUIDED,
    "监督": Part.GUIDED,
}


def named_units(text: str) -> list[UnitMention]:
    """The units of a text: the reading of :func:`~assistant.domain.units.names.find_units`."""
    return find_units(text)


def same_body(left: str, right: str) -> bool:
    """Whether two names can be meant for one body: the reading of :func:`~assistant.domain.units.names.same_unit`."""
    return same_unit(left, right)


def find_roles(text: str) -> list[Playing]:
    """Bodies and their parts, in text order, without repeats. A body without a part is left out."""
    found: dict[Playing, None] = {}
    subject: list[str] = []
    labelled: Part | None = None
    units = named_units(text)
    for match in _CLAUSE.finditer(text):
        clause = match.group()
        shift = match.start()
        here = [
            UnitMention(u.name, Span(u.span.start - shift, u.span.end - shift))
            for u in units
            if shift <= u.span.start and u.span.end <= match.end()
        ]
        words = list(_WORD.finditer(clause))
        if not words:
            if labelled and here and _LINK.match(_without(clause, here)):
                found.update(dict.fromkeys(Playing(labelled, u.name) for u in here))
            else:
                labelled = None
                placed = _PLACED.search(clause)  # 秘书处设在某大学，承担…: the office acts, not its seat
                leading = [u.name for u in here if u.span.start <= 6 and not (placed and u.span.start >= placed.end())]
                subject = leading or subject
            continue
        labelled = _unchanged(clause)
        for playing, is_label in _in_clause(clause, here, words, subject):
            found[playing] = None
            labelled = playing.part if is_label else None
        before = [u.name for u in here if u.span.end <= words[0].start()]
        subject = before or subject
    return list(found)


def _unchanged(clause: str) -> Part | None:
    """The part of a label that keeps its value (牵头单位不变，仍为某院): the value stands in the next clause."""
    match = _UNCHANGED.search(clause)
    return _WORDS[match.group(1)] if match else None


def _in_clause(
    clause: str, units: list[UnitMention], words: list[re.Match[str]], subject: list[str]
) -> Iterator[tuple[Playing, bool]]:
    edge = 0
    players: list[str] = []
    for word in words:
        if word.start() < edge and _LABEL.match(clause, word.start()) is None:
            continue
        part = _WORDS[word.group()]
        # 碳纤维联合体由甲牵头: what stands before 由 is the matter, not a player.
        by = clause.rfind("由", edge, word.start()) + 1
        before = [u.name for u in units if max(edge, by) <= u.span.start and u.span.end <= word.start()]
        label = _LABEL.match(clause, word.start())
        if label and (becoming := _BECOMES.search(clause, label.end())):  # 牵头单位由甲调整为乙
            yield from ((Playing(part, name), True) for name in _run(clause, units, becoming.end()))
            return
        if label and (being := _IS.search(clause, 0, label.start())):  # 甲是某事的牵头单位
            yield from ((Playing(part, u.name), True) for u in units if u.span.end <= being.start())
            edge = label.end()
            continue
        if label:
            value = _VALUE.match(clause, label.end())
            after = _run(clause, units, label.end()) or (list(split_units(value.group(1))) if value else [])
            yield from ((Playing(part, name), True) for name in (after or before))
            edge = max([label.end(), *(u.span.end for u in units if u.name in after)])
            continue
        takes = word.group() in _TAKES_OBJECT and clause[word.end() : word.end() + 1] != "由"
        objects = _run(clause, units, word.end()) if takes else []
        if word.group() == "会同":
            yield from ((Playing(Part.SUPPORT, name), False) for name in objects)
            edge = max([word.end(), *(u.span.end for u in units if u.name in objects)])
            players = before or subject
            continue
        if not before and (players if edge and word.start() - edge <= 2 else _ADVERBS.match(clause[: word.start()])):
            before = players if edge and word.start() - edge <= 2 else subject
        yield from ((Playing(part, name), False) for name in before)
        yield from ((Playing(_TAKES_OBJECT[word.group()], name), False) for name in objects)
        edge, players = word.end(), before


def _run(clause: str, units: list[UnitMention], start: int) -> list[str]:
    """Names of the list of units that begins right at ``start``."""
    names: list[str] = []
    for unit in units:
        if unit.span.start < start:
            continue
        if not _LINK.match(clause[start : unit.span.start]):
            break
        names.append(unit.name)
        start = unit.span.end
    return names


def _without(clause: str, units: list[UnitMention]) -> str:
    for unit in reversed(units):
        clause = clause[: unit.span.start] + clause[unit.span.end :]
    return clause
