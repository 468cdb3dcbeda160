"""One composer a kind of question; the table below is the whole of the dispatch."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from assistant.answering.extractive.asks import asks
from assistant.answering.extractive.comparison import comparison
from assistant.answering.extractive.decisions import decisions
from assistant.answering.extractive.history import over_time
from assistant.answering.extractive.limits import deadlines, event_date, overdue
from assistant.answering.extractive.listing import listing
from assistant.answering.extractive.particulars import particulars
from assistant.answering.extractive.passages import passages
from assistant.answering.extractive.progress import progress
from assistant.answering.extractive.replies import missing_reference
from assistant.answering.extractive.responsibility import responsibility
from assistant.answering.extractive.unknown import unknown
from assistant.answering.reading import Reading
from assistant.answering.statements import Composition
from assistant.answering.understand import Intent

_LIST_ALL = re.compile(
    "(?:全|都)(?:部)?(?:列|给我)|列(?:出|一下)[^，。？]{0,16}(?:任务|事项|分工)|(?:任务|事项)[^，。？]{0,4}(?:全|都)(?:部)?列"
)
_COMPOSERS: Mapping[Intent, Callable[[Reading], Composition]] = {
    Intent.ROWS: listing,
    Intent.LEAD: responsibility,
    Intent.COOPERATION: responsibility,
    Intent.DEADLINE: deadlines,
    Intent.EVENT_DATE: event_date,
    Intent.PROGRESS: progress,
    Intent.OVERDUE: overdue,
    Intent.METADATA: particulars,
    Intent.ASKS: asks,
    Intent.CONTENT: passages,
}


def compose(reading: Reading) -> Composition:
    """The extractive answer to a question over its documents."""
    if reading.scope.missing:
        return missing_reference(reading)
    return unknown(reading) or over_time(reading) or decisions(reading) or comparison(reading, _one) or _one(reading)


def _one(reading: Reading) -> Composition:
    if _all_of_one(reading):
        return listing(reading)
    return _COMPOSERS[reading.question.intent](reading)


def _all_of_one(reading: Reading) -> bool:
    """Whether all duties of one document are asked for (把分工表全列出来), without an object among them."""
    question = reading.question
    if question.intent not in (Intent.CONTENT, Intent.LEAD, Intent.PROGRESS) or question.clauses or question.units:
        return False
    one = reading.scope.documents is not None and len(reading.documents) == 1 and not reading.scope.by_focus
    return one and bool(_LIST_ALL.search(question.text)) and bool(reading.rows())
