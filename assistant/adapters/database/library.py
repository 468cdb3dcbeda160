"""Reading the library: what the index, the faces and the checks need of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Engine, and_, func, select

from assistant.adapters.database import schema as s
from assistant.adapters.database.engine import reading
from assistant.adapters.database.rows import CHUNK_COLUMNS, chunk_of, document_of
from assistant.domain.holdings import Holding, Link, LinkKind, Passage, SourceRecord, Traits
from assistant.domain.policy import Chunk, Document, Problem
from assistant.ports import DocumentInfo

_T = TypeVar("_T")


class Library:
    """The reading side of ``library.db``; thread-safe. Every failure is a :class:`~assistant.errors.LibraryError`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def url(self) -> str | None:
        """For :func:`~assistant.adapters.database.engine.open_library` in another process; None for the data folder's
        own file. It holds the password.
        """
        engine = self._engine
        return None if engine.dialect.name == "sqlite" else engine.url.render_as_string(hide_password=False)

    def generations(self) -> list[str]:
        """Names of the recorded generations, the newest first."""
        with reading(self._engine) as connection:
            return list(
                connection.execute(select(s.generations.c.name).order_by(s.generations.c.number.desc())).scalars()
            )

    def manifest_hash(self, generation: str) -> str | None:
        """The digest under which a generation was recorded; None for an unknown one."""
        with reading(self._engine) as connection:
            return connection.execute(
                select(s.generations.c.manifest_hash).where(s.generations.c.name == generation)
            ).scalar()

    def infos(self, holdings: Iterable[Holding]) -> list[DocumentInfo]:
        """Those documents that the library has of these, by title."""
        d, f = s.documents, s.fields
        infos: list[DocumentInfo] = []
        with reading(self._engine) as connection:
            for some in batches(holdings):
                sources = {h.edition: h.source for h in some}
                named: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
                for edition, name, value in connection.execute(
                    select(f.c.edition, f.c.name, f.c.value)
                    .where(f.c.edition.in_(sources))
                    .order_by(f.c.edition, f.c.ordinal)
                ):
                    named[edition][name].append(value)
                for row in connection.execute(
                    select(d.c.id, d.c.edition, d.c.title, d.c.kind).where(d.c.edition.in_(sources))
                ):
                    fields = {name: tuple(values) for name, values in named[row.edition].items()}
                    number = fields.get("number", (None,))[0]
                    infos.append(DocumentInfo(row.id, row.title, number, row.kind, sources[row.edition], fields))
        return sorted(infos, key=lambda info: (info.title, info.id))

    def document(self, holding: Holding) -> Document | None:
        """A whole document, or None where the library does not hold that edition."""
        with reading(self._engine) as connection:
            return document_of(connection, holding.edition, holding.source)

    def chunks(self, chunk_ids: Iterable[str], editions: Mapping[str, str]) -> dict[str, Chunk]:
        """Chunks by id, of those editions only (``editions``: document id by edition)."""
        found: dict[str, Chunk] = {}
        with reading(self._engine) as connection:
            for ids in batches(chunk_ids):
                rows = connection.execute(select(*CHUNK_COLUMNS, s.chunks.c.edition).where(s.chunks.c.id.in_(ids)))
                for row in rows:
                    if row.edition in editions:
                        found[row.id] = chunk_of(row, editions[row.edition])
        return found

    def chunks_of(self, holding: Holding) -> list[Chunk]:
        """All chunks of an edition, in text order."""
        return [p.chunk for p in self.passages([holding], None)]

    def passages(self, holdings: Iterable[Holding], model: str | None) -> Iterator[Passage]:
        """Chunks with the vectors of ``model``; a vector that is missing, or any where ``model`` is None, is None."""
        k, e = s.chunks, s.embeddings
        with_vector = select(*CHUNK_COLUMNS, e.c.vector).outerjoin(
            e, and_(e.c.passage_hash == k.c.passage_hash, e.c.model == model)
        )
        query = select(*CHUNK_COLUMNS) if model is None else with_vector
        for holding in holdings:
            with reading(self._engine) as connection:
                rows = connection.execute(query.where(k.c.edition == holding.edition).order_by(k.c.ordinal)).all()
            for row in rows:
                yield Passage(chunk_of(row, holding.document_id), None if model is None else row[-1])

    def chunk_count(self, holdings: Iterable[Holding]) -> int:
        """How many chunks these editions have together."""
        return sum(self.chunk_counts(holdings).values())

    def chunk_counts(self, holdings: Iterable[Holding]) -> dict[str, int]:
        """How many chunks each of these editions has; those that have none are left out."""
        edition = s.chunks.c.edition
        found: dict[str, int] = {}
        with reading(self._engine) as connection:
            for editions in batches(h.edition for h in holdings):
                rows = connection.execute(
                    select(edition, func.count()).where(edition.in_(editions)).group_by(edition)
                ).all()
                found |= {row[0]: int(row[1]) for row in rows}
        return found

    def chunk_ids(self, holdings: Iterable[Holding]) -> Iterator[str]:
        """The ids of all chunks of these editions."""
        for some in batches(holdings):
            query = select(s.chunks.c.id).where(s.chunks.c.edition.in_([h.edition for h in some]))
            with reading(self._engine) as connection:
                found = connection.execute(query).scalars().all()
            yield from found

    def sources(self) -> dict[str, SourceRecord]:
        """All sources by path, with their problems."""
        problems: dict[str, list[Problem]] = defaultdict(list)
        with reading(self._engine) as connection:
            rows = connection.execute(select(s.sources).order_by(s.sources.c.path)).all()
            names = {row.path: row.name for row in rows}
            for p in connection.execute(select(s.problems).order_by(s.problems.c.path, s.problems.c.ordinal)):
                problems[p.path].append(Problem(names[p.path], p.place, p.reason, p.lost))
        return {
            row.path: SourceRecord(
                path=row.path,
                root=row.root,
                name=row.name,
                size=row.size,
                mtime_ns=row.mtime_ns,
                sha256=row.sha256,
                parser=row.parser,
                edition=row.edition,
                problems=tuple(problems[row.path]),
                container=row.container,
            )
            for row in rows
        }

    def live(self) -> tuple[Holding, ...]:
        """One edition for each document that some source gives now.

        Where files of equal text parse differently, one whose pages are known wins (it can be cited by page), then
        the first by path; so the outcome does not depend on the order in which files came.
        """
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(s.documents.c.id, s.sources.c.edition, s.sources.c.name, s.documents.c.page_starts != "[]")
                .join(s.documents, s.documents.c.edition == s.sources.c.edition)
                .order_by(s.sources.c.path)
            ).all()
        best: dict[str, tuple[bool, Holding]] = {}
        for document_id, edition, name, paged in rows:
            if document_id not in best or (paged and not best[document_id][0]):
                best[document_id] = (bool(paged), Holding(document_id, edition, name))
        return tuple(sorted(holding for _, holding in best.values()))

    def wanted(self) -> tuple[Holding, ...]:
        """What a generation built now would have in its indexes: the live documents but for superseded ones."""
        superseded = self._superseded_ids()
        return tuple(h for h in self.live() if h.document_id not in superseded)

    def superseded(self) -> tuple[Holding, ...]:
        """Earlier versions, which a generation built now would let be read: live files, and files as they were."""
        superseded, live = self._superseded_ids(), self.live()
        found = {h.document_id: h for h in live if h.document_id in superseded}
        current = {h.document_id for h in live}
        for _, holdings in self.histories():
            for holding in holdings:
                if holding.document_id not in current:
                    found.setdefault(holding.document_id, holding)
        return tuple(sorted(found.values()))

    def histories(self) -> list[tuple[Holding | None, tuple[Holding, ...]]]:
        """For each source that was another before: what it gives now, and its earlier documents, the oldest first."""
        d, v = s.documents, s.versions
        with reading(self._engine) as connection:
            earlier = connection.execute(
                select(v.c.path, s.sources.c.name, d.c.id, v.c.edition)
                .join(d, d.c.edition == v.c.edition)
                .join(s.sources, s.sources.c.path == v.c.path)
                .order_by(v.c.path, v.c.ordinal)
            ).all()
            now = {
                path: Holding(document_id, edition, name)
                for path, name, document_id, edition in connection.execute(
                    select(s.sources.c.path, s.sources.c.name, d.c.id, d.c.edition)
                    .join(d, d.c.edition == s.sources.c.edition)
                    .where(s.sources.c.path.in_(select(v.c.path)))
                )
            }
        by_path: dict[str, list[Holding]] = defaultdict(list)
        for path, name, document_id, edition in earlier:
            by_path[path].append(Holding(document_id, edition, name))
        return [(now.get(path), tuple(found)) for path, found in by_path.items()]

    def arrivals(self) -> dict[str, int]:
        """The number of the run that first brought each live document; 0 where that was not noted."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(s.documents.c.id, func.min(func.coalesce(s.sources.c.since, 0)))
                .join(s.sources, s.documents.c.edition == s.sources.c.edition)
                .group_by(s.documents.c.id)
            ).all()
        return {document_id: int(run) for document_id, run in rows}

    def texts(self, holdings: Iterable[Holding]) -> Iterator[tuple[str, str]]:
        """(document id, canonical text)."""
        d = s.documents
        for some in batches(holdings):
            with reading(self._engine) as connection:
                rows = connection.execute(select(d.c.id, d.c.text).where(d.c.edition.in_([h.edition for h in some])))
                yield from ((row.id, row.text) for row in rows.all())

    def links(self) -> list[Link]:
        """All links between documents, as they were last worked out."""
        with reading(self._engine) as connection:
            return [_link(row) for row in connection.execute(select(s.links).order_by(*s.links.primary_key))]

    def traits(self, rules: str) -> list[Traits]:
        """What was read of texts by these rules."""
        t = s.traits
        with reading(self._engine) as connection:
            query = select(t.c.document_id, t.c.told, t.c.signature).where(t.c.rules == rules)
            return [Traits(*row) for row in connection.execute(query)]

    def mark(self, name: str) -> str | None:
        """A value kept beside the tables, such as what the links were worked out from."""
        with reading(self._engine) as connection:
            return connection.execute(select(s.marks.c.value).where(s.marks.c.name == name)).scalar()

    def _superseded_ids(self) -> set[str]:
        with reading(self._engine) as connection:
            return set(
                connection.execute(select(s.links.c.object).where(s.links.c.kind == LinkKind.SUPERSEDES)).scalars()
            )

    def last_run(self) -> Mapping[str, Any] | None:
        """The latest run: started_at, ended_at (None where it was cut off), command, summary (JSON text)."""
        with reading(self._engine) as connection:
            row = connection.execute(select(s.runs).order_by(s.runs.c.id.desc()).limit(1)).mappings().one_or_none()
        return dict(row) if row else None

    def counts(self) -> dict[str, int]:
        """Rows of the main tables, for reports and tests."""
        tables = (s.sources, s.documents, s.clauses, s.chunks, s.embeddings, s.generations)
        with reading(self._engine) as connection:
            return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}


def _link(row: Any) -> Link:
    return Link(LinkKind(row.kind), row.subject, row.object, row.note)


def batches(values: Iterable[_T], size: int = 500) -> Iterator[Sequence[_T]]:
    """Lists of at most ``size`` values: so many stand in one IN list of every database we know."""
    iterator = iter(values)
    while batch := list(islice(iterator, size)):
        yield batch
