"""The office's questions: kept with the clauses they were asked of, counted as the page says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.office_lists import LISTS, Listed, Wanted, compared, within
from benchmarks.peers import Place
from benchmarks.retrieval_office import QUESTIONS, Asked, fingerprint, measure, read_questions
from tests.fakes.documents import document_of

BUSES = "公交服务规范\n第一条 末班车为二十三点。\n第二条 老人凭证免费乘车。\n"


def asked(gold: tuple[Place, ...], *, every: bool = False) -> Asked:
    return Asked("q", "dev", "paraphrase", "laws", "老人坐车要钱吗？", gold, every)


def test_a_question_is_found_by_title_path_and_text(tmp_path: Path) -> None:
    document, _ = document_of(BUSES)
    clause = next(c for c in document.clauses if "老人" in c.span.of(document.text))
    gold = {"title": document.title, "path": clause.path, "sha": fingerprint(clause.span.of(document.text))}
    row = {"id": "q1", "split": "dev", "kind": "colloquial", "area": "laws", "question": "老人坐车要钱吗？"}
    path = tmp_path / "questions.jsonl"
    lines = [{**row, "gold": [gold]}, {**row, "id": "q2", "gold": [{**gold, "sha": "00000000"}]}]
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    found, missing = read_questions(path, [document])
    assert [(a.id, a.gold) for a in found] == [("q1", (Place(document.id, clause.span.start, clause.span.end),))]
    assert [remark.split(":")[0] for remark in missing] == ["q2"]


def test_ranks_and_shares_are_counted() -> None:
    one, two = Place("d", 0, 10), Place("d", 10, 20)
    other = Place("e", 0, 30)
    found = [other, two, one]
    figures, single = measure("m", lambda _: found, [asked((one,))])
    assert (figures.recall_1, figures.recall_5, figures.mrr_10) == (0, 1, pytest.approx(1 / 3))
    assert figures.characters == 50
    figures, single = measure("m", lambda _: found, [asked((one, Place("x", 0, 9)), every=True)])
    assert figures.all_10 == pytest.approx(0.5)
    assert single == {"q": pytest.approx(0.5)}


def test_a_quote_stands_in_its_clause() -> None:
    assert within(Place("d", 12, 15), Place("d", 10, 20))
    assert not within(Place("d", 20, 25), Place("d", 10, 20))


def test_the_committed_questions_are_whole() -> None:
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    assert len(rows) >= 150
    assert len({row["id"] for row in rows}) == len({row["question"] for row in rows}) == len(rows)
    assert {row["split"] for row in rows} == {"dev", "test"}
    assert {row["area"] for row in rows} == {"laws", "proposals", "state"}
    assert all(row["gold"] and {"title", "path", "sha"} == set(gold) for row in rows for gold in row["gold"])


def test_a_list_is_measured_by_its_clauses_and_by_what_is_cited_beside_them() -> None:
    lead, first, second = Place("d", 0, 10), Place("d", 10, 20), Place("d", 20, 30)
    wanted = Wanted("q", "有哪些？", (first, second), (lead,))
    assert compared([lead, first, Place("e", 0, 9)], wanted) == Listed(0.5, pytest.approx(2 / 3))
    assert compared([], wanted) == Listed(0.0, 0.0)


def test_the_lists_written_later_are_whole() -> None:
    rows = [json.loads(line) for line in LISTS.read_text("utf-8").splitlines()]
    assert len(rows) >= 40
    assert all(row["all"] and len(row["gold"]) > 1 for row in rows)
    assert {row["split"] for row in rows} == {"dev", "test"}
