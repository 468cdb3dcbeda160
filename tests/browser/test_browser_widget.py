"""The widget on pages of another origin: launching, asking, remembering, keeping out of the way, and being let in."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.browser.conftest import origin_of
from tests.conftest import ROOT
from tests.fakes.asker import Held, script
from tests.fakes.shelf import cite, document
from tests.patience import until

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: browser)")
expect = sync_api.expect

PLAN = document("沿河绿道建设方案", ("一", "一、", 1, "一、任务。拟由市园林局牵头修建绿道。"))
FIRST = cite(1, PLAN, "拟由市园林局牵头修建绿道")
ANSWER = script("拟由市园林局牵头。[1]", citations=[FIRST])
FORM = """<h1>督办登记</h1><form><input id="field"><button id="submit" type="button">提交</button></form>"""


class Office:
    """Another origin with a page that embeds the widget, under a policy that allows nothing but that."""

    def __init__(self) -> None:
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.origin = origin_of(self.listener)
        self.attributes = ""
        self.body = FORM
        self.style = ""
        self.service = ""
        self.tokens: list[str] = []
        self.trade: Callable[[], str] = lambda: f"t-{len(self.tokens) + 1}"

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/", self.page),
                Route("/style.css", lambda request: PlainTextResponse(self.style, media_type="text/css")),
                Route("/token", self.token, methods=["POST"]),
            ]
        )

    def page(self, request: Request) -> HTMLResponse:
        text = f"""<!doctype html><html lang="zh-CN"><head><title>办公系统</title>
          <link rel="stylesheet" href="/style.css"><meta name="viewport" content="width=device-width"></head>
          <body>{self.body}
          <script src="{self.service}/widget.js" defer {self.attributes}></script></body></html>"""
        policy = (
            f"default-src 'none'; style-src 'self'; connect-src 'self'; script-src {self.service}; "
            f"frame-src {self.service}"
        )
        return HTMLResponse(text, headers={"Content-Security-Policy": policy})

    def token(self, request: Request) -> Response:
        self.tokens.append(self.trade())
        return JSONResponse({"token": self.tokens[-1]})


Embed = Callable[..., tuple[Any, Any]]


def blocks(language: str) -> list[str]:
    """The examples in this language of docs/widget.md."""
    text = (ROOT / "docs" / "widget.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def office(serve: Any) -> Office:
    made = Office()
    serve(made.app(), made.listener)
    return made


@pytest.fixture
def embed(office: Office, serve_site: Any, open_page: Any) -> Embed:
    """Serve the service, listing the office's origin, and open the office's page; gives (page, frame)."""

    def start(*, embedders: tuple[str, ...] | None = None, **context: Any) -> tuple[Any, Any]:
        listed = (office.origin,) if embedders is None else embedders
        office.service = serve_site([PLAN], ANSWER, embedders=listed)
        page = open_page(office.origin, allowed=[office.service], **context)
        return page, page.frame_locator("policy-assistant iframe")

    return start


def launcher(page: Any) -> Any:
    return page.locator("policy-assistant").get_by_role("button")


def test_it_answers_with_sources_and_remembers_over_pages(embed: Embed) -> None:
    page, frame = embed()
    assert page.locator("policy-assistant iframe").count() == 0, "nothing is loaded before it is wanted"
    launcher(page).click()
    expect(frame.get_by_label("问题", exact=True)).to_be_focused()

    frame.get_by_label("问题", exact=True).fill("绿道由谁牵头？")
    page.keyboard.press("Enter")
    expect(frame.locator(".said")).to_have_text("拟由市园林局牵头。1")
    frame.locator(".cite").click()
    expect(frame.get_by_role("dialog").locator("blockquote")).to_have_text(FIRST.quote)
    with page.context.expect_page() as opened:
        frame.get_by_role("dialog").get_by_role("link", name="查看原文").click()
    expect(opened.value.locator("mark")).to_have_text(FIRST.quote)

    page.reload()
    expect(frame.locator(".said")).to_have_text("拟由市园林局牵头。1")  # it was open, and so is the conversation
    frame.locator(".cite").click()
    expect(frame.get_by_role("dialog").locator("blockquote")).to_have_text(FIRST.quote)


def test_escape_closes_first_the_source_then_the_chat_and_gives_the_focus_back(embed: Embed) -> None:
    page, frame = embed()
    launcher(page).press("Enter")
    frame.get_by_label("问题", exact=True).fill("绿道由谁牵头？")
    page.keyboard.press("Enter")
    frame.locator(".cite").click()

    page.keyboard.press("Escape")
    expect(frame.get_by_role("dialog")).to_be_hidden()
    expect(frame.locator(".cite")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("policy-assistant iframe")).to_be_hidden()
    expect(launcher(page)).to_be_focused()
    page.reload()
    expect(launcher(page)).to_be_visible()


def test_an_office_sets_title_colour_side_greeting_and_questions(embed: Embed, office: Office) -> None:
    office.attributes = (
        'data-title="政策助手" data-accent="#8a1f2d" data-position="left" data-greeting="有问必有据" '
        'data-suggestions="绿道由谁牵头？|何时完成？" data-theme="dark"'
    )
    page, frame = embed()
    box = launcher(page).bounding_box()
    assert box is not None
    assert (box["x"], box["width"], box["height"]) == (24, 56, 56)
    launcher(page).click()

    expect(frame.get_by_role("heading", name="政策助手")).to_be_visible()
    expect(frame.get_by_text("有问必有据")).to_be_visible()
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    accent, ground = (
        frame.locator("html").evaluate(f"node => getComputedStyle(node).getPropertyValue('{name}')")
        for name in ("--accent", "--surface")
    )
    assert accent != "#8a1f2d", "a dark red cannot be read on dark grey: it is made lighter"
    assert ground == "#191f28"
    frame.get_by_role("button", name="绿道由谁牵头？").click()
    expect(frame.locator(".said")).to_have_text("拟由市园林局牵头。1")


@pytest.mark.parametrize("example", blocks("html"))
def test_the_examples_of_the_manual_work(embed: Embed, office: Office, example: str) -> None:
    match = re.fullmatch(r'<script src="http://127.0.0.1:8000/widget.js" defer(.*)></script>\n', example, re.DOTALL)
    assert match
    office.attributes = match[1]
    page, frame = embed()
    page.evaluate(blocks("js")[0])
    expect(frame.get_by_label("问题", exact=True)).to_be_visible()
    expect(frame.locator(".suggestion").first).to_have_text("绿道由谁牵头？" if match[1] else "修建绿道由谁牵头？")


@pytest.mark.parametrize("style", ["", "form { position: fixed; right: 16px; bottom: 16px; }"])
def test_it_never_lies_on_what_people_press(embed: Embed, office: Office, style: str) -> None:
    office.style = f"body {{ min-height: 3000px; }} #submit {{ padding: 12px 40px; }} {style}"
    office.body = FORM + '<p><button id="low">暂存</button></p>'
    office.style += "#low { position: absolute; right: 30px; top: 1400px; }"
    page, _ = embed()
    for top in (0, 650, 700, 1300):
        page.evaluate(f"scrollTo(0, {top})")

        def apart(button: str) -> bool:
            launched, box = launcher(page).bounding_box(), page.locator(button).bounding_box()
            page.wait_for_timeout(20)  # it moves a moment after the scrolling
            return bool(
                box["x"] + box["width"] <= launched["x"]
                or launched["x"] + launched["width"] <= box["x"]
                or box["y"] + box["height"] <= launched["y"]
                or launched["y"] + launched["height"] <= box["y"]
            )

        until(
            lambda: all(apart(button) for button in ("#submit", "#low", "#field")),
            f"the launcher lies on something when scrolled to {top}",
        )


def test_on_a_phone_it_fills_the_screen(embed: Embed) -> None:
    page, frame = embed(viewport={"width": 375, "height": 667}, has_touch=True)
    launcher(page).tap()
    until(
        lambda: page.locator("policy-assistant iframe").bounding_box() == {"x": 0, "y": 0, "width": 375, "height": 667}
    )
    expect(frame.get_by_label("问题", exact=True)).to_be_focused()
    frame.get_by_role("button", name="关闭").tap()
    expect(launcher(page)).to_be_visible()


def test_a_page_that_is_not_listed_is_told_so(embed: Embed, office: Office) -> None:
    page, _ = embed(embedders=("https://elsewhere.example",), tolerated="frame-ancestors")
    page.clock.install()
    launcher(page).click()
    page.clock.fast_forward(9000)

    expect(page.locator("policy-assistant")).to_contain_text(f"请管理员把 {office.origin} 加入允许嵌入的来源")
    page.locator("policy-assistant").get_by_role("button", name="关闭").click()
    expect(launcher(page)).to_be_focused()


def test_a_frame_that_is_late_takes_the_place_of_the_words_about_it(
    office: Office, serve_site: Any, open_page: Any
) -> None:
    held = Held()

    def slow(app: Any) -> Any:
        async def around(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http" and scope["path"] == "/widget":
                await held.opened()
            await app(scope, receive, send)

        return around

    office.service = serve_site([PLAN], ANSWER, embedders=(office.origin,), around=slow)
    page = open_page(office.origin, allowed=[office.service])
    page.clock.install()
    launcher(page).click()
    page.clock.fast_forward(9000)
    expect(page.locator("policy-assistant")).to_contain_text("没有打开")
    held.gate.set()
    expect(page.frame_locator("policy-assistant iframe").get_by_label("问题", exact=True)).to_be_focused()
    expect(page.locator("policy-assistant")).not_to_contain_text("没有打开")


class Guard:
    """The service behind a door: takes the tokens that the office gave out, each for so many requests."""

    def __init__(self, app: Any, office: Office, uses: int) -> None:
        self.app, self.office, self.uses = app, office, uses
        self.used: dict[str, int] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api"):
            token = dict(scope["headers"]).get(b"authorization", b"").decode().removeprefix("Bearer ")
            self.used[token] = self.used.get(token, 0) + 1
            if token not in self.office.tokens or self.used[token] > self.uses:
                fault = {"code": "invalid_api_key", "message": "没有权限", "advice": "请重新登录"}
                await JSONResponse({"error": fault}, status_code=401)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def test_tokens_come_from_the_page_around_and_are_renewed(office: Office, serve_site: Any, open_page: Any) -> None:
    office.attributes = 'data-token-url="/token"'
    office.service = serve_site(
        [PLAN], ANSWER, embedders=(office.origin,), around=lambda app: Guard(app, office, uses=3)
    )
    page = open_page(office.origin, allowed=[office.service])
    frame = page.frame_locator("policy-assistant iframe")
    launcher(page).click()
    frame.get_by_label("问题", exact=True).fill("绿道由谁牵头？")
    page.keyboard.press("Enter")
    expect(frame.locator(".said")).to_have_text("拟由市园林局牵头。1")
    frame.get_by_role("button", name="有用").click()
    expect(frame.get_by_text("已记下，谢谢。")).to_be_visible()
    assert len(office.tokens) == 2

    with page.context.expect_page() as opened:
        frame.locator(".cite").click()
        frame.get_by_role("dialog").get_by_role("link", name="查看原文").click()
    expect(opened.value.locator("mark")).to_have_text(FIRST.quote)


def test_with_real_keys_the_office_gets_tokens_and_the_page_asks_for_a_key(
    office: Office, serve_site: Any, open_page: Any
) -> None:
    """The whole way: the office's site trades its key for tokens of this page; whoever comes by hand types a key."""
    office.attributes = 'data-token-url="/token"'
    office.service, key = serve_site([PLAN], ANSWER, embedders=(office.origin,), keyed=True)

    example: dict[str, Any] = {}
    exec(blocks("python")[0], example)
    office.trade = lambda: example["assistant_token"](office.service, key, office.origin, "u-7")["token"]
    page = open_page(office.origin, allowed=[office.service])
    frame = page.frame_locator("policy-assistant iframe")
    launcher(page).click()
    frame.get_by_label("问题", exact=True).fill("绿道由谁牵头？")
    page.keyboard.press("Enter")
    expect(frame.locator(".said")).to_have_text("拟由市园林局牵头。1")
    assert all(token.startswith("pat_") for token in office.tokens)

    own = open_page(office.service)
    dialog = own.get_by_role("dialog", name="请输入访问密钥")
    dialog.get_by_label("访问密钥").fill("pak_wrong")
    own.keyboard.press("Enter")
    expect(dialog).to_contain_text("这个密钥不能用")
    dialog.get_by_label("访问密钥").fill(key)
    own.keyboard.press("Enter")
    expect(own.locator("document-list a")).to_have_text(PLAN.title)
    own.reload()
    expect(own.locator("document-list a")).to_have_text(PLAN.title)
    with own.context.expect_page() as opened:
        own.locator("document-list a").click()
    expect(opened.value.locator("#paper")).to_contain_text("拟由市园林局牵头修建绿道")


def test_without_a_token_the_chat_says_that_it_is_not_let_in(office: Office, serve_site: Any, open_page: Any) -> None:
    office.service = serve_site([PLAN], ANSWER, embedders=(office.origin,), around=lambda app: Guard(app, office, 9))
    page = open_page(office.origin, allowed=[office.service])
    frame = page.frame_locator("policy-assistant iframe")
    launcher(page).click()
    expect(frame.locator(".welcome")).to_contain_text("没有权限。请重新登录")


def test_only_the_page_around_is_heard_and_only_once(embed: Embed) -> None:
    page, frame = embed()
    launcher(page).click()
    expect(frame.locator(".suggestion").first).to_be_visible()

    page.evaluate("""() => document.querySelector("policy-assistant").shadowRoot.querySelector("iframe").contentWindow
        .postMessage({policyAssistant: "hello", title: "假冒", accent: "#ff0000"}, "*")""")
    frame.locator("body").evaluate("() => postMessage({policyAssistant: 'hello', title: '假冒'}, '*')")

    expect(frame.locator(".suggestion").first).to_be_visible()
    expect(frame.get_by_role("heading", name="政策文件问答")).to_be_visible()
