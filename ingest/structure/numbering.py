"""The numbers of a part as they have come so far, and whether one more goes on from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.formats.model import BlockKind
from ingest.structure.canonical import Line
from ingest.structure.markers import OUTLINES, Marker, Rank, inline_markers, marker_at

_FIRST_OF_OUTLINE = re.compile("1[.．]1[^0-9]")


class Numbering:
    """Judges the markers that open lines: by their sequence where the shape alone is weak."""

    def __init__(self, body: Sequence[Line]) -> None:
        self.outlined = any(_FIRST_OF_OUTLINE.match(line.text) for line in body)
        self._last: dict[Rank, int] = {}
        self._outline: dict[str, int] = {}  # by what is above them, the last of its decimal numbers

    @property
    def begun(self) -> bool:
        """Whether a number has come since the last heading without one."""
        return bool(self._last)

    def opened(self, marker: Marker) -> None:
        """A clause was opened by a marker."""
        self._last[marker.rank] = marker.number
        if marker.above:
            self._outline[marker.above] = marker.number

    def restart(self) -> None:
        """A heading without a number has come: numbers below it begin anew."""
        self._last.clear()

    def accepts(
        self, marker: Marker, line: Line, following: Sequence[Line], above: Iterable[tuple[Rank | None, int, str]]
    ) -> bool:
        """Whether the marker of a line opens a clause.

        ``above`` are the open clauses from the outermost on: rank, number and step of each.
        """
        above = tuple(above)
        if marker.rank in OUTLINES:
            return self._goes_on(marker, line, {step for _, _, step in above})
        if marker.rank <= Rank.ARTICLE or line.kind == BlockKind.HEADING:
            return True
        bare = marker.label.strip().isdecimal()
        if bare and not self.outlined:
            return False  # 1 总则 is a heading where 1.1 stands below it; elsewhere it may be a row of figures
        same = next((number for rank, number, _ in reversed(above) if rank == marker.rank), None)
        before = same if same is not None else self._last.get(marker.rank)
        goes_on = before is not None and 1 <= marker.number - before <= 2
        if not marker.sure:
            if marker.number == 1 and marker.rank in (Rank.SPOKEN, Rank.LETTER):
                return _has_second(line.text, marker, following)
            return (bare and marker.number == 1) or (goes_on and marker.number - (before or 0) == 1)
        if marker.number == 1 or goes_on:
            return True
        if marker.rank in (Rank.FIRST, Rank.SECOND):
            # An extract may begin anywhere, and numbering errors repeat a number.
            return before is None or marker.number == before
        return False

    def _goes_on(self, marker: Marker, line: Line, steps: set[str]) -> bool:
        """Whether a decimal number follows another, or opens below the number that it begins with."""
        before = self._outline.get(marker.above)
        if before is not None:
            return 1 <= marker.number - before <= 2
        known = marker.above in steps or bool(self._outline) or line.kind == BlockKind.HEADING
        return marker.number == 1 and (known or marker.above == "1")


def _has_second(text: str, marker: Marker, following: Sequence[Line]) -> bool:
    if any(m.rank == marker.rank for m in inline_markers(text, marker)):
        return True
    second = marker_at(following[0].text) if following else None
    return second is not None and second.rank == marker.rank and second.number == marker.number + 1
