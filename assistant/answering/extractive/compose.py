"""One composer a kind of question; the table below is the whole of the dispatch."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from assistant.answering.extractive.across import across
from assistant.answering.extractive.asks import asks
from assistant.answering.extractive.comparison import comparison
from assistant.answering.extractive.decisions import decisions
from assistant.answering.extractive.force import in_force
from assistant.answering.extractive.history import over_time
from assistant.answering.extractive.limits import deadlines, event_date, overdue
from assistant.answering.extractive.listing import listing
from assistant.answering.extractive.particulars import particulars
from assistant.answering.extractive.passages import passages
from assistant.answering.extractive.progress import progress
from assistant.answering.extractive.replies import missing_reference
from assistant.answering.extractive.responsibility import responsibility
from assistant.answering.extractive.unclear import unclear
from assistant.answering.extractive.unknown import unknown
from assistant.answering.retrieval.reading import Reading
from assistant.answering.statements import Composition
from assistant.answering.understanding.intents import Intent
from assistant.domain.policy import ClauseKind

_LIST_ALL = re.compile(
    "(?:全|都)(?:部)?(?:列|给我)|列(?:出|一下)[^，。？]{0,16}(?:任务|事项|分工)|(?:任务|事项)[^，。？]{0,4}(?:全|都)(?:部)?列"
    "|(?:有|是|列了|包括|登记了|安排了|部署了)(?:哪些|哪几项|什么|多少项?|几项)(?:任务|事项|工作)(?=[？?。，]|$)|(?:一共|总共|共)(?:有|是|登记了?|列了?|安排了?)?(?:几|多少)[项个条件]?(?:任务|事项)?(?=[？?。，]|$)"
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
    if told := across(reading):
        return told
    if told := in_force(reading) or unclear(reading):
        return told
    return unknown(reading) or over_time(reading) or decisions(reading) or comparison(reading, _one) or _one(reading)


def _one(reading: Reading) -> Composition:
    if _all_of_one(reading) or _in_state(reading):
        return listing(reading)
    return _COMPOSERS[reading.question.intent](reading)


def _in_state(reading: Reading) -> bool:
    """Whether matters of one table are asked for by the state that its cells give (台账里已完成的有几项)."""
    question = reading.question
    one = reading.scope.documents is not None and len(reading.documents) == 1 and not reading.clauses
    if not one or question.intent is not Intent.PROGRESS or question.asked.state is None or not question.wants_list:
        return False
    rows = reading.rows()
    stated = [r for r in rows if r.clause.kind is ClauseKind.TABLE and r.entry.commitment.status.cue]
    return bool(rows) and 2 * len(stated) > len(rows)


def _all_of_one(reading: Reading) -> bool:
    """Whether all duties of one document are asked for (把分工表全列出来), without an object among them."""
    question = reading.question
    if question.intent not in (Intent.CONTENT, Intent.LEAD, Intent.PROGRESS) or question.clauses or question.units:
        return False
    one = reading.scope.documents is not None and len(reading.documents) == 1 and not reading.scope.by_focus
    return one and bool(_LIST_ALL.search(question.text)) and bool(reading.rows())
