"""A folder of text files and a data folder, ingested by the real pipeline with simple stages and a hashing embedder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.adapters.database.engine import open_library
from assistant.adapters.database.intake import Intake
from assistant.adapters.generation import Generations
from assistant.adapters.generation.build import GenerationBuilder, Staged
from assistant.adapters.generation.opened import OpenGeneration
from assistant.adapters.generation.verify import faults
from assistant.ports import Embedder, Index
from ingest.outcome import Outcome
from ingest.pipeline import Stages
from ingest.wiring import ingest_on
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.stages import Silent, text_stages


@dataclass
class Desk:
    """Where a test writes files, ingests them, and reads what is served."""

    corpus: Path
    data_dir: Path
    embedder: Embedder | None = field(default_factory=HashingEmbedder)
    stages: Stages = field(default_factory=text_stages)

    def write(self, name: str, *lines: str) -> Path:
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines), "utf-8")
        return path

    def run(self, *paths: Path, prune: bool = False) -> Outcome:
        with ingest_on(self.data_dir, self.embedder, self.stages, Silent()) as ingest:
            return ingest.run(paths or [self.corpus], prune=prune)

    def remove(self, *paths: Path) -> Outcome:
        with ingest_on(self.data_dir, self.embedder, self.stages, Silent()) as ingest:
            return ingest.remove(paths)

    def rebuild(self) -> Outcome:
        with ingest_on(self.data_dir, self.embedder, self.stages, Silent()) as ingest:
            return ingest.rebuild()

    @contextmanager
    def library(self) -> Iterator[Intake]:
        engine = open_library(self.data_dir)
        try:
            yield Intake(engine)
        finally:
            engine.dispose()

    @contextmanager
    def serving(self) -> Iterator[Generations]:
        with self.library() as library:
            generations = Generations(self.data_dir, library)
            try:
                yield generations
            finally:
                generations.close()

    @contextmanager
    def index(self) -> Iterator[Index]:
        with self.serving() as generations, generations.lease() as index:
            yield index

    def titles(self) -> set[str]:
        with self.index() as index:
            return {info.title for info in index.documents()}


def verified_here(builder: GenerationBuilder, staged: Staged) -> None:
    """The same verification, without the second that a process of its own takes to start."""
    engine = open_library(builder._data_dir)
    try:
        library = Intake(engine)
        generation = OpenGeneration(staged.folder, library, name=staged.manifest.name)
        try:
            assert faults(generation, staged.folder, library) == []
        finally:
            generation.close()
    finally:
        engine.dispose()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verify new generations in this process."""
    monkeypatch.setattr(GenerationBuilder, "verify", verified_here)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "corpus").mkdir()
    return Desk(tmp_path / "corpus", tmp_path / "data")
