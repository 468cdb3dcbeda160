"""Whether a stored document still is what was parsed: every offset, id and hash of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.domain.holdings import edition_of
from assistant.domain.policy import Chunk, Document, document_id


def audit(document: Document, chunks: Sequence[Chunk], edition: str) -> Iterator[str]:
    """What is wrong with a document as the library gave it back; nothing where all is well."""
    if document_id(document.text) != document.id:
        yield "正文与编号不符"
    if edition_of(document, chunks) != edition:
        yield "内容与入库时的校验值不符"
    end = 0
    for clause in document.clauses:
        if clause.span.end > len(document.text) or clause.span.start < end:
            yield f"条款 {clause.path or clause.id} 的位置超出正文或重叠"
        elif document.text[end : clause.span.start].strip():
            yield f"条款 {clause.path or clause.id} 之前有文字不属于任何条款"
        end = max(end, clause.span.end)
    if document.text[end:].strip():
        yield "末尾有文字不属于任何条款"
    for field in document.fields:
        if field.span.of(document.text) != field.as_written:
            yield f"要素 {field.name} 的位置与原文不符"
    known = {clause.id for clause in document.clauses}
    for chunk in chunks:
        if chunk.span.of(document.text) != chunk.text:
            yield f"段落 {chunk.id} 的位置与原文不符"
        if chunk.clause_id not in known:
            yield f"段落 {chunk.id} 不属于任何条款"
