"""A long text in one cell as paragraphs: forms on the web flatten line ends, and copies from print break lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.formats.model import Block, BlockKind
from ingest.formats.spaces import clean, join
from ingest.structure.markers import marker_at

#: What the parts of a proposal are called on the forms of several 政协; each opens a section.
SECTIONS = ("调研情况", "问题分析", "具体建议")

_LONGEST_HEADING = 45
_SHORTEST_BROKEN = 16  # characters of a line that print has broken; shorter ones end by themselves
_FLATTENED = re.compile(r"(?<=[。！？；：:])[ \t\xa0\u3000]{2,}(?=\S)")
_INDENT = re.compile(r"[ \t\xa0\u3000]{2,}")
_ENDS = tuple("。！？；：:;!?…”」）)")


def prose(text: str, sections: Sequence[str] = SECTIONS) -> list[Block]:
    """The paragraphs of a cell. Nothing but white space is dropped.

    A line goes on in the next where it ends without a stop, is no heading, and the next opens with neither an indent
    nor a marker (一、). Two or more blanks after a stop are the indent of a new paragraph. “问题分析：” after a stop
    opens a section.
    """
    blocks: list[Block] = []
    for paragraph in _joined(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        for piece in _FLATTENED.split(paragraph):
            blocks += _sectioned(piece, sections)
    return blocks


def _joined(lines: Sequence[str]) -> Iterator[str]:
    held = ""
    for line in lines:
        bare = line.strip()
        if not bare:
            continue
        if held and _goes_on(held, line):
            held = join(held, bare)
            continue
        if held:
            yield held
        held = bare
    if held:
        yield held


def _goes_on(held: str, line: str) -> bool:
    if held.endswith(_ENDS) or len(held) < _SHORTEST_BROKEN or _INDENT.match(line) or marker_at(line.strip()):
        return False
    return not (len(held) <= _LONGEST_HEADING and marker_at(held) and not re.search("[。，]", held))


def _sectioned(paragraph: str, sections: Sequence[str]) -> Iterator[Block]:
    position = 0
    if sections:
        names = "|".join(re.escape(s) for s in sections)
        for match in re.finditer(rf"(?:^|(?<=[。！？；\s]))({names})[：:]", paragraph):
            yield from _plain(paragraph[position : match.start()])
            yield Block(match.group(), BlockKind.HEADING, level=2)
            position = match.end()
    yield from _plain(paragraph[position:])


def _plain(text: str) -> Iterator[Block]:
    if shown := clean(text):
        yield Block(shown)
