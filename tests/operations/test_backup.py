"""Backup and restore: whole while others write, checked by hash, never over what is there."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.adapters.backup import check_backup, restore_backup
from assistant.adapters.database.engine import open_library
from assistant.adapters.in_use import InUse
from assistant.bootstrap_backup import back_up, restore
from assistant.errors import BackupError, Busy, LibraryError
from assistant.faces.cli import main
from assistant.settings import Settings
from tests.ingest_runs.conftest import Desk

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.write("复函.txt", "关于校企合作的复函", "市教育局牵头建立实习基地。")
    desk.write("下级/通知.txt", "防汛通知", "市水务局负责巡查堤防。")
    desk.run()
    return desk


def at(desk: Desk, data_dir: Path) -> Desk:
    return Desk(desk.corpus, data_dir)


def found(desk: Desk, words: str) -> set[str]:
    """The texts that are found by words, and by meaning as near as can be."""
    assert desk.embedder is not None
    with desk.index() as index:
        chunks = index.chunks(hit.chunk_id for hit in index.lexical(words, 5))
        passage = next(iter(chunks.values())).passage
        assert index.dense(desk.embedder.embed_query(passage), 1)[0].score > 0.99
        return {chunk.text for chunk in chunks.values()}


@pytest.mark.parametrize("name", ["copy", "copy.tar", "copy.tar.gz"])
def test_what_was_backed_up_comes_back_whole(filled: Desk, tmp_path: Path, name: str) -> None:
    target = tmp_path / "backups" / name
    taken = back_up(target, settings=Settings(data_dir=filled.data_dir))
    assert (taken.contents.documents, taken.contents.generation) == (2, "gen-1")
    assert [Path(o.path).name for o in taken.contents.originals] == ["通知.txt", "复函.txt"]
    assert list(target.parent.iterdir()) == [target]
    assert target.stat().st_mode & 0o077 == 0
    assert check_backup(target) == taken.contents
    shutil.rmtree(filled.data_dir)
    shutil.rmtree(filled.corpus)
    restored = restore(target, originals=Path("/"), settings=Settings(data_dir=tmp_path / "new"))
    assert (restored.index, restored.put_back, restored.waiting, restored.set_aside) == (True, 2, 0, None)
    again = at(filled, tmp_path / "new")
    assert again.titles() == {"关于校企合作的复函", "防汛通知"}
    assert "市水务局负责巡查堤防。" in found(again, "巡查堤防")
    outcome = again.run()  # the files are there as they were read: nothing is to be done
    assert (outcome.read, outcome.published, outcome.removed) == (0, False, 0)


def test_a_folder_is_checked_without_this_program_too(filled: Desk, tmp_path: Path) -> None:
    back_up(tmp_path / "copy", settings=Settings(data_dir=filled.data_dir))
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "copy", check=False)
    assert done.returncode == 0


def test_originals_can_come_back_elsewhere_and_the_library_knows(filled: Desk, tmp_path: Path) -> None:
    back_up(tmp_path / "copy", settings=Settings(data_dir=filled.data_dir))
    restored = restore(tmp_path / "copy", originals=tmp_path / "moved", settings=Settings(data_dir=tmp_path / "new"))
    assert restored.put_back == 2
    corpus = Path(str(tmp_path / "moved") + str(filled.corpus))
    again = Desk(corpus, tmp_path / "new")
    with again.library() as library:
        assert {s.root for s in library.sources().values()} == {str(corpus)}
        assert {s.name for s in library.sources().values()} == {"复函.txt", "下级/通知.txt"}
    outcome = again.run()
    assert (outcome.files, outcome.read, outcome.published) == (2, 0, False)


def test_without_being_told_where_originals_stay_in_the_backup(filled: Desk, tmp_path: Path) -> None:
    back_up(tmp_path / "copy", settings=Settings(data_dir=filled.data_dir))
    shutil.rmtree(filled.corpus)
    restored = restore(tmp_path / "copy", settings=Settings(data_dir=tmp_path / "new"))
    assert (restored.put_back, restored.waiting) == (0, 2)
    assert not filled.corpus.exists()


def test_another_file_in_the_place_of_an_original_is_left(filled: Desk, tmp_path: Path) -> None:
    back_up(tmp_path / "copy", settings=Settings(data_dir=filled.data_dir))
    changed = filled.write("复函.txt", "一份更新的复函", "市教育局另有安排。")
    restored = restore(tmp_path / "copy", originals=Path("/"), settings=Settings(data_dir=tmp_path / "new"))
    assert restored.kept == (str(changed),)
    assert changed.read_text("utf-8").startswith("一份更新的复函")


def test_files_inside_the_data_folder_move_with_it(desk: Desk, tmp_path: Path) -> None:
    desk.corpus = desk.data_dir / "uploads"
    desk.write("上传.txt", "上传的通知", "市科技局推荐企业。")
    desk.run()
    back_up(tmp_path / "copy", settings=Settings(data_dir=desk.data_dir))
    restored = restore(tmp_path / "copy", settings=Settings(data_dir=tmp_path / "new"))
    assert (restored.put_back, restored.waiting) == (1, 0)
    with at(desk, tmp_path / "new").library() as library:
        assert list(library.sources()) == [str(tmp_path / "new" / "uploads" / "上传.txt")]


def test_changed_and_missing_originals_are_told(filled: Desk, tmp_path: Path) -> None:
    filled.write("复函.txt", "另一份文件")
    (filled.corpus / "下级" / "通知.txt").unlink()
    result = run(filled.data_dir, "backup", str(tmp_path / "copy.tar"))
    assert result.exit_code == 0
    assert "2 个原始文件" in result.output
    assert "复函.txt" in result.output
    told = json.loads(run(filled.data_dir, "backup", str(tmp_path / "two.tar"), "--json").stdout)
    assert (told["originals"], len(told["missing"])) == (0, 2)


def test_a_backup_taken_while_ingest_publishes_is_one_moment(filled: Desk, tmp_path: Path) -> None:
    """Each copy is of one moment: every document of its index is in its library, and none is half there."""
    stop = threading.Event()
    failures: list[BaseException] = []

    def write() -> None:
        try:
            version = 0
            while not stop.is_set():
                version += 1
                for n in range(3):
                    filled.write(f"{n}.txt", f"第{n}号方案第{version}版", f"第{n}处第{version}次办理。")
                filled.run()
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    generations = set()
    try:
        for n in range(2):
            taken = back_up(tmp_path / f"{n}.tar", settings=Settings(data_dir=filled.data_dir))
            generations.add(taken.contents.generation)
            assert restore(tmp_path / f"{n}.tar", settings=Settings(data_dir=tmp_path / f"r{n}")).index
            titles = {t.partition("版")[0][4:] for t in at(filled, tmp_path / f"r{n}").titles() if "号方案" in t}
            assert len(titles) <= 1
    finally:
        stop.set()
        thread.join()
    assert failures == []


def test_nothing_is_overwritten_without_being_told_to(filled: Desk, tmp_path: Path) -> None:
    settings = Settings(data_dir=filled.data_dir)
    back_up(tmp_path / "copy", settings=settings)
    with pytest.raises(BackupError, match="已经存在"):
        back_up(tmp_path / "copy", settings=settings)
    with pytest.raises(BackupError, match="已有资料库") as refused:
        restore(tmp_path / "copy", settings=settings)
    assert "--overwrite" in refused.value.advice
    filled.write("新.txt", "新的通知", "市卫健委负责。")
    filled.run()
    restored = restore(tmp_path / "copy", overwrite=True, settings=settings)
    assert "新的通知" not in filled.titles()
    assert restored.set_aside is not None
    assert (Path(restored.set_aside) / "library.db").is_file()
    assert back_up(tmp_path / "copy", overwrite=True, settings=settings).contents.documents == 2


def test_what_is_no_backup_is_never_replaced(filled: Desk, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("keep")
    (tmp_path / "a.tar").write_text("keep")
    for name in ("letters", "a.tar"):
        with pytest.raises(BackupError):
            back_up(tmp_path / name, overwrite=True, settings=Settings(data_dir=filled.data_dir))
    assert (tmp_path / "letters" / "a.txt").read_text() == (tmp_path / "a.tar").read_text() == "keep"


def damaged_folder(copy: Path, how: str) -> None:
    if how == "a changed byte":
        data = bytearray((copy / "library.db").read_bytes())
        data[len(data) // 2] ^= 1
        (copy / "library.db").write_bytes(data)
    elif how == "a missing file":
        next(copy.glob("originals/*")).unlink()
    elif how == "a file too much":
        (copy / "index" / "extra").write_text("x")
    elif how == "a link":
        (copy / "index" / "link").symlink_to("/etc/hostname")
    elif how == "no list of hashes":
        (copy / "SHA256SUMS").unlink()


@pytest.mark.parametrize("how", ["a changed byte", "a missing file", "a file too much", "a link", "no list of hashes"])
def test_a_damaged_backup_is_refused_and_nothing_written(filled: Desk, tmp_path: Path, how: str) -> None:
    back_up(tmp_path / "copy", settings=Settings(data_dir=filled.data_dir))
    damaged_folder(tmp_path / "copy", how)
    with pytest.raises(BackupError) as refused:
        restore(tmp_path / "copy", originals=tmp_path / "o", settings=Settings(data_dir=tmp_path / "new"))
    assert refused.value.advice
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.999, "but the last byte"])
def test_a_cut_archive_is_refused(filled: Desk, tmp_path: Path, share: float | str) -> None:
    target = tmp_path / "copy.tar.gz"
    back_up(target, settings=Settings(data_dir=filled.data_dir))
    size = target.stat().st_size
    target.write_bytes(target.read_bytes()[: size - 1 if isinstance(share, str) else int(size * share)])
    with pytest.raises(BackupError):
        check_backup(target)


@pytest.mark.parametrize("name", ["/etc/made-up", "../outside", "index/../../outside"])
def test_an_archive_with_paths_that_lead_out_is_refused(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.addfile(tarfile.TarInfo(name))
    with pytest.raises(BackupError, match="不该有的条目"):
        restore_backup(tmp_path / "evil.tar", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_library_with_a_damaged_page_is_not_called_a_backup(filled: Desk, tmp_path: Path) -> None:
    with sqlite3.connect(filled.data_dir / "library.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'chunks'").fetchone()[0]
    connection.close()
    with (filled.data_dir / "library.db").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(os.urandom(size))
    with pytest.raises(LibraryError, match="损坏"):
        back_up(tmp_path / "copy", settings=Settings(data_dir=filled.data_dir))
    assert not (tmp_path / "copy").exists()


def test_nothing_is_restored_under_a_running_service(filled: Desk, tmp_path: Path) -> None:
    settings = Settings(data_dir=filled.data_dir)
    back_up(tmp_path / "copy", settings=settings)
    engine = open_library(filled.data_dir)
    running = InUse(filled.data_dir, engine)
    with pytest.raises(Busy) as refused:
        restore(tmp_path / "copy", overwrite=True, settings=settings)
    assert "停止服务" in refused.value.advice
    running.release()
    engine.dispose()
    restore(tmp_path / "copy", overwrite=True, settings=settings)


def test_a_killed_restore_leaves_nothing_that_stops_the_next(filled: Desk, tmp_path: Path) -> None:
    back_up(tmp_path / "copy", settings=Settings(data_dir=filled.data_dir))
    left = tmp_path / "new" / ".restoring-1234"
    left.mkdir(parents=True)
    (left / "library.db").write_text("half")
    assert restore(tmp_path / "copy", settings=Settings(data_dir=tmp_path / "new")).index
    assert not left.exists()


def run(data_dir: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"ASSISTANT_DATA_DIR": str(data_dir)})


def test_the_commands_say_what_they_did(filled: Desk, tmp_path: Path) -> None:
    target, new = str(tmp_path / "a.tar.gz"), tmp_path / "new"
    result = run(filled.data_dir, "backup", target)
    assert "已备份到" in result.stdout
    assert "2 份文件" in result.stdout
    assert "备份完整" in run(new, "restore", target, "--check").stdout
    assert not new.exists()
    result = run(new, "restore", target)
    assert "已恢复到" in result.stdout
    assert "没有放回" in result.stdout
    result = run(new, "restore", target)
    assert result.exit_code == 1
    assert "--overwrite" in result.stderr
    told = json.loads(run(new, "restore", target, "--overwrite", "--json").stdout)
    assert (told["index_restored"], told["originals_waiting"], told["documents"]) == (True, 2, 2)
    assert json.loads(run(new, "restore", target, "--check", "--json").stdout)["ok"] is True


def test_a_folder_without_a_library_is_no_backup(tmp_path: Path) -> None:
    result = run(tmp_path / "nowhere", "backup", str(tmp_path / "a.tar"))
    assert result.exit_code == 1
    assert "没有资料库" in result.stderr
    assert not (tmp_path / "a.tar").exists()
    assert not (tmp_path / "nowhere").exists()
