"""Who may see a file: rule files, the command line, the default; and what becomes of labels as files change."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from assistant.adapters.database.labels import SqlLabels
from assistant.adapters.visible import VisibleIndexes
from assistant.domain.access import HIDDEN, INTERNAL, PUBLIC, Clearance, Visibility
from ingest.labels import Rule, parse_rules
from tests.ingest_runs.conftest import Desk

PERSONNEL = Visibility("departments", frozenset({"人事处"}))
NOBODY, STAFF = Clearance(), Clearance(internal=True)
CLERK = Clearance(internal=True, departments=frozenset({"人事处"}))

pytestmark = pytest.mark.usefixtures("quick")


def titles(desk: Desk, clearance: Clearance) -> set[str]:
    with desk.serving() as generations, desk.library() as library:
        guard = VisibleIndexes(generations, SqlLabels(library._engine))
        with guard.seen_by(clearance).lease() as index:
            return {info.title for info in index.documents()}


def test_rules_are_read_as_people_write_them() -> None:
    text = "\ufeff# 谁能看\n\n内部\n*.pdf: 公开\n人事/* ：部门：人事处、组织部\n"
    assert parse_rules(text.removeprefix("\ufeff")) == [
        Rule("", INTERNAL),
        Rule("*.pdf", PUBLIC),
        Rule("人事/*", Visibility("departments", frozenset({"人事处", "组织部"}))),
    ]


@pytest.mark.parametrize("text", ["公开的", "*.pdf 公开", "*.pdf: 秘密", ": 公开", "内部\n*.x:"])
def test_a_line_that_is_no_rule_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=f"第{len(text.splitlines())}行"):
        parse_rules(text)


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("*.pdf", "a.pdf", True),
        ("*.pdf", "x/y/a.pdf", True),
        ("人事", "人事/2024/a.pdf", True),
        ("人事", "组织/人事.pdf", False),
        ("人事/*", "人事/2024/a.pdf", True),
        ("人事/", "人事/a.pdf", True),
        ("人事/2024", "人事/2024/a.pdf", True),
        ("2024/*", "人事/2024/a.pdf", False),
        ("", "anything", True),
    ],
)
def test_patterns(pattern: str, path: str, fits: bool) -> None:
    assert Rule(pattern, PUBLIC).fits(PurePosixPath(path)) is fits


def test_rules_the_command_line_and_the_default(desk: Desk) -> None:
    desk.write("open/a.txt", "公开的甲", "正文。")
    desk.write("open/draft.txt", "公开夹中的草稿", "正文。")
    desk.write("staff/b.txt", "人事的乙", "正文。")
    desk.write("c.txt", "没有标的丙", "正文。")
    desk.write("open/.visibility", "公开", "draft*: 内部")
    desk.write(".visibility", "staff/*: 部门:人事处")
    desk.run()
    assert titles(desk, NOBODY) == {"公开的甲"}
    assert titles(desk, STAFF) == {"公开的甲", "公开夹中的草稿", "没有标的丙"}
    assert titles(desk, CLERK) == {"公开的甲", "公开夹中的草稿", "没有标的丙", "人事的乙"}


def test_a_rule_holds_for_a_file_that_is_given_by_itself(desk: Desk) -> None:
    path = desk.write("staff/deep/b.txt", "人事的乙", "正文。")
    desk.write(".visibility", "staff/*: 部门:人事处")
    desk.run(path)
    assert titles(desk, STAFF) == set()
    assert titles(desk, CLERK) == {"人事的乙"}


def test_changed_rules_hold_after_the_next_run_although_no_file_has_changed(desk: Desk) -> None:
    desk.write("a.txt", "甲", "正文。")
    desk.write(".visibility", "公开")
    first = desk.run()
    assert titles(desk, NOBODY) == {"甲"}
    desk.write(".visibility", "部门:人事处")
    second = desk.run()
    assert (second.read, second.published, second.generation) == (0, False, first.generation)
    assert titles(desk, STAFF) == set()
    (desk.corpus / ".visibility").unlink()
    desk.run()
    assert titles(desk, STAFF) == {"甲"}
    assert titles(desk, NOBODY) == set()


def test_a_running_service_sees_new_labels_at_once(desk: Desk) -> None:
    desk.write("a.txt", "甲", "正文。")
    desk.write(".visibility", "公开")
    desk.run()
    with desk.serving() as generations, desk.library() as library:
        guard = VisibleIndexes(generations, SqlLabels(library._engine))
        with guard.seen_by(NOBODY).lease() as index:
            (info,) = index.documents()
            assert index.view == ""
        desk.write(".visibility", "内部")
        desk.run()
        with guard.seen_by(NOBODY).lease() as index:
            assert (index.documents(), index.document(info.id), index.view != "") == ((), None, True)
        assert guard.hidden(NOBODY, [info.id, "d-unknown"]) == {info.id, "d-unknown"}
        assert guard.hidden(STAFF, [info.id]) == set()


def test_the_command_line_holds_until_another_run_says_otherwise(desk: Desk) -> None:
    desk.write("a.txt", "甲", "正文。")
    from ingest.wiring import ingest_on
    from tests.fakes.stages import Silent

    def run(given: Visibility | None, default: Visibility = INTERNAL) -> None:
        with ingest_on(desk.data_dir, desk.embedder, desk.stages, Silent(), default) as ingest:
            ingest.run([desk.corpus], given)

    run(PUBLIC)
    run(None)
    assert titles(desk, NOBODY) == {"甲"}
    run(PERSONNEL)
    assert (titles(desk, STAFF), titles(desk, CLERK)) == (set(), {"甲"})
    desk.write(".visibility", "内部")
    run(PUBLIC)
    assert (titles(desk, NOBODY), titles(desk, STAFF)) == (set(), {"甲"})
    (desk.corpus / ".visibility").unlink()
    run(None, default=PUBLIC)
    assert titles(desk, NOBODY) == {"甲"}


def test_a_rule_file_that_cannot_be_understood_hides_what_lies_below_and_says_so(desk: Desk) -> None:
    desk.write("a.txt", "甲", "正文。")
    desk.write("sub/b.txt", "乙", "正文。")
    desk.write("sub/.visibility", "公 开 吧")
    outcome = desk.run()
    place = str(desk.corpus / "sub" / ".visibility")
    (problem,) = [problem for problem in outcome.problems if problem.source == place]
    assert "第1行" in problem.reason
    assert "只有管理员能看" in problem.reason
    assert titles(desk, CLERK) == {"甲"}
    assert titles(desk, Clearance(everything=True)) == {"甲", "乙"}


def test_a_rule_file_that_cannot_be_read_hides_too(desk: Desk) -> None:
    desk.write("a.txt", "甲", "正文。")
    desk.write(".visibility", "公开").unlink()
    (desk.corpus / ".visibility").mkdir()  # not even root reads a folder as a file
    assert desk.run().problems
    assert titles(desk, CLERK) == set()


def test_a_text_in_an_open_and_a_closed_folder_is_closed_until_the_closed_copy_goes(desk: Desk) -> None:
    desk.write("open/a.txt", "甲", "正文。")
    desk.write("open/.visibility", "公开")
    closed = desk.write("closed/a.txt", "甲", "正文。")
    desk.write("closed/.visibility", "部门:人事处")
    desk.run()
    assert (titles(desk, STAFF), titles(desk, CLERK)) == (set(), {"甲"})
    desk.remove(closed)
    assert titles(desk, NOBODY) == {"甲"}


def test_an_earlier_version_has_the_label_of_its_file_and_a_removed_document_keeps_its_own(desk: Desk) -> None:
    path = desk.write("a.txt", "甲", "第一版。")
    desk.write(".visibility", "部门:人事处")
    desk.run()
    desk.write("a.txt", "甲", "第二版，改了很多。")
    desk.run()
    with desk.library() as library:
        labels = SqlLabels(library._engine)
        assert set(labels.current()[1].values()) == {PERSONNEL}
        assert len(labels.current()[1]) == 2
    desk.remove(path)
    with desk.library() as library:
        assert len(SqlLabels(library._engine).current()[1]) == 2


def test_what_has_no_label_is_seen_by_nobody_but_who_sees_everything(desk: Desk) -> None:
    desk.write("a.txt", "甲", "正文。")
    desk.run()
    with desk.library() as library, library._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM labels")
        connection.exec_driver_sql("UPDATE marks SET value = 'x' WHERE name = 'labels'")
    assert titles(desk, CLERK) == set()
    assert titles(desk, Clearance(everything=True)) == {"甲"}


def test_a_label_that_cannot_be_read_hides(desk: Desk) -> None:
    desk.write("a.txt", "甲", "正文。")
    desk.run()
    with desk.library() as library:
        with library._engine.begin() as connection:
            connection.exec_driver_sql("UPDATE labels SET label = '???'")
        assert set(SqlLabels(library._engine).current()[1].values()) == {HIDDEN}


def test_folders_are_walked_up_once(tmp_path: Path) -> None:
    from ingest.labels import Rules

    (tmp_path / ".visibility").write_text("公开", "utf-8")
    rules = Rules()
    assert rules.label(tmp_path / "x" / "y" / "a.txt") == PUBLIC
    (tmp_path / ".visibility").write_text("内部", "utf-8")
    assert rules.label(tmp_path / "x" / "b.txt") == PUBLIC
