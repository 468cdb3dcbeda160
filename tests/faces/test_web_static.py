"""The files behind the pages: how much a browser has to load."""

from __future__ import annotations

import gzip
import re

from assistant.faces.web.pages import STATIC

LIMIT = 40 * 1024  # bytes, compressed


def test_chat_and_widget_stay_small() -> None:
    """All that the page and the widget load, without what other pages and the administrators' dialog load."""
    others = re.compile(r"ledger.*|(?:document|paper|tables|about|pages|uploads|desk)\.(?:js|css|html)")
    files = [path for path in STATIC.rglob("*") if path.is_file() and not others.fullmatch(path.name)]
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in files}
    assert {"page.js", "frame.js", "widget.js", "chat.css"} <= set(sizes)
    assert sum(sizes.values()) < LIMIT, sizes
