"""Question files: the three forms of a row, and what is said about a row that has none of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import BadRequest
from assistant.evaluation.case import Case
from assistant.evaluation.cases import HONEST, parse_row, read_cases


def test_our_own_form() -> None:
    row = {
        "id": "lead-1",
        "category": "牵头",
        "turns": ["夜间公交由谁牵头？", "谁配合？"],
        "quotes": ["由市公安局配合"],
        "must": ["公安局|市公安局", "配合"],
        "must_not": ["re:已.*完成"],
        "verdict": "answered|partial",
        "note": "follow-up",
    }
    assert parse_row(row) == Case(
        id="lead-1",
        category="牵头",
        turns=("夜间公交由谁牵头？", "谁配合？"),
        quotes=("由市公安局配合",),
        must=(("公安局", "市公安局"), ("配合",)),
        must_not=("re:已.*完成",),
        verdicts=frozenset({"answered", "partial"}),
    )


def test_the_seed_form_asks_for_quotes_where_the_document_answers() -> None:
    row = {
        "id": 7,
        "cat": "时限",
        "scope": "seed",
        "q": "何时？",
        "quotes": ["年底前"],
        "must_not": [],
        "gold": "年底前",
    }
    case = parse_row(row)
    assert (case.id, case.turns, case.quotes, case.verdicts) == ("7", ("何时？",), ("年底前",), frozenset())


@pytest.mark.parametrize("scope", ["none", "cross"])
def test_the_seed_form_asks_for_honesty_where_it_does_not(scope: str) -> None:
    case = parse_row({"id": 8, "cat": "时限", "scope": scope, "q": ["甲？", "乙？"], "quotes": ["x"], "must_not": []})
    assert case.turns == ("甲？", "乙？")
    assert case.quotes == ()
    assert case.verdicts == HONEST
    assert "answered" not in HONEST


def test_the_check_form() -> None:
    row = {
        "id": "a",
        "cat": "清单",
        "q": "市教育局牵头哪些事项？",
        "all": ["共4项|共 4 项"],
        "any": ["甲", "乙"],
        "not": ["丙"],
        "quote": "由市教育局牵头",
        "count": 4,
        "units": ["市教育局"],
        "verdict": "answered",
    }
    case = parse_row(row)
    assert case.must == (("共4项", "共 4 项"), ("甲", "乙"))
    assert case.must_not == ("丙",)
    assert (case.count, case.unit, case.quotes) == (4, "市教育局", ("由市教育局牵头",))
    assert case.verdicts == {"answered"}


def test_the_check_form_takes_any_honest_verdict_for_not_stated() -> None:
    assert parse_row({"id": 1, "cat": "c", "q": "q", "verdict": "not_stated"}).verdicts == HONEST


def write(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows) + "\n")
    return path


GOOD = {"id": "1", "category": "c", "turns": ["q"]}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{not json", "Expecting property name"),
        ({"id": "2", "category": "c", "turns": []}, "turns"),
        ({"id": "2", "category": "c", "turns": ["q"], "must_no": ["typo"]}, "must_no"),
        ({"id": "2", "category": "c", "turns": ["q"], "verdict": "maybe"}, "maybe"),
        ({"id": "2", "category": "c", "turns": ["q"], "must_not": ["re:("]}, "subpattern"),
        ({"id": "2", "cat": "c"}, "q"),
        ({**GOOD}, "重复"),
    ],
)
def test_a_bad_row_is_named_by_file_and_reason(tmp_path: Path, bad: Any, reason: str) -> None:
    path = write(tmp_path / "questions.jsonl", GOOD, "", bad)
    with pytest.raises(BadRequest) as raised:
        read_cases(path)
    assert reason in raised.value.message
    assert "questions.jsonl" in raised.value.message


def test_blank_lines_do_not_count(tmp_path: Path) -> None:
    assert [case.id for case in read_cases(write(tmp_path / "q.jsonl", GOOD, "", {**GOOD, "id": "2"}))] == ["1", "2"]


def test_a_file_in_another_encoding_is_said(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes("题目".encode("gb18030"))
    with pytest.raises(BadRequest, match="UTF-8"):
        read_cases(path)


def test_the_contracts_own_questions_are_read(shared_corpus: Path) -> None:
    cases = read_cases(shared_corpus / "replies" / "questions.jsonl")
    assert len(cases) == 24
    assert any(case.verdicts == HONEST for case in cases)
    assert any(case.quotes for case in cases)
