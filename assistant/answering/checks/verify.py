"""Whether a sentence stands on the clauses that it cites: rules of language, no model.

A sentence leaves only when nothing in it goes beyond the cited text. Names and numbers may also come from a
document's title, number and headings; who does what, by when and how far must be said by one statement of the text
itself. The rules withhold rather than guess; a withheld sentence is counted, and the reader still gets the clauses.

What rules cannot see: a wrong reading that uses only words of the right statement in their right roles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.checks.atoms import atoms_of, cut, nearest
from assistant.answering.checks.binding import misbound
from assistant.answering.checks.closed import exchanged
from assistant.answering.checks.figures import other_counts, other_times
from assistant.answering.checks.matter import baseless, beyond, binds, other_cells, other_condition, substituted
from assistant.answering.checks.names import foreign_names
from assistant.answering.checks.parts import other_roles, turned_around
from assistant.answering.checks.relations import unrelated
from assistant.answering.checks.sources import Facts, Source, Window, facts_of, is_dependent, lay_out
from assistant.answering.checks.states import claims_state, opposed, other_polarity, other_progress, other_state
from assistant.answering.checks.wording import HAN, canonical, share_covered, weighed_pairs, without
from assistant.answering.evidence import Evidence
from assistant.domain.language import claims, modality

_REPEATS = 5  # places of one quote that are looked at
_LONGEST = 400  # characters; no clerk wants a longer sentence, and none is checked well
_FOREIGN_MATTER = re.compile(
    r"https?:|ftp:|www\.|://|\]\(|<[a-z/!]|javascript:|data:|[\x00-\x08\x0b-\x1f\x7f]|"
    r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]|[a-z0-9-]\.(?:com|cn|net|org|io|gov|edu|top|xyz)\b|`|\|",
    re.IGNORECASE,
)
_TWICE = re.compile("负责(?=配合|牵头|协助)")  # 负责配合 is no other part than 配合
_HEADING = 16  # characters of a sentence that only names what its paragraph is about
_ENOUGH = 1.5  # weight of words from which a piece has a matter of its own
_GUESSED = re.compile("推定|推断|沿用|依上级|所属部分|总述")


@dataclass(frozen=True, slots=True)
class Check:
    """The result: ``reasons`` names every rule that the sentence breaks, in Chinese, for logs and tests."""

    ok: bool
    reasons: tuple[str, ...] = ()


def verify(sentence: str, cited: Sequence[Evidence]) -> Check:
    """Check one sentence, without its keys, against the evidence that it cites.

    A sentence that repeats whole clauses of the evidence word for word passes, unless it cuts off the 拟 or 不 that
    governs them.
    """
    if not cited:
        return Check(False, ("没有依据",))
    if len(sentence) > _LONGEST or _FOREIGN_MATTER.search(sentence):
        return Check(False, ("过长或含有链接、代码、控制字符",))
    text = _TWICE.sub("", claims.folded(sentence).strip("。.;,:!? "))
    sources = lay_out(cited)
    plain = [s for s in sources if not s.ordered]
    if len(HAN.findall(text)) < 2:
        return Check(False, ("不成句",))
    if not plain:
        return Check(False, ("所引文字含有对程序的指令",))
    if any(_is_quote(text, source) for source in plain):
        return Check(True)
    reasons = [*foreign_names(sentence, text, plain), *_statements(text, plain)]
    return Check(not reasons, tuple(dict.fromkeys(reasons)))


def _is_quote(text: str, source: Source) -> bool:
    at = -1
    for _ in range(_REPEATS):
        at = source.body.find(text, at + 1)
        if at < 0:
            return False
        start = max(source.body.rfind(mark, 0, at) for mark in "。;!?") + 1
        ends = [e for mark in "。;!?" if (e := source.body.find(mark, at + len(text))) >= 0]
        before, after = source.body[start:at], source.body[at + len(text) : min(ends, default=len(source.body))]
        clause = before[max(before.rfind(mark) for mark in ",:") + 1 :]
        cut = modality.planned_from(before) is not None or modality.denials(clause) or modality.denials(after)
        whole = not before or before[-1] in ",:、)" or not HAN.search(before[-1])
        if not cut and (len(text) >= 8 or (whole and len(text) >= 4)):
            return True
    return False


def _statements(text: str, sources: list[Source]) -> list[str]:
    """Reasons against the statements of a sentence; each must be carried by one window of the evidence."""
    reasons: list[str] = []
    for group in filter(None, re.split("[;。!?]", text)):
        found = _carried(_parts(group), group, sources)
        reasons.extend(found if found and not _each_carried(group, sources) else ())
        if not reasons:
            reasons.extend(_aligned(group, sources))
    return reasons


def _each_carried(group: str, sources: list[Source]) -> bool:
    """Whether counts are carried one by one (基地两个、机构五家), where no one statement holds them all."""
    pieces = [p for p in re.split("[,、]", group) if p]
    if len(pieces) < 2 or not all(facts_of(p).quantities and HAN.search(p) for p in pieces):
        return False
    return not any(_against(p, group, sources) for p in pieces)


def _aligned(group: str, sources: list[Source]) -> list[str]:
    """Reasons against the smallest statements of a group, each beside the one of the evidence that it speaks of."""
    atoms = atoms_of(tuple(sources))
    around = "\n".join(s.around for s in sources)
    reasons = list(misbound(group, sources))
    lead = ""
    for part in cut(group):
        tried: list[list[str]] = [
            [
                *other_state(part, lead, atom, atoms),
                *other_polarity(part, atom, atoms),
                *opposed(part, atom, atoms, around),
                *substituted(part, atom, atoms),
                *other_condition(part, lead, group, atom, atoms),
                *baseless(part, sources),
                *exchanged(part, sources),
                *other_cells(part, sources),
            ]
            for atom in nearest(part, atoms)
        ]
        if tried:
            reasons.extend(sorted(tried, key=len)[0])
        elif claims_state(part):
            reasons.append("没有依据")
        lead += part + ","
    return [*reasons, *unrelated(group, sources)]


def _parts(group: str) -> list[str]:
    """Clauses of a group; one that names no matter of its own stays with its neighbour."""
    found: list[str] = []
    waiting = ""
    for part in filter(None, re.split("(?<=,)", group)):
        if is_dependent(part):
            if found:
                found[-1] += part
            else:
                waiting += part
            continue
        found.append(waiting + part)
        waiting = ""
    return found if not waiting else [*found, waiting]


def _carried(parts: list[str], group: str, sources: list[Source]) -> list[str]:
    """Reasons why neither the whole nor its parts are carried; the parts' own where they were tried."""
    whole = _against("".join(parts), group, sources)
    if not whole or len(parts) < 2:
        return whole
    best = whole
    for at in range(len(parts) - 1, 0, -1):
        head = _against("".join(parts[:at]), group, sources)
        if head:
            continue
        rest = _carried(parts[at:], group, sources)
        if not rest:
            return []
        best = rest
    return best


