"""Who does what, and in which direction: parts of bodies, and pairs told the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.answering.checks.atoms import Atom, bodies_of, same_actor
from assistant.answering.checks.figures import same_count, same_moment
from assistant.answering.checks.sources import Facts, Window, facts_of
from assistant.answering.checks.wording import HAN, canonical
from assistant.domain.duties.roles import Part, Playing, same_body

# A sentence may use the weaker part where the clause gives the stronger one, never the reverse.
_CARRIED_BY = {
    Part.DUTY: {Part.LEAD, Part.DUTY, Part.HOST, Part.UNDERTAKE},
    Part.HELPED: {Part.HELPED, Part.LEAD, Part.HOST, Part.DUTY},
}
# 负责全市的统筹规划 carries 统筹规划: what one is responsible for, one does.
_DOES = {
    Part.COORDINATE: re.compile("统筹|协调"),
    Part.OVERSEE: re.compile("督办|督促|监督"),
    Part.GUIDE: re.compile("指导"),
    Part.DECIDE: re.compile("批准|审"),
}
_PASSIVE = re.compile("由|被|受|经|接受")
_EACH = re.compile("各$|全体$")
_TURNS = re.compile("调整|变更|改|更名|增|减|提|升|降|缩|扩|转|至|到|为|移交|交")


def other_roles(facts: Facts, there: Facts, text: str, atoms: Sequence[Atom]) -> Iterator[str]:
    """Parts that no body of the window plays."""
    for playing in facts.roles:
        if any(_plays(playing, other) for other in there.roles):
            continue
        theirs = {other.part for other in there.roles if same_body(playing.unit, other.unit)}
        does = playing.part in _DOES and _DOES[playing.part].search(text)
        watches = playing.part in (Part.OVERSEE, Part.GUIDE) and not theirs and _acts(playing.unit, text, atoms)
        if does and (Part.DUTY in theirs or watches):
            continue
        if playing.part is Part.DUTY and theirs & _DOES.keys() and not theirs - _DOES.keys() - {Part.DUTY}:
            continue  # 甲审核 told as 审核由甲负责
        if playing.part is Part.DUTY and not theirs - {Part.DUTY} and _acts(playing.unit, text, atoms):
            continue  # 甲编制目录 told as 甲负责编制目录
        yield f"“{playing.unit}{playing.part.value}”与原文的分工不符"


def _plays(claimed: Playing, written: Playing) -> bool:
    return written.part in _CARRIED_BY.get(claimed.part, {claimed.part}) and same_actor(claimed.unit, written.unit)


def _acts(unit: str, text: str, atoms: Sequence[Atom]) -> bool:
    return any(a.text in text and any(same_actor(unit, actor) for actor in a.own) for a in atoms)


def turned_around(piece: str, facts: Facts, window: Window) -> Iterator[str]:
    """Catch an exchange of subject and object: 甲评估乙 told as 乙评估甲, 由86%提高到97% as 由97%提高到86%."""
    names = bodies_of(piece)
    for left, right in pairwise(names):
        if _reversed(piece, left, right, window.text):
            yield f"“{left}”与“{right}”的主客关系与原文相反"
    there = facts_of(window.text)
    moments = [(m.written, [o.written for o in there.moments if same_moment(m, o)]) for m in facts.moments]
    counts = [(q.written, [o.written for o in there.quantities if same_count(q, o)]) for q in facts.quantities]
    words = [(word, [word]) for word in re.findall("(?<![a-z])[a-z]{1,4}(?=[类级])", piece)]
    for pairs in (moments, counts, words):
        for (left, left_there), (right, right_there) in pairwise(pairs):
            between = piece[piece.find(left) + len(left) : piece.find(right)]
            if left == right or not _TURNS.search(between) or re.search("[,、]", between):
                continue
            if any(_stands_between(window.text, b, a) for a in left_there for b in right_there):
                yield f"“{left}”与“{right}”的先后与原文相反"


def _stands_between(text: str, first: str, second: str) -> bool:
    """Whether the text turns ``first`` into ``second`` within one clause."""
    a = text.find(first)
    b = text.find(second, a + len(first))
    between = text[a + len(first) : b] if 0 <= a < b else ""
    return bool(between) and "," not in between and bool(_TURNS.search(between))


def _reversed(piece: str, left: str, right: str, text: str) -> bool:
    a, b = piece.find(left), piece.find(right)
    between = _EACH.sub("", canonical(piece[a + len(left) : b]))
    if a < 0 or b <= a or not between or not HAN.search(between) or re.fullmatch("[和与及、等]+|以及", between):
        return False
    if (
        _PASSIVE.search(between)
        or re.search("[、;]", between)
        or re.search("的牵头|单位是|单位为|主办是|的是", between)
    ):
        return False
    here_left, here_right = text.find(left), text.find(right)
    if not 0 <= here_right < here_left:
        return False
    across = _EACH.sub("", canonical(text[here_right + len(right) : here_left]))
    if _PASSIVE.search(across):
        return False
    return between == across or any(between[i : i + 2] in across for i in range(len(between) - 1))
