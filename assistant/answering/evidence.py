"""Evidence: the clauses that an answer may stand on, under keys that a model cannot guess.

A key is opaque and made anew for every answer. A model that invents a citation, or repeats one that it read inside
a document, therefore gives a key that belongs to nothing, and the sentence is withheld.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from assistant.domain.policy import Span

# No vowels (no words arise by chance) and none of 0/O, 1/I/L, 2/Z, 5/S, 8/B, which models and people mix up.
_LETTERS = "CDFGHJKMNPQRTVWX"
_DIGITS = "34679"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One quotable passage: ``text`` is exactly ``span`` of the document's canonical text."""

    key: str
    document_id: str
    title: str
    number: str | None  # the document's number (发文字号), normalised
    path: str
    page: int | None
    span: Span
    text: str
    context: str  # title and headings above the passage
    score: float


def new_keys(count: int) -> list[str]:
    """``count`` distinct opaque keys such as ``K7Q4``: letter, digit, letter, digit-or-letter, at random."""
    found: dict[str, None] = {}
    while len(found) < count:
        key = (
            secrets.choice(_LETTERS)
            + secrets.choice(_DIGITS)
            + secrets.choice(_LETTERS)
            + secrets.choice(_DIGITS + _LETTERS)
        )
        found[key] = None
    return list(found)
