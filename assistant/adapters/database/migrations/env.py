"""Runs the revisions on the connection that :mod:`assistant.adapters.database.engine` hands over."""

from alembic import context

from assistant.adapters.database.schema import metadata

# One transaction for all revisions: a kill in the middle leaves the old schema, whole.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
