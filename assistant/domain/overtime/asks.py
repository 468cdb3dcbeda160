"""What a proposal asks and what its reply says to each ask: the one reading that lists and answers share.

An ask is a numbered clause of the part that asks (建议), or of the whole body where no part is named so. A place of
the reply speaks to it where it holds most of the words of one of the ask's phrases, rare words weighing more, and
names the thing that is asked for (评估报告 is not answered by 评估委员会). 未见回应 means that no place of the reply
speaks of it; it never means that the ask is refused. Measured on ``tests/ledger/asks.jsonl``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.domain.language.text import fold_names, sentences, terms
from assistant.domain.ledger.commitments import Entry
from assistant.domain.overtime.objects import find_objects
from assistant.domain.policy import Clause, ClauseKind, Document, Span

Outcome = Literal["committed", "spoken_of", "declined", "silent", "no_reply"]
OUTCOMES = {
    "committed": "有承诺",
    "spoken_of": "有回应",
    "declined": "未采纳或暂不具备条件",
    "silent": "未见回应",
    "no_reply": "库中没有答复",
}
"""What each outcome is called for the reader."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One ask of a proposal; ``text[start:end] == quote`` of the proposal."""

    proposal: Document
    clause: Clause
    span: Span

    @property
    def quote(self) -> str:
        return self.span.of(self.proposal.text)

    @property
    def words(self) -> str:
        """The ask without its marker."""
        return self.quote.removeprefix(self.clause.label).strip()


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a reply that speaks to an ask, with the commitments made there. ``score`` is from 0 to 1."""

    reply: Document
    clause: Clause
    span: Span
    score: float
    entries: tuple[Entry, ...] = ()

    @property
    def quote(self) -> str:
        return self.span.of(self.reply.text)


@dataclass(frozen=True, slots=True)
class Answered:
    """An ask and the places that speak to it, in the order of the replies' text.

    ``cue`` are the words that decline it, where the outcome is so.
    """

    ask: Ask
    outcome: Outcome
    places: tuple[Place, ...] = ()
    cue: str = ""


ASKING = ("提案", "建议", "议案")
REPLYING = ("答复", "建议答复", "提案答复")
_ASKING_PART = re.compile("建议|对策|措施|意见|诉求|请求")
_NOT_ASKING = re.compile("案由|问题|现状|情况|背景|原因|成效|预期|效果|理由|分析|必要性|做法|成绩")
_NAMED = 0.3  # coverage from which a place that names the thing speaks to its ask
_UNNAMED = 0.375  # where the ask is for no thing with a name
_NEAR = 0.75  # how near to the best place another must be to be shown with it
_SHOWN = 3
_WITHOUT_THING = 0.6  # from which a place speaks to an ask although it does not name what is asked for
_STOP = re.compile(
    "建议|进一步|我[市省县区]|全[市省县区]|[市省县区]政府|有关部门|相关部门|有关|相关|积极|切实|不断|加快|加强|加大|推进|推动|继续|各级|鼓励|支持|力度|"
    "工作|方面|实际|情况|同时|一是|二是|三是|四是|五是|应当?|可以|要"
)
_PHRASE = re.compile("[，。；：:;,！？\n]")
_DECLINED = re.compile(
    "暂不具备|不具备[^，。；]{0,8}条件|暂不(?:宜|予|考虑|安排|列入|实施|采纳)|不(?:再|单独|另行)(?:设立|安排|列支|新设|增设)|(?:未|没有)(?:设|列入)[^，。；]{0,4}(?:此项|预算|该项)|不宜|未予采纳|不予采纳|未采纳|超出[^，。；]{0,12}权限|没有(?:政策|法律|上级)依据|"
    "无法(?:实现|落实|满足|安排)|难以(?:实现|落实|满足)|条件尚不成熟|时机尚不成熟|目前尚无(?:政策|计划)|留作参考|今后工作中(?:予以)?(?:参考|研究考虑)"
)
_FORMULA = re.compile("(?:答复|函复|回复)如下|收悉|收到后|感谢你?您?们?|欢迎[^。]{0,16}意见")
_REPEATS = re.compile("关于|对“|针对")  # a heading that repeats the ask says nothing to it; what stands under it does
_TOPIC = re.compile('^(?:关于|对|针对)|的?(?:建议|意见|问题|提议|诉求|方面|工作)$|[“”"「」]')
_LEAST_TOPIC = 4  # characters
_LONG = 60
_HEADING, _ABOVE = 0.95, 0.35


def asks_of(document: Document) -> tuple[Ask, ...]:
    """The asks of a proposal in text order: numbered clauses without children of the part that asks."""
    parents = {c.parent_id for c in document.clauses}
    leaves = [c for c in document.clauses if c.kind is ClauseKind.BODY and c.label and c.id not in parents]
    asking = [c for c in leaves if any(_ASKING_PART.search(a.heading) for a in document.ancestors(c))]
    if not asking:
        others = [c for c in leaves if not any(_NOT_ASKING.search(a.heading) for a in (c, *document.ancestors(c)))]
        asking = others or leaves
    return tuple(Ask(document, c, _trimmed(document.text, c.span)) for c in asking)


def answered(asks: Sequence[Ask], replies: Sequence[Document], entries: Iterable[Entry] = ()) -> tuple[Answered, ...]:
    """Each ask with what the replies say to it; ``entries`` are the commitments of the replies."""
    if not replies:
        return tuple(Answered(ask, "no_reply") for ask in asks)
    made: dict[str, list[Entry]] = {}
    for entry in entries:
        made.setdefault(entry.document_id, []).append(entry)
    places = [p for reply in replies for p in _places(reply)]
    weigh = _Weights([p.own for p in places])
    return tuple(_answer(ask, places, weigh, made) for ask in asks)


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence of a reply with its headings, folded for comparison."""

    reply: Document
    clause: Clause
    span: Span
    own: str
    heading: str
    topic: tuple[str, ...]  # the terms of what the heading names; none where that is too short to tell
    above: str
    is_heading: bool


