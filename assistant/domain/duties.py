"""Who is made responsible by a sentence: leads, cooperating units, the role and the task.

Each rule is one phrasing of official documents, with its example; ``docs/phrasings.md`` lists their sources. A
sentence whose only subject is a generic group (政府相关部门) makes nobody responsible and yields no duty; a group
beside named units is kept out of the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.domain.dialogue import Status
from assistant.domain.policy import Span
from assistant.domain.status import read_status
from assistant.domain.text import sentences
from assistant.domain.units import find_units, split_units


@dataclass(frozen=True, slots=True)
class Duty:
    """One statement of responsibility. ``span`` is its place in the text that was read, ``rule`` the phrasing."""

    leads: tuple[str, ...]
    cooperators: tuple[str, ...]
    role: str
    task: str
    status: Status
    span: Span
    rule: str


# “由市科技局和市教育局牵头建立…”, “由甲、乙双牵头的…”
_BY = re.compile(
    "由([^，。；：\\n（）]{2,60}?)(双|共同|联合|分别)?"
    "(牵头协调|牵头负责|牵头组织|牵头|负责|主办|承办|协调|统筹|承担|组织实施|主管|归口管理)"
)
# “市科技局牵头，…”, “国办正在牵头组织…”
_LEADS = re.compile("(正在|负责|具体|要|将|拟|应)?(双|共同|联合)?(牵头(?!单位|部门|人|作用|机制))")
# “…。（甲、乙负责）”, “（甲牵头，乙参与）”
_BRACKET = re.compile(
    "[（(\\[［【]([^（）()\\[\\]［］【】]{2,200}?(?:牵头|负责|参与|配合|主办)[^（）()\\[\\]［］【】]{0,60})[）)\\]］】]"
)
_FIRST_LEADS = re.compile("(?:排在|列|列在)?第一(?:位|个)?(?:的|者)?(?:部门|单位)?(?:的)?为牵头")
# “由甲牵头调整为由乙牵头”, “牵头单位由甲变更为乙”
_REASSIGNED = re.compile(
    "由([^，。；：\\n（）]{2,40}?)(?:牵头)?(?:调整|变更|改|更换)为(?:由)?([^，。；：\\n（）]{2,40}?)(?:(?:牵头|负责)(?=[，。；）]|$)|(?=[，。；）]|$))"
)
_REASSIGNS = re.compile("牵头|责任单位|主办单位|负责单位")
# “甲与乙为双牵头单位”, “牵头单位为甲”
_IS_UNIT = re.compile("为(双|共同|联合)?(牵头|责任|主办|承办|配合|协办|会办)(?:单位|部门)")
_UNIT_IS = re.compile("(牵头|责任|主办|承办|配合|协办|会办|参与)(?:单位|部门)(?:为|是|由)([^，。；：\\n]{2,80})")
# “牵头单位：甲；配合单位：乙”
_LABEL = re.compile(
    "(牵头|责任|主要责任|负责|主办|承办|组织|配合|协办|协作|会办|参与|协同|协助)(?:单位|部门|处室|科室)[：:]\\s*"
    "([^；;。）)\\]】\\n：:]{1,200}?)(?=[；;。）)\\]】\\n]|$|[，,、\\s]+[一-鿿]{2,6}[：:])"
)
_LABEL_TASK = re.compile("(?:任务|工作任务|重点任务|工作内容|事项|主要任务|任务内容|内容)[：:]\\s*([^；;\\n]{2,200})")
_SUPPORT_LABELS = frozenset("配合 协办 协作 会办 参与 协同 协助".split())
# “，市人社局配合，”; “会同财政部制定”; “配合省教育厅指导…”
_COOPERATES = re.compile("(?:等)?(?:积极|密切|共同|分工)?(配合|参与|协助|协同|协办|参加)")
_WITH = re.compile("会同")
_ASSISTS = re.compile(
    "(?:^|[，；。、\\n])(?:积极|主动|继续)?(?:配合|协助)(?=[^，。；]{2,20}(?:指导|做好|开展|推进|完成|落实|组织))"
)
# “财政部要会同…”, “发展改革委拟研究…”
_SUBJECT_VERB = re.compile(
    "(?:等部门|等单位)?(?:具体)?(?:要|应当?|须|负责|会同|抓紧|拟|将|已|正在|主管|承担|承办|组织|按照?)"
)
# What alliances are planned to do is their description; who acts for them (理事会, 秘书处) can be made responsible.
_OBJECTS = ("联合体", "融合体", "共同体")
_OTHERS_PART = re.compile("^[一-鿿、和]{2,60}(?:配合|参与|协助|协同|协办|参加)[，,]")
_LIST_LINK = re.compile("^(?:等)?(?:、|和|与|及|以及|会同)?$")


def read_duties(text: str, span: Span | None = None, *, first_leads: bool = False) -> list[Duty]:
    """The duties that ``text`` (or its part in ``span``) states, in order.

    ``first_leads``: the document has said “列第一位者为牵头单位，下同”, so brackets name their lead first.
    """
    found: list[Duty] = []
    for sentence in sentences(text, span):
        written = sentence.of(text)
        duties = _labelled(written) or _in_sentence(written, first_leads)
        found.extend(replace(d, span=Span(sentence.start + d.span.start, sentence.start + d.span.end)) for d in duties)
    return found


def states_first_leads(text: str) -> bool:
    """Whether ``text`` sets the rule that the unit named first leads (“排在第一位的部门为牵头部门，下同”)."""
    return bool(_FIRST_LEADS.search(text))


def _labelled(sentence: str) -> list[Duty]:
    leads: list[str] = []
    cooperators: list[str] = []
    role = "责任"
    for match in _LABEL.finditer(sentence):
        units = split_units(match.group(2))
        if match.group(1) in _SUPPORT_LABELS:
            cooperators.extend(units)
        else:
            leads.extend(units)
            role = {"主要责任": "责任", "负责": "责任", "组织": "牵头"}.get(match.group(1), match.group(1))
    if not leads and not cooperators:
        return []
    task = _LABEL_TASK.search(sentence)
    return [
        Duty(
            tuple(leads),
            tuple(cooperators),
            role if leads else "配合",
            task.group(1).strip() if task else _before_bracket(sentence),
            read_status(sentence),
            Span(0, len(sentence)),
            "label",
        )
    ]


def _in_sentence(sentence: str, first_leads: bool) -> list[Duty]:
    duties: list[Duty] = []
    bare = sentence
    for match in _BRACKET.finditer(sentence):
        if duty := _bracket(sentence, match, first_leads or states_first_leads(match.group(1))):
            duties.append(duty)
            bare = bare[: match.start()] + "\x00" * (match.end() - match.start()) + bare[match.end() :]
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


def _segments(sentence: str) -> Iterator[Span]:
    position = 0
    for match in re.finditer("[；;]|$", sentence):
        if sentence[position : match.start()].strip():
            yield Span(position, match.start())
        position = match.end()


def _bracket(sentence: str, match: re.Match[str], first_leads: bool) -> Duty | None:
    inner = re.split("[，,；;](?=[^，,；;]{0,8}第一)", match.group(1))[0]
    lead_part, _, support_part = inner.partition("牵头")
    if support_part or inner.endswith("牵头"):
        leads = split_units(lead_part)
        cooperators = split_units(
            re.sub("^(?:负责)?[，,；;]?|(?:等)?(?:积极)?(?:参与|配合|协助|负责|按.*)+$", "", support_part)
        )
        role = "牵头"
    else:
        names = split_units(re.sub("(?:等)?(?:按(?:照)?(?:各自)?职责分工)?(?:分别)?(?:负责|主办).*$", "", inner))
        leads, cooperators = (names[:1], names[1:]) if first_leads else (names, ())
        role = "牵头" if first_leads else "负责"
    if not leads and not cooperators:
        return None
    task = _before_bracket(sentence[: match.start()])
    return Duty(leads, cooperators, role, task, read_status(task), Span(0, match.end()), "bracket")


def _prose(piece: str) -> list[Duty]:
    duty: Duty | None = None
    if (stated := _stated_as_unit(piece)) is not None:
        return [stated]
    if (match := _BY.search(piece)) and (leads := split_units(match.group(1))):
        role = (match.group(2) or "") + ("牵头" if "牵头" in match.group(3) else match.group(3))
        duty = _duty(piece, leads, role, match.start(), match.end(), "by")
    else:
        for match in _LEADS.finditer(piece):
            if leads := _units_before(piece, match.start()):
                duty = _duty(piece, leads, (match.group(2) or "") + "牵头", match.start(), match.end(), "leads")
                break
    if duty is None and (match := _ASSISTS.search(piece)) and (helped := _units_at(piece, match.end())):
        return [_duty(piece, helped, "配合", match.start(), match.end(), "assists")]
    if duty is None and (duty := _subject(piece)) is None:
        return []
    cooperators = [u for u in _cooperating(piece) if u not in duty.leads]
    return [replace(duty, cooperators=tuple(cooperators))]


def _stated_as_unit(piece: str) -> Duty | None:
    """A change of lead (the new one leads), or units named by their part: 甲为牵头单位，会办单位为乙."""
    if _REASSIGNS.search(piece) and (match := _REASSIGNED.search(piece)):
        after = split_units(match.group(2))
        if after and split_units(match.group(1)):
            return _duty(piece, after, "牵头", 0, match.start(), "reassigned")
    leads: list[str] = []
    cooperators: list[str] = []
    role = ""
    for part, units in _named_by_part(piece):
        if part in _SUPPORT_LABELS:
            cooperators.extend(units)
        else:
            leads.extend(units)
            role = role or part
    if not leads and not cooperators:
        return None
    task = re.sub("[，,]?(?:牵头|责任|主办|承办|配合|协办|会办|参与)?(?:单位|部门)?[为是].*$", "", piece)
    return Duty(tuple(leads), tuple(cooperators), role or "配合", task, Status(), Span(0, len(piece)), "is unit")


def _named_by_part(piece: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for match in _IS_UNIT.finditer(piece):
        yield (match.group(1) or "") + match.group(2), _units_before(piece, match.start())
    for match in _UNIT_IS.finditer(piece):
        named = tuple(u.name for u in find_units(match.group(2)))
        yield match.group(1), named


def _subject(piece: str) -> Duty | None:
    units = tuple(u for u in _units_at(piece, 0) if not u.endswith(_OBJECTS))
    if not units:
        return None
    end = piece.index(units[-1]) + len(units[-1])
    if not (match := _SUBJECT_VERB.match(piece, end)):
        return None
    return _duty(piece, units, "责任", 0, match.end(), "subject")


def _duty(piece: str, leads: tuple[str, ...], role: str, start: int, end: int, rule: str) -> Duty:
    rest = _OTHERS_PART.sub("", piece[end:].strip("，,：: 的"))
    before = piece[:start].strip("，,：: ")
    task = rest if len(rest) >= 4 else before
    return Duty(leads, (), role, task.split("\x00")[0], Status(), Span(0, len(piece)), rule)


def _cooperating(piece: str) -> Iterator[str]:
    for match in _COOPERATES.finditer(piece):
        yield from _units_before(piece, match.start())
    for match in _WITH.finditer(piece):
        yield from _units_at(piece, match.end())


def _units_before(piece: str, end: int) -> tuple[str, ...]:
    """The list of units that ends right before ``end``; empty where something else stands there."""
    return _run([u.span for u in find_units(piece[:end])][::-1], piece, end, backwards=True)


def _units_at(piece: str, start: int) -> tuple[str, ...]:
    """The list of units that begins right at ``start``."""
    while start < len(piece) and piece[start] in " 　":
        start += 1
    spans = [Span(u.span.start + start, u.span.end + start) for u in find_units(piece[start : start + 120])]
    return _run(spans, piece, start, backwards=False)


def _run(spans: list[Span], piece: str, edge: int, *, backwards: bool) -> tuple[str, ...]:
    names: list[str] = []
    for span in spans:
        between = piece[span.end : edge] if backwards else piece[edge : span.start]
        if not _LIST_LINK.match(between.strip()) or (not names and between.strip() not in ("", "等")):
            break
        names.append(span.of(piece))
        edge = span.start if backwards else span.end
    return tuple(names[::-1] if backwards else names)


def _before_bracket(text: str) -> str:
    return re.sub("[（(\\[［【][^（(\\[［【]*$", "", text).strip("。；; \n")
