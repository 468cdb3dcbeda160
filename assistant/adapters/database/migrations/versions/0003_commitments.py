"""The commitments of each edition, and the rules that read them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _of_edition() -> sa.Column[str]:
    return sa.Column("edition", sa.String(32), sa.ForeignKey("documents.edition", ondelete="CASCADE"), primary_key=True)


def upgrade() -> None:
    op.create_table("extractions", _of_edition(), sa.Column("rules", sa.String(32), nullable=False))
    op.create_table(
        "commitments",
        _of_edition(),
        sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
    )
    op.create_index("ix_commitments_id", "commitments", ["id"])
