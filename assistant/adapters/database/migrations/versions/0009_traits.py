"""What ingest has read of texts to relate documents to one another: kept, so that it is read once."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "traits",
        sa.Column("document_id", sa.String(32), primary_key=True),
        sa.Column("rules", sa.String(128), nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
    )
