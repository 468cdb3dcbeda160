"""What is read of each document once and kept: its sentences, and what stands over each clause."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock

from assistant.answering.retrieval.relevance import Level
from assistant.answering.retrieval.segments import Segment, segments_of
from assistant.domain.policy import Document

_HEADING, _ABOVE, _TITLE, _WHOLLY = 0.95, 0.8, 0.6, 0.9


@dataclass(frozen=True, slots=True)
class Contents:
    """What is read of one document: its segments in text order, and what stands over each clause."""

    segments: tuple[Segment, ...]
    above: Mapping[str, tuple[Level, ...]]  # by clause id
    above_own: Mapping[str, tuple[Level, ...]]  # the same, none of which counts for more by being alone


class Shelf:
    """Contents of documents, read once a document; documents never change under an id, so nothing goes stale."""

    def __init__(self, keep: int = 512) -> None:
        self._keep = keep
        self._contents: OrderedDict[str, Contents] = OrderedDict()
        self._lock = Lock()

    def of(self, document: Document) -> Contents:
        """The contents of a document."""
        with self._lock:
            if document.id in self._contents:
                self._contents.move_to_end(document.id)
                return self._contents[document.id]
        above = _levels_above(document)
        above_own = {clause: tuple(replace(level, alone=0.0) for level in levels) for clause, levels in above.items()}
        contents = Contents(tuple(segments_of(document)), above, above_own)
        with self._lock:
            self._contents[document.id] = contents
            while len(self._contents) > self._keep:
                self._contents.popitem(last=False)
        return contents


def _levels_above(document: Document) -> dict[str, tuple[Level, ...]]:
    """For each clause its heading, the headings over it, and the title: each counts less than the one below."""
    above: dict[str, str] = {}
    found: dict[str, tuple[Level, ...]] = {}
    for clause in document.clauses:  # a parent comes before its children
        over = above.get(clause.parent_id or "", "")
        title = Level(_TITLE, document.title, alone=_WHOLLY)
        found[clause.id] = (Level(_HEADING, clause.heading), Level(_ABOVE, over, alone=_WHOLLY), title)
        above[clause.id] = f"{over} {clause.heading}"
    return found
