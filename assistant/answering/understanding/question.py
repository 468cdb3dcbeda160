"""What a question asks, by rules of the language: intent, units, document and clause references, the object.

Nothing here looks at the documents; :mod:`assistant.answering.retrieval.scope` brings the two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.answering.understanding.asked import Asked, asked_of
from assistant.answering.understanding.described import Described, descriptions
from assistant.answering.understanding.documents import (
    CLAUSE_REF,
    KIND_NAMES,
    TITLE,
    kinds_in,
    names_in,
    pointed_in,
    serials_in,
    without_titles,
)
from assistant.answering.understanding.intents import Intent, intent_of, is_whole
from assistant.answering.understanding.manner import COUNT, DIFFERS, LIST, SECTIONS, YES_NO
from assistant.answering.understanding.matter import matters_in, object_of
from assistant.answering.understanding.particulars import fields_asked
from assistant.answering.understanding.periods import find_periods
from assistant.domain.language.dates import find_dates
from assistant.domain.language.deadlines import find_deadlines
from assistant.domain.language.identity import find_document_numbers, find_proposal_numbers, find_sessions
from assistant.domain.policy import Span
from assistant.domain.units.names import UnitMention, find_units


@dataclass(frozen=True, slots=True)
class Understood:
    """A question taken apart. ``object`` is what it is about, without the words that only ask."""

    text: str
    intent: Intent
    units: tuple[str, ...]
    numbers: tuple[str, ...]  # document numbers, normalised
    proposals: tuple[int, ...]
    sessions: tuple[str, ...]
    titles: tuple[str, ...]
    clauses: tuple[str, ...]  # clause references as written
    serials: tuple[int, ...]  # 19号答复, 7号文: the running number alone
    kinds: tuple[str, ...]  # kinds of document named: 答复, 章程, …
    named: tuple[str, ...]  # what may be the end of a title: 公共图书馆法, 无废城市建设试点工作方案
    pointed_kinds: tuple[str, ...]  # of these, what is pointed at (这份答复, 章程里), not only spoken of
    described: tuple[Described, ...]  # documents to be read, by what tells them apart: 精细化工联合体的章程
    fields: tuple[str, ...]  # names of the fields asked for
    object: str
    wants_list: bool
    wants_count: bool
    wants_sections: bool  # asks for each part of a document
    yes_no: bool
    compares: bool  # asks how documents differ
    limits: tuple[str, ...]  # time limits that the question itself asserts
    asked: Asked  # the conditions of a list


_MADE = ("联合体", "融合体", "共同体")  # what others make is an object, no actor
_IN = "里面?|中(?![心学国小])|上(?!海)"
_LEAD = re.compile(f"(?:.*?(?:规定|写明|明确|提出))|(?:.{{0,12}}?(?:{KIND_NAMES})(?:{_IN})|(?:{KIND_NAMES}))(?=.{{3}})")
_OF_UNITS = (Intent.LEAD, Intent.COOPERATION)
_BARE_NUMBER = re.compile("(?<![0-9〕第年])(?!(?:19|20)[0-9]{2}提)[0-9]{2,4}(?=提案)")  # 0318提案, and no year
_SHORTEST = 3  # characters of a unit's name
_ANY_DAY = date(2000, 1, 1)  # where a period stands does not depend on the day


@lru_cache(512)  # a question is taken apart at several places on its way, and a crowd asks the same
def understand(question: str) -> Understood:
    """Take a question apart; never fails, at worst the intent is ``content`` and the object the whole text."""
    text = _BARE_NUMBER.sub("第\\g<0>号", re.sub("\\s+", " ", question).strip())
    mentions = [_without_lead(u) for u in find_units(without_titles(text)) if not u.name.endswith(_MADE)]
    asked = asked_of(text, mentions, [p.span for p in find_periods(text, _ANY_DAY)])
    intent = intent_of(text, asked)
    fields = fields_asked(text) if intent is Intent.METADATA else ()
    if intent is Intent.METADATA and not fields:
        intent = Intent.CONTENT
    units = tuple(u.name for u in mentions)
    if intent in _OF_UNITS and asked.state and LIST.search(text) and _names_nothing(text, asked, units):
        intent = Intent.ROWS  # 已经完成的有哪些，是谁牵头的: the state alone says which matters are meant
    taken = asked.taken if intent in (Intent.ROWS, Intent.OVERDUE) else ()
    return Understood(
        text=text,
        intent=intent,
        units=units,
        numbers=tuple(number for _, number in find_document_numbers(text)),
        proposals=tuple(number for _, number in find_proposal_numbers(text)),
        sessions=tuple(session for _, session in find_sessions(text)),
        titles=tuple(TITLE.findall(text)),
        clauses=tuple(CLAUSE_REF.findall(text)),
        serials=serials_in(text),
        kinds=kinds_in(text),
        named=names_in(text),
        pointed_kinds=pointed_in(text),
        described=descriptions(text),
        fields=fields,
        object="" if is_whole(text) else object_of(_blanked(text, taken), units),
        wants_list=bool(LIST.search(text)),
        wants_count=bool(COUNT.search(text)),
        wants_sections=bool(SECTIONS.search(text)),
        yes_no=bool(YES_NO.search(text)),
        compares=bool(DIFFERS.search(text)),
        limits=tuple(m.as_written for m in find_deadlines(text) if m.kind in ("fixed", "relative"))
        + tuple(d.as_written for d in find_dates(text) if d.year is not None),
        asked=asked,
    )


def _names_nothing(text: str, asked: Asked, units: tuple[str, ...]) -> bool:
    return not matters_in(object_of(_blanked(text, asked.taken), units))


def _without_lead(unit: UnitMention) -> UnitMention:
    """章程规定理事会: what stands before the name belongs to the question."""
    match = _LEAD.match(unit.name)
    if match is None or len(unit.name) - match.end() < _SHORTEST:
        return unit
    return UnitMention(unit.name[match.end() :], Span(unit.span.start + match.end(), unit.span.end))


def _blanked(text: str, spans: Iterable[Span]) -> str:
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text
