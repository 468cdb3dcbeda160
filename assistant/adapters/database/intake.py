"""Writing the library: what ingest does to it. Each method is one transaction, so a kill leaves it whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, func, not_, select, update

from assistant.adapters.database import schema as s
from assistant.adapters.database.engine import reading, shrink, writing
from assistant.adapters.database.library import Library, batches
from assistant.adapters.database.rows import insert_document
from assistant.domain.holdings import Holding, Link, Manifest, SourceRecord, Traits, edition_of
from assistant.domain.policy import Chunk, Document
from assistant.errors import LibraryError


class Intake(Library):
    """The library for the one process that holds the ingest lock: all of reading, and writing."""

    def put_source(
        self, source: SourceRecord, document: Document | None, chunks: Sequence[Chunk], *, revised: bool = False
    ) -> str | None:
        """Record a file as read, with its document (None where none could be made), in place of what it gave before.

        ``revised`` says that the file itself has changed: a document that it gave before and that differs is then
        kept as its earlier version. Returns the edition; :attr:`SourceRecord.edition` is ignored. An edition that is
        known is not written again.
        """
        return self.put_sources([(source, document, chunks)], revised=revised)[0]

    def put_sources(
        self,
        entries: Iterable[tuple[SourceRecord, Document | None, Sequence[Chunk]]],
        *,
        revised: bool = False,
    ) -> list[str | None]:
        """:meth:`put_source` for several at once, in one transaction."""
        with_editions = [(*entry, edition_of(entry[1], entry[2]) if entry[1] else None) for entry in entries]
        with writing(self._engine) as connection:
            for source, document, chunks, edition in with_editions:
                if document and edition and not _has_edition(connection, edition):
                    insert_document(connection, edition, document, chunks)
                _replace_source(connection, source, edition, revised=revised)
        return [edition for *_, edition in with_editions]

    def put_reading(self, source: SourceRecord) -> None:
        """Record a file as seen while its document, ``source.edition``, stays: touched, renamed root, unreadable."""
        with writing(self._engine) as connection:
            _replace_source(connection, source, source.edition)

    def put_links(self, links: Iterable[Link], mark: str, value: str) -> None:
        """Replace all links, and keep what they were worked out from."""
        rows = [
            {"kind": link.kind.value, "subject": link.subject, "object": link.object, "note": link.note}
            for link in links
        ]
        with writing(self._engine) as connection:
            connection.execute(delete(s.links))
            if rows:
                connection.execute(s.links.insert(), rows)
            connection.execute(delete(s.marks).where(s.marks.c.name == mark))
            connection.execute(s.marks.insert(), {"name": mark, "value": value})

    def put_traits(self, rules: str, new: Iterable[Traits], kept: Iterable[str]) -> None:
        """Keep what was read of texts: these, and of what is there that of the documents ``kept``; nothing else."""
        t = s.traits
        added = [{"document_id": n.document_id, "rules": rules, "told": n.told, "signature": n.signature} for n in new]
        with writing(self._engine) as connection:
            staying = set(kept)
            there = connection.execute(select(t.c.document_id)).scalars().all()
            for gone in batches(i for i in there if i not in staying):
                connection.execute(delete(t).where(t.c.document_id.in_(gone)))
            if added:
                connection.execute(t.insert(), added)

    def drop_sources(self, paths: Iterable[str]) -> None:
        """Forget files; their documents go with :meth:`purge` once no generation holds them."""
        with writing(self._engine) as connection:
            for some in batches(paths):
                connection.execute(delete(s.sources).where(s.sources.c.path.in_(some)))

    def missing(self, model: str, holdings: Iterable[Holding]) -> list[tuple[str, str]]:
        """(hash, passage) of those passages that have no vector of ``model`` yet, each once."""
        k, e = s.chunks, s.embeddings
        found: dict[str, str] = {}
        lacking = not_(exists().where(and_(e.c.model == model, e.c.passage_hash == k.c.passage_hash)))
        with reading(self._engine) as connection:
            for editions in batches(h.edition for h in holdings):
                rows = connection.execute(
                    select(k.c.passage_hash, k.c.context, k.c.text)
                    .where(k.c.edition.in_(editions), lacking)
                    .order_by(k.c.edition, k.c.ordinal)
                )
                for key, context, text in rows:
                    found.setdefault(key, f"{context}：{text}" if context else text)
        return list(found.items())

    def put_vectors(self, model: str, vectors: Iterable[tuple[str, bytes]]) -> None:
        """Keep vectors (little-endian float32) by passage hash.

        Raises :class:`LibraryError` where their dimension differs from what is kept under the same model name: the
        endpoint has changed its model under us.
        """
        rows: list[dict[str, Any]] = [
            {"model": model, "passage_hash": key, "dimension": len(vector) // 4, "vector": vector}
            for key, vector in vectors
        ]
        if not rows:
            return
        with writing(self._engine) as connection:
            e = s.embeddings
            known = connection.execute(select(e.c.dimension).where(e.c.model == model).limit(1)).scalar()
            dimensions = {row["dimension"] for row in rows} | ({known} if known else set())
            if len(dimensions) > 1:
                raise LibraryError(
                    f"向量模型 {model} 给出的维数前后不一（{sorted(dimensions)}）。",
                    "请确认服务端的模型没有更换；若已更换，请给 ASSISTANT_EMBEDDINGS_MODEL 换一个名称。",
                )
            present = set(
                connection.execute(
                    select(e.c.passage_hash).where(
                        e.c.model == model, e.c.passage_hash.in_([row["passage_hash"] for row in rows])
                    )
                ).scalars()
            )
            if new := [row for row in rows if row["passage_hash"] not in present]:
                connection.execute(e.insert(), new)

    def record(self, manifest: Manifest) -> None:
        """Make a generation known; it may then become current."""
        with writing(self._engine) as connection:
            connection.execute(
                s.generations.insert(),
                {
                    "name": manifest.name,
                    "number": int(manifest.name.rpartition("-")[2]),
                    "created_at": manifest.created_at,
                    "model": manifest.model,
                    "documents": len(manifest.holdings),
                    "chunks": manifest.chunks,
                    "manifest_hash": manifest.digest,
                },
            )
            if rows := [(h, False) for h in manifest.holdings] + [(h, True) for h in manifest.superseded]:
                connection.execute(
                    s.generation_documents.insert(),
                    [
                        {
                            "generation": manifest.name,
                            "document_id": h.document_id,
                            "edition": h.edition,
                            "source": h.source,
                            "superseded": superseded,
                        }
                        for h, superseded in rows
                    ],
                )

    def forget(self, generations: Iterable[str]) -> None:
        """Drop the record of generations whose files are gone."""
        if names := list(generations):
            with writing(self._engine) as connection:
                connection.execute(delete(s.generations).where(s.generations.c.name.in_(names)))

    def purge(self) -> int:
        """Delete documents that no source, no history of one and no generation has, and vectors without a passage.

        Reviews of their commitments stay, without the words of the document.

        Returns the number of documents deleted. Vectors of other models stay as long as their passage does.
        """
        d, e = s.documents, s.embeddings
        unused = and_(
            not_(exists().where(s.sources.c.edition == d.c.edition)),
            not_(exists().where(s.generation_documents.c.edition == d.c.edition)),
            not_(exists().where(s.versions.c.edition == d.c.edition)),
        )
        orphaned = not_(exists().where(s.chunks.c.passage_hash == e.c.passage_hash))
        r = s.reviews
        quoting = and_(r.c.quote != "", not_(exists().where(d.c.id == r.c.document_id)))
        with writing(self._engine) as connection:
            documents = connection.execute(delete(d).where(unused)).rowcount
            connection.execute(update(r).where(quoting).values(clause="", quote=""))
            vectors = connection.execute(delete(e).where(orphaned)).rowcount
        if documents or vectors:
            shrink(self._engine)
        return documents

    def begin_run(self, command: str) -> int:
        """Note that a run has begun; returns its number."""
        with writing(self._engine) as connection:
            result = connection.execute(s.runs.insert(), {"started_at": _now(), "command": command})
            key = result.inserted_primary_key
            return int(key[0]) if key else 0

    def end_run(self, run: int, summary: str) -> None:
        """Note that a run has come to its end, with its summary (JSON)."""
        with writing(self._engine) as connection:
            connection.execute(update(s.runs).where(s.runs.c.id == run).values(ended_at=_now(), summary=summary))


def _has_edition(connection: Connection, edition: str) -> bool:
    return bool(connection.execute(select(s.documents.c.edition).where(s.documents.c.edition == edition)).first())


def _replace_source(
    connection: Connection, source: SourceRecord, edition: str | None, *, revised: bool = False
) -> None:
    t = s.sources
    before = connection.execute(select(t.c.edition, t.c.since).where(t.c.path == source.path)).one_or_none()
    now = connection.execute(select(func.max(s.runs.c.id))).scalar()
    values = {
        "root": source.root,
        "name": source.name,
        "size": source.size,
        "mtime_ns": source.mtime_ns,
        "sha256": source.sha256,
        "parser": source.parser,
        "edition": edition,
        "container": source.container,
    }
    if before is None:
        connection.execute(t.insert(), {"path": source.path, "since": now, **values})
    else:
        if same := _same_document(connection, before.edition, edition):
            values["since"] = before.since
        else:
            values["since"] = now
        # Updated in place: its earlier versions hang on the row.
        connection.execute(update(t).where(t.c.path == source.path).values(values))
        if revised and edition and not same:
            _keep_version(connection, source.path, before.edition, edition)
    connection.execute(delete(s.problems).where(s.problems.c.path == source.path))
    if source.problems:
        connection.execute(
            s.problems.insert(),
            [
                {"path": source.path, "ordinal": i, "place": p.place, "reason": p.reason, "lost": p.lost}
                for i, p in enumerate(source.problems)
            ],
        )


def _same_document(connection: Connection, one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one == other
    d = s.documents
    ids = connection.execute(select(d.c.id).where(d.c.edition.in_([one, other])).distinct()).scalars().all()
    return len(ids) == 1


def _keep_version(connection: Connection, path: str, earlier: str | None, edition: str) -> None:
    """Note ``earlier`` (None: the file was unreadable in between) as version of a file that now gives ``edition``."""
    v = s.versions
    of_path = v.c.path == path
    # A file that goes back to what it was is its current version again, not an earlier one.
    connection.execute(delete(v).where(of_path, v.c.edition.in_([edition, earlier])))
    if earlier is not None:
        last = connection.execute(select(func.max(v.c.ordinal)).where(of_path)).scalar()
        ordinal = 0 if last is None else last + 1
        connection.execute(v.insert(), {"path": path, "ordinal": ordinal, "edition": earlier})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
