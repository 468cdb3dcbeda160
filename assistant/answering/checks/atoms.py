"""Evidence cut into its smallest statements, each with who acts in it.

An *atom* is what stands between two marks. Its actor may stand before it in its statement (市残联负责体验，每年评估
一次), or in a dependent one that follows (北山绿化，由市林业局牵头). Binding a value of a sentence to its atom is what
tells 甲 78%、乙 23% from 甲 23%、乙 78%.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.answering.checks.sources import Facts, Source, facts_of, is_dependent
from assistant.answering.checks.wording import HAN, canonical, weighed_pairs, without
from assistant.domain.duties.roles import same_body
from assistant.domain.language import claims

# Bodies without a name of their own, where they stand as the one who acts.
_BODY = (
    "(?<!牵头)(?<!责任)(?<!配合)(?<!主办)单位|企业|学校|院校|高校|机构|部门|人员|理事会|理事长|秘书处|专家组|委员会|人民政府|政府|个人|用户|公司|集团|街道|社区|"
    "局|基金|所有权人|经营者|支队|大队|总队|中队|银行|医院|村民|居民|家长|教师|学生|市民|代表|委员|成员|提案人|申请人"
)
_ACTS = (
    "应当?|须|必须|要|可以?|负责|承担|每|于|在|自|对|向|将|拟|已|不|未|会同|按|享有|履行|退出|连续|提出|报送?|推荐|选举|决定|审[定议核]|"
    "牵头|组织|行使|实行|缴纳|免缴|出席|负有|经办|提供|建设|承办|运营|配合|协助|参与|督促|制定|编制|拨付|受理|初审|复核|审核|评审|施工|验收|监管|检查|指导"
)
_SUBJECT = re.compile(
    f"^(?:并|且|但|而|则|同时|其中|目前|对此|另外|此外|要求|会议要求|会议议定)*(?P<actor>[一-鿿、]{{0,12}}?(?:{_BODY}))(?={_ACTS})"
)
_AGENT = re.compile(
    "(?:由|(?<![已曾])经)(?P<actor>[^,;。:由]{2,20}?)(?=负责|牵头|承担|组织|提出|提名|决定|批准|审定|审批|审核|审议|推荐|起草|研究|编制|会同|统筹|核定|向|按|"
    "对|予以|公布|落实|开展|制定|实施|配合|运营|处罚|通报|汇总|完成|报|同意|分担|审查|代表|聘任|任命|建|改|出资|管理|监督|督促|检查|验收|印发)"
)
# What may stand before the body that acts; and between two that act together.
_OPENS = re.compile(
    "(?:^|由|经|、(?=$))(?:并|且|但|而|则|也|同时|其中|目前|对此|另外|此外|要求|会议要求|会议议定|其|各|请|现|拟|[0-9年月日底前内,]|每年|近期|下一步|我|全)*$"
)
_JOINS = re.compile("[、和与及]|以及|会同|联合|商|[(][^()]*[)]")
_NO_NAME = re.compile("[向对给把将由于不须与同可]|鼓励|支持|^[为使让请按]|轮流|每|批准|同意|提前")
_PART = re.compile("(?:牵头|配合|参与|协助|协办|会办|负责|支持|承办|主办)$")
_PLACES = re.compile(r"\((?:市|县|区|旗|州|、)+\)")
_RESPECTIVELY = re.compile(r"(?<![^,;。:])(?P<who>[^,;。:]+?),?分别(?P<what>[^;。]+)")
_WHEN = re.compile("(?:于|在|应|须|自)*[0-9年月日底初末上中下旬半季度]+(?:前|内|起|之前)?")
_FORMER = re.compile(
    r"(?m:^)(?P<before>.*?)(?P<a>[一-鿿]{2,10})(?:和|与|、)(?P<b>[一-鿿]{2,10}),前者(?P<x>[^;。]{1,80}?),后者(?P<y>[^;。]+)"
)
_MARK = re.compile(r"[,()?!—]|(?<![0-9]):|:(?![0-9])")
_NUMBERING = re.compile(
    r"^(?:第[一二三四五六七八九十百零0-9]+[条章节]|\([一二三四五六七八九十0-9]+\)|[一二三四五六七八九十]+、|[0-9]+[.、](?![0-9]))+"
)
_SAME_VALUE = 4.0  # words that a number or date in common counts for
_SAME_OPENING = 6.0  # words that a common opening (下游段) counts for
_LONGEST_HEADING = 16
_UNNAMED = re.compile(
    "(?:职业|高等|用人|供热|中小)?(?:学校|院校|企业)|(?:成员|用人|产权|建设|施工|有关|相关)单位|秘书处|理事会|专家组|理事长"
)
_ACTS_NOW = re.compile("负责|应|须|要|牵头|组织|配合|每年|[0-9]{1,2}月|于[0-9]")
_MADE = re.compile("(?:联合体|共同体|融合体|中心|平台|基地|委员会|学校)$")  # bodies that others make: matter here
_SHARED = re.compile("^(?:各|全体|本|该|有关|相关|所有)+")


@dataclass(frozen=True, slots=True)
class Atom:
    """A smallest statement. ``statement`` and ``line`` tell which atoms stand together in the evidence."""

    text: str
    words: str  # the text with one word for each meaning
    facts: Facts
    own: tuple[str, ...]  # who acts here, as written here
    actors: tuple[str, ...]  # who acts here, taken over from the neighbours as well
    statement: int
    line: int
    lead: str  # what stands before it in its statement
    is_heading: bool = False  # names what the paragraph is about


def actors_of(text: str) -> tuple[str, ...]:
    """Who acts in an atom: bodies that open it or stand behind 由, the unnamed ones (供热企业, 理事会) too."""
    found: dict[str, None] = {}
    edge = 0
    for unit in facts_of(text).units:
        at = text.find(unit, edge)
        before = text[edge:at]
        if _MADE.search(unit) and not _ACTS_NOW.match(text[at + len(unit) :]):
            continue
        if not _NO_NAME.search(unit) and (_OPENS.search(before) or (found and _JOINS.fullmatch(before))):
            found[unit] = None
            edge = at + len(unit)
    for rule in (_SUBJECT, _AGENT):
        for match in rule.finditer(text):
            actor = _SHARED.sub("", match["actor"])
            if (
                len(actor) >= 2
                and not _NO_NAME.search(actor)
                and not any(actor in other or other in actor for other in found)
            ):
                found[actor] = None
    return tuple(found)


def bodies_of(text: str) -> list[str]:
    """All bodies that a text names, in order, those without a name of their own among them."""
    units = {text.find(u): u for u in facts_of(text).units}
    covered = without(text, list(units.values()))
    for match in _UNNAMED.finditer(covered):
        units[text.find(match.group())] = match.group()
    return [units[at] for at in sorted(units) if at >= 0]


def same_actor(left: str, right: str) -> bool:
    """Whether two actors can be meant for one; 各职业学校 and 职业学校 are."""
    left, right = _SHARED.sub("", left), _SHARED.sub("", right)
    if left == right or same_body(left, right) or left.endswith(right) or right.endswith(left):
        return True
    if left[-2:] != right[-2:] or facts_of(left).units or facts_of(right).units:
        return False
    return set(left[:-2]) - set("级和、与及两三") <= set(right)  # 市级和区级财政, 市、区两级财政


@lru_cache(maxsize=256)
def atoms_of(sources: tuple[Source, ...]) -> tuple[Atom, ...]:
    """All atoms of the evidence, in order."""
    found: list[Atom] = []
    statement = line = 0
    for source in sources:
        for text in source.lines:
            line += 1
            if source.is_record:
                statement += 1
                bodies = facts_of(text).units  # the cells of a row belong together
                found.append(Atom(text, canonical(text), facts_of(text), bodies, bodies, statement, line, ""))
                continue
            sentences = [s for s in re.split("[。;!?]", text) if _NUMBERING.sub("", s)]
            for n, sentence in enumerate(sentences):
                statement += 1
                atoms = list(_linked(list(cut(_NUMBERING.sub("", sentence))), statement, line))
                if n == 0 and len(sentences) > 1 and len(atoms) == 1 and _heads(atoms[0]):
                    atoms = [replace(atoms[0], is_heading=True)]
                found.extend(atoms)
    return tuple(found)


def _heads(atom: Atom) -> bool:
    facts = atom.facts
    return len(atom.text) <= _LONGEST_HEADING and not (facts.denials or facts.quantities or facts.moments or facts.done)


def cut(sentence: str) -> Iterator[str]:
    """The smallest statements of a sentence, with 分别, 前者 and lists of numbers spelled out."""
    sentence = _PLACES.sub("", sentence)
    former = _FORMER.search(sentence) if "前者" in sentence else None
    if former:
        yield f"{former['before']}{former['a']},{former['x']}".replace(",", "")
        yield f"{former['b']}{former['y']}"
        return
    respectively = _RESPECTIVELY.search(sentence) if "分别" in sentence else None
    if respectively and (shares := list(_shares(respectively["who"], respectively["what"]))):
        yield from filter(None, _MARK.split(sentence[: respectively.start()]))
        yield from shares
        return
    for piece in filter(None, _MARK.split(sentence)):
        items = piece.split("、")
        numbered = len(items) > 1 and all(claims.find_quantities(item) for item in items)
        yield from items if numbered else [piece]


def _shares(who: str, what: str) -> Iterator[str]:
    """甲、乙分别做子和丑: 甲做子, 乙丑; nothing where the two lists differ in length."""
    units = [u for u in re.split("、|和|与|及", who) if u]
    if when := _WHEN.match(what):
        what = what[when.end() :]
    for part in what.split(","):
        things = [t for t in re.split("、|和|与|及", part) if t]
        if len(things) == len(units) > 1:
            yield from (
                unit + (when.group() if when else "") + thing for unit, thing in zip(units, things, strict=True)
            )
            return


def _linked(texts: list[str], statement: int, line: int) -> Iterator[Atom]:
    owns = [actors_of(t) for t in texts]
    dependent = [bool(own) and bool(_PART.search(t) or _is_bare(t, own)) for t, own in zip(texts, owns, strict=True)]
    actors: list[tuple[str, ...]] = []
    for n, own in enumerate(owns):
        before = actors[n - 1] if n else ()
        if not own:
            actors.append(before)
        elif dependent[n] and n and dependent[n - 1]:  # 甲牵头,乙配合: both stand for what follows and precedes
            actors.append((*before, *(a for a in own if a not in before)))
        else:
            actors.append(own)
    for n in range(len(texts) - 2, -1, -1):
        if dependent[n + 1] and (not owns[n] or dependent[n] or _PART.search(texts[n + 1])):
            later = tuple(a for a in actors[n + 1] if a not in actors[n])
            actors[n] = (*actors[n], *later)
    lead = ""
    for text, own, everyone in zip(texts, owns, actors, strict=True):
        yield Atom(text, canonical(text), facts_of(text), own, everyone, statement, line, lead)
        lead += text + ","


def _is_bare(text: str, own: Sequence[str]) -> bool:
    """Whether an atom says nothing but who plays which part."""
    return is_dependent(text) and sum(weighed_pairs(without(text, own)).values()) < 1


def nearest(part: str, atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms that speak of what the part speaks of: those that share most words, bodies, dates and numbers."""
    return list(_nearest(part, tuple(atoms)))


@lru_cache(maxsize=4096)
def _nearest(part: str, atoms: tuple[Atom, ...]) -> tuple[Atom, ...]:
    words, facts = weighed_pairs(canonical(part)), facts_of(part)
    numbers = {(q.value, q.measure) for q in facts.quantities}
    days = {(m.year, m.month, m.day) for m in facts.moments}

    names = claims.quoted_names(part)

    def score(atom: Atom) -> float:
        shared = sum(w / (1 + spread[p]) for p, w in words.items() if p in atom.words)
        same = sum(1 for q in atom.facts.quantities if (q.value, q.measure) in numbers)
        same += sum(1 for m in atom.facts.moments if (m.year, m.month, m.day) in days)
        opens = len(part) > 2 and atom.text[:2] == part[:2] and HAN.match(part)
        return shared + _SAME_VALUE * same + (_SAME_OPENING if opens or any(n in atom.text for n in names) else 0)

    spread = {p: 0.15 * (sum(1 for a in atoms if p in a.words) - 1) for p in words}
    scores = [0.5 * score(a) if a.is_heading else score(a) for a in atoms]
    best = max(scores, default=0.0)
    return tuple(a for a, s in zip(atoms, scores, strict=True) if best and s >= 0.999 * best)
