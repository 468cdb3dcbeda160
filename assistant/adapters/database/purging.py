"""When what is old may be deleted: not on the first day of a clock that has jumped ahead."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, select

from assistant.adapters.database import access_schema as a
from assistant.adapters.database import schema as s
from assistant.adapters.database.engine import reading, writing

_MARK = "upkeep"
_GAP = timedelta(days=30)


def may_purge(engine: Engine, now: datetime) -> bool:
    """Whether the clock can be believed when it says that records are old; notes that it was asked.

    After a month without upkeep, or after the latest record, the first time is let pass: either the service was off for
    so long, and a day more does no harm, or the clock is wrong, and whoever looks has a day to see it.
    """
    m = s.marks
    with reading(engine) as connection:
        last = connection.execute(select(m.c.value).where(m.c.name == _MARK)).scalar()
    before = datetime.fromisoformat(last) if last else newest_record(engine)
    with writing(engine) as connection:
        connection.execute(delete(m).where(m.c.name == _MARK))
        connection.execute(m.insert(), {"name": _MARK, "value": now.isoformat(timespec="seconds")})
    return before is None or now - before < _GAP


def newest_record(engine: Engine) -> datetime | None:
    """When the latest thing was written that has a time; None in a new library."""
    times = (a.audit.c.at, s.conversations.c.updated_at, s.runs.c.started_at)
    with reading(engine) as connection:
        found = [connection.execute(select(func.max(column))).scalar() for column in times]
    return max((datetime.fromisoformat(at) for at in found if at), default=None)
