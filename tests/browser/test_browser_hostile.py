"""Markup, scripts and tricks of text in every place that others write: all of it is shown as text, nothing runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.domain.dialogue import Commitment, Deadline, Status
from tests.fakes.asker import script
from tests.fakes.shelf import cite, document

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: browser)")
expect = sync_api.expect
Open = Callable[..., Any]

# RUN tells that it ran: by a dialog (which fails the test by itself) and by a mark on the window.
RUN = "alert(top.ran=1)"
_ELEMENTS = (
    "<script>{0}</script>", "<SCRIPT SRC=//outside.example/x.js></SCRIPT>", "<scr<script>ipt>{0}</script>",
    "<script\n>{0}</script\n>", "<script/x>{0}</script>", "<svg><script>{0}</script></svg>", "<svg onload={0}>",
    "<svg/onload={0}//", "<img src=x onerror={0}>", "<img src=x onerror='{0}'>", '<img src=x onerror="{0}">',
    "<img src=`x` onerror={0}>", "<img/src/onerror={0}>", "<IMG SRC=javascript:{0}>", "<img src=x:x onerror={0}//>",
    "<body onload={0}>", "<body onpageshow={0}>", "<iframe src=javascript:{0}>",
    "<iframe srcdoc='<script>{0}</script>'>", "<iframe onload={0}>", '"><iframe src="https://outside.example/">',
    "<object data=javascript:{0}>", "<object data='data:text/html,<script>{0}</script>'>",
    "<embed src=javascript:{0}>", "<a href=javascript:{0}>x</a>", "<a href=' javascript:{0}'>x</a>",
    "<a href='java\tscript:{0}'>x</a>", "<a href='data:text/html,{0}'>x</a>", "<a href='//outside.example'>x</a>",
    "<base href=https://outside.example/>", "<base target=_parent>",
    "<meta http-equiv=refresh content='0;url=javascript:{0}'>",
    "<meta http-equiv=refresh content='0;//outside.example'>", "<link rel=stylesheet href=//outside.example/x.css>",
    "<link rel=import href=//outside.example>", "<style>@import '//outside.example'</style>",
    "<style>*{{background:url(//outside.example/x)}}</style>", "<style onload={0}></style>",
    "<form action=javascript:{0}><button>", "<form><button formaction=javascript:{0}>x",
    "<input autofocus onfocus={0}>", "<input type=image src=x onerror={0}>", "<select autofocus onfocus={0}>",
    "<textarea autofocus onfocus={0}>", "<keygen autofocus onfocus={0}>", "<video src=x onerror={0}>",
    "<video><source onerror={0}></video>", "<audio src=x onerror={0}>", "<details open ontoggle={0}>",
    "<marquee onstart={0}>", "<math><a xlink:href=javascript:{0}>x",
    "<math><mtext><script>{0}</script></mtext></math>", "<table background=javascript:{0}>",
    "<td background=//outside.example/x>", "<div style='background:url(javascript:{0})'>",
    "<div style=width:expression({0})>", "<div onmouseover={0} style=position:fixed;inset:0>x</div>",
    "<p onpointerrawupdate={0}>x", "<dialog open onclose={0}>", "<template><script>{0}</script></template>",
    "<noscript><p title='</noscript><img src=x onerror={0}>'>", "<xmp><img src=x onerror={0}></xmp>",
    "<plaintext><script>{0}</script>", "<title></title><script>{0}</script>",
    "<textarea></textarea><script>{0}</script>", "<custom-element onfocus={0} tabindex=1 autofocus>",
    "<slot onslotchange={0}>", "<animate onbegin={0}>", "<svg><animate onbegin={0} attributeName=x dur=1s>",
    "<svg><set attributeName=href to=javascript:{0}>", "<svg><use href='data:image/svg+xml,<svg onload={0}>'>",
    "<svg><foreignObject><iframe onload={0}>", "<svg><style><img src=x onerror={0}></style>",
    "<portal src=javascript:{0}>", "<frameset onload={0}>", "<applet code={0}>",
    "<isindex action=javascript:{0} type=image>", "<bgsound src=javascript:{0}>",
)  # fmt: skip
_BREAKERS = (
    "'><script>{0}</script>", '"><script>{0}</script>', "--><script>{0}</script>", "]]><script>{0}</script>",
    "</script><script>{0}</script>", "</title><script>{0}</script>", "</textarea><script>{0}</script>",
    "\\u003cscript\\u003e{0}\\u003c/script\\u003e", "&lt;script&gt;{0}&lt;/script&gt;",
    "&#60;script&#62;{0}&#60;/script&#62;", "%3Cscript%3E{0}%3C/script%3E", "<![CDATA[<script>{0}</script>]]>",
    "<!--[if IE]><script>{0}</script><![endif]-->", "<?xml version='1.0'?><script>{0}</script>",
    "＜script＞{0}＜/script＞", "<ſcript>{0}</ſcript>", "' onmouseover='{0}", '" autofocus onfocus="{0}',
    "` onload=`{0}", "javascript:{0}", "data:text/html,<script>{0}</script>", "vbscript:{0}", "[x](javascript:{0})",
    "![x](javascript:{0})", "[x]: javascript:{0}", "<javascript:{0}>", "[400](https://outside.example)",
    "{{{{constructor.constructor('{0}')()}}}}", "${{{0}}}", "#{{{0}}}", "<%= {0} %>", "{{% {0} %}}", "__proto__",
    "constructor", "\u202e<script>{0}</script>", "\u200b<script>{0}</script>", "=cmd|' /C calc'!A0",
    "@SUM(1+1)*{0}", "+{0}", "-{0}", "</p></div></li></ol></main><script>{0}</script>",
)  # fmt: skip
PAYLOADS = [payload.format(RUN) for payload in (*_ELEMENTS, *_BREAKERS)]
HOSTILE = document(
    "方案<img src=x onerror=alert(1)>",
    *((f"{n}<b>", f"{n}.", 1, f"{n}. 任务{' '.join(payload.split())}完") for n, payload in enumerate(PAYLOADS)),
    source="<svg onload=alert(1)>.txt",
    fields={},
)
# What pages may hold, and what none of these texts may add to them.
FOREIGN = """() => {
  const bad = [...document.querySelectorAll(
    "script:not([src^='/static/']), link:not([href^='/static/']), iframe, object, embed, base, style, form[action],"
    + "meta[http-equiv], img, svg, video, audio, math, template",
  )].map((node) => node.outerHTML.slice(0, 80));
  for (const node of document.querySelectorAll("*")) {
    for (const { name } of node.attributes) if (/^on/i.test(name)) bad.push(`${node.tagName} ${name}`);
    const href = node.getAttribute("href");
    if (href && !/^[/#]/.test(href)) bad.push(`href ${href}`);
  }
  if (window.ran) bad.push("something ran");
  return bad;
}"""


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) >= 115


def test_nothing_runs_in_answers_tables_citations_and_history(open_site: Open) -> None:
    quotes = [cite(n + 1, HOSTILE, " ".join(payload.split())) for n, payload in enumerate(PAYLOADS)]
    rows = [
        Commitment(
            payload, (payload,), (payload,), payload, deadline=Deadline(payload), status=Status("planned", payload)
        )
        for payload in PAYLOADS
    ]
    sentences = [f"{payload}。[{n + 1}]\n" for n, payload in enumerate(PAYLOADS)]
    steps = script(*sentences, citations=quotes, commitments=rows, model=PAYLOADS[0], notices=PAYLOADS)
    page = open_site([HOSTILE], steps)

    question = " ".join("".join(PAYLOADS).split())[:1900]
    page.get_by_label("问题", exact=True).fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".answer[aria-busy=false]")).to_have_count(1)
    page.get_by_role("button", name="显示其余").click()
    page.get_by_text("逐项原文").click()

    expect(page.locator(".asked")).to_have_text(question)
    expect(page.locator(".said .cite")).to_have_count(len(PAYLOADS))
    said = page.locator(".said").evaluate("node => node.textContent")
    assert [payload for payload in PAYLOADS if payload.replace("\n", "") not in said] == []
    assert page.locator(".table tbody tr").count() == len(PAYLOADS)
    page.locator(".said .cite").first.click()
    expect(page.get_by_role("dialog").locator("blockquote")).to_have_text(quotes[0].quote)
    assert page.evaluate(FOREIGN) == []

    page.reload()
    expect(page.locator(".asked")).to_have_text(question)
    expect(page.locator("#history .name")).to_have_count(1)
    expect(page.locator("document-list a")).to_have_text(HOSTILE.title)
    assert page.evaluate(FOREIGN) == []
    assert page.title() == "政策文件问答"


def test_nothing_runs_in_a_document(open_site: Open) -> None:
    page = open_site([HOSTILE], [], cite(1, HOSTILE, " ".join(PAYLOADS[60].split())).url)

    expect(page.locator("mark")).to_have_text(" ".join(PAYLOADS[60].split()))
    text = page.locator("#paper").evaluate("node => node.textContent")
    assert [p for p in PAYLOADS if " ".join(p.split()) not in text] == []
    expect(page.locator("#about")).to_contain_text(HOSTILE.source)
    page.mouse.move(600, 400)
    page.mouse.wheel(0, 3000)
    assert page.evaluate(FOREIGN) == []


def test_titles_and_file_names_are_text_in_the_list(open_site: Open) -> None:
    held = [
        document(f"{n} {' '.join(payload.split())}", ("一", "一、", 1, f"一、{n}。"), source=f"{payload}.txt")
        for n, payload in enumerate(PAYLOADS)
    ]
    page = open_site(held, [])
    page.get_by_role("button", name="显示更多").click()

    expect(page.locator("document-list a")).to_have_count(len(PAYLOADS))
    titles = page.locator("document-list a").all_text_contents()
    assert sorted(titles) == sorted(info.title for info in held)
    assert page.evaluate(FOREIGN) == []
    page.goto(f"{page.url}documents/{held[3].id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(held[3].title)
    assert page.evaluate(FOREIGN) == []
    assert page.title() == f"{held[3].title} · 政策文件问答"
