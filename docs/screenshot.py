"""Photograph a running service for the README: page, widget on a foreign page, document, ledger, WeCom, terminal.

usage: env $(python docs/screenshot.py --settings) assistant serve      (in another terminal)
       python docs/screenshot.py http://127.0.0.1:8000 [FOLDER]

Writes a .webp of each into FOLDER (default docs/images). Needs the extras ``browser`` and ``dev``, and Debian's
chromium. The foreign page is served on port 8099 while the pictures are taken. The WeCom conversation is what the
tests' player of WeCom gets from the service, its envelopes opened; the terminal shows what the command prints.
"""

from __future__ import annotations

import html
import io
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import sync_playwright

FOREIGN_PORT = 8099
SETTINGS = {
    "ASSISTANT_WIDGET_ORIGINS": f"http://127.0.0.1:{FOREIGN_PORT}",
    "ASSISTANT_PUBLIC_URL": "https://ask.example.gov.cn",
    "ASSISTANT_WECOM_ROBOT_TOKEN": "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo",  # of the vendor's public example
    "ASSISTANT_WECOM_ROBOT_AES_KEY": "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt",
}
MOST_BYTES = 150_000  # of a picture: who clones the repository gets them all
PATIENCE = 120_000  # milliseconds for a whole answer, a model's included
QUESTION = "碳纤维市域产教联合体由谁牵头？"
FOREIGN = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>办公系统</title><style>
  body {{ margin: 0; background: #eef1f4; font: 15px/1.6 system-ui, sans-serif; color: #223; }}
  header {{ padding: 14px 28px; background: #8a1f2d; color: #fff; font-weight: 600; }}
  main {{ margin: 24px 28px; padding: 20px 28px; background: #fff; }}
  h1 {{ margin: 0 0 12px; font-size: 19px; }} label {{ display: grid; margin-bottom: 12px; color: #556; }}
  input, textarea {{ padding: 7px; border: 1px solid #bbb; font: inherit; }} button {{ padding: 7px 24px; }}
</style></head><body><header>市政务办公系统 · 督办登记</header><main><h1>督办事项登记</h1><form>
  <label>事项名称<input value="碳纤维市域产教联合体建设"></label><label>牵头单位<input></label>
  <label>配合单位<input></label><label>完成时限<input></label><label>进展说明<textarea rows="8"></textarea></label>
  <button type="button">暂存</button> <button type="button">提交</button></form></main>
  <script src="{service}/widget.js" data-title="政策助手" data-accent="#8a1f2d"></script></body></html>"""


CHAT = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><style>
  body { margin: 0; background: #ededed; font: 15px/1.65 system-ui, "Noto Sans CJK SC", sans-serif; color: #222; }
  header { padding: 12px 16px; background: #f7f7f7; font-weight: 600; text-align: center }
  p { white-space: pre-wrap; margin: 14px 16px; padding: 10px 14px; border-radius: 6px; max-width: 82%%;
      width: fit-content; overflow-wrap: anywhere; background: #fff; }
  p.me { margin-left: auto; background: #cbe6ff; } a { color: #2a63a8 }
</style></head><body><header>政策助手</header>%s</body></html>"""
SCREEN = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><style>
  @font-face { font-family: rules; src: local("DejaVu Sans Mono"); unicode-range: U+2014, U+2500-257F;
    size-adjust: 83%%; }
  body { margin: 0; padding: 20px 24px; background: #14181f; color: #dfe5ec; }
  pre { margin: 0; font: 15px/1.6 rules, "Noto Sans Mono CJK SC", monospace; white-space: pre-wrap; }
  b { color: #8fd3a5; font-weight: 400 }
</style></head><body><pre>%s</pre></body></html>"""
LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)]+)\)")


class ForeignPage(BaseHTTPRequestHandler):
    """An office's page with the widget of this service."""

    def __init__(self, service: str, *rest: Any) -> None:
        self.service = service
        super().__init__(*rest)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(FOREIGN.format(service=self.service).encode())

    def log_message(self, *_: Any) -> None:
        """Nothing: the terminal is for the pictures."""


def ask(place: Any, question: str) -> None:
    """Ask on a page or in a frame; raises playwright's TimeoutError where the answer does not come."""
    box = place.get_by_label("问题", exact=True)
    box.fill(question)
    box.press("Enter")
    place.locator(".exchange:last-child .answer[aria-busy=false]").wait_for(timeout=PATIENCE)
    if place.locator(".fault").count():
        sys.exit(f"the service could not answer: {place.locator('.fault').first.inner_text()}")


def talk(page: Any, service: str) -> None:
    """An answer with the clause behind its first number."""
    page.goto(service)
    page.locator("document-list a").first.wait_for(state="attached")
    ask(page, QUESTION)
    page.locator(".cite").first.click()


def document(page: Any, service: str) -> None:
    """The document of a source in a PDF, at its clause, its page beside it."""
    page.goto(service)
    ask(page, QUESTION)
    paged = page.locator("#evidence .source", has_text=re.compile("第[0-9]+页")).first
    with page.context.expect_page() as opened:
        paged.get_by_role("link", name="查看原文").click()
    page.goto("about:blank")
    page.goto(opened.value.url)
    page.locator("mark").wait_for()
    see = page.get_by_role("button", name="对照原页")
    if see.count():
        see.click()
        page.locator(".pages img[src]").wait_for()


def widget(page: Any, service: str) -> None:
    """The widget on a page of another origin."""
    page.goto(f"http://127.0.0.1:{FOREIGN_PORT}/")
    page.locator("policy-assistant").get_by_role("button").click()
    ask(page.frame_locator("policy-assistant iframe"), QUESTION)


def ledger(page: Any, service: str) -> None:
    """The ledger of one unit."""
    page.goto(f"{service}/ledger?unit=市教育局")
    page.locator("#body tr").first.wait_for()


def wecom(page: Any, service: str) -> None:
    """A talk with the robot, as WeCom got it."""
    from tests.wecom.peer import Robot

    told = []
    with httpx.Client(base_url=service, timeout=60) as client:
        robot = Robot(client, user="zhang-" + os.urandom(4).hex())
        welcome = robot.opened(robot.post(robot.message("event", event={"eventtype": "enter_chat"})))
        assert welcome is not None
        told.append(f"<p>{html.escape(welcome['text']['content'])}</p>")
        for question in (QUESTION, "/来源 1"):
            told.append(f'<p class="me">{html.escape(question)}</p>')
            told.append(f"<p>{LINK.sub(_link, html.escape(robot.ask(question)))}</p>")
    page.set_content(CHAT % "".join(told))


def _link(match: re.Match[str]) -> str:
    return f'<a href="{match[2]}">{match[1]}</a>'


def terminal(page: Any, service: str) -> None:
    """Two commands and what they print, colours left out."""
    command = str(Path(sys.executable).with_name("assistant"))
    said = []
    for arguments in (["ledger", "--lead", "市人社局"], ["ask", QUESTION]):
        run = subprocess.run(  # noqa: S603
            [command, "--server", service, *arguments],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "COLUMNS": "120"},
        )
        said.append(f"<b>$ assistant {html.escape(' '.join(arguments))}</b>\n{html.escape(run.stdout)}")
    page.set_content(SCREEN % "\n".join(said))


PICTURES: dict[str, tuple[Callable[[Any, str], None], int, int]] = {  # with the size of the window
    "page": (talk, 1280, 800),
    "widget": (widget, 1280, 800),
    "document": (document, 1280, 800),
    "ledger": (ledger, 1280, 1100),
    "wecom": (wecom, 480, 860),
    "terminal": (terminal, 1000, 860),
}


def photograph(service: str, folder: Path) -> None:
    """Write all pictures."""
    foreign = ThreadingHTTPServer(("127.0.0.1", FOREIGN_PORT), partial(ForeignPage, service))
    threading.Thread(target=foreign.serve_forever, daemon=True).start()
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        for name, (show, width, height) in PICTURES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height}, locale="zh-CN", device_scale_factor=1.5
            )
            page = context.new_page()
            show(page, service)
            page.wait_for_timeout(400)  # hovering and scrolling come to rest
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            for quality in (80, 70, 60, 50, 40):
                picture.save(file := folder / f"{name}.webp", quality=quality, method=6)
                if file.stat().st_size <= MOST_BYTES:
                    break
            context.close()
        browser.close()
    foreign.shutdown()


if __name__ == "__main__":
    if sys.argv[1:] == ["--settings"]:
        sys.stdout.write(" ".join(f"{name}={value}" for name, value in SETTINGS.items()))
        sys.exit()
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests' player of WeCom
    photograph(sys.argv[1].rstrip("/"), Path(sys.argv[2] if len(sys.argv) == 3 else "docs/images"))
