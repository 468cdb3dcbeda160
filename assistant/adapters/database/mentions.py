"""What documents say of the things that they name, kept by edition like the entries of the ledger."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import Engine, delete, select

from assistant.adapters.database import schema as s
from assistant.adapters.database.commitments import CommitmentStore, rules_fingerprint
from assistant.adapters.database.engine import reading, writing
from assistant.adapters.database.library import batches
from assistant.adapters.database.rows import document_of
from assistant.domain.holdings import Holding
from assistant.domain.language.resolution import IsWorkday
from assistant.domain.ledger.commitments import entries_of
from assistant.domain.overtime.mentions import Told
from assistant.domain.overtime.told import told_by
from assistant.errors import LibraryError

_log = logging.getLogger(__name__)
_DOCUMENTS_A_TRANSACTION = 20


class MentionStore:
    """Mentions by edition; thread-safe. Failures to read are :class:`~assistant.errors.LibraryError`.

    As with entries, what is missing or was made by other rules is made when it is asked for.
    """

    def __init__(self, engine: Engine, is_workday: IsWorkday | None = None, rules: str | None = None) -> None:
        self._engine = engine
        self._is_workday = is_workday
        self._rules = rules or rules_fingerprint()

    def told(self, holdings: Sequence[Holding]) -> list[Told]:
        """What the documents of these holdings say, in their order; documents that are gone are left out."""
        made = self.refresh(self.lacking(holdings))
        kept = [h.edition for h in holdings if h.edition not in made]
        m = s.mentions
        with reading(self._engine) as connection:
            for some in batches(kept):
                query = select(m.c.edition, m.c.told).where(m.c.edition.in_(some))
                made |= {edition: Told.from_json(json.loads(told)) for edition, told in connection.execute(query)}
        return [made[h.edition] for h in holdings if h.edition in made]

    def lacking(self, holdings: Iterable[Holding]) -> list[Holding]:
        """Those whose mentions are missing, or were made by other rules."""
        m = s.mentions
        lacking: list[Holding] = []
        with reading(self._engine) as connection:
            for some in batches(holdings):
                query = select(m.c.edition).where(m.c.edition.in_([h.edition for h in some]), m.c.rules == self._rules)
                present = set(connection.execute(query).scalars())
                lacking += [h for h in some if h.edition not in present]
        return lacking

    def refresh(self, lacking: Iterable[Holding]) -> dict[str, Told]:
        """Make the mentions of these editions and keep them where the library can be written; gives them by edition."""
        made: dict[str, Told] = {}
        for some in batches(lacking, _DOCUMENTS_A_TRANSACTION):
            fresh: dict[str, Told] = {}
            for holding in some:
                with reading(self._engine) as connection:
                    document = document_of(connection, holding.edition, holding.source)
                if document is not None:
                    fresh[holding.edition] = told_by(document, entries_of(document, self._is_workday))
            try:
                self._keep(fresh)
            except LibraryError as error:
                _log.warning("the mentions of %d documents could not be kept: %s", len(fresh), error)
            made |= fresh
        return made

    def _keep(self, fresh: dict[str, Told]) -> None:
        if not fresh:
            return
        rows = [
            {"edition": edition, "rules": self._rules, "told": json.dumps(told.to_json(), ensure_ascii=False)}
            for edition, told in fresh.items()
        ]
        with writing(self._engine) as connection:
            connection.execute(delete(s.mentions).where(s.mentions.c.edition.in_(list(fresh))))
            connection.execute(s.mentions.insert(), rows)


class LedgerReadings:
    """:class:`ingest.ports.Commitments`: entries and mentions, both read at ingest, so that nobody waits for them."""

    def __init__(self, commitments: CommitmentStore, mentions: MentionStore) -> None:
        self._commitments = commitments
        self._mentions = mentions

    def lacking(self, holdings: Iterable[Holding]) -> list[Holding]:
        """Those of which either is missing, or was read by other rules."""
        held = list(holdings)
        wanted = {*self._commitments.lacking(held), *self._mentions.lacking(held)}
        return [h for h in held if h in wanted]

    def refresh(self, holdings: Iterable[Holding], advance: Callable[[int], None]) -> None:
        """Read and keep both."""
        held = list(holdings)
        self._commitments.refresh(held)
        for some in batches(self._mentions.lacking(held), _DOCUMENTS_A_TRANSACTION):
            self._mentions.refresh(some)
        advance(len(held))
