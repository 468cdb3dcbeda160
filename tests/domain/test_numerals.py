from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.language.numerals import parse_numeral, to_chinese


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十一", 21),
        ("一百零三", 103),
        ("一百一十", 110),
        ("二〇〇五", 2005),
        ("二○○五", 2005),
        ("五二四", 524),
        ("〇", 0),
        ("两", 2),
        ("廿三", 23),
        ("三千零五十", 3050),
        ("一万二千", 12000),
        ("5", 5),
        ("２０２３", 2023),
        ("0024", 24),
    ],
)
def test_a_numeral_has_its_value(text: str, value: int) -> None:
    assert parse_numeral(text) == value


@pytest.mark.parametrize("text", ["", "第三", "十百", "三三十", "百", "人", "1二", "一" * 30, "二十十"])
def test_what_is_no_numeral_is_none(text: str) -> None:
    assert parse_numeral(text) is None


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "零"), (10, "十"), (15, "十五"), (21, "二十一"), (103, "一百零三"), (110, "一百一十"), (1005, "一千零五"),
     (10_000, "一万"), (10_005, "一万零五"), (12_000, "一万二千"), (200_010, "二十万零一十")],
)  # fmt: skip
def test_a_number_is_read_as_usual(number: int, text: str) -> None:
    assert to_chinese(number) == text


def test_numbers_outside_the_range_are_refused() -> None:
    with pytest.raises(ValueError, match="no numeral"):
        to_chinese(-1)


@given(st.integers(min_value=0, max_value=10**8 - 1))
def test_reading_and_parsing_are_inverse(number: int) -> None:
    assert parse_numeral(to_chinese(number)) == number


@given(st.text(max_size=40))
def test_any_text_is_taken(text: str) -> None:
    assert parse_numeral(text) is None or parse_numeral(text) >= 0  # type: ignore[operator]
