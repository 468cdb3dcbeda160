"""Writing the library: what ingest does to it. Each method is one transaction, so a kill leaves it whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, not_, select, update

from assistant.adapters.database import schema as s
from assistant.adapters.database.engine import reading, shrink, writing
from assistant.adapters.database.library import Library, batches
from assistant.adapters.database.rows import insert_document
from assistant.domain.holdings import Holding, Manifest, SourceRecord, edition_of
from assistant.domain.policy import Chunk, Document
from assistant.errors import LibraryError

_AT_ONCE = 500


class Intake(Library):
    """The library for the one process that holds the ingest lock: all of reading, and writing."""

    def put_source(self, source: SourceRecord, document: Document | None, chunks: Sequence[Chunk]) -> str | None:
        """Record a file as read, with its document (None where none could be made), in place of what it gave before.

        Returns the edition; :attr:`SourceRecord.edition` is ignored. An edition that is known is not written again.
        """
        edition = edition_of(document, chunks) if document else None
        with writing(self._engine) as connection:
            if document and edition and not _has_edition(connection, edition):
                insert_document(connection, edition, document, chunks)
            _replace_source(connection, source, edition)
        return edition

    def put_reading(self, source: SourceRecord) -> None:
        """Record a file as seen while its document, ``source.edition``, stays: touched, renamed root, unreadable."""
        with writing(self._engine) as connection:
            _replace_source(connection, source, source.edition)

    def drop_sources(self, paths: Iterable[str]) -> None:
        """Forget files; their documents go with :meth:`purge` once no generation holds them."""
        with writing(self._engine) as connection:
            for some in batches(paths, _AT_ONCE):
                connection.execute(delete(s.sources).where(s.sources.c.path.in_(some)))

    def missing(self, model: str, holdings: Iterable[Holding]) -> list[tuple[str, str]]:
        """(hash, passage) of those passages that have no vector of ``model`` yet, each once."""
        k, e = s.chunks, s.embeddings
        found: dict[str, str] = {}
        lacking = not_(exists().where(and_(e.c.model == model, e.c.passage_hash == k.c.passage_hash)))
        with reading(self._engine) as connection:
            for editions in batches((h.edition for h in holdings), _AT_ONCE):
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
            if manifest.holdings:
                connection.execute(
                    s.generation_documents.insert(),
                    [
                        {
                            "generation": manifest.name,
                            "document_id": h.document_id,
                            "edition": h.edition,
                            "source": h.source,
                        }
                        for h in manifest.holdings
                    ],
                )

    def forget(self, generations: Iterable[str]) -> None:
        """Drop the record of generations whose files are gone."""
        if names := list(generations):
            with writing(self._engine) as connection:
                connection.execute(delete(s.generations).where(s.generations.c.name.in_(names)))

    def purge(self) -> int:
        """Delete documents that no source and no generation has, and vectors of passages that no document has.

        Returns the number of documents deleted. Vectors of other models stay as long as their passage does.
        """
        d, e = s.documents, s.embeddings
        unused = and_(
            not_(exists().where(s.sources.c.edition == d.c.edition)),
            not_(exists().where(s.generation_documents.c.edition == d.c.edition)),
        )
        orphaned = not_(exists().where(s.chunks.c.passage_hash == e.c.passage_hash))
        with writing(self._engine) as connection:
            documents = connection.execute(delete(d).where(unused)).rowcount
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


def _replace_source(connection: Connection, source: SourceRecord, edition: str | None) -> None:
    connection.execute(delete(s.sources).where(s.sources.c.path == source.path))
    connection.execute(
        s.sources.insert(),
        {
            "path": source.path,
            "root": source.root,
            "name": source.name,
            "size": source.size,
            "mtime_ns": source.mtime_ns,
            "sha256": source.sha256,
            "parser": source.parser,
            "edition": edition,
        },
    )
    if source.problems:
        connection.execute(
            s.problems.insert(),
            [
                {"path": source.path, "ordinal": i, "place": p.place, "reason": p.reason, "lost": p.lost}
                for i, p in enumerate(source.problems)
            ],
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
