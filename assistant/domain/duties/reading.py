"""Who is made responsible by a sentence: leads, cooperating units, the role and the task.

A sentence is read in this order: as a row of labels (:mod:`~assistant.domain.duties.labels`), for duties in brackets
(:mod:`~assistant.domain.duties.brackets`), and what is left as prose (:mod:`~assistant.domain.duties.phrasings`). Each
rule is one phrasing of official documents, named in :data:`RULES` with its example. A sentence whose only subject is a
generic group (政府相关部门) makes nobody responsible, nor does what others say
(:mod:`~assistant.domain.language.speech`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.domain.dialogue import Status
from assistant.domain.duties.brackets import BRACKET, read_bare, read_bracket, states_first_leads
from assistant.domain.duties.labels import labelled_task, read_labels, row_state
from assistant.domain.duties.phrasing_table import DATED, PHRASINGS, SHARING, Side
from assistant.domain.duties.phrasings import Match, dated_subjects, read_phrasings
from assistant.domain.duties.runs import BLANK, Marked
from assistant.domain.duties.wordings import GROUP_HELPS
from assistant.domain.language.deadlines import find_deadlines
from assistant.domain.language.speech import formula_until, others_speak_from
from assistant.domain.language.status import read_status
from assistant.domain.language.text import sentences
from assistant.domain.policy import Span

__all__ = ["RULES", "Duty", "joining_in", "read_duties", "states_first_leads"]

#: The phrasings by name, each with an example: what an explanation of a row shows.
RULES = {
    **{p.rule: p.example for p in reversed((*PHRASINGS, DATED)) if p.side in (Side.LEAD, Side.HELPED)},
    "bracket": "（市商务局牵头，市财政局参与）",
    "label": "牵头单位：市住建局；配合单位：市城管局",
    "inherited": "条款未列单位，按所在部分的总述推定",
}


@dataclass(frozen=True, slots=True)
class Duty:
    """One statement of responsibility. ``span`` is its place in the text that was read, ``rule`` one of RULES.

    ``cue`` are the words that the rule read (由市财政局牵头), shown where a row is explained. ``own`` is its part of
    ``span`` where the sentence states several duties; None where all of it is its own.
    """

    leads: tuple[str, ...]
    cooperators: tuple[str, ...]
    role: str
    task: str
    status: Status
    span: Span
    rule: str
    cue: str = ""
    own: Span | None = None


def read_duties(text: str, span: Span | None = None, *, first_leads: bool = False, row: bool = False) -> list[Duty]:
    """The duties that ``text`` (or its part in ``span``) states, in order.

    ``first_leads``: the document has said “列第一位者为牵头单位，下同”, so brackets name their lead first. ``row``: the
    text is a row of a table, whose cells may hold several sentences and belong together.
    """
    whole = span or Span(0, len(text))
    if row and (labelled := _labelled(whole.of(text), row=True)):
        return [replace(d, span=whole) for d in labelled]
    found: list[Duty] = []
    row_task = labelled_task(whole.of(text), row=True) if row else None
    for sentence in _whole(text, sentences(text, span)):
        written = sentence.of(text)
        written = _COUNTIES.sub(lambda m: f"各{'县' * (len(m.group()) - 1)}", written)
        duties = _labelled(written) or _in_sentence(written, first_leads, sentence.start > whole.start)
        if not duties and found and found[-1].rule == "label" and _TIME_LABEL.match(written):
            if sentence.start - found[-1].span.end <= _BESIDE:
                found[-1] = replace(found[-1], span=Span(found[-1].span.start, sentence.end))
            continue
        for duty in duties:
            place = Span(sentence.start + duty.span.start, sentence.start + duty.span.end)
            own = duty.own and Span(sentence.start + duty.own.start, sentence.start + duty.own.end)
            duty = replace(duty, own=own)
            duty = (
                replace(duty, span=whole, task=duty.task if len(duty.task) > _LEAST_TASK else row_task or duty.task)
                if row
                else replace(duty, span=place)
            )
            if found and (joined := _one_row(found[-1], duty)):
                found[-1] = joined
            elif duty.leads or duty.rule != "cooperates":
                found.append(duty)
    return found


# Groups of places, whose names hold what would end or split a list: 各县（市、区）, 各市、州人民政府.
_COUNTIES = re.compile(
    "各?县[（(]市?[、，]?区?[）)](?:人民)?(?:政府)?"
    "|各(?:设区)?[省市州县区盟旗]{1,2}(?:[（(][省市州县区盟旗、，]{1,6}[）)]|[、，/][省市州县区盟旗](?=[、，/（(人政]|$)){1,4}(?:人民)?(?:政府)?"
)
# “责任单位：甲。完成时限：6月底。” is one statement in two sentences.
_TIME_LABEL = re.compile("[ 　]{0,4}(?:完成|办理|办结|整改|落实|进度)?(?:时限|期限|时间)(?:要求|节点)?[：:]")
_BESIDE = 2  # characters between sentences that belong together
_BRACKET_REACH = 60  # characters that a bracket may go on after a full stop inside it


def _whole(text: str, spans: Iterator[Span]) -> Iterator[Span]:
    """Sentences, with the halves of （甲、乙负责。列第一位者为牵头单位，下同） put together."""
    held: Span | None = None
    for span in spans:
        if held is not None:
            close = re.search("[）)\n]", text[held.end : span.end][:_BRACKET_REACH])
            if close and close.group() != "\n":
                yield Span(held.start, span.end)
                held = None
                continue
            yield held
            held = None
        opened = max(text.rfind("（", span.start, span.end), text.rfind("(", span.start, span.end))
        closed = max(text.rfind("）", span.start, span.end), text.rfind(")", span.start, span.end))
        if opened > closed and text[span.end - 1] == "。":
            held = span
        else:
            yield span
    if held is not None:
        yield held


def _one_row(left: Duty, right: Duty) -> Duty | None:
    """“牵头单位：甲。配合单位：乙。” is one statement in two sentences, and “由甲牵头建设。乙配合。” another."""
    if right.leads or not left.leads or left.cooperators:
        return None
    if (left.rule == "label") != (right.rule == "label") or right.span.start - left.span.end > _BESIDE:
        return None
    return replace(left, cooperators=right.cooperators, span=Span(left.span.start, right.span.end))


# ---- labels and brackets -------------------------------------------------------------------------------------------


def _labelled(sentence: str, *, row: bool = False) -> list[Duty]:
    parties = read_labels(sentence, row=row)
    if not parties:
        return []
    task = labelled_task(sentence, row=row) or ("" if row else _before_bracket(sentence))
    status = row_state(sentence) if row else read_status(sentence)
    span = Span(0, len(sentence))
    return [Duty(p.leads, p.cooperators, p.role, task, status, span, "label") for p in parties]


_QUESTION = re.compile("[？?][”’」』 ]{0,3}$")
# Words before a bracket of bare names that make it a measure's: not “三家单位（…）”, “市城管局（…）”.
_MEASURE = re.compile(
    "^(?!.*(?:由|负责|牵头|主办|[局委办厅部会门位]|(?<![0-9]{2})家|如下|包括)[。；;]?$)[^：:]{6,}$", re.DOTALL
)


def _in_sentence(sentence: str, first_leads: bool, follows: bool) -> list[Duty]:
    """The duties of a sentence; ``follows`` where its clause has one before it, which a bracket alone can close.

    A question (难道只有市教育局牵头才行？) commits nobody.
    """
    if _QUESTION.search(sentence):
        return []
    duties: list[Duty] = []
    taken: list[Span] = []
    measure = 0  # where the measure begins that a bracket closes
    for match in BRACKET.finditer(sentence):
        parties = read_bracket(match.group(1), first_leads)
        if parties is None and not sentence[match.end() :].strip("。；; \n"):
            before = sentence[measure : match.start()]
            parties = read_bare(match.group(1)) if _MEASURE.match(before) or (follows and not before) else None
        if parties:
            task = _before_bracket(sentence[measure : match.start()])
            status = read_status(task)
            span = Span(measure, match.end())
            cue = match.group()
            duties.append(Duty(parties.leads, parties.cooperators, parties.role, task, status, span, "bracket", cue))
            if parties.guides and parties.role != "指导":
                duties.append(Duty(parties.guides, (), "指导", task, status, span, "bracket", cue))
            taken.append(Span(match.start(), match.end()))
            measure = match.end()
    bare = _blanked(sentence, taken)
    whose = _Speech(others_speak_from(bare), formula_until(bare))
    governing: Status | None = None
    for segment in _segments(bare):
        piece = segment.of(bare)
        status = read_status(piece)
        found = list(_prose(piece, segment.start, whose))
        for duty in found:
            if len(found) > 1 and _only_oversees(piece, duty):
                continue
            # One 拟 governs the whole list that follows it: 拟由甲牵头…；由乙牵头…
            if status.state == "planned":
                governing = status
            stated = governing if status.state == "unclear" and status.cue is None and governing else status
            own = duty.own and Span(segment.start + duty.own.start, segment.start + duty.own.end)
            duties.append(replace(duty, status=stated, span=Span(segment.start, segment.end), own=own))
    return duties


_OVERSEES = re.compile("(?:负责|予以|进行)?(?:督办|督导|督查|督促|跟踪问效)(?=[，,。；;]|$)")


def _only_oversees(piece: str, duty: Duty) -> bool:
    """Whether a body beside the one in charge only sees to it (由甲负责，乙督办): no duty of its own."""
    names = [piece.rfind(name) + len(name) for name in duty.leads if name in piece]
    return bool(names) and duty.rule == "plain" and bool(_OVERSEES.match(piece, max(names)))


def _blanked(text: str, spans: list[Span]) -> str:
    pieces: list[str] = []
    position = 0
    for span in spans:
        pieces += [text[position : span.start], "\x00" * (span.end - span.start)]
        position = span.end
    return "".join([*pieces, text[position:]])


def _segments(sentence: str) -> Iterator[Span]:
    position = 0
    for match in re.finditer("[；;]|$", sentence):
        if sentence[position : match.start()].strip():
            yield Span(position, match.start())
        position = match.end()


def _before_bracket(text: str) -> str:
    opened = max(text.rfind(mark) for mark in "（([［【〔")
    return text[: opened if opened >= 0 else None].strip("。；; \n")


# ---- prose ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Speech:
    """Whose words a sentence is: where others begin to speak, how far it only tells how an answer came about."""

    others_from: int | None
    formula_until: int

    def reports(self, place: int) -> bool:
        """Whether what stands at ``place`` is said by others."""
        return self.others_from is not None and place >= self.others_from


_CHIEF = ("牵头", "主办")  # the roles beside which others cooperate
_PART_OPENED = re.compile("(?:的)?(?:牵头|责任|主办|承办)(?:单位|部门)由?$|由$")
_SHARES = re.compile(SHARING.after)
_LEAST_TASK = 4  # characters


def _prose(piece: str, start: int, whose: _Speech) -> list[Duty]:
    """The duties of one piece of a sentence, which stands there at ``start``."""
    marked = Marked(piece)
    matches = list(read_phrasings(marked))
    limits = [m for m in find_deadlines(piece) if m.kind in ("fixed", "recurring") or m.as_written.endswith("内")]
    matches += dated_subjects(marked, {m.at for m in matches}, limits)
    matches = [m for m in sorted(matches, key=lambda m: m.at) if not whose.reports(start + marked.origin(m.at))]
    matches = [
        m
        for m in matches
        if not (m.phrasing.rule in ("subject", "plain", "with", "says") or marked.text.startswith("作为", m.at + 1))
        or start + marked.origin(m.at) >= whose.formula_until
    ]
    if not any(m.phrasing.side is Side.LEAD and m.phrasing.rule != "beside" for m in matches):
        matches = [m for m in matches if m.phrasing.rule != "beside"]
    matches = list(_shared(marked, matches))
    leads = _once(m for m in matches if m.phrasing.side is Side.LEAD)
    supports = [m for m in matches if m.phrasing.side is Side.SUPPORT]
    helped = [m for m in matches if m.phrasing.side is Side.HELPED]
    if helped and all(m.at < helped[0].at and m.phrasing.rule in ("subject", "plain") for m in leads):
        ends = [*(m.start for m in helped[1:]), len(marked.text)]
        return [_helping(marked, match, end) for match, end in zip(helped, ends, strict=True)]
    if not leads:
        names = tuple(dict.fromkeys(n for m in supports for n in m.units.names))
        if any(m.phrasing.rule == "is unit" for m in supports):
            return [Duty((), names, "配合", "", Status(), Span(0, len(piece)), "is unit", piece)]
        # Kept for the sentence before, where it stands alone behind it.
        alone = supports and supports[0].at == 0 and re.fullmatch("[。\\s]*", marked.text[supports[0].end :])
        return [Duty((), names, "配合", "", Status(), Span(0, len(piece)), "cooperates")] if alone else []
    return list(_stated(marked, matches, leads, supports, [m.span for m in find_deadlines(piece)]))


def _shared(marked: Marked, matches: Iterable[Match]) -> Iterator[Match]:
    """The matches, those turned into support that share the work behind a lead (由甲牵头，乙、丙按职责分工负责)."""
    led = False
    for match in matches:
        if led and match.role == "负责" and _SHARES.search(marked.text, match.at, match.end):
            yield replace(match, phrasing=SHARING, role="")
        else:
            yield match
        led = led or match.role.endswith(_CHIEF)


def joining_in(text: str) -> tuple[str, ...]:
    """The units that a text names only as joining in (会同市气象局发布…), in order."""
    matches = (m for m in read_phrasings(Marked(text)) if m.phrasing.side is Side.SUPPORT)
    return tuple(dict.fromkeys(name for match in matches for name in match.units.names))


def _once(leads: Iterable[Match]) -> list[Match]:
    """The statements without those that name the units of an earlier one again (由甲负责…，甲要…)."""
    found: list[Match] = []
    named: set[tuple[str, ...]] = set()
    for match in leads:
        if match.units.names not in named:
            found.append(match)
            named.add(match.units.names)
    return found


def _stated(
    marked: Marked, matches: list[Match], leads: list[Match], supports: list[Match], limits: list[Span]
) -> Iterator[Duty]:
    """A duty for each statement, with the cooperating units that belong to it and its own part of the words.

    Cooperating units belong to the last 牵头 or 主办 before them, else to the statement before them, else to the first.
    """
    beside: list[list[str]] = [[] for _ in leads]
    behind: dict[int, int] = {}  # where a support begins: where it ends
    last = chief = -1
    for support in supports:
        while last + 1 < len(leads) and leads[last + 1].at < support.at:
            last += 1
            chief = last if leads[last].role.endswith(_CHIEF) else chief
        beside[chief if chief >= 0 else max(last, 0)] += support.units.names
        behind[support.start] = behind[support.at] = support.end
    responsible = {name for lead in leads for name in lead.units.names}
    begins = [_begins(marked.origin(match.start), limits) for match in leads] + [len(marked.piece)]
    before = _PART_OPENED.sub("", marked.written(0, matches[0].start)).strip("，,：: ")
    for n, match in enumerate(leads):
        start, stop = match.end, leads[n + 1].start if n + 1 < len(leads) else len(marked.text)
        while found := next((behind[start + gap] for gap in range(4) if behind.get(start + gap, 0) > start), None):
            start = found  # the task begins behind the units that only cooperate
        if group := GROUP_HELPS.match(marked.text, start):
            start = group.end()
        after = marked.written(start, max(start, stop)).strip("，,：:、；; 的")
        task = after if len(after) >= _LEAST_TASK else before
        helping = tuple(dict.fromkeys(name for name in beside[n] if name not in responsible))
        cue, span = marked.written(match.start, match.end), Span(0, len(marked.piece))
        task = task.split(BLANK)[0]
        own = Span(begins[n], begins[n + 1]) if len(leads) > 1 and begins[n] < begins[n + 1] else None
        rule = match.phrasing.rule
        yield Duty(match.units.names, helping, match.role, task, Status(), span, rule, cue.strip("，,"), own)


def _begins(place: int, limits: list[Span]) -> int:
    """Where the words of a statement at ``place`` begin: with the time limit right before it (年终由市委组织部…)."""
    return next((span.start for span in limits if 0 <= place - span.end <= 2), place)


def _helping(marked: Marked, helped: Match, end: int) -> Duty:
    others = [units.names for at, units in marked.places() if helped.start <= at < helped.at]
    task = marked.written(helped.at + 1, end).strip("，,：: ")
    span, cue = Span(0, len(marked.piece)), marked.written(helped.start, helped.end)
    return Duty(helped.units.names, others[-1] if others else (), "配合", task, Status(), span, "assists", cue)
