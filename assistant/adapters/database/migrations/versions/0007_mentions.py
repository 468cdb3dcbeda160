"""What each document says of the things that it names, for their history over documents."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mentions",
        sa.Column("edition", sa.String(32), sa.ForeignKey("documents.edition", ondelete="CASCADE"), primary_key=True),
        sa.Column("rules", sa.String(32), nullable=False),
        sa.Column("told", sa.Text, nullable=False),
    )
