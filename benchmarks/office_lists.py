"""Lists of clauses as answers tell them: how much of what was asked for is cited, and how much of what is cited was.

``retrieval_office.jsonl`` has 24 questions for every clause that says a thing. ``retrieval_office_lists.jsonl`` has 40
more, written from the documents (read or searched through) before they were asked; of these, what is mended is mended
on ``dev`` alone. A citation stands for a list where it lies in a clause of it, or in the one that leads over to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from assistant.bootstrap import Service
from assistant.domain.access import LOCAL
from assistant.domain.dialogue import Done
from benchmarks.peers import Place

LISTS = Path(__file__).with_name("retrieval_office_lists.jsonl")


@dataclass(frozen=True, slots=True)
class Listed:
    """What an answer has of a list: ``found`` of its clauses, ``right`` of its own citations, both from 0 to 1."""

    found: float
    right: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question for all of some clauses, and the places that lead over to them."""

    id: str
    question: str
    gold: tuple[Place, ...]
    leads: tuple[Place, ...] = ()


def listed(service: Service, wanted: Sequence[Wanted]) -> dict[str, Listed]:
    """Ask each question and compare what is cited, by the question's id."""
    return {one.id: compared(asyncio.run(_cited(service, one.question)), one) for one in wanted}


def compared(places: Sequence[Place], wanted: Wanted) -> Listed:
    """What the cited places have of the clauses that were wanted."""
    found = [any(within(place, gold) for place in places) for gold in wanted.gold]
    right = [any(within(place, gold) for gold in (*wanted.gold, *wanted.leads)) for place in places]
    return Listed(mean(found), mean(right) if right else 0.0)


def means(told: Mapping[str, Listed]) -> tuple[float, float]:
    """Both figures over all questions."""
    return mean([one.found for one in told.values()] or [0.0]), mean([one.right for one in told.values()] or [0.0])


def within(place: Place, gold: Place) -> bool:
    """Whether a quote stands in a clause."""
    return place.document == gold.document and place.start < gold.end and gold.start < place.end


async def _cited(service: Service, question: str) -> list[Place]:
    async for event in service.asker.ask(question, reader=LOCAL, history=()):
        if isinstance(event, Done):
            return [Place(c.document_id, c.start, c.end) for c in event.answer.citations]
    return []
