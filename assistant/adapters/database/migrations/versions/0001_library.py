"""The library: documents and their parts, vectors, sources, generations, runs, conversations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _of_edition() -> sa.Column[str]:
    return sa.Column("edition", sa.String(32), sa.ForeignKey("documents.edition", ondelete="CASCADE"), primary_key=True)


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("edition", sa.String(32), primary_key=True),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("page_starts", sa.Text, nullable=False),
    )
    op.create_index("ix_documents_id", "documents", ["id"])
    op.create_table(
        "clauses",
        _of_edition(),
        sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("parent_id", sa.String(64)),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
    )
    op.create_table(
        "fields",
        _of_edition(),
        sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("as_written", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
    )
    op.create_table(
        "chunks",
        _of_edition(),
        sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("clause_id", sa.String(64), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("context", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("passage_hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_chunks_id", "chunks", ["id"])
    op.create_index("ix_chunks_passage_hash", "chunks", ["passage_hash"])
    op.create_table(
        "embeddings",
        sa.Column("model", sa.String(255), primary_key=True),
        sa.Column("passage_hash", sa.String(64), primary_key=True),
        sa.Column("dimension", sa.Integer, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_embeddings_passage_hash", "embeddings", ["passage_hash"])
    op.create_table(
        "sources",
        sa.Column("path", sa.String(4096), primary_key=True),
        sa.Column("root", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("parser", sa.String(128), nullable=False),
        sa.Column("edition", sa.String(32), sa.ForeignKey("documents.edition")),
    )
    op.create_index("ix_sources_edition", "sources", ["edition"])
    op.create_table(
        "problems",
        sa.Column("path", sa.String(4096), sa.ForeignKey("sources.path", ondelete="CASCADE"), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("lost", sa.Boolean, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("started_at", sa.String(32), nullable=False),
        sa.Column("ended_at", sa.String(32)),
        sa.Column("command", sa.String(16), nullable=False),
        sa.Column("summary", sa.Text),
    )
    op.create_table(
        "generations",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False, unique=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("model", sa.String(255)),
        sa.Column("documents", sa.Integer, nullable=False),
        sa.Column("chunks", sa.Integer, nullable=False),
        sa.Column("manifest_hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "generation_documents",
        sa.Column("generation", sa.String(32), sa.ForeignKey("generations.name", ondelete="CASCADE"), primary_key=True),
        sa.Column("document_id", sa.String(32), primary_key=True),
        sa.Column("edition", sa.String(32), sa.ForeignKey("documents.edition"), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
    )
    op.create_index("ix_generation_documents_edition", "generation_documents", ["edition"])
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(128), primary_key=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "turns",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "conversation_id", sa.String(128), sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("answer_id", sa.String(128), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("standalone_question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answer_json", sa.Text, nullable=False),
    )
    op.create_index("ix_turns_conversation_id", "turns", ["conversation_id"])
