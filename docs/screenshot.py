"""Photograph the chat page of a running service while it answers.

usage: python docs/screenshot.py URL QUESTION [FILE]

Asks the question on the page at URL, opens the first source, and writes FILE (default docs/images/page.png). Needs
the ``browser`` extra and Debian's chromium.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTH, HEIGHT, DENSITY = 1280, 800, 2
PATIENCE = 120_000  # milliseconds for a whole answer, a model's included


def photograph(url: str, question: str, target: Path) -> None:
    """Write the picture. Raises playwright's TimeoutError where the answer does not come."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=DENSITY, locale="zh-CN"
        )
        page.goto(url)
        page.locator("#documents a").first.wait_for()
        page.get_by_label("问题", exact=True).fill(question)
        page.keyboard.press("Enter")
        page.locator(".answer[aria-busy=false]").wait_for(timeout=PATIENCE)
        if page.locator(".fault").count():
            sys.exit(f"the service could not answer: {page.locator('.fault').first.inner_text()}")
        if page.locator(".cite").count():
            page.locator(".cite").first.click()
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    photograph(sys.argv[1], sys.argv[2], Path(sys.argv[3] if len(sys.argv) == 4 else "docs/images/page.png"))
