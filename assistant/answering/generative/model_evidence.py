"""What a model is shown, and the exact place that a sentence of its stands on."""

from __future__ import annotations

from assistant.answering.evidence import Evidence, new_keys
from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.relevance import Relevance
from assistant.answering.retrieval.segments import segment_spans
from assistant.answering.statements import Composition, Quote, trimmed
from assistant.domain.policy import Document, Span

_PASSAGES = 8
_LONGEST = 600  # characters of a clause that is shown whole around a quote


def evidence_of(reading: Reading, composition: Composition) -> list[Evidence]:
    """The clauses behind the extractive answer first, then the best retrieved passages; no place twice."""
    documents = {d.id: d for d in reading.documents}
    places: dict[tuple[str, Span], float] = {}
    for statement in composition.statements:
        for quote in statement.quotes:
            clause = quote.document.clause_at(quote.span.start)
            whole = quote.document.passage(clause) if clause else quote.span
            whole = whole if whole.end - whole.start <= _LONGEST else quote.span
            places.setdefault((quote.document.id, trimmed(quote.document, whole)), 1.0)
    for passage in reading.passages[:_PASSAGES]:
        document = documents.get(passage.chunk.document_id)
        if document is not None:
            span = trimmed(document, passage.chunk.span)
            if not any(d == document.id and other.covers(span) for d, other in places):
                places[(document.id, span)] = passage.score
    keys = new_keys(len(places))
    return [
        _evidence(key, documents[document_id], span, score)
        for key, ((document_id, span), score) in zip(keys, places.items(), strict=True)
        if document_id in documents
    ]


def _evidence(key: str, document: Document, span: Span, score: float) -> Evidence:
    clause = document.clause_at(span.start)
    headings = [c.heading for c in reversed(document.ancestors(clause))] if clause else []
    return Evidence(
        key=key,
        document_id=document.id,
        title=document.title,
        number=document.number,
        path=document.path_of(span),
        page=document.page_of(span.start),
        span=span,
        text=span.of(document.text),
        context=" ".join(h for h in headings if h),
        score=score,
    )


def narrowed(sentence: str, evidence: Evidence, reading: Reading) -> Quote:
    """The sentence of the evidence that a model's sentence rests on most; the whole evidence where none stands out."""
    document = next(d for d in reading.documents if d.id == evidence.document_id)
    clause = document.clause_at(evidence.span.start)
    whole = Quote(document, evidence.span)
    if clause is None:
        return whole
    spans = [
        trimmed(document, s)
        for read in document.read_with(clause)
        for s in segment_spans(document, read)
        if evidence.span.covers(trimmed(document, s))
    ]
    if len(spans) < 2:
        return whole
    relevance = Relevance(sentence, [s.of(document.text) for s in spans])
    best = max(spans, key=lambda s: relevance(s.of(document.text)))
    return Quote(document, best) if relevance(best.of(document.text)) >= 0.5 else whole
