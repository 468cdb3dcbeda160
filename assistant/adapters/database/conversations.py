"""Past questions and answers, kept by conversation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, select, update

from assistant.adapters.database import schema as s
from assistant.adapters.database.engine import reading, writing
from assistant.domain.dialogue import Answer, Turn


class SqlConversations:
    """:class:`assistant.ports.Conversations` in the library's database; thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def turns(self, conversation_id: str, last: int = 20) -> Sequence[Turn]:
        """The last turns, oldest first; empty for an unknown id."""
        t = s.turns
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(t.c.question, t.c.standalone_question, t.c.answer, t.c.answer_json)
                .where(t.c.conversation_id == conversation_id)
                .order_by(t.c.id.desc())
                .limit(last)
            ).all()
        return [
            Turn(
                row.question,
                row.standalone_question,
                row.answer,
                tuple(dict.fromkeys(c["document_id"] for c in json.loads(row.answer_json)["citations"])),
            )
            for row in reversed(rows)
        ]

    def append(self, answer: Answer) -> None:
        """Keep a finished answer as the conversation's next turn; makes the conversation where it is new."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        c = s.conversations
        with writing(self._engine) as connection:
            touched = connection.execute(update(c).where(c.c.id == answer.conversation_id).values(updated_at=now))
            if not touched.rowcount:
                connection.execute(c.insert(), {"id": answer.conversation_id, "created_at": now, "updated_at": now})
            connection.execute(
                s.turns.insert(),
                {
                    "conversation_id": answer.conversation_id,
                    "answer_id": answer.id,
                    "created_at": now,
                    "question": answer.question,
                    "standalone_question": answer.standalone_question,
                    "answer": answer.answer,
                    "answer_json": json.dumps(answer.to_json(), ensure_ascii=False),
                },
            )

    def conversation(self, conversation_id: str) -> list[dict[str, Any]] | None:
        """All answers in the contract's form, oldest first; None for an unknown id."""
        with reading(self._engine) as connection:
            known = connection.execute(select(s.conversations.c.id).where(s.conversations.c.id == conversation_id))
            if known.first() is None:
                return None
            rows = connection.execute(
                select(s.turns.c.answer_json).where(s.turns.c.conversation_id == conversation_id).order_by(s.turns.c.id)
            ).scalars()
            return [json.loads(row) for row in rows]
