"""Who leads, who cooperates: answered from the ledger rows of the documents in reach."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.extractive.passages import passages
from assistant.answering.extractive.replies import searched_in
from assistant.answering.reading import Reading, Segment
from assistant.answering.relevance import Relevance
from assistant.answering.statements import (
    INFERRED_UNIT,
    NOT_STATED,
    SIGNS,
    Composition,
    Quote,
    Statement,
    attributed,
    counted,
    date_of,
    shortened,
    trimmed,
    with_row,
)
from assistant.answering.understand import Intent
from assistant.domain.dialogue import Verdict
from assistant.domain.ledger import Row, governing_row, leads_of, meant_by
from assistant.domain.numerals import parse_numeral
from assistant.domain.policy import Clause, Document, Span
from assistant.domain.units import any_same

# Coverage of the question's words from which a row is about the question's object, and how near the best others are.
ABOUT = 0.5
NEAR = 0.8
_SAME = 0.95  # of one document: rows as near as this speak of the same thing
_KIND_UNSAID = 0.8
_OTHERS = 0.68  # documents beside the best one
_OWN = 0.85  # a row this near to the best sentence speaks for it; under that the sentence has no duty of its own


# When somebody led is told by the documents' dates; the words are not part of the object.
_WHEN = re.compile("成立(?:时|之初)?|计划|原定|最初|后来|变化|变更|调整后?|如今|当时|打算|让")
_LEADS_ASKED = re.compile("牵头|负责|责任|主办|承办|归|管|配合|协办|会办|职责|分工")
_ACTS = re.compile("牵头|负责|主管|承担|承办|主办|会同|指导|组织实施|参与")
_CASE_ROLE = re.compile("主办|会办|协办|承办")
_PARTS = re.compile("([二三四五六七八九十两0-9]+)个?(?:大)?(?:方面|部分|板块|大类)")


def responsibility(reading: Reading) -> Composition:
    """Lead and cooperating units, for an object, for a unit, or for each part of a document."""
    question = reading.question
    rows = reading.rows()
    if handling := _CASE_ROLE.search(question.text):
        said = [r for r in reading.all_rows() if handling.group() in r.quote.of(r.document.text)]
        if said:
            return _listed([_told(r) for r in said])
    if question.wants_sections and (sections := _sections(reading, rows)):
        return _listed([_told(r) for r in sections])
    acting = tuple(u for u in question.units if any(_names(r, u) for r in rows))
    words = " ".join([_WHEN.sub(" ", question.object), *(u for u in question.units if u not in acting)])
    if acting and (question.wants_list or not words.strip()):
        return _of_units(reading, rows, acting, words)
    if acting and question.yes_no:
        return _premise(reading, rows, acting, words)
    if acting and not _spoken_of(reading, words):
        return _of_units(reading, rows, acting, "")
    return _of_object(reading, rows, words or " ".join(acting))


def _sections(reading: Reading, rows: list[Row]) -> list[Row]:
    """The lead of each part: of the document whose parts are as many as the question says (三个方面)."""
    asked = _PARTS.search(reading.question.text)
    count = parse_numeral(asked.group(1)) if asked else None
    by_document: dict[str, dict[str, Row]] = {}
    for row in rows:
        if row.clause.level == 1 and row.duty.role not in ("责任", "配合"):
            by_document.setdefault(row.document.id, {}).setdefault(row.clause.id, row)
    fitting = [list(found.values()) for found in by_document.values() if count in (None, len(found))]
    return fitting[0] if len(fitting) == 1 or (fitting and reading.scope.documents is not None) else []


def _spoken_of(reading: Reading, words: str) -> bool:
    """Whether the question names an object that the documents know."""
    relevance = reading.relevance(words)
    return any(relevance(*reading.own_levels(s)) >= ABOUT for s in reading.segments())


def _names(row: Row, unit: str) -> bool:
    return any_same(unit, (*leads_of(row), *row.duty.cooperators))


def _of_units(reading: Reading, rows: list[Row], units: tuple[str, ...], words: str) -> Composition:
    """Every row in which the units play the asked part: a list, complete over the documents in reach."""
    cooperation = reading.question.intent is Intent.COOPERATION
    if cooperation:
        statements = [s for row in rows if (s := _cooperation(reading, row, units))]
    else:
        # 牵头 asks for leads; 负责 and 承担 ask for every part that is not only helping.
        plays = _leads if "牵头" in reading.question.text else _names
        statements = [_told(r) for r in rows if r.duty.role != "配合" and any(plays(r, u) for u in units)]
    # One character left of a question (办, 做) narrows nothing: a list must not lose rows to it.
    relevance = reading.relevance(" ".join(w for w in words.split() if len(w) > 1))
    if not relevance.empty:
        about = [s for s in statements if s.row and relevance(*reading.own_levels(s.row)) >= ABOUT]
        statements = about or statements
    if not statements:
        part = "配合" if cooperation else "牵头或负责"
        text = f"{NOT_STATED}{'、'.join(units)}{part}的事项（已查{searched_in(reading)}）。"
        return Composition(Verdict.NOT_STATED, (Statement(text),))
    return _listed(statements, head=_understood_as(reading, units, statements))


def _cooperation(reading: Reading, row: Row, units: tuple[str, ...]) -> Statement | None:
    """The row as a statement where one of the units cooperates in it: named, or by the lead of the part it is in."""
    if row.duty.role == "配合":
        above = governing_row(row.document, row.clause, reading.shelf.of(row.document).rows)
        acts = above is not None and any(_leads(above, u) for u in units)
        return _told(row, above) if acts or all(any_same(u, row.duty.leads) for u in units) else None
    return _told(row) if any(any_same(u, row.duty.cooperators) for u in units) else None


def _leads(row: Row, unit: str) -> bool:
    return any_same(unit, leads_of(row))


def _understood_as(reading: Reading, units: tuple[str, ...], statements: list[Statement]) -> list[Statement]:
    """Says how a short name was read (教育局 as the issuer 吉林市教育局), where the reading was not literal."""
    found: list[Statement] = []
    for unit in units:
        for document in {s.quotes[0].document.id: s.quotes[0].document for s in statements}.values():
            issuer = document.field("issuer")
            if issuer and issuer.value != unit and any_same(unit, (issuer.value,)):
                quote = Quote(document, issuer.span)
                found.append(Statement(f"“{unit}”按发文单位“{issuer.value}”理解。", (quote,)))
                break
    return found


def _of_object(reading: Reading, rows: list[Row], words: str) -> Composition:
    segments = reading.segments()
    relevance = reading.relevance(words)
    if relevance.empty or (reading.clauses is not None and rows):
        return _listed([_told(r) for r in rows]) if rows else _silent(reading, None)
    scored = sorted(((_about(reading, relevance, r), r) for r in rows), key=lambda pair: -pair[0])
    best_segment = max(segments, key=lambda s: relevance(*reading.own_levels(s)), default=None)
    segment_score = relevance(*reading.own_levels(best_segment)) if best_segment else 0.0
    row_score = scored[0][0] if scored else 0.0
    if row_score >= ABOUT and row_score >= _OWN * segment_score:
        kept = _best_by_document(scored, NEAR if reading.question.wants_list else _SAME)
        supporting = any(r.duty.cooperators or r.duty.role == "配合" for r in kept)
        statements = [_told(r) for r in kept]
        if reading.question.intent is Intent.COOPERATION and not supporting:
            silent = Statement(f"{NOT_STATED}配合单位。", statements[-1].quotes)
            return Composition(Verdict.PARTIAL, attributed([*statements, silent]))
        if reading.question.wants_list:
            return _listed(statements)
        return Composition(Verdict.ANSWERED, attributed(statements))
    if not _LEADS_ASKED.search(reading.question.text):
        return passages(reading)  # 哪些单位, 谁: asked of something else than a duty
    if best_segment is None or (segment_score < ABOUT and reading.clauses is None):
        return _silent(reading, None)
    near = [s for s in segments if relevance(*reading.own_levels(s)) >= _OWN * segment_score and _ACTS.search(s.text)]
    if near:  # says who acts, in words that make no row
        told = [Statement(f"“{shortened(s.quote.text)}”", (s.quote,)) for s in near[:3]]
        unsaid = [u for u in reading.question.units if not any(f"{u}牵头" in s.text for s in near)]
        if reading.question.yes_no and unsaid:
            head = Statement(f"文件没有写明由{'、'.join(unsaid)}牵头，原文如下。")
            return Composition(Verdict.ANSWERED, (head, *attributed(told)))
        return Composition(Verdict.ANSWERED, attributed(told))
    return _inherited(reading, best_segment)


def _about(reading: Reading, relevance: Relevance, row: Row) -> float:
    """How much a row is about the object; less where only the document's title says what kind of thing it is."""
    levels = reading.own_levels(row)
    return relevance(*levels) * (1.0 if relevance.names_head(*levels) else _KIND_UNSAID)


