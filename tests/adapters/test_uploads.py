"""Uploaded files: the folder is the truth, and ingest brings the library to it, whatever happens in between."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from assistant.adapters.database.engine import open_library
from assistant.adapters.database.intake import Intake
from assistant.adapters.database.labels import SqlLabels
from assistant.adapters.ingest_process import Ended
from assistant.adapters.uploads import FolderUploads
from assistant.domain.access import INTERNAL, Visibility
from assistant.domain.holdings import SourceRecord
from assistant.domain.policy import Problem
from assistant.domain.uploads import ENDINGS, Stage, State, Upload, safe_name
from assistant.errors import NotFound
from ingest.containers import SUFFIXES
from ingest.parse import PARSERS
from tests.fakes.documents import document_of
from tests.patience import SECONDS, until

TEXT = "关于冬季供暖的通知\n一、由市住建局牵头检修管网。\n"


class Ingest:
    """Plays ``ingest run`` and ``remove`` on a library; a file with 坏 in its name gives nothing but a problem."""

    def __init__(self, data_dir: Path) -> None:
        self.engine = open_library(data_dir)
        self.library = Intake(self.engine)
        self.calls: list[list[str]] = []
        self.ends: list[Ended] = []  # before the work is done, one a call
        self.gate = threading.Event()
        self.gate.set()

    def run(self, arguments: Sequence[str], note: Callable[[Stage], None]) -> Ended:
        command, paths = arguments[0], [Path(a) for a in arguments[1:] if a.startswith("/")]
        self.calls.append([command, *(path.name for path in paths)])
        if self.ends:
            return self.ends.pop(0)
        note(Stage("读取文件", 0, len(paths)))
        assert self.gate.wait(SECONDS)
        if command == "remove":
            self.library.drop_sources(map(str, paths))
            return Ended("done")
        for path in paths:
            found, bad = path.stat(), "坏" in path.name
            problems = (Problem(path.name, "", "文件已损坏", lost=True),) if bad else ()
            document, chunks = document_of(path.read_text(encoding="utf-8"), path.name)
            size, at = found.st_size, found.st_mtime_ns
            record = SourceRecord(str(path), str(path.parent), path.name, size, at, "0" * 64, "p", None, problems)
            self.library.put_source(record, *((None, ()) if bad else (document, chunks)))
        return Ended("done")

    def stop(self) -> None:
        self.gate.set()


@pytest.fixture
def ingest(tmp_path: Path) -> Ingest:
    return Ingest(tmp_path)


def make(tmp_path: Path, ingest: Ingest) -> FolderUploads:
    return FolderUploads(ingest.engine, tmp_path, ingest, 1000, INTERNAL)


def bring(uploads: FolderUploads, name: str, text: str = TEXT, *, replaces: str | None = None) -> Upload:
    with uploads.receiving() as file:
        file.write(text.encode())
        return uploads.keep(file, name, Visibility.parse("部门:人事处"), "key:1", replaces)


def settled(uploads: FolderUploads, wanted: Callable[[Sequence[Upload]], bool]) -> Sequence[Upload]:
    until(lambda: wanted(uploads.all()), uploads.all)
    return uploads.all()


def states(found: Sequence[Upload]) -> list[str]:
    return sorted(upload.state.value for upload in found)


def test_a_file_is_kept_with_its_label_and_read(tmp_path: Path, ingest: Ingest) -> None:
    uploads = make(tmp_path, ingest)
    ingest.gate.clear()
    first = bring(uploads, "供暖.txt")
    assert first.state in (State.WAITING, State.WORKING)
    [working] = settled(uploads, lambda found: found[0].stage is not None)
    assert (working.state, working.stage) == (State.WORKING, Stage("读取文件", 0, 1))
    ingest.gate.set()
    [done] = settled(uploads, lambda found: states(found) == ["done"])
    assert [title for _, title in done.documents] == ["关于冬季供暖的通知"]
    assert (tmp_path / "uploads" / done.id / "供暖.txt").read_text(encoding="utf-8") == TEXT
    assert (tmp_path / "uploads" / done.id / ".visibility").read_text(encoding="utf-8") == "部门:人事处\n"
    assert list((tmp_path / "uploads" / ".arriving").iterdir()) == []
    uploads.close()


def test_a_file_that_gives_nothing_has_failed_with_its_reason(tmp_path: Path, ingest: Ingest) -> None:
    uploads = make(tmp_path, ingest)
    bring(uploads, "坏.txt")
    [failed] = settled(uploads, lambda found: states(found) == ["failed"])
    assert [p.reason for p in failed.problems] == ["文件已损坏"]
    uploads.close()


def test_a_failed_run_tells_its_last_words(tmp_path: Path, ingest: Ingest) -> None:
    uploads = make(tmp_path, ingest)
    ingest.ends = [Ended("failed", "别的\n错误：磁盘已满。请清理磁盘。")]
    bring(uploads, "供暖.txt")
    [failed] = settled(uploads, lambda found: states(found) == ["failed"])
    assert failed.message == "磁盘已满。请清理磁盘。"
    uploads.close()


def test_another_run_is_waited_for(tmp_path: Path, ingest: Ingest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.adapters.uploads._AGAIN_SECONDS", 0.2)
    uploads = make(tmp_path, ingest)
    ingest.ends = [Ended("busy")]
    bring(uploads, "供暖.txt")
    settled(uploads, lambda found: "另一次导入" in found[0].message or found[0].state is State.DONE)
    settled(uploads, lambda found: states(found) == ["done"])
    assert len(ingest.calls) >= 2
    uploads.close()


def test_a_new_version_takes_the_place_of_the_old(tmp_path: Path, ingest: Ingest) -> None:
    uploads = make(tmp_path, ingest)
    old = bring(uploads, "供暖.txt")
    settled(uploads, lambda found: states(found) == ["done"])
    bring(uploads, "别名.txt", TEXT + "二、由市财政局安排经费。\n", replaces=old.id)
    [new] = settled(uploads, lambda found: states(found) == ["done"] and found[0].at > old.at)
    assert (new.id, new.name) == (old.id, "供暖.txt")
    assert new.size > old.size
    uploads.close()


def test_a_file_goes_with_all_that_it_gave(tmp_path: Path, ingest: Ingest) -> None:
    uploads = make(tmp_path, ingest)
    upload = bring(uploads, "供暖.txt")
    settled(uploads, lambda found: states(found) == ["done"])
    assert uploads.remove(upload.id).state is State.REMOVING
    settled(uploads, lambda found: not found)
    assert ingest.calls[-1] == ["remove", "供暖.txt"]
    assert not (tmp_path / "uploads" / upload.id).exists()
    with pytest.raises(NotFound):
        uploads.remove(upload.id)
    uploads.close()


def test_a_restart_goes_on_with_what_was_cut_off(tmp_path: Path, ingest: Ingest) -> None:
    before = make(tmp_path, ingest)
    before.close()  # takes files, and works no more
    bring(before, "供暖.txt")
    assert ingest.calls == []
    after = make(tmp_path, ingest)
    after.resume()
    settled(after, lambda found: states(found) == ["done"])
    # Cut off between reading and publishing: everything is looked at once more.
    (tmp_path / "uploads" / ".unfinished").touch()
    after.resume()
    settled(after, lambda found: len(ingest.calls) == 2 and not (tmp_path / "uploads" / ".unfinished").exists())
    after.close()


def test_files_that_come_back_from_a_backup_are_known_again(tmp_path: Path, ingest: Ingest) -> None:
    uploads = make(tmp_path, ingest)
    known, unknown = bring(uploads, "供暖.txt"), bring(uploads, "供气.txt", TEXT.replace("供暖", "供气"))
    settled(uploads, lambda found: states(found) == ["done", "done"])
    uploads.close()
    path = tmp_path / "uploads" / known.id / "供暖.txt"
    SqlLabels(ingest.engine).put({str(path): (Visibility.parse("部门:人事处"), "rule")})
    for upload in (known, unknown):
        for name in (".upload.json", ".visibility"):
            (tmp_path / "uploads" / upload.id / name).unlink()

    again = make(tmp_path, ingest)
    assert again.all() == []
    again.resume()
    found = {upload.name: str(upload.visibility) for upload in again.all()}
    assert found == {"供暖.txt": "部门:人事处", "供气.txt": "部门:"}
    assert (path.parent / ".visibility").read_text(encoding="utf-8") == "部门:人事处\n"
    again.close()


def test_ids_are_never_paths(tmp_path: Path, ingest: Ingest) -> None:
    uploads = make(tmp_path, ingest)
    for upload_id in ("../..", "u" + "0" * 12, "", "u00000000000g"):
        with pytest.raises(NotFound):
            uploads.remove(upload_id)
        with pytest.raises(NotFound):
            bring(uploads, "供暖.txt", replaces=upload_id)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("通知.PDF", "通知.pdf"),
        ("../../etc/通知.txt", "通知.txt"),
        ("C:\\文件\\通知.docx", "通知.docx"),
        ("a\x00b\nc.txt", "a_b_c.txt"),
        ("\u202e通知txt.pdf", "_通知txt.pdf"),
        ("...通知.txt", "通知.txt"),
        ("~$通知.docx", "通知.docx"),
        (".pdf", None),
        ("病毒.exe", None),
        ("没有扩展名", None),
        ("通知.txt/", None),
        ("字" * 300 + ".txt", "字" * 58 + ".txt"),
    ],
)
def test_names_are_safe(given: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(ValueError, match="不能导入"):
            safe_name(given)
    else:
        assert safe_name(given) == kept


def test_what_is_taken_is_what_ingest_reads() -> None:
    assert frozenset(PARSERS) | SUFFIXES == ENDINGS
