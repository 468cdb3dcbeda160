"""Sums over graded answers: figures by category and over all, and the failures with their reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from assistant.evaluation.case import Grade

_UNANSWERED = ("not_stated", "out_of_scope", "refused")


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over some questions.

    ``gold_cited`` of ``gold`` is the citations' recall of the gold clauses, ``on_gold`` of ``cited`` their precision
    where gold clauses are given. ``refused`` are the questions without an answer in the documents that were recognised
    (of ``unanswerable``), ``wrongly_refused`` those with one that were not answered (of ``answerable``).
    ``fitting`` of ``judged`` is the precision of citations where every citation was judged by a person, gold or not;
    ``fitting_cited`` of ``fitting_clauses`` how many of the clauses that are right to cite are cited.
    ``supporting`` of ``cited_lines`` are the pairs of line and citation in which the cited clause holds what the line
    says: the precision of citations that does not depend on how complete the gold clauses are.
    ``complete`` of ``lists`` had all rows, or all gold clauses where there are several.
    """

    questions: int
    right: int
    must_said: int
    must: int
    forbidden_said: int
    gold_cited: int
    gold: int
    quotes_exact: int
    quotes: int
    verdict_right: int
    on_gold: int
    cited: int
    fitting: int
    judged: int
    fitting_cited: int
    fitting_clauses: int
    supporting: int
    cited_lines: int
    refused: int
    unanswerable: int
    wrongly_refused: int
    answerable: int
    complete: int
    lists: int


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run. Latencies are seconds of a case with all its turns."""

    total: Figures
    categories: dict[str, Figures]
    grades: tuple[Grade, ...]
    p50_seconds: float
    max_seconds: float

    @property
    def failures(self) -> tuple[Grade, ...]:
        """The grades of wrong answers."""
        return tuple(grade for grade in self.grades if not grade.right)

    def passes(self, least: float) -> bool:
        """Whether every quote is exact and at least the share ``least`` (0 to 1) of the questions is right."""
        return self.total.quotes_exact == self.total.quotes and self.total.right >= least * self.total.questions

    def to_json(self) -> dict[str, Any]:
        return {
            "total": asdict(self.total),
            "categories": {name: asdict(figures) for name, figures in self.categories.items()},
            "latency_ms": {"p50": round(self.p50_seconds * 1000, 1), "max": round(self.max_seconds * 1000, 1)},
            "failures": [
                {
                    "id": grade.case.id,
                    "category": grade.case.category,
                    "question": grade.case.turns[-1],
                    "verdict": grade.verdict,
                    "answer": grade.answer,
                    "reasons": list(grade.reasons),
                }
                for grade in self.failures
            ],
            "right": {grade.case.id: grade.right for grade in self.grades},
        }


def summed(grades: Iterable[Grade]) -> Figures:
    """The figures of some graded answers."""
    rows = list(grades)
    return Figures(
        questions=len(rows),
        right=sum(g.right for g in rows),
        must_said=sum(g.must[0] for g in rows),
        must=sum(g.must[1] for g in rows),
        forbidden_said=sum(g.forbidden_said for g in rows),
        gold_cited=sum(g.gold_cited[0] for g in rows),
        gold=sum(g.gold_cited[1] for g in rows),
        quotes_exact=sum(g.quotes_exact[0] for g in rows),
        quotes=sum(g.quotes_exact[1] for g in rows),
        verdict_right=sum(g.verdict_right for g in rows),
        on_gold=sum(g.on_gold[0] for g in rows),
        cited=sum(g.on_gold[1] for g in rows),
        fitting=sum(g.fitting[0] for g in rows),
        judged=sum(g.fitting[1] for g in rows),
        fitting_cited=sum(g.fitting_cited[0] for g in rows),
        fitting_clauses=sum(g.fitting_cited[1] for g in rows),
        supporting=sum(g.supported[0] for g in rows),
        cited_lines=sum(g.supported[1] for g in rows),
        refused=sum(g.case.unanswerable and g.verdict_right for g in rows),
        unanswerable=sum(g.case.unanswerable for g in rows),
        wrongly_refused=sum(_is_answerable(g) and g.verdict in _UNANSWERED for g in rows),
        answerable=sum(_is_answerable(g) for g in rows),
        complete=sum(g.complete is True for g in rows),
        lists=sum(g.complete is not None for g in rows),
    )


def _is_answerable(grade: Grade) -> bool:
    """Whether the documents hold the answer: a gold clause or a text is asked for, and an answer is allowed."""
    return bool(grade.case.quotes or grade.case.must) and not grade.case.unanswerable


def report(grades: Sequence[Grade]) -> Report:
    """Sum up a run; categories keep the order in which they first occur."""
    categories = dict.fromkeys(grade.case.category for grade in grades)
    seconds = [grade.seconds for grade in grades] or [0.0]
    return Report(
        total=summed(grades),
        categories={name: summed(g for g in grades if g.case.category == name) for name in categories},
        grades=tuple(grades),
        p50_seconds=median(seconds),
        max_seconds=max(seconds),
    )
