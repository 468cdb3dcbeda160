from __future__ import annotations

import time

import pytest

from assistant.domain.language.identity import (
    DocumentNumber,
    find_document_numbers,
    find_proposal_numbers,
    find_sessions,
    normalise_number,
    parse_number,
)


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("吉市教议〔2023〕7号", "吉市教议〔2023〕7号"),
        ("国办发[2014]12号", "国办发〔2014〕12号"),
        ("国办发﹝2015﹞3号", "国办发〔2015〕3号"),
        ("教职成厅函【2017】15号", "教职成厅函〔2017〕15号"),
        ("国发(2014)5号", "国发〔2014〕5号"),
        ("国发（２０１４）５号", "国发〔2014〕5号"),
        ("国发〔201763号", "国发〔2017〕63号"),
        ("吉市教议〔20227号", "吉市教议〔2022〕7号"),
        ("国发2017〕63号", "国发〔2017〕63号"),
        ("吉市教议 〔2023〕 7 号", "吉市教议〔2023〕7号"),
        ("国发〔2019〕第5号", "国发〔2019〕5号"),
        ("国发〔2019〕05号", "国发〔2019〕5号"),
    ],
)
def test_variants_of_a_number_are_one_number(raw: str, normal: str) -> None:
    assert normalise_number(raw) == normal


@pytest.mark.parametrize(
    "raw", ["", "7号", "第524号", "国发〔1203〕7号", "〔2023〕7号", "国发〔2023〕号", "国发〔20230号"]
)
def test_what_is_no_number_is_none(raw: str) -> None:
    assert normalise_number(raw) is None


def test_a_number_has_parts() -> None:
    assert parse_number("吉市教议〔2023〕7号") == DocumentNumber("吉市教议", 2023, 7)


def test_numbers_are_found_in_running_text() -> None:
    text = "根据《某意见》（国发〔2019〕5号）和国办发[2018]12号，参照教职成厅函〔2023〕15号执行。"
    assert [(s.of(text), n) for s, n in find_document_numbers(text)] == [
        ("国发〔2019〕5号", "国发〔2019〕5号"),
        ("国办发[2018]12号", "国办发〔2018〕12号"),
        ("教职成厅函〔2023〕15号", "教职成厅函〔2023〕15号"),
    ]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("对第524号提案的答复", [("第524号", 524)]),
        ("五二四号提案", [("五二四号", 524)]),
        ("524号提案谁牵头", [("524号", 524)]),
        ("关于第７２４０号建议的复函", [("第７２４０号", 7240)]),
        ("第一百零三号提案", [("第一百零三号", 103)]),
        ("第 88 号", [("第 88 号", 88)]),
        ("吉市教议〔2023〕7号提案", []),
        ("国务院令第588号令", []),
        ("人民路12号", []),
        ("第3号党派团体提案和第5号提案", [("第3号", 3), ("第5号", 5)]),
    ],
)
def test_proposal_numbers(text: str, numbers: list[tuple[str, int]]) -> None:
    assert [(s.of(text), n) for s, n in find_proposal_numbers(text)] == numbers


@pytest.mark.parametrize(
    ("text", "session"),
    [
        ("市政协十四届二次会议", "十四届二次"),
        ("市政协十四届委员会第二次会议", "十四届二次"),
        ("14届2次", "十四届二次"),
        ("十届全国人大四次会议", "十届四次"),
        ("全国政协十届四次会议", "十届四次"),
        ("政协第十三届全国委员会第五次会议", "十三届五次"),
        ("第十四届市人民代表大会第三次会议", "十四届三次"),
    ],
)
def test_sessions_are_one_form(text: str, session: str) -> None:
    assert [normal for _, normal in find_sessions(text)] == [session]


def test_a_session_without_its_number_is_not_guessed() -> None:
    assert find_sessions("市十届人大次会议") == []


@pytest.mark.parametrize(
    "text",
    ["国" * 100_000, "国〔2" * 33_000, "第" * 100_000, "第一" * 50_000, "一" * 100_000, "十届" * 50_000,
     "国2019" * 20_000, "号" * 100_000, "第1号党" * 25_000, "1号" + "党" * 100_000, "国〔2019〕7号" * 11_000],
    ids=lambda t: t[:8],
)  # fmt: skip
@pytest.mark.parametrize(
    "find", [find_document_numbers, find_proposal_numbers, find_sessions], ids=lambda f: f.__name__
)
def test_search_takes_linear_time(find, text: str) -> None:  # type: ignore[no-untyped-def]
    started = time.process_time()
    find(text)
    assert time.process_time() - started < 5
