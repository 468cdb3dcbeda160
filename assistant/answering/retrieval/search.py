"""Search alone: the passages nearest to some words, as places that can be cited, without an answer made of them."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.retrieval.retrieve import Retriever
from assistant.answering.statements import Quote, citation_of
from assistant.domain.access import Clearance
from assistant.errors import BadRequest
from assistant.ports import Found, GuardedIndexes


class Search:
    """:class:`assistant.ports.Searcher` over what a clearance sees."""

    def __init__(self, indexes: GuardedIndexes, retriever: Retriever, longest: int = 2000) -> None:
        self._indexes = indexes
        self._retriever = retriever
        self._longest = longest

    def search(self, query: str, clearance: Clearance, k: int = 8) -> Sequence[Found]:
        """See :class:`assistant.ports.Searcher`."""
        words = query.strip()
        if not words:
            raise BadRequest("没有要查的内容。", "请写明要查的内容。", param="query")
        if len(words) > self._longest:
            raise BadRequest("要查的内容太长了。", f"请缩短到 {self._longest} 字以内。", "too_long", "query")
        found: list[Found] = []
        with self._indexes.seen_by(clearance).lease() as index:
            for passage in self._retriever.find(index, words, k):
                chunk = passage.chunk
                document = index.document(chunk.document_id)
                if document is None:
                    continue
                place = citation_of(len(found) + 1, Quote(document, chunk.span))
                found.append(Found(place, passage.score))
        return found
