"""Troubles of the pages of a file, told as a reader would tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.formats.model import Trouble


def page_of(trouble: Trouble) -> int:
    """The page that a trouble is placed at; 0 for one of the whole file."""
    match = re.fullmatch(r"第(\d+)页", trouble.place)
    return int(match[1]) if match else 0


def merged(troubles: Sequence[Trouble]) -> Iterator[Trouble]:
    """One trouble for the pages in a row that have the same one, in the order of the pages."""
    runs: list[tuple[int, int, Trouble]] = []  # first page, last page
    open_runs: dict[tuple[str, bool], int] = {}
    for trouble in troubles:
        page = page_of(trouble)
        key = trouble.reason, trouble.lost
        position = open_runs.get(key)
        if page and position is not None and runs[position][1] == page - 1:
            runs[position] = (runs[position][0], page, trouble)
            continue
        open_runs[key] = len(runs)
        runs.append((page, page, trouble))
    for first, last, trouble in runs:
        yield Trouble(f"第{first}–{last}页", trouble.reason, trouble.lost) if first < last else trouble
