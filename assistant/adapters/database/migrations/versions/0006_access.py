"""API keys, who may see which document, and the audit log.

Documents of before are for the staff: nobody said that they are for everybody.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("clearance", sa.Text, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32)),
        sa.Column("revoked_at", sa.String(32)),
        sa.Column("last_used_at", sa.String(32)),
    )
    op.create_table(
        "source_labels",
        sa.Column("path", sa.String(4096), sa.ForeignKey("sources.path", ondelete="CASCADE"), primary_key=True),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
    )
    op.create_table(
        "labels",
        sa.Column("document_id", sa.String(32), primary_key=True),
        sa.Column("label", sa.Text, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.String(128), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("request_id", sa.String(32), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.execute("INSERT INTO labels (document_id, label) SELECT DISTINCT id, '内部' FROM documents")
