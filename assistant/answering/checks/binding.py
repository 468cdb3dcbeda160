"""Whether each value of a sentence (a body, a date, a number) stands with the words that the evidence gives it.

A sentence may use only words and values of the evidence and still be wrong, by pairing them otherwise: the 78% of the
town with the village, the task of one office with another. Each value is therefore looked up in the evidence, and the
words beside it in the sentence must not be words that stand beside another value of its kind only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.answering.checks.atoms import Atom, actors_of, atoms_of, cut, same_actor
from assistant.answering.checks.figures import same_count, same_moment
from assistant.answering.checks.sources import Facts, Source, facts_of
from assistant.answering.checks.wording import canonical, pairs_of, weighed_pairs, without
from assistant.domain.language import claims

_FEW = 1.5  # weight of words below which a part of a sentence says too little by itself
_ALMOST_NONE = 0.5
_WORD = 0.4  # weight from which a pair of characters is more than a light word
_STRAY = 1.0  # weight of words of another value from which a binding is doubted
_MISSING = 0.45  # share of the words beside a value in the evidence that a sentence may leave out

_PASSIVE = re.compile("被|受到")
_NO_ACTOR = re.compile("的|需要|执行|决议|^成立|表示$")  # more than a name was read
_COUNTS = re.compile("(?!第|期$|届$|级$|号$|比例$|时刻$|次$|年$)")

_SHARES = ("%", "份", "比例")  # three ways to write a share
_OPENING = re.compile(
    "(?:目前|其中|但|而|并){0,4}(?:截至[^,]{0,40}?(?:目前|其中|但|而|并){0,4})?(?P<name>[一-鿿]{3,12}?)(?=已|因|由|为|将|拟|应|须|正在|尚|未|不|可|达|有|是|的|共|计划|力争|预计|仍|也|[0-9]|$)"
)
_SUBJECT = re.compile(
    "(?:目前|其中|但|而|并){0,2}(?P<name>[一-鿿]{3,12}?)(?=已|因|由|为|将|拟|应|须|正在|尚|暂|未|不|可|达|有|是|共|计划|力争|预计|仍|也|于|在|用|选|通过|保留|每|[0-9]|$)"
)
_STEPS = ("启动", "完成", "投用", "招标")  # canonical: 开工 is 启动, 完工 is 完成
_Holds = Callable[[Atom], bool]


def misbound(piece: str, sources: Sequence[Source]) -> Iterator[str]:
    """Values of the piece whose words belong to another value of the same kind."""
    atoms = atoms_of(tuple(sources))
    given = canonical("\n".join(s.around for s in sources))
    whole = canonical(_bare(piece, facts_of(piece), actors_of(piece)))
    for part in cut(piece):
        facts = facts_of(part)
        words = weighed_pairs(canonical(_bare(part, facts, actors_of(part))))
        own = {pair: weight for pair, weight in words.items() if pair not in given}
        if sum(words.values()) < _FEW:  # 由甲牵头: what it is about stands in the parts beside it
            words = weighed_pairs(whole)
        words = {pair: weight for pair, weight in words.items() if pair not in given}
        for name in () if _PASSIVE.search(part) else actors_of(part):
            if not _NO_ACTOR.search(name) and _strays_from_actor(name, words, atoms):
                yield f"“{name}”所做的事与原文不符"
        if _strays_from_topic(part, atoms) or _of_a_sibling(part, atoms):
            yield "说的是另一件事"
        for moment in facts.moments:
            if _strays(words, atoms, whole, _holds_moment(moment), lambda a: bool(a.facts.moments)):
                yield f"日期“{moment.written}”在原文中说的是另一件事"
        for quantity in facts.quantities:
            alone = sum(1 for q in facts.quantities if q.measure == quantity.measure) == 1
            if (
                alone
                and _COUNTS.match(quantity.measure)
                and _strays(
                    own, atoms, canonical(_bare(part, facts, ())), _holds_count(quantity), _rivals_count(quantity)
                )
            ):
                yield f"数字“{quantity.written}”在原文中说的是另一件事"
            elif alone and _other_step(part, [a for a in atoms if _holds_count(quantity)(a)]):
                yield f"数字“{quantity.written}”在原文中是另一个阶段的"


def _other_step(part: str, holders: Sequence[Atom]) -> bool:
    """Whether the part counts what is finished where the evidence counts what is begun, or the other way round."""
    mine = {step for step in _STEPS if step in canonical(part)}
    theirs = [{step for step in _STEPS if step in a.words} for a in holders]
    return len(mine) == 1 and bool(theirs) and all(steps and not steps & mine for steps in theirs)


def _bare(text: str, facts: Facts, actors: Sequence[str]) -> str:
    values = [
        *actors,
        *(m.written for m in facts.moments),
        *(q.written for q in facts.quantities if _COUNTS.match(q.measure)),
    ]
    return without(text, values)


def _holds_moment(moment: claims.Moment) -> _Holds:
    return lambda atom: any(same_moment(moment, other) for other in atom.facts.moments)


def _holds_count(quantity: claims.Quantity) -> _Holds:
    return lambda atom: any(same_count(quantity, other) for other in atom.facts.quantities)


def _rivals_count(quantity: claims.Quantity) -> _Holds:
    kinds = _SHARES if quantity.measure in _SHARES else (quantity.measure, "")
    return lambda atom: any(other.measure in kinds for other in atom.facts.quantities)


def _strays_from_actor(name: str, words: dict[str, float], atoms: Sequence[Atom]) -> bool:
    def acts(atom: Atom) -> bool:
        return name in atom.text or any(same_actor(name, actor) for actor in atom.actors)

    if not any(name in a.text or same_actor(name, actor) for a in atoms for actor in a.own or ("",)):
        return any(actor[-2:] == name[-2:] for a in atoms for actor in a.own) and not facts_of(name).units
    bound = stray = 0.0
    # 某事…，由甲管理: what stands before 由 in its statement is the matter, whoever else acts there.
    passive = {a.statement: n for n, a in enumerate(atoms) if a.own and acts(a) and a.text.startswith(("由", "经"))}
    for pair, weight in words.items():
        where = [a for n, a in enumerate(atoms) if pair in a.words and n >= passive.get(a.statement, 0)]
        others = sum(1 for a in where if a.actors and not acts(a))
        if any(acts(a) for a in where):
            bound += weight / (1 + others)
        elif where and others == len(where):
            stray += weight
    return stray >= _STRAY and stray > bound


def _strays_from_topic(part: str, atoms: Sequence[Atom]) -> bool:
    """Whether the part opens with the heading of one paragraph (中试基地) and goes on with what another one says."""
    opening = _OPENING.match(part)
    name = opening["name"] if opening else ""
    while len(name) >= 3 and not any(name in a.text for a in atoms):
        name = name[:-1]
    if len(name) < 3:
        return False
    here = [a for a in atoms if name in a.text or any(name in h.text for h in _heading(a, atoms))]
    there = [a for a in atoms if a not in here and _heading(a, atoms)]
    if not any(a.is_heading and name in a.text for a in here):
        return False
    bound = stray = 0.0
    for pair, weight in weighed_pairs(canonical(part.replace(name, "\x00"))).items():
        where = [a for a in atoms if pair in a.words]
        if any(a in here for a in where):
            bound += weight
        elif where and all(a in there for a in where):
            stray += weight
    return stray >= _STRAY and stray > bound


def _of_a_sibling(part: str, atoms: Sequence[Atom]) -> bool:
    """Whether the part tells of one subject what the evidence says of another of its kind (北桥公园 for 竹林公园)."""
    of: list[str] = []
    for n, atom in enumerate(atoms):
        match = _SUBJECT.match(atom.text)
        name = match["name"][-4:] if match else ""
        goes_on = n > 0 and atoms[n - 1].statement == atom.statement and not name
        of.append(of[-1] if goes_on else name)
    names = {name for name in of if any(name[-2:] == other[-2:] != "" and name != other for other in of)}
    short = {name: name[-3:] if sum(o.endswith(name[-3:]) for o in names) == 1 else name for name in names}
    told = [name for name in names if short[name] in part]
    if len(told) != 1:
        return False
    kin = [name for name in names if name != told[0] and name[-2:] == told[0][-2:]]
    bound = stray = 0.0
    for pair, weight in weighed_pairs(canonical(part.replace(short[told[0]], "\x00"))).items():
        where = [name for name, atom in zip(of, atoms, strict=True) if pair in atom.words]
        if told[0] in where:
            bound += weight
        elif where and all(name in kin for name in where):
            stray += weight
    return stray >= _STRAY and stray > bound


def _heading(atom: Atom, atoms: Sequence[Atom]) -> list[Atom]:
    """The heading of the atom's paragraph."""
    return [a for a in atoms if a.is_heading and a.line == atom.line]


