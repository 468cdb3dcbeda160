"""What readers think of answers, kept with a copy of what they judged."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Engine, or_, select, update

from assistant.adapters.database import schema as s
from assistant.adapters.database.conversations import now
from assistant.adapters.database.engine import reading, writing
from assistant.domain.conversations import JudgedAnswer, Judgement, OpenQuestion
from assistant.domain.dialogue import Verdict
from assistant.errors import NotFound


class SqlFeedback:
    """:class:`assistant.ports.Feedback` in the library's database; thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def judge(self, owner: str, answer_id: str, judgement: Judgement) -> None:
        """See :class:`assistant.ports.Feedback`."""
        c, t, f = s.conversations, s.turns, s.feedback
        values = {
            "created_at": now(),
            "useful": judgement.useful,
            "reasons": json.dumps(judgement.reasons, ensure_ascii=False),
            "note": judgement.note,
        }
        with writing(self._engine) as connection:
            turn = connection.execute(
                select(t.c.id, t.c.conversation_id, t.c.answer_json)
                .join(c, c.c.id == t.c.conversation_id)
                .where(t.c.answer_id == answer_id, c.c.owner == owner)
            ).first()
            if turn is None:
                raise NotFound("没有这个回答。", "会话可能已删除。", "answer_not_found", "answer_id")
            same = (f.c.answer_id == answer_id, f.c.owner == owner)
            if connection.execute(update(f).where(*same).values(**values)).rowcount:
                return
            questions = connection.execute(
                select(t.c.question)
                .where(t.c.conversation_id == turn.conversation_id, t.c.id <= turn.id)
                .order_by(t.c.id)
            ).scalars()
            kept = {"questions": json.dumps(list(questions), ensure_ascii=False), "answer_json": turn.answer_json}
            connection.execute(f.insert(), {"answer_id": answer_id, "owner": owner, **values, **kept})

    def judged(self, *, useful: bool | None = None, since: str = "") -> Sequence[JudgedAnswer]:
        """See :class:`assistant.ports.Feedback`."""
        f = s.feedback
        query = select(f).where(f.c.created_at >= since).order_by(f.c.id)
        if useful is not None:
            query = query.where(f.c.useful == useful)
        with reading(self._engine) as connection:
            return [
                JudgedAnswer(
                    row.id,
                    row.created_at,
                    Judgement(row.useful, tuple(json.loads(row.reasons)), row.note),
                    tuple(json.loads(row.questions)),
                    json.loads(row.answer_json),
                )
                for row in connection.execute(query)
            ]

    def open_questions(self, *, since: str = "") -> Sequence[OpenQuestion]:
        """See :class:`assistant.ports.Feedback`. The questions are those that stand alone, not follow-ups."""
        t = s.turns
        unanswered = or_(t.c.verdict == Verdict.NOT_STATED.value, t.c.withheld > 0)
        query = select(t.c.created_at, t.c.standalone_question, t.c.verdict, t.c.withheld)
        with reading(self._engine) as connection:
            rows = connection.execute(query.where(unanswered, t.c.created_at >= since).order_by(t.c.id))
            return [OpenQuestion(*row) for row in rows]