def _best_by_document(scored: list[tuple[float, Row]], near: float) -> list[Row]:
    """The rows about the object: of each document that speaks of it nearly as closely as the closest, its best ones.

    A plan and a later founding notice both speak; their documents come in the order of their dates, so that a change
    of lead is read as one.
    """
    top = scored[0][0]
    by_document: dict[str, list[tuple[float, Row]]] = {}
    for score, row in scored:
        by_document.setdefault(row.document.id, []).append((score, row))
    kept = [
        row
        for rows in by_document.values()
        for score, row in rows
        if rows[0][0] >= _OTHERS * top and score >= near * rows[0][0]
    ]
    return sorted(kept, key=lambda r: (date_of(r.document), r.document.id, r.duty.span))


def _inherited(reading: Reading, segment: Segment) -> Composition:
    """The clause on the object names nobody: say so, and who leads the part it belongs to, marked as inferred."""
    own = next((r for r in reading.shelf.of(segment.document).rows if r.clause.id == segment.clause.id), None)
    if own is not None and own.duty.role != "配合":
        return Composition(Verdict.ANSWERED, attributed([_told(own)]))
    above = governing_row(segment.document, segment.clause, reading.shelf.of(segment.document).rows)
    if above is None:
        return _silent(reading, segment)
    quotes = (
        (segment.quote,)
        if (heading := _heading(segment.document, segment.clause)) is None
        else (heading, segment.quote)
    )
    silent = Statement(f"“{shortened(quotes[0].text)}”这一条未单列责任单位。", tuple(dict.fromkeys(quotes)))
    inferred = Statement(
        f"所在的“{above.clause.path}”部分总述为：{_parties(above)}，可据此推定{INFERRED_UNIT}。", (_quote(above),)
    )
    return Composition(Verdict.PARTIAL, attributed([silent, with_row(inferred, above, inherited=True)]))


