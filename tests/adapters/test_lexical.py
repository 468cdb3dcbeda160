"""Search by words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.adapters import lexical
from assistant.adapters.lexical import LexicalIndex, LexicalWriter
from tests.fakes.documents import document_of

DUTIES, DUTY_CHUNKS = document_of(
    "实习基地分工\n市教育局牵头建立实习基地。\n市财政局安排专项资金。\n市科技局推荐企业。"
)
RULES, RULE_CHUNKS = document_of("联合体章程\n理事会每年召开会议。\n秘书处设在市教育局。")


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    writer = LexicalWriter(tmp_path / "lexical")
    writer.add(DUTY_CHUNKS)
    writer.add(RULE_CHUNKS)
    writer.close()
    return LexicalIndex(tmp_path / "lexical")


def test_the_passage_with_the_words_comes_first(index: LexicalIndex) -> None:
    hits = index.search("哪个单位安排专项资金？", 3)
    assert hits[0].chunk_id == DUTY_CHUNKS[2].id
    assert hits[0].document_id == DUTIES.id
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_a_word_inside_a_longer_one_is_found(index: LexicalIndex) -> None:
    assert index.search("秘书", 1)[0].chunk_id == RULE_CHUNKS[2].id


def test_only_the_documents_asked_for(index: LexicalIndex) -> None:
    assert {h.document_id for h in index.search("市教育局", 10)} == {DUTIES.id, RULES.id}
    unfiltered = {h.chunk_id: h.score for h in index.search("市教育局", 10)}
    filtered = index.search("市教育局", 10, [RULES.id])
    assert {h.document_id for h in filtered} == {RULES.id}
    assert all(h.score == pytest.approx(unfiltered[h.chunk_id]) for h in filtered)
    assert index.search("市教育局", 10, []) == []


@pytest.mark.parametrize("query", ["", "？！。", '"(AND OR) *:^~', "龘"])
def test_questions_without_known_words_find_nothing(index: LexicalIndex, query: str) -> None:
    assert index.search(query, 10) == []


def test_what_stands_in_most_passages_is_left_out_unless_nothing_else_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical, "COMMON_FLOOR", 2)
    _, chunks = document_of("\n".join(["通知", *(f"市局办理第{n}项" for n in "甲乙丙丁戊己庚辛壬癸")]))
    writer = LexicalWriter(tmp_path / "common")
    writer.add(chunks)
    writer.close()
    index = LexicalIndex(tmp_path / "common")
    assert [h.chunk_id for h in index.search("市局办理丙", 10)] == [chunks[3].id]
    assert len(index.search("市局办理", 20)) == 10


def test_it_knows_what_it_holds(index: LexicalIndex) -> None:
    assert index.count == 7
    assert index.ids() == {c.id for c in (*DUTY_CHUNKS, *RULE_CHUNKS)}


def test_a_folder_without_an_index_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises((ValueError, OSError)):
        LexicalIndex(tmp_path)


@pytest.mark.parametrize("shown", [1, 7, 20, 39, 40])
@pytest.mark.parametrize("k", [1, 3, 50])
def test_many_or_few_documents_the_outcome_is_that_of_leaving_the_others_out(
    tmp_path: Path, shown: int, k: int
) -> None:
    made = [document_of(f"第{n}号通知\n" + "市教育局安排经费。" * (n % 5 + 1) + "办" * n) for n in range(40)]
    writer = LexicalWriter(tmp_path / "many")
    for _, chunks in made:
        writer.add(chunks)
    writer.close()
    many = LexicalIndex(tmp_path / "many")
    among = {document.id for document, _ in made[40 - shown :]}
    everything = many.search("市教育局的经费由谁安排", 1000)
    found = many.search("市教育局的经费由谁安排", k, sorted(among))
    assert {h.document_id for h in found} <= among
    assert [h.score for h in found] == pytest.approx([h.score for h in everything if h.document_id in among][:k])


def test_a_folder_that_cannot_be_written_can_be_searched(
    tmp_path: Path, index: LexicalIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a read-only disk; permissions would not bind root."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(lexical.os, "access", lambda *_: False)
    index.close()
    # A copy: the watcher of the one that was open locks its own folder when it likes.
    locks = shutil.ignore_patterns(".tantivy-*")
    copy = Path(shutil.copytree(tmp_path / "lexical", tmp_path / "copy", ignore=locks))
    other = LexicalIndex(copy)
    assert [h.chunk_id for h in other.search("秘书", 1)] == [RULE_CHUNKS[2].id]
    assert not (copy / ".tantivy-meta.lock").exists()
    other.close()
    assert list((tmp_path / "scratch").iterdir()) == []
