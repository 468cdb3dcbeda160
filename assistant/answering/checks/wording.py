"""Words of folded text: what carries matter, what two texts share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.sources import GENERIC

HAN = re.compile("[一-鿿]")


def content(piece: str) -> str:
    """The Han characters of a text that carry matter; the rest is blank."""
    return GENERIC.sub(" ", re.sub("[^一-鿿]", " ", piece))


def pairs_of(text: str) -> set[str]:
    """All pairs of neighbouring Han characters."""
    return {text[i : i + 2] for i in range(len(text) - 1) if HAN.match(text[i]) and HAN.match(text[i + 1])}


def uncovered_runs(bare: str, known: str) -> list[str]:
    """Runs of two or more Han characters that share no pair with ``known``."""
    found: list[str] = []
    for run in re.findall("[一-鿿]{2,}", bare):
        covered = [False] * len(run)
        for i in range(len(run) - 1):
            if run[i : i + 2] in known:
                covered[i] = covered[i + 1] = True
        start = None
        for i, hit in enumerate([*covered, True]):
            if not hit and start is None:
                start = i
            elif hit and start is not None:
                if i - start >= 2:
                    found.append(run[start:i])
                start = None
    return found


def share_covered(piece: str, text: str) -> float:
    """The share of pairs of Han characters that a text holds."""
    pairs = pairs_of(piece)
    return sum(1 for p in pairs if p in text) / len(pairs) if pairs else 0.0


def is_subsequence(short: str, long: str) -> bool:
    """Whether the characters of ``short`` stand in ``long`` in this order."""
    rest = iter(long)
    return all(c in rest for c in short)


def without(text: str, names: Sequence[str]) -> str:
    """The text with names blanked, the longest first."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "\x00")
    return text