def _silent(reading: Reading, nearest: Segment | None) -> Composition:
    statements = [Statement(f"{NOT_STATED}责任单位（已查{searched_in(reading)}）。")]
    if nearest is not None:
        statements.append(Statement(f"相关的原文是：“{shortened(nearest.quote.text)}”。", (nearest.quote,)))
    return Composition(Verdict.NOT_STATED, tuple(statements))


def _premise(reading: Reading, rows: list[Row], units: tuple[str, ...], words: str) -> Composition:
    """“…由甲牵头吗？”: what the document says, and whether that agrees."""
    relevance = reading.relevance(words)
    scored = [(relevance(*reading.own_levels(r)), r) for r in rows]
    best = max((score for score, _ in scored), default=0.0)
    if best < ABOUT:
        return _of_object(reading, rows, words)
    told = [r for score, r in scored if score >= 0.95 * best]
    cooperation = reading.question.intent is Intent.COOPERATION
    agrees = all(any(any_same(u, r.duty.cooperators if cooperation else leads_of(r)) for r in told) for u in units)
    head = Statement("与文件相符。" if agrees else "与文件不符，文件原文如下。")
    return Composition(Verdict.ANSWERED, (head, *attributed([_told(r) for r in told])))


def _listed(statements: list[Statement], head: Sequence[Statement] = ()) -> Composition:
    return counted(statements, "共 {} 项，全部列出。", head=head)


def _told(row: Row, above: Row | None = None) -> Statement:
    sign = SIGNS[row.duty.status.state]
    quote = _quote(row)
    heading = _heading(row.document, row.clause)
    over = row.clause.heading if heading and row.clause.heading not in quote.text else ""
    text = f"{over}{'：' if over else ''}{_parties(row)}{sign}：“{shortened(quote.text)}”"
    quotes: tuple[Quote, ...] = (quote, heading) if over and heading else (quote,)
    if above is not None:
        subject = f"（主体按“{above.clause.path}”部分的{'、'.join(above.duty.leads)}推定{INFERRED_UNIT}）"
        text = f"配合{'、'.join(row.duty.leads)}{subject}：“{shortened(quote.text)}”"
        quotes = (quote, _quote(above))
    return with_row(Statement(text, quotes), row)


def _parties(row: Row) -> str:
    duty = row.duty
    leads = "、".join(_called(row, name) for name in duty.leads)
    said = f"配合{leads}" if duty.role == "配合" else f"{leads}{'负责' if duty.role == '责任' else duty.role}"
    return said + (f"，{'、'.join(duty.cooperators)}配合" if duty.cooperators else "")


def _heading(document: Document, clause: Clause) -> Quote | None:
    """The heading of a clause with its marker, as it stands; None where the clause has none, or only repeats an ask."""
    if not clause.heading or clause.heading.startswith("关于"):
        return None
    start = document.text.find(clause.heading, clause.span.start, clause.span.end)
    if start < 0:
        return None
    return Quote(document, trimmed(document, Span(clause.span.start, start + len(clause.heading))))


def _called(row: Row, name: str) -> str:
    meant = meant_by(row.document, name)
    return name if meant == name else f"{name}（即{meant}）"


def _quote(row: Row) -> Quote:
    return Quote(row.document, trimmed(row.document, row.duty.span))
