"""Tables of contents: lines that name what comes, and open no clause."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.structure.canonical import Line

MOST_CONTENTS = 400
"""Lines of a table of contents."""

_CONTENTS = re.compile(r"[.．…·]{4}[ 　]{0,9}[0-9]{1,4}$")
CONTENTS_TITLE = re.compile(r"目[ 　]{0,4}[录次]")


def is_contents(line: Line) -> bool:
    """A line of a table of contents: ends with leaders and a page number."""
    return bool(_CONTENTS.search(line.text[-40:]))


def contents_below(following: Sequence[Line]) -> int:
    """How many lines below 目录 list what comes: short ones, up to the one that stands there again; 0 for none."""
    first = re.sub(r"\s", "", following[0].text) if following else ""
    for position, line in enumerate(following[1:], 1):
        text = re.sub(r"\s", "", line.text)
        if text == first:
            return position
        if len(text) > 60 or "。" in text:
            return 0
    return 0
