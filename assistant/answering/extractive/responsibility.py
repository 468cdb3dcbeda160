"""Who leads, who cooperates: answered from the ledger's rows of the documents in reach."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.extractive.listing import LEVELLED, listing, players
from assistant.answering.extractive.passages import nearest, passages
from assistant.answering.extractive.replies import searched_in
from assistant.answering.extractive.telling import heading_of, parties, told
from assistant.answering.retrieval.books import Row
from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.relevance import Relevance
from assistant.answering.retrieval.segments import Segment
from assistant.answering.statements import (
    INFERRED_UNIT,
    NOT_STATED,
    Composition,
    Statement,
    attributed,
    counted,
    dated,
    in_order,
    shortened,
)
from assistant.answering.understanding.intents import Intent
from assistant.answering.understanding.matter import matters_in
from assistant.domain.dialogue import Verdict
from assistant.domain.language.dates import find_dates
from assistant.domain.language.numerals import parse_numeral
from assistant.domain.overtime.asks import REPLYING
from assistant.domain.units.names import any_same, find_units, same_unit

# Coverage of the question's words from which a row is about the question's object, and how near the best others are.
ABOUT = 0.5
NEAR = 0.8
_SAME = 0.95  # of one document: rows as near as this speak of the same thing
_KIND_UNSAID = 0.8
_OTHERS = 0.68  # documents beside the best one
_OWN = 0.85  # a row this near to the best sentence speaks for it; under that the sentence has no duty of its own


# When somebody led is told by the documents' dates; the words are not part of the object.
_RENAMES = re.compile(
    "更名为|改称|改由[^。；]{2,30}(?:牵头|负责|承担)|(?:由[^，。；]{2,30}单独|不再)(?:负责|承担|牵头)|(?:牵头|责任|承办)单位[^。；]{0,24}(?:调整|变更|改)|由[^。；]{2,30}调整为由?"
)
_CHANGED = 0.7  # coverage from which such a sentence is about the object, by its own words: the title names many
_WHEN = re.compile("成立(?:时|之初)?|计划|原定|最初|后来|变化|变更|调整后?|如今|当时|打算|让")
_LEADS_ASKED = re.compile(
    "牵头|负责|责任|主办|主管|承办|配合|协办|会办|职责|分工|归(?:谁|哪[^，。？]{0,5}?)(?:来?管|抓|编|办|[？?。，]|$)|归口|(?:谁|哪[^，。？]{0,5})来?管(?!理)"
)
_ACTS = re.compile("牵头|负责|主管|承担|承办|主办|会同|指导|组织实施|参与")
_OF_CASE = re.compile("提案|建议|议案|这件|本件")  # 竞赛由谁主办 is asked of a task
# Who does it stands before what is done: 由教育部门承担, 县级人民政府负责.
_NAMES_ACTOR = re.compile(
    "由[^，。；：]{2,40}(?:牵头|负责|承担|主管|组织|确定|制定|审批|批准|认定|管理|监督|实施|处理|处罚)"
    "|(?:部门|机关|政府|机构|委员会|组织|单位|[局厅部委院])[^，。；：]{0,12}(?:牵头|负责|主管|组织实施|承担)"
)
_CASE_ROLE = re.compile("主办|会办|协办|承办")
_PARTS = re.compile("([二三四五六七八九十两0-9]{1,4})个?(?:大)?(?:方面|部分|板块|大类)")


def responsibility(reading: Reading) -> Composition:
    """Lead and cooperating units, for an object, for a unit, or for each part of a document."""
    question = reading.question
    of_case = bool(question.proposals) or bool(_OF_CASE.search(question.text))
    if of_case and (handling := tuple(_CASE_ROLE.findall(question.text))) and (said := _handled(reading, handling)):
        return said
    rows = reading.rows()
    if question.wants_sections and (sections := _sections(reading, rows)):
        return counted([told(r) for r in sections], "共 {} 项，全部列出。")
    acting = tuple(u for u in question.units if any(_names(r, u) for r in rows))
    matter = question.object
    for day in find_dates(question.object):  # 2023年3月28日成立的…: said of the matter, and perhaps wrong
        matter = matter.replace(day.as_written, " ")
    words = " ".join([_WHEN.sub(" ", matter), *(u for u in question.units if u not in acting)])
    if acting and (question.wants_list or not words.strip()):
        return listing(reading)
    if acting and question.yes_no:
        return _premise(reading, rows, acting, words)
    if acting and not _spoken_of(reading, words):
        return listing(reading)
    return _of_object(reading, rows, words or " ".join(acting))


def _unknown_unit(reading: Reading, segments: Sequence[Segment]) -> Composition | None:
    """“Not stated” where only a unit is asked about and no document in reach speaks of it (市审计局牵头哪些任务)."""
    units = reading.question.units
    if not units or not reading.question.wants_list or matters_in(reading.question.object):
        return None
    if any(_same_named(u, s.text) for u in units for s in segments):
        return None
    said = f"{NOT_STATED}{'、'.join(units)}承担的事项（已查{searched_in(reading)}）。"
    return Composition(Verdict.NOT_STATED, (Statement(said),))


def _same_named(unit: str, text: str) -> bool:
    """Whether a text names a unit, by its own name, its bare name, or another that the registry knows for the same."""
    bare = unit[1:] if LEVELLED.match(unit) else unit
    return unit in text or (len(bare) > 2 and bare in text) or any(same_unit(unit, u.name) for u in find_units(text))


def _handled(reading: Reading, roles: tuple[str, ...]) -> Composition | None:
    """Who handles a proposal (主办, 会办): what its head says, which commits nobody and so is in no ledger."""
    lines = [
        s
        for s in reading.segments(heads=True)
        if any(r in s.text for r in roles) and s.document.kind in ("提案", *REPLYING)
    ]
    if not lines:
        return None
    return Composition(Verdict.ANSWERED, attributed([Statement(f"“{shortened(s.text)}”", (s.quote,)) for s in lines]))


def _sections(reading: Reading, rows: list[Row]) -> list[Row]:
    """The lead of each part: of the document whose parts are as many as the question says (三个方面)."""
    asked = _PARTS.search(reading.question.text)
    count = parse_numeral(asked.group(1)) if asked else None
    by_document: dict[str, dict[str, Row]] = {}
    for row in rows:
        if row.clause.level == 1 and row.entry.commitment.role != "责任" and not row.helps and not row.inherited:
            by_document.setdefault(row.document.id, {}).setdefault(row.clause.id, row)
    fitting = [list(found.values()) for found in by_document.values() if count in (None, len(found))]
    return fitting[0] if len(fitting) == 1 or (fitting and reading.scope.documents is not None) else []


def _spoken_of(reading: Reading, words: str) -> bool:
    """Whether the question names an object that the documents know."""
    relevance = reading.relevance(words)
    return any(relevance(*reading.own_levels(s)) >= ABOUT for s in reading.segments())


def _names(row: Row, unit: str) -> bool:
    return any_same(unit, (*row.entry.leads_known, *row.entry.cooperating_known))


def _of_object(reading: Reading, rows: list[Row], words: str) -> Composition:
    segments = reading.segments()
    if nobody := _unknown_unit(reading, segments):
        return nobody
    relevance = reading.relevance(words)
    if relevance.empty or (reading.clauses is not None and rows):
        return counted([told(r) for r in rows], "共 {} 项，全部列出。") if rows else _silent(reading, None)
    stated = [r for r in rows if not r.inherited or r.helps]
    scored = sorted(((_about(reading, relevance, r), r) for r in stated), key=lambda pair: -pair[0])
    best_segment = max(segments, key=lambda s: relevance.about(*reading.own_levels(s)), default=None)
    segment_score = relevance.about(*reading.own_levels(best_segment)) if best_segment else 0.0
    row_score = scored[0][0] if scored else 0.0
    if row_score >= ABOUT and row_score >= _OWN * segment_score:
        kept = _best_by_document(reading, scored, NEAR if reading.question.wants_list else _SAME)
        return _rows_of(reading, kept, _changes_of(reading, relevance, kept))
    if not _LEADS_ASKED.search(reading.question.text):
        return passages(reading)  # 哪些单位, 谁: asked of something else than a duty
    if best_segment is None or (segment_score < ABOUT and reading.clauses is None):
        return _in_prose(reading) or _silent(reading, nearest(reading))
    near = [s for s in segments if relevance(*reading.own_levels(s)) >= _OWN * segment_score and _ACTS.search(s.text)]
    near = [s for s in near if not s.is_heading] or near
    if near:  # says who acts, in words that make no row
        said = [Statement(f"“{shortened(s.quote.text)}”", (s.quote,)) for s in near[:3]]
        unsaid = [u for u in reading.question.units if not any(f"{u}牵头" in s.text for s in near)]
        if reading.question.yes_no and unsaid:
            head = Statement(f"文件没有写明由{'、'.join(unsaid)}牵头，原文如下。")
            return Composition(Verdict.ANSWERED, (head, *attributed(said)))
        return Composition(Verdict.ANSWERED, attributed(said))
    return _inherited(reading, best_segment)


def _in_prose(reading: Reading) -> Composition | None:
    """Who acts, as the sentence says that answers best: duties of texts that make no row, what proposals ask for."""
    said = passages(reading)
    told = [q for s in said.statements for q in s.quotes]
    acts = bool(told) and any(_NAMES_ACTOR.search(q.text) for q in told)
    return said if acts and said.verdict in (Verdict.ANSWERED, Verdict.PARTIAL) else None


def _changes_of(reading: Reading, relevance: Relevance, rows: list[Row]) -> list[Statement]:
    """Sentences that change who does it and make no row: a unit renamed, a lead handed over."""
    told_already = {r.clause.id for r in rows}
    found = [
        s
        for s in reading.segments()
        if _RENAMES.search(s.text)
        and s.clause.id not in told_already
        and relevance(s.text, s.clause.span.of(s.document.text)) >= _CHANGED
    ]
    found.sort(key=lambda s: in_order(reading.question.text, s.document))
    lines = [Statement(f"“{shortened(s.quote.text)}”", (s.quote,)) for s in found[:3]]
    return [Statement("另有文件写明变更："), *attributed(lines)] if lines else []


def _with_changes(rows: Sequence[Statement], changes: Sequence[Statement]) -> tuple[Statement, ...]:
    """What changes the rows first where it is later than all of them: it says what holds now."""
    if not changes:
        return (*rows,)
    said = [max((dated(q.document) for s in side for q in s.quotes), default="") for side in (rows, changes)]
    return (*changes[1:], *rows) if said[1] > said[0] > "" else (*rows, *changes)


def _rows_of(reading: Reading, rows: list[Row], changes: list[Statement]) -> Composition:
    """The rows about an object; where its cooperating units are asked for and there are none, says so."""
    statements = [told(r) for r in rows]
    supporting = any(r.entry.commitment.cooperating_units or r.helps for r in rows)
    if reading.question.intent is Intent.COOPERATION and not supporting:
        silent = Statement(f"{NOT_STATED}配合单位。", statements[-1].quotes)
        return Composition(Verdict.PARTIAL, attributed([*statements, silent]))
    if reading.question.wants_list:
        listed = counted(statements, "共 {} 项，全部列出。")
        return replace(listed, statements=(*listed.statements, *changes))
    return Composition(Verdict.ANSWERED, _with_changes(attributed(statements), changes))


def _about(reading: Reading, relevance: Relevance, row: Row) -> float:
    """How much a row is about the object; less where only the document's title says what kind of thing it is."""
    levels = reading.own_levels(row)
    return relevance.about(*levels) * (1.0 if relevance.names_head(*levels) else _KIND_UNSAID)


