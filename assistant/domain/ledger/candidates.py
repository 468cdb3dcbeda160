"""Commitments that the rules miss, offered by a chat model: candidates (待确认) until a person confirms them.

A model may point at words, it may not say anything: what it offers is held against the clause, and what does not stand
there is dropped with a reason (:data:`DROPPED`). The quote must be a part of one clause as it is written; every unit,
date and number must stand in the quote; a word that gives somebody a part (:data:`CUES`) must stand in the same
sentence; and a sentence that gives orders to a program, reports others' words, denies or supposes offers nothing. Limit
and status are read from the quote by the rules, not taken from the model.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.duties.reading import Duty
from assistant.domain.language.deadlines import DeadlineMention, chief_limit, find_deadlines
from assistant.domain.language.orders import gives_orders
from assistant.domain.language.resolution import IsWorkday
from assistant.domain.language.speech import is_formula, others_speak_from
from assistant.domain.language.status import read_status
from assistant.domain.language.text import sentences
from assistant.domain.ledger.commitments import ASKS_ONLY, OFFERED, Entry, entry_of, fingerprint
from assistant.domain.ledger.extraction import Row, limit_of, own_words
from assistant.domain.policy import Clause, ClauseKind, Document, Span
from assistant.domain.units.names import find_units, is_generic, is_regular

DROPPED = {
    "form": "回复不是约定的格式",
    "quote": "引文不是本条原文",
    "long": "引文过长",
    "orders": "原文是对程序的指令",
    "others": "原文是他人的建议或转述",
    "denied": "原文是否定、假设或比较",
    "no unit": "没有写明单位",
    "unit": "单位不在引文中，或不是单位名称",
    "number": "日期或数字不在引文中",
    "cue": "同一句中没有职责用语",
    "known": "规则已经提取",
    "repeated": "与另一项重复",
}
"""Why an offer is dropped, for programs and in words."""

CUES = re.compile(
    "牵头|挑头|领头|带头|领衔|挂帅|主导|主抓|抓总|总牵|主办|承办|承担|承接|承建|协办|会办|归口|主管|主责|总责|责任|负责|责成|落实|"
    "分管|包干|包保|包联|包下|包抓|统筹|组织|主角|主力|龙头|操盘|扛起|挑起|担子|担当|肩上|名下|手里|交由|交给|交办|委托|指定|"
    "督促|督办|把关|兜底|答应|承诺|督导|主持|编制|制定|起草|拿出|提供|办理|办结|实施|建立|建成|完成|"
    "配合|协助|协同|会同|参与|支持|联合|共同|帮手|搭手|助力|保障|跟进|跟着|指导|协调|依托|"
    "交[^，。；]{2,20}(?:办|管)|由[^，。；]{2,24}[来管办抓]|[请限][^，。；]{2,20}(?:局|委|办|厅|院|校|中心|公司|政府)|"
    "(?:局|委|办|厅|院|校|中心|支队|公司|政府)[须应要将]?(?:管|盯|抓|定|拨)"
)
"""Words that give somebody a part. Wider than the rules: that one stands there is necessary, never sufficient."""

_LEADING = re.compile("牵头|主办|承办|负责|协调|督办|指导|责任")
_HELPING = re.compile("配合|协办|会办|协助|参与|协同")
_DENIED = re.compile(
    "(?:不再|不宜|不能|无法|无需|无须|不必|未能|从未|没有)[^，。；]{0,6}(?:由|归|承担|负责|牵头|参与|配合|作为|担任)|"
    "(?:^|[，。；])(?:如果|倘若|假如|若是?|要是|一旦|即便|例如|比如)|有的(?:地方|单位|地区|城市)|(?:外地|兄弟城市|各地)(?:的)?经验"
)
_SELF = re.compile("(?:我|本)(?:局|委|办|厅|部|院|校|市|县|单位)$")
_NUMBER = re.compile(
    "[0-9０-９]+|[一二两三四五六七八九十百千万亿〇零]+(?=[年月日天个周项次批])|[一二三四五六七八九十百千万亿〇零]{2,}"
)
_READ = (ClauseKind.BODY, ClauseKind.TABLE)
_LONGEST_QUOTE = 400  # characters
_LONGEST_PIECE = 1200  # characters that a model is shown at once
_SHOWN_TASK = 80


@dataclass(frozen=True, slots=True)
class Offer:
    """What a model says of a clause, taken from its reply as it is and not yet held against anything."""

    quote: str
    lead_units: tuple[str, ...] = ()
    cooperating_units: tuple[str, ...] = ()
    task: str = ""
    role: str = ""
    deadline: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        return (*self.lead_units, *self.cooperating_units)


@dataclass(frozen=True, slots=True)
class Open:
    """A clause with sentences that name a unit and a part, and that no rule has read. ``pieces`` are its texts."""

    words: str  # fingerprint, see Entry.words
    path: str
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sifted:
    """What came of the offers for one clause: ``dropped`` are keys of :data:`DROPPED`."""

    entries: tuple[Entry, ...] = ()
    dropped: tuple[str, ...] = ()


def open_clauses(document: Document, read: Sequence[Entry]) -> Iterator[Open]:
    """The clauses that are worth a model's time. ``read`` are the entries that the rules made of the document."""
    if document.kind == ASKS_ONLY:
        return
    taken = [Span(e.start, e.end) for e in read if e.commitment.basis == "explicit"]
    seen: set[str] = set()
    for clause in document.clauses:
        words = words_of(document, clause)
        if clause.kind not in _READ or words in seen or not _opens(document, clause):
            continue
        if gives_orders(document.passage(clause).of(document.text)):
            continue
        spans = list(sentences(document.text, _read(document, clause)))
        missed = [s for s in spans if not _meets(s, taken) and _may_commit(s.of(document.text))]
        if missed:
            seen.add(words)
            yield Open(words, clause.path, _pieces(document, clause, missed))


