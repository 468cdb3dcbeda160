"""Past questions and answers, kept by conversation, each conversation for its owner alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, ScalarSelect, Select, and_, delete, func, select, update

from assistant.adapters.database import schema as s
from assistant.adapters.database.engine import reading, shrink, writing
from assistant.adapters.database.grouped import grouped
from assistant.domain.conversations import Conversation, Judgement, KeptTurn, recent, title_of
from assistant.domain.dialogue import Answer, Turn
from assistant.errors import BadRequest, NotFound

_LAST = 100  # turns that are looked at for a history; their characters run out long before


def now() -> str:
    """The time as it is written down: ISO 8601, UTC, milliseconds, so that what follows at once sorts behind."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class SqlConversations:
    """:class:`assistant.ports.Conversations` and :class:`assistant.ports.ConversationArchive` in the library's
    database; thread-safe.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writes = grouped(engine)

    def turns(self, conversation_id: str, owner: str, *, replaces: str | None = None) -> Sequence[Turn]:
        """See :class:`assistant.ports.Conversations`."""
        t = s.turns
        with reading(self._engine) as connection:
            if not _known(connection, conversation_id, owner):
                if replaces is not None:
                    raise _not_found()
                return []
            rows = connection.execute(
                select(t.c.answer_id, t.c.question, t.c.standalone_question, t.c.answer, t.c.answer_json)
                .where(t.c.conversation_id == conversation_id)
                .order_by(t.c.id.desc())
                .limit(_LAST)
            ).all()
        if replaces is not None:
            _refuse_unless_last(rows[0].answer_id if rows else None, replaces)
            rows = rows[1:]
        return recent(
            Turn(
                row.question,
                row.standalone_question,
                row.answer,
                tuple(dict.fromkeys(c["document_id"] for c in json.loads(row.answer_json)["citations"])),
            )
            for row in rows
        )

    def append(self, answer: Answer, owner: str, *, replaces: str | None = None) -> None:
        """See :class:`assistant.ports.Conversations`."""
        self._writes.do(partial(_append, answer, owner, replaces))

    def conversations(
        self, owner: str, *, words: str = "", limit: int = 50, offset: int = 0
    ) -> tuple[Sequence[Conversation], int]:
        """See :class:`assistant.ports.ConversationArchive`."""
        c = s.conversations
        theirs = and_(c.c.owner == owner, *(c.c.title.icontains(word, autoescape=True) for word in words.split()))
        with reading(self._engine) as connection:
            total = connection.execute(select(func.count()).select_from(c).where(theirs)).scalar_one()
            page = (
                _infos().where(theirs).order_by(c.c.updated_at.desc(), _last_turn().desc()).limit(limit).offset(offset)
            )
            return [_info(row) for row in connection.execute(page)], total

    def conversation(self, conversation_id: str, owner: str) -> tuple[Conversation, Sequence[KeptTurn]]:
        """See :class:`assistant.ports.ConversationArchive`."""
        t, f = s.turns, s.feedback
        with reading(self._engine) as connection:
            info = _one(connection, conversation_id, owner)
            rows = connection.execute(
                select(t.c.created_at, t.c.answer_json, f.c.useful, f.c.reasons, f.c.note)
                .outerjoin(f, and_(f.c.answer_id == t.c.answer_id, f.c.owner == owner))
                .where(t.c.conversation_id == conversation_id)
                .order_by(t.c.id)
            ).all()
        return info, [KeptTurn(row.created_at, json.loads(row.answer_json), _judgement(row)) for row in rows]

    def rename(self, conversation_id: str, owner: str, title: str) -> Conversation:
        """See :class:`assistant.ports.ConversationArchive`."""
        c = s.conversations
        with writing(self._engine) as connection:
            connection.execute(
                update(c).where(c.c.id == conversation_id, c.c.owner == owner).values(title=title_of(title))
            )
            return _one(connection, conversation_id, owner)

    def delete(self, conversation_id: str, owner: str) -> None:
        """See :class:`assistant.ports.ConversationArchive`. The words leave the disk with their rows."""
        c = s.conversations
        with writing(self._engine) as connection:
            gone = connection.execute(delete(c).where(c.c.id == conversation_id, c.c.owner == owner))
            if not gone.rowcount:
                raise _not_found()
        shrink(self._engine)

    def purge(self, before: str) -> int:
        """See :class:`assistant.ports.ConversationArchive`."""
        c = s.conversations
        with writing(self._engine) as connection:
            gone = connection.execute(delete(c).where(c.c.updated_at < before)).rowcount
        if gone:
            shrink(self._engine)
        return gone


def _known(connection: Connection, conversation_id: str, owner: str) -> bool:
    """Whether there is such a conversation of this owner. Raises :class:`NotFound` where it is another's."""
    c = s.conversations
    found = connection.execute(select(c.c.owner).where(c.c.id == conversation_id)).scalar()
    if found is not None and found != owner:
        raise _not_found()
    return found is not None


