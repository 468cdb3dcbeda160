"""What of a numbered line is its heading, and which lines without a number are headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.formats.model import BlockKind
from ingest.formats.spaces import join
from ingest.structure import roles
from ingest.structure.canonical import Line
from ingest.structure.markers import Marker, Rank, marker_at

_LONGEST_RUN_IN = 40  # characters of a first sentence that is still a heading
_LONGEST_HEADING = 80
#: “附件：1.…” below the text: what is attached, and sometimes the attachment itself.
ATTACHED = re.compile(r"附[ 　]{0,4}件?[ 　]{0,2}[0-9一二三四五六七八九十]{0,3}[：:]")


def heading_of(marker: Marker, line: Line, following: Sequence[Line]) -> tuple[str, int]:
    """The heading after a marker and how many more lines it takes (1 where it is broken over two lines)."""
    text = line.text[marker.end :].strip()
    if marker.rank in (Rank.ARTICLE, Rank.SPOKEN):
        return "", 0
    after = following[0] if following else None
    prose_follows = after is not None and _is_prose(after)
    stop = re.search(r"[。！？；]", text)
    if stop is None:
        if len(text) > _LONGEST_HEADING or text.endswith(("：", ":", "，")):
            return "", 0
        if after is not None and prose_follows and _is_broken(text, after, following):
            return join(text, after.text.rstrip("。")), 1
        return text, 0
    first, rest = text[: stop.start()], text[stop.end() :].strip()
    if stop.group() != "。" or not _reads_as_heading(first):
        return "", 0
    if rest or line.kind == BlockKind.HEADING:
        return first, 0
    # 指导思想。 with its text below is a heading, and so is what stands above deeper items; a lone sentence is not.
    child = marker_at(after.text) if after is not None else None
    above = child is not None and child.rank > marker.rank and child.number == 1
    goes_on = child is not None and child.rank > marker.rank and child.sure
    return (first if above or goes_on or (prose_follows and len(first) <= 20) else ""), 0


def _is_prose(line: Line) -> bool:
    closes = roles.CLOSING.match(line.text) or ATTACHED.match(line.text)
    return line.kind == BlockKind.PARAGRAPH and marker_at(line.text) is None and not closes


_TOPIC = re.compile(
    "总体|指导|基本|主要|重点|保障|组织|存在|问题|原因|意见|建议|背景|目标|措施|情况|要求|原则|任务|安排|步骤|成效|做法|思路|现状|分析"
)
_BARE = re.compile("[㐀-鿿“”《》、0-9]{2,16}")
_NOBODY = re.compile("(?:委员|代表|同志|先生|女士|局长|主任|此致|敬礼)$")


def bare_headings(body: Sequence[Line]) -> frozenset[int]:
    """Positions of headings that have no number: short lines without punctuation, between sentences.

    One alone must speak of a topic (总体要求, 存在问题); of two the company speaks.
    """
    found = [
        i
        for i, line in enumerate(body[:-1])
        if line.kind == BlockKind.PARAGRAPH
        and _BARE.fullmatch(line.text)
        and (i == 0 or body[i - 1].text.endswith(tuple("。！？；：”）")))
        and marker_at(line.text) is None
        and not (roles.is_organisation(line.text) or roles.is_date(line.text) or _NOBODY.search(line.text))
        and (_is_sentence(body[i + 1]) or _opens_list(body[i + 1]))
    ]
    return frozenset(found if len(found) > 1 else (i for i in found if _TOPIC.search(body[i].text)))


def _is_sentence(line: Line) -> bool:
    return line.kind == BlockKind.PARAGRAPH and len(line.text) >= 20 and line.text.endswith(tuple("。；：！”）"))


def _opens_list(line: Line) -> bool:
    marker = marker_at(line.text)
    return marker is not None and marker.sure and marker.number == 1 and marker.rank > Rank.FIRST


# What decides or names a price says something, however short it is: 同意将…命名为…, 收费每人每月一百元.
_STATES = re.compile("^(?:原则上?)?(?:不)?同意|^不得|[0-9一二三四五六七八九十百千万亿.]{1,12}(?:元|[%％])|百分之")


def _reads_as_heading(sentence: str) -> bool:
    """Whether the first sentence of a paragraph is its heading: short, the shorter the more clauses it has."""
    commas = sentence.count("，")
    longest = _LONGEST_RUN_IN if not commas else (28 if commas == 1 else 22)
    if len(sentence) > longest or _open_quote(sentence) or _STATES.search(sentence):
        return False
    return not re.search(r"由.{2,24}(?:负责|牵头|承担)$|[：:]", sentence)


def _is_broken(text: str, after: Line, following: Sequence[Line]) -> bool:
    """Whether a heading goes on in the next line: a bracket or quotation mark is open, or it is cut at full width."""
    if len(after.text) > 45 or re.search(r"[。；：，]", after.text.rstrip("。")):
        return False
    if _open_quote(text):
        return not _open_quote(text + after.text)
    long_enough = len(text) >= 18 and len(after.text) <= 20 and not after.text.endswith("。")
    return long_enough and len(following) > 1 and not roles.is_organisation(after.text) and len(following[1].text) > 30


def _open_quote(text: str) -> bool:
    return any(text.count(a) > text.count(b) for a, b in ("《》", "“”", "（）"))
