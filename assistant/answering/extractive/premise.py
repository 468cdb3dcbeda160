"""What a question asserts, held against the sentences that speak of its matter: figures and dates that differ."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.extractive.forms import Form
from assistant.domain.language.claims import find_moments, find_quantities, folded
from assistant.domain.language.identity import find_document_numbers, find_proposal_numbers, find_sessions

_ANY = re.compile(".", re.DOTALL)


def claimed(question: str) -> Form | None:
    """For a question that asserts a figure (要降到0.5%以下，是吧): sentences that measure in the same way."""
    measures = {q.measure for q in find_quantities(_without_references(question)) if q.measure}
    if not measures:
        return None

    def fits(sentence: str) -> re.Match[str] | None:
        alike = any(q.measure in measures for q in find_quantities(folded(sentence)))
        return _ANY.match(sentence) if alike else None

    return Form("同类数字", fits, 2.0)


def contradicted(question: str, sentences: Sequence[str]) -> str:
    """The first figure or date of a yes-or-no question that the sentences have otherwise; empty where none has.

    Only what the first sentence measures in the same way speaks against it (50% against 30%), and only where none
    of the sentences says what the question says.
    """
    if not sentences:
        return ""
    text = _without_references(question)
    first, whole = folded(sentences[0]), folded("\n".join(sentences))
    said, all_said = find_quantities(first), find_quantities(whole)
    for asked in find_quantities(text):
        same = [q for q in all_said if q.measure == asked.measure]
        if (
            asked.measure
            and not any(q.value == asked.value for q in same)
            and any(q.measure == asked.measure for q in said)
        ):
            return asked.written
    moments = find_moments(first)
    for when in find_moments(text):
        rivals = [m for m in moments if m.year is not None and when.year is not None]
        if rivals and not any(m.year == when.year for m in find_moments(whole)):
            return when.written
    return ""


def _without_references(question: str) -> str:
    """The folded question without the numbers that only name documents."""
    for find in (find_document_numbers, find_proposal_numbers, find_sessions):
        for span, _ in reversed(find(question)):
            question = question[: span.start] + " " * (span.end - span.start) + question[span.end :]
    return folded(question)
