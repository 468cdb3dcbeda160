"""Characters, terms and sentences of Chinese text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from assistant.domain.policy import Span

_RUN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|[a-z]+|[0-9]+(?:\.[0-9]+)?")
_ALLIANCE = re.compile("融合体|共同体")
# A sentence ends at 。！？ and takes closing quotes and brackets with it; a line break ends one as well.
_SENTENCE_END = re.compile(r"[。！？!?][”’』」）)》】]*|\n+")


def fold(text: str) -> str:
    """Text for comparison: NFKC (full-width digits and letters become plain), lower case. May change the length."""
    return unicodedata.normalize("NFKC", text).lower()


def fold_names(text: str) -> str:
    """Folded text with 联合体 for 融合体 and 共同体: documents of one body use all three, and readers do not notice."""
    return _ALLIANCE.sub("联合体", fold(text))


def terms(text: str) -> list[str]:
    """Search terms in order: each Han character and each pair of neighbours, and runs of letters or digits.

    Unigrams and bigrams together beat dictionary segmentation on Chinese questions (benchmarks/retrieval) and need
    no dictionary.
    """
    found: list[str] = []
    for match in _RUN.finditer(fold(text)):
        run = match.group()
        if run[0].isascii():
            found.append(run)
            continue
        found.extend(run)
        found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found


def sentences(text: str, span: Span | None = None) -> Iterator[Span]:
    """Spans of the sentences of ``text`` (or of the part in ``span``), without white space at either end."""
    start, end = (span.start, span.end) if span else (0, len(text))
    position = start
    for match in _SENTENCE_END.finditer(text, start, end):
        yield from trimmed(text, position, match.end())
        position = match.end()
    yield from trimmed(text, position, end)


def trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """The span from ``start`` to ``end`` without white space at either end; none where nothing else is there."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)
