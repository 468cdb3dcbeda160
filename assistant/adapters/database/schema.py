"""The tables of ``library.db``, in SQL that SQLite and PostgreSQL share.

The migrations in ``migrations/versions`` make these tables; a test holds the two together.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
)

metadata = MetaData()

documents = Table(
    "documents",
    metadata,
    Column("edition", String(32), primary_key=True),
    Column("id", String(32), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("page_starts", Text, nullable=False),  # JSON list of offsets
)


def _edition() -> Column[str]:
    return Column("edition", ForeignKey("documents.edition", ondelete="CASCADE"), primary_key=True)


clauses = Table(
    "clauses",
    metadata,
    _edition(),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("id", String(64), nullable=False),
    Column("parent_id", String(64)),
    Column("path", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("heading", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
)

fields = Table(
    "fields",
    metadata,
    _edition(),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("name", String(64), nullable=False),
    Column("value", Text, nullable=False),
    Column("as_written", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
)

chunks = Table(
    "chunks",
    metadata,
    _edition(),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("id", String(64), nullable=False, index=True),
    Column("clause_id", String(64), nullable=False),
    Column("path", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("context", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("passage_hash", String(64), nullable=False, index=True),
)

extractions = Table(
    "extractions",
    metadata,
    _edition(),
    Column("rules", String(32), nullable=False),  # fingerprint of the rules that read the commitments of the edition
)

commitments = Table(
    "commitments",
    metadata,
    _edition(),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("id", String(64), nullable=False, index=True),
    Column("entry", Text, nullable=False),  # JSON
)

candidates = Table(
    "candidates",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("edition", ForeignKey("documents.edition", ondelete="CASCADE"), nullable=False),
    Column("words", String(32), nullable=False, index=True),  # fingerprint of the clause that a model was shown
    Column("document", Text, nullable=False),  # Entry.document_key: by it and the words an edition takes over another's
    Column("model", Text, nullable=False),
    Column("prompt", String(32), nullable=False),  # hash
    Column("offers", Text, nullable=False),  # JSON, as the model made them
    Column("rules", String(32), nullable=False),  # fingerprint of the rules that held them against the clause
    Column("entries", Text, nullable=False),  # JSON, what stood up to it
    Index("ix_candidates_edition_words", "edition", "words", unique=True),
)

reviews = Table(
    "reviews",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("commitment_id", String(64), nullable=False, index=True),  # of no row here: it may come and go
    Column("action", String(16), nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("at", String(32), nullable=False),
    Column("why", Text, nullable=False),
    Column("changes", Text, nullable=False),  # JSON
    # What it was made against; the texts go when the library no longer has the document.
    Column("document_id", String(32), nullable=False, index=True),
    Column("document", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("words", String(32), nullable=False),
    Column("clause", Text, nullable=False),
    Column("quote", Text, nullable=False),
)

mentions = Table(
    "mentions",
    metadata,
    _edition(),
    Column("rules", String(32), nullable=False),  # fingerprint of the rules that read them
    Column("told", Text, nullable=False),  # JSON: what the document says of each thing that it names
)

embeddings = Table(
    "embeddings",
    metadata,
    Column("model", String(255), primary_key=True),
    Column("passage_hash", String(64), primary_key=True),
    Column("dimension", Integer, nullable=False),
    Column("vector", LargeBinary, nullable=False),  # little-endian float32
    Index("ix_embeddings_passage_hash", "passage_hash"),
)

sources = Table(
    "sources",
    metadata,
    Column("path", String(4096), primary_key=True),
    Column("root", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("sha256", String(64)),
    Column("parser", String(128), nullable=False),
    Column("edition", ForeignKey("documents.edition"), index=True),
    Column("container", String(4096), index=True),  # path of the file that this document lies in; None for files
    Column("since", Integer),  # number of the run that brought this document; None: before runs were noted here
)

versions = Table(
    "versions",
    metadata,
    Column("path", ForeignKey("sources.path", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),  # the oldest first
    Column("edition", ForeignKey("documents.edition"), nullable=False, index=True),
)

links = Table(
    "links",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("subject", String(32), primary_key=True, index=True),  # document ids
    Column("object", String(32), primary_key=True, index=True),
    Column("note", Text, nullable=False),
)

traits = Table(
    "traits",
    metadata,
    Column("document_id", String(32), primary_key=True),
    Column("rules", String(128), nullable=False),  # version of what read them
    Column("told", Text, nullable=False),  # JSON of ingest's own
    Column("signature", LargeBinary, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)

problems = Table(
    "problems",
    metadata,
    Column("path", ForeignKey("sources.path", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("place", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("lost", Boolean, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("started_at", String(32), nullable=False),
    Column("ended_at", String(32)),  # None while it runs, or where it was killed
    Column("command", String(16), nullable=False),
    Column("summary", Text),  # JSON, what `ingest run --json` printed
)

generations = Table(
    "generations",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("created_at", String(32), nullable=False),
    Column("model", String(255)),
    Column("documents", Integer, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("manifest_hash", String(64), nullable=False),
)

generation_documents = Table(
    "generation_documents",
    metadata,
    Column("generation", ForeignKey("generations.name", ondelete="CASCADE"), primary_key=True),
    Column("document_id", String(32), primary_key=True),
    Column("edition", ForeignKey("documents.edition"), nullable=False, index=True),
    Column("source", Text, nullable=False),
    Column("superseded", Boolean, nullable=False, server_default=false()),  # readable, but not in the indexes
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("owner", String(128), nullable=False),  # see assistant.domain.access.Identity
    Column("title", Text, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("updated_at", String(32), nullable=False),
    Index("ix_conversations_owner_updated_at", "owner", "updated_at"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("answer_id", String(128), nullable=False, index=True),
    Column("created_at", String(32), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("withheld", Integer, nullable=False),  # sentences of the answer
    Column("question", Text, nullable=False),
    Column("standalone_question", Text, nullable=False),
    Column("answer", Text, nullable=False),  # the text alone
    Column("answer_json", Text, nullable=False),  # the whole contract form
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("answer_id", String(128), nullable=False),
    Column("owner", String(128), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("useful", Boolean, nullable=False),
    Column("reasons", Text, nullable=False),  # JSON list
    Column("note", Text, nullable=False),
    Column("questions", Text, nullable=False),  # JSON list: those of the conversation up to this answer
    Column("answer_json", Text, nullable=False),  # the contract form: evidence, index and model are in it
    Index("ix_feedback_answer_id_owner", "answer_id", "owner", unique=True),
)
