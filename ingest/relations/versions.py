"""Which documents are versions of one another, by the number they bear: pure functions over what is known of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from assistant.domain.holdings import Link, LinkKind
from assistant.domain.language.identity import parse_number
from assistant.domain.language.text import fold

_ALIKE = 0.8  # of the pairs of neighbouring characters of two titles: the same title, written otherwise
_EXCERPT = 0.5  # of the characters of the other text: less is an excerpt or the notice about it, no version
_ABOUT = re.compile("^[^《]{0,40}?(?=关于)")
_NUMERALS = re.compile("[0-9]+|[〇零一二三四五六七八九十百]+|[上中下](?=[篇册卷部)])")
_SIGNS = re.compile(r"[\s《》〈〉“”\"'‘’,.:;、()〔〕\[\]-]")


@dataclass(frozen=True, slots=True)
class Known:
    """What decides whether documents are versions of one another."""

    id: str
    title: str
    number: str | None  # 发文字号, normalised
    issued_on: str | None  # ISO 8601
    arrival: int  # number of the run that brought it
    length: int  # characters of its text


def by_number(documents: Iterable[Known]) -> list[Link]:
    """Links between documents that share a number of agency, year and serial.

    Of two with the same title the one issued later, else the one that came later, supersedes the other. Nothing is
    superseded on a guess: where titles differ, one text is but a part of the other, or nothing tells which is newer,
    both stay and the conflict is named.
    """
    groups: dict[str, list[Known]] = defaultdict(list)
    for document in documents:
        number = parse_number(document.number) if document.number else None
        if number and number.agency:
            groups[str(number)].append(document)
    return sorted(link for number, group in groups.items() if len(group) > 1 for link in _of_group(number, group))


def _of_group(number: str, group: Sequence[Known]) -> Iterator[Link]:
    # One order for the whole group, so that no ring can form in which each supersedes the next.
    dated = all(d.issued_on for d in group)

    def age(document: Known) -> tuple[str, int]:
        return (document.issued_on or "" if dated else "", document.arrival)

    ordered = sorted(group, key=lambda d: (*age(d), d.id))
    newest: dict[str, str] = {d.id: d.id for d in ordered}  # by document, the last of its versions
    for place in reversed(range(len(ordered))):
        older = ordered[place]
        later = (d for d in ordered[place + 1 :] if age(d) > age(older))
        if newer := next((d for d in later if same_title(d.title, older.title) and not _is_part(d, older)), None):
            newest[older.id] = newest[newer.id]
            yield Link(LinkKind.SUPERSEDES, newer.id, older.id, f"文号同为{number}")
    for one, other in combinations(ordered, 2):
        if newest[one.id] != newest[other.id]:
            yield Link(LinkKind.CONFLICTS, one.id, other.id, f"文号同为{number}，{_difference(one, other)}")


def _is_part(one: Known, other: Known) -> bool:
    return min(one.length, other.length) < _EXCERPT * max(one.length, other.length)


def _difference(one: Known, other: Known) -> str:
    if not same_title(one.title, other.title):
        return "标题不同"
    return "篇幅相差过大" if _is_part(one, other) else "无法判断先后"


def same_title(one: str, other: str) -> bool:
    """Whether two titles are the same but for the agency before 关于, marks and a few characters.

    Titles whose numerals differ (第一批, 第二批; 2023, 2024) are never the same.
    """
    first, second = plain_title(one), plain_title(other)
    if first == second:
        return bool(first)
    if _NUMERALS.findall(first) != _NUMERALS.findall(second):
        return False
    pairs, others = Counter(map("".join, pairwise(first))), Counter(map("".join, pairwise(second)))
    total = pairs.total() + others.total()
    return total > 0 and 2 * (pairs & others).total() >= _ALIKE * total


def plain_title(title: str) -> str:
    """A title without what is written now this way, now that: the agency before 关于, brackets, marks, white space."""
    return _SIGNS.sub("", fold(_ABOUT.sub("", title.strip().strip("《》"))))
