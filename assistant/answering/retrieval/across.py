"""Questions for documents and not for a passage: 哪些法律规定举报有奖, 哪些提案说到养老护理.

Retrieval by nearness gives the best few; here every document of the kind is wanted that says it. So all clauses that
hold most of the question's words are taken, by their words alone: what is said in other words is not counted, and the
answer tells that. Measured on the lists of ``benchmarks/retrieval_office`` (docs/retrieval.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.retrieval.reading import Segment, segments_in
from assistant.answering.retrieval.scope import Scope, is_kind
from assistant.answering.understanding.matter import object_of
from assistant.answering.understanding.question import Understood
from assistant.domain.language.plain_words import in_official_words, official_words
from assistant.domain.language.text import fold, terms
from assistant.domain.policy import ClauseKind
from assistant.ports import DocumentInfo, Index

SAYS = 0.6
"""Share of the question's terms from which a sentence says what is asked.

Every term counts alike: by rarity, the pairs across two words (人保 of 举报人保密) weigh most, and a text that puts a
word between is missed (of 12 laws that keep informers secret 2 were found, and all 12 so). At 0.5 others come in.
"""
_IN_CLAUSE = 0.9  # a term that stands in the clause and not in the sentence counts so much
_LONE = 0.5  # a single character (奖) tells less than a pair
_REACH = 1000  # clauses that are looked at, the best by words
_SUBJECT = re.compile(
    "(?:哪(?:些|几[部个份件项篇])|几[部份件])(?P<kind>法律法规|法律|法规|条例|法(?=[里中规要都有])|提案|文件|办法|"
    "规定(?=[里中都有对])|方案|通知|意见)(?:里面?|当?中|[都有对])*(?:规定|要求|写明|写|提[出到及]?|说到?|讲到?|涉及|明确)?[了过到]?"
)
_LAWS = ("法律法规", "法律", "法规", "法", "条例")
_LEADING = "替为给对让使由向跟与和要"  # prepositions before a word are no part of it
_BODY = (ClauseKind.BODY, ClauseKind.TABLE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Documents of a kind (文件 for any) that say ``words``."""

    kind: str
    words: str


def wanted(question: Understood, scope: Scope) -> Wanted | None:
    """What documents a question asks for; None where it names its documents or asks for something else."""
    match = _SUBJECT.search(question.text)
    if match is None or scope.by_focus or question.numbers or question.proposals or question.titles:
        return None
    rest = f"{question.text[: match.start()]} {question.text[match.end() :]}"
    runs = " ".join((object_of(rest, question.units), *question.units)).split()
    words = " ".join(filter(None, (run.lstrip(_LEADING) if len(run) > 2 else run for run in runs)))
    return Wanted(match["kind"], words) if len(words.replace(" ", "")) > 2 else None


def tellers(index: Index, asked: Wanted, held: Sequence[DocumentInfo]) -> tuple[Segment, ...]:
    """The sentence of each document of the kind that says it best, the best first; none of those that do not."""
    among = None if asked.kind == "文件" else [info.id for info in held if _of_kind(info, asked.kind)]
    hits = index.lexical(" ".join((asked.words, *official_words(asked.words))), _REACH, among)
    chunks = index.chunks([hit.chunk_id for hit in hits])
    wordings = [_terms(words) for words in dict.fromkeys((asked.words, in_official_words(asked.words)))]
    found: dict[str, tuple[float, Segment]] = {}
    for hit in hits:
        chunk = chunks.get(hit.chunk_id)
        if chunk is None:
            continue
        around = fold(chunk.text)
        if max(_share(runs, "", around) for runs in wordings) < SAYS * _IN_CLAUSE:
            continue
        document = index.document(chunk.document_id)
        clause = document.clause_at(chunk.span.start) if document else None
        if document is None or clause is None or clause.kind not in _BODY:
            continue
        for segment in segments_in(document, document.passage(clause)):
            said = fold(segment.text)
            share = max(_share(runs, said, around) for runs in wordings)
            if share >= SAYS and (document.id not in found or share > found[document.id][0]):
                found[document.id] = (share, segment)
    return tuple(segment for _, segment in sorted(found.values(), key=lambda pair: -pair[0]))


def _terms(words: str) -> list[list[str]]:
    """The terms of each word: pairs of characters, whole numbers and Latin words."""
    return [[t for t in terms(run) if len(t) > 1 or t.isascii()] or terms(run) for run in words.split()]


def _share(runs: Sequence[Sequence[str]], said: str, around: str) -> float:
    """How much of the terms a sentence and its clause hold, both folded; 0 where some word is wholly missing."""
    held = total = 0.0
    for run in runs:
        weights = [_LONE if len(term) == 1 else 1.0 for term in run]
        counts = [1.0 if term in said else _IN_CLAUSE * (term in around) for term in run]
        if not any(counts):
            return 0.0
        held += sum(weight * count for weight, count in zip(weights, counts, strict=True))
        total += sum(weights)
    return held / total if total else 0.0


def _of_kind(info: DocumentInfo, kind: str) -> bool:
    return info.kind == "法规" if kind in _LAWS else is_kind(info, kind)
