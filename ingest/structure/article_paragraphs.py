"""Paragraphs of an article (款): which lines without a marker begin one, and what the first of several is called.

A 款 is a paragraph of an article and bears no number (立法法: 款不编序号). What announces items and the items are one
款; a paragraph after the items is the next. A miscounted 款 is a wrong address for all that follow, so that a line
begins one only where the text before it has ended and the line reads as a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from ingest.formats.model import BlockKind
from ingest.structure import roles
from ingest.structure.canonical import Line
from ingest.structure.drafts import Draft
from ingest.structure.markers import Rank, marker_at

FIRST = "第一款"
MOST = 99  # 款 of an article that nothing parts; it is read as one, and what has more is no article
_ENDED = re.compile("(?:[。！？!?…]|[。！？!?；;：:，,、]?[”’』」》]|[。！？!?][）)])$")
_GOES_ON = tuple("：:；;，,、")
# What only a 款 begins with, whatever became of the full stop before it.
_OPENS = re.compile(
    "[有对违依因]?(?:反|照|据|按照?)?(?:前[一二两三四五]?款|本条(?:第[一二三四五]款|所称|规定)|本法所称)"
)
# A wrapped line goes on with these; an unnumbered list and a note are none of an article's sentences.
_BESIDE = re.compile(
    r"[，。；：、！？）》”’]|[-*•·●○◆■※▪➢]|(?:备?注|说明|来源|责任编辑|编辑|作者|附(?:件|表|图)?)[：:]"
)
_ANNOUNCES = re.compile("(?:下列|以下|如下|含义|包括|分为|是指|为)[^。；]{0,12}[：:]$")
_QUOTED = re.compile("[“「『]")
_AHEAD = 40  # lines below among which the next item is looked for
_TITLE = 20  # characters up to which what stands beside an article's number, without a mark, is its title
_WRAPS = 20  # characters from which a line that does not end may be broken
_LONG = 25  # characters from which a line is a sentence though it has lost its full stop
_SENTENCE = re.compile("，|应当|不得|可以|必须")


def is_title(text: str) -> bool:
    """Whether what stands beside the number of an article is nothing, or its title (第三条　【登记机关】)."""
    return len(text) <= _TITLE and not re.search("[。；：！？，;:!?]", text)


def goes_on(line: Line, before: Line, *, items: bool, listed: bool = False) -> bool:
    """Whether a line without a marker belongs to the clause before it; if not, it begins the next 款.

    ``before`` is the line above, ``items`` whether that is an item or below one, ``listed`` whether it stands in a list
    without numbers.
    """
    text = line.text
    if before.kind is BlockKind.TABLE_ROW:
        return False
    if _OPENS.match(text):
        return False
    marker = marker_at(text)
    if listed and not items:
        return True
    if line.centred or _BESIDE.match(text) or roles.is_note(text) or (marker is not None and marker.sure):
        return True
    if items:
        broken = before.text.endswith(tuple("，,、")) or len(before.text) >= _WRAPS
        return broken and not before.text.endswith(tuple("；;：:")) and not _ENDED.search(before.text)
    if before.text.endswith(_GOES_ON) or not _ENDED.search(before.text):
        return True
    return not (_ENDED.search(text) or text.endswith(_GOES_ON) or (len(text) >= _LONG and _SENTENCE.search(text)))


def announces(line: Line, following: Sequence[Line]) -> bool:
    """Whether a list without numbers stands below the line: all of it is one 款 (本法下列用语的含义：)."""
    below = following[0] if following else None
    if below is None or below.kind is not BlockKind.PARAGRAPH or not _ANNOUNCES.search(line.text):
        return False
    return marker_at(below.text) is None and not _QUOTED.match(below.text)


def within_items(rank: Rank, number: int, following: Sequence[Line]) -> bool:
    """Whether the items of an article go on below the line, which then is more of the item ``number`` above it."""
    for line in following[:_AHEAD]:
        marker = marker_at(line.text) if line.kind is BlockKind.PARAGRAPH else None
        if marker is None or marker.rank > rank:
            continue
        return marker.rank == rank and marker.number == number + 1
    return False


def name_first(drafts: Sequence[Draft], paragraphs: Mapping[int, Collection[int]]) -> None:
    """Let the first 款 of each article that has several say so, with all below it: 第三条第一款（一）.

    ``paragraphs`` are the drafts of the other 款 by that of their article.
    """
    for article, others in paragraphs.items():
        path = drafts[article].path
        within, first = {article}, {article}
        drafts[article].path = path + FIRST
        for number in range(article + 1, len(drafts)):
            draft = drafts[number]
            if draft.parent not in within:
                break
            within.add(number)
            if draft.parent in first and number not in others:
                first.add(number)
                draft.path = path + FIRST + draft.path.removeprefix(path)
