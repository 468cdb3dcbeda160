"""What a chat model offers of clauses that the rules leave unread."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "candidates",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("edition", sa.String(32), sa.ForeignKey("documents.edition", ondelete="CASCADE"), nullable=False),
        sa.Column("words", sa.String(32), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("prompt", sa.String(32), nullable=False),
        sa.Column("offers", sa.Text, nullable=False),
        sa.Column("rules", sa.String(32), nullable=False),
        sa.Column("entries", sa.Text, nullable=False),
    )
    op.create_index("ix_candidates_words", "candidates", ["words"])
    op.create_index("ix_candidates_edition_words", "candidates", ["edition", "words"], unique=True)
