from __future__ import annotations

import time

import pytest

from assistant.domain.language.dates import find_dates


@pytest.mark.parametrize(
    ("text", "as_written", "iso"),
    [
        ("于2019年1月12日印发", "2019年1月12日", "2019-01-12"),
        ("2019-01-12", "2019-01-12", "2019-01-12"),
        ("时间：2019.1.12。", "2019.1.12", "2019-01-12"),
        ("２０１９年１月１２日", "２０１９年１月１２日", "2019-01-12"),
        ("二〇〇五年七月十四日", "二〇〇五年七月十四日", "2005-07-14"),
        ("二○二三年十二月二十一日", "二○二三年十二月二十一日", "2023-12-21"),
        ("2004年04月17日", "2004年04月17日", "2004-04-17"),
        ("2023 年 5 月 16 日", "2023 年 5 月 16 日", "2023-05-16"),
    ],
)
def test_full_dates(text: str, as_written: str, iso: str) -> None:
    (date,) = find_dates(text)
    assert (date.as_written, date.iso, date.possible) == (as_written, iso, True)
    assert date.span.of(text) == as_written


def test_a_date_without_a_year_gets_none() -> None:
    (date,) = find_dates("5月16日正式成立")
    assert (date.year, date.month, date.day, date.iso, date.possible) == (None, 5, 16, None, True)


def test_months_and_ends_of_years() -> None:
    found = find_dates("2024年6月前启动，2023年底前完成，2025年末验收。")
    assert [(d.as_written, d.year, d.month, d.day, d.iso) for d in found] == [
        ("2024年6月", 2024, 6, None, None),
        ("2023年底", 2023, None, None, None),
        ("2025年末", 2025, None, None, None),
    ]


@pytest.mark.parametrize("text", ["2008年9月31日", "9月31日", "2023年2月29日", "2023-13-01", "二〇〇五年十三月一日"])
def test_an_impossible_date_is_flagged_and_not_mended(text: str) -> None:
    (date,) = find_dates(text)
    assert (date.as_written, date.possible, date.iso) == (text, False, None)


@pytest.mark.parametrize("text", ["三个月", "6个月内", "3月", "1.2.3", "2023年", "版本2019.1.12.4", "国发〔2019〕5号"])
def test_what_is_no_date(text: str) -> None:
    assert [d.as_written for d in find_dates(text)] in ([], ["2019.1.12"])


@pytest.mark.parametrize(
    "text",
    ["2" * 100_000, "二〇" * 50_000, "2019年" * 20_000, "1月" * 50_000, "2019-" * 20_000,
     "二〇〇五年七月十四日" * 10_000, "十" * 100_000, " " * 100_000, "1 " * 50_000],
    ids=lambda t: t[:6],
)  # fmt: skip
def test_search_takes_linear_time(text: str) -> None:
    started = time.process_time()
    find_dates(text)
    assert time.process_time() - started < 5
