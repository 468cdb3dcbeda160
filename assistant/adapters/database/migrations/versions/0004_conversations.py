"""Whose a conversation is and what it is called; how each answer stood; what readers think of answers.

Conversations of before belong to the person at the machine: there was nobody else.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TITLE = 40


def upgrade() -> None:
    op.add_column("conversations", sa.Column("owner", sa.String(128), nullable=False, server_default="local"))
    op.add_column("conversations", sa.Column("title", sa.Text, nullable=False, server_default=""))
    op.create_index("ix_conversations_owner_updated_at", "conversations", ["owner", "updated_at"])
    op.add_column("turns", sa.Column("verdict", sa.String(16), nullable=False, server_default=""))
    op.add_column("turns", sa.Column("withheld", sa.Integer, nullable=False, server_default="0"))
    op.create_index("ix_turns_answer_id", "turns", ["answer_id"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("answer_id", sa.String(128), nullable=False),
        sa.Column("owner", sa.String(128), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("useful", sa.Boolean, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("questions", sa.Text, nullable=False),
        sa.Column("answer_json", sa.Text, nullable=False),
    )
    op.create_index("ix_feedback_answer_id_owner", "feedback", ["answer_id", "owner"], unique=True)
    _fill()


def _fill() -> None:
    connection = op.get_bind()
    conversations = sa.table("conversations", sa.column("id"), sa.column("title"))
    turns = sa.table(
        "turns",
        *(sa.column(name) for name in ("id", "conversation_id", "question", "answer_json", "verdict")),
    )
    titled: set[str] = set()
    rows = connection.execute(
        sa.select(turns.c.id, turns.c.conversation_id, turns.c.question, turns.c.answer_json).order_by(turns.c.id)
    ).all()
    for row in rows:
        verdict = json.loads(row.answer_json).get("verdict", "")
        connection.execute(sa.update(turns).where(turns.c.id == row.id).values(verdict=verdict))
        if row.conversation_id not in titled:
            titled.add(row.conversation_id)
            line = " ".join(row.question.split())
            title = line if len(line) <= _TITLE else line[: _TITLE - 1] + "…"
            connection.execute(
                sa.update(conversations).where(conversations.c.id == row.conversation_id).values(title=title)
            )
