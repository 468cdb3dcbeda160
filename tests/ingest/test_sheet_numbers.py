"""Numbers and dates of spreadsheets as they are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.sheet.book import CellType
from ingest.formats.sheet.shown import iso_date, plain, shown

DAY = 45565.0  # 2024-09-30


@pytest.mark.parametrize(
    ("number", "pattern", "text"),
    [
        (1.0, "General", "1"),
        (0.1 + 0.2, "General", "0.3"),
        (-3.5, "General", "-3.5"),
        (12345678901234568.0, "0", "12345678901234600"),
        (1e22, "General", "1e+22"),
        (0.0000001, "General", "0.0000001"),
        (7, "0000", "0007"),
        (2.5, "0", "3"),
        (0.256, "0.0%", "25.6%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (1200, "_ ¥* #,##0_ ;_ ¥* -#,##0_ ", "¥1,200"),
        (1200, "[$¥-804]#,##0", "¥1,200"),
        (12, '0"项"', "12项"),
        (2024, 'General"年"', "2024年"),
        (-5, "0;(0)", "(5)"),
        (-5.5, "0.0;[Red]0.0", "5.5"),
        (-0.4, "0", "0"),
        (3.5, "0.##", "3.5"),
        (1500000, "0.0,,", "1.5"),
        (0.5, "# ?/?", "0.5"),
        (5, "@", "5"),
        (5, '";"0', ";5"),
    ],
)
def test_numbers(number: float, pattern: str, text: str) -> None:
    assert shown(number, pattern).text == text
    assert shown(number, pattern).type == CellType.NUMBER


@pytest.mark.parametrize(
    ("number", "pattern", "text"),
    [
        (DAY, "yyyy/m/d", "2024年9月30日"),
        (DAY, '[$-804]yyyy"年"m"月"d"日";@', "2024年9月30日"),
        (DAY, "yyyy年m月", "2024年9月"),
        (DAY, "yyyy.mm", "2024年9月"),
        (DAY, "mmm-yy", "2024年9月"),
        (DAY, 'm"月"d"日"', "9月30日"),
        (DAY, "yyyy", "2024年"),
        (DAY + 0.5, "yyyy-mm-dd hh:mm", "2024年9月30日 12:00"),
        (DAY + 0.6, "m/d h:mm:ss", "9月30日 14:24:00"),
        (0.75, "h:mm", "18:00"),
        (1.5, "[h]:mm", "36:00:00"),
        (59, "yyyy-m-d", "1900年2月28日"),
        (60, "yyyy-m-d", "1900年2月29日"),
        (61, "yyyy-m-d", "1900年3月1日"),
    ],
)
def test_dates(number: float, pattern: str, text: str) -> None:
    assert shown(number, pattern).text == text
    assert shown(number, pattern).type == CellType.DATE


def test_the_calendar_of_the_macintosh_begins_later() -> None:
    assert shown(DAY - 1462, "yyyy-m-d", from_1904=True).text == "2024年9月30日"


def test_a_number_that_no_day_has_is_shown_as_a_number() -> None:
    assert shown(-1, "yyyy-m-d").text == "-1"
    assert shown(1e9, "yyyy-m-d").text == "1000000000"


def test_dates_that_the_file_holds_as_text() -> None:
    assert iso_date("2024-09-30T00:00:00").text == "2024年9月30日"
    assert iso_date("2024-09-30T08:05:00").text == "2024年9月30日 8:05"
    assert iso_date("soon").text == "soon"


@given(st.floats(allow_nan=True), st.text(alphabet='0#?.,;%"\\[]ymdhs@年 Ee/-$G', max_size=24), st.booleans())
def test_any_number_in_any_format_is_shown(number: float, pattern: str, from_1904: bool) -> None:
    assert isinstance(shown(number, pattern, from_1904=from_1904).text, str)


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_integers_keep_their_digits(number: int) -> None:
    assert plain(float(number)) == str(number)
