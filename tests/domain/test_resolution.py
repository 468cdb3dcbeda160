"""Which days a time limit means: each rule with its example; what cannot be known stays open, with the reason."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.adapters.workdays import is_workday
from assistant.domain.language.deadlines import find_deadlines
from assistant.domain.language.resolution import Anchor, Resolved, anchor_of, resolve
from assistant.domain.policy import Document, Field, Span

ISSUED = Anchor("成文日期", 2024, date(2024, 3, 15), "2024年3月15日", Span(0, 0))


def _resolved(text: str, anchor: Anchor | None = ISSUED) -> Resolved:
    (mention,) = find_deadlines(text)
    before, after = text[: mention.span.start], text[mention.span.end :]
    return resolve(mention, anchor, before=before, after=after, is_workday=is_workday)


@pytest.mark.parametrize(
    ("text", "start", "end", "precision", "inferred"),
    [
        ("2025年底建成", "2025-01-01", "2025-12-31", "year", False),
        ("年底前完成", "2024-01-01", "2024-12-31", "year", True),
        ("上半年完成", "2024-01-01", "2024-06-30", "half", True),
        ("完成时限：2025/6/30", "2025-06-30", "2025-06-30", "day", False),
        ("完成时间：2025.06.30", "2025-06-30", "2025-06-30", "day", False),
        ("办结时限：2025-6", "2025-06-01", "2025-06-30", "month", False),
        ("时间安排：2025.3-2025.12", "2025-03-01", "2025-12-31", "month", False),
        ("于2025.9.15前完成", "2025-09-15", "2025-09-15", "day", False),
        ("2025年下半年启动", "2025-07-01", "2025-12-31", "half", False),
        ("6月底前完成", "2024-06-01", "2024-06-30", "month", True),
        ("明年2月底前完成", "2025-02-01", "2025-02-28", "month", True),
        ("2024年9月30日前完成", "2024-09-30", "2024-09-30", "day", False),
        ("第三季度完成", "2024-07-01", "2024-09-30", "quarter", True),
        ("10月中旬前完成", "2024-10-01", "2024-10-20", "day", True),
        ("“十四五”期间建成", "2021-01-01", "2025-12-31", "plan", False),
        ("“十五五”末建成", "2026-01-01", "2030-12-31", "plan", False),
        ("二〇二六年六月底前完成", "2026-06-01", "2026-06-30", "month", False),
        ("三年内覆盖", "2024-03-15", "2027-03-15", "day", True),
        ("半年内覆盖", "2024-03-15", "2024-09-15", "day", True),
        ("一年半内覆盖", "2024-03-15", "2025-09-15", "day", True),
        ("自即日起一个月内化解", "2024-03-15", "2024-04-15", "day", True),
        ("自本意见出台之日起3个月内办结", "2024-03-15", "2024-06-15", "day", True),
        ("2024年“五一”前公布", "2024-04-30", "2024-04-30", "day", False),
        ("三季度前全覆盖", "2024-06-30", "2024-06-30", "day", True),
        ("2025年二季度前全覆盖", "2025-03-31", "2025-03-31", "day", True),  # stated year, ambiguous usage
        ("一季度前全覆盖", "2024-01-01", "2024-03-31", "quarter", True),  # before it began the document was not there
        ("2027年前全覆盖", "2026-12-31", "2026-12-31", "day", True),
        ("于2030年以前达峰", "2029-12-31", "2029-12-31", "day", True),
        ("2024年前全覆盖", "2024-01-01", "2024-12-31", "year", True),
        ("2027年底前全覆盖", "2027-01-01", "2027-12-31", "year", False),
        ("2024年9月前全覆盖", "2024-08-31", "2024-08-31", "day", False),
        ("3月前全覆盖", "2024-03-01", "2024-03-31", "month", True),
        ("时限由2024年6月调整为2024年12月", "2024-12-01", "2024-12-31", "month", False),
        ("国庆假期前竣工", "2024-09-30", "2024-09-30", "day", True),
        ("国庆节前竣工", "2024-09-30", "2024-09-30", "day", True),
        ("元旦前竣工", "2024-12-31", "2024-12-31", "day", True),
        ("由原定8月底前延期至10月15日前完工", "2024-10-15", "2024-10-15", "day", True),
        ("自印发之日起3个月内办结", "2024-03-15", "2024-06-15", "day", True),
        ("执行期限为2024年1月1日至2026年12月31日", "2024-01-01", "2026-12-31", "day", False),
        ("自本通知印发之日起20个工作日内报送", "2024-03-15", "2024-04-15", "day", True),  # 清明 off, a Sunday worked
    ],
)
def test_limits_with_days(text: str, start: str, end: str, precision: str, inferred: bool) -> None:
    found = _resolved(text)
    assert found.start is not None and found.end is not None, found.reason
    assert (found.start.isoformat(), found.end.isoformat(), found.precision) == (start, end, precision)
    assert found.inferred is inferred
    assert found.formula
    assert not found.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("受理后7个工作日内反馈", "起算日"),
        ("会议召开前十个工作日将议题送达", "起算日"),
        ("季后15日内发布分析", "周期性"),
        ("每半月通报一次", "周期性"),
        ("每季度第一个月10日前报送", "周期性"),
        ("企业转制后，五年内免征房产税", "起算日"),
        ("自企业登记之日起签订合同", "起算"),
        ("自细则印发之日起3个月内换签", "起算日"),  # of another document, which may not be out yet
        ("管理办法出台后30日内备案", "起算日"),
        ("每年4月底前报送", "周期性"),
        ("长期坚持开展", "长期"),
        ("尽快办理", "不是确定"),
        ("2024年2月30日前完成", "日历"),
        ("完成时限：2025年汛期前", "不能换算"),
        ("两学期内完成", "不能换算"),
    ],
)
def test_limits_without_days_say_why(text: str, reason: str) -> None:
    found = _resolved(text)
    assert found.end is None
    assert reason in found.reason


def test_working_days_of_years_that_the_calendar_lacks_stay_open() -> None:
    far = Anchor("成文日期", 2040, date(2040, 3, 1), "2040年3月1日", Span(0, 0))
    assert "工作日历" in _resolved("自印发之日起5个工作日内", far).reason
    (mention,) = find_deadlines("自印发之日起5个工作日内")
    assert "没有工作日历" in resolve(mention, ISSUED).reason


def test_an_inferred_day_before_the_document_is_pointed_out() -> None:
    late = Anchor("成文日期", 2024, date(2024, 11, 20), "2024年11月20日", Span(0, 0))
    assert "早于文件日期" in _resolved("6月底前完成", late).formula


def test_without_a_year_anywhere_nothing_is_inferred() -> None:
    assert "没有写年份" in _resolved("6月底前完成", None).reason
    by_number = Anchor("文号年份", 2023, None, "江教函〔2023〕1号", Span(0, 0))
    assert _resolved("6月底前完成", by_number).end == date(2023, 6, 30)
    assert "无法起算" in _resolved("三年内完成", by_number).reason


@pytest.mark.parametrize(
    ("fields", "source", "year"),
    [
        ({"issued_on": "2024-03-15", "published_on": "2024-04-01", "number": "江教函〔2023〕1号"}, "成文日期", 2024),
        ({"published_on": "2024-04-01", "number": "江教函〔2023〕1号"}, "发布日期", 2024),
        ({"number": "江教函〔2023〕1号"}, "文号年份", 2023),
        ({"issued_on": "9月31日", "number": "江教函〔2023〕1号"}, "文号年份", 2023),
    ],
)
def test_the_anchor_is_the_first_date_that_the_document_has(fields: dict[str, str], source: str, year: int) -> None:
    written = tuple(Field(name, value, value, Span(0, 0)) for name, value in fields.items())
    anchor = anchor_of(Document("d", "", "通知", "", "", (), written, ()))
    assert anchor is not None
    assert (anchor.source, anchor.year) == (source, year)


def test_no_date_no_anchor() -> None:
    assert anchor_of(Document("d", "", "通知", "", "", (), (), ())) is None
