"""The measurement of growth: copies are whole documents of their own, and figures are what they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.domain.holdings import edition_of
from assistant.domain.policy import Chunk, Document
from benchmarks.scale import Clock, Row, plot
from benchmarks.scale_texts import KnownEmbedder, MadeStages, copy_of, library_of, questions_of, varied
from ingest.audit import audit
from ingest.chunk import chunks_of
from ingest.parse import parse
from tests.fakes.embedder import HashingEmbedder

PLAN = """关于进一步做好校外实践教育工作的通知

一、任务分工
（一）由市教育局牵头，市财政局配合，在2025年6月底前建成实践基地12个，安排经费350万元。
（二）由市文化局组织40场进校园活动，覆盖学生9600人次。
二、工作要求
市交通局每学期检查1次接送车辆，结果报市教育局。
"""


def parsed() -> tuple[Document, tuple[Chunk, ...]]:
    document, _ = parse("通知.txt", PLAN.encode())
    assert document is not None
    return document, tuple(chunks_of(document))


def test_a_copy_differs_in_figures_and_bodies_and_in_no_length() -> None:
    text = "市教育局在2025年6月底前建成12个基地，投入3500万元。"
    copies = {varied(text, n) for n in range(1, 6)}
    assert len(copies) == 5
    for copy in copies:
        assert len(copy) == len(text)
        assert "2025年6月底" in copy  # a date stays one
        assert "市教育局" not in copy
    assert varied(text, 0) == text


@pytest.mark.parametrize("number", [0, 1, 7])
def test_a_copy_is_a_whole_document(number: int) -> None:
    document, chunks = parsed()
    made = copy_of(document, chunks, number)
    text = made.document.text
    assert (made.document.id == document.id) is (number == 0)
    assert [c.text for c in made.chunks] == [c.span.of(text) for c in made.chunks]
    assert {c.document_id for c in (*made.chunks, *made.document.clauses)} == {made.document.id}
    assert made.originals == tuple(c.passage for c in chunks)
    assert list(audit(made.document, made.chunks, edition_of(made.document, made.chunks))) == []


def test_a_library_holds_as_many_passages_as_are_asked_for() -> None:
    document, chunks = parsed()
    made = library_of([(document, chunks)], 5 * len(chunks) - 1)
    assert len(made) == len({one.document.id for one in made}) == 5
    assert all(question.endswith("由谁负责？") for question in questions_of(made, 8))


def test_copies_lie_near_their_originals_and_not_on_them() -> None:
    document, chunks = parsed()
    made = library_of([(document, chunks)], 3 * len(chunks))
    real = HashingEmbedder()
    embedder = KnownEmbedder(real, real.embed_documents)
    embedder.learn(made)
    original, copy = (np.array(embedder.embed_documents([made[n].chunks[1].passage])[0]) for n in (0, 2))
    assert original.tolist() == pytest.approx(real.embed_query(made[0].chunks[1].passage))
    assert 0.95 < float(original @ copy) < 0.999
    assert len(embedder.embed_documents(["别的一句话。"])[0]) == real.dimension


def test_a_changed_document_is_found_to_have_changed(tmp_path: Path) -> None:
    document, chunks = parsed()
    stages = MadeStages(tmp_path, library_of([(document, chunks)], 3 * len(chunks)))
    before = {file.name: file.mtime_ns for file in stages.stages().discover([tmp_path])[0]}
    stages.change(1)
    after = {file.name: file.mtime_ns for file in stages.stages().discover([tmp_path])[0]}
    assert [name for name in before if before[name] != after[name]] == ["1.txt"]
    changed = stages.made()[1]
    assert changed.chunks[-1].text == changed.chunks[-1].span.of(changed.document.text)
    assert len(changed.chunks) == len(chunks) + 1


def test_figures_are_medians_and_the_plot_has_them(tmp_path: Path) -> None:
    clock = Clock()
    for _ in range(3):
        assert clock.time(lambda: 7) == 7
    row = clock.row(1000, "dense, all", clock)
    assert 0 <= row.median <= (row.p95 or 0)
    assert row.baseline == row.median
    plot([Row(1000, "dense, all", 0.5), Row(10_000, "dense, all", 2.5)], tmp_path / "growth.svg")
    drawn = (tmp_path / "growth.svg").read_text()
    assert "dense, all" in drawn
    assert "passages" in drawn