def _best_by_document(reading: Reading, scored: list[tuple[float, Row]], near: float) -> list[Row]:
    """The rows about the object: of each document that speaks of it nearly as closely as the closest, its best ones.

    A plan and a later founding notice both speak: the latest comes first, for it says what holds now.
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
    if "牵头" in reading.question.text and not reading.question.wants_list:
        # 基地由甲牵头，乙做好用地保障: what stands beside the lead in its sentence is a duty of its own.
        led = {r.clause.id for r in kept if "牵头" in r.entry.commitment.role}
        kept = [r for r in kept if r.clause.id not in led or "牵头" in r.entry.commitment.role or r.helps]
    return sorted(kept, key=lambda r: (*in_order(reading.question.text, r.document), r.span))


def _inherited(reading: Reading, segment: Segment) -> Composition:
    """The clause on the object names nobody: say so, and who leads the part it belongs to, marked as inferred."""
    own = reading.of_clause.of(segment.clause.id)
    if stated := next((r for r in own if not r.inherited and not r.helps), None):
        return Composition(Verdict.ANSWERED, attributed([told(stated)]))
    above = _above(reading, segment)
    if above is None:
        return _in_prose(reading) or _silent(reading, segment)
    heading = heading_of(segment.document, segment.clause)
    of_row = [r.quote for r in own if r.inherited]
    quotes = (*([heading] if heading else []), segment.quote, *of_row)
    widest = [q for q in quotes if not any(o.span != q.span and o.span.covers(q.span) for o in quotes)]
    silent = Statement(f"“{shortened(quotes[0].text)}”这一条未单列责任单位。", tuple(dict.fromkeys(widest)))
    row = next((r for r in own if r.inherited), None)
    # Where the ledger does not carry the inheritance (a sentence of prose), it is inferred here and never kept.
    entry = row.entry if row else replace(above.entry, commitment=replace(above.entry.commitment, basis="inherited"))
    said = f"所在的“{above.clause.path}”部分总述为：{parties(above)}，可据此推定{INFERRED_UNIT}。"
    inferred = Statement(said, (above.quote,), entry)
    return Composition(Verdict.PARTIAL, attributed([silent, inferred]))


def _silent(reading: Reading, near: Segment | None) -> Composition:
    statements = [Statement(f"{NOT_STATED}责任单位（已查{searched_in(reading)}）。")]
    if near is not None:
        statements.append(Statement(f"相关的原文是：“{shortened(near.quote.text)}”。", (near.quote,)))
    return Composition(Verdict.NOT_STATED, tuple(statements))


def _premise(reading: Reading, rows: list[Row], units: tuple[str, ...], words: str) -> Composition:
    """“…由甲牵头吗？”: what the document says, and whether that agrees."""
    relevance = reading.relevance(words)
    scored = [(relevance(*reading.own_levels(r)), r) for r in rows if not r.inherited]
    best = max((score for score, _ in scored), default=0.0)
    if best < ABOUT:
        return _of_object(reading, rows, words)
    about = [r for score, r in scored if score >= 0.95 * best]
    cooperation = reading.question.intent is Intent.COOPERATION
    agrees = all(any(any_same(u, players(r, cooperation)) for r in about) for u in units)
    head = Statement("与文件相符。" if agrees else "与文件不符，文件原文如下。")
    return Composition(Verdict.ANSWERED, (head, *attributed([told(r) for r in about])))


def _above(reading: Reading, segment: Segment) -> Row | None:
    """The row of the nearest clause above that states a lead."""
    for ancestor in segment.document.ruling(segment.clause):
        for row in reading.of_clause.of(ancestor.id):
            if row.entry.commitment.lead_units and not row.helps:
                return row
    return None
