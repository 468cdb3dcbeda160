"""On what each WeCom member's last answer stands, so that they can ask for a source after a restart."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wecom_sources",
        sa.Column("session", sa.String(400), primary_key=True),
        sa.Column("citations", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False, index=True),
    )
