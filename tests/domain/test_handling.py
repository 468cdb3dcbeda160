"""Time limits of handling: from a table of rules, or 无法计算 with what is missing."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.adapters.workdays import is_workday
from assistant.domain.ledger.handling import Rule, Term, dates_of, handling_of, rules_of
from assistant.domain.policy import Document
from tests.fakes.shelf import document

TODAY = date(2024, 12, 1)


def proposal(text: str = "立案日期：2024年2月19日") -> Document:
    return document("关于托育服务的提案", ("导语", "", 0, f"江城市政协 {text}"), kind="提案")


def reply(day: str) -> Document:
    fields = {"issued_on": day, "issuer": "江城市卫健委"} if day else {"issuer": "江城市卫健委"}
    return document("对托育服务提案的答复", ("落款", "", 0, f"江城市卫健委 {day}"), kind="答复", fields=fields)


def rules(**cells: str) -> tuple[Rule, ...]:
    return rules_of([{"起算": "立案", "期限": "3个月", "依据": "江城市提案办理办法第十二条", **cells}])


def test_without_a_rule_nothing_is_computed_and_what_is_missing_is_said() -> None:
    found = handling_of(proposal(), [reply("2024-05-10")], (), TODAY)
    assert (found.outcome, found.due) == ("unknown", None)
    assert found.missing == ("办复时限规则：尚未设置规则表（ASSISTANT_HANDLING_RULES）",)
    assert [(d.event, d.day) for d in found.known] == [("立案", date(2024, 2, 19))]
    assert found.known[0].quote == "立案日期：2024年2月19日"
    bare = handling_of(proposal("第8号"), [], (), TODAY)
    assert any("起算日" in m for m in bare.missing)


@pytest.mark.parametrize(
    ("answered", "outcome"),
    [("2024-05-19", "kept"), ("2024-05-20", "kept_extended"), ("2024-06-19", "kept_extended"), ("2024-06-20", "late")],
)
def test_with_a_rule_the_day_the_formula_and_whether_it_was_kept(answered: str, outcome: str) -> None:
    found = handling_of(proposal(), [reply(answered)], rules(延长="1个月"), TODAY)
    assert (found.due, found.extended, found.outcome) == (date(2024, 5, 19), date(2024, 6, 19), outcome)
    assert found.formula.startswith("立案日期2024-02-19起3个月，到期日2024-05-19")
    assert found.rule is not None
    assert "江城市提案办理办法" in found.rule.told()


def test_the_day_that_the_rule_counts_from_must_be_written() -> None:
    found = handling_of(proposal(), [], rules(起算="交办"), TODAY)
    assert (found.outcome, found.missing) == ("unknown", ("起算日：文件没有写明交办日期",))


def test_no_reply_yet() -> None:
    assert handling_of(proposal(), [], rules(), date(2024, 5, 19)).outcome == "open"
    assert handling_of(proposal(), [], rules(), date(2024, 5, 20)).outcome == "overdue"


def test_a_reply_without_a_date_is_not_judged() -> None:
    found = handling_of(proposal(), [reply("")], rules(), TODAY)
    assert (found.due, found.outcome, found.missing) == (
        date(2024, 5, 19),
        "unknown",
        ("答复日期：答复没有写明成文日期",),
    )


def test_the_narrower_rule_goes_first_and_equal_ones_are_not_chosen_between() -> None:
    wide = {"起算": "立案", "期限": "6个月", "依据": "全省办法"}
    narrow = {"地区": "江城市", "起算": "立案", "期限": "3个月", "依据": "江城市办法"}
    assert handling_of(proposal(), [], rules_of([wide, narrow]), TODAY).due == date(2024, 5, 19)
    other = {"地区": "江城市", "起算": "立案", "期限": "2个月", "依据": "江城市通知"}
    torn = handling_of(proposal(), [], rules_of([narrow, other]), TODAY)
    assert torn.due is None
    assert "不能确定用哪一条" in torn.missing[0]
    elsewhere = handling_of(proposal(), [], rules(地区="海州市"), TODAY)
    assert "没有适用于这件提案的规则" in elsewhere.missing[0]


def test_a_rule_out_of_force() -> None:
    found = handling_of(proposal(), [], rules(停用="2023-12-31"), TODAY)
    assert "不在任何一条规则的施行期间内" in found.missing[0]


def test_working_days_and_days_of_the_year() -> None:
    days = handling_of(proposal("交办日期：2024-04-26"), [], rules(起算="交办", 期限="10个工作日"), TODAY, is_workday)
    assert days.due == date(2024, 5, 13)  # 1–5 May are off, 28 April and 11 May make up for them
    without = handling_of(proposal("交办日期：2024-04-26"), [], rules(起算="交办", 期限="10个工作日"), TODAY)
    assert "工作日历" in without.missing[0]
    fixed = handling_of(proposal(), [], rules(期限="6月30日"), TODAY)
    assert fixed.due == date(2024, 6, 30)
    assert Term.parse("1个月").after(date(2024, 1, 31), None) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"起算": "会后", "期限": "3个月", "依据": "某办法"}, "“起算”应为"),
        ({"起算": "交办", "期限": "很快", "依据": "某办法"}, "不是期限"),
        ({"起算": "交办", "期限": "3个月"}, "“依据”没有填写"),
        ({"起算": "交办", "期限": "3个月", "依据": "某办法", "备注": "x"}, "不认识的栏目"),
    ],
)
def test_a_wrong_row_is_named(row: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match="第2行") as error:
        rules_of([{"起算": "立案", "期限": "3个月", "依据": "某办法"}, row])
    assert said in str(error.value)


def test_days_told_in_a_sentence_and_none_without_a_year() -> None:
    told = document("答复", ("导语", "", 0, "您的提案于2024年3月5日由市政府办公室交办，我局2024年3月8日收到。"))
    assert [(d.event, d.day.isoformat()) for d in dates_of(told)] == [("交办", "2024-03-05"), ("收到", "2024-03-08")]
    assert dates_of(document("答复", ("导语", "", 0, "提案于3月5日交办。"))) == ()
