"""Hostile files in one run of the real pipeline: each a problem within its limits, the good files beside them taken."""

from __future__ import annotations

import os
import resource
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

import hostile_files as hostile
import pytest
import same_document as same

from assistant.adapters.database.engine import open_library
from assistant.adapters.database.intake import Intake
from assistant.domain.policy import Problem
from ingest.formats.model import Limits
from ingest.outcome import Outcome
from ingest.wiring import ingest_on, stages_for, verify
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.stages import Silent

#: Far below those of the product, so that the whole stays short; the good files need a tenth of them.
LIMITS = Limits(max_seconds=2.0, max_memory=512 * 2**20, max_pages=300)
GOOD = {f"正常{suffix}": make for suffix, make in same.FORMATS.items()} | {"正常.xlsx": same.as_xlsx}
PLANTED = set(
    "链接到外面.txt 链接到系统.txt 环一.txt 环二.txt 悬空.txt 设备.txt 管道.txt 套接字.txt 一亿个零.txt 无权.txt "
    "控\x07制\x1b[31m.txt \u202etxt.倒.txt 😀.txt".split()
) | {"换\n行.txt", "空 格 .txt", "长" * 80 + ".txt"}


@dataclass
class Run:
    """What one run made of the folder; ``taken`` are the names of files, and of members of files, with a document."""

    outcome: Outcome
    seconds: float  # of processor time, of all workers
    expected: dict[str, bool | None]
    taken: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    def problems(self, name: str) -> list[Problem]:
        return [p for p in self.outcome.problems if p.source == name or p.source.startswith(f"{name}/")]


def _computed() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    base = tmp_path_factory.mktemp("hostile")
    folder, outside, data_dir = base / "drive", base / "outside", base / "data"
    folder.mkdir()
    outside.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the archive with two members of one name
        for name, file in hostile.FILES.items():
            (folder / name).write_bytes(file.make())
    for name, make in GOOD.items():
        (folder / name).write_bytes(make())
    planted = hostile.plant(folder, outside)
    assert set(planted) == PLANTED
    (folder / os.fsdecode(hostile.GBK_NAME)).write_bytes(hostile.NOTE)
    expected = {name: file.lost for name, file in hostile.FILES.items()} | planted
    before = _computed()
    with ingest_on(data_dir, HashingEmbedder(), stages_for(LIMITS, jobs=2), Silent()) as ingest:
        outcome = ingest.run([folder])
    found = Run(outcome, _computed() - before, expected)
    engine = open_library(data_dir)
    try:
        library = Intake(engine)
        for holding in library.wanted():
            document = library.document(holding)
            assert document is not None
            found.texts[holding.source] = document.text
        found.taken.update(source.name for source in library.sources().values() if source.edition)
    finally:
        engine.dispose()
    found.faults = verify(data_dir).faults
    yield found
    (folder / "无权.txt").chmod(0o600)


def test_there_are_many() -> None:
    assert len(hostile.FILES) + len(PLANTED) >= 90


@pytest.mark.parametrize("name", sorted([*hostile.FILES, *PLANTED]), ids=ascii)
def test_a_hostile_file_is_named_or_harmless(run: Run, name: str) -> None:
    problems = run.problems(name)
    lost = any(p.lost for p in problems)
    taken = any(source == name or source.startswith(f"{name}/") for source in run.taken)
    match run.expected[name]:
        case True:
            assert lost, "nothing says what was not taken"
        case False:
            assert taken, problems
            assert not lost, problems
        case None:
            assert taken or lost, "neither taken nor named"
    assert not any(p.reason.strip() == "" for p in problems)


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_good_file_beside_them_is_taken(run: Run, name: str) -> None:
    assert not any(p.lost for p in run.problems(name)), run.problems(name)
    assert name in run.taken


def test_nothing_from_outside_gets_in(run: Run) -> None:
    for source, text in run.texts.items():
        assert hostile.SECRET not in text, source
        assert "root:x:" not in text, source


def test_no_entity_is_expanded(run: Run) -> None:
    assert [source for source, text in run.texts.items() if text.count(hostile.LAUGH) > 1] == []


def test_a_name_that_is_no_unicode_does_not_stop_the_run(run: Run) -> None:
    named = [p for p in run.outcome.problems if "旧系统文件名" in p.source]
    assert len(named) == 1
    assert "改名" in named[0].reason


def test_a_folder_that_is_linked_into_itself_is_read_once(run: Run) -> None:
    assert not any(source.startswith("上级/") for source in run.taken)


def test_what_was_taken_is_whole(run: Run) -> None:
    assert run.faults == ()


def test_the_run_ends_in_time(run: Run) -> None:
    """No file takes more than its limit; those of LibreOffice and of recognised print have limits of their own."""
    assert run.seconds < LIMITS.max_seconds * len(run.expected)