def _strays(words: dict[str, float], atoms: Sequence[Atom], whole: str, holds: _Holds, rivals: _Holds) -> bool:
    holders = [a for a in atoms if holds(a)]
    if not holders:
        return False
    statements = {a.statement for a in holders}
    lines = {a.line: a.statement for a in holders}
    first = max(n for n, a in enumerate(atoms) if a in holders)
    own = {id(a) for h in holders for a in _segment(h, atoms, rivals)}
    bound = stray = topic = near = beyond = 0.0  # near: of the topic, what the statement itself says before
    for pair, weight in words.items():
        where = [a for a in atoms if pair in a.words]
        if any(id(a) in own or (a.is_heading and a.line in lines) for a in where):
            bound += weight / (1 + sum(1 for a in where if rivals(a) and a not in holders))
        elif any(lines.get(a.line, -1) >= a.statement and atoms.index(a) < first for a in where):
            topic += weight
            near += weight if any(a.statement in statements for a in where) else 0
            beyond += 0 if any(a.statement in statements and not rivals(a) and a.lead == "" for a in where) else weight
        elif where:
            stray += weight
    enough = min(_STRAY, 0.6 * sum(words.values()))
    if not words or (stray < enough and topic < enough):
        return False
    missing = min(_missing(a, atoms, whole) for a in holders)
    return (stray >= enough and (stray > bound or missing > _MISSING)) or (
        topic >= enough
        and (topic > bound or topic - near >= enough)
        and (missing > _MISSING or (beyond >= enough and _opens_with_another(holders, atoms, rivals, whole)))
    )


