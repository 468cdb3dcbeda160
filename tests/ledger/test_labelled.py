"""The labelled sets: clauses in own words by field, bracketed duties and time limits of real documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.domain.duties.reading import RULES
from assistant.domain.ledger.extraction import events_of, full_ledger_of
from benchmarks.ledger import (
    BRACKETED,
    bracket_score,
    bracketed,
    clause_scores,
    deadline_scores,
    document_of,
    labelled,
    limit_scores,
    place_of,
    read_all,
    total,
)
from ingest.parse import parse


def test_the_labelled_clauses_are_read_by_every_field() -> None:
    cases = labelled("clauses.jsonl")
    assert len(cases) >= 400
    scores = clause_scores(cases)
    assert total(scores.values()).f1 >= 0.95
    assert {name: score.wrong for name, score in scores.items() if score.f1 < 0.95} == {}


def test_time_limits_in_own_words() -> None:
    cases = labelled("limits.jsonl")
    assert sum(len(case["limits"]) for case in cases) >= 60
    found, days = limit_scores(cases)
    assert min(found.precision, found.recall, days.f1) >= 0.95, (found.wrong, days.wrong)


def test_each_row_of_a_labelled_clause_quotes_itself_and_names_its_rule() -> None:
    for case in labelled("clauses.jsonl"):
        document = document_of(case)
        for row in full_ledger_of(document):
            quote = row.quote.of(document.text)
            source = row.above.quote.of(document.text) if row.above else quote
            assert row.duty.rule in RULES
            assert all(unit in quote or unit in source for unit in (*row.duty.leads, *row.duty.cooperators))
            assert row.deadline is None or row.deadline.span.of(quote) == row.deadline.as_written


def test_bracketed_duties_of_real_documents(shared_corpus: Path) -> None:
    documents = read_all(shared_corpus / "state-council" / f"{name}.html" for name in BRACKETED)
    assert [sum(1 for _ in bracketed(d)) for d in documents.values()] == [21, 17, 17]
    score = bracket_score(documents.values())
    assert min(score.precision, score.recall) >= 0.98, score.wrong


def test_time_limits_of_real_documents(shared_corpus: Path) -> None:
    labels = labelled("deadlines.jsonl")
    assert sum(1 for label in labels if label["as_written"]) >= 60
    assert all(len(label["quote"]) <= 20 for label in labels)
    documents = read_all((shared_corpus / "state-council").glob("*.html"))
    found, days = deadline_scores(documents)
    assert found.precision >= 0.95, found.wrong
    assert found.recall >= 0.9, found.wrong
    assert days.f1 >= 0.95, days.wrong
    near_misses = [label for label in labels if not label["as_written"]]
    assert len(near_misses) >= 15
    assert all(place_of(documents[n["document"]].text, {**n, "as_written": n["quote"]}) >= 0 for n in near_misses)


def test_the_real_reply(shared_corpus: Path) -> None:
    """Every commitment of the reply by clause, role, basis and state; its one event with the year inferred."""
    (path,) = (shared_corpus / "replies").glob("*.txt")
    document, _ = parse(path.name, path.read_bytes())
    assert document is not None
    rows = full_ledger_of(document)
    read = [(r.clause.path, r.duty.role, r.basis, r.duty.status.state, *r.duty.leads) for r in rows]
    assert read == [
        ("一", "协调", "explicit", "unclear", "市科技局"),
        ("一（一）", "牵头", "explicit", "planned", "市科技局", "市教育局"),
        ("一（一）", "牵头", "explicit", "planned", "化工园区管委会"),
        ("一（一）", "牵头", "explicit", "planned", "经开区管委会"),
        ("一（一）", "牵头", "explicit", "planned", "市文广旅局"),
        ("一（一）", "双牵头", "explicit", "done", "市教育局", "化工园区"),
        ("一（二）", "协调", "inherited", "unclear", "市科技局"),
        ("一（三）", "协调", "inherited", "unclear", "市科技局"),
        ("一（四）", "协调", "inherited", "unclear", "市科技局"),
        ("一（五）", "牵头", "explicit", "unclear", "市科技局"),
        ("二", "牵头", "explicit", "unclear", "市工信局"),
        *[(f"二（{n}）", "牵头", "inherited", "unclear", "市工信局") for n in "一二三四"],
        ("三", "牵头", "explicit", "unclear", "市教育局"),
        ("三（一）", "配合", "inherited", "unclear", "省教育厅"),
        ("三（二）", "牵头", "explicit", "unclear", "市教育局"),
        ("三（三）", "牵头", "inherited", "unclear", "市教育局"),
    ]
    assert {r.duty.cooperators for r in rows if r.clause.path.startswith("二")} == {("市人社局",)}
    assert all(r.deadline is None for r in rows)
    events = [(e.as_written, e.date, e.anchor and e.anchor.source) for r in rows for e in events_of(r)]
    assert events == [("5月16日", "2023-05-16", "文号年份")]


@pytest.mark.parametrize(
    "asked", [{"text": "由市财政局牵头建设平台。", "id": "x", "above": "由市商务局牵头发展夜间经济。"}]
)
def test_a_clause_with_units_of_its_own_inherits_nothing(asked: dict[str, str]) -> None:
    rows = full_ledger_of(document_of(asked))
    assert [(r.duty.leads, r.basis) for r in rows] == [(("市商务局",), "explicit"), (("市财政局",), "explicit")]


def test_each_of_several_duties_has_the_limit_of_its_own_words() -> None:
    text = "由市林业局每月通报一次，年终由市审计局评定。"
    rows = full_ledger_of(document_of({"id": "x", "text": text}))
    assert [(r.duty.leads, r.deadline and r.deadline.as_written) for r in rows] == [
        (("市林业局",), "每月"),
        (("市审计局",), "年终"),
    ]
    shared = full_ledger_of(document_of({"id": "y", "text": "市林业局要在5月底前清点苗木，市审计局同步核对账目。"}))
    assert [r.deadline and r.deadline.as_written for r in shared] == ["5月底前", "5月底前"]
    text = "任务：栽树；责任单位：市林业局；一季度：整地；二季度：栽植；时限：6月"
    (row,) = full_ledger_of(document_of({"id": "z", "text": text, "kind": "table"}))
    assert row.deadline is not None and row.deadline.as_written == "6月"