def _one(connection: Connection, conversation_id: str, owner: str) -> Conversation:
    c = s.conversations
    row = connection.execute(_infos().where(c.c.id == conversation_id, c.c.owner == owner)).first()
    if row is None:
        raise _not_found()
    return _info(row)


def _infos() -> Select[Any]:
    c, t = s.conversations, s.turns
    turns = select(func.count()).select_from(t).where(t.c.conversation_id == c.c.id).scalar_subquery()
    return select(c.c.id, c.c.title, c.c.created_at, c.c.updated_at, turns.label("turns"))


def _last_turn() -> ScalarSelect[Any]:
    """The order in which conversations were spoken in, where two were within one tick of the clock."""
    c, t = s.conversations, s.turns
    return select(func.max(t.c.id)).where(t.c.conversation_id == c.c.id).scalar_subquery()


def _info(row: Any) -> Conversation:
    return Conversation(row.id, row.title, row.created_at, row.updated_at, row.turns)


def _judgement(row: Any) -> Judgement | None:
    return None if row.useful is None else Judgement(row.useful, tuple(json.loads(row.reasons)), row.note)


def _take_last(connection: Connection, answer: Answer, replaces: str) -> None:
    """Take the last turn out for its successor; a conversation that begins with it follows the new question."""
    c, t = s.conversations, s.turns
    last = connection.execute(
        select(t.c.id, t.c.answer_id, t.c.question)
        .where(t.c.conversation_id == answer.conversation_id)
        .order_by(t.c.id.desc())
        .limit(1)
    ).first()
    _refuse_unless_last(last.answer_id if last else None, replaces)
    assert last is not None
    connection.execute(delete(t).where(t.c.id == last.id))
    others = select(t.c.id).where(t.c.conversation_id == answer.conversation_id)
    if connection.execute(others.limit(1)).first() is None:
        own_title = c.c.title == title_of(last.question)
        connection.execute(
            update(c).where(c.c.id == answer.conversation_id, own_title).values(title=title_of(answer.question))
        )


def _refuse_unless_last(last: str | None, replaces: str) -> None:
    if last != replaces:
        raise BadRequest("只能重新回答会话的最后一问。", "请刷新会话后重试。", "not_last_answer", "replaces")


def _not_found() -> NotFound:
    return NotFound("没有这个会话。", "会话可能已删除；请开始新会话。", "conversation_not_found", "conversation_id")


def _append(answer: Answer, owner: str, replaces: str | None, connection: Connection) -> None:
    c, t = s.conversations, s.turns
    at = now()
    if not _known(connection, answer.conversation_id, owner):
        row = {"id": answer.conversation_id, "owner": owner, "title": title_of(answer.question)}
        connection.execute(c.insert(), {**row, "created_at": at, "updated_at": at})
    if replaces is not None:
        _take_last(connection, answer, replaces)
    connection.execute(update(c).where(c.c.id == answer.conversation_id).values(updated_at=at))
    connection.execute(
        t.insert(),
        {
            "conversation_id": answer.conversation_id,
            "answer_id": answer.id,
            "created_at": at,
            "verdict": answer.verdict.value,
            "withheld": answer.withheld,
            "question": answer.question,
            "standalone_question": answer.standalone_question,
            "answer": answer.answer,
            "answer_json": json.dumps(answer.to_json(), ensure_ascii=False),
        },
    )
