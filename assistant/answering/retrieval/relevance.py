"""How much of what a question is about occurs in a piece of text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.domain.language.text import fold_names, terms

_NEARLY_ALL = 0.75
_HEAD = 1.5
_COMPOUND = re.compile("[一-鿿]{5}")
_WHOLLY = 0.85
_RIGHT_OVER = 0.9


@dataclass(frozen=True, slots=True)
class Level:
    """A text that a question may be about, and how much a word found there counts (1 for the sentence itself).

    ``alone`` counts instead where this text by itself holds nearly all that is asked: under a heading on the object,
    or in a document about it, a sentence need not name it again.
    """

    share: float
    text: str
    alone: float = 0.0


class Relevance:
    """Share of a question's words that a text holds, rare words weighing more; 0 to 1.

    Rarity is counted among the candidates themselves, so that words which all of them share (产教联合体) do not hide
    the one that tells them apart (碳纤维). A word that no candidate holds weighs like the average of the others: it
    may be what is asked and is not there, or only the way people talk.
    """

    def __init__(self, words: str, candidates: Iterable[str]) -> None:
        self._holds = {term: _finder(term) for term in _wanted(words)}
        counts = dict.fromkeys(self._holds, 0)
        total = 0
        for text in candidates if self._holds else ():
            total += 1
            plain = _plain(text)
            for term, holds in self._holds.items():
                counts[term] += holds(plain)
        held = {t: math.log(1 + (total + 1) / (n + 0.5)) for t, n in counts.items() if n}
        average = sum(held.values()) / len(held) if held else 1.0
        self._heads = heads = _heads(words) & set(self._holds)
        self._weight = {t: held.get(t, average) * (_HEAD if t in heads else 1.0) for t in self._holds}
        self._sum = sum(self._weight.values())
        self._firsts = {run[:2] for run in _plain(words).split() if _COMPOUND.match(run)} & set(self._holds)
        self._cached: dict[str, str] = {}
        self._alone: dict[str, bool] = {}

    @property
    def empty(self) -> bool:
        """Whether the question names nothing to compare."""
        return not self._holds

    def __call__(self, *levels: Level | str) -> float:
        """Coverage of the question's words by a text, or by a sentence and the headings over it."""
        if not self._sum:
            return 0.0
        plain = [(1.0, self._folded(x)) if isinstance(x, str) else self._shared(x) for x in levels]
        plain.sort(key=lambda pair: -pair[0])
        total = 0.0
        for term, weight in self._weight.items():
            holds = self._holds[term]
            total += weight * next((share for share, text in plain if holds(text)), 0.0)
        return total / self._sum

    def about(self, *levels: Level) -> float:
        """Coverage by what is to be listed for a matter: 0 for another matter of the same kind.

        The first word of a compound tells it from others (养老|服务体系建设), the rest says what kind of thing it is.
        """
        share = self(*levels)
        texts = [self._folded(level.text) for level in levels]
        another = any(not any(self._holds[first](text) for text in texts) for first in self._firsts)
        return 0.0 if another and share < _WHOLLY else share

    def names_head(self, *levels: Level) -> bool:
        """Whether the sentence or the heading right over it says what kind of thing is asked for (…联合体, …资金)."""
        near = [self._folded(level.text) for level in levels if level.share >= _RIGHT_OVER]
        return not self._heads or any(self._holds[head](text) for head in self._heads for text in near)

    def _shared(self, level: Level) -> tuple[float, str]:
        text = self._folded(level.text)
        if level.alone <= level.share:
            return level.share, text
        if text not in self._alone:
            held = sum(weight for term, weight in self._weight.items() if self._holds[term](text))
            self._alone[text] = held >= _NEARLY_ALL * self._sum
        return (level.alone if self._alone[text] else level.share), text

    def _folded(self, text: str) -> str:
        # Titles and headings come again with every sentence under them.
        if text not in self._cached:
            self._cached[text] = _plain(text)
        return self._cached[text]


_plain = lru_cache(maxsize=32_768)(fold_names)  # each question reads the same sentences


def _wanted(words: str) -> set[str]:
    """Pairs of characters, whole numbers and Latin words; single characters only where a word has but one."""
    found: set[str] = set()
    for run in _plain(words).split():
        run_terms = terms(run)
        longer = [t for t in run_terms if len(t) > 1 or t.isascii()]
        found.update(longer or run_terms)
    return found


def _heads(words: str) -> set[str]:
    """The last pair of characters of each word: a Chinese noun phrase says at its end what the thing is."""
    return {run[-2:] for run in _plain(words).split() if len(run) > 2}


def _finder(term: str) -> Callable[[str], bool]:
    if term.isascii():  # 3 is not in 30
        pattern = re.compile(f"(?<![0-9a-z.]){re.escape(term)}(?![0-9a-z])")
        return lambda text: pattern.search(text) is not None
    return lambda text: term in text
