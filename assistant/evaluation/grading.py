"""Grade one answer: pure functions over an answer, a case and the texts of the documents.

The rules are those by which the contract is graded from outside over HTTP: white space does not count, a gold
clause is cited where a citation's quote holds it or is itself at least eight characters of it, and a required text
may stand in the answer or in a row of commitments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict

from assistant.domain.dialogue import Answer, Citation
from assistant.evaluation.case import Case, Grade
from assistant.evaluation.support import supported

# A shorter quote could be cited from anywhere: it proves nothing about the gold clause.
_LEAST_QUOTE = 8

TextOf = Callable[[str], str | None]


def squash(text: str) -> str:
    """The text without any white space: line breaks and spaces of a layout are not part of what it says."""
    return re.sub(r"\s+", "", text)


def is_cited(gold: str, quote: str) -> bool:
    """Whether a citation's quote covers the gold clause, or is a real part of it."""
    wanted, got = squash(gold), squash(quote)
    return wanted in got or (len(got) >= _LEAST_QUOTE and got in wanted)


def is_exact(citation: Citation, text: str | None) -> bool:
    """Whether the quote stands in the document at the place that the citation names."""
    return text is not None and text[citation.start : citation.end] == citation.quote


def says(answer: str, forbidden: str) -> bool:
    """Whether the answer says a forbidden text, or matches one given as ``re:PATTERN``."""
    if forbidden.startswith("re:"):
        return re.search(forbidden[3:], answer) is not None
    return squash(forbidden) in squash(answer)


def rows_naming(answer: Answer, unit: str) -> int:
    """How many of the answer's commitments have the unit as lead or cooperating unit."""
    return sum(any(unit in name for name in (*row.lead_units, *row.cooperating_units)) for row in answer.commitments)


def opening_of(answer: str) -> str:
    """An answer up to the end of the first line that cites something; headings and conditions may stand before it."""
    lines = answer.strip().splitlines()
    first = next((n for n, line in enumerate(lines) if re.search(r"\[[0-9]+\]", line)), len(lines))
    return "\n".join(lines[: first + 1])


def grade(case: Case, answer: Answer, text_of: TextOf, seconds: float = 0.0) -> Grade:
    """Grade an answer; ``text_of`` gives a document's canonical text by id, None for an unknown id."""
    said = squash(answer.answer) + "".join(
        squash(json.dumps(asdict(row), ensure_ascii=False)) for row in answer.commitments
    )
    lacking = [group for group in case.must if not any(squash(text) in said for text in group)]
    forbidden = [text for text in case.must_not if says(answer.answer, text)]
    uncited = [gold for gold in case.quotes if not any(is_cited(gold, c.quote) for c in answer.citations)]
    inexact = [c for c in answer.citations if not is_exact(c, text_of(c.document_id))]
    # Where no gold clause is given, citations cannot be told right from wrong.
    on_gold = [c for c in answer.citations if _holds_one_of(case.quotes, c)]
    right = (*case.quotes, *(case.also or ()))
    fitting = [c for c in answer.citations if _holds_one_of(right, c)]
    fitting_cited = [clause for clause in right if any(is_cited(clause, c.quote) for c in answer.citations)]
    complete = not uncited if case.count is None else _counts(answer, case)
    verdict = answer.verdict.value
    verdict_right = not case.verdicts or verdict in case.verdicts

    opening = squash(opening_of(answer.answer))
    late = [group for group in case.opens if not any(squash(text) in opening for text in group)]

    reasons = [f"缺少 {'|'.join(group)}" for group in lacking]
    reasons += [f"开头没有说 {'|'.join(group)}" for group in late]
    reasons += [f"不应说 {text}" for text in forbidden]
    reasons += [f"未引用 {_shortened(gold)}" for gold in uncited]
    reasons += [f"引文 [{c.n}] 与原文不符" for c in inexact]
    if not verdict_right:
        reasons.append(f"结论 {verdict}，应为 {'|'.join(sorted(case.verdicts))}")
    if case.count is not None and not complete:
        reasons.append(f"应有 {case.count} 项，得到 {rows_naming(answer, case.unit or '')} 项")
    return Grade(
        case=case,
        reasons=tuple(reasons),
        must=(len(case.must) - len(lacking), len(case.must)),
        forbidden_said=len(forbidden),
        gold_cited=(len(case.quotes) - len(uncited), len(case.quotes)),
        quotes_exact=(len(answer.citations) - len(inexact), len(answer.citations)),
        on_gold=(len(on_gold), len(answer.citations) if case.quotes else 0),
        fitting=(len(fitting), len(answer.citations)) if case.also is not None else (0, 0),
        fitting_cited=(len(fitting_cited), len(right)) if case.also is not None else (0, 0),
        supported=supported(answer),
        complete=complete if case.is_list else None,
        verdict_right=verdict_right,
        verdict=verdict,
        answer=answer.answer,
        seconds=seconds,
    )


def failed(case: Case, message: str, seconds: float = 0.0) -> Grade:
    """The grade of a question that got no answer at all."""
    return Grade(
        case=case,
        reasons=(f"没有回答：{message}",),
        must=(0, len(case.must)),
        gold_cited=(0, len(case.quotes)),
        complete=False if case.is_list else None,
        verdict_right=False,
        verdict="error",
        seconds=seconds,
    )


def _holds_one_of(clauses: Sequence[str], citation: Citation) -> bool:
    return any(is_cited(clause, citation.quote) for clause in clauses)


def _counts(answer: Answer, case: Case) -> bool:
    if answer.completeness is not None and answer.completeness.total == case.count:
        return True
    return case.unit is not None and rows_naming(answer, case.unit) == case.count


def _shortened(text: str, most: int = 24) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
