"""How much of what a question is about occurs in a piece of text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable

from assistant.domain.text import fold, terms

# One body, three names in use between documents of one alliance (a drift that readers do not notice).
_DRIFT = re.compile("融合体|共同体")


class Relevance:
    """Share of a question's words that a text holds, rare words weighing more; 0 to 1.

    Rarity is counted among the candidates themselves, so that words which all of them share (产教联合体) do not hide
    the one that tells them apart (碳纤维). A word that no candidate holds weighs most: what is asked is not there.
    """

    def __init__(self, words: str, candidates: Iterable[str]) -> None:
        self._holds = {term: _finder(term) for term in _wanted(words)}
        counts = dict.fromkeys(self._holds, 0)
        total = 0
        for text in candidates:
            total += 1
            plain = _plain(text)
            for term, holds in self._holds.items():
                counts[term] += holds(plain)
        self._weight = {t: math.log(1 + (total + 1) / (n + 0.5)) for t, n in counts.items()}
        self._sum = sum(self._weight.values())

    @property
    def empty(self) -> bool:
        """Whether the question names nothing to compare."""
        return not self._holds

    def __call__(self, text: str) -> float:
        """Coverage of the question's words by ``text``."""
        if not self._sum:
            return 0.0
        plain = _plain(text)
        return sum(weight for term, weight in self._weight.items() if self._holds[term](plain)) / self._sum


def _plain(text: str) -> str:
    return _DRIFT.sub("联合体", fold(text))


def _wanted(words: str) -> set[str]:
    """Pairs of characters, whole numbers and Latin words; single characters only where a word has but one."""
    found: set[str] = set()
    for run in _plain(words).split():
        run_terms = terms(run)
        longer = [t for t in run_terms if len(t) > 1 or t.isascii()]
        found.update(longer or run_terms)
    return found


def _finder(term: str) -> Callable[[str], bool]:
    if term.isascii():  # 3 is not in 30
        pattern = re.compile(f"(?<![0-9a-z.]){re.escape(term)}(?![0-9a-z])")
        return lambda text: pattern.search(text) is not None
    return lambda text: term in text
