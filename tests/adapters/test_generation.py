"""Generations: built, verified, switched to, leased, swept away, and what happens when one is damaged."""

from __future__ import annotations

import json
import logging
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from assistant.adapters.database.engine import open_library
from assistant.adapters.database.intake import Intake
from assistant.adapters.generation import Generations
from assistant.adapters.generation.build import GenerationBuilder, Staged, ingest_lock
from assistant.adapters.generation.layout import Layout
from assistant.domain.holdings import SourceRecord
from assistant.errors import Busy, IndexUnavailable
from ingest.embed import embed
from ingest.publish import publish
from tests.fakes.documents import document_of
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.stages import Silent

BASES = "实习基地分工\n市教育局牵头建立实习基地。\n市财政局安排专项资金。\n市科技局推荐企业。"
CHARTER = "联合体章程\n理事会每年召开会议。\n秘书处设在市教育局。"
FLOOD = "防汛通知\n市水务局负责巡查堤防。"


@dataclass
class Shelf:
    """A library with its index, fed by hand."""

    data_dir: Path
    library: Intake
    builder: GenerationBuilder
    embedder: HashingEmbedder | None

    def put(self, *texts: str) -> None:
        """Have exactly these documents."""
        self.library.drop_sources(self.library.sources())
        for n, text in enumerate(texts):
            record = SourceRecord(f"/c/{n}.txt", "/c", f"{n}.txt", 1, 1, "ab", "1", None)
            self.library.put_source(record, *document_of(text, f"{n}.txt"))

    def publish(self, *texts: str, force: bool = False) -> str | None:
        if texts:
            self.put(*texts)
        if self.embedder:
            embed(self.library, self.embedder, self.library.wanted(), Silent())
        model = self.embedder.model if self.embedder else None
        made = publish(self.library, self.builder, model, Silent(), force=force)
        self.builder.sweep()
        self.library.purge()
        return made.name if made else None

    def generations(self) -> list[str]:
        return Layout(self.data_dir / "index").names()


class Unverified(GenerationBuilder):
    """Saves the second that a fresh process takes, for tests that are about something else."""

    def verify(self, staged: Staged) -> None:
        pass


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    engine = open_library(tmp_path)
    library = Intake(engine)
    yield Shelf(tmp_path, library, Unverified(tmp_path, library), HashingEmbedder())
    engine.dispose()


@pytest.fixture
def serving(shelf: Shelf) -> Iterator[Generations]:
    generations = Generations(shelf.data_dir, shelf.library)
    yield generations
    generations.close()


def titles(generations: Generations) -> list[str]:
    with generations.lease() as index:
        return [info.title for info in index.documents()]


def test_a_generation_answers_by_meaning_and_by_words(shelf: Shelf, serving: Generations) -> None:
    shelf.builder = GenerationBuilder(shelf.data_dir, shelf.library)
    assert shelf.publish(BASES, CHARTER) == "gen-1"
    bases, chunks = document_of(BASES, "0.txt")
    charter, _ = document_of(CHARTER, "1.txt")
    with serving.lease() as index:
        assert (index.name, index.model) == ("gen-1", "hashing-64")
        question = HashingEmbedder().embed_query(chunks[2].passage)
        nearest = index.dense(question, 3)
        assert (nearest[0].chunk_id, nearest[0].document_id) == (chunks[2].id, bases.id)
        assert nearest[0].score == pytest.approx(1.0, abs=1e-5)
        assert {h.document_id for h in index.dense(question, 9, [charter.id])} == {charter.id}
        assert index.dense(question, 9, []) == []
        assert index.lexical("专项资金", 1)[0].chunk_id == chunks[2].id
        assert [(i.title, i.source, i.fields["title"]) for i in index.documents()] == [
            ("实习基地分工", "0.txt", ("实习基地分工",)),
            ("联合体章程", "1.txt", ("联合体章程",)),
        ]
        assert index.document(bases.id) == bases
        assert index.document("d-unknown") is None
        assert index.chunks([chunks[1].id, "k-unknown"]) == {chunks[1].id: chunks[1]}
        assert list(index.chunks_of(bases.id)) == list(chunks)
        assert index.chunks_of("d-unknown") == ()


def test_a_question_of_another_dimension_is_refused_with_advice(shelf: Shelf, serving: Generations) -> None:
    shelf.publish(BASES)
    with serving.lease() as index, pytest.raises(IndexUnavailable, match="维"):
        index.dense([1.0, 0.0], 3)


