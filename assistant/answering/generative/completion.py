"""What a model left out: statements of the extractive answer that no sentence of its tells.

A model that names one of three leads, keeps one of two contradicting clauses, or breaks off, has not answered. Its
answer is therefore never less than the documents' own: what it did not tell follows in the words of the documents.
There is no round in which the model repairs its sentences: a clause as it stands is exact, and it is there at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.checks.sources import facts_of
from assistant.answering.checks.wording import canonical, weighed_pairs
from assistant.answering.statements import Composition, Statement, attributed
from assistant.domain.duties.roles import same_body
from assistant.domain.language.claims import folded

# The quote behind what a line of the answer tells by itself (甲牵头〔拟〕：“…”).
_QUOTE = re.compile("[：:]?“[^“”]*”$")
LEAD = "原文另载："
_MOST = 12  # statements that follow a model's text
_TOLD = 0.5  # share of a statement's words from which the model has told it


def left_out(composition: Composition, told: Sequence[str]) -> tuple[Statement, ...]:
    """The statements that ``told`` leaves out, under their documents, with a line before them; empty where none is.

    A statement is told when its bodies, dates and numbers all are; one without any of them when half its words are.
    """
    text = folded("".join(told))
    missing = [s for s in composition.statements if s.quotes and not _is_told(s, text)][:_MOST]
    return (Statement(LEAD), *attributed(missing)) if missing else ()


def _is_told(statement: Statement, text: str) -> bool:
    line = folded(_QUOTE.sub("", statement.text) or statement.text)
    said, there = facts_of(line), facts_of(text)
    for unit in said.units:
        if unit not in text and not any(same_body(unit, other) for other in there.units):
            return False
    moments = {(m.year, m.month, m.day) for m in there.moments}
    if any((m.year, m.month, m.day) not in moments for m in said.moments):
        return False
    counts = {(q.value, q.measure) for q in there.quantities}
    if any((q.value, q.measure) not in counts for q in said.quantities):
        return False
    if said.units or said.moments or said.quantities:
        return True
    words = weighed_pairs(canonical(line))
    known = canonical(text)
    return sum(w for p, w in words.items() if p in known) >= _TOLD * sum(words.values())
