"""Spans of days as people ask for them, on a day of the test's own."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.answering.understanding.periods import find_periods

TODAY = date(2024, 12, 1)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("今年要完成的", date(2024, 1, 1), date(2024, 12, 31)),
        ("明年到期的", date(2025, 1, 1), date(2025, 12, 31)),
        ("去年12月到期的", date(2023, 12, 1), date(2023, 12, 31)),
        ("本月底前要办的", None, date(2024, 12, 31)),
        ("下个月到期的", date(2025, 1, 1), date(2025, 1, 31)),  # over the end of the year
        ("下季度到期的", date(2025, 1, 1), date(2025, 3, 31)),
        ("下周到期的", date(2024, 12, 2), date(2024, 12, 8)),
        ("30天内到期的", TODAY, date(2024, 12, 31)),
        ("两个月内到期的", TODAY, date(2025, 2, 1)),
        ("9月底前要完成的", None, date(2024, 9, 30)),
        ("2025年以前到期的", None, date(2024, 12, 31)),  # 2025 itself is left out
        ("2025年底以前到期的", None, date(2025, 12, 31)),
        ("2025年6月30日前", None, date(2025, 6, 30)),  # a day is included
        ("2025年6月以后", date(2025, 6, 1), None),
        ("2024年第三季度", date(2024, 7, 1), date(2024, 9, 30)),
        ("2024年上半年", date(2024, 1, 1), date(2024, 6, 30)),
        ("2024年3月到6月", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024年至2025年", date(2024, 1, 1), date(2025, 12, 31)),
        ("二〇二四年内", date(2024, 1, 1), date(2024, 12, 31)),
        ("年底前", None, date(2024, 12, 31)),
    ],
)
def test_a_period_means_days(text: str, first: date | None, last: date | None) -> None:
    (period,) = find_periods(text, TODAY)
    assert (period.first, period.last) == (first, last)
    assert text.startswith(period.span.of(text))


def test_a_year_that_is_given_stands_in_for_the_missing_one() -> None:
    (period,) = find_periods("9月底前要完成的", TODAY, 2023)
    assert period.last == date(2023, 9, 30)
    assert period.said == "2023年9月30日及以前"


@pytest.mark.parametrize("text", ["2024年度任务清单", "第3项任务", "13月", "牵头单位有哪些", "2月30日前"])
def test_what_is_no_period(text: str) -> None:
    assert find_periods(text, TODAY) == []
