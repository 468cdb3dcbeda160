"""Readers' judgements as an evaluation file, and open questions grouped by what they ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.domain.conversations import JudgedAnswer, OpenQuestion
from assistant.domain.language.text import terms

_ALIKE = 0.75  # share of common terms (Jaccard) from which two questions ask the same


def case_row(judged: JudgedAnswer) -> dict[str, Any]:
    """One row of an evaluation file in our own form (:mod:`assistant.evaluation.cases`).

    A useful answer asks for its quotes and its verdict again. Of one that was of no use only the question is certain:
    what is right is for a person to fill in, and the note says what was said and what was wrong with it.
    """
    answer, judgement = judged.answer, judged.judgement
    reasons = "、".join(judgement.reasons)
    told = "；".join(part for part in (reasons, " ".join(judgement.note.split())) if part)
    said = f"当时的回答：{' '.join(str(answer['answer']).split())}"
    note = "；".join(part for part in ("有用" if judgement.useful else "没用，待补充标准答案", told) if part)
    return {
        "id": f"feedback-{judged.id}",
        "category": "反馈",
        "turns": list(judged.questions),
        "quotes": list(dict.fromkeys(c["quote"] for c in answer["citations"])) if judgement.useful else [],
        "must": [],
        "must_not": [],
        "verdict": answer["verdict"] if judgement.useful else None,
        "note": f"{note}（{judged.at[:10]}，{answer['model']}，{answer['index'] or '未检索'}）。{said}",
    }


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """Questions that ask the same: the first wording, how often, when last, with how many sentences withheld."""

    question: str
    times: int
    last: str
    verdicts: tuple[str, ...]
    withheld: int


def grouped(questions: Iterable[OpenQuestion]) -> list[OpenGroup]:
    """The most frequent first, the later first among equals."""
    heads: list[tuple[frozenset[str], list[OpenQuestion]]] = []
    for question in questions:
        words = frozenset(terms(question.question))
        for head, members in heads:
            if _alike(head, words):
                members.append(question)
                break
        else:
            heads.append((words, [question]))
    groups = [_group(members) for _, members in heads]
    groups.sort(key=lambda group: group.last, reverse=True)
    return sorted(groups, key=lambda group: -group.times)


def _alike(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two questions share most of their terms, and every number: 第87号 and 第88号 are two matters."""
    if some == others:
        return True
    if any(term.isascii() for term in some ^ others):
        return False
    return len(some & others) >= _ALIKE * len(some | others)


def _group(members: Sequence[OpenQuestion]) -> OpenGroup:
    return OpenGroup(
        members[0].question,
        len(members),
        max(m.at for m in members),
        tuple(dict.fromkeys(m.verdict for m in members)),
        sum(m.withheld for m in members),
    )
