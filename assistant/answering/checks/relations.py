"""What stands in relation to what: from which value to which, to whom a paper goes, who is asked to act, how often.

Each rule compares a pair that a sentence states with the pairs of its evidence. Values that the evidence holds can
still be paired wrongly: the number before a change told as the one after it, the office that gets a copy as the one
that gets the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.answering.checks.atoms import Atom, atoms_of, cut
from assistant.answering.checks.figures import same_count, same_moment
from assistant.answering.checks.sources import Facts, Source, facts_of
from assistant.answering.checks.wording import canonical
from assistant.domain.language import claims

_TURN = (
    "(?:调整|变更|顺延|延长|延期|推迟|提前|延|改|提高|提升|增加|降低|下降|减少|扩大|缩短|缩减|压减|压缩|整合|合并|升|降|增|减)"
    "(?:到|至|为|成|由)"
)
_CHANGE = re.compile(f"(?:由|从)(?P<was>[^,;。由从]{{1,24}}?){_TURN}(?P<now>[^,;。]{{1,30}})")
_SAYS_BEFORE = re.compile(f"原|此前|曾|过去|以前|之前|调整前|以往|不再|{_TURN}|由[^,;。]{{1,20}}(?:到|至|为|成)")
_TO = re.compile("(?:书面)?(?P<how>抄送|抄报|报送|上报|呈报|提交|移交|备案|反馈|报|送)(?:给|至|到|由|经)?$")
_COPY = ("抄送", "抄报")
_ASKED = re.compile("(?:提请|报请|商请)(?P<who>[^,;。]{1,8}?(?:政府|[局委办厅院会]|部门))(?P<verb>[一-鿿]{2})")
_BY = re.compile("(?P<what>[一-鿿]{2})(?:均|仍|拟|改)?由(?P<who>[一-鿿]{2,10})")
_LEVEL = re.compile("国家级|省级|市级|县级|区级|乡级|镇级|校级")
_LEAST_OPENING = 3  # characters with which an atom opens that tell it from others (区级财政, 在职职工)
_OFTEN = re.compile(
    "(?:^|[,;。、:])(?:其中|并|且)?(?P<who>[一-鿿]{2,10}?)(?:应当?|须|要|至少|均)?(?P<when>每(?:半年|年|季度?|月|周|日|天|学期|学年))"
)
_CLASS = re.compile("(?P<kind>[一-鿿]{2}(?:法院|检察院|机关))")
_ANY_CLASS = re.compile(
    "^(?:有关|相关|各级|主管|上述|责任|牵头|配合|成员|协同|行政|国家|政府|上级|下级|同级|所在|各自|其他|发文|制定|承办)"
)


def unrelated(part: str, sources: Sequence[Source]) -> Iterator[str]:
    """What the part pairs otherwise than its evidence, in Chinese, for logs and tests."""
    plain = "\n".join(s.body for s in sources)
    facts = facts_of(part)
    yield from _as_before(part, facts, plain)
    yield from _other_end(part, plain)
    yield from _other_addressee(part, facts, plain)
    yield from _not_asked(part, plain)
    yield from _other_rhythm(part, plain)
    yield from _by_another(part, plain)
    for piece in cut(part):
        yield from _of_another(piece, facts_of(piece), atoms_of(tuple(sources)))
    known = canonical("\n".join([plain, *(s.around for s in sources)]))
    for match in _CLASS.finditer(canonical(part)):
        if not _ANY_CLASS.match(match["kind"]) and match["kind"] not in known:
            yield f"“{match['kind']}”不见于所引条款"


def _as_before(part: str, facts: Facts, plain: str) -> Iterator[str]:
    """由6月底前顺延至12月底前 told as 6月底前."""
    if _SAYS_BEFORE.search(part):
        return
    for change in _CHANGE.finditer(plain):
        was, now = facts_of(change["was"]), facts_of(change["now"])
        rest = facts_of(plain[: change.start()] + "," + plain[change.end() :])
        old_day = [m for m in facts.moments if any(same_moment(m, o) for o in was.moments)]
        old_count = [q for q in facts.quantities if any(same_count(q, o) for o in was.quantities)]
        if old_day and old_count:
            continue  # told of its own time: 2022年为71%
        if old_day and not any(same_moment(m, o) for m in old_day for o in (*now.moments, *rest.moments)):
            yield f"“{old_day[0].written}”是调整以前的"
        if old_count and not any(same_count(q, o) for q in old_count for o in (*now.quantities, *rest.quantities)):
            yield f"“{old_count[0].written}”是调整以前的"


def _other_end(part: str, plain: str) -> Iterator[str]:
    """12个整合为7个 told as 12个整合为5个."""
    ends = list(_ends(part))
    written = list(_ends(plain)) if ends else []
    for first, last in ends:
        known = [w for f, w in written if same_count(first, f)]
        if known and not any(same_count(last, w) for w in known):
            yield f"“{first.written}”变化以后的数字与原文不符"


def _ends(text: str) -> Iterator[tuple[claims.Quantity, claims.Quantity]]:
    for clause in re.split("[,;。]", text):
        counts = facts_of(clause).quantities
        for first, last in pairwise(counts):
            a = clause.find(first.written)
            b = clause.find(last.written, a + len(first.written))
            if 0 <= a < b and re.search(_TURN, clause[a + len(first.written) : b]):
                yield first, last


def _other_addressee(part: str, facts: Facts, plain: str) -> Iterator[str]:
    """报市审计局，并抄送市纪委监委 told as 报市纪委监委."""
    for unit in facts.units:
        mine = _addressed(part, unit)
        theirs = _addressed(plain, unit)
        if mine and theirs and {h in _COPY for h in mine}.isdisjoint({h in _COPY for h in theirs}):
            yield f"报送“{unit}”的方式与原文不符"


def _addressed(text: str, unit: str) -> list[str]:
    found = (_TO.search(text, max(0, m.start() - 6), m.start()) for m in re.finditer(re.escape(unit), text))
    return [match["how"] for match in found if match]


def _not_asked(part: str, plain: str) -> Iterator[str]:
    """由市审计局提请市政府约谈 told as 由市审计局约谈."""
    for asked in _ASKED.finditer(plain):
        who, verb = asked["who"], asked["verb"]
        told = verb in part and who[-2:] not in part and "请" not in part and "建议" not in part
        if told and facts_of(part).units and verb not in plain[asked.end() :]:
            yield f"“{verb}”的是“{who}”"


def _by_another(part: str, plain: str) -> Iterator[str]:
    """资金由业主分摊 told as 资金由财政承担."""
    for match in _BY.finditer(part):
        who = match["who"]
        written = [m["who"] for m in _BY.finditer(plain) if m["what"] == match["what"]]
        if any(_ANY_CLASS.match(other) for other in written) or f"由{who[:_LEAST_OPENING]}" in plain:
            continue
        if written and not any(who[:2] in other or other[:2] in who for other in written):
            yield f"“{match['what']}由{who}”与原文不符"


def _of_another(part: str, facts: Facts, atoms: Sequence[Atom]) -> Iterator[str]:
    """市级每台20万元，区级每台5万元 told as 区级每台20万元: a number that stands with another opening or level."""
    for quantity in facts.quantities:
        holders = [a for a in atoms if any(same_count(quantity, q) for q in a.facts.quantities)]
        rivals = [
            a for a in atoms if a not in holders and any(q.measure == quantity.measure for q in a.facts.quantities)
        ]
        if not holders or not rivals or not quantity.measure:
            continue
        for level in _LEVEL.findall(part):
            if any(level in a.text for a in rivals) and not any(level in a.lead + a.text for a in holders):
                yield f"“{level}”的数字与原文不符"
        opening = next((part[:n] for n in range(10, 2, -1) if any(a.text.startswith(part[:n]) for a in rivals)), "")
        opens = (
            len(opening) >= _LEAST_OPENING
            and not opening[0].isdigit()
            and not any(opening in a.lead + a.text for a in holders)
        )
        if opens and {a.statement for a in holders} & {a.statement for a in rivals if a.text.startswith(opening)}:
            yield f"“{opening}”的数字与原文不符"


def _other_rhythm(part: str, plain: str) -> Iterator[str]:
    """市级每季度、县级每月 told as 县级每季度."""
    written = [(m["who"], m["when"].removesuffix("度")) for m in _OFTEN.finditer(plain)]
    if len({when for _, when in written}) < 2:
        return
    for match in _OFTEN.finditer(part):
        known = {when for who, when in written if who.endswith(match["who"]) or match["who"].endswith(who)}
        if known and match["when"].removesuffix("度") not in known:
            yield f"“{match['who']}{match['when']}”与原文不符"