class _Weights:
    """How much a term tells, by how few places hold it; one that none holds weighs like the average of the others."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._known: dict[str, float] = {}

    def of(self, wanted: Sequence[str]) -> dict[str, float]:
        held: dict[str, float] = {}
        for term in wanted:
            if term not in self._known:
                n = sum(term in text for text in self._texts)
                self._known[term] = math.log(1 + (len(self._texts) + 1) / (n + 0.5)) if n else 0.0
            if self._known[term]:
                held[term] = self._known[term]
        average = sum(held.values()) / len(held) if held else 1.0
        return {t: held.get(t, average) for t in wanted}


def _answer(ask: Ask, places: Sequence[_Place], weigh: _Weights, made: dict[str, list[Entry]]) -> Answered:
    things, plain = _things(ask), fold_names(ask.words)
    scored: list[tuple[float, _Place]] = []
    phrases = [(w, sum(w.values())) for p in _phrases(ask.words) if (w := weigh.of(_terms(p)))]
    for place in places:
        score = max((_coverage(w, total, place) for w, total in phrases), default=0.0)
        named = any(t in place.own or t in place.heading or kind in place.heading for t, kind in things)
        # Under a heading that calls the matter by words of the ask: 关于职业技能等级认定.
        named = named or bool(place.topic and all(t in plain for t in place.topic))
        if score >= (_NAMED if named else _WITHOUT_THING if things else _UNNAMED):
            scored.append((score, place))
    if not scored:
        return Answered(ask, "silent")
    best = max(score for score, _ in scored)
    chosen = [(s, p) for s, p in scored if s >= _NEAR * best and not p.is_heading] or scored
    found = [Place(p.reply, p.clause, p.span, round(s, 3), _made_there(p, made.get(p.reply.id, ()))) for s, p in chosen]
    # What commits somebody comes before what only speaks of it.
    found.sort(key=lambda p: (not any(p.span.covers(Span(e.start, e.end)) for e in p.entries), -p.score))
    shown = tuple(sorted(found[:_SHOWN], key=lambda p: (p.reply.id, p.span)))
    declined = next((m.group() for p in shown if (m := _DECLINED.search(_clause_text(p)))), "")
    committed = any(p.entries for p in shown)
    return Answered(ask, "declined" if declined else "committed" if committed else "spoken_of", shown, declined)


def _clause_text(place: Place) -> str:
    return place.clause.span.of(place.reply.text)


def _made_there(place: _Place, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The commitments of the sentence, else those of its clause."""
    own = tuple(e for e in entries if e.start < place.span.end and place.span.start < e.end)
    return own or tuple(e for e in entries if e.clause_id == place.clause.id)


def _coverage(weights: dict[str, float], total: float, place: _Place) -> float:
    found = 0.0
    for term, weight in weights.items():
        if term in place.own:
            found += weight
        elif term in place.heading:
            found += weight * _HEADING
        elif term in place.above:
            found += weight * _ABOVE
    return found / total if total else 0.0


def _phrases(words: str) -> list[str]:
    """The phrases of an ask that can be compared alone: not shorter than a thing and its verb."""
    plain = [p for p in (_STOP.sub(" ", part) for part in _PHRASE.split(words)) if len("".join(p.split())) >= 5]
    return plain or [words]


def _terms(phrase: str) -> list[str]:
    """Pairs of characters and whole numbers of a phrase."""
    return [t for run in fold_names(phrase).split() for t in dict.fromkeys(terms(run)) if len(t) > 1 or t.isdigit()]


def _things(ask: Ask) -> tuple[tuple[str, str], ...]:
    """The ends of the names that are asked for (评估报告), by which an answer must call them, and their kinds."""
    found = []
    for o in find_objects(_PHRASE.split(ask.words)[0] if len(ask.words) > 40 else ask.words):
        head = o.named.head
        tail = head if len(head) > 2 else o.named.words[-(len(head) + 2) :] if head else ""
        if tail and not o.named.bare:
            found.append((fold_names(tail), fold_names(head)))
    return tuple(dict.fromkeys(found))


def _places(reply: Document) -> list[_Place]:
    above: dict[str, str] = {}
    found: list[_Place] = []
    for clause in reply.clauses:
        over = above.get(clause.parent_id or "", "")
        heading = clause.heading
        above[clause.id] = f"{over} {heading}"
        named = _TOPIC.sub("", fold_names(heading))
        topic = tuple(terms(named)) if len(named) >= _LEAST_TOPIC else ()
        if clause.kind not in (ClauseKind.BODY, ClauseKind.TABLE):
            continue
        whole = [clause.span] if clause.kind is ClauseKind.TABLE else list(sentences(reply.text, clause.span))
        for span in whole:
            written = span.of(reply.text)
            if _FORMULA.search(written):
                continue
            bare = clause.heading and len(written.strip()) <= len(clause.label) + len(clause.heading) + 2
            if bare and _REPEATS.match(heading):
                continue
            own = _trimmed(reply.text, span)
            found.append(
                _Place(
                    reply, clause, own, fold_names(written), fold_names(heading), topic, fold_names(over), bool(bare)
                )
            )
    return found


def _trimmed(text: str, span: Span) -> Span:
    written = span.of(text)
    start = span.start + len(written) - len(written.lstrip())
    return Span(start, max(start, span.start + len(written.rstrip())))
