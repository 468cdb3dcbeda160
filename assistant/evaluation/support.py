"""Whether each cited clause supports the sentence that cites it: a check by the words alone, apart from the answerer's.

A citation supports a line where its quote holds a passage that the line gives in “”, or the line itself; else where it
holds a unit, a date or number, or a run of words of the line. Gold clauses cannot tell this: they list what has to be
cited, not all that may be. Dates that are computed (到期日…) and marks (〔推定〕) are the answerer's own and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.domain.dialogue import Answer
from assistant.domain.units.names import find_units

_MARKS = re.compile(r"\[([0-9]+)\]")
_QUOTED = re.compile("“([^“”]{4,})”")
_OWN = re.compile("（到期日[^（）]*）|〔[^〔〕]*〕|^据.*：$")
_NUMBER = re.compile("[0-9]+(?:\\.[0-9]+)?")
_RUN = 6  # characters in a row that two texts do not share by chance


def supported(answer: Answer) -> tuple[int, int]:
    """How many of an answer's pairs of line and citation hold, and how many there are."""
    pairs = [_supports(line, quote) for line, quote in _pairs(answer)]
    return sum(pairs), len(pairs)


def _pairs(answer: Answer) -> Iterator[tuple[str, str]]:
    quotes = {c.n: c.quote for c in answer.citations}
    for line in answer.answer.splitlines():
        numbers = [int(n) for n in _MARKS.findall(line)]
        text = _OWN.sub("", _MARKS.sub("", line))
        yield from ((text, quotes[n]) for n in numbers if n in quotes)


def _supports(line: str, quote: str) -> bool:
    told, held = _plain(line), _plain(quote)
    if not told or not held:
        return False
    if told.rstrip("。") in held or held in told:
        return True
    for passage in _QUOTED.findall(line):
        part = _plain(passage).rstrip("…")
        if part in held or held in part:
            return True
    outside = _plain(_QUOTED.sub("", line))
    if any(_plain(u.name) in held for u in find_units(outside)):
        return True
    if any(number in _NUMBER.findall(held) for number in _NUMBER.findall(outside)):
        return True
    return any(outside[i : i + _RUN] in held for i in range(len(outside) - _RUN + 1))


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)
