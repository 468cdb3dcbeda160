"""Photograph a running service for the README: the page, the widget on a foreign page, a document, the ledger.

usage: ASSISTANT_WIDGET_ORIGINS=http://127.0.0.1:8099 assistant serve      (in another terminal)
       python docs/screenshot.py http://127.0.0.1:8000 [FOLDER]

Writes page.png, widget.png, document.png and ledger.png into FOLDER (default docs/images). Needs
the ``browser`` extra and Debian's chromium. The foreign page is served on port 8099 while the pictures are taken.
"""

from __future__ import annotations

import io
import shutil
import sys
import threading
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

FOREIGN_PORT = 8099
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
    """The document behind the first number, at its clause."""
    page.goto(service)
    ask(page, QUESTION)
    page.locator(".cite").first.click()
    with page.context.expect_page() as opened:
        page.get_by_role("dialog").get_by_role("link", name="查看原文").click()
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


PICTURES: dict[str, tuple[Callable[[Any, str], None], int]] = {  # with the height of the window
    "page": (talk, 800),
    "widget": (widget, 800),
    "document": (document, 800),
    "ledger": (ledger, 1240),
}
WIDTH = 1280


def photograph(service: str, folder: Path) -> None:
    """Write all pictures."""
    foreign = ThreadingHTTPServer(("127.0.0.1", FOREIGN_PORT), partial(ForeignPage, service))
    threading.Thread(target=foreign.serve_forever, daemon=True).start()
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        for name, (show, height) in PICTURES.items():
            context = browser.new_context(
                viewport={"width": WIDTH, "height": height}, locale="zh-CN", device_scale_factor=1.5
            )
            page = context.new_page()
            show(page, service)
            page.wait_for_timeout(400)  # hovering and scrolling come to rest
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.quantize(256, method=Image.Quantize.MEDIANCUT).save(folder / f"{name}.png", optimize=True)
            context.close()
        browser.close()
    foreign.shutdown()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    photograph(sys.argv[1].rstrip("/"), Path(sys.argv[2] if len(sys.argv) == 3 else "docs/images"))
