"""The files behind the pages: how much a browser has to load."""

from __future__ import annotations

import gzip

from assistant.faces.web.pages import STATIC


def test_chat_and_widget_stay_small() -> None:
    """The bar: all that the page and the widget load, compressed, without the ledger's and the document's own part."""
    own = {"ledger.js", "ledger.css", "ledger.html", "document.js", "document.css", "document.html"}
    files = [path for path in STATIC.rglob("*") if path.is_file() and path.name not in own]
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in files}
    assert sum(sizes.values()) < 40_000, sizes
