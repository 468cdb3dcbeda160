"""An administrator brings files in, sees what became of them, and takes one out again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.uploads import FolderUploads
from assistant.domain.access import INTERNAL, Entrance, Scope, SingleSignOn
from tests.adapters.test_uploads import Ingest
from tests.fakes.documents import document_of
from tests.fakes.shelf import Shelf, ShelfIndexes

REPLY, _ = document_of("关于供暖的答复\n一、由市住建局牵头。\n", "供暖.txt")
Serve = Callable[..., Any]
Open = Callable[..., Any]


@pytest.fixture
def ingest(tmp_path: Path) -> Ingest:
    return Ingest(tmp_path)


@pytest.fixture
def uploads(tmp_path: Path, ingest: Ingest) -> FolderUploads:
    return FolderUploads(ingest.engine, tmp_path, ingest, 2 * 2**20, INTERNAL)


def file(name: str, text: str) -> dict[str, Any]:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def test_files_come_in_are_watched_and_go(
    serve_site: Serve, open_page: Open, uploads: FolderUploads, ingest: Ingest
) -> None:
    page = open_page(serve_site([REPLY], [], uploads=uploads))
    page.click("#manage")
    dialog = page.get_by_role("dialog", name="上传和管理文件")
    assert dialog.get_by_label("谁能看").input_value() == "内部"
    dialog.get_by_label("谁能看").select_option("只给部分部门")
    dialog.get_by_label("选择文件").set_input_files([file("供暖.txt", "关于供暖的通知\n一、由市住建局牵头。\n")])
    dialog.get_by_text("请先写明哪些部门").wait_for()
    dialog.get_by_label("哪些部门").fill("房管处")
    ingest.gate.clear()
    dialog.get_by_label("选择文件").set_input_files(
        [file("供暖.txt", "关于供暖的通知\n一、由市住建局牵头。\n"), file("坏<img src=x onerror=alert(1)>.txt", "坏\n")]
    )
    dialog.get_by_text("正在导入").first.wait_for()
    ingest.gate.set()
    row = dialog.locator(".files li", has_text="供暖.txt")
    row.get_by_text("已导入").wait_for()
    assert "房管处" in row.inner_text()
    bad = dialog.locator(".files li", has_text="img")
    bad.get_by_text("文件已损坏").wait_for()
    assert "没有导入" in bad.inner_text()

    # The same name again: only the reader knows whether it is a new version.
    dialog.get_by_label("选择文件").set_input_files([file("供暖.txt", "关于供暖的通知\n一、由市供热办牵头。\n")])
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        dialog.get_by_role("button", name="作为新版本替换").click()

    bad.get_by_role("button", name="删除").click()
    bad.get_by_role("button").get_by_text("确认删除").click()
    bad.wait_for(state="detached")
    assert "remove" in [command for command, *_ in ingest.calls]
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    uploads.close()


def test_who_is_signed_on_needs_no_key(
    serve_site: Serve, open_page: Open, uploads: FolderUploads, ingest: Ingest
) -> None:
    """A proxy on this machine has signed them on, and their group may bring files in."""
    sign_on = SingleSignOn("X-Remote-User", groups="X-Remote-Groups", grants=(("archive", Scope.INGEST),))
    entrance = Entrance(trusted=("127.0.0.1",), sign_on=sign_on)
    origin = serve_site([REPLY], [], uploads=uploads, entrance=entrance)
    clerk = {"X-Remote-User": "wang", "X-Remote-Groups": "archive"}
    page = open_page(origin, extra_http_headers=clerk)
    page.click("#manage")
    dialog = page.get_by_role("dialog", name="上传和管理文件")
    dialog.get_by_label("选择文件").set_input_files([file("供暖.txt", "关于供暖的通知\n一、由市住建局牵头。\n")])
    dialog.locator(".files li", has_text="供暖.txt").get_by_text("已导入").wait_for()

    other = open_page(origin, extra_http_headers={"X-Remote-User": "li", "X-Remote-Groups": "finance"})
    other.click("#manage")
    other.get_by_text("上传和删除文件需要导入权限").wait_for()
    uploads.close()


def test_a_reader_without_the_right_is_asked_for_a_key(
    serve_site: Serve, open_page: Open, uploads: FolderUploads
) -> None:
    origin, key = serve_site([REPLY], [], keyed=True, uploads=uploads)
    page = open_page(origin)
    page.locator("#key").fill(key)
    page.keyboard.press("Enter")
    page.get_by_text("已收录").wait_for()
    page.click("#manage")
    page.get_by_text("上传和删除文件需要导入权限").wait_for()
    page.locator("#key").fill(key)
    page.keyboard.press("Enter")
    page.get_by_text("这个密钥不能用").wait_for()
    uploads.close()


def test_a_page_without_documents_says_whom_to_ask_and_comes_to_life(serve_site: Serve, open_page: Open) -> None:
    held = ShelfIndexes(None)
    page = open_page(serve_site([REPLY], [], indexes=held))
    page.get_by_role("heading", name="还没有文件").wait_for()
    page.get_by_text("现在没有可查的文件，请联系管理员").first.wait_for()
    held.shelf = Shelf([REPLY])
    page.get_by_text("已收录 1 份文件").wait_for()
