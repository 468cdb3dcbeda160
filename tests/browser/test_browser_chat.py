"""The chat page as a reader uses it: streaming, sources, stopping, keyboard, reload, phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from assistant.domain.dialogue import Commitment, Completeness, Deadline, Done, Searching, Sentence, Status, Verdict
from assistant.errors import IndexUnavailable
from tests.fakes.asker import Held, Step, script
from tests.fakes.shelf import cite, document

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: browser)")
expect = sync_api.expect
Open = Callable[..., Any]

PLAN = document(
    "沿河绿道建设方案",
    ("一", "一、", 1, "一、任务。拟由市园林局牵头修建绿道。"),
    ("二", "二、", 1, "二、时限。2026年底前完成主线。"),
    fields={},
    page_after="修建绿道。",
)
FIRST = cite(1, PLAN, "拟由市园林局牵头修建绿道")
SECOND = cite(2, PLAN, "2026年底前完成主线")
ANSWER = script("拟由市园林局牵头。[1]", "2026年底前完成。[2]", citations=[FIRST, SECOND])


def ask(page: Any, text: str = "绿道由谁牵头？") -> None:
    page.get_by_label("问题", exact=True).fill(text)
    page.keyboard.press("Enter")


def said(page: Any) -> str:
    return str(page.locator(".said").last.inner_text())


def test_the_answer_streams_sentence_by_sentence_with_its_sources(open_site: Open) -> None:
    first, second = Held(), Held()
    page = open_site([PLAN], script("拟由市园林局牵头。[1]", "主线待定。", citations=[FIRST], held=[first, second]))

    ask(page)

    expect(page.locator(".working")).to_be_visible()
    first.gate.set()
    expect(page.locator(".said")).to_have_text("拟由市园林局牵头。1")  # the second sentence is still to come
    expect(page.locator(".answer")).to_have_attribute("aria-busy", "true")
    second.gate.set()
    expect(page.locator(".said")).to_have_text("拟由市园林局牵头。1主线待定。")
    expect(page.locator(".answer")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#evidence .source")).to_have_count(1)
    expect(page.locator("#evidence blockquote")).to_have_text(FIRST.quote)
    expect(page.get_by_text("AI生成，以原文为准")).to_have_count(0)


def test_a_number_opens_its_clause_and_escape_gives_the_focus_back(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER)
    ask(page)

    number = page.get_by_role("button", name=re.compile("依据 2：沿河绿道建设方案 二"))
    number.click()

    popover = page.get_by_role("dialog")
    expect(popover.locator("blockquote")).to_have_text(SECOND.quote)
    expect(popover).to_contain_text("沿河绿道建设方案")
    expect(popover).to_contain_text("二 · 第2页")
    expect(page.locator("#evidence .chosen blockquote")).to_have_text(SECOND.quote)
    expect(number).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(popover).to_be_hidden()
    expect(number).to_be_focused()


def test_a_number_shows_its_clause_on_hover_and_on_keyboard_focus(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER)
    ask(page)
    popover = page.locator("#popover")

    page.locator(".cite").first.hover()
    expect(popover.locator("blockquote")).to_have_text(FIRST.quote)
    page.locator("h1").hover()
    expect(popover).to_be_hidden()

    page.locator(".actions button").first.focus()
    page.keyboard.press("Shift+Tab")
    expect(popover.locator("blockquote")).to_have_text(SECOND.quote)


def test_the_original_opens_with_the_quote_marked_and_in_sight(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER)
    ask(page)
    page.locator(".cite").last.click()

    with page.context.expect_page() as opened:
        page.get_by_role("dialog").get_by_role("link", name="查看原文").click()
    original = opened.value

    expect(original.locator("mark")).to_have_text(SECOND.quote)
    expect(original.locator("mark")).to_be_in_viewport()
    assert original.url.endswith(SECOND.url)


def test_stop_keeps_what_was_said(open_site: Open) -> None:
    steps: list[Step] = [*ANSWER[:3], Held(), *ANSWER[3:]]
    page = open_site([PLAN], steps)
    ask(page)
    expect(page.locator(".said")).to_have_text("拟由市园林局牵头。1")

    page.get_by_role("button", name="停止").click()

    expect(page.locator(".notice")).to_have_text("已停止，以上内容不完整。")
    assert said(page) == "拟由市园林局牵头。1"
    expect(page.get_by_role("button", name="提问")).to_be_visible()
    expect(page.get_by_label("问题", exact=True)).to_be_focused()
    page.reload()
    expect(page.locator(".said")).to_have_text("拟由市园林局牵头。1")
    expect(page.locator(".notice")).to_have_text("已停止，以上内容不完整。")


def test_a_reload_restores_the_conversation_with_its_sources(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER)
    ask(page)
    expect(page.locator(".said")).to_contain_text("2026年底前完成。")

    page.reload()

    expect(page.locator(".asked")).to_have_text("绿道由谁牵头？")
    page.locator(".cite").first.click()
    expect(page.get_by_role("dialog").locator("blockquote")).to_have_text(FIRST.quote)
    expect(page.locator("#history .name")).to_have_text("绿道由谁牵头？")


def test_history_comes_from_the_service_with_its_sources(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER)
    ask(page)
    expect(page.locator("#history .name")).to_have_text("绿道由谁牵头？")

    page.evaluate("sessionStorage.clear(); localStorage.clear()")
    page.reload()
    expect(page.locator(".exchange")).to_have_count(0)
    page.locator("#history .name").click()

    expect(page.locator(".said")).to_contain_text("2026年底前完成。")
    page.locator(".cite").last.click()
    expect(page.get_by_role("dialog").locator("blockquote")).to_have_text(SECOND.quote)


def test_a_conversation_is_renamed_exported_and_deleted(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER)
    ask(page)
    row = page.locator("#history li")

    row.get_by_role("button", name="重命名").click()
    page.get_by_label("对话的新名称").fill("绿道牵头单位")
    page.keyboard.press("Enter")
    expect(row.locator(".name")).to_have_text("绿道牵头单位")
    expect(row.locator(".name")).to_be_focused()

    with page.expect_download() as download:
        row.get_by_role("button", name="导出").click()
    assert download.value.suggested_filename == "绿道牵头单位.md"
    assert FIRST.quote in download.value.path().read_text(encoding="utf-8")

    row.get_by_role("button", name="删除").click()
    expect(row).to_have_count(1)
    row.get_by_role("button", name="删除").click()
    expect(row).to_have_count(0)
    expect(page.locator(".exchange")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("问过的对话会列在这里。")).to_be_visible()


def test_answers_are_asked_for_again_and_questions_edited_in_place(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER)
    sent: list[Any] = []
    page.on("request", lambda request: sent.append(request.post_data_json) if "/ask" in request.url else None)
    ask(page)
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(1)

    page.get_by_role("button", name="重新回答").click()
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(1)
    page.get_by_role("button", name="修改问题").click()
    box = page.get_by_role("textbox", name="修改问题")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="修改问题")).to_be_focused()
    page.keyboard.press("Enter")
    box.fill("主线何时完成？")
    page.keyboard.press("Enter")

    expect(page.locator(".asked")).to_have_text(["主线何时完成？"])
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(1)
    assert [(body["question"], body.get("replaces")) for body in sent] == [
        ("绿道由谁牵头？", None),
        ("绿道由谁牵头？", "a-1"),
        ("主线何时完成？", "a-2"),
    ]
    page.reload()
    expect(page.locator(".asked")).to_have_text(["主线何时完成？"])


def test_only_the_last_answer_can_be_replaced(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER)
    ask(page, "一问")
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(1)
    ask(page, "二问")
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(2)

    expect(page.locator(".exchange").first.get_by_role("button", name="重新回答")).to_be_hidden()
    expect(page.locator(".exchange").last.get_by_role("button", name="重新回答")).to_be_visible()


def test_a_thumb_is_kept_with_its_reasons(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER)
    sent: list[Any] = []
    page.on("request", lambda request: sent.append(request.post_data_json) if "/feedback" in request.url else None)
    ask(page)

    page.get_by_role("button", name="没用").click()
    expect(page.get_by_role("group", name="哪里没用？").get_by_role("checkbox").first).to_be_focused()
    page.get_by_label("依据不对").check()
    page.get_by_label("补充说明").fill("第二条已改")
    page.get_by_role("button", name="提交").click()

    expect(page.get_by_text("已记下，会用来改进。")).to_be_visible()
    expect(page.get_by_role("button", name="没用")).to_be_focused()
    assert sent == [{"answer_id": "a-1", "useful": False, "reasons": ["依据不对"], "note": "第二条已改"}]
    page.reload()
    expect(page.get_by_role("button", name="没用")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="有用").click()
    expect(page.get_by_role("button", name="没用")).to_have_attribute("aria-pressed", "false")


def test_follow_ups_stay_in_the_conversation_until_a_new_one(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER)
    sent: list[Any] = []
    page.on("request", lambda request: sent.append(request.post_data_json) if request.method == "POST" else None)

    ask(page, "一问")
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(1)
    ask(page, "二问")
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(2)
    page.get_by_role("button", name="新对话").click()
    expect(page.locator(".exchange")).to_have_count(0)
    ask(page, "三问")
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(1)

    assert [(body["question"], body.get("conversation_id")) for body in sent] == [
        ("一问", None),
        ("二问", "c-1"),
        ("三问", None),
    ]
    expect(page.locator("#history .name")).to_have_text(["三问", "一问"])
    expect(page.get_by_text("查找")).to_have_count(0)
    page.locator("#history .name").last.click()
    expect(page.locator(".asked")).to_have_text(["一问", "二问"])
    expect(page.get_by_text("按“沿河绿道：二问”查找")).to_be_visible()


def test_enter_sends_only_when_nothing_is_being_composed(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER)
    box = page.get_by_label("问题", exact=True)

    box.fill("lvdao")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "bubbles": True})
    expect(page.locator(".exchange")).to_have_count(0)

    box.fill("第一行")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("第二行")
    expect(page.locator(".exchange")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator(".asked")).to_have_text("第一行\n第二行")
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(1)
    page.keyboard.press("ArrowUp")
    expect(box).to_have_value("第一行\n第二行")


def test_the_whole_answer_is_announced_once(open_site: Open) -> None:
    page = open_site([PLAN], script("拟由市园林局牵头。[1]", "主线待定。", citations=[FIRST]))
    page.evaluate(
        "window.busy = []; new MutationObserver(() => busy.push(document.querySelector('.answer').ariaBusy))"
        ".observe(document.querySelector('[role=log]'), {childList: true, subtree: true})"
    )
    ask(page)

    expect(page.locator(".answer[aria-busy=false]")).to_have_count(1)
    expect(page.get_by_role("log").locator("p")).to_have_text(["拟由市园林局牵头。主线待定。 依据 1 条。"])
    assert page.evaluate("busy") == ["false"]


ROWS = [
    Commitment(
        f"修建第{n}段",
        lead_units=("市园林局",),
        cooperating_units=("市水务局",) if n == 2 else (),
        deadline=Deadline(f"2026年{n}月底前", f"2026-{n:02}-28", "fixed") if n != 3 else Deadline(),
        status=Status(("done", "planned", "unclear", "in_progress")[n % 4]),
        citations=(1,),
    )
    for n in (10, 2, 3, 1)
]


def test_a_counted_list_is_a_table_that_sorts_and_downloads(open_site: Open) -> None:
    steps = script("市园林局牵头四段。[1]", citations=[FIRST], commitments=[*ROWS, Commitment("=1+1", ("市=局",))])
    page = open_site([PLAN], steps)
    ask(page)
    firsts = page.locator(".table tbody tr td:first-child")
    expect(firsts).to_have_text(["修建第10段", "修建第2段", "修建第3段", "修建第1段", "=1+1"])
    expect(page.locator(".said")).to_be_hidden()  # behind the table, which says the same

    page.get_by_role("button", name="完成时限", exact=True).click()
    expect(firsts).to_have_text(["修建第1段", "修建第2段", "修建第10段", "修建第3段", "=1+1"])
    expect(page.get_by_role("columnheader", name="完成时限")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="事项", exact=True).click()
    page.get_by_role("button", name="事项", exact=True).click()
    expect(firsts.first).to_have_text("修建第10段")
    expect(page.get_by_role("columnheader", name="事项")).to_have_attribute("aria-sort", "descending")

    with page.expect_download() as download:
        page.get_by_role("button", name="下载表格").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 6
    assert lines[1].startswith('"修建第10段","市园林局","","牵头","写明","2026年10月底前"')
    assert FIRST.quote in lines[1]
    assert lines[5].startswith('"\'=1+1"'), "no cell may begin a formula"
    page.get_by_text("逐项原文").click()
    expect(page.locator(".said")).to_have_text("市园林局牵头四段。1")


def test_rows_that_are_not_counted_stand_behind_the_table(open_site: Open) -> None:
    *steps, done = script("市园林局牵头三段。[1]", citations=[FIRST], commitments=ROWS)
    assert isinstance(done, Done)
    page = open_site([PLAN], [*steps, Done(replace(done.answer, completeness=Completeness(3, 3)))])
    ask(page)

    expect(page.locator(".rows-foot")).to_contain_text("共 3 项，全部列出")
    expect(page.locator(".rows > .table tbody tr:visible")).to_have_count(3)
    page.get_by_text("另附 1 项").click()
    expect(page.locator(".rows .rows tbody tr")).to_contain_text("修建第1段")


def test_what_rows_state_is_offered_as_the_next_question(open_site: Open) -> None:
    works = document("绿道工程", ("一", "一、", 1, "一、由市园林局牵头，市水务局配合，2026年10月底前建成东岸绿道。"))
    page = open_site([works], script("市园林局牵头。[1]", citations=[cite(1, works, "由市园林局牵头")]))
    ask(page, "绿道工程由谁牵头？")

    offered = page.get_by_role("list", name="可以接着问").get_by_role("button")
    expect(offered).to_have_text(["建成东岸绿道由谁牵头？", "建成东岸绿道什么时候完成？"])
    offered.last.click()
    expect(page.locator(".asked").last).to_have_text("建成东岸绿道什么时候完成？")
    expect(page.locator(".exchange").first.locator(".follow-ups")).to_be_hidden()
    expect(page.locator(".exchange").last.get_by_role("list", name="可以接着问")).to_be_visible()
    page.reload()
    expect(page.locator(".exchange").last.get_by_role("list", name="可以接着问")).to_be_visible()


def test_dark_and_light_are_the_readers_choice_and_stay(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER, color_scheme="dark")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")

    page.get_by_role("button", name="深色或浅色").click()
    expect(root).to_have_attribute("data-theme", "light")
    page.reload()
    expect(root).to_have_attribute("data-theme", "light")
    page.goto(page.url + "ledger")
    expect(root).to_have_attribute("data-theme", "light")


def test_signs_notices_verdict_label_and_rows(open_site: Open) -> None:
    row = Commitment(
        "修建绿道",
        lead_units=("市园林局",),
        cooperating_units=("市水务局", "市财政局"),
        basis="inherited",
        deadline=Deadline("2026年底前", "2026-12-31", "fixed"),
        status=Status("planned", "拟"),
        citations=(1,),
    )
    steps = script(
        "拟由市园林局牵头。〔拟〕[1]",
        citations=[FIRST],
        commitments=[row] * 23,
        verdict=Verdict.PARTIAL,
        model="some-model",
        notices=["有一句话无法核对，已略去。"],
    )
    page = open_site([PLAN], steps)
    ask(page)

    expect(page.locator(".verdict")).to_have_text("部分载明")
    expect(page.locator(".said .sign")).to_have_text("〔拟〕")
    expect(page.locator(".notice")).to_have_text("有一句话无法核对，已略去。")
    expect(page.locator(".label")).to_have_text("AI生成，以原文为准")
    expect(page.locator("tbody tr")).to_have_count(20)
    cells = page.locator("tbody tr").first.locator("td")
    expect(cells).to_have_text(["修建绿道", "市园林局〔推定〕", "市水务局、市财政局", "2026年底前", "〔拟〕", "1"])
    expect(page.locator(".complete")).to_have_text("共 23 项，全部列出")
    page.get_by_role("button", name="显示其余 3 项").click()
    expect(page.locator("tbody tr")).to_have_count(23)


def test_brackets_of_the_document_itself_stay_text(open_site: Open) -> None:
    page = open_site([PLAN], script("见附件[7]，文号为〔2023〕。[1]", citations=[FIRST]))
    ask(page)

    expect(page.locator(".said")).to_have_text("见附件[7]，文号为〔2023〕。1")
    expect(page.locator(".said .cite")).to_have_count(1)
    expect(page.locator(".said .sign")).to_have_count(0)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([IndexUnavailable("还没有可用的索引", "请先运行 ingest run")], "现在没有可查的文件，请联系管理员"),
        ([Searching("正在检索…", "c"), RuntimeError()], "服务内部出错"),
    ],
)
def test_a_failure_says_what_happened_and_what_to_do(open_site: Open, steps: list[Step], words: str) -> None:
    page = open_site([PLAN], steps)
    ask(page)

    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_role("button", name="重新回答")).to_be_visible()


def test_a_service_that_falls_silent_is_not_waited_for_for_ever(open_site: Open) -> None:
    page = open_site([PLAN], [Searching("正在检索…", "c"), Sentence("由市园林局牵头。", ()), Held()], "/ledger")
    page.clock.install()
    page.goto("/".join(page.url.split("/")[:3]))
    box = page.get_by_label("问题", exact=True)
    box.fill("谁牵头？")
    box.press("Enter")
    expect(page.locator(".said")).to_have_text("由市园林局牵头。")
    page.clock.fast_forward(20_000)
    expect(page.locator(".answer")).to_have_attribute("aria-busy", "true")
    page.clock.fast_forward(30_000)

    expect(page.get_by_role("alert")).to_contain_text("连不上服务")
    expect(page.locator(".said")).to_have_text("由市园林局牵头。")
    expect(page.get_by_role("button", name="重新回答")).to_be_visible()


def test_a_service_that_goes_in_the_middle_leaves_what_was_said(serve_site: Any, open_page: Open) -> None:
    def cut(app: Any) -> Any:
        async def around(scope: Any, receive: Any, send: Any) -> None:
            async def until_the_second_sentence(message: Any) -> None:
                if "第二句".encode() in message.get("body", b""):
                    raise ConnectionResetError
                await send(message)

            await app(scope, receive, until_the_second_sentence)

        return around

    second = Held()
    steps = script("由市园林局牵头。", "第二句。")
    steps.insert(2, second)
    page = open_page(serve_site([PLAN], steps, around=cut))
    ask(page)
    expect(page.locator(".said")).to_have_text("由市园林局牵头。")
    second.gate.set()

    expect(page.get_by_role("alert")).to_contain_text("连不上服务")
    expect(page.locator(".said")).to_have_text("由市园林局牵头。")
    expect(page.get_by_label("问题", exact=True)).to_be_enabled()


def test_the_empty_page_teaches_with_questions_of_this_corpus(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER)

    expect(page.get_by_text("已收录 1 份文件。")).to_be_visible()
    page.get_by_role("button", name="修建绿道由谁牵头？").click()

    expect(page.locator(".asked")).to_have_text("修建绿道由谁牵头？")
    expect(page.locator(".welcome")).to_be_hidden()


def test_documents_are_found_at_the_side(open_site: Open) -> None:
    page = open_site([PLAN, document("节水规定", ("一", "一、", 1, "一、总则。"))], ANSWER)

    expect(page.locator("document-list a")).to_have_text(["沿河绿道建设方案", "节水规定"])
    page.get_by_label("按标题、文号查找文件").fill("节水")
    expect(page.locator("document-list a")).to_have_text(["节水规定"])
    page.get_by_label("按标题、文号查找文件").fill("没有的")
    expect(page.locator("document-list")).to_contain_text("没有找到")


def test_copies_carry_their_sources(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER, permissions=["clipboard-read", "clipboard-write"])
    ask(page)

    page.locator(".actions").get_by_role("button", name="复制（含出处）").click()
    expect(page.get_by_text("已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == (
        "拟由市园林局牵头。[1]2026年底前完成。[2]\n\n参考来源：\n"
        "[1] 《沿河绿道建设方案》一，第1页：“拟由市园林局牵头修建绿道”\n"
        "[2] 《沿河绿道建设方案》二，第2页：“2026年底前完成主线”"
    )


def place(page: Any, selector: str) -> float:
    """Where an element's top stands, in pixels below the top of the thread."""
    script_text = (
        "(node) => node.getBoundingClientRect().top - document.querySelector('.thread').getBoundingClientRect().top"
    )
    return float(page.locator(selector).last.evaluate(script_text))


