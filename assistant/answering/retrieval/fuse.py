"""Fusion of the dense and lexical routes by normalised scores.

Min-max score fusion beats reciprocal rank fusion on Chinese questions here (CMRC 2018 MRR .983 against .975, STARD
.576 against .564, ``benchmarks/retrieval.py``); the optimum is flat between weights 0.4 and 0.7. Standardised scores
rank a little better (MRR .989 against .988 on CMRC, .710 against .699 on dev of ``benchmarks/retrieval_office.py``),
but are spread otherwise than :mod:`assistant.answering.retrieval.ranking` is fitted to: questions of ``tests/eval``
were lost.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.ports import Hit


def fuse(dense: Sequence[Hit], lexical: Sequence[Hit], weight: float = 0.55) -> list[Hit]:
    """Both lists as one, best first, scores in [0, 1]: ``weight`` for dense, the rest for lexical.

    A chunk that one route did not find gets nothing from it. Where one route is empty the other decides alone.
    """
    if not dense or not lexical:
        weight = 1.0 if dense else 0.0
    scores: dict[str, float] = {}
    documents: dict[str, str] = {}
    for hits, share in ((dense, weight), (lexical, 1.0 - weight)):
        for hit, score in zip(hits, _scaled(hits), strict=True):
            scores[hit.chunk_id] = scores.get(hit.chunk_id, 0.0) + share * score
            documents[hit.chunk_id] = hit.document_id
    ranked = sorted(scores, key=lambda chunk: (-scores[chunk], chunk))
    return [Hit(chunk, documents[chunk], scores[chunk]) for chunk in ranked]


def _scaled(hits: Sequence[Hit]) -> list[float]:
    if not hits:
        return []
    low, high = min(h.score for h in hits), max(h.score for h in hits)
    return [(h.score - low) / (high - low) if high > low else 1.0 for h in hits]
