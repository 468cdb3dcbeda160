"""Clauses that belong together: what stands under one heading or lead, ranked by how far it is the list asked for.

哪些, 哪几步, 几个问题 ask for all of something. Where a document says it in clauses of their own, the best sentence is
one of them or what leads over to them; the list is the whole family. Retrieval tells which: a family is asked for
where its lead says what is asked, and where it was found with most of its items. Measured on the lists of
``benchmarks/retrieval_office`` (docs/retrieval.md).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.retrieval.relevance import Level
from assistant.domain.policy import Clause, ClauseKind, Document

_LEAST = 2
_MOST = 40  # clauses of one list; above it the family is a chapter or a whole law, and no answer
_ASKS = re.compile(
    "哪[些几]|几(?:大|个|项|条|点|类|种|步|款|方面|部分|环节)|分别|列[出举一]|有(?:什么|啥)|什么(?:条件|情形|情况|人|样的)|包括"
)
# Who, and not what: they stand in one sentence, seldom in clauses of their own.
_ASKS_WHO = re.compile(
    "哪[些几]个?(?:家|位|名|单位|部门|企业|公司|学校|院校|高校|机构|地方|地区|城市|省|国家|专家|领导)"
)
# What is counted: the noun behind the asking word, or the last one of the question.
_COUNTED = re.compile(
    "(?:哪[些几]|几|多少)[个项条种类点大]{0,2}(?:方面)?的?(?:[一-鿿]{0,4}?)"
    "(步骤|步|阶段|程序|流程|环节|问题|不足|困难|短板|原因|办法|措施|做法|举措|对策|建议|意见|条件|要求|情形|情况|行为|原则|任务|目标|"
    "危害|激励|权限|权|职责|义务|权利|标准|内容|方面)"
)
_ALIKE: tuple[frozenset[str], ...] = (
    frozenset({"步", "步骤", "阶段", "程序", "流程", "环节"}),
    frozenset({"问题", "不足", "困难", "短板", "难点", "原因", "瓶颈"}),
    frozenset({"办法", "措施", "做法", "举措", "对策", "建议", "意见"}),
    frozenset({"情形", "情况", "行为"}),
    frozenset({"权限", "权"}),
)
_LEAD, _OVER, _TITLE, _ALONE = 1.0, 0.8, 0.6, 0.9  # what a word of the question counts for, by where it stands
_HELD, _MASS, _OF_LEAD, _KIND = 0.3, 0.2, 0.3, 0.3
_BEST = 3  # items whose scores are summed
_ENOUGH_MASS = 2.0
_SURE, _AHEAD, _LIKELY = 1.2, 0.3, 1.05
_MOSTLY = 0.5  # of the items
_OPENING = 60  # characters of an item, or of a long lead, that name its matter

Coverage = Callable[..., float]


@dataclass(frozen=True, slots=True)
class Family:
    """Clauses under ``lead``, or the top clauses of a document where it is None; ``score`` from 0 to about 2.3."""

    document: Document
    lead: Clause | None
    items: tuple[Clause, ...]
    score: float = 0.0
    of_kind: bool = True  # its lead or its items name what is counted (步骤, 问题), where the question counts something
    stands_out: bool = False  # far ahead of all others

    @property
    def named_by(self) -> str:
        """What names the family: the lead and all over it; of the top clauses the title."""
        if self.lead is None:
            return self.document.title
        own = (self.lead, *self.document.ancestors(self.lead))
        return "\n".join(c.span.of(self.document.text) for c in own)

    def holds(self, document: Document, clause: Clause) -> bool:
        """Whether a clause is the lead, an item, or stands under one."""
        if document.id != self.document.id:
            return False
        own = {c.id for c in self.items} | ({self.lead.id} if self.lead else set())
        return clause.id in own or any(c.id in own for c in self.document.ancestors(clause))


def asks_for_all(text: str) -> bool:
    """Whether a question asks for each of something, not for one fact or for who they are."""
    return bool(_ASKS.search(text)) and not _ASKS_WHO.search(text)


def families(document: Document) -> Iterator[Family]:
    """All families of a document, in its order."""
    under: defaultdict[str | None, list[Clause]] = defaultdict(list)
    for clause in document.clauses:
        if clause.kind is ClauseKind.BODY and clause.label:
            under[clause.parent_id].append(clause)
    by_id = {clause.id: clause for clause in document.clauses}
    for parent, items in under.items():
        if _LEAST <= len(items) <= _MOST:
            yield Family(document, by_id.get(parent or ""), tuple(items))


def asked_for(
    question: str,
    units: Sequence[str],
    documents: Sequence[Document],
    found: Mapping[str, float],
    coverage: Coverage,
    best: tuple[Document, Clause],
) -> Family | None:
    """The family that a question asks for; None where no one stands out.

    ``found`` are the scores of retrieved clauses by their id, ``best`` is the clause of the sentence that answers best:
    a family far ahead of all others is taken without it. ``units`` are those that the question names: a list for a
    unit that the lead does not name is of some items, not of all.
    """
    if not asks_for_all(question):
        return None
    first, *others = [*ranked(question, documents, found, coverage), None]
    if first is None or not all(unit in first.named_by for unit in units):
        return None
    rival = next((f for f in others if f is not None and not _related(f, first)), None)
    ahead = first.score - (rival.score if rival else 0.0)
    if first.score >= _SURE and ahead >= _AHEAD:
        return replace(first, stands_out=True)
    return first if first.of_kind and first.score >= _LIKELY and first.holds(*best) else None


def ranked(
    question: str, documents: Sequence[Document], found: Mapping[str, float], coverage: Coverage
) -> list[Family]:
    """The families of the documents, the likeliest first."""
    kinds = _kinds_of(question)
    rated = [
        _rated(f, kinds, found, coverage)
        for document in documents
        for f in families(document)
        if any(c.id in found for c in f.items)
    ]
    return sorted((f for f in rated if f.score), key=lambda f: -f.score)


def _related(one: Family, other: Family) -> bool:
    """Whether one stands under the other."""
    return any(a.lead is not None and b.holds(a.document, a.lead) for a, b in ((one, other), (other, one)))


def _rated(family: Family, kinds: frozenset[str], found: Mapping[str, float], coverage: Coverage) -> Family:
    document, lead = family.document, family.lead
    scores = sorted((found.get(c.id, 0.0) for c in family.items), reverse=True)
    held = sum(c.id in found for c in family.items) / len(family.items)
    score = _HELD * held + _MASS * min(sum(scores[:_BEST]), _ENOUGH_MASS)
    named = sum(_names(kinds, c.heading or c.span.of(document.text)[:_OPENING]) for c in family.items) / len(
        family.items
    )
    if lead is None or lead.kind is not ClauseKind.BODY:
        if named < _MOSTLY:
            return family  # the parts of a whole text are its contents, and no list of anything
        said = document.title
        score += coverage(Level(_LEAD, said)) + _OF_LEAD * scores[0]
    else:
        said = lead.span.of(document.text)
        over = " ".join(c.heading for c in document.ancestors(lead))
        levels = (Level(_LEAD, said), Level(_OVER, over, alone=_ALONE), Level(_TITLE, document.title, alone=_ALONE))
        score += coverage(*levels) + _OF_LEAD * found.get(lead.id, 0.0)
        said = lead.heading or said[-_OPENING:]
    if not kinds:
        return replace(family, score=score)
    named = max(float(_names(kinds, said)), named)
    return replace(family, score=score + _KIND * named, of_kind=named >= _MOSTLY)


def _kinds_of(question: str) -> frozenset[str]:
    match = _COUNTED.search(question)
    if match is None or match[1] in ("方面", "内容", "要求"):
        return frozenset()
    return next((alike for alike in _ALIKE if match[1] in alike), frozenset({match[1]}))


def _names(kinds: frozenset[str], text: str) -> bool:
    return any(kind in text for kind in kinds)
