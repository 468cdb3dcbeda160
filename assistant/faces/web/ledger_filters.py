"""The filters of the ledger as an address carries them; every list of it takes the same."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query
from pydantic import AfterValidator

from assistant.domain.ledger.selection import Filters
from assistant.faces.ledger_forms import filters_of
from assistant.faces.web.errors import encodable

Words = Annotated[str, Query(max_length=200), AfterValidator(encodable)]


def chosen(
    *,
    lead: Annotated[Words | None, Query(description="Lead unit.")] = None,
    cooperating: Annotated[Words | None, Query(description="Cooperating unit.")] = None,
    unit: Annotated[Words | None, Query(description="Unit in any part.")] = None,
    role: Annotated[Words | None, Query(description="Role, or a part of it.")] = None,
    status: Annotated[Words | None, Query(description="planned, in_progress, done or unclear.")] = None,
    deadline: Annotated[Words | None, Query(description="Kind of time limit, none for without one.")] = None,
    basis: Annotated[Words | None, Query(description="explicit or inherited.")] = None,
    document: Annotated[Words | None, Query(description="Id, or part of number, title or file name.")] = None,
    text: Annotated[Words | None, Query(description="Words that task and quote must hold.")] = None,
    overdue: bool = False,
    due_within: Annotated[int | None, Query(ge=0, le=36500, description="Days from as_of.")] = None,
    due_from: Annotated[Words | None, Query(description="YYYY-MM-DD: the limit ends then or later.")] = None,
    due_to: Annotated[Words | None, Query(description="YYYY-MM-DD: the limit ends then or earlier.")] = None,
    done_undated: Annotated[bool, Query(description="Said to be done, and nothing shows when.")] = False,
    review: Annotated[Words | None, Query(description="unreviewed, confirmed, corrected, rejected, pending.")] = None,
    rejected: Annotated[bool, Query(description="List rejected ones too.")] = False,
    as_of: Annotated[Words | None, Query(description="YYYY-MM-DD; today in China unless given.")] = None,
    sort: Annotated[
        Words | None,
        Query(description="task, lead, cooperating, role, due, status or document, downwards with - before it."),
    ] = None,
) -> Filters:
    """The filters of a request; an empty field of a form is none. Raises :class:`assistant.errors.BadRequest`."""
    return filters_of(
        lead=lead,
        cooperating=cooperating,
        unit=unit,
        role=role,
        status=status,
        deadline=deadline,
        basis=basis,
        document=document,
        text=text,
        overdue=overdue,
        due_within=due_within,
        due_from=due_from,
        due_to=due_to,
        done_undated=done_undated,
        review=review,
        rejected=rejected,
        as_of=as_of,
        sort=sort,
    )


Chosen = Annotated[Filters, Depends(chosen)]
