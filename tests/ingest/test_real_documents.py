"""The real documents beside the repository: structure against what an independent reading of the files gives."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from parsing import clause_text, paths, with_problems

from assistant.domain.policy import Document
from benchmarks.coverage import main


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _document(path: Path) -> Document:
    return with_problems(path.read_bytes(), path.name)[0]


def test_no_character_of_the_body_is_lost(shared_corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(shared_corpus / "replies"), str(shared_corpus / "state-council")]) == 0
    last = capsys.readouterr().out.strip().splitlines()[-1]
    assert last.startswith("100.000% in all")


def test_gold_spans_hold_in_the_canonical_text(shared_corpus: Path) -> None:
    (path,) = (shared_corpus / "replies").glob("*.txt")
    document = _document(path)
    assert document.text == path.read_text(encoding="utf-8")
    for line in (shared_corpus / "replies" / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for quote, (start, end) in zip(row["quotes"], row["spans"], strict=True):
            assert document.text[start:end] == quote
            clause = document.clause_at(start)
            assert clause is not None
            assert clause.span.start <= start < clause.span.end


def test_the_reply_has_its_number_line_and_contact(shared_corpus: Path) -> None:
    (path,) = (shared_corpus / "replies").glob("*.txt")
    document = _document(path)
    assert document.number == path.stem
    assert re.fullmatch(r"\S+号 +签发人：\S+", clause_text(document, "文号"))
    assert "xxxx" in clause_text(document, "联系人")
    assert {"一（五）", "二（四）", "三（三）"} <= set(paths(document))


def test_titles_numbers_and_dates_are_those_of_the_index(shared_corpus: Path) -> None:
    folder = shared_corpus / "state-council"
    with (folder / "index.tsv").open(encoding="utf-8") as table:
        rows = list(csv.reader(table, delimiter="\t"))
    assert len(rows) == 25
    for row in rows:
        document = _document(folder / f"{int(row[0]):04d}.html")
        assert _squeezed(document.title) == _squeezed(row[1])
        assert document.number == row[6]
        index = document.field("index_number")
        assert index is not None
        assert index.value == row[3]
        for name in ("issued_on", "addressee", "issuer", "published_on"):
            assert document.field(name) is not None, (row[0], name)


def test_measures_of_a_real_opinion_have_paths(shared_corpus: Path) -> None:
    document = _document(shared_corpus / "state-council" / "0005.html")
    measures = [p for p in paths(document) if re.fullmatch(r"四（[一二三四五]）\d+", p)]
    assert [int(p.split("）")[1]) for p in measures] == list(range(1, 22))
    assert measures[0] == "四（一）1"


def test_two_dates_that_disagree_are_both_kept(shared_corpus: Path) -> None:
    path = shared_corpus / "state-council" / "0024.html"
    document, problems = with_problems(path.read_bytes(), path.name)
    assert [f.value for f in document.fields if f.name == "issued_on"] == ["2004-04-27", "2004-04-17"]
    assert any("成文日期不一致" in p.reason for p in problems)


def test_forwarded_documents_are_parts(shared_corpus: Path) -> None:
    twice = paths(_document(shared_corpus / "state-council" / "0018.html"))
    assert {"附1《规定》 一（一）", "附2《规定》 一（一）"} <= set(twice)
    assert "附件2 第1段" in paths(_document(shared_corpus / "state-council" / "0023.html"))


def test_every_article_of_the_laws_is_a_clause(shared_corpus: Path) -> None:
    files = sorted((shared_corpus / "laws").rglob("README.md"))
    assert len(files) == 120
    for path in files:
        document, problems = with_problems(path.read_bytes(), path.name)
        written = re.findall(r"^\*\*(第[^*]+条(?:之.)?)\*\*", path.read_text(encoding="utf-8"), re.MULTILINE)
        found = [c.path.removesuffix("第一款") for c in document.clauses if re.match(r"第.+条", c.label)]
        assert found == [_squeezed(w) for w in written], path.parent.name
        assert not [c.path for c in document.clauses if "·" in c.path], path.parent.name
        assert problems == ()
