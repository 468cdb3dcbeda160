"""What a text must be before any engine sees it."""

from __future__ import annotations

import re

# The package's C engine ends a text at NUL and cannot encode lone surrogates; JSON bodies may not carry them either.
_UNENCODABLE = re.compile("[\x00\ud800-\udfff]+")

BLANK = "。"
"""Stands for a text with nothing in it: endpoints refuse empty input, and every text needs a unit vector."""


def clean(text: str) -> str:
    """``text`` without outer white space, with NUL and lone surrogates as spaces; :data:`BLANK` if nothing is left."""
    return _UNENCODABLE.sub(" ", text).strip() or BLANK
