"""What a run of ingest did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from assistant.domain.policy import Problem


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one run: what ``--json`` prints and the summary table shows. Counts are of whole documents."""

    command: str
    files: int  # looked at in this run
    read: int  # of those, read anew because they were new or had changed
    new: int
    unchanged: int
    removed: int
    documents: int  # now in the library
    superseded: int  # earlier versions besides: to be read, but not searched
    clauses: int  # passages that are searched, now in the library
    embedded: int  # of those, turned into vectors in this run
    model: str | None  # None: search by words alone
    generation: str | None  # what is served now
    published: bool  # whether this run made it
    problems: tuple[Problem, ...]
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def lost(self) -> int:
        """Problems by which text was lost."""
        return sum(p.lost for p in self.problems)

    def to_json(self) -> dict[str, Any]:
        return {
            "command": self.command,
            "files": self.files,
            "read": self.read,
            "documents": {
                "total": self.documents,
                "new": self.new,
                "unchanged": self.unchanged,
                "removed": self.removed,
                "superseded": self.superseded,
            },
            "clauses": self.clauses,
            "embedded": self.embedded,
            "model": self.model,
            "generation": self.generation,
            "published": self.published,
            "lost": self.lost,
            "problems": [problem_json(p) for p in self.problems],
            "seconds": {stage: round(seconds, 2) for stage, seconds in self.seconds.items()},
        }


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem as one object of a ``problems`` list."""
    told = {"source": problem.source, "place": problem.place, "reason": problem.reason, "lost": problem.lost}
    return {**told, "detail": problem.detail} if problem.detail else told
