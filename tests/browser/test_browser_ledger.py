"""The ledger page: rows that open their clause, filters in the address, counts that are filters, review, timeline."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_ledger_history import LETTER
from tests.cli.test_ledger_history import PLAN as GROWING
from tests.fakes.ledger import ASK, PLAN, REPORT
from tests.fakes.over_time import MemoryOverTime
from tests.fakes.shelf import document

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: browser)")
expect = sync_api.expect
Open = Callable[..., Any]
MANY = document("任务清单", *((f"{n}", f"{n}. ", 1, f"{n}. 由市水务局牵头整治第{n}号河。") for n in range(1, 61)))
DOCUMENTS = [PLAN, REPORT, ASK]


def test_from_the_first_page_to_the_clause(open_site: Open) -> None:
    page = open_site(DOCUMENTS, [])
    page.get_by_role("link", name="责任台账").click()
    expect(page.locator("#total")).to_contain_text("共 5 项，全部列出")
    expect(page.locator("#body tr[data-id]")).to_have_count(5)
    row = page.locator("#body tr[data-id]").filter(has_text="市林业局")
    expect(row).to_contain_text("〔拟〕")
    with page.expect_popup() as opened:
        row.get_by_role("link").last.click()
    expect(opened.value.locator("mark")).to_have_text("拟由市林业局牵头栽植岸线，2099年底前完成。")


def test_filters_counts_and_the_address(open_site: Open) -> None:
    page = open_site(DOCUMENTS, [], "/ledger?as_of=2024-12-01")
    expect(page.locator("#body tr[data-id]").first).to_contain_text("〔逾期〕")
    page.locator("#units").get_by_role("button", name="市财政局").click()
    expect(page.locator("#body tr[data-id]")).to_have_count(2)
    expect(page.locator("#units").get_by_role("button", name="市财政局")).to_have_attribute("aria-pressed", "true")
    page.locator("#statuses").get_by_role("button", name="已完成").click()
    expect(page.locator("#message")).to_have_text("没有符合条件的事项，请放宽筛选。")
    page.get_by_role("button", name="清除筛选").click()
    page.get_by_label("文字").fill("巡查")
    expect(page.locator("#body tr[data-id]")).to_have_count(1)
    page.reload()
    expect(page.get_by_label("文字")).to_have_value("巡查")
    expect(page.locator("#body tr[data-id]")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    assert len(download.value.path().read_text(encoding="utf-8-sig").splitlines()) == 2


def test_long_lists_come_in_parts_under_a_head_that_stays(open_site: Open) -> None:
    page = open_site([MANY], [], "/ledger")
    expect(page.locator("#total")).to_contain_text("共 60 项，已列出 50 项")
    page.locator("#body tr[data-id]").nth(45).scroll_into_view_if_needed()
    expect(page.get_by_role("columnheader", name="牵头单位")).to_be_in_viewport()
    page.get_by_role("button", name="显示更多").click()
    expect(page.locator("#body tr[data-id]")).to_have_count(60)
    expect(page.locator("#total")).to_contain_text("全部列出")


def test_columns_sort_all_pages_by_head_by_key_and_by_the_address(open_site: Open) -> None:
    page = open_site([MANY, *DOCUMENTS], [], "/ledger")
    head = page.get_by_role("columnheader", name="完成时限")
    first = page.locator("#body tr[data-id]").first
    expect(page.locator("#total")).to_contain_text("共 65 项，已列出 50 项")
    expect(head).to_have_attribute("aria-sort", "none")
    expect(first).to_contain_text("完成清淤")
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("#body tr[data-id]").nth(1)).to_contain_text("2024-09-30")
    expect(page.locator("#body tr[data-id]").nth(49)).not_to_contain_text("2024-")  # without a day: last
    expect(page.locator("#total")).to_contain_text("按到期日从早到晚")
    assert "sort=due" in page.url
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(first).to_contain_text("2099-12-31")
    page.reload()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(first).to_contain_text("2099-12-31")
    assert "sort=-due" in (page.get_by_role("link", name="导出 CSV").get_attribute("href") or "")
    lead = page.get_by_role("columnheader", name="牵头单位")
    page.get_by_label("排序").select_option("lead")
    expect(head).to_have_attribute("aria-sort", "none")
    expect(lead).to_have_attribute("aria-sort", "ascending")
    lead.get_by_role("button").click()
    lead.get_by_role("button").click()
    expect(lead).to_have_attribute("aria-sort", "none")
    expect(first).to_contain_text("完成清淤")
    assert "sort" not in page.url


def test_on_a_phone_nothing_is_cut_off(open_site: Open) -> None:
    page = open_site(DOCUMENTS, [], "/ledger", viewport={"width": 360, "height": 740})
    expect(page.locator("#body tr[data-id]")).to_have_count(5)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator("#body tr[data-id]").first).to_contain_text("市水务局")
    page.locator("#body .toggle").first.click()
    expect(page.get_by_role("button", name="确认无误")).to_be_visible()
    page.get_by_text("时间轴：到期日与事件").click()
    expect(page.locator("#chart svg")).to_be_visible()
    page.get_by_text("更多筛选").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_row_is_corrected_confirmed_and_taken_back(open_site: Open) -> None:
    page = open_site(DOCUMENTS, [], "/ledger?as_of=2024-12-01")
    row = page.locator("#body tr[data-id]").filter(has_text="完成清淤")
    row.get_by_role("button", name="依据与核对").click()
    about = page.locator("#body tr.about:not([hidden])")
    expect(about).to_contain_text("由市水务局牵头，市财政局配合")
    expect(about).to_contain_text("还没有人核对过这一项")
    about.get_by_role("button", name="更正…").click()
    about.get_by_label("牵头单位").fill("市住建局、市水务局")
    about.get_by_label("到期日").fill("2025-03-31")
    about.get_by_role("button", name="提交更正").click()
    expect(about.get_by_role("alert").last).to_have_text("请先填写核对人姓名")
    about.get_by_label("核对人").fill("李明")
    about.get_by_label("说明").fill("会议纪要已调整")
    about.get_by_role("button", name="提交更正").click()
    expect(row).to_contain_text("〔已更正〕")
    expect(row).to_contain_text("程序提取为：牵头单位：市水务局；到期日：2024-06-30")
    expect(row).to_contain_text("市住建局、市水务局")
    expect(row).not_to_contain_text("〔逾期〕")
    expect(page.locator("#reviews")).to_contain_text("已更正 1")
    expect(about).to_contain_text("李明 更正（牵头单位：市住建局、市水务局；到期日：2025-03-31）：会议纪要已调整")
    about.get_by_role("button", name="撤销核对").click()
    expect(row).not_to_contain_text("〔已更正〕")
    about.get_by_role("button", name="确认无误").click()
    expect(row).to_contain_text("〔已核对〕")
    page.reload()
    expect(row).to_contain_text("〔已核对〕")
    row.get_by_role("button", name="依据与核对").click()
    expect(about.get_by_label("核对人")).to_have_value("李明")  # kept in this browser


def test_a_rejected_row_leaves_the_list_and_can_be_found(open_site: Open) -> None:
    page = open_site(DOCUMENTS, [], "/ledger")
    row = page.locator("#body tr[data-id]").filter(has_text="示范段")
    row.get_by_role("button", name="依据与核对").click()
    about = page.locator("#body tr.about:not([hidden])")
    about.get_by_label("核对人").fill("李明")
    about.get_by_role("button", name="驳回").click()
    expect(about.get_by_role("alert").last).to_have_text("请写明理由")
    about.get_by_label("说明").fill("不是责任事项")
    about.get_by_role("button", name="驳回").click()
    expect(row).to_contain_text("〔已驳回〕")
    expect(page.locator("#total")).to_contain_text("共 4 项")
    page.locator("#reviews").get_by_role("button", name="已驳回").click()
    expect(page.locator("#body tr[data-id]")).to_have_count(1)
    page.get_by_role("button", name="清除筛选").click()
    expect(page.locator("#body tr[data-id]")).to_have_count(4)


def test_whoever_was_slower_sees_the_newer_word(open_site: Open) -> None:
    page = open_site(DOCUMENTS, [], "/ledger")
    first = page.locator("#body tr[data-id]").first
    first.get_by_role("button", name="依据与核对").click()
    about = page.locator("#body tr.about:not([hidden])")
    about.get_by_label("核对人").fill("李明")
    page.evaluate(
        """async () => {
             const row = (await (await fetch("/api/ledger?limit=1")).json()).rows[0];
             const body = JSON.stringify({action: "reject", version: row.version, by: "王芳", why: "口号"});
             const headers = {"Content-Type": "application/json"};
             await fetch(`/api/ledger/${row.id}`, {method: "PATCH", headers, body});
           }"""
    )
    about.get_by_role("button", name="确认无误").click()
    expect(about.get_by_role("alert").last).to_contain_text("已有变化")
    about.get_by_role("button", name="载入最新内容").click()
    expect(about).to_contain_text("王芳 驳回：口号")


def test_the_timeline_is_drawn_and_told_in_words(open_site: Open) -> None:
    page = open_site(DOCUMENTS, [], "/ledger?as_of=2024-12-01")
    page.get_by_text("时间轴：到期日与事件").click()
    chart = page.locator("#chart svg")
    expect(chart).to_be_visible()
    expect(chart.locator(".mark")).to_have_count(2)
    assert chart.locator(".overdue .mark").first.evaluate("node => getComputedStyle(node).fill") != "rgb(0, 0, 0)"
    expect(chart.locator(".y text").first).to_have_text("市水务局")
    expect(page.locator("#time-note")).to_contain_text("2 项没有日期")
    expect(page.locator("#time-note")).to_contain_text("1 个日期离判断日五年以上")
    page.get_by_text("时间轴数据表", exact=True).click()
    expect(page.locator("#time-body tr")).to_have_count(2)
    with page.expect_popup() as opened:
        chart.locator("a").first.click()
    expect(opened.value.locator("mark")).to_contain_text("由市水务局牵头，市财政局配合")
    page.locator("#watch").get_by_role("button", name="逾期").click()
    page.get_by_role("searchbox", name="牵头单位").fill("市财政局")
    expect(page.locator("#chart .mark")).to_have_count(1)
    page.get_by_label("文字").fill("没有这样的词")
    expect(page.locator("#time-note")).to_have_text("没有可画出的日期。")


def test_the_keyboard_reaches_filters_rows_and_review(open_site: Open) -> None:
    page = open_site(DOCUMENTS, [], "/ledger")
    expect(page.locator("#body tr[data-id]")).to_have_count(5)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到台账")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("columnheader", name="事项").get_by_role("button")).to_be_focused()
    for _ in range(7):  # the heads, which sort
        page.keyboard.press("Tab")
    toggle = page.locator("#body .toggle").first
    expect(toggle).to_be_focused()
    page.keyboard.press("Enter")
    expect(toggle).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#body .about").first).to_contain_text("条款原文")
    for control in page.locator("input:visible, select:visible, textarea:visible, button:visible").all():
        name = control.evaluate("node => node.labels?.[0]?.textContent || node.ariaLabel || node.textContent")
        assert name.strip()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 375)])
def test_axe_finds_nothing(open_site: Open, scheme: str, width: int) -> None:
    size = {"width": width, "height": 800}
    page = open_site(DOCUMENTS, [], "/ledger?as_of=2024-12-01", color_scheme=scheme, viewport=size)
    page.locator("#body .toggle").first.click()
    page.get_by_role("button", name="更正…").click()
    page.get_by_role("button", name="提交更正").click()  # with its message
    page.get_by_text("时间轴：到期日与事件").click()
    expect(page.locator("#chart svg")).to_be_visible()
    page.get_by_text("时间轴数据表", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)
    assert findings(page) == []


def findings(page: Any) -> list[str]:
    """What axe finds, by rule and element."""
    page.evaluate(axe() + ";0")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]


def axe() -> str:
    pytest.importorskip("axe_playwright_python", reason="axe is not installed (extra: browser)")
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def test_an_edited_export_is_tried_and_then_kept(open_site: Open, tmp_path: Path) -> None:
    page = open_site(DOCUMENTS, [], "/ledger")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 CSV").click()
    table = tmp_path / "台账.csv"
    text = download.value.path().read_text(encoding="utf-8-sig").replace("市林业局", "市园林局", 1)
    table.write_text(text.replace("不明", "说不清", 1), encoding="utf-8")
    page.get_by_role("button", name="导入更正表…").click()
    dialog = page.get_by_role("dialog", name="导入改过的导出表")
    dialog.get_by_label("表格").set_input_files(table)
    dialog.get_by_label("核对人").fill("李明")
    dialog.get_by_role("button", name="试读").click()
    expect(dialog).to_contain_text("1 项有改动，3 项未改，1 个问题；试读，未写入。")
    expect(dialog).to_contain_text("“进展”栏的“说不清”不能采用")
    expect(dialog).to_contain_text("牵头单位：市园林局")
    dialog.get_by_role("button", name="写入").click()
    expect(dialog).to_contain_text("已写入 1 项")
    page.keyboard.press("Escape")
    expect(page.locator("#body tr[data-id]").filter(has_text="市园林局")).to_contain_text("〔已更正〕")


def test_contradictions_stand_beside_the_rows_and_changes_in_their_order(serve_site: Any, open_page: Open) -> None:
    site = serve_site([GROWING, LETTER], [], over_time=MemoryOverTime())
    page = open_page(site + "/ledger")
    row = page.locator("#body tr[data-id]").filter(has_text="农机调度平台").first
    expect(row).to_contain_text("〔有矛盾〕")
    page.get_by_text("跨文件的变更与矛盾").click()
    over = page.locator("#over-list")
    expect(over).to_contain_text("农机调度平台：牵头单位")
    expect(over).to_contain_text("有变更的事项")
    expect(over).to_contain_text("冷链物流基地")
    with page.expect_popup() as opened:
        over.get_by_role("link").first.click()
    expect(opened.value.locator("mark")).to_contain_text("由市农业农村局牵头")
    assert findings(page) == []
