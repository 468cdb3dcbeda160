"""Lists that the structure of a document gives: clauses under a heading, rows of a table, parts of the whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.retrieval.families import Family
from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.relevance import Relevance
from assistant.answering.retrieval.segments import Segment, segment_spans
from assistant.answering.statements import Composition, Quote, Statement, attributed, counted, shortened
from assistant.domain.language.text import fold, terms
from assistant.domain.policy import Clause, ClauseKind, Document

_ASKS_COUNT = re.compile("(?:几|多少)个?(方面|部分|大类|章|问题|条|项|措施|任务)")
_SMALLEST = ("条", "项", "措施", "任务")  # counts the clauses without clauses under them; the others, the top ones
_NAMES_PART = 0.5  # of the question's words in a heading, for the count to be of that part
_LEADS_OVER = ("：", ":")
_LONGEST_HEADING = 120  # characters of a clause that only leads over to those under it


def overview(reading: Reading) -> Composition | None:
    """What a named document is about: its top clauses by their first sentences, or its first paragraphs."""
    if reading.scope.documents is None or len(reading.documents) != 1:
        return None
    document = reading.documents[0]
    body = [c for c in document.clauses if c.kind is ClauseKind.BODY]
    level = min((c.level for c in body if c.label), default=None)
    top = [c for c in body if c.label and c.level == level] or [c for c in body if c.span.of(document.text).strip()][:3]
    statements = [Statement(shortened(q.text), (q,)) for c in top if (q := _opening(document, c))]
    return counted(statements, "以上为主要部分，共 {} 条，详见原文。") if statements else None


def clauses_under(best: Segment, *, leads_over: bool = False) -> Composition | None:
    """Where the best place is a heading over numbered clauses, or leads over to them, those clauses are the list."""
    children = best.document.children(best.clause)
    if len(children) < 2:
        return None
    if not leads_over and len(best.clause.span.of(best.document.text).strip()) > _LONGEST_HEADING:
        return None
    statements = [Statement(shortened(q.text), (q,)) for c in children if (q := _opening(best.document, c))]
    # What leads over to them may say more than their heading: how many they are, what they have in common.
    head = [] if best.is_heading else [Statement(f"{best.quote.text.rstrip('：:')}：", (best.quote,))]
    return counted(statements, "共 {} 项，全部列出。", head=head)


def family_told(family: Family) -> Composition:
    """The clauses of a family by what they open with; those that only head further ones, with these under them."""
    document = family.document
    lead = _leading(document, family.lead) if family.lead else None
    statements: list[Statement] = []
    under = 0
    for item in family.items:
        opening = _opening(document, item)
        if opening is None:
            continue
        statements.append(Statement(shortened(opening.text), (opening,)))
        if len(item.span.of(document.text).strip()) <= len(opening.text) + 1:
            further = [q for c in document.clauses if c.parent_id == item.id and (q := _opening(document, c))]
            statements += [Statement(shortened(q.text), (q,)) for q in further]
            under += len(further)
    count = len(family.items)
    head = [Statement(f"{lead.text.rstrip('：:。')}：", (lead,))] if lead else []
    parted = f"，下分 {under} 小项" if under else ""
    # What leads over to its items says that they are all; a heading only says what stands under it.
    said = "全部列出。" if lead and lead.text.endswith(_LEADS_OVER) else "这一部分已全部列出；别处另有写到的不在内。"
    closing = f"共 {count} 项{parted}，{said}"
    return counted(statements, closing, head=head)


def _leading(document: Document, lead: Clause) -> Quote | None:
    """What leads over to the items of a clause: its last sentence where that does, else what it opens with."""
    *_, last = [None, *segment_spans(document, lead)]
    if last is not None and last.of(document.text).rstrip().endswith(_LEADS_OVER):
        return Quote(document, last)
    return _opening(document, lead)


def one_of(whole: Composition, words: str) -> Composition | None:
    """Of a list the one item that the question is about, behind what leads over to it; None where all are asked for.

    It is about one where words of it (年龄 of 担任公证员的年龄条件) stand in that item and nowhere else in the list.
    """
    quoted = [s for s in whole.statements if s.quotes]
    if whole.completeness is None or len(quoted) != whole.completeness.total + 1:
        return None  # nothing leads over to the items
    lead, *items = quoted
    known = fold(lead.text + lead.quotes[0].document.title)
    rare = {t for t in terms(fold(words)) if len(t) > 1 and t not in known}
    telling = [item for item in items if any(t in fold(item.text) for t in rare)]
    if len(telling) != 1:
        return None
    return Composition(whole.verdict, attributed([lead, *telling]))


def rows_alike(best: Segment, equal: Sequence[Segment]) -> Composition | None:
    """Rows of the best row's document that answer equally well are the list."""
    rows = [s for s in equal if s.clause.kind is ClauseKind.TABLE and s.document.id == best.document.id]
    if len(rows) < 2:
        return None
    rows.sort(key=lambda s: s.span)
    return counted([Statement(shortened(s.quote.text, 400), (s.quote,)) for s in rows], "共 {} 项，全部列出。")


def count_of_clauses(reading: Reading) -> Composition | None:
    """几个方面, 多少项任务: the numbered clauses of the one document named, or of the part that the question names."""
    asked = _ASKS_COUNT.search(reading.question.text)
    if asked is None or reading.scope.documents is None or len(reading.documents) != 1:
        return None
    document = reading.documents[0]
    rows = [c for c in document.clauses if c.kind is ClauseKind.TABLE]
    if asked.group(1) in _SMALLEST and len(rows) > 1 and not any(c.label for c in document.clauses):
        statements = [Statement(shortened(q.text, 80), (q,)) for c in rows if (q := _opening(document, c))]
        return counted(statements, "共 {} 项，全部列出。")
    clauses = _in_part(document, reading.question.object)
    if asked.group(1) in _SMALLEST:
        parents = {c.parent_id for c in clauses}
        clauses = [c for c in clauses if c.id not in parents]
    else:
        level = min((c.level for c in clauses), default=1)
        clauses = [c for c in clauses if c.level == level]
    if len(clauses) < 2:
        return None
    statements = [Statement(shortened(q.text, 80), (q,)) for c in clauses if (q := _opening(document, c))]
    measure = asked.group(1) if asked.group(1) in ("条", "项") else f"个{asked.group(1)}"
    return counted(statements, "共 {} " + measure + "，全部列出。")


def _in_part(document: Document, words: str) -> list[Clause]:
    numbered = [c for c in document.clauses if c.label and c.kind is ClauseKind.BODY]
    relevance = Relevance(words, [c.heading for c in numbered])
    part = max(numbered, key=lambda c: relevance(c.heading), default=None)
    if part is None or relevance.empty or relevance(part.heading) < _NAMES_PART:
        return numbered
    return [c for c in numbered if part in document.ancestors(c)]


def _opening(document: Document, clause: Clause) -> Quote | None:
    """The first sentence of a clause: its heading, where it has one."""
    return next((Quote(document, span) for span in segment_spans(document, clause)), None)
