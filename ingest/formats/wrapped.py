"""Lines that a program broke at a fixed width, as old exports and mails have them, back to paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.formats.spaces import display_width, join

_NARROWEST, _WIDEST = 36, 100  # columns at which lines are broken; a Chinese character takes two
_SLACK = 4  # columns that a full line may lack: a character that did not fit, or a mark that hangs over the edge
_LEAST = 2  # breaks within a sentence that show that lines are broken at all
_SENTENCE_END = "。！？；：!?;:"
_OPENS = re.compile(
    r"[（(][一二三四五六七八九十0-9０-９]{1,3}[）)]|[一二三四五六七八九十]{1,3}[、.．]|[0-9０-９]{1,2}[、.．](?![0-9])"
    r"|第[一二三四五六七八九十百零0-9]{1,5}[编章节条]|[①-⑳]|附件|抄送|[-*·•>|│┃]|[㐀-鿿]{2,6}[：:]"
)


def unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines with those joined that are one paragraph; as they are where nothing shows that lines were broken.

    Shown it is where no line is wider than a page, and several full ones end within a sentence that the next line, at
    the margin, goes on with. Then a full line goes on in the next unless that is indented, blank, or opens an item.
    """
    if max(map(len, lines), default=0) > _WIDEST:
        return list(lines)
    widths = [display_width(line.rstrip()) for line in lines]
    edge = max(widths, default=0)
    if not _NARROWEST <= edge <= _WIDEST:
        return list(lines)
    full = [edge - width <= _SLACK for width in widths]
    inside = [
        position
        for position, (line, following) in enumerate(pairwise(lines))
        if full[position] and _at_margin(following) and line.rstrip()[-1] not in _SENTENCE_END
    ]
    # Tables and verses have full lines too: of those that could go on, most must end within a sentence.
    if len(inside) < _LEAST or 3 * len(inside) < sum(full):
        return list(lines)
    # Where paragraphs are indented a full line that ends a sentence goes on as well.
    indented = sum(1 for i in inside if lines[i][:1].isspace()) > 0
    found: list[list[str]] = []
    goes_on = False
    for line, is_full in zip(lines, full, strict=True):
        if goes_on and _at_margin(line):
            gap = join(found[-1][-1].rstrip()[-1], line[0])[1:-1]  # a space between words
            found[-1] += (gap, line)
        else:
            found.append([line])
        goes_on = is_full and (indented or line.rstrip()[-1] not in _SENTENCE_END)
    return [run[0] if len(run) == 1 else "".join(part.rstrip() or part for part in run) for run in found]


def _at_margin(line: str) -> bool:
    return bool(line.strip()) and not line[0].isspace() and not _OPENS.match(line)
