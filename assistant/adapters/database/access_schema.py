"""The tables of access, beside those of :mod:`assistant.adapters.database.schema`: keys, labels, the audit log."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from assistant.adapters.database.schema import metadata

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("hash", String(64), nullable=False),  # SHA-256 of the secret
    Column("scopes", Text, nullable=False),  # JSON list
    Column("clearance", Text, nullable=False),  # JSON
    Column("created_at", String(32), nullable=False),
    Column("expires_at", String(32)),
    Column("revoked_at", String(32)),
    Column("last_used_at", String(32)),
)

source_labels = Table(
    "source_labels",
    metadata,
    Column("path", ForeignKey("sources.path", ondelete="CASCADE"), primary_key=True),
    Column("label", Text, nullable=False),  # as assistant.domain.access.Visibility writes it
    Column("origin", String(16), nullable=False),  # what gave it: a rule file, or the command line
)

labels = Table(
    "labels",
    metadata,
    Column("document_id", String(32), primary_key=True),  # stays when the document goes: answers quote it
    Column("label", Text, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(32), nullable=False, index=True),
    Column("who", String(128), nullable=False),  # owner of the identity
    Column("action", String(32), nullable=False),
    Column("object", Text, nullable=False),  # id of what was opened, exported, changed
    Column("status", Integer, nullable=False),  # of the HTTP answer; 0 on the command line
    Column("request_id", String(32), nullable=False),
    Column("content", Text, nullable=False),  # the question, where that is configured
)
