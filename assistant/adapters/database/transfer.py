"""All rows from one database of ours into another, of whichever engine: backups of a server, and moving to one."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, Integer, delete, func, select, text

from assistant.adapters.database import access_schema, wecom  # noqa: F401  # their tables are in the metadata, too
from assistant.adapters.database.engine import reading, writing
from assistant.adapters.database.schema import metadata

_AT_ONCE = 500  # rows of one statement; vectors are some kilobytes each


def copy_rows(source: Engine, target: Engine) -> None:
    """Make the tables of ``target`` hold what those of ``source`` hold, at once; both have our newest schema.

    Raises :class:`~assistant.errors.LibraryError`; ``target`` is then what it was.
    """
    with reading(source) as theirs, writing(target) as ours:
        for table in reversed(metadata.sorted_tables):
            ours.execute(delete(table))
        for table in metadata.sorted_tables:
            rows = theirs.execution_options(yield_per=_AT_ONCE).execute(select(table)).mappings()
            for some in rows.partitions(_AT_ONCE):
                ours.execute(table.insert(), [dict(row) for row in some])
        if target.dialect.name == "postgresql":
            _go_on_counting(ours)


def _go_on_counting(connection: Connection) -> None:
    """Numbers that the server gives out begin after those that were copied."""
    for table in metadata.sorted_tables:
        (key, *more) = table.primary_key.columns
        if more or not isinstance(key.type, Integer) or key.autoincrement is False:
            continue
        last = connection.execute(select(func.max(key))).scalar()
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, :column), :last, :used)"),
            {"table": table.name, "column": key.name, "last": last or 1, "used": last is not None},
        )
