"""Who is made responsible by a sentence: leads, cooperating units, the role and the task.

Each rule is one phrasing of official documents, named in :data:`RULES` with its example; ``docs/phrasings.md`` lists
their sources. A sentence whose only subject is a generic group (政府相关部门) makes nobody responsible and yields no
duty; a group beside named units is kept out of the names. What stands in 《》, or between “” with its own assignment,
is quoted and assigns nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.domain.brackets import BRACKET, SUPPORT, labelled_task, read_bracket, read_labels, states_first_leads
from assistant.domain.deadlines import find_deadlines
from assistant.domain.dialogue import Status
from assistant.domain.policy import Span
from assistant.domain.status import read_status
from assistant.domain.text import sentences
from assistant.domain.units import UnitMention, find_units, is_generic, named_bodies, split_units

__all__ = ["RULES", "Duty", "read_duties", "states_first_leads"]

#: The phrasings by name, each with an example: what an explanation of a row shows.
RULES = {
    "by": "由市财政局牵头（负责、主办、协调……）建设采购平台",
    "by verb": "由市财政局安排专项资金",
    "leads": "市民政局牵头，面向社区开展走访",
    "bracket": "（市商务局牵头，市财政局参与）",
    "label": "牵头单位：市住建局；配合单位：市城管局",
    "is unit": "市教育局与化工园区为双牵头单位",
    "reassigned": "由甲单位牵头调整为由乙单位牵头",
    "subject": "市审计局要会同市财政局开展检查",
    "dated": "市财政局于6月底前完成评审",
    "asked": "请市发展改革委汇总意见",
    "organ": "秘书处设在某学院，承担日常工作",
    "assists": "配合省科技厅指导实验室建设",
    "inherited": "条款未列单位，按所在部分的总述推定",
}


@dataclass(frozen=True, slots=True)
class Duty:
    """One statement of responsibility. ``span`` is its place in the text that was read, ``rule`` one of RULES."""

    leads: tuple[str, ...]
    cooperators: tuple[str, ...]
    role: str
    task: str
    status: Status
    span: Span
    rule: str


# The parts of a lead, with what may stand between the unit and the word: 正在牵头, 具体负责, 双牵头.
_PART = re.compile(
    "(?:正在|具体|统一|直接|要|将|拟|应当?|须|积极|主动|继续|按(?:照)?(?:各自)?职责分工|等部门|等单位|等)*(双|共同|联合|分别)?(?:负责)?"
    "(牵头协调|牵头负责|牵头组织|牵头|负责|主办|承办|统筹|协调|承担|组织实施|主管|归口管理|指导)(?!单位|部门|人|作用|机制|者|机构|任|制|同志|干部)"
)
_LONE = ("牵头", "负责", "主办", "承办", "承担")  # these need no 由 before the unit
_NO_DUTY = re.compile("^(?:责任|能力|风险|主体)")  # 承担责任 is a consequence, no task
_BY_REACH = 80  # characters between 由 and the part
# “由甲牵头调整为由乙牵头”, “牵头单位由甲变更为乙”
_REASSIGNED = re.compile(
    "由([^，。；：\\n（）]{2,40}?)(?:牵头)?(?:调整|变更|改|更换)为(?:由)?([^，。；：\\n（）]{2,40}?)(?:(?:牵头|负责)(?=[，。；）]|$)|(?=[，。；）]|$))"
)
_REASSIGNS = re.compile("牵头|责任单位|主办单位|负责单位")
# “甲与乙为双牵头单位”, “牵头单位为甲”
_IS_UNIT = re.compile("[为是][一-鿿]{0,6}?(双|共同|联合)?(牵头|责任|主办|承办|配合|协办|会办)(?:单位|部门)")
_UNIT_IS = re.compile("(牵头|责任|主办|承办|配合|协办|会办|参与)(?:单位|部门)(?:为|是|由)([^，。；：\\n]{2,80})")
# “，市人社局配合，”; “会同财政部制定”; “配合省教育厅指导…”
_COOPERATES = re.compile("(?:等(?:部门|单位)?)?(?:积极|密切|共同|分工)*(配合|参与|协助|协同|协办|参加)")
_WITH = re.compile("会同")
_ASSISTS = re.compile(
    "(?:^|[，；。、）)\\n])(?:积极|主动|继续)?(?:配合|协助)(?=[^，。；]{2,20}(?:指导|做好|开展|推进|完成|落实|组织))"
)
# What may open a sentence before its subject.
_INTRO = re.compile(
    "(?:[ 　]*(?:[一二三四五六七八九十]{1,3}[、是]|[（(][一二三四五六七八九十0-9]{1,3}[）)]|[0-9]{1,3}[.．、])?)"
    "(?:会议(?:决定|要求|议定|明确|强调|指出|同意)?[，,：:]?|下一步[，,]?|目前[，,]?|同时[，,]?|其中[，,]?|此外[，,]?|为此[，,]?|"
    "原则上|(?:(?:到|至)?20[0-9]{2}年[^，。；]{0,12}|今年[^，。；]{0,8}|每年[^，。；]{0,8}|[0-9]{1,2}月底前)[，,]?)*"
)
_ASKED = re.compile("(?:请|责成|委托)")
_SELF = re.compile("(?:我|本)(?:局|委|办|厅|部|院|校|会|县|市)(?=[将拟已要会正也在与联牵负计积组继及及进主])")
# “财政部要会同…”, “发展改革委拟研究…”
_SUBJECT_VERB = re.compile(
    "(?:等部门|等单位)?(?:具体)?(?:要|应当?|须|负责(?!人|制|同志|干部)|会同|抓紧|拟|将|已|正在|累计|先后|正(?=会同|按|抓紧|积极|加快|组织)|主管|承担|承办|组织|按照?|计划)"
)
_ORGAN = re.compile("设在[^，。；]{2,24}[，,]?(?:具体)?(承担|负责)")
_HEADS = re.compile("局长|主任|书记|[省市县区]长|部长|厅长|院长|校长|领导|同志|负责人|党委|主要")
_NO_BY_VERB = re.compile("[的、，,。；：向至到为与和及等]|批准|审批|同意|任命|投资|出资|颁发|授予|组成|担任|兼任|$")
# What alliances are planned to do is their description; who acts for them (理事会, 秘书处) can be made responsible.
_OBJECTS = ("联合体", "融合体", "共同体")
_OTHERS_PART = re.compile("^[一-鿿、和]{2,60}(?:配合|参与|协助|协同|协办|参加)[，,]")
_LIST_LINK = re.compile("^(?:等)?(?:、|和|与|及|以及)?$")
_QUOTATION = re.compile("《[^《》]{0,120}》|“[^“”]{0,120}(?:牵头|负责|主办|承办|配合)[^“”]{0,60}”")


def read_duties(text: str, span: Span | None = None, *, first_leads: bool = False) -> list[Duty]:
    """The duties that ``text`` (or its part in ``span``) states, in order.

    ``first_leads``: the document has said “列第一位者为牵头单位，下同”, so brackets name their lead first.
    """
    found: list[Duty] = []
    for sentence in _whole(text, sentences(text, span)):
        written = sentence.of(text)
        written = _COUNTIES.sub(lambda m: "各" + "、" * (len(m.group()) - 1), written)
        duties = _labelled(written) or _in_sentence(written, first_leads)
        for duty in duties:
            place = Span(sentence.start + duty.span.start, sentence.start + duty.span.end)
            duty = replace(duty, span=place)
            if found and (joined := _one_row(found[-1], duty)):
                found[-1] = joined
            else:
                found.append(duty)
    return found


_COUNTIES = re.compile("各?县[（(]市?[、，]?区?[）)](?:人民)?(?:政府)?")  # a group whose name holds a bracket
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
    """“牵头单位：甲。配合单位：乙。” is one statement in two sentences."""
    if left.rule != "label" or right.rule != "label" or not left.leads or left.cooperators or right.leads:
        return None
    return replace(left, cooperators=right.cooperators, span=Span(left.span.start, right.span.end))


def _labelled(sentence: str) -> list[Duty]:
    parties = read_labels(sentence)
    if parties is None:
        return []
    task = labelled_task(sentence) or _before_bracket(sentence)
    status = read_status(sentence)
    return [Duty(parties.leads, parties.cooperators, parties.role, task, status, Span(0, len(sentence)), "label")]


def _in_sentence(sentence: str, first_leads: bool) -> list[Duty]:
    duties: list[Duty] = []
    taken: list[Span] = []
    measure = 0  # where the measure begins that a bracket closes
    for match in BRACKET.finditer(sentence):
        if parties := read_bracket(match.group(1), first_leads):
            task = _before_bracket(sentence[measure : match.start()])
            status = read_status(task)
            span = Span(measure, match.end())
            duties.append(Duty(parties.leads, parties.cooperators, parties.role, task, status, span, "bracket"))
            if parties.guides and parties.role != "指导":
                duties.append(Duty(parties.guides, (), "指导", task, status, span, "bracket"))
            taken.append(Span(match.start(), match.end()))
            measure = match.end()
    bare = _blanked(sentence, taken)
    governing: Status | None = None
    for segment in _segments(bare):
        piece = segment.of(bare)
        status = read_status(piece)
        for duty in _prose(piece):
            # One 拟 governs the whole list that follows it: 拟由甲牵头…；由乙牵头…
            if status.state == "planned":
                governing = status
            stated = governing if status.state == "unclear" and status.cue is None and governing else status
            duties.append(replace(duty, status=stated, span=Span(segment.start, segment.end)))
    return duties


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


def _prose(piece: str) -> list[Duty]:
    visible = _QUOTATION.sub(lambda m: "\x00" * len(m.group()), piece)
    units = _Units(visible)
    if (stated := _stated_as_unit(visible, units)) is not None:
        return [stated]
    duties = list(_playing(piece, visible, units))
    if not duties:
        if (match := _ASSISTS.search(visible)) and (helped := units.at(match.end())):
            return [_duty(piece, helped, "配合", match.start(), match.end(), "assists")]
        subject = _subject(piece, visible, units) or _by_verb(piece, visible, units)
        if subject is None:
            return []
        duties = [subject]
    leads = {u for d in duties for u in d.leads}
    cooperators = [u for u in _cooperating(visible, units) if u not in leads]
    duties[0] = replace(duties[0], cooperators=tuple(dict.fromkeys(cooperators)))
    return duties


def _playing(piece: str, visible: str, units: _Units) -> Iterator[Duty]:
    """Units with their part behind them: 由甲牵头, 甲指导、乙具体负责, 甲主办，乙承办."""
    edge = 0
    seen: set[tuple[str, ...]] = set()
    for match in _PART.finditer(visible):
        how, word = match.group(1) or "", match.group(2)
        by = visible.rfind("由", max(edge, match.start() - _BY_REACH), match.start())
        names: tuple[str, ...] = ()
        rule = "by"
        if by >= 0 and not re.search("[，。；：（）]", visible[by : match.start()]):
            names = _alone(visible[by + 1 : match.start()])
            start = by
        elif edge and by < 0 and visible[edge : edge + 1] == "、":  # 由甲指导、乙负责
            names = _alone(visible[edge + 1 : match.start()])
            start = edge + 1
        if names and visible[start - 1 : start] == "原":  # 原由甲承担的职责: who did, not who does
            edge = match.end()
            continue
        if not names and word.startswith(_LONE):
            names, rule = units.before(match.start()), "leads"
            names = tuple(n for n in names if not n.endswith(_OBJECTS)) if "牵头" not in word else names
            start = match.start()
        edge = match.end()
        if not names or names in seen or _NO_DUTY.match(visible, match.end()):
            continue
        seen.add(names)
        role = f"{how}牵头" if "牵头" in word else word
        yield _duty(piece, names, role, start, match.end(), rule)


def _alone(text: str) -> tuple[str, ...]:
    """The units of a list up to 会同: those behind it join in."""
    return named_bodies(split_units(text.partition("会同")[0]))


def _stated_as_unit(piece: str, units: _Units) -> Duty | None:
    """A change of lead (the new one leads), or units named by their part: 甲为牵头单位，会办单位为乙."""
    if _REASSIGNS.search(piece) and (match := _REASSIGNED.search(piece)):
        after = split_units(match.group(2))
        if after and split_units(match.group(1)):
            return _duty(piece, after, "牵头", 0, match.start(), "reassigned")
    leads: list[str] = []
    cooperators: list[str] = []
    role = ""
    for part, named in _named_by_part(piece, units):
        if part in SUPPORT:
            cooperators.extend(named)
        else:
            leads.extend(named)
            role = role or (part if named else "")
    if not leads and not cooperators:
        return None
    task = re.sub("[，,]?(?:牵头|责任|主办|承办|配合|协办|会办|参与)?(?:单位|部门)?[为是].*$", "", piece)
    return Duty(tuple(leads), tuple(cooperators), role or "配合", task, Status(), Span(0, len(piece)), "is unit")


def _named_by_part(piece: str, units: _Units) -> Iterator[tuple[str, tuple[str, ...]]]:
    for match in _IS_UNIT.finditer(piece):
        yield (match.group(1) or "") + match.group(2), units.before(match.start())
    for match in _UNIT_IS.finditer(piece):
        named = tuple(u.name for u in find_units(match.group(2)))
        yield match.group(1), named


def _subject(piece: str, visible: str, units: _Units) -> Duty | None:
    """The subject of the sentence with a verb of duty, a request to it, or a time limit set to it."""
    intro = _INTRO.match(visible)
    start = intro.end() if intro else 0
    asked = _ASKED.match(visible, start)
    at = asked.end() if asked else start
    run = [u for u in units.run_at(at) if not u.name.endswith(_OBJECTS)]
    if not run:
        return None
    names, end = tuple(u.name for u in run), run[-1].span.end
    if asked and not re.match("[的、]", visible[end : end + 1]):
        return _duty(piece, names, "责任", start, end, "asked")
    if match := _SUBJECT_VERB.match(visible, end):
        return _duty(piece, names, "责任", start, match.end(), "subject")
    if match := _ORGAN.match(visible, end):
        return _duty(piece, names, match.group(1), start, match.end(), "organ")
    if visible[end : end + 1] in ("的", "、", "") or _HEADS.match(visible, end):
        return None
    limits = [
        m
        for m in find_deadlines(visible)
        if m.kind in ("fixed", "recurring") or (m.kind == "relative" and m.as_written.endswith("内"))
    ]
    if any(m.span.end <= run[0].span.start + 1 or m.span.start <= end + 2 for m in limits):
        return _duty(piece, names, "责任", start, end, "dated")
    return None


def _by_verb(piece: str, visible: str, units: _Units) -> Duty | None:
    """“由市财政局安排专项资金”: whoever stands behind 由 before a verb does it."""
    for match in re.finditer("由", visible):
        run = units.run_at(match.end())
        if not run:
            continue
        end = run[-1].span.end
        if _NO_BY_VERB.match(visible, end) or _HEADS.match(visible, end):
            continue
        if "的" in visible[end : end + 12].split("，")[0]:  # 由市财政局拨付的资金 describes money
            continue
        return _duty(piece, tuple(u.name for u in run), "责任", match.start(), end, "by verb")
    return None


def _duty(piece: str, leads: tuple[str, ...], role: str, start: int, end: int, rule: str) -> Duty:
    rest = _OTHERS_PART.sub("", piece[end:].strip("，,：: 的"))
    before = piece[:start].strip("，,：: ")
    task = rest if len(rest) >= 4 else before
    return Duty(leads, (), role, task.split("\x00")[0], Status(), Span(0, len(piece)), rule)


def _cooperating(piece: str, units: _Units) -> Iterator[str]:
    for match in _COOPERATES.finditer(piece):
        yield from units.before(match.start())
    for match in _WITH.finditer(piece):
        yield from units.at(match.end())


class _Units:
    """The units of a piece of text, found once, asked for by where a list of them ends or begins."""

    def __init__(self, piece: str) -> None:
        self._piece = piece
        found = find_units(piece)
        own = [UnitMention(m.group(), Span(m.start(), m.end())) for m in _SELF.finditer(piece)]
        found += [o for o in own if all(o.span.end <= f.span.start or f.span.end <= o.span.start for f in found)]
        self._found = sorted(found, key=lambda u: u.span)
        self._ends = {u.span.end: n for n, u in enumerate(self._found)}
        self._starts = {u.span.start: n for n, u in enumerate(self._found)}

    def before(self, end: int) -> tuple[str, ...]:
        """The list of units that ends right before ``end``; empty where something else stands there."""
        while end > 0 and self._piece[end - 1] in " 　等":
            end -= 1
        names: list[str] = []
        at = self._ends.get(end)
        while at is not None and at >= 0:
            names.append(self._found[at].name)
            start = self._found[at].span.start
            at -= 1
            if at >= 0 and not _LIST_LINK.match(self._piece[self._found[at].span.end : start][:8].strip()):
                break
        return tuple(n for n in names[::-1] if not is_generic(n))

    def at(self, start: int) -> tuple[str, ...]:
        """The list of units that begins right at ``start``."""
        return tuple(u.name for u in self.run_at(start))

    def run_at(self, start: int) -> list[UnitMention]:
        """The list of units that begins right at ``start``, each with its place."""
        while start < len(self._piece) and self._piece[start] in " 　":
            start += 1
        run: list[UnitMention] = []
        at = self._starts.get(start)
        while at is not None and at < len(self._found):
            run.append(self._found[at])
            end = self._found[at].span.end
            at += 1
            if at < len(self._found) and not _LIST_LINK.match(
                self._piece[end : self._found[at].span.start][:8].strip()
            ):
                break
        return run


def _before_bracket(text: str) -> str:
    opened = max(text.rfind(mark) for mark in "（([［【")
    return text[: opened if opened >= 0 else None].strip("。；; \n")
