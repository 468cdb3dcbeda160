"""Runs to lines, lines to paragraphs: the order in which a page is read."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.formats.lines import Line
from ingest.formats.ofd.glyphs import Run
from ingest.formats.spaces import clean

_NEAR = 12  # lines back among which the line of a run is looked for


@dataclass(frozen=True, slots=True)
class Printed:
    """A line as it stands on a page; lengths in millimetres."""

    text: str
    start: float
    end: float
    base: float
    size: float
    angle: int


@dataclass(slots=True)
class _Row:
    """A line in the making; ``base`` and ``size`` are those of its largest run."""

    runs: list[Run]
    base: float
    size: float


def printed_lines(runs: Iterable[Run]) -> list[Printed]:
    """Lines from top to bottom, runs of one line from left to right; turned text after the upright, by its angle."""
    turned: defaultdict[int, list[Run]] = defaultdict(list)
    for run in runs:
        turned[run.angle].append(run)
    found = []
    for angle in sorted(turned, key=lambda a: (a != 0, abs(a), a)):
        found += [line for row in _rows(turned[angle]) if (line := _printed(row, angle)).text]
    return found


def _rows(runs: Sequence[Run]) -> list[_Row]:
    rows: list[_Row] = []
    for run in sorted(runs, key=lambda r: (r.base, r.start)):
        row = next((row for row in reversed(rows[-_NEAR:]) if _beside(row, run)), None)
        if row is None:
            rows.append(_Row([run], run.base, run.size))
            continue
        row.runs.append(run)
        if run.size > row.size:
            row.base, row.size = run.base, run.size
    return sorted(rows, key=lambda row: row.base)


def _beside(row: _Row, run: Run) -> bool:
    """Whether half of the lower of the two stands beside the other; raised and lowered marks do."""
    top, bottom = (
        max(row.base - 0.85 * row.size, run.base - 0.85 * run.size),
        min(row.base + 0.15 * row.size, run.base + 0.15 * run.size),
    )
    return bottom - top >= 0.5 * min(row.size, run.size)


def _printed(row: _Row, angle: int) -> Printed:
    runs: list[Run] = []
    for run in sorted(row.runs, key=lambda r: (r.start, r.base)):
        if not any(_same(run, other) for other in runs[-4:]):
            runs.append(run)
    text, last = "", None
    for run in runs:
        if last is not None and _parted(last, run):
            text += " "
        text += run.text
        last = run
    weights: Counter[float] = Counter()
    for run in runs:
        weights[round(run.size, 2)] += len(run.text)
    size = max(weights, key=lambda s: (weights[s], s))
    return Printed(clean(text), runs[0].start, max(run.end for run in runs), row.base, size, angle)


def _same(run: Run, other: Run) -> bool:
    """The same text drawn again a trifle aside, which makes it bold, or in the template and on the page."""
    near = 0.35 * run.size
    return run.text == other.text and abs(run.start - other.start) < near and abs(run.base - other.base) < near


def _parted(left: Run, right: Run) -> bool:
    size = max(left.size, right.size)
    before, after = left.text[-1], right.text[0]
    words = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
    return right.start - left.end > (0.35 if words else 0.6) * size or left.upright != right.upright


def columned(pages: Sequence[tuple[int, list[Printed]]]) -> list[list[Line]]:
    """Pages of lines in columns as wide as half a character of the body, for :mod:`ingest.formats.lines`."""
    lines = [line for _, page in pages for line in page]
    if not lines:
        return [[] for _ in pages]
    column = _usual_size(lines) / 2
    pitch = _usual_pitch([page for _, page in pages])
    found = []
    for number, page in pages:
        placed: list[Line] = []
        last: Printed | None = None
        for line in page:
            turned = last is not None and last.angle != line.angle
            gap = last is None or turned or line.base - last.base > 1.5 * pitch
            width = round((line.end - line.start) / column)
            placed.append(Line(line.text, round(line.start / column), number, gap, width, line.size))
            last = line
        found.append(placed)
    return found


def _usual_size(lines: Iterable[Printed]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return max(max(sizes, key=lambda s: (sizes[s], s)), 0.1)


def _usual_pitch(pages: Sequence[Sequence[Printed]]) -> float:
    """The distance of two lines of a paragraph; lines of forms stand at all distances."""
    steps = [
        below.base - above.base
        for page in pages
        for above, below in pairwise(page)
        if above.angle == below.angle and below.base > above.base
    ]
    return statistics.median(steps) if steps else 0.0


def without_watermarks(pages: Sequence[list[Printed]]) -> tuple[list[list[Printed]], int]:
    """Pages without slanting lines that stand on most of them, and how many such lines there were."""
    slanting = Counter(text for page in pages for text in {line.text for line in page if line.angle % 90})
    needed = max(2, (len(pages) + 1) // 2)
    marks = {text for text, count in slanting.items() if count >= needed}
    kept = [[line for line in page if not (line.angle % 90 and line.text in marks)] for page in pages]
    return kept, sum(len(page) for page in pages) - sum(len(page) for page in kept)


def shown(runs: Sequence[Run]) -> tuple[list[Run], int]:
    """The runs that a reader sees, and how many characters he does not.

    Where more lies hidden than is shown, it is what was recognised on the picture of a scanned page: it is taken.
    """
    hidden = sum(len(run.text) for run in runs if run.hidden)
    if hidden > sum(len(run.text) for run in runs if not run.hidden):
        return list(runs), 0
    return [run for run in runs if not run.hidden], hidden
