"""The ledger page: rows that open their clause, filters in the address, counts that are filters, the phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes.ledger import ASK, PLAN, REPORT
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
    expect(page.locator("#body tr")).to_have_count(5)
    row = page.locator("#body tr").filter(has_text="市林业局")
    expect(row).to_contain_text("〔拟〕")
    with page.expect_popup() as opened:
        row.get_by_role("link").last.click()
    expect(opened.value.locator("mark")).to_have_text("拟由市林业局牵头栽植岸线，2099年底前完成。")


def test_filters_counts_and_the_address(open_site: Open) -> None:
    page = open_site(DOCUMENTS, [], "/ledger?as_of=2024-12-01")
    expect(page.locator("#body tr").first).to_contain_text("〔逾期〕")
    page.locator("#units").get_by_role("button", name="市财政局").click()
    expect(page.locator("#body tr")).to_have_count(2)
    expect(page.locator("#units").get_by_role("button", name="市财政局")).to_have_attribute("aria-pressed", "true")
    page.locator("#statuses").get_by_role("button", name="已完成").click()
    expect(page.locator("#message")).to_have_text("没有符合条件的事项，请放宽筛选。")
    page.get_by_role("button", name="清除筛选").click()
    page.get_by_label("文字").fill("巡查")
    expect(page.locator("#body tr")).to_have_count(1)
    page.reload()
    expect(page.get_by_label("文字")).to_have_value("巡查")
    expect(page.locator("#body tr")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    assert len(download.value.path().read_text(encoding="utf-8-sig").splitlines()) == 2


def test_long_lists_come_in_parts_under_a_head_that_stays(open_site: Open) -> None:
    page = open_site([MANY], [], "/ledger")
    expect(page.locator("#total")).to_contain_text("共 60 项，已列出 50 项")
    page.locator("#body tr").nth(45).scroll_into_view_if_needed()
    expect(page.get_by_role("columnheader", name="牵头单位")).to_be_in_viewport()
    page.get_by_role("button", name="显示更多").click()
    expect(page.locator("#body tr")).to_have_count(60)
    expect(page.locator("#total")).to_contain_text("全部列出")


def test_on_a_phone_nothing_is_cut_off(open_site: Open) -> None:
    page = open_site(DOCUMENTS, [], "/ledger", viewport={"width": 360, "height": 740})
    expect(page.locator("#body tr")).to_have_count(5)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator("#body tr").first).to_contain_text("市水务局")
