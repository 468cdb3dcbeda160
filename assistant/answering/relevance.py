"""How much of what a question is about occurs in a piece of text."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

from assistant.domain.text import terms

# One body, three names in use between documents of one alliance (a drift that readers do not notice).
_DRIFT = re.compile("融合体|共同体")


class Relevance:
    """Share of a question's words that a text holds, rare words weighing more; 0 to 1.

    Rarity is counted among the candidates themselves, so that words which all of them share (产教联合体) do not hide
    the one that tells them apart (碳纤维). A word that no candidate holds weighs most: what is asked is not there.
    """

    def __init__(self, words: str, candidates: Iterable[str]) -> None:
        self._wanted = _words(words)
        counts: Counter[str] = Counter()
        total = 0
        for text in candidates:
            total += 1
            counts.update(self._wanted & _words(text))
        self._weight = {t: math.log(1 + (total + 1) / (counts[t] + 0.5)) for t in self._wanted}
        self._sum = sum(self._weight.values())

    @property
    def empty(self) -> bool:
        """Whether the question names nothing to compare."""
        return not self._wanted

    def __call__(self, text: str) -> float:
        """Coverage of the question's words by ``text``."""
        if not self._sum:
            return 0.0
        held = _words(text)
        return sum(w for t, w in self._weight.items() if t in held) / self._sum


def _words(text: str) -> set[str]:
    found: set[str] = set()
    for run in _DRIFT.sub("联合体", text).split():
        run_terms = terms(run)
        longer = [t for t in run_terms if len(t) > 1 or t.isascii()]
        found.update(longer or run_terms)
    return found
