"""What people say of commitments, in the library; nothing is ever taken back but by a further word."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, func, select

from assistant.adapters.database import schema as s
from assistant.adapters.database.engine import reading, writing
from assistant.adapters.database.library import batches
from assistant.domain.ledger.reviews import Against, Changes, Review
from assistant.errors import Conflict

_FIRST = 0  # numbers begin above it


class ReviewStore:
    """Reviews by number; safe among threads and processes. Failures are :class:`~assistant.errors.LibraryError`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def latest(self) -> int:
        """The number of the last review; cheap, to be asked before every reading."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.max(s.reviews.c.number))).scalar() or _FIRST

    def since(self, number: int) -> list[Review]:
        """Those after ``number``, in order."""
        r = s.reviews
        with reading(self._engine) as connection:
            return [
                _review(row) for row in connection.execute(select(r).where(r.c.number > number).order_by(r.c.number))
            ]

    def of(self, commitment_ids: Iterable[str]) -> list[Review]:
        """All that were made under these ids, the oldest first."""
        r = s.reviews
        found: list[Review] = []
        with reading(self._engine) as connection:
            for some in batches(commitment_ids):
                found += map(_review, connection.execute(select(r).where(r.c.commitment_id.in_(some))))
        return sorted(found, key=lambda review: review.number)

    def add(self, review: Review, ids: Sequence[str], seen: int) -> Review:
        """Keep a review; gives it with its number.

        Raises :class:`Conflict` where a review of ``ids`` is newer than ``seen``: someone else was faster.
        """
        r, a = s.reviews, review.against
        with writing(self._engine) as connection:
            last = connection.execute(select(func.max(r.c.number)).where(r.c.commitment_id.in_(ids))).scalar()
            if (last or _FIRST) > seen:
                raise Conflict("这一项刚刚被别人核对过。", "请刷新后对照最新内容再提交。")
            row = {
                "commitment_id": review.commitment_id,
                "action": review.action,
                "reviewer": review.by,
                "at": review.at,
                "why": review.why,
                "changes": json.dumps(review.changes.to_json(), ensure_ascii=False),
                "document_id": a.document_id,
                "document": a.document,
                "title": a.title,
                "path": a.path,
                "words": a.words,
                "clause": a.clause,
                "quote": a.quote,
            }
            key = connection.execute(r.insert(), row).inserted_primary_key
        assert key is not None
        return replace(review, number=int(key[0]))


def _review(row: Any) -> Review:
    return Review(
        number=row.number,
        commitment_id=row.commitment_id,
        action=row.action,
        by=row.reviewer,
        at=row.at,
        why=row.why,
        changes=Changes.from_json(json.loads(row.changes)),
        against=Against(row.document_id, row.document, row.title, row.path, row.words, row.clause, row.quote),
    )
