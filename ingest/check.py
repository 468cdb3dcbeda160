"""The invariants that citations stand on, checked on every document before it is stored."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.domain.policy import Chunk, Clause, Document, Problem, Span


def check(document: Document, chunks: Sequence[Chunk]) -> tuple[Problem, ...]:
    """What is wrong with a parsed document; empty when all holds.

    Own spans of clauses and spans of chunks are in order, apart, inside the text, and leave out nothing but white
    space; paths and ids are unique; parents exist and come first; every field and chunk says what its span holds.
    """
    found: list[str] = []
    text = document.text
    found += _tiling(text, [c.span for c in document.clauses], "条款")
    found += _tiling(text, [c.span for c in chunks], "段落")
    clauses = {c.id: c for c in document.clauses}
    if len(clauses) != len(document.clauses) or len({c.path for c in document.clauses}) != len(document.clauses):
        found.append("条款的编号或路径有重复")
    seen: set[str] = set()
    for clause in document.clauses:
        if clause.parent_id is not None and clause.parent_id not in seen:
            found.append(f"条款“{clause.path}”的上级不在其前")
        seen.add(clause.id)
    for chunk in chunks:
        owner = clauses.get(chunk.clause_id)
        if owner is None or not _holds(document, owner, chunk.span) or chunk.text != chunk.span.of(text):
            found.append(f"段落 {chunk.span.start} 与条款或原文不符")
    for field in document.fields:
        if field.span.of(text) != field.as_written:
            found.append(f"字段 {field.name} 与原文不符")
    if list(document.page_starts) != sorted(document.page_starts) or document.page_starts[-1:] > (len(text),):
        found.append("页码次序有误")
    return tuple(Problem(document.source, "", reason, lost=True) for reason in found)


def _holds(document: Document, owner: Clause, span: Span) -> bool:
    """Whether a chunk begins in its clause and goes no further than the 款 that are read with it."""
    return owner.span.covers(Span(span.start, span.start)) and document.passage(owner).covers(span)


def _tiling(text: str, spans: Sequence[Span], what: str) -> list[str]:
    found = []
    position = 0
    for span in spans:
        if span.start < position or span.end > len(text) or span.start == span.end:
            found.append(f"{what} {span.start}–{span.end} 重叠、为空或越界")
        elif text[position : span.start].strip():
            found.append(f"第 {position}–{span.start} 字不在任何{what}中")
        position = max(position, span.end)
    if text[position:].strip():
        found.append(f"第 {position} 字之后不在任何{what}中")
    return found
