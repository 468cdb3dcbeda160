"""Reads what one document says of the things it names: its changes, duties and progress, clause by clause.

See :mod:`assistant.domain.overtime.mentions` for what counts as said of a thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.domain.language.dates import find_dates
from assistant.domain.language.deadlines import DeadlineMention
from assistant.domain.language.resolution import anchor_of, resolve
from assistant.domain.language.text import sentences
from assistant.domain.ledger.commitments import Entry
from assistant.domain.ledger.extraction import meant_by, own_words
from assistant.domain.overtime.changes import Change, read_changes, read_table_change
from assistant.domain.overtime.mention_words import (
    ACTS_ONLY,
    AFTER_TASK,
    ALIAS,
    ATTRIBUTE,
    BRACKET,
    EACH_OF,
    ELLIPTIC,
    FOUNDED,
    LEAD_ROLE,
    LEADS_ALL,
    LIMIT_OPENS,
    LIMIT_WORDS,
    LONGEST_HEADING,
    LOOK_BACK,
    MEASURE,
    OWN_PERIOD,
    REASON,
    SHARED,
    STATES_LEAD,
    SUBJECT,
    TASK_LEAD,
    THEN_LED,
    VAGUE_MATTER,
    beside,
    part_only,
    stage_of,
)
from assistant.domain.overtime.mentions import Mention, Renamed, Says
from assistant.domain.overtime.objects import ALLIANCES, Named, find_objects, name_of
from assistant.domain.overtime.progress import Progress, progress_of, state_of_heading
from assistant.domain.policy import Clause, ClauseKind, Document, Span


class Reader:
    """Reads one document; holds what the names in it are short for."""

    def __init__(self, document: Document, about: str) -> None:
        """``about`` is the alliance that a bare 联合体 means here."""
        self._document = document
        self._about = about
        self._aliases = _aliases(document)
        self._anchor = anchor_of(document)
        self._own = {c.id: own_words(document, c) for c in document.clauses}
        parents = {c.id: c for c in document.clauses}
        self._over = {c.id: parents.get(c.parent_id or "") for c in document.clauses}

    def read(self, entries: Sequence[Entry]) -> tuple[list[Mention], list[Renamed]]:
        by_clause: dict[str, list[Entry]] = {}
        for entry in entries:
            by_clause.setdefault(entry.clause_id, []).append(entry)
        mentions: list[Mention] = []
        renamed: list[Renamed] = []
        for clause in self._document.clauses:
            if clause.kind not in (ClauseKind.BODY, ClauseKind.TABLE):
                continue
            changed = list(self._changes(clause))
            renamed += [
                Renamed(c.was[0], c.now[0], clause.path, c.span.start, c.span.end, c.span.of(self._document.text))
                for c in changed
                if c.kind == "renamed" and not c.proposed
            ]
            own = [c for c in changed if c.kind != "renamed"]
            mentions += [m for c in own if (m := self._of_change(clause, c))]
            spans = [c.span for c in own if c.kind in ("lead", "leaves")]
            duties = list(self._duties(clause, by_clause.get(clause.id, ()), spans))
            mentions += duties
            mentions += self._progress(clause, duties)
        return mentions, renamed

    # ---- changes -----------------------------------------------------------------------------------------------

    def _changes(self, clause: Clause) -> Iterator[Change]:
        text, span = self._document.text, self._own[clause.id]
        if clause.kind is ClauseKind.TABLE:
            yield from read_table_change(text, span)
        else:
            yield from read_changes(text, span)

    def _of_change(self, clause: Clause, change: Change) -> Mention | None:
        named = self._matter(clause, change.matter, change.span)
        if named is None:
            return None
        mention = self._mention(clause, change.span, named, "change")
        mention = replace(mention, change=change.kind, proposed=change.proposed, stage=stage_of(change.matter))
        if change.kind in ("lead", "leaves"):
            was, now = (tuple(self._known(u) for u in units) for units in (change.was, change.now))
            return replace(mention, was=was, leads=now, cooperating=change.cooperators, role="牵头")
        limit = change.now[0]
        if change.kind == "shift":
            return replace(mention, limit=limit, limit_kind="relative")
        resolved = resolve(DeadlineMention(limit, Span(0, len(limit)), "fixed"), self._anchor)
        return replace(
            mention,
            limit=limit,
            limit_kind="fixed",
            due_on=resolved.end.isoformat() if resolved.end else None,
            due_inferred=resolved.inferred,
            was_limit=change.was[0] if change.was else None,
        )

    def _matter(self, clause: Clause, matter: str, span: Span) -> tuple[str, str] | None:
        """What a change is about: its own words, else the clause above it, else what the clause named before."""
        matter = REASON.sub("", matter)
        said = find_objects(matter) if clause.kind is not ClauseKind.TABLE else []
        for found in reversed(said):
            if full := self._full(clause, found.named, span.start):
                return found.named.written, full
        if clause.kind is ClauseKind.TABLE and (named := name_of(matter)).words and not named.bare:
            return matter, matter
        if said:
            return None
        own = matter.strip("，,将对把现就 　")
        if 4 <= len(own) <= 24 and not (named := name_of(own)).bare and not VAGUE_MATTER.search(own):
            trimmed = LIMIT_WORDS.sub("", own)
            if not name_of(trimmed).bare:
                return trimmed, trimmed
        above: Clause | None = clause
        while above is not None:
            for found in reversed(find_objects(above.heading)):
                if not found.named.bare and found.named.kind != "held":  # the meeting that decided it
                    return found.named.written, found.named.written
            above = self._over[above.id]
        return None

    # ---- duties ------------------------------------------------------------------------------------------------

    def _duties(self, clause: Clause, entries: Iterable[Entry], changed: Sequence[Span]) -> Iterator[Mention]:
        first = True
        for entry in entries:
            if any(s.start < entry.end and entry.start < s.end for s in changed):
                continue
            named = self._object_of(clause, entry, first)
            first = False
            if named is None:
                continue
            commitment = entry.commitment
            states = entry.rule in STATES_LEAD and LEAD_ROLE.search(commitment.role)
            leads = entry.leads_known if states and not SHARED.search(entry.quote) else ()
            fixed = commitment.deadline.kind in ("fixed", "relative") and not EACH_OF.search(
                commitment.deadline.as_written or ""
            )
            event = next((e for e in entry.events if e.date), None)
            yield replace(
                self._mention(clause, Span(entry.start, entry.end), named, "duty"),
                leads=leads,
                cooperating=entry.cooperating_known,
                role=commitment.role,
                inherited=commitment.basis == "inherited",
                limit=commitment.deadline.as_written,
                limit_kind=commitment.deadline.kind,
                due_on=entry.due_on if fixed else None,
                due_inferred=entry.due_inferred,
                stage=stage_of(beside(entry.quote, commitment.deadline.as_written)),
                state=commitment.status.state if not part_only(entry.quote) else "in_progress",
                cue=commitment.status.cue,
                on=event.date if event else None,
                on_inferred=event.inferred if event else False,
                entry_id=entry.id,
            )

    def _object_of(self, clause: Clause, entry: Entry, first: bool) -> tuple[str, str] | None:
        """What the duty is to bring about; None where that is nothing with a name."""
        quote, task = entry.quote, entry.commitment.task
        if clause.kind is ClauseKind.TABLE:
            return (task, task) if not name_of(task).bare and len(task) <= 60 else None
        found = find_objects(quote)
        for o in found:
            after, before = BRACKET.sub("", quote[o.span.end :]), quote[: o.span.start]
            if entry.rule in ACTS_ONLY:
                break
            led = THEN_LED.match(after) and LEADS_ALL.search(quote)
            if led or SUBJECT.match(after) or FOUNDED.match(after) or ATTRIBUTE.search(before):
                full = self._full(clause, o.named, entry.start)
                return (o.named.written, full) if full else None
        heading = clause.heading if not clause.heading.startswith(("关于", "对", "针对")) else ""
        whole = entry.rule in ("inherited", "bracket") or entry.start == clause.span.start
        fits = bool(heading) and len(heading) <= LONGEST_HEADING and (whole or MEASURE.match(heading) is not None)
        measure = named if fits and not (named := name_of(heading)).bare else None
        if whole:
            if measure:
                return heading, heading
            quote_own = quote.removeprefix(clause.label)
            return self._acted_on(clause, quote_own, entry.start) if entry.rule != "inherited" else None
        if acted := self._acted_on(clause, task, entry.start, measure):
            return acted
        if not first and not ELLIPTIC.match(LIMIT_OPENS.sub("", task)):
            return None
        return (heading, heading) if measure else self._just_named(clause, quote, entry.start)

    def _just_named(self, clause: Clause, quote: str, start: int) -> tuple[str, str] | None:
        """The one thing that the sentence before is about: 建设冷链基地。由市商务局牵头。"""
        before = list(sentences(self._document.text, Span(self._own[clause.id].start, start)))
        if not before or find_objects(quote):
            return None
        parts = re.split("[，；]", before[-1].of(self._document.text).removeprefix(clause.label))
        parts = [p for p in (part.strip("。 ") for part in parts) if MEASURE.match(p)]
        named = {n[1]: n for p in parts if (n := self._acted_on(clause, p, start))}
        return next(iter(named.values())) if len(named) == 1 else None

    def _acted_on(self, clause: Clause, task: str, start: int, measure: Named | None = None) -> tuple[str, str] | None:
        """The direct object of the task's first verb."""
        task = OWN_PERIOD.sub("", task)
        found = next(iter(find_objects(task)), None)
        if (
            found is None
            or not TASK_LEAD.match(task[: found.span.start])
            or not AFTER_TASK.match(task[found.span.end :])
        ):
            return None
        named = found.named
        if named.bare and measure is not None and (measure.words.endswith(named.words) or measure.head == named.head):
            marks = "".join(sorted(named.marks - measure.marks))  # 首批目录 under 编制人才需求目录
            return (named.written, marks + measure.words) if marks else (clause.heading, clause.heading)
        full = self._full(clause, named, start)
        return (named.written, full) if full else None

    # ---- progress ----------------------------------------------------------------------------------------------

    def _progress(self, clause: Clause, duties: Sequence[Mention]) -> Iterator[Mention]:
        if clause.kind is ClauseKind.TABLE:
            return
        text = self._document.text
        ruled = self._ruled_by_heading(clause)
        if ruled is not None and clause.heading and not state_of_heading(clause.heading):
            named = name_of(clause.heading)
            if not named.bare and len(clause.heading) <= 30:
                span = _trimmed(text, clause.span)
                day = self._day_in(span.of(text))
                yield replace(
                    self._mention(clause, span, (clause.heading, clause.heading), "progress"),
                    state=ruled.state,
                    cue=ruled.cue,
                    on=day[0] if ruled.state == "done" else None,
                    on_inferred=day[1] if ruled.state == "done" else False,
                )
                return
        for sentence in sentences(text, self._own[clause.id]):
            written = sentence.of(text)
            for found, progress in progress_of(written, find_objects(written)):
                full = self._full(clause, found.named, sentence.start)
                said = (d for d in duties if d.start < sentence.end and sentence.start < d.end and d.state != "unclear")
                if not full or any(d.named.words == name_of(full).words for d in said):
                    continue
                day = self._day_in(progress.words)
                day = day if day[0] else self._day_in(written[: found.span.start])
                done = progress.state == "done"
                yield replace(
                    self._mention(clause, sentence, (found.named.written, full), "progress"),
                    state=progress.state,
                    cue=progress.cue,
                    on=day[0] if done else None,
                    on_inferred=day[1] if done else False,
                )

    def _ruled_by_heading(self, clause: Clause) -> Progress | None:
        above = self._over[clause.id]
        while above is not None:
            if found := state_of_heading(above.heading):
                return found
            above = self._over[above.id]
        return None

    def _day_in(self, written: str) -> tuple[str | None, bool]:
        """The first day that a sentence dates, and whether its year is inferred (推断)."""
        for found in find_dates(written):
            if found.day is None or not found.possible or re.match("[前内底]|以?之?前|之内", written[found.span.end :]):
                continue
            if found.iso:
                return found.iso, False
            if self._anchor is None or found.month is None:
                return None, False
            last = written[: found.span.start].endswith("去年")
            return f"{self._anchor.year - last:04d}-{found.month:02d}-{found.day:02d}", True
        return None, False

    # ---- names -------------------------------------------------------------------------------------------------

    def _full(self, clause: Clause, named: Named, before: int) -> str:
        """The name with what the document leaves out; empty where a bare kind (平台) cannot be told."""
        if named.words in self._aliases:
            return self._aliases[named.words]
        if not named.bare:
            return named.written
        if named.words == ALLIANCES[0]:
            return self._about
        text = self._document.text[max(0, before - LOOK_BACK) : before]
        earlier = [f.named for f in find_objects(text) if f.named.head == named.head and not f.named.bare]
        if len({n.words for n in earlier}) == 1 and named.words == named.head and not named.marks:
            return earlier[-1].written
        return ""

    def _known(self, unit: str) -> str:
        return meant_by(self._document, unit)

    def _mention(self, clause: Clause, span: Span, named: tuple[str, str], says: Says) -> Mention:
        span = _trimmed(self._document.text, span)
        return Mention(
            name=named[0],
            full=named[1],
            says=says,
            path=clause.path,
            page=self._document.page_of(span.start),
            start=span.start,
            end=span.end,
            quote=span.of(self._document.text),
            table=clause.kind is ClauseKind.TABLE,
            attached=clause.path.startswith("附"),
        )


def _aliases(document: Document) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in ALIAS.finditer(document.text):
        before = document.text[max(0, match.start() - 30) : match.start()]
        last = next((f for f in reversed(find_objects(before)) if f.span.end == len(before)), None)
        if last is not None and not last.named.bare:
            found[name_of(match.group(1)).words] = last.named.written
    return found


def _trimmed(text: str, span: Span) -> Span:
    written = span.of(text)
    start = span.start + len(written) - len(written.lstrip())
    return Span(start, max(start, span.start + len(written.rstrip())))
