"""From a question to what is read for it: documents named or retrieved, passages, addressed clauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from assistant.answering.retrieval.across import among, tellers, wanted
from assistant.answering.retrieval.books import Books, RowsByClause
from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.retrieve import Passage, Retriever
from assistant.answering.retrieval.scope import Scope, resolve
from assistant.answering.retrieval.shelf import Shelf
from assistant.answering.understanding.addresses import addressed
from assistant.answering.understanding.intents import Intent
from assistant.answering.understanding.question import Understood
from assistant.domain.language.plain_words import official_words
from assistant.domain.overtime.asks import ASKING, REPLYING
from assistant.ports import DocumentInfo, Index

_LIKELY = "没有找到名称完全相符的“{}”，以下按最接近的文件查找，请核对。"
PASSAGES = 12  # enter the answer
_HITS, _LOOKED_INTO = 50, 12  # passages and documents in which the words of a description are looked for
_REACH = 60  # decide which documents are read
# Documents this near to the best one are read beside it, and how many: the rows of a matter stand in several.
_NEAR, _DOCUMENTS = 0.5, 4
_NEAR_ROWS, _DOCUMENTS_ROWS = 0.2, 12
# A list over the whole library reads every document while there are no more than this. Beyond, its rows still come from
# the whole ledger, and so many documents are read beside them, those with the words first.
_WHOLE_LIBRARY, _BESIDE_THE_LEDGER = 400, 60


def read(
    index: Index,
    question: Understood,
    focus: Sequence[str],
    retriever: Retriever,
    shelf: Shelf,
    books: Books,
    notices: list[str] | None = None,
) -> Reading:
    """Everything that composing an answer needs, from one leased index; ``notices`` as in :meth:`Retriever.find`."""
    held = index.documents()
    scope = resolve(question, held, focus, partial(_saying, index))
    if scope.likely and notices is not None and (likely := _LIKELY.format(scope.likely)) not in notices:
        notices.append(likely)
    passages = retrieved(index, question, scope, retriever, _REACH, notices)
    chosen = _chosen(index, question, scope, held, passages)
    if question.intent is Intent.ASKS:
        chosen = _with_counterparts(chosen, held)
    documents = tuple(d for d in (index.document(i) for i in chosen) if d is not None)
    clauses = frozenset(c for d in documents for c in addressed(d, question.clauses)) if question.clauses else None
    rows = tuple(books.chosen(documents=frozenset(d.id for d in documents)))
    across = wanted(question, scope)
    looked_through = among(across, held) if across else []
    reached = tuple(dict.fromkeys(p.chunk.document_id for p in passages))
    return Reading(
        question,
        scope,
        documents,
        tuple(passages[:PASSAGES]),
        shelf,
        books,
        rows,
        RowsByClause(rows),
        len(held),
        near=tuple(passages),
        reached=reached,
        clauses=clauses or None,
        nearness=retriever.nearness(question.text),
        tellers=tellers(index, across, looked_through) if across else (),
        looked_through=len(looked_through),
    )


def _saying(index: Index, words: str, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Those documents of ``ids`` that hold the words best, with their texts."""
    hits = index.lexical(words, _HITS, ids) if ids else []
    for document_id in list(dict.fromkeys(h.document_id for h in hits))[:_LOOKED_INTO]:
        if document := index.document(document_id):
            yield document_id, document.text


def retrieved(
    index: Index,
    question: Understood,
    scope: Scope,
    retriever: Retriever,
    k: int,
    notices: list[str] | None = None,
) -> list[Passage]:
    """The ``k`` passages nearest to a question in its own words and in those of official texts, best first."""
    query = " ".join((question.text, *official_words(question.text)))
    return retriever.find(index, query, k, scope.ids, notices)


def _chosen(
    index: Index, question: Understood, scope: Scope, held: Sequence[DocumentInfo], passages: Sequence[Passage]
) -> list[str]:
    if scope.documents is not None:
        return [d.id for d in scope.documents]
    if question.intent is Intent.METADATA and not question.object:
        complete = [d.id for d in held if all(d.fields.get(f) for f in question.fields)]
        return complete or [d.id for d in held if any(d.fields.get(f) for f in question.fields)]
    if _over_all(question):
        if len(held) <= _WHOLE_LIBRARY:
            return [d.id for d in held]
        words = " ".join(question.units) or question.text
        return list(dict.fromkeys(h.document_id for h in index.lexical(words, 2000)))[:_BESIDE_THE_LEDGER]
    if question.intent is Intent.CONTENT and not (question.wants_list or question.wants_count):
        return _nearest(passages[:PASSAGES], _NEAR, _DOCUMENTS)
    return _nearest(passages, _NEAR_ROWS, _DOCUMENTS_ROWS, best=1)


def _with_counterparts(chosen: Sequence[str], held: Sequence[DocumentInfo]) -> list[str]:
    """Proposals with their replies and the other way round, by the proposal's number."""
    infos = {d.id: d for d in held}
    numbers = {
        n for i in chosen for n in infos[i].fields.get("proposal_number", ()) if infos[i].kind in (*ASKING, *REPLYING)
    }
    case = [d.id for d in held if d.kind in (*ASKING, *REPLYING) and numbers & set(d.fields.get("proposal_number", ()))]
    return case or list(chosen)


def _over_all(question: Understood) -> bool:
    """Whether the question asks over the whole library: a list for a unit, or a list without any object."""
    if question.intent is Intent.OVERDUE or question.wants_sections:
        return True
    listing = question.intent in (Intent.LEAD, Intent.COOPERATION, Intent.PROGRESS)
    return listing and (question.wants_list or not question.object) and (bool(question.units) or not question.object)


def _nearest(passages: Sequence[Passage], near: float, most: int, best: int = 3) -> list[str]:
    """Documents by the sum of their ``best`` best passages, the best first."""
    scores: dict[str, list[float]] = {}
    for passage in passages:
        scores.setdefault(passage.chunk.document_id, []).append(passage.score)
    summed = {d: sum(s[:best]) for d, s in scores.items()}
    top = max(summed.values(), default=0.0)
    ranked = sorted(summed, key=lambda d: -summed[d])
    return [d for d in ranked if summed[d] >= near * top][:most]
