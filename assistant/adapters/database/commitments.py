"""The ledger in the library: entries kept by edition, made where they are missing or made by other rules.

Entries are derived from an edition, which never changes, and from the rules, which do: each edition notes the
fingerprint of the rules that read it, and what another fingerprint made is made anew before it is served.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib import metadata
from pathlib import Path

from sqlalchemy import Engine, delete, select

import assistant.domain
from assistant.adapters.database import schema as s
from assistant.adapters.database.engine import reading, writing
from assistant.adapters.database.library import batches
from assistant.adapters.database.rows import document_of
from assistant.domain.holdings import Holding
from assistant.domain.language.resolution import IsWorkday
from assistant.domain.ledger.commitments import Entry, entries_of
from assistant.domain.units.registry import adopted
from assistant.errors import LibraryError

_log = logging.getLogger(__name__)
_DOCUMENTS_A_TRANSACTION = 20


def rules_fingerprint() -> str:
    """12 hex digits over what may change an entry: the domain's code and tables, a place's own bodies, the calendar."""
    own = adopted()
    return hashlib.sha256(f"{_code_fingerprint()}{own}".encode()).hexdigest()[:12] if own else _code_fingerprint()


@cache
def _code_fingerprint() -> str:
    digest = hashlib.sha256(metadata.version("chinesecalendar").encode())
    for folder in assistant.domain.__path__:
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix in (".py", ".csv"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class CommitmentStore:
    """Entries of editions; thread-safe. Failures to read are :class:`~assistant.errors.LibraryError`.

    ``is_workday`` is the calendar that the rules count with; ``rules`` identifies rules and calendar.
    """

    def __init__(self, engine: Engine, is_workday: IsWorkday | None = None, rules: str | None = None) -> None:
        self._engine = engine
        self._is_workday = is_workday
        self._rules = rules or rules_fingerprint()

    def holdings(self, generation: str) -> list[Holding]:
        """The documents that a generation was made of, earlier versions among them."""
        g = s.generation_documents
        query = select(g.c.document_id, g.c.edition, g.c.source).where(g.c.generation == generation)
        with reading(self._engine) as connection:
            return sorted(Holding(*row) for row in connection.execute(query))

    def entries(self, holdings: Sequence[Holding]) -> list[Entry]:
        """The entries of these editions, under the file names of the holdings; missing and outdated ones are made."""
        made = self.refresh(holdings)
        found = [entry for h in holdings for entry in made.get(h.edition, ())]
        sources = {h.edition: h.source for h in holdings if h.edition not in made}
        c = s.commitments
        with reading(self._engine) as connection:
            for some in batches(sources):
                rows = connection.execute(select(c.c.edition, c.c.entry).where(c.c.edition.in_(some)))
                found += [replace(Entry.from_json(json.loads(kept)), source=sources[edition]) for edition, kept in rows]
        return found

    def refresh(
        self, holdings: Iterable[Holding], advance: Callable[[int], None] | None = None
    ) -> dict[str, tuple[Entry, ...]]:
        """Make the entries of those editions that have none by the present rules; gives them by edition.

        They are kept where the library can be written; where it cannot they are given all the same. ``advance`` is told
        how many more of :meth:`lacking` are done.
        """
        made: dict[str, tuple[Entry, ...]] = {}
        for some in batches(self.lacking(holdings), _DOCUMENTS_A_TRANSACTION):
            fresh: dict[str, tuple[Entry, ...]] = {}
            for holding in some:
                with reading(self._engine) as connection:
                    document = document_of(connection, holding.edition, holding.source)
                if document is not None:
                    fresh[holding.edition] = entries_of(document, self._is_workday)
            try:
                self._keep(fresh)
            except LibraryError as error:
                _log.warning("the commitments of %d documents could not be kept: %s", len(fresh), error)
            made |= fresh
            if advance is not None:
                advance(len(some))
        return made

    def lacking(self, holdings: Iterable[Holding]) -> list[Holding]:
        """Those whose entries are missing, or were made by other rules."""
        x = s.extractions
        lacking: list[Holding] = []
        with reading(self._engine) as connection:
            for some in batches(holdings):
                editions = [h.edition for h in some]
                query = select(x.c.edition).where(x.c.edition.in_(editions), x.c.rules == self._rules)
                present = set(connection.execute(query).scalars())
                lacking += [h for h in some if h.edition not in present]
        return lacking

    def _keep(self, fresh: dict[str, tuple[Entry, ...]]) -> None:
        if not fresh:
            return
        rows = [
            {"edition": edition, "ordinal": n, "id": entry.id, "entry": json.dumps(entry.to_json(), ensure_ascii=False)}
            for edition, entries in fresh.items()
            for n, entry in enumerate(entries)
        ]
        with writing(self._engine) as connection:
            for table in (s.commitments, s.extractions):
                connection.execute(delete(table).where(table.c.edition.in_(list(fresh))))
            connection.execute(s.extractions.insert(), [{"edition": e, "rules": self._rules} for e in fresh])
            if rows:
                connection.execute(s.commitments.insert(), rows)