def test_without_an_embedder_words_alone_are_searched(shelf: Shelf, serving: Generations) -> None:
    shelf.embedder = None
    shelf.publish(BASES)
    with serving.lease() as index:
        assert index.model is None
        assert index.dense([1.0] * 64, 3) == []
        assert len(index.lexical("实习基地", 9)) == 4


def test_nothing_published_is_unavailable_with_advice(shelf: Shelf, serving: Generations) -> None:
    with pytest.raises(IndexUnavailable) as caught, serving.lease():
        pass
    assert "ingest run" in caught.value.advice
    assert shelf.publish() is None  # no documents, nothing served: nothing to publish


def test_publishing_again_without_a_change_does_nothing(shelf: Shelf) -> None:
    assert shelf.publish(BASES) == "gen-1"
    assert shelf.publish() is None
    shelf.put(BASES)
    assert shelf.publish() is None


@pytest.mark.parametrize("clauses", [1, 2, 3])
def test_the_smallest_libraries_stay_intact_when_read(shelf: Shelf, serving: Generations, clauses: int) -> None:
    shelf.publish("\n".join(BASES.split("\n")[:clauses]))
    with serving.lease() as index:
        assert len(index.dense([1.0] * 64, 9)) == clauses
    serving.close()
    assert shelf.publish() is None


def test_removing_everything_publishes_an_empty_generation(shelf: Shelf, serving: Generations) -> None:
    shelf.publish(BASES)
    shelf.library.drop_sources(shelf.library.sources())
    assert shelf.publish() == "gen-2"
    with serving.lease() as index:
        assert (list(index.documents()), index.dense([1.0] * 64, 5), index.lexical("市教育局", 5)) == ([], [], [])


def test_a_new_generation_is_taken_up_and_a_lease_keeps_its_own(shelf: Shelf, serving: Generations) -> None:
    shelf.publish(BASES)
    with serving.lease() as old:
        shelf.publish(BASES, CHARTER)
        with serving.lease() as new:
            assert (old.name, new.name) == ("gen-1", "gen-2")
            assert len(new.documents()) == 2
        assert {hit.document_id for hit in old.lexical("市教育局", 9)} == {document_of(BASES)[0].id}
        assert len(old.documents()) == 1
    assert titles(serving) == ["实习基地分工", "联合体章程"]


def test_a_generation_in_use_is_not_swept_away(shelf: Shelf, serving: Generations) -> None:
    shelf.publish(BASES)
    with serving.lease() as oldest:
        shelf.publish(CHARTER)
        shelf.publish(FLOOD)
        assert shelf.generations() == ["gen-3", "gen-2", "gen-1"]
        assert oldest.lexical("专项资金", 1)
        document = oldest.document(document_of(BASES)[0].id)
        assert document is not None  # not in any file any more, but still in a generation
        assert titles(serving) == ["防汛通知"]
    shelf.publish(FLOOD, CHARTER)
    assert shelf.generations() == ["gen-4", "gen-3"]
    assert shelf.library.generations() == ["gen-4", "gen-3"]


def test_a_model_change_makes_new_vectors_and_keeps_the_old_ones(shelf: Shelf, serving: Generations) -> None:
    shelf.publish(BASES)
    assert shelf.embedder is not None
    first = shelf.embedder
    shelf.embedder = HashingEmbedder("hashing-32", 32)
    assert shelf.publish() == "gen-2"
    assert len(shelf.embedder.calls) == 4
    assert shelf.library.counts()["embeddings"] == 8
    with serving.lease() as index:
        assert index.model == "hashing-32"
        assert len(index.dense(shelf.embedder.embed_query("资金"), 9)) == 4
    shelf.embedder = first
    first.calls.clear()
    assert shelf.publish() == "gen-3"
    assert first.calls == []


