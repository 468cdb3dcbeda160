"""What is graded and what grading gives: values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """One question (or conversation, of which the last answer is graded) and what a right answer has.

    ``must`` is a list of groups; of each group one alternative has to be said. ``must_not`` holds plain texts, and
    patterns as ``re:PATTERN``. Empty ``verdicts`` allow any. ``count`` is the number of rows that name ``unit``.
    ``opens``, groups too, is what the first line that cites something has to say: what holds now, before how it came.
    ``also`` are the other clauses that somebody judged right to cite (docs/retrieval.md gives the rule); None where
    nobody has judged them. They count for the precision of citations; leaving one out is no fault.
    """

    id: str
    category: str
    turns: tuple[str, ...]
    quotes: tuple[str, ...] = ()
    must: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    verdicts: frozenset[str] = frozenset()
    count: int | None = None
    unit: str | None = None
    opens: tuple[tuple[str, ...], ...] = ()
    also: tuple[str, ...] | None = None

    @property
    def unanswerable(self) -> bool:
        """Whether an honest “not stated” is the only right verdict."""
        return bool(self.verdicts) and not self.verdicts & {"answered"}

    @property
    def is_list(self) -> bool:
        """Whether several things have to be told: a number of rows, or more than one gold clause."""
        return self.count is not None or len(self.quotes) > 1


@dataclass(frozen=True, slots=True)
class Grade:
    """How one answer did. Right means that ``reasons`` is empty; the pairs are (reached, asked for)."""

    case: Case
    reasons: tuple[str, ...]
    must: tuple[int, int] = (0, 0)
    forbidden_said: int = 0
    gold_cited: tuple[int, int] = (0, 0)
    quotes_exact: tuple[int, int] = (0, 0)
    on_gold: tuple[int, int] = (0, 0)  # citations that hold a gold clause or a part of one
    fitting: tuple[int, int] = (0, 0)  # where they were judged: citations of clauses that are right to cite
    fitting_cited: tuple[int, int] = (0, 0)  # and of those clauses, the ones that are cited
    supported: tuple[int, int] = (0, 0)  # pairs of line and citation in which the cited clause supports the line
    complete: bool | None = None  # whether a list has all that it should; None where no list is asked for
    verdict_right: bool = True
    verdict: str = ""
    answer: str = ""
    seconds: float = 0.0

    @property
    def right(self) -> bool:
        return not self.reasons
