"""The document page: outline, exact marks whatever the characters, copying with the source."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from assistant.domain.holdings import Link, LinkKind
from assistant.domain.policy import ClauseKind, Field, Span
from assistant.ports import Original
from tests.fakes.shelf import cite, document

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: browser)")
expect = sync_api.expect
Open = Callable[..., Any]

# 𠮷 and 𬭚 lie beyond the basic plane: one character to the service, two units to a script.
RULES = document(
    "𠮷河节水规定",
    ("第一条", "第一条", 1, "第一条 为了节水，𬭚矿企业应当安装水表。"),
    ("第二条", "第二条", 1, "第二条 市水务局负责检查。"),
    ("第二条（一）", "（一）", 2, "（一）每季度检查一次。"),
    *((f"第{n}条", f"第{n}条", 1, f"第{n}条 这是第{n}条的内容。") for n in range(3, 60)),
    fields={"signatory": "市水务局"},
    page_after="检查一次。",
)
TEXT = """() => [...document.querySelectorAll(".clause")].map((clause) => {
  const copy = clause.cloneNode(true);
  copy.querySelectorAll(".copy").forEach((button) => button.remove());
  return copy.textContent;
}).join("")"""


def marked(page: Any) -> str:
    return "".join(page.locator("mark").all_text_contents())


@pytest.mark.parametrize(
    "quote", ["应当安装水表", "𬭚矿企业", "市水务局负责检查。\n（一）每季度检查", "这是第59条的内容。"]
)
def test_the_marked_text_is_the_quote(open_site: Open, quote: str) -> None:
    page = open_site([RULES], [], cite(1, RULES, quote).url)

    expect(page.locator("mark").first).to_be_in_viewport()
    assert marked(page) == quote


def test_the_page_is_the_whole_text_and_nothing_else(open_site: Open) -> None:
    page = open_site([RULES], [], f"/documents/{RULES.id}")

    expect(page.get_by_role("heading", level=1)).to_have_text("𠮷河节水规定")
    assert page.evaluate(TEXT) == RULES.text
    expect(page.locator("mark")).to_have_count(0)
    expect(page.locator(".page")).to_have_attribute("data-label", "第 2 页")
    expect(page.locator(".facts")).to_contain_text("签发人市水务局")


TASKS = document(
    "年度任务清单",
    ("表第1行", "", 0, "序号：1；任务：修渠；说明：先测量；再动工；备注：无"),
    ("表第2行", "", 0, "序号：2；任务：𠮷河清淤；备注：汛期前"),
    ("表第3行", "", 0, "序号：3；任务：植树"),
    ("第1段", "", 0, "注：序号2的时限另行通知。"),
)
TASKS = replace(
    TASKS, clauses=tuple(replace(c, kind=ClauseKind.TABLE) if c.path.startswith("表") else c for c in TASKS.clauses)
)


def test_rows_of_a_table_are_a_table_that_keeps_every_character(open_site: Open) -> None:
    page = open_site([TASKS], [], cite(1, TASKS, "任务：𠮷河清淤；备注：汛期").url)

    expect(page.locator("thead th")).to_have_text(["序号", "任务", "说明", "备注"])
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    assert [cell.inner_text().split("\n")[0] for cell in rows.nth(1).locator("td").all()][2] == ""
    expect(rows.first).to_contain_text("先测量；再动工")
    assert "".join(page.locator("mark").all_text_contents()) == "任务：𠮷河清淤；备注：汛期"
    assert page.evaluate(TEXT) == TASKS.text


def test_the_official_form_is_set_as_on_paper(open_site: Open) -> None:
    letter = document(
        "关于修渠的函",
        ("文号", "", 0, "市水函〔2024〕3号"),
        ("主送", "", 0, "市财政局："),
        ("一", "一、", 1, "一、安排。请安排资金。"),
        ("落款", "", 0, "市水务局"),
    )
    page = open_site([letter], [], f"/documents/{letter.id}")

    def align(words: str) -> str:
        return str(page.locator(".line", has_text=words).last.evaluate("node => getComputedStyle(node).textAlign"))

    assert [align("关于修渠的函"), align("市水函"), align("市水务局")] == ["center", "center", "right"]
    indent = "node => getComputedStyle(node).textIndent"
    assert page.locator(".line", has_text="请安排资金").evaluate(indent) == "32px"
    assert page.locator(".line", has_text="市财政局").evaluate(indent) == "0px"


def test_versions_and_linked_documents_stand_beside_the_text(open_site: Open) -> None:
    old = document("节水规定", ("一", "一、", 1, "一、旧。"))
    new = document("节水规定", ("一", "一、", 1, "一、新。"))
    repeal = document("废止决定", ("一", "一、", 1, "一、废止节水规定。"))
    links = [
        Link(LinkKind.SUPERSEDES, new.id, old.id),
        Link(LinkKind.REPEALS, repeal.id, new.id, "全文废止"),
    ]
    page = open_site([new, old, repeal], [], f"/documents/{old.id}", linked=links)

    expect(page.locator("#notices")).to_contain_text("这是较早的版本，现行版本是节水规定")
    page.locator("#notices").get_by_role("link", name="节水规定").click()
    expect(page.locator("#paper")).to_contain_text("一、新。")
    expect(page.locator("#notices")).to_contain_text("〔已废止〕见废止决定")
    expect(page.locator("#about")).to_contain_text("废止本文件的文件废止决定全文废止")
    page.locator("#about").get_by_role("link", name="废止决定").click()
    expect(page.locator("#about")).to_contain_text("被本文件废止节水规定")


def test_the_outline_leads_to_clauses_and_moves_the_mark(open_site: Open) -> None:
    page = open_site([RULES], [], cite(1, RULES, "应当安装水表").url)
    expect(page.locator("#outline [aria-current]")).to_contain_text("第一条")

    page.locator("#outline").get_by_role("link", name="第59条").click()

    expect(page.locator("mark")).to_have_text("第59条 这是第59条的内容。")
    expect(page.locator("mark")).to_be_in_viewport()
    expect(page.locator("#outline [aria-current]")).to_contain_text("第59条")
    page.go_back()
    expect(page.locator("mark")).to_have_text("应当安装水表")


def test_a_clause_is_copied_with_its_source(open_site: Open) -> None:
    page = open_site([RULES], [], cite(1, RULES, "安装水表").url, permissions=["clipboard-read", "clipboard-write"])

    page.locator(".clause.hit").get_by_role("button", name="复制本条（含出处）").click()

    expect(page.get_by_text("已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == (
        "第一条 为了节水，𬭚矿企业应当安装水表。\n——《𠮷河节水规定》第一条，第1页"
    )


@pytest.mark.parametrize("fragment", ["", "#", "#9-3", "#0-999999", "#x-y", "#paper"])
def test_an_address_without_a_range_marks_nothing(open_site: Open, fragment: str) -> None:
    page = open_site([RULES], [], f"/documents/{RULES.id}{fragment}")

    expect(page.locator("#paper .clause").first).to_be_visible()
    expect(page.locator("mark")).to_have_count(0)


@dataclass
class Scans:
    """:class:`assistant.ports.Originals` whose pages are pictures of one colour each."""

    file: Path

    def original(self, document_id: str) -> Original:
        return Original("节水规定.pdf", self.file, "application/pdf", 2048, "ab", drawable=True)

    def page(self, original: Original, number: int) -> bytes:
        picture = io.BytesIO()
        Image.new("RGB", (60, 80), ["white", "red", "blue"][number]).save(picture, "JPEG")
        return picture.getvalue()


def test_the_original_is_downloaded_and_its_pages_stand_beside_the_text(open_site: Open, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7 original")
    page = open_site([RULES], [], cite(1, RULES, "这是第9条的内容。").url, originals=Scans(tmp_path / "x.pdf"))
    with page.expect_download() as download:
        page.get_by_role("button", name="下载原件").click()
    assert download.value.suggested_filename == "节水规定.pdf"
    assert download.value.path().read_bytes() == b"%PDF-1.7 original"

    page.get_by_role("button", name="对照原页").click()
    expect(page.get_by_role("img", name="原件第 2 页")).to_be_visible()
    expect(page.get_by_text("第 2 页，共 2 页")).to_be_visible()
    expect(page.locator("mark")).to_be_in_viewport()
    assert page.get_by_role("img").evaluate("image => image.naturalWidth") == 60
    page.evaluate("scrollTo(0, 0)")
    expect(page.get_by_role("img", name="原件第 1 页")).to_be_visible()
    page.get_by_role("button", name="下一页").click()
    expect(page.get_by_role("img", name="原件第 2 页")).to_be_visible()
    expect(page.get_by_role("button", name="下一页")).to_be_disabled()
    page.get_by_role("button", name="关闭原页").click()
    expect(page.get_by_role("img")).to_have_count(0)
    expect(page.get_by_role("button", name="对照原页")).to_be_focused()


def test_a_doubtful_scan_says_so_and_shows_its_pages_at_once(open_site: Open, tmp_path: Path) -> None:
    scan = replace(RULES, fields=(Field("uncertain_print", "0.41", "第二条", Span(30, 40)),))
    page = open_site([scan], [], f"/documents/{scan.id}", originals=Scans(tmp_path))

    expect(page.locator("#notices")).to_contain_text("本文由扫描件识别而来，有 1 行字迹不清")
    expect(page.get_by_role("img", name="原件第 1 页")).to_be_visible()


@pytest.mark.parametrize(("share", "shown"), [("0.97", 1), ("0.20", 0)])
def test_a_scan_shows_its_pages_at_once_and_a_text_with_a_scanned_page_does_not(
    open_site: Open, tmp_path: Path, share: str, shown: int
) -> None:
    scan = replace(RULES, fields=(Field("recognised", share, "第二条", Span(30, 40)),))
    page = open_site([scan], [], f"/documents/{scan.id}", originals=Scans(tmp_path))

    expect(page.get_by_role("button", name="对照原页")).to_have_attribute("aria-pressed", str(bool(shown)).lower())
    expect(page.get_by_role("img", name="原件第 1 页")).to_have_count(shown)


def test_an_unknown_document_says_so(open_site: Open) -> None:
    page = open_site([RULES], [], "/documents/d0000000000000000")

    expect(page.locator("#message")).to_contain_text("没有这份文件")
    page.get_by_role("link", name="返回提问").click()
    expect(page.get_by_label("问题", exact=True)).to_be_visible()


def test_a_phone_shows_it_in_one_column(open_site: Open) -> None:
    page = open_site([RULES], [], cite(1, RULES, "应当安装水表").url, viewport={"width": 360, "height": 640})

    expect(page.locator("mark")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
