"""What a model offered, in the library: by clause, as the model made it, beside what of it stood up to the clause.

The offers are kept as they came, for the rules that they are held against change: what another fingerprint of the rules
made is made anew before it is given out. A clause whose words are the same in a new edition of its document is not
shown to a model again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Engine, Row, delete, func, select, update

from assistant.adapters.database import schema as s
from assistant.adapters.database.commitments import CommitmentStore, rules_fingerprint
from assistant.adapters.database.engine import reading, writing
from assistant.adapters.database.library import batches
from assistant.adapters.database.rows import document_of
from assistant.domain.holdings import Holding
from assistant.domain.language.resolution import IsWorkday
from assistant.domain.ledger.candidates import Offer, Sifted, open_clauses, sift, words_of
from assistant.domain.ledger.commitments import Entry, told_apart
from assistant.domain.policy import Document
from assistant.ports import Unread

_DOCUMENTS_AT_ONCE = 50


class CandidateStore:
    """:class:`assistant.ports.Candidates` over the library; thread-safe.

    Failures are :class:`~assistant.errors.LibraryError`.
    """

    def __init__(
        self,
        engine: Engine,
        commitments: CommitmentStore,
        is_workday: IsWorkday | None = None,
        rules: str | None = None,
    ) -> None:
        self._engine = engine
        self._commitments = commitments
        self._is_workday = is_workday
        self._rules = rules or rules_fingerprint()

    def latest(self) -> int:
        """Changes whenever a clause more was read; cheap, to be asked before every reading."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.max(s.candidates.c.number))).scalar() or 0

    def unread(self, holdings: Iterable[Holding]) -> list[Unread]:
        """See :class:`assistant.ports.Candidates`."""
        found: list[Unread] = []
        for some in batches(holdings, _DOCUMENTS_AT_ONCE):
            read, shown = self._read(some), self._shown([h.edition for h in some])
            for holding in some:
                document = self._document(holding)
                if document is not None:
                    wanted = open_clauses(document, read[holding.document_id])
                    done = shown[holding.edition]
                    found += [Unread(holding.edition, document.title, o) for o in wanted if o.words not in done]
        return found

    def keep(self, clause: Unread, offers: Sequence[Offer], model: str, prompt: str) -> Sifted:
        """See :class:`assistant.ports.Candidates`; where another process was faster, the later word holds."""
        with reading(self._engine) as connection:
            document = document_of(connection, clause.edition, "")
        if document is None:  # taken out of the library meanwhile
            return Sifted()
        holding = Holding(document.id, clause.edition, "")
        made = sift(document, {clause.open.words: offers}, self._read([holding])[document.id], self._is_workday)
        sifted = made.get(clause.open.words, Sifted())
        c = s.candidates
        row = {
            "edition": clause.edition,
            "words": clause.open.words,
            "document": document.key,
            "model": model,
            "prompt": prompt,
            "offers": json.dumps([asdict(o) for o in offers], ensure_ascii=False),
            **self._made(sifted),
        }
        with writing(self._engine) as connection:
            connection.execute(delete(c).where(c.c.edition == clause.edition, c.c.words == clause.open.words))
            connection.execute(c.insert(), row)
        return sifted

    def carry(self, holdings: Iterable[Holding]) -> None:
        """Take over for these editions what was offered of the same words in others of their document."""
        c = s.candidates
        with reading(self._engine) as connection:
            known = set(connection.execute(select(c.c.document).distinct()).scalars())
        for holding in holdings if known else ():
            document = self._document(holding)
            if document is None or document.key not in known:
                continue
            words = {words_of(document, clause) for clause in document.clauses}
            with writing(self._engine) as connection:
                there = connection.execute(select(c).where(c.c.document == document.key).order_by(c.c.number)).all()
                own = {row.words for row in there if row.edition == holding.edition}
                others = {row.words: row for row in there if row.words in words - own}
                if others:
                    connection.execute(c.insert(), [_anew(row, holding.edition) for row in others.values()])

    def offered(self, holdings: Sequence[Holding]) -> list[Entry]:
        """The candidates of these editions, whatever people say of them, under the file names of the holdings."""
        by_edition = {h.edition: h for h in holdings}
        rows: list[Row[Any]] = []
        c = s.candidates
        with reading(self._engine) as connection:
            for some in batches(by_edition):
                rows += connection.execute(select(c).where(c.c.edition.in_(some)).order_by(c.c.number)).all()
        outdated: defaultdict[str, list[Row[Any]]] = defaultdict(list)
        found: list[Entry] = []
        for row in rows:
            if row.rules != self._rules:
                outdated[row.edition].append(row)
                continue
            source = by_edition[row.edition].source
            found += [replace(Entry.from_json(entry), source=source) for entry in json.loads(row.entries)]
        for edition, old in outdated.items():
            found += self._sifted_anew(by_edition[edition], old)
        return told_apart(found)

    def _sifted_anew(self, holding: Holding, rows: Sequence[Row[Any]]) -> list[Entry]:
        document = self._document(holding)
        if document is None:
            return []
        offers = {row.words: [_offer(o) for o in json.loads(row.offers)] for row in rows}
        made = sift(document, offers, self._read([holding])[document.id], self._is_workday)
        c = s.candidates
        with writing(self._engine) as connection:
            for row in rows:
                values = self._made(made.get(row.words, Sifted()))
                connection.execute(update(c).where(c.c.number == row.number).values(**values))
        return [entry for sifted in made.values() for entry in sifted.entries]

    def _made(self, sifted: Sifted) -> dict[str, str]:
        entries = [entry.to_json() for entry in sifted.entries]
        return {"rules": self._rules, "entries": json.dumps(entries, ensure_ascii=False)}

    def _document(self, holding: Holding) -> Document | None:
        with reading(self._engine) as connection:
            return document_of(connection, holding.edition, holding.source)

    def _read(self, holdings: Sequence[Holding]) -> defaultdict[str, list[Entry]]:
        """What the rules made of these documents, by document id."""
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self._commitments.entries(holdings):
            found[entry.document_id].append(entry)
        return found

    def _shown(self, editions: Sequence[str]) -> defaultdict[str, set[str]]:
        """The fingerprints of the clauses that a model was shown, by edition."""
        c = s.candidates
        found: defaultdict[str, set[str]] = defaultdict(set)
        with reading(self._engine) as connection:
            for edition, words in connection.execute(select(c.c.edition, c.c.words).where(c.c.edition.in_(editions))):
                found[edition].add(words)
        return found


def _anew(row: Row[Any], edition: str) -> dict[str, Any]:
    """A row for another edition, to be held against its clause before it is given out."""
    kept = {name: getattr(row, name) for name in ("words", "document", "model", "prompt", "offers")}
    return {**kept, "edition": edition, "rules": "", "entries": "[]"}


def _offer(data: dict[str, Any]) -> Offer:
    units = {name: tuple(data[name]) for name in ("lead_units", "cooperating_units")}
    return Offer(**{**data, **units})