def sift(
    document: Document,
    offered: Mapping[str, Sequence[Offer]],
    read: Sequence[Entry],
    is_workday: IsWorkday | None = None,
) -> dict[str, Sifted]:
    """Hold offers, by the fingerprint of their clause, against the clauses; gives the candidates in text order."""
    found: dict[str, Sifted] = {}
    for clause in document.clauses:
        words = words_of(document, clause)
        if clause.kind not in _READ or words not in offered or words in found or not _opens(document, clause):
            continue
        entries: list[Entry] = []
        dropped: list[str] = []
        for offer in offered[words]:
            made = _held(document, clause, offer, [*read, *entries])
            if isinstance(made, str):
                dropped.append(made)
                continue
            identity = _id(document, words, made.duty)
            entries.append(entry_of(made, made.duty.span, identity, limit_of(made, is_workday)))
        found[words] = Sifted(tuple(sorted(entries, key=lambda e: e.order)), tuple(dropped))
    return found


def words_of(document: Document, clause: Clause) -> str:
    """The fingerprint of a clause of the rules' explicit rows (:attr:`Entry.words`)."""
    opening = document.read_with(clause)[0]
    return fingerprint(document.passage(clause).of(document.text).removeprefix(opening.label), "")


def _opens(document: Document, clause: Clause) -> bool:
    """Whether a clause is not read with one before it."""
    return document.read_with(clause)[0].id == clause.id


def _read(document: Document, clause: Clause) -> Span:
    """What is read of a clause that opens a passage."""
    return Span(own_words(document, clause).start, document.passage(clause).end)


def _may_commit(sentence: str) -> bool:
    return bool(CUES.search(sentence)) and bool(find_units(sentence)) and not _reported(sentence)


def _pieces(document: Document, clause: Clause, missed: Sequence[Span]) -> tuple[str, ...]:
    """The clause, or where it is long its sentences in question: a quote may not reach over what is left out."""
    whole = _read(document, clause).of(document.text).strip()
    if len(whole) <= _LONGEST_PIECE:
        return (whole,)
    pieces: list[str] = []
    for span in missed:
        text = span.of(document.text)[:_LONGEST_PIECE]
        if pieces and len(pieces[-1]) + len(text) < _LONGEST_PIECE:
            pieces[-1] += f"\n{text}"
        else:
            pieces.append(text)
    return tuple(pieces)


