"""What a reader may see: index and ledger as a clearance leaves them.

A document that may not be seen is to all that follows as if it were not in the generation: it is in no search, list,
count, link or page, and its id is unknown. One without a label is hidden from everybody but those who see everything.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Generic, Protocol, TypeVar

from assistant.domain.access import Clearance
from assistant.domain.holdings import Link
from assistant.domain.policy import Chunk, Document
from assistant.ports import DocumentInfo, Hit, Index, Indexes, Labels, Ledger

_MARGIN = 1.5  # hidden documents may be nearer to a question than their share
_MOST = 300  # hits that every engine gives at once
_KEPT = 32  # views in memory; a view of n documents is a set of n ids


_Search = Callable[[int, Sequence[str] | None], list[Hit]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one clearance sees of one generation."""

    ids: frozenset[str]
    infos: tuple[DocumentInfo, ...]
    share: float  # of the generation's documents; 1.0 where nothing is left out of the searches
    view: str


class VisibleIndexes:
    """:class:`assistant.ports.GuardedIndexes` over leases and labels; thread-safe."""

    def __init__(self, indexes: Indexes, labels: Labels) -> None:
        self._indexes = indexes
        self._labels = labels
        self._kept: OrderedDict[tuple[str, str, Clearance], _Seen] = OrderedDict()
        self._lock = threading.Lock()

    def seen_by(self, clearance: Clearance) -> Indexes:
        """See :class:`assistant.ports.GuardedIndexes`."""
        return self._indexes if clearance.everything else _Leases(self, self._indexes, clearance)

    def hidden(self, clearance: Clearance, document_ids: Iterable[str]) -> frozenset[str]:
        """See :class:`assistant.ports.GuardedIndexes`."""
        if clearance.everything:
            return frozenset()
        _, labels = self._labels.current()
        return frozenset(i for i in document_ids if i not in labels or not clearance.sees(labels[i]))

    def seen(self, index: Index, clearance: Clearance) -> _Seen:
        """What of a leased generation the clearance sees, by the labels of now."""
        version, labels = self._labels.current()
        key = (index.name, version, clearance)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        ids = frozenset(i for i, label in labels.items() if clearance.sees(label))
        infos = index.documents()
        shown = tuple(info for info in infos if info.id in ids)
        digest = hashlib.sha256("\n".join(sorted(info.id for info in shown)).encode()).hexdigest()[:12]
        whole = len(shown) == len(infos)
        seen = _Seen(ids, shown, 1.0 if whole else len(shown) / len(infos), "" if whole else digest)
        with self._lock:
            self._kept[key] = seen
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return seen


@dataclass(frozen=True, slots=True)
class _Leases:
    """:class:`assistant.ports.Indexes` for one clearance."""

    guard: VisibleIndexes
    indexes: Indexes
    clearance: Clearance

    @contextmanager
    def lease(self) -> Iterator[Index]:
        with self.indexes.lease() as index:
            yield VisibleIndex(index, self.guard.seen(index, self.clearance))


class VisibleIndex:
    """:class:`assistant.ports.Index` without what may not be seen."""

    def __init__(self, index: Index, seen: _Seen) -> None:
        self._index = index
        self._seen = seen

    @property
    def name(self) -> str:
        return self._index.name

    @property
    def model(self) -> str | None:
        return self._index.model

    @property
    def view(self) -> str:
        return self._seen.view

    def dense(self, vector: Sequence[float], k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        return self._of_seen(partial(self._index.dense, vector), k, document_ids)

    def lexical(self, query: str, k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        return self._of_seen(partial(self._index.lexical, query), k, document_ids)

    def documents(self) -> Sequence[DocumentInfo]:
        return self._seen.infos

    def document(self, document_id: str) -> Document | None:
        return self._index.document(document_id) if document_id in self._seen.ids else None

    def links(self, document_id: str) -> Sequence[Link]:
        if document_id not in self._seen.ids:
            return ()
        return [
            link
            for link in self._index.links(document_id)
            if link.subject in self._seen.ids and link.object in self._seen.ids
        ]

    def chunks(self, chunk_ids: Iterable[str]) -> Mapping[str, Chunk]:
        found = self._index.chunks(chunk_ids)
        return {i: chunk for i, chunk in found.items() if chunk.document_id in self._seen.ids}

    def chunks_of(self, document_id: str) -> Sequence[Chunk]:
        return self._index.chunks_of(document_id) if document_id in self._seen.ids else ()

    def _of_seen(self, search: _Search, k: int, document_ids: Sequence[str] | None) -> list[Hit]:
        """The ``k`` best hits in documents that are seen.

        Telling the engine the documents costs with their number. Where most are seen, more hits are asked for than are
        wanted and the hidden ones dropped; the filter is for when that falls short.
        """
        seen = self._seen
        if document_ids is not None:
            return search(k, [i for i in document_ids if i in seen.ids])
        if not seen.infos:
            return []
        if seen.share == 1.0:
            return search(k, None)
        wanted = int(k / seen.share * _MARGIN) + 1
        if wanted <= _MOST:
            hits = search(wanted, None)
            found = [hit for hit in hits if hit.document_id in seen.ids][:k]
            if len(found) == k or len(hits) < wanted:
                return found
        return search(k, [info.id for info in seen.infos])


_L = TypeVar("_L", bound=Ledger, covariant=True)


class _Leased(Protocol, Generic[_L]):
    """A ledger that can be read over other leases."""

    def over(self, indexes: Indexes) -> _L: ...


class VisibleLedger(Generic[_L]):
    """:class:`assistant.ports.GuardedLedger` over the same guard."""

    def __init__(self, indexes: VisibleIndexes, ledger: _Leased[_L]) -> None:
        self._indexes = indexes
        self._ledger = ledger

    def seen_by(self, clearance: Clearance) -> _L:
        """See :class:`assistant.ports.GuardedLedger`."""
        return self._ledger.over(self._indexes.seen_by(clearance))
