"""What the document path needs of the stores, as Protocols; the adapters behind them are chosen in ``wiring``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from assistant.domain.access import Visibility
from assistant.domain.holdings import Holding, Link, Manifest, Reuse, SourceRecord, Traits
from assistant.domain.policy import Chunk, Document, Problem
from assistant.ports import DocumentInfo


class Library(Protocol):
    """The truth: sources, documents, passages and their vectors. Each write is one transaction."""

    def sources(self) -> dict[str, SourceRecord]: ...

    def live(self) -> tuple[Holding, ...]:
        """All documents that sources give now."""
        ...

    def wanted(self) -> tuple[Holding, ...]:
        """What a generation built now would search in: the live ones but for superseded versions."""
        ...

    def superseded(self) -> tuple[Holding, ...]:
        """What a generation built now would let be read besides: earlier versions."""
        ...

    def histories(self) -> Sequence[tuple[Holding | None, Sequence[Holding]]]:
        """For each source that was another before: what it gives now, and its earlier documents, the oldest first."""
        ...

    def arrivals(self) -> Mapping[str, int]:
        """The number of the run that brought each live document."""
        ...

    def infos(self, holdings: Iterable[Holding]) -> Sequence[DocumentInfo]: ...

    def texts(self, holdings: Iterable[Holding]) -> Iterable[tuple[str, str]]: ...

    def mark(self, name: str) -> str | None: ...

    def links(self) -> Sequence[Link]: ...

    def traits(self, rules: str) -> Iterable[Traits]:
        """What was read of texts by these rules."""
        ...

    def put_traits(self, rules: str, new: Iterable[Traits], kept: Iterable[str]) -> None:
        """Keep these, and those that are there of the documents ``kept``; no others."""
        ...

    def put_links(self, links: Iterable[Link], mark: str, value: str) -> None: ...

    def put_source(
        self, source: SourceRecord, document: Document | None, chunks: Sequence[Chunk], *, revised: bool = False
    ) -> str | None:
        """Record a file with what it gives now, in place of what it gave before; returns the edition.

        ``revised``: what it gave before is to be kept as an earlier version.
        """
        ...

    def put_sources(
        self, entries: Iterable[tuple[SourceRecord, Document | None, Sequence[Chunk]]], *, revised: bool = False
    ) -> Sequence[str | None]:
        """The same for several at once."""
        ...

    def put_reading(self, source: SourceRecord) -> None:
        """Record a file whose document (``source.edition``) stays as it was."""
        ...

    def drop_sources(self, paths: Iterable[str]) -> None: ...

    def missing(self, model: str, holdings: Iterable[Holding]) -> list[tuple[str, str]]:
        """(hash, passage) without a vector of ``model``."""
        ...

    def put_vectors(self, model: str, vectors: Iterable[tuple[str, bytes]]) -> None: ...

    def chunk_count(self, holdings: Iterable[Holding]) -> int: ...

    def purge(self) -> int: ...

    def counts(self) -> dict[str, int]: ...

    def last_run(self) -> Mapping[str, Any] | None: ...

    def begin_run(self, command: str) -> int: ...

    def end_run(self, run: int, summary: str) -> None: ...


class Labels(Protocol):
    """Who may see which file and document."""

    def of_sources(self) -> dict[str, tuple[Visibility, str]]:
        """Label and what gave it, for each file that has one of its own."""
        ...

    def put(self, labels: Mapping[str, tuple[Visibility, str] | None]) -> None:
        """Label files by path; None takes a label away."""
        ...

    def settle(self, default: Visibility) -> int:
        """Work out the labels of documents from those of their files; how many have changed."""
        ...


class Commitments(Protocol):
    """The ledger (责任台账) as it is kept by document."""

    def lacking(self, holdings: Iterable[Holding]) -> Sequence[Holding]:
        """Those whose commitments are missing, or were read by other rules."""
        ...

    def refresh(self, holdings: Iterable[Holding], advance: Callable[[int], None]) -> Any:
        """Read the commitments of those that lack them, and keep them."""
        ...


class Candidates(Protocol):
    """What a chat model offers beside the rules, where it is asked."""

    @property
    def asks(self) -> bool:
        """Whether a model is asked at ingest."""
        ...

    def carry(self, holdings: Iterable[Holding]) -> None:
        """Take over what was offered of the same words in other editions of these documents."""
        ...

    def find(
        self, holdings: Iterable[Holding], begin: Callable[[int], None], advance: Callable[[], None]
    ) -> Sequence[Problem]:
        """Ask about what nobody has read, where that is wished; gives remarks, and never fails for the model's sake."""
        ...


class Staged(Protocol):
    """A generation built aside."""

    @property
    def manifest(self) -> Manifest: ...

    @property
    def anew(self) -> bool:
        """Whether it took nothing over from another."""
        ...


class Builder(Protocol):
    """Makes generations of the index and switches between them."""

    def current(self) -> Manifest | None: ...

    def clear_staging(self) -> None: ...

    def build(
        self,
        model: str | None,
        holdings: Iterable[Holding],
        advance: Callable[[int], None],
        superseded: Iterable[Holding] = (),
        reuse: Reuse = Reuse.ALL,
    ) -> Staged: ...

    def verify(self, staged: Any) -> None: ...

    def install(self, staged: Any) -> None: ...

    def sweep(self, keep_previous: bool = True) -> None: ...


class Progress(Protocol):
    """Told how far the work is; ``stage`` is one of :data:`ingest.report.STAGES`."""

    def begin(self, stage: str, total: int) -> None: ...

    def advance(self, count: int = 1) -> None: ...

    def took(self, documents: int, pages: int) -> None:
        """So many more documents were read, with so many pages (0 where the format has none)."""
        ...

    def end(self) -> None: ...