def _segment(holder: Atom, atoms: Sequence[Atom], rivals: _Holds) -> list[Atom]:
    """The atoms of the holder's statement up to those of another value of the kind."""
    statement = [a for a in atoms if a.statement == holder.statement]
    at = next(n for n, a in enumerate(statement) if a is holder)
    start = max((n + 1 for n in range(at) if rivals(statement[n])), default=0)
    end = min((n for n in range(at + 1, len(statement)) if rivals(statement[n])), default=len(statement))
    return statement[start:end]


def _opens_with_another(holders: Sequence[Atom], atoms: Sequence[Atom], rivals: _Holds, whole: str) -> bool:
    """Whether each segment that holds the value opens with a thing that the piece does not name."""
    openings = [_OPENING.match(_segment(h, atoms, rivals)[0].text) for h in holders]
    names = [weighed_pairs(canonical(m["name"])) if m else {} for m in openings]
    return bool(names) and all(
        sum(n.values()) >= _FEW and sum(w for p, w in n.items() if p in whole) < 0.3 * sum(n.values()) for n in names
    )


def _missing(atom: Atom, atoms: Sequence[Atom], whole: str) -> float:
    """The share of the words beside a value, the values apart, that the piece does not hold."""
    pairs = weighed_pairs(canonical(_bare(atom.text, atom.facts, atom.own)))
    if sum(pairs.values()) < _ALMOST_NONE:  # a date that stands alone: what it dates follows
        texts = [
            _bare(a.text, a.facts, a.own)
            for a in atoms
            if a.statement == atom.statement and a.lead.startswith(atom.lead)
        ]
        pairs = weighed_pairs(canonical("".join(texts[:2])))
    told = {c for pair in pairs if pair in whole for c in pair}
    words = {c for pair, weight in pairs.items() if weight >= _WORD for c in pair}
    if not words:  # 在建6所: light words are all that tells the number apart
        light = pairs_of(canonical(_bare(atom.text, atom.facts, atom.own)))
        return 1.0 if light and not any(pair in whole for pair in light) else 0.0
    return len(words - told) / len(words)
