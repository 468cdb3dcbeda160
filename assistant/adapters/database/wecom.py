"""What the WeCom face remembers over a restart, in the library's database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, Connection, Engine, String, Table, Text, delete, select

from assistant.adapters.database.conversations import now
from assistant.adapters.database.engine import reading, writing
from assistant.adapters.database.grouped import grouped
from assistant.adapters.database.schema import metadata
from assistant.domain.dialogue import Citation

messages = Table(
    "wecom_messages",
    metadata,
    Column("id", String(256), primary_key=True),  # the vendor's
    Column("at", String(32), nullable=False, index=True),
)
sessions = Table(
    "wecom_sessions",
    metadata,
    Column("session", String(400), primary_key=True),  # member, or group and member
    Column("conversation_id", String(128), nullable=False),
    Column("at", String(32), nullable=False),
)
answers = Table(
    "wecom_answers",
    metadata,
    Column("feedback_id", String(256), primary_key=True),
    Column("answer_id", String(128), nullable=False),
    Column("at", String(32), nullable=False, index=True),
)
sources = Table(
    "wecom_sources",
    metadata,
    Column("session", String(400), primary_key=True),
    Column("citations", Text, nullable=False),
    Column("at", String(32), nullable=False, index=True),
)

_MESSAGES_KEPT = timedelta(days=2)  # the vendor gives up sending again long before
_ANSWERS_KEPT = timedelta(days=90)  # their sources, too


class SqlWecomMemory:
    """:class:`assistant.ports.WecomMemory`; thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writes = grouped(engine)  # some four writes an answer, and hundreds may ask in the same minute

    def first_time(self, message_id: str) -> bool:
        """See :class:`assistant.ports.WecomMemory`."""
        known: list[str] = []

        def note(connection: Connection) -> None:
            known[:] = connection.execute(select(messages.c.id).where(messages.c.id == message_id)).scalars()
            if not known:  # nobody else writes meanwhile
                connection.execute(messages.insert(), {"id": message_id, "at": now()})
                connection.execute(delete(messages).where(messages.c.at < _before(_MESSAGES_KEPT)))

        self._writes.do(note)
        return not known

    def conversation(self, session: str) -> str | None:
        """See :class:`assistant.ports.WecomMemory`."""
        query = select(sessions.c.conversation_id).where(sessions.c.session == session)
        with reading(self._engine) as connection:
            return connection.execute(query).scalar()

    def keep_conversation(self, session: str, conversation_id: str | None) -> None:
        """See :class:`assistant.ports.WecomMemory`."""

        def keep(connection: Connection) -> None:
            connection.execute(delete(sessions).where(sessions.c.session == session))
            if conversation_id is not None:
                row = {"session": session, "conversation_id": conversation_id, "at": now()}
                connection.execute(sessions.insert(), row)

        self._writes.do(keep)

    def keep_answer(self, feedback_id: str, answer_id: str) -> None:
        """See :class:`assistant.ports.WecomMemory`."""

        def keep(connection: Connection) -> None:
            connection.execute(delete(answers).where(answers.c.feedback_id == feedback_id))
            connection.execute(answers.insert(), {"feedback_id": feedback_id, "answer_id": answer_id, "at": now()})
            connection.execute(delete(answers).where(answers.c.at < _before(_ANSWERS_KEPT)))

        self._writes.do(keep)

    def answer_of(self, feedback_id: str) -> str | None:
        """See :class:`assistant.ports.WecomMemory`."""
        query = select(answers.c.answer_id).where(answers.c.feedback_id == feedback_id)
        with reading(self._engine) as connection:
            return connection.execute(query).scalar()

    def keep_sources(self, session: str, citations: Sequence[Citation]) -> None:
        """See :class:`assistant.ports.WecomMemory`."""

        def keep(connection: Connection) -> None:
            gone = (sources.c.session == session) | (sources.c.at < _before(_ANSWERS_KEPT))
            connection.execute(delete(sources).where(gone))
            if citations:
                told = json.dumps([asdict(c) for c in citations], ensure_ascii=False)
                connection.execute(sources.insert(), {"session": session, "citations": told, "at": now()})

        self._writes.do(keep)

    def sources(self, session: str) -> Sequence[Citation]:
        """See :class:`assistant.ports.WecomMemory`."""
        query = select(sources.c.citations).where(sources.c.session == session)
        with reading(self._engine) as connection:
            told = connection.execute(query).scalar()
        return [Citation(**citation) for citation in json.loads(told)] if told else []

    def purge(self, before: str) -> None:
        """See :class:`assistant.ports.WecomMemory`."""
        with writing(self._engine) as connection:
            for table in (sources, sessions):
                connection.execute(delete(table).where(table.c.at < before))


def _before(kept: timedelta) -> str:
    return (datetime.now(UTC) - kept).isoformat(timespec="milliseconds")
