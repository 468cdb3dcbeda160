"""What the WeCom face remembers: messages seen, members' conversations, answers under their feedback ids."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wecom_messages",
        sa.Column("id", sa.String(256), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False, index=True),
    )
    op.create_table(
        "wecom_sessions",
        sa.Column("session", sa.String(400), primary_key=True),
        sa.Column("conversation_id", sa.String(128), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
    )
    op.create_table(
        "wecom_answers",
        sa.Column("feedback_id", sa.String(256), primary_key=True),
        sa.Column("answer_id", sa.String(128), nullable=False),
        sa.Column("at", sa.String(32), nullable=False, index=True),
    )
