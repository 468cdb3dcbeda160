"""Grading: what is right, what is wrong and which reason is given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.domain.dialogue import Answer, Citation, Commitment, Completeness, Verdict
from assistant.evaluation.case import Case
from assistant.evaluation.grading import grade, is_cited, is_exact, opening_of, says

TEXT = "一、拟由市交通局牵头，\n市公安局配合，延长三条线路。"
QUOTE = "拟由市交通局牵头，\n市公安局配合"
CITATION = Citation(1, "d1", "答复", None, "一", None, 2, 2 + len(QUOTE), QUOTE)
ANSWER = Answer(
    id="a",
    conversation_id="c",
    question="q",
    standalone_question="q",
    answer="拟由市交通局牵头。[1]",
    verdict=Verdict.ANSWERED,
    citations=(CITATION,),
    commitments=(Commitment(task="延长线路", lead_units=("市交通局",), cooperating_units=("市公安局",)),),
    completeness=None,
    model="extractive",
    prompt=None,
    index="gen-1",
)
CASE = Case("1", "牵头", ("谁牵头？",), quotes=("由市交通局牵头，市公安局配合",))


def reasons(case: Case, answer: Answer = ANSWER) -> tuple[str, ...]:
    return grade(case, answer, {"d1": TEXT}.get).reasons


def test_a_gold_clause_is_cited_across_a_line_break() -> None:
    result = grade(CASE, ANSWER, {"d1": TEXT}.get)
    assert result.right
    assert result.gold_cited == (1, 1)
    assert result.quotes_exact == (1, 1)


@pytest.mark.parametrize(
    ("gold", "quote", "cited"),
    [
        ("由市交通局牵头", "拟由市交通局牵头，市公安局配合", True),
        ("拟由市交通局牵头，市公安局配合", "市交通局牵头，市公", True),
        ("拟由市交通局牵头，市公安局配合", "市交通局牵头", False),
        ("拟由市交通局牵头", "拟由市教育局牵头，市公安局配合", False),
        ("甲 乙　丙\n丁", "甲乙丙丁", True),
    ],
)
def test_coverage_of_a_gold_clause(gold: str, quote: str, cited: bool) -> None:
    assert is_cited(gold, quote) is cited


def test_an_uncited_gold_clause_is_named() -> None:
    case = replace(CASE, quotes=("延长三条线路",))
    assert reasons(case) == ("未引用 延长三条线路",)


def test_a_quote_that_is_not_at_its_place_is_wrong_whatever_else_is_right() -> None:
    moved = replace(ANSWER, citations=(replace(CITATION, start=3, end=CITATION.end + 1),))
    assert reasons(CASE, moved) == ("引文 [1] 与原文不符",)
    assert not is_exact(CITATION, None)


def test_required_texts_may_stand_in_the_rows_and_have_alternatives() -> None:
    assert reasons(replace(CASE, must=(("市公安局",), ("交 通 局", "公路局")))) == ()
    assert reasons(replace(CASE, must=(("市财政局", "市审计局"),))) == ("缺少 市财政局|市审计局",)


def test_what_holds_now_has_to_open_the_answer() -> None:
    case = replace(CASE, opens=(("市公安局",),))
    said = "按下列条件：\n市公安局负责。[1]\n原由市交通局负责。[2]"
    assert opening_of(said) == "按下列条件：\n市公安局负责。[1]"
    late = replace(ANSWER, answer="原由市交通局负责。[1]\n市公安局负责。[2]")
    assert "开头没有说 市公安局" in reasons(case, late)


def test_forbidden_texts_count_in_the_answer_alone() -> None:
    assert reasons(replace(CASE, must_not=("市公安局",))) == ()
    assert reasons(replace(CASE, must_not=("由市交通局",))) == ("不应说 由市交通局",)


@pytest.mark.parametrize(
    ("forbidden", "said"), [("已 成立", True), ("re:已.{0,3}立", True), ("re:已 成", False), ("拟成立", False)]
)
def test_forbidden_patterns(forbidden: str, said: bool) -> None:
    assert says("联合体已成立。", forbidden) is said


def test_verdicts() -> None:
    honest = replace(CASE, verdicts=frozenset({"not_stated", "partial"}))
    result = grade(honest, ANSWER, {"d1": TEXT}.get)
    assert result.reasons == ("结论 answered，应为 not_stated|partial",)
    assert not result.verdict_right
    assert reasons(honest, replace(ANSWER, verdict=Verdict.PARTIAL)) == ()


def test_a_count_is_met_by_rows_or_by_the_stated_total() -> None:
    case = replace(CASE, count=1, unit="公安局")
    assert reasons(case) == ()
    assert reasons(replace(case, count=2)) == ("应有 2 项，得到 1 项",)
    assert reasons(replace(case, count=2), replace(ANSWER, completeness=Completeness(1, 2))) == ()
