"""Working days of China by the holiday arrangements of the State Council, as the chinesecalendar package keeps them."""

from __future__ import annotations

from datetime import date


def is_workday(day: date) -> bool | None:
    """Whether a day is a working day (weekends worked in exchange included); None for years not in the package."""
    import chinese_calendar  # 40 ms, paid only where working days are counted

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