def test_a_growing_answer_is_followed_until_its_question_reaches_the_top(open_site: Open) -> None:
    page = open_site([PLAN], script(*(f"第{n}句。\n\n" for n in range(40)), pause=0.02))
    ask(page, "一问")
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(1)
    assert 0 <= place(page, ".asked") < 60

    ask(page, "二问")
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(2)

    assert 0 <= place(page, ".asked") < 60


def test_a_reader_who_scrolled_away_is_left_in_place(open_site: Open) -> None:
    page = open_site([PLAN], script(*(f"第{n}句。\n\n" for n in range(20)), pause=0.05))
    ask(page, "一问")
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(1)
    ask(page, "二问")
    expect(page.locator(".said").last).to_contain_text("第3句。")

    page.locator(".thread").evaluate("t => { t.scrollTop = 10 }")
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(2)

    assert page.locator(".thread").evaluate("t => t.scrollTop") == 10


def test_on_a_phone_sides_slide_in_and_nothing_is_cut(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER, viewport={"width": 360, "height": 640}, has_touch=True)
    ask(page)
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(1)

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page.locator("#evidence")).to_be_hidden()
    page.get_by_role("button", name="依据（2）").tap()
    expect(page.locator("#evidence .source")).to_have_count(2)
    expect(page.locator("#evidence")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#evidence")).to_be_hidden()
    page.get_by_role("button", name="对话和文件").tap()
    expect(page.locator("#side")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#side")).to_be_hidden()
    page.locator(".cite").first.tap()
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert (box["x"], box["width"], round(box["y"] + box["height"])) == (0, 360, 640)


CONTRAST = """() => {
  const luminance = (text) => {
    const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map((v) => v / 255)
      .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (!/rgba\\(.*, 0\\)/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const low = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !node.checkVisibility()) continue;
    const [a, b] = [luminance(getComputedStyle(node).color), luminance(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.push(`${node.className || node.tagName} ${node.textContent.slice(0, 12)} ${ratio.toFixed(2)}`);
  }
  return low;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast_in_both_themes(open_site: Open, scheme: str) -> None:
    steps = script("拟由市园林局牵头。〔拟〕[1]", citations=[FIRST], verdict=Verdict.PARTIAL, notices=["略去一句。"])
    page = open_site([PLAN], steps, color_scheme=scheme)
    ask(page)
    page.locator(".cite").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()

    assert page.evaluate(CONTRAST) == []


def test_every_control_has_a_name(open_site: Open) -> None:
    page = open_site([PLAN], ANSWER)
    ask(page)
    page.locator(".cite").first.click()

    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("button, a, input, textarea")].filter((node) =>
             !node.textContent.trim() && !node.getAttribute("aria-label") && !node.labels?.length
           ).map((node) => node.outerHTML)"""
    )
    assert unnamed == []
