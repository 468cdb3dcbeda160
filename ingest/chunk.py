"""Clauses to chunks: what is embedded and retrieved. One chunk a clause; a long one is split at its sentences.

The paragraphs (款) of an article that nothing parts are one passage: apart they are more to embed and to hold, and
what is asked for is found no better (docs/intake.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from assistant.domain.language.text import sentences, trimmed
from assistant.domain.policy import Chunk, Clause, ClauseKind, Document, Span, part_id

_LONGEST_CONTEXT = 120  # characters of title and headings before the text
_LONGEST_TITLE = 60
_BREAKS = ("；;", "，,：:", "、 　")  # where a sentence that is too long is split, the best first


def chunks_of(document: Document, limit: int = 450) -> tuple[Chunk, ...]:
    """The document's chunks in text order; every character but white space is in exactly one.

    ``limit`` is the longest text of a chunk, in characters. A chunk crosses clauses only from one 款 of an article to
    the next (:meth:`Document.read_with`), and is then the first one's; a split falls between sentences, inside a
    sentence only where it alone exceeds the limit (then at ；, ，, 、).
    """
    by_id = {clause.id: clause for clause in document.clauses}
    chunks: list[Chunk] = []
    read: set[str] = set()
    for whole in document.clauses:
        if whole.id in read:
            continue
        together = document.read_with(whole)
        read.update(clause.id for clause in together)
        for position, span in enumerate(_pieces(document.text, document.passage(whole), limit)):
            clause = next(c for c in reversed(together) if c.span.start <= span.start)
            context = _context(document, clause, by_id, continued=position > 0)
            chunk_id = part_id(document.id, "k", span)
            text = span.of(document.text)
            chunks.append(Chunk(chunk_id, document.id, clause.id, len(chunks), clause.path, span, context, text))
    return tuple(chunks)


def _pieces(text: str, span: Span, limit: int) -> Iterator[Span]:
    """Runs of whole sentences of at most ``limit`` characters."""
    start = end = -1
    for sentence in sentences(text, span):
        for part in _parts(text, sentence, limit):
            if start >= 0 and part.end - start > limit:
                yield Span(start, end)
                start = -1
            start = part.start if start < 0 else start
            end = part.end
    if start >= 0:
        yield Span(start, end)


def _parts(text: str, sentence: Span, limit: int) -> Iterator[Span]:
    start = sentence.start
    while sentence.end - start > limit:
        window = text[start : start + limit]
        cut = next((c for marks in _BREAKS if (c := max(window.rfind(m) for m in marks) + 1) > limit // 3), limit)
        yield from trimmed(text, start, start + cut)
        start += cut
    yield from trimmed(text, start, sentence.end)


def _context(document: Document, clause: Clause, by_id: Mapping[str, Clause], *, continued: bool) -> str:
    """Title and the headings above, the title cut first and then the highest headings, to about 120 characters."""
    headings = []
    above: Clause | None = clause if continued else _parent(clause, by_id)
    while above is not None:
        if above.heading and above.kind not in (ClauseKind.META,):
            headings.append(f"{above.label}{above.heading}")
        above = _parent(above, by_id)
    title = _cut(document.title, _LONGEST_TITLE)
    if clause.path == "标题" and not continued:
        title = ""
    room = _LONGEST_CONTEXT - len(title)
    kept: list[str] = []
    for heading in headings:
        heading = _cut(heading, 40)
        if len(heading) + 1 > room:
            break
        kept.append(heading)
        room -= len(heading) + 1
    return re.sub(r"\s+", " ", " ".join(part for part in (title, "".join(reversed(kept))) if part))


def _parent(clause: Clause, by_id: Mapping[str, Clause]) -> Clause | None:
    return by_id[clause.parent_id] if clause.parent_id is not None else None


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
