"""A library whose generations hold what they were given, without an index to search in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine

from assistant.adapters.database.intake import Intake
from assistant.domain.holdings import Holding, Manifest, SourceRecord
from assistant.domain.policy import Document
from assistant.errors import IndexUnavailable
from tests.fakes.shelf import Shelf


@dataclass
class Published:
    """A library, and generations of it that hold what they were given."""

    engine: Engine
    shelf: Shelf | None = None
    earlier: list[Document] = field(default_factory=list)
    _made: int = 0

    def publish(self, *documents: Document, earlier: Document | None = None) -> None:
        library = Intake(self.engine)
        holdings = [self._hold(library, d) for d in documents]
        self._made += 1
        name = f"gen-{self._made}"
        superseded = (self._hold(library, earlier),) if earlier else ()
        library.record(Manifest(name, "2024", None, None, 0, tuple(sorted(holdings)), superseded=superseded))
        self.shelf = Shelf(documents, name=name)

    def _hold(self, library: Intake, document: Document) -> Holding:
        record = SourceRecord(f"/c/{document.source}-{document.id}", "/c", document.source, 1, 1, "ab", "1", None)
        edition = library.put_source(record, document, ())
        assert edition is not None
        return Holding(document.id, edition, document.source)

    @contextmanager
    def lease(self) -> Iterator[Shelf]:
        if self.shelf is None:
            raise IndexUnavailable("还没有可用的索引")
        yield self.shelf