def _held(document: Document, clause: Clause, offer: Offer, known: Sequence[Entry]) -> Row | str:
    """The row that an offer makes, or why it is dropped."""
    span = _place(document, clause, offer.quote)
    if span is None:
        return "quote"
    if span.end - span.start > _LONGEST_QUOTE:
        return "long"
    quote, around = span.of(document.text), _around(document, clause, span)
    if gives_orders(around) or gives_orders(quote):
        return "orders"
    if _reported(around):
        return "others"
    if _DENIED.search(around):
        return "denied"
    if not offer.units:
        return "no unit"
    if not all(number in quote for text in (*offer.units, offer.task, offer.deadline) for number in _numbers(text)):
        return "number"
    leads, helping = _named(offer.lead_units, quote), _named(offer.cooperating_units, quote)
    if leads is None or helping is None:
        return "unit"
    cue = CUES.search(quote) or CUES.search(around)
    if cue is None:
        return "cue"
    helping = tuple(name for name in helping if name not in leads)
    if reason := _known(span, (leads, helping), known):
        return reason
    duty = Duty(
        leads, helping, _role(offer, quote), _task(offer, quote), read_status(quote), span, OFFERED, cue.group()
    )
    return Row(document, document.clause_at(span.start) or clause, duty, _limit(offer, quote))


def _place(document: Document, clause: Clause, quote: str) -> Span | None:
    quote = quote.strip()
    own = _read(document, clause)
    start = document.text.find(quote, own.start, own.end) if quote else -1
    return Span(start, start + len(quote)) if start >= 0 else None


def _around(document: Document, clause: Clause, span: Span) -> str:
    """The sentences that the span stands in, whole."""
    near = [s for s in sentences(document.text, document.passage(clause)) if _meets(s, [span])]
    return document.text[near[0].start : near[-1].end] if near else span.of(document.text)


def _reported(text: str) -> bool:
    return others_speak_from(text) is not None or is_formula(text)


def _named(units: Sequence[str], quote: str) -> tuple[str, ...] | None:
    """The units as the quote names them: the longest regular name at their place; None where one is no unit of it."""
    mentions = find_units(quote)
    names: dict[str, None] = {}
    for unit in (u.strip() for u in units):
        if is_generic(unit):
            continue  # 有关部门 commits nobody, and spoils nothing
        at = quote.find(unit) if unit else -1
        if at < 0 or not (_SELF.fullmatch(unit) or [m.name for m in find_units(unit)] == [unit]):
            return None
        place = Span(at, at + len(unit))
        wider = next((m.name for m in mentions if m.span.covers(place) and is_regular(m.name)), unit)
        names[wider] = None
    return tuple(names) if names or not units else None


def _numbers(text: str) -> list[str]:
    return [m.group() for m in _NUMBER.finditer(text)]


def _known(span: Span, parties: tuple[tuple[str, ...], tuple[str, ...]], known: Sequence[Entry]) -> str | None:
    """Whether a rule, or an earlier offer, says of these words already who leads."""
    for entry in known:
        if entry.commitment.basis == "explicit" and _meets(span, [Span(entry.start, entry.end)]):
            told = (*entry.commitment.lead_units, *entry.commitment.cooperating_units)
            if set(parties[0] or parties[1]) <= set(told):
                return "repeated" if entry.rule == OFFERED else "known"
    return None


def _role(offer: Offer, quote: str) -> str:
    """The role in the quote's own words, where they are a role's: 协调 is not 牵头, and 唱主角 is neither."""
    sort = _LEADING if offer.lead_units else _HELPING
    said = offer.role.strip()
    if said in quote and sort.fullmatch(said):
        return said
    found = sort.search(quote)
    return found.group() if found else ("负责" if offer.lead_units else "配合")


def _task(offer: Offer, quote: str) -> str:
    task = offer.task.strip(" 　，,。；;：:")
    return task if task and task in quote else quote[:_SHOWN_TASK]


def _limit(offer: Offer, quote: str) -> DeadlineMention | None:
    """The limit that the rules read in the quote, else the words that the model points at, without a day."""
    if read := chief_limit(find_deadlines(quote)):
        return read
    said = offer.deadline.strip()
    at = quote.find(said) if said else -1
    return (
        DeadlineMention(said, Span(at, at + len(said)), "vague")
        if at >= 0 and re.search("[年月日周季天期]", said)
        else None
    )


def _id(document: Document, words: str, duty: Duty) -> str:
    """``c`` and 16 hex digits over the document's number (or title), the clause's words, the quote and who leads."""
    quote = "".join(duty.span.of(document.text).split())
    said = "\x00".join((document.key, words, quote, *duty.leads))
    return "c" + hashlib.sha256(said.encode()).hexdigest()[:16]


def _meets(span: Span, others: Sequence[Span]) -> bool:
    return any(o.start < span.end and span.start < o.end for o in others)
