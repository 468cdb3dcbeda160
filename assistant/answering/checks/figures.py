"""Dates and numbers that differ between a piece of a sentence and a window."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.checks.sources import Facts, Source, facts_of
from assistant.domain.language import claims
from assistant.domain.language.numerals import to_chinese

_LONGEST_LIST = 30
_YEARLY = re.compile("年度|每年|当年")
_ONE_BOUND = {("before", "by"), ("by", "before"), ("as of", "by"), ("by", "as of"), ("by", "")}


def other_times(piece: str, facts: Facts, there: Facts, source: Source) -> Iterator[str]:
    """Dates and times that the window does not hold as they are told."""
    around = facts_of(source.around).moments
    for moment in facts.moments:
        if any(same_moment(moment, other) for other in there.moments):
            if moment.year is None and "每年" in there.times and "每年" not in facts.times:
                yield f"“{moment.written}”在原文中是每年的"
            continue
        if moment.month is None and not moment.bound and not moment.part and any(m.year == moment.year for m in around):
            continue
        if moment.bound and _in_range(moment, there, source.body):
            continue
        yield f"日期“{moment.written}”与原文不符"
    for name in facts.times - there.times:
        if name == "今年" and ("年内" in there.times or re.search("全年|年度", source.body)):
            continue
        if name == "去年" and "同比" in source.body and re.search("(?:比|较)(?:上年|去年)", piece):
            continue
        if not (name in ("年底", "月底") and any(m.part == "底" for m in there.moments)):
            yield f"时间“{name}”不见于原文"


def _in_range(moment: claims.Moment, there: Facts, body: str) -> bool:
    """从6月3日起 of 6月3日至6月17日: an end of a range told as where it begins or ends."""
    plain = [m for m in there.moments if (m.year, m.month, m.day) == (moment.year, moment.month, moment.day)]
    begins = moment.bound == "after" and any(re.search(f"{re.escape(m.written)}(?:至|到|-)", body) for m in plain)
    return begins or (
        moment.bound == "by" and any(re.search(f"(?:至|到|-){re.escape(m.written)}", body) for m in plain)
    )


def same_moment(claimed: claims.Moment, written: claims.Moment) -> bool:
    for mine, other in (
        (claimed.year, written.year),
        (claimed.month, written.month),
        (claimed.day, written.day),
    ):
        if mine is not None and mine != other:
            return False
    if claimed.bound and claimed.bound != written.bound and (claimed.bound, written.bound) not in _ONE_BOUND:
        return False
    if claimed.bound and written.day is not None and claimed.day is None:
        return False  # 5月前 for 5月16日前
    return claimed.part == written.part or (not claimed.part and not claimed.bound)


def other_counts(piece: str, facts: Facts, there: Facts, source: Source) -> Iterator[str]:
    """Numbers that the window does not hold, or holds with another bound."""
    for quantity in facts.quantities:
        same = [q for q in there.quantities if same_count(quantity, q)]
        if not same and quantity.measure.startswith("第"):
            same = [q for q in facts_of(source.around).quantities if q.value == quantity.value]
            if not same and re.search(rf"(?:^|\n){_ordinal(quantity)}[、(（]?", source.around):
                continue
        if not same and quantity.measure == "次" and quantity.value == 1 and _each_time(there, source):
            continue  # 每季度抽查 told as 每季度抽查一次
        yearly = quantity.measure == "年" and quantity.value == 1 and _YEARLY.search(source.body)
        each_year = yearly and re.search("每人?每?年", source.body)
        if not same and yearly and (each_year or not any(q.measure == "年" for q in there.quantities)):
            continue
        if not same and _counts_a_list(quantity, piece, source):
            continue
        if not same and not quantity.measure and any(quantity.value in (m.year, m.month, m.day) for m in there.moments):
            continue
        if not same:
            yield f"数字“{quantity.written}”与原文不符"
        elif all(q.bound != quantity.bound and not _lasts(quantity, q) for q in same):
            yield f"数字“{quantity.written}”的上下限与原文不符"


def _each_time(there: Facts, source: Source) -> bool:
    """Whether the text says that something is done each month or year, without a number of times."""
    return "每" in source.body and not any(q.measure == "次" for q in there.quantities)


def _lasts(claimed: claims.Quantity, written: claims.Quantity) -> bool:
    """Whether both tell how long something may take: 一年内有效 and 有效期一年."""
    return claimed.measure in claims.DURATIONS and {claimed.bound, written.bound} == {"max", ""}


def _counts_a_list(quantity: claims.Quantity, piece: str, source: Source) -> bool:
    """Whether a small number counts what is listed: the names in the piece itself, or the statements of the text."""
    if not 2 <= quantity.value <= _LONGEST_LIST or quantity.measure not in ("个", "项", "人", "种", ""):
        return False
    before, _, after = piece.partition(quantity.written)
    lists = [
        *re.split("[,:()]", after),
        *([re.split("[,:()]", before)[-1]] if re.search("[等这共计]$|(?:是|有)$", before) else []),
    ]
    for part in lists:
        items = [i for i in re.split("、|和|与|及", part) if i]
        if len(items) == quantity.value and all(i[-3:] in source.body for i in items if quantity.written not in i):
            return True
    if any(q.measure == quantity.measure for q in facts_of(source.body).quantities):
        return False
    return any(
        len([i for i in re.split("、|和|与|及", c) if i]) == quantity.value for c in re.split("[,;。:]", source.body)
    ) or any(len([s for s in line.split(";") if s]) == quantity.value for line in re.split("[。]", source.body))


def _ordinal(quantity: claims.Quantity) -> str:
    return to_chinese(int(quantity.value)) if 0 < quantity.value < 100 else "\x00"


def same_count(claimed: claims.Quantity, written: claims.Quantity) -> bool:
    if claimed.value != written.value:
        return False
    return claimed.measure == written.measure or "" in (claimed.measure, written.measure)
