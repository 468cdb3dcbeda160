"""The documents that say something, one clause of each, counted."""

from __future__ import annotations

from assistant.answering.retrieval.reading import Reading
from assistant.answering.statements import Composition, Statement, counted, shortened

_BY_WORDS = "以上按条文中的用词查找，说法不同的可能没有列出。"


def across(reading: Reading) -> Composition | None:
    """The list of documents, where the question asks for documents and more than one says it."""
    documents = {segment.document.id for segment in reading.tellers}
    if len(documents) < 2:
        return None
    lines = [Statement(f"{shortened(segment.quote.text, 300)}。", (segment.quote,)) for segment in reading.tellers]
    return counted(lines, f"共 {{}} 条，来自 {len(documents)} 份文件（已查 {reading.looked_through} 份）。{_BY_WORDS}")
