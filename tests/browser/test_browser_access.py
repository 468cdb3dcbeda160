"""For everybody: axe's rules on every screen, the order of the keyboard, landmarks, zoom, motion and print."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from assistant.domain.dialogue import Commitment, Verdict
from tests.fakes.asker import script
from tests.fakes.shelf import cite, document

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: browser)")
expect = sync_api.expect
Open = Callable[..., Any]

PLAN = document(
    "沿河绿道建设方案",
    ("一", "一、", 1, "一、任务。拟由市园林局牵头修建绿道。"),
    ("二", "二、", 1, "二、时限。2026年底前完成主线。"),
    fields={},
)
FIRST = cite(1, PLAN, "拟由市园林局牵头修建绿道")
SECOND = cite(2, PLAN, "2026年底前完成主线")
ROWS = [Commitment(f"修建第{n}段", ("市园林局",), citations=(1,)) for n in range(6)]
LISTED = script("市园林局牵头六段。〔拟〕[1][2]", citations=[FIRST, SECOND], commitments=ROWS, notices=["略去一句。"])
TOLD = script("拟由市园林局牵头。[1]", "2026年底前完成。[2]", citations=[FIRST, SECOND], verdict=Verdict.PARTIAL)


def axe() -> str:
    pytest.importorskip("axe_playwright_python", reason="axe is not installed (extra: browser)")
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def findings(page: Any) -> list[str]:
    """What axe finds, of any impact, by rule and element."""
    page.evaluate(axe() + ";0")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{v['id']}: {node['html'][:120]}" for v in found for node in v["nodes"]]


def ask(page: Any, text: str = "绿道由谁牵头？") -> None:
    page.get_by_label("问题", exact=True).fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".answer[aria-busy=false]").last).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 375)])
def test_axe_finds_nothing_on_the_page(open_site: Open, scheme: str, width: int) -> None:
    page = open_site([PLAN], LISTED, color_scheme=scheme, viewport={"width": width, "height": 800})
    expect(page.locator(".suggestion").first).to_be_visible()
    assert findings(page) == []
    ask(page)
    page.get_by_role("button", name="没用").click()
    page.locator(".cite").first.click()
    assert findings(page) == []
    page.keyboard.press("Escape")
    if width < 760:
        page.get_by_role("button", name="对话和文件").click()
    page.locator("#history li").hover()
    page.locator("#history").get_by_role("button", name="重命名").click()
    assert findings(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_document_and_widget(open_site: Open, scheme: str) -> None:
    page = open_site([PLAN], TOLD, FIRST.url, color_scheme=scheme)
    expect(page.locator("mark")).to_be_visible()
    assert findings(page) == []
    page.goto("/".join(page.url.split("/")[:3]) + "/widget")
    ask(page)
    page.locator(".cite").first.click()
    assert findings(page) == []


def focused(page: Any) -> str:
    return str(
        page.evaluate(
            """() => {
              const node = document.activeElement;
              return node.getAttribute("aria-label") || node.textContent.trim() || node.id;
            }"""
        )
    )


def test_the_keyboard_reaches_everything_in_the_order_of_the_eye(open_site: Open) -> None:
    page = open_site([PLAN], TOLD)
    ask(page)
    expect(page.locator("#history .name")).to_be_visible()
    expect(page.locator("document-list a")).to_be_visible()
    page.get_by_role("heading", level=1).click()  # tabbing begins anew from the top of the page
    page.evaluate("document.querySelector('.skip').focus()")
    seen = [focused(page)]
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.locator("#popover").is_visible():
            page.keyboard.press("Escape")
        seen.append(focused(page))
        if seen[-1] == "question":
            break

    order = [
        *("跳到提问框", "责任台账", "深色或浅色", "新对话", "绿道由谁牵头？", "重命名：绿道由谁牵头？"),
        *("沿河绿道建设方案", "依据 1：沿河绿道建设方案 一", "依据 2：沿河绿道建设方案 二", "依据（2）"),
        *("复制（含出处）", "重新回答", "修改问题", "有用", "没用", "question"),
    ]
    places = [seen.index(name) for name in order]
    assert places == sorted(places), seen
    page.keyboard.press("Shift+Tab")
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid", "the focus is always seen"


def test_landmarks_and_headings_tell_the_page(open_site: Open) -> None:
    page = open_site([PLAN], TOLD)
    ask(page)
    for role, name in (("banner", ""), ("main", ""), ("navigation", "对话和文件"), ("complementary", "依据 2 条")):
        expect(page.get_by_role(role, name=name)).to_have_count(1)
    headings = page.get_by_role("heading").all_inner_texts()
    assert headings == ["政策文件问答", "历史", "文件", "绿道由谁牵头？", "依据 2 条"]


@pytest.mark.parametrize("path", ["/", "/widget", FIRST.url])
def test_nothing_is_cut_at_twice_the_size(open_site: Open, path: str) -> None:
    """1280 by 800 at 200 % is 640 by 400 of the page's own pixels."""
    page = open_site([PLAN], LISTED, path, viewport={"width": 640, "height": 400}, device_scale_factor=2)
    if "documents" in path:
        expect(page.locator("mark")).to_be_in_viewport()
    else:
        ask(page)
        expect(page.get_by_label("问题", exact=True)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_who_wants_no_motion_gets_none(open_site: Open) -> None:
    page = open_site([PLAN], TOLD, reduced_motion="reduce")
    ask(page)
    running = page.evaluate("document.getAnimations().length")
    assert running == 0


def test_print_gives_question_answer_and_table_and_no_controls(open_site: Open) -> None:
    page = open_site([PLAN], LISTED)
    ask(page)
    page.emulate_media(media="print")
    for shown in (".asked", ".table", ".complete"):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in (".ask", ".actions", ".side", ".top", "#evidence"):
        expect(page.locator(hidden).first).to_be_hidden()
