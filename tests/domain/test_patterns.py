"""Every pattern that reads the ledger takes time linear in the text, whatever the text is."""

from __future__ import annotations

import importlib
import re
import time
from collections.abc import Iterator

import pytest

MODULES = (
    "brackets dates deadlines duties labels ledger modality numerals phrasings resolution runs speech status text "
    "unit_patterns units wordings"
).split()
#: What repetitions run away on: characters that open, join or close something, and words of the phrasings.
FILLERS = (*"市由，一1（“《 \n：；、—等各", "甲、乙、", "每年3月")


def patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    """The compiled patterns of a module's name, also inside tuples, lists and tables."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, (tuple, list, frozenset)):
        for part in value:
            yield from patterns_in(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from patterns_in(part)


def milliseconds(pattern: re.Pattern[str], text: str) -> float:
    """Processor time to go through the text once."""
    started = time.process_time()
    for _ in pattern.finditer(text):
        pass
    return 1000 * (time.process_time() - started)


@pytest.mark.parametrize("module", MODULES)
def test_reading_takes_time_linear_in_the_text(module: str) -> None:
    names = vars(importlib.import_module(f"assistant.domain.{module}"))
    found = {(p.pattern, p.flags): p for value in names.values() for p in patterns_in(value)}
    for pattern in found.values():
        own = dict.fromkeys(re.findall("[一-鿿]{1,3}", pattern.pattern))
        for filler in (*FILLERS, *list(own)[:4]):
            # A pattern that is quadratic takes a second on these few thousand characters, a linear one some ms.
            taken = milliseconds(pattern, filler * (4000 // len(filler)))
            assert taken < 100, (pattern.pattern[:60], filler)