def test_a_damaged_generation_is_passed_over_for_the_one_before(
    shelf: Shelf, serving: Generations, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.publish(BASES)
    shelf.publish(BASES, CHARTER)
    for graph in (shelf.data_dir / "index" / "gen-2" / "chroma").rglob("data_level0.bin"):
        graph.write_bytes(b"")
    shutil.rmtree(shelf.data_dir / "index" / "gen-2" / "lexical")
    with caplog.at_level(logging.WARNING):
        assert titles(serving) == ["实习基地分工"]
    assert "gen-2" in caplog.text
    assert shelf.publish() == "gen-3"  # the next ingest sees the damage and repairs it
    assert titles(serving) == ["实习基地分工", "联合体章程"]


@pytest.mark.parametrize("content", ["", "{}", '{"name": "gen-2"}', "\x00"])
def test_a_damaged_manifest_is_a_damaged_generation(shelf: Shelf, serving: Generations, content: str) -> None:
    shelf.publish(BASES)
    shelf.publish(CHARTER)
    (shelf.data_dir / "index" / "gen-2" / "manifest.json").write_text(content)
    assert titles(serving) == ["实习基地分工"]
    assert shelf.publish() == "gen-3"


def test_a_generation_that_the_library_does_not_know_is_not_served(shelf: Shelf, serving: Generations) -> None:
    shelf.publish(BASES)
    shelf.library.forget(["gen-1"])
    with pytest.raises(IndexUnavailable, match="记录不符"), serving.lease():
        pass
    assert shelf.publish() == "gen-2"
    assert titles(serving) == ["实习基地分工"]


def test_verification_refuses_what_differs_from_the_library(shelf: Shelf) -> None:
    shelf.publish(BASES)
    shelf.put(BASES, CHARTER)
    shelf.builder = GenerationBuilder(shelf.data_dir, shelf.library)
    assert shelf.embedder is not None
    embed(shelf.library, shelf.embedder, shelf.library.wanted(), Silent())
    staged = shelf.builder.build(shelf.embedder.model, shelf.library.wanted())
    shutil.rmtree(staged.folder / "lexical")
    with pytest.raises(IndexUnavailable, match="未通过校验"):
        shelf.builder.verify(staged)


def test_a_build_that_fails_leaves_nothing_behind(shelf: Shelf) -> None:
    shelf.put(BASES)
    with pytest.raises(IndexUnavailable, match="向量缺失"):
        shelf.builder.build("model-without-vectors", shelf.library.wanted())
    assert list((shelf.data_dir / "index").iterdir()) == []


def test_only_one_ingest_at_a_time(tmp_path: Path) -> None:
    with ingest_lock(tmp_path), pytest.raises(Busy) as caught, ingest_lock(tmp_path):
        pass
    assert caught.value.advice
    with ingest_lock(tmp_path):
        pass


def test_the_environment_and_dotenv_do_not_reach_the_index(
    shelf: Shelf, serving: Generations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".env").write_text("CHROMA_API_IMPL=chromadb.api.fastapi.FastAPI\nPERSIST_DIRECTORY=/nowhere\n")
    monkeypatch.setenv("CHROMA_API_IMPL", "chromadb.api.fastapi.FastAPI")
    monkeypatch.chdir(elsewhere)
    shelf.publish(BASES)
    assert titles(serving) == ["实习基地分工"]


def test_reopening_leaks_no_descriptors(shelf: Shelf) -> None:
    shelf.publish(BASES)

    def cycle() -> int:
        generations = Generations(shelf.data_dir, shelf.library)
        with generations.lease() as index:
            assert index.dense([1.0] * 64, 1)
        generations.close()
        return len(list(Path("/proc/self/fd").iterdir()))

    for _ in range(3):
        cycle()
    threads = threading.active_count()
    counts = [cycle() for _ in range(20)]
    # One descriptor left by each reopening would add fifteen; a single count may meet one that is just being closed.
    assert median(counts[-5:]) <= median(counts[:5]) + 2
    assert threading.active_count() <= threads


def test_no_lease_after_closing(shelf: Shelf, serving: Generations) -> None:
    shelf.publish(BASES)
    with serving.lease() as index:
        serving.close()
        assert index.lexical("专项资金", 1)  # a question under way is answered
    with pytest.raises(IndexUnavailable), serving.lease():
        pass


def test_the_manifest_is_readable(shelf: Shelf) -> None:
    shelf.publish(BASES)
    manifest = json.loads((shelf.data_dir / "index" / "gen-1" / "manifest.json").read_text())
    assert (manifest["name"], manifest["model"], manifest["dimension"], manifest["chunks"]) == (
        "gen-1",
        "hashing-64",
        64,
        4,
    )
    assert (shelf.data_dir / "index" / "CURRENT").read_text() == "gen-1\n"
