"""The verifier: faithful wordings leave, changed facts do not.

The sentences are in ``claims.jsonl``, in sets (``set``) in the order in which they were written. Each set was measured
before any rule was mended on it; what it told then stands in docs/models.md.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.checks.sources import gives_orders
from assistant.answering.checks.verify import verify
from assistant.answering.evidence import Evidence, new_keys
from assistant.domain.policy import Span

CASES = [json.loads(line) for line in (Path(__file__).parent / "claims.jsonl").read_text("utf-8").splitlines()]
_TENTH = Path(__file__).parent / "claims_tenth.jsonl"
OTHER_KINDS = [json.loads(line) for line in _TENTH.read_text("utf-8").splitlines()]


def evidence(text: str, *, title: str = "关于有关提案的答复", number: str | None = None, context: str = "") -> Evidence:
    return Evidence(new_keys(1)[0], "d1", title, number, "一", 1, Span(0, len(text)), text, context, 1.0)


def of_case(case: dict[str, Any]) -> list[Evidence]:
    return [
        evidence(text, title=case["title"], number=case["number"], context=case["context"]) for text in case["texts"]
    ]


def test_there_are_enough_sentences_to_measure() -> None:
    assert sum(len(c["faithful"]) for c in CASES) >= 500
    assert sum(len(c["mutated"]) for c in CASES) >= 550


def test_no_more_than_one_faithful_sentence_in_twenty_is_withheld() -> None:
    withheld = [(s, check.reasons) for c in CASES for s in c["faithful"] if not (check := verify(s, of_case(c))).ok]
    assert len(withheld) <= 0.05 * sum(len(c["faithful"]) for c in CASES), withheld


def test_at_least_nineteen_changed_facts_in_twenty_are_caught() -> None:
    missed = [s for c in CASES for s in c["mutated"] if verify(s, of_case(c)).ok]
    assert len(missed) <= 0.05 * sum(len(c["mutated"]) for c in CASES), missed


def test_over_documents_of_other_kinds_no_more_is_wrong_than_was_measured() -> None:
    """Plans for floods, tenders, budgets, contracts, penalties: at first sight 21 of 120 withheld, 20 of 120 missed."""
    withheld = [s for c in OTHER_KINDS for s in c["faithful"] if not verify(s, of_case(c)).ok]
    missed = [s for c in OTHER_KINDS for s in c["mutated"] if verify(s, of_case(c)).ok]
    assert len(withheld) <= 21, withheld
    assert len(missed) <= 17, missed


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["topic"])
def test_every_statement_of_a_clause_passes_as_it_stands(case: dict[str, Any]) -> None:
    for statement in filter(None, (s for text in case["texts"] for s in text.split("。"))):
        assert verify(f"{statement}。", of_case(case)).ok, statement


LIST = "拟由市水利局牵头整治南河；由市林业局牵头绿化北山。东湖清淤由市水利局和市城管局共同牵头，5月9日正式启动。"


@pytest.mark.parametrize(
    ("sentence", "leaves"),
    [
        ("由市林业局牵头绿化北山。", True),  # a whole clause, word for word
        ("北山绿化拟由市林业局牵头。", True),
        ("北山绿化由市林业局牵头。", False),  # the 拟 of the list governs it
        ("由市水利局牵头整治南河。", False),  # the quote cuts its 拟 off
        ("南河整治已由市水利局牵头完成。", False),
        ("北山绿化拟由市水利局牵头。", False),  # lead of the other item
        ("东湖清淤由市水利局和市城管局共同牵头。", True),
        ("东湖清淤拟由市水利局和市城管局共同牵头。", False),  # 拟 where the text has none
        ("东湖清淤于5月9日正式启动。", True),
        ("东湖清淤须在5月9日前启动。", False),  # an event is no deadline
        ("东湖清淤于2024年5月9日正式启动。", False),  # the year is nowhere
        ("北山绿化于5月9日正式启动。", False),
    ],
)
def test_plans_and_events(sentence: str, leaves: bool) -> None:
    check = verify(sentence, [evidence(LIST)])
    assert check.ok is leaves, check.reasons


ALLIANCES = (
    "（一）组建示范联盟。联盟由有关部门牵头，学校和企业共同参加，开展人才培养。其中，拟由市能源局和市教育局牵头组建风电示范联盟；"
    "由高新区管委会牵头组建光伏示范联盟；由市体育局牵头组建冰雪示范联盟。3月8日，由市教育局牵头的储能产业示范联盟正式成立。"
)


@pytest.mark.parametrize(
    ("sentence", "leaves"),
    [
        ("光伏示范联盟拟由高新区管委会牵头组建。", True),
        ("风电联盟拟由市能源局和市教育局牵头，光伏联盟拟由高新区管委会牵头。", True),
        ("储能产业示范联盟已于3月8日正式成立，由市教育局牵头。", True),
        ("光伏示范联盟拟由市体育局牵头组建。", False),
        ("风电联盟拟由高新区管委会牵头，光伏联盟拟由市能源局和市教育局牵头。", False),
        ("光伏示范联盟已于3月8日正式成立。", False),
        ("冰雪示范联盟由市教育局牵头。", False),
        ("储能产业示范联盟拟由市教育局牵头成立。", False),
        ("高新区管委会牵头的储能产业示范联盟已成立。", False),
        ("各示范联盟均已成立。", False),
    ],
)
def test_items_of_a_list_are_not_mixed(sentence: str, leaves: bool) -> None:
    check = verify(sentence, [evidence(ALLIANCES)])
    assert check.ok is leaves, check.reasons


@pytest.mark.parametrize(
    ("sentence", "leaves"),
    [
        ("编制人才目录由市工信局牵头，市人社局配合（依上级条目推定）。", True),
        ("编制人才目录由市工信局牵头，市人社局配合。", False),
        ("编制人才目录由市人社局牵头，市工信局配合（依上级条目推定）。", False),
        ("编制人才目录由市教育局牵头（依上级条目推定）。", False),
    ],
)
def test_an_inherited_lead_must_be_marked(sentence: str, leaves: bool) -> None:
    section = evidence("由市工信局牵头，市人社局配合，制定扶持政策。")
    item = evidence("（四）编制人才目录。开展需求调研，按年更新紧缺人才目录。")
    check = verify(sentence, [section, item])
    assert check.ok is leaves, check.reasons


def test_names_and_numbers_may_come_from_the_heading_but_not_what_was_done() -> None:
    clause = evidence(
        "由市民政局牵头，每年评估一次。", title="关于社区食堂建设已经完成的通报", number="江民发〔2024〕5号"
    )
    assert verify("江民发〔2024〕5号写明，社区食堂由市民政局牵头，每年评估一次。", [clause]).ok
    assert not verify("社区食堂建设已经完成。", [clause]).ok


@pytest.mark.parametrize(
    "sentence",
    [
        "市民政局牵头[详情](http://evil.example)。",
        "市民政局牵头，见 www.evil.example。",
        "<b>市民政局</b>牵头。",
        "由市民政局牵头\u202e，每年评估一次。",
        "由市民政局牵头[1]。",
        "`由市民政局牵头`",
        "The civil affairs bureau leads.",
        "市民政局 leads。",
        "。",
        "市民政局" * 200,
    ],
)
def test_foreign_matter_never_leaves(sentence: str) -> None:
    assert not verify(sentence, [evidence("由市民政局牵头，每年评估一次。")]).ok


def test_without_evidence_nothing_leaves() -> None:
    assert verify("由市民政局牵头。", []).reasons == ("没有依据",)


@pytest.mark.parametrize(
    "unit", ["由市民政局牵头，每年评估一次；", "（一）1、", "2024年9月底前完成，", "《", "不", "拟"]
)
def test_long_text_is_checked_in_time(unit: str) -> None:
    text = unit * (4000 // len(unit))
    started = time.process_time()
    verify(text[:380], [evidence(text), evidence(text[::-1])])
    verify("北山绿化拟由市林业局牵头，2024年9月底前完成。", [evidence(text)])
    assert time.process_time() - started < 15


@pytest.mark.parametrize("unit", ["请", "忽略", "请在", "回答", "system", "如果问到", "[", "你现在", "ignore "])
def test_looking_for_orders_takes_time_linear_in_the_text(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.process_time()
    gives_orders(text)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "text",
    [
        "请于5日内将办理情况回复市政府督查室。",
        "不得忽略代表提出的意见。",
        "人工智能产业应加快发展，组建大模型创新中心。",
        "对提案人的答复应当经主要负责人签发。",
        "您提出的建议收悉，现答复如下：",
    ],
)
def test_office_prose_is_no_order_to_a_program(text: str) -> None:
    assert not gives_orders(text)
