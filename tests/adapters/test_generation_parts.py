"""What a generation takes over from the one before: the work goes with the change, and nothing stays that must not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.adapters.chroma import ChromaWriter
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.intake import Intake
from assistant.adapters.generation import Generations, parts
from assistant.adapters.generation.build import GenerationBuilder, Staged
from assistant.adapters.generation.layout import Layout, lasting_files, read_manifest, write_manifest
from assistant.adapters.lexical import LexicalWriter
from assistant.domain.holdings import Manifest, Reuse, SourceRecord
from assistant.errors import IndexUnavailable
from assistant.ports import Index
from ingest.embed import embed
from ingest.publish import publish
from tests.fakes.documents import document_of
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.stages import Silent
from tests.ingest_runs.conftest import verified_here
from tests.patience import SECONDS, until

EMBEDDER = HashingEmbedder()


def verified(builder: GenerationBuilder, staged: Staged) -> None:
    """As the command does it, without the second that a process of its own takes to start."""
    try:
        verified_here(builder, staged)
    except AssertionError as error:
        raise IndexUnavailable("未通过校验") from error


class Shelf:
    """A library with its index; generations are verified in this process."""

    def __init__(self, data_dir: Path) -> None:
        self.engine = open_library(data_dir)
        self.library = Intake(self.engine)
        self.builder = GenerationBuilder(data_dir, self.library)
        self.layout = Layout(data_dir / "index")
        self.texts: dict[str, str] = {}

    def put(self, **texts: str | None) -> None:
        """Have these documents by these names, None: no longer."""
        for name, text in texts.items():
            path = f"/c/{name}.txt"
            if text is None:
                self.library.drop_sources([path])
                continue
            record = SourceRecord(path, "/c", f"{name}.txt", 1, 1, "ab", "1", None)
            self.library.put_source(record, *document_of(text, f"{name}.txt"))

    def publish(self, reuse: Reuse = Reuse.ALL, **texts: str | None) -> Manifest:
        self.put(**texts)
        embed(self.library, EMBEDDER, self.library.wanted(), Silent())
        made = publish(self.library, self.builder, EMBEDDER.model, Silent(), reuse=reuse)
        self.builder.sweep(keep_previous=reuse is Reuse.ALL)
        assert made is not None
        return made

    def part_names(self, manifest: Manifest) -> set[str]:
        return {part.name for part in manifest.parts}


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    monkeypatch.setattr(GenerationBuilder, "verify", verified)
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.engine.dispose()


@pytest.fixture
def serving(shelf: Shelf) -> Iterator[Generations]:
    generations = Generations(shelf.layout.root.parent, shelf.library)
    yield generations
    generations.close()


def duty(number: int, what: str = "巡查堤防") -> str:
    return f"第{number}号通知\n市水务局第{number}处负责{what}。\n经费由市财政局第{number}科安排。"


def found(index: Index, text: str) -> tuple[set[str], set[str]]:
    """The documents that the words and the meaning of a text lead to first."""
    dense = index.dense(EMBEDDER.embed_query(text), 1)
    return {h.document_id for h in dense}, {h.document_id for h in index.lexical(text, 1)}


def passage(text: str, line: int = 1) -> tuple[str, str]:
    document, chunks = document_of(text)
    return document.id, chunks[line].passage


def test_one_changed_document_is_one_new_part(shelf: Shelf, serving: Generations) -> None:
    many = {f"n{n}": duty(n) for n in range(30)}
    first = shelf.publish(**many)
    second = shelf.publish(n7=duty(7, "疏浚河道"))
    assert shelf.part_names(first) < shelf.part_names(second)
    assert [part.chunks for part in second.parts] == [90, 3]
    assert (second.chunks, second.dropped) == (90, 3)
    kept = f"parts/{first.parts[0].name}/vectors.f32"
    assert (shelf.layout.root / kept).stat().st_size == 90 * EMBEDDER.dimension * 4
    old, new = passage(duty(7)), passage(duty(7, "疏浚河道"))
    with serving.lease() as index:
        assert found(index, new[1]) == ({new[0]}, {new[0]})
        assert index.dense(EMBEDDER.embed_query(old[1]), 5, [old[0]]) == index.lexical(old[1], 5, [old[0]]) == []
        everything = index.dense([1.0] * EMBEDDER.dimension, 200)
        assert len({h.chunk_id for h in everything}) == 90
        assert old[0] not in {h.document_id for h in everything}
    # Files of the word index that stay are the same under both names.
    inodes = [{p.stat().st_ino for p in (shelf.layout.folder(g) / "lexical").iterdir()} for g in ("gen-1", "gen-2")]
    assert inodes[0] & inodes[1]


def test_a_document_that_comes_back_is_found_in_the_part_that_it_was_in(shelf: Shelf, serving: Generations) -> None:
    shelf.publish(**{f"n{n}": duty(n) for n in range(9)})
    without = shelf.publish(n3=None)
    again = shelf.publish(n3=duty(3))
    assert shelf.part_names(without) == shelf.part_names(again)
    with serving.lease() as index:
        document, text = passage(duty(3))
        assert found(index, text) == ({document}, {document})


def test_small_parts_are_put_together(shelf: Shelf, serving: Generations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GenerationBuilder, "verify", lambda *_: None)
    shelf.publish(**{f"n{n}": duty(n) for n in range(40)})
    for n in range(40, 52):
        last = shelf.publish(**{f"n{n}": duty(n)})
    assert len(last.parts) <= 4
    assert sum(part.chunks for part in last.parts) == last.chunks == 156
    named = [read_manifest(shelf.layout.folder(name)).parts for name in shelf.layout.names()]
    assert set(shelf.layout.parts()) == {part.name for parts in named for part in parts}
    with serving.lease() as index:
        for n in (0, 45, 51):
            document, text = passage(duty(n))
            assert found(index, text) == ({document}, {document})


def test_a_part_of_which_little_is_left_is_written_again(shelf: Shelf) -> None:
    first = shelf.publish(**{f"n{n}": duty(n) for n in range(10)})
    half = shelf.publish(**{f"n{n}": None for n in range(5)})
    less = shelf.publish(n5=None)
    assert shelf.part_names(first) == shelf.part_names(half)
    assert [part.chunks for part in less.parts] == [12]


def test_a_library_is_cut_into_parts_of_whole_documents(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "LARGEST", 10)
    manifest = shelf.publish(**{f"n{n}": duty(n) for n in range(10)})
    assert [part.chunks for part in manifest.parts] == [9, 9, 9, 3]


def test_what_was_removed_leaves_no_trace(shelf: Shelf) -> None:
    shelf.publish(**{f"n{n}": duty(n) for n in range(9)})
    document, _ = passage(duty(4, "调度闸门"))
    shelf.publish(n4=duty(4, "调度闸门"))
    shelf.publish(Reuse.CLEAN, n4=None)
    for path in shelf.layout.root.rglob("*"):
        # Chroma writes its graph out of memory that it never set: whatever the process had there before is in it.
        if path.is_file() and path.name != "data_level0.bin":
            data = path.read_bytes()
            assert document.encode() not in data, path
            assert "闸门".encode() not in data, path


def test_a_generation_that_inherits_damage_is_built_anew(shelf: Shelf, serving: Generations) -> None:
    first = shelf.publish(**{f"n{n}": duty(n) for n in range(9)})
    damaged = shelf.layout.root / "parts" / first.parts[0].name / "vectors.f32"
    damaged.write_bytes(bytes(damaged.stat().st_size))  # of the right size: a glance sees nothing
    second = shelf.publish(n9=duty(9))
    assert not shelf.part_names(first) & shelf.part_names(second)
    with serving.lease() as index:
        document, text = passage(duty(2))
        assert found(index, text) == ({document}, {document})


def test_one_that_is_unsound_though_built_anew_is_not_served(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.publish(**{f"n{n}": duty(n) for n in range(3)})
    seen: list[bool] = []

    def refuse(builder: GenerationBuilder, staged: Staged) -> None:
        seen.append(staged.anew)
        raise IndexUnavailable("未通过校验")

    monkeypatch.setattr(GenerationBuilder, "verify", refuse)
    with pytest.raises(IndexUnavailable):
        shelf.publish(n3=duty(3))
    assert seen == [False, True]
    assert shelf.layout.current() == "gen-1"


def test_parts_that_no_generation_names_are_swept_away(shelf: Shelf) -> None:
    manifest = shelf.publish(n1=duty(1))
    (shelf.layout.root / "parts" / "part-killed").mkdir()
    shelf.builder.clear_staging()
    assert shelf.layout.parts() == [manifest.parts[0].name]


def test_where_files_cannot_have_two_names_they_are_copied(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError("not supported")

    monkeypatch.setattr("assistant.adapters.lexical.os.link", refused)
    shelf.publish(n1=duty(1))
    assert shelf.publish(n2=duty(2)).chunks == 6


def test_a_generation_of_before_there_were_parts_is_served_until_the_next(shelf: Shelf, serving: Generations) -> None:
    shelf.put(n1=duty(1))
    holdings = shelf.library.wanted()
    embed(shelf.library, EMBEDDER, holdings, Silent())
    folder = shelf.layout.staging("gen-1")
    passages = list(shelf.library.passages(holdings, EMBEDDER.model))
    words, vectors = LexicalWriter(folder / "lexical"), ChromaWriter(folder / "chroma", len(passages))
    words.add(p.chunk for p in passages)
    vectors.add(passages)
    words.close()
    vectors.close()
    old = Manifest(
        "gen-1", "2024-01-01", EMBEDDER.model, EMBEDDER.dimension, 3, holdings, lasting_files(folder), format=1
    )
    write_manifest(folder, old)
    shelf.builder.install(Staged(folder, old, True))
    document, text = passage(duty(1))
    with serving.lease() as index:
        assert index.name == "gen-1"
        assert found(index, text) == ({document}, {document})
    assert shelf.publish().name == "gen-2"
    with serving.lease() as index:
        assert found(index, text) == ({document}, {document})


def test_nobody_waits_for_a_generation_that_takes_long_to_open(
    shelf: Shelf, serving: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving._patience = 0.01
    shelf.publish(n1=duty(1))
    with serving.lease() as index:
        assert index.name == "gen-1"
    go_on, opened = threading.Event(), threading.Event()
    open_generation = Generations._open

    def slowly(generations: Generations, name: str) -> object:
        assert go_on.wait(SECONDS)
        found = open_generation(generations, name)
        opened.set()
        return found

    monkeypatch.setattr(Generations, "_open", slowly)
    shelf.publish(n2=duty(2))
    for _ in range(3):
        with serving.lease() as index:
            assert index.name == "gen-1"
    go_on.set()
    assert opened.wait(SECONDS)

    def taken_up() -> bool:
        with serving.lease() as index:
            return index.name == "gen-2"

    until(taken_up)
    with serving.lease() as index:
        assert (index.name, len(index.documents())) == ("gen-2", 2)


def test_what_is_known_of_unchanged_documents_is_not_read_again(
    shelf: Shelf, serving: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.publish(**{f"n{n}": duty(n) for n in range(5)})
    with serving.lease() as index:
        assert len(index.documents()) == 5
    read: list[int] = []
    infos = Intake.infos

    def counted(library: Intake, holdings: object) -> object:
        listed = list(holdings)  # type: ignore[call-overload]
        read.append(len(listed))
        return infos(library, listed)

    monkeypatch.setattr(Intake, "infos", counted)
    shelf.publish(n5=duty(5), n0=None)
    read.clear()
    with serving.lease() as index:
        assert [d.title for d in index.documents()] == [f"第{n}号通知" for n in range(1, 6)]
    assert read == [1]