def _against(piece: str, group: str, sources: list[Source]) -> list[str]:
    """Reasons against one piece: those of the window that comes nearest to carrying it."""
    piece = piece.strip(",")
    facts = facts_of(piece)
    windows = [w for s in sources for w in s.windows]
    if not windows:
        return ["所引条款没有可用的文字"]
    if _GUESSED.search(group) and facts.roles:
        return _inherited(piece, facts, sources)
    tried = [(_breaks(piece, facts, w, sources), w) for w in _nearest(piece, facts, windows)]
    return min((reasons for reasons, _ in tried), key=len)


def _nearest(piece: str, facts: Facts, windows: list[Window]) -> list[Window]:
    """The windows to try: all for a piece with facts, the best covering ones for plain prose."""
    if binds(facts) or modality.claims_progress(piece) or modality.claims_plan(piece):
        return windows
    best = max(share_covered(piece, w.text) for w in windows)
    return [w for w in windows if share_covered(piece, w.text) == best]


def _breaks(piece: str, facts: Facts, window: Window, sources: list[Source]) -> list[str]:
    there = facts_of(window.text)
    source = _source_of(sources, window)
    return [
        *other_roles(facts, there, window.text, atoms_of(tuple(sources))),
        *other_times(piece, facts, there, source),
        *other_counts(piece, facts, there, source),
        *other_progress(piece, facts, window, there),
        *turned_around(piece, facts, window),
        *(_of_another(piece, facts, window, sources) if facts.roles else ()),
        *beyond(piece, facts, sources),
    ]


def _of_another(piece: str, facts: Facts, window: Window, sources: list[Source]) -> list[str]:
    """Parts told of a matter that another statement speaks of."""
    words = weighed_pairs(canonical(without(piece, [p.unit for p in facts.roles])))
    around = "\n".join(s.around for s in sources)

    def held(other: Window) -> float:
        headed = len(other.topic.split("\n")[-1]) <= _HEADING
        topic = other.topic if headed or is_dependent(other.text.split(",")[0]) else ""
        known = canonical(f"{other.text}\n{topic}\n{around}")
        return sum(w for p, w in words.items() if p in known)

    best = max(held(w) for s in sources for w in s.windows)
    return ["分工说的是另一件事"] if best >= _ENOUGH and held(window) < 0.6 * best else []


def _source_of(sources: list[Source], window: Window) -> Source:
    """The source that a window belongs to."""
    return next(s for s in sources if any(w is window for w in s.windows))


def _inherited(piece: str, facts: Facts, sources: list[Source]) -> list[str]:
    """A lead taken over from the section above, marked 推定: the roles stand in one source, the matter in another."""
    windows = [w for s in sources for w in s.windows]
    atoms = atoms_of(tuple(sources))
    stated = [w for w in windows if not list(other_roles(facts, facts_of(w.text), w.text, atoms))]
    if not stated:
        return list(other_roles(facts, facts_of(windows[0].text), windows[0].text, atoms))
    rest = Facts((), (), facts.quantities, facts.moments, facts.times, facts.done, facts.denials)
    reasons = min((_breaks_rest(piece, rest, w, sources) for w in windows), key=len)
    return [*reasons, *beyond(_GUESSED.sub("", piece), facts, sources)]


def _breaks_rest(piece: str, facts: Facts, window: Window, sources: list[Source]) -> list[str]:
    there = facts_of(window.text)
    source = _source_of(sources, window)
    return [
        *other_times(piece, facts, there, source),
        *other_counts(piece, facts, there, source),
        *(["没有依据"] if facts.done - there.done else []),
    ]
