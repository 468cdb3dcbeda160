"""Documents in archives, earlier versions of documents, links between documents."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added, never tables made anew: with foreign keys on, dropping the old one would empty its children.
    op.add_column("sources", sa.Column("container", sa.String(4096)))
    op.create_index("ix_sources_container", "sources", ["container"])
    op.add_column("sources", sa.Column("since", sa.Integer))
    op.add_column(
        "generation_documents",
        sa.Column("superseded", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "versions",
        sa.Column("path", sa.String(4096), sa.ForeignKey("sources.path", ondelete="CASCADE"), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("edition", sa.String(32), sa.ForeignKey("documents.edition"), nullable=False),
    )
    op.create_index("ix_versions_edition", "versions", ["edition"])
    op.create_table(
        "links",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("subject", sa.String(32), primary_key=True),
        sa.Column("object", sa.String(32), primary_key=True),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("ix_links_subject", "links", ["subject"])
    op.create_index("ix_links_object", "links", ["object"])
    op.create_table(
        "marks",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
