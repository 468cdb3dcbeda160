"""Two documents side by side: what each says of one matter, and whether units or time limits differ."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.scope import Scope
from assistant.answering.statements import Composition, Statement, name_of
from assistant.answering.understanding.matter import compared_words
from assistant.answering.understanding.question import understand
from assistant.domain.dialogue import Verdict
from assistant.domain.ledger.commitments import Entry
from assistant.domain.policy import Document
from assistant.domain.units.names import any_same

MOST = 4  # documents side by side
_LEADS = re.compile("牵头|责任|负责")
_CASE = re.compile("主办|会办|承办")
_HELPS = re.compile("配合|协办")
_LIMITS = re.compile("时限|时间|期限|什么时候|哪个(?:更)?[早晚]|谁[早晚]|日期")


def comparison(reading: Reading, compose: Callable[[Reading], Composition]) -> Composition | None:
    """What each of the documents named says, one after the other; None where the question compares no documents."""
    question, scope = reading.question, reading.scope
    if _CASE.search(question.text):
        return None  # who handles a case stands in its head, which one answer tells of all
    if not question.compares or scope.documents is None or not 2 <= len(reading.documents) <= MOST:
        return None
    about = compared_words(question.text, (*question.named, *question.numbers))
    asks = (
        "的时限是什么时候？" if _LIMITS.search(question.text)
        else "的配合单位有哪些？" if _HELPS.search(question.text)
        else "由谁牵头？" if _LEADS.search(question.text)
        else "怎么规定？"
    )  # fmt: skip
    sides = [(d, compose(_alone(reading, d, about + asks))) for d in reading.documents]
    lines: list[Statement] = []
    for document, said in sides:
        own = [s for s in said.statements if not s.text.startswith("据《")]
        lines += [Statement(f"{name_of(document)}："), *own]
    stated = [said for _, said in sides if said.verdict in (Verdict.ANSWERED, Verdict.PARTIAL)]
    if len(stated) == len(sides):
        lines += _verdict([[s.entry for s in said.statements if s.entry] for said in stated], asks)
        return Composition(Verdict.ANSWERED, tuple(lines))
    return Composition(Verdict.PARTIAL if stated else Verdict.NOT_STATED, tuple(lines))


def _alone(reading: Reading, document: Document, text: str) -> Reading:
    """The reading of one of the documents, asked the same of it alone."""
    infos = tuple(d for d in reading.scope.documents or () if d.id == document.id)
    return replace(
        reading,
        question=replace(understand(text), text=text),
        scope=Scope(infos),
        documents=(document,),
        passages=tuple(p for p in reading.passages if p.chunk.document_id == document.id),
        held=tuple(r for r in reading.held if r.document.id == document.id),
    )


def _verdict(sides: list[list[Entry]], asks: str) -> list[Statement]:
    """Whether the ledger has the same units or days on all sides; nothing where it does not know."""
    if not all(sides):
        return []
    first, *others = [side[0] for side in sides]
    if "时限" in asks:
        if any(e.due is None for e in (first, *others)):
            return []
        same, what = all(e.due == first.due for e in others), "时限"
    else:
        part = "cooperating_known" if "配合" in asks else "leads_known"
        own: tuple[str, ...] = getattr(first, part)
        same = all(
            len(getattr(e, part)) == len(own) and all(any_same(u, own) for u in getattr(e, part)) for e in others
        )
        what = "配合单位" if "配合" in asks else "牵头单位"
    return [Statement(f"对比：各文件写的{what}{'一致' if same else '不一致'}。")]
