"""A table that takes no rows, as on a full disk, in whichever database it lies."""

from __future__ import annotations

from sqlalchemy import Engine


def refuse_writes(engine: Engine, table: str) -> None:
    """Have every insert into the table, and every update of it, fail from now on."""
    if engine.dialect.name == "sqlite":
        body = "BEGIN SELECT RAISE(ABORT, 'full'); END"
        statements = [f"CREATE TRIGGER no_{how} BEFORE {how} ON {table} {body}" for how in ("INSERT", "UPDATE")]
    else:
        statements = [f"ALTER TABLE {table} ADD CONSTRAINT no_room CHECK (false) NOT VALID"]
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
