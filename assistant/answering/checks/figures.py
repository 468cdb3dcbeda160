"""Dates and numbers that differ between a piece of a sentence and a window."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.sources import Facts, Source, Window, facts_of
from assistant.domain import claims
from assistant.domain.numerals import to_chinese


def other_times(facts: Facts, there: Facts, source: Source) -> Iterator[str]:
    """Dates and times that the window does not hold as they are told."""
    around = facts_of(source.around).moments
    for moment in facts.moments:
        if any(_same_moment(moment, other) for other in there.moments):
            if moment.year is None and "每年" in there.times and "每年" not in facts.times:
                yield f"“{moment.written}”在原文中是每年的"
            continue
        if moment.month is None and not moment.bound and not moment.part and any(m.year == moment.year for m in around):
            continue
        yield f"日期“{moment.written}”与原文不符"
    for name in facts.times - there.times:
        if not (name in ("年底", "月底") and any(m.part == "底" for m in there.moments)):
            yield f"时间“{name}”不见于原文"


def _same_moment(claimed: claims.Moment, written: claims.Moment) -> bool:
    for mine, other in (
        (claimed.year, written.year),
        (claimed.month, written.month),
        (claimed.day, written.day),
    ):
        if mine is not None and mine != other:
            return False
    if claimed.bound and claimed.bound != written.bound:
        return False
    if claimed.bound and written.day is not None and claimed.day is None:
        return False  # 5月前 for 5月16日前
    return claimed.part == written.part or (not claimed.part and not claimed.bound)


def other_counts(facts: Facts, there: Facts, source: Source) -> Iterator[str]:
    """Numbers that the window does not hold, or holds with another bound."""
    for quantity in facts.quantities:
        same = [q for q in there.quantities if _same_count(quantity, q)]
        if not same and quantity.measure.startswith("第"):
            same = [q for q in facts_of(source.around).quantities if q.value == quantity.value]
            if not same and re.search(rf"(?:^|\n){_ordinal(quantity)}[、(（]?", source.around):
                continue
        if not same and not quantity.measure and any(quantity.value in (m.year, m.month, m.day) for m in there.moments):
            continue
        if not same:
            yield f"数字“{quantity.written}”与原文不符"
        elif all(q.bound != quantity.bound for q in same):
            yield f"数字“{quantity.written}”的上下限与原文不符"


def _ordinal(quantity: claims.Quantity) -> str:
    return to_chinese(int(quantity.value)) if 0 < quantity.value < 100 else "\x00"


def _same_count(claimed: claims.Quantity, written: claims.Quantity) -> bool:
    if claimed.value != written.value:
        return False
    return claimed.measure == written.measure or "" in (claimed.measure, written.measure)


def moved_numbers(piece: str, facts: Facts, window: Window) -> Iterator[str]:
    """The word before a number must not be one that stands before another number in the text (完成14项, 推进16项)."""
    clauses = [(c, facts_of(c).quantities) for c in re.split("[,、;。()]", window.text) if c]
    for clause in re.split("[,、;()]", piece):
        for quantity in facts_of(clause).quantities:
            words = re.search("[一-鿿]{2,4}$", clause[: clause.find(quantity.written)])
            if not words or quantity.measure in ("期", "届", "级"):
                continue
            word = words.group()[-2:]
            holders = [c for c, found in clauses if any(_same_count(quantity, q) for q in found)]
            rivals = [c for c, found in clauses if found and c not in holders and word in c]
            if holders and rivals and not any(word in c for c in holders):
                yield f"数字“{quantity.written}”与“{word}”在原文中不在一处"
