"""Questions over time: who leads now, whether that changed, when a day was moved, what contradicts; asks and limits.

Answered from :class:`assistant.domain.overtime.overview.Overview`: what holds now, what it replaced, and both sides of
what cannot be decided. A question whose object has no history is left to the other composers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.extractive.proposals import proposals
from assistant.answering.retrieval.reading import Reading
from assistant.answering.statements import Composition, Quote, Statement
from assistant.answering.understanding.intents import Intent
from assistant.domain.dialogue import Completeness, Verdict
from assistant.domain.ledger.commitments import Entry
from assistant.domain.overtime.conflicts import KINDS, Conflict
from assistant.domain.overtime.grouping import Statement as Said
from assistant.domain.overtime.history import History
from assistant.domain.overtime.objects import find_objects
from assistant.domain.overtime.overview import Overview
from assistant.domain.overtime.steps import Aspect, Step
from assistant.domain.overtime.telling import Line, current_lines, dispute_lines, document_of, history_lines
from assistant.domain.policy import Span
from assistant.domain.units.names import any_same

_CHANGES = "(?:更换|变更|变动|调整|更改|换|变|改)"
_CHANGED = re.compile(
    f"{_CHANGES}(?:过|了|成(?![按用以表列]))|有(?:没有|无|过|什么)?(?:过|什么)?(?:变化|变更|调整|更换|变动|延期|推迟)|(?:变化|变更|调整|变动)(?:过|了)?(?:吗|没|情况|$|[？?])"
)
_MOVED = re.compile("延期|推迟|顺延|延后|延长|提前(?:到|至|了)|改到|拖到")
_THEN = re.compile(
    "原来|原先|原定|最初|一开始|起初|后来|历次|历史|沿革|演变|前后|先后|来龙去脉|变化过程|经过哪些|计划(?:的|时|由)[^。？]{0,14}(?:成立|实际|最终|后来)"
)
_NOW = re.compile("现在|目前|当前|如今|眼下|最新|现行|现由|现为|至今")
_CONFLICT = re.compile("矛盾|冲突|不一致|(?:前后|说法|是否)[^，。？]{0,8}一致|说法不一|对不上|打架|出入")
_MANY = re.compile("哪些|哪几|几[个项处]|多少[个项处]|列出|所有|全部|有没有")
_LEAD = re.compile(
    "牵头|负责|责任|主办|承办|(?:[归由换]|[改换变](?:成|为|到|由))了?谁|谁来|哪[个些]?(?:单位|部门|局|家)"
)
_LIMIT = re.compile("时限|期限|节点|延期|推迟|顺延|延后|延长|什么时候|何时|几时|哪天|时间|完成|提前|到期|建成")
_STATE = re.compile("进展|进度|成立|状态|到哪")
_WORDS = re.compile(
    f"{_CHANGES}(?:过|了|成)?|{_MOVED.pattern}|{_THEN.pattern}|{_NOW.pattern}|{_CONFLICT.pattern}|变化|情况|计划|拟|任务|事项|单位|部门|牵头|说法|时限|期限|节点|过|了|是"
)
_SAME_NAME = re.compile("“([^”]+)”与“\\1”")  # nothing to judge
_OTHERS = frozenset({Intent.METADATA, Intent.COOPERATION})
_PLAIN: dict[Intent, Aspect] = {Intent.LEAD: "lead", Intent.DEADLINE: "deadline"}
# A limit of another stage than the end, and how long something takes, are asked of the clause.
_STAGE = re.compile("启动|开工|动工|选址|开始|建设期|有效期|任期|多长|多久|哪一?年到|从哪|自哪")
_MOST = 3  # things of one name that are told together
_MOST_LISTED = 60
_LEAST = 2  # characters of a name
_NAMES: dict[Aspect, str] = {"lead": "牵头单位", "deadline": "时限", "status": "进展"}


def over_time(reading: Reading) -> Composition | None:
    """The answer to a question over time; None for any other, and where the documents have no history to tell."""
    text, overview = reading.question.text, reading.books.overview()
    if overview is None or reading.question.intent in _OTHERS:
        return None
    if told := proposals(reading):
        return told
    conflict, changed = _CONFLICT.search(text), _CHANGED.search(text) or _MOVED.search(text)
    aspects = _aspects(text)
    now = _NOW.search(text) and len(aspects) == 1 and aspects != ("status",)
    asked_over_time = bool(conflict or changed or _THEN.search(text) or now)
    if reading.question.wants_count and not changed:
        return None
    if not asked_over_time:
        return _what_holds(reading, overview)
    found = _things(reading, overview)
    if not found:
        nothing_named = len("".join(_WORDS.sub(" ", reading.question.object).split())) < _LEAST
        listed = (_MANY.search(text) or nothing_named) and not reading.scope.documents
        if listed and conflict:
            return _conflicts(reading, overview.conflicts)
        return _changed_ones(reading, overview, aspects) if listed and changed else None
    found = tuple(h for h in found if any(_steps(h, a) for a in aspects))
    if len(found) > _MOST and changed:  # 联合体换过牵头单位吗, of several: those that did
        found = tuple(h for h in found if any(_was_replaced(h, a) for a in aspects))
    if not found or len(found) > _MOST:
        return None
    statements = [s for h in found for s in _told(reading, h, aspects, named=len(found) > 1)]
    undecided = any(len(h.current(a)) > 1 for h in found for a in aspects)
    return Composition(Verdict.PARTIAL if undecided else Verdict.ANSWERED, tuple(statements)) if statements else None


def _what_holds(reading: Reading, overview: Overview) -> Composition | None:
    """A plain question for lead or limit of one thing of which that was changed: what holds, then what it replaced.

    None where the question names documents: then these are asked what they say.
    """
    question = reading.question
    aspect = _PLAIN.get(question.intent)
    named = reading.scope.ids is not None and not reading.scope.by_focus
    if aspect is None or named or question.wants_list or question.wants_sections or question.clauses:
        return None
    if aspect == "deadline" and _STAGE.search(question.text):
        return None
    found = [h for h in _things(reading, overview) if _steps(h, aspect)]
    if len(found) != 1:
        return None
    (history,) = found
    now, steps = history.current(aspect), _steps(history, aspect)
    if not now or not any(s.standing == "replaced" for s in steps):
        return None
    head: list[Statement] = []
    if question.yes_no:
        if aspect != "lead" or not question.units:
            return None
        agrees = all(any(any_same(u, s.units) for s in now) for u in question.units)
        head = [Statement("与现行的记载相符。" if agrees else "与现行的记载不符。")]
    verdict = Verdict.PARTIAL if len(now) > 1 else Verdict.ANSWERED
    return Composition(verdict, (*head, *_told(reading, history, (aspect,), named=False)))


def _aspects(text: str) -> tuple[Aspect, ...]:
    found: list[Aspect] = []
    if _LEAD.search(text):
        found.append("lead")
    if _LIMIT.search(text) and not (found and not _MOVED.search(text) and not re.search("时限|期限|时间", text)):
        found.append("deadline")
    if _STATE.search(text) and not found:
        found.append("status")
    return tuple(found) or ("lead", "deadline", "status")


def _things(reading: Reading, overview: Overview) -> tuple[History, ...]:
    """The histories of what the question is about; of documents that it names only those that they speak of."""
    named = [f.named.written for f in find_objects(reading.question.text) if not f.named.bare]
    named.append("".join(_WORDS.sub(" ", reading.question.object).split()))
    found: tuple[History, ...] = next((h for n in named if len(n) > 1 and (h := overview.find(n))), ())
    ids = reading.scope.ids
    if ids is None or reading.scope.by_focus:
        return found
    return tuple(h for h in found if any(s.told.document_id in ids for s in h.statements))


def _steps(history: History, aspect: Aspect) -> Sequence[Step]:
    return {"lead": history.leads, "deadline": history.deadlines, "status": history.states}[aspect]


def _told(reading: Reading, history: History, aspects: Sequence[Aspect], *, named: bool) -> list[Statement]:
    """What holds now, what contradicts it, and the way there where it was asked for or is not straight."""
    told = [aspect for aspect in aspects if _steps(history, aspect)]
    head = [Statement(f"{history.name}：")] if named else []
    if (_CHANGED.search(reading.question.text) or _MOVED.search(reading.question.text)) and not named:
        head = [Statement(_verdict(history, told))]
    lines: list[Line] = list(current_lines(history, told))
    lines += [line for line in dispute_lines(history) if line.settled]
    for aspect in told:
        way = history_lines(history, aspect)
        lines += way if len(way) > 1 or not history.current(aspect) else ()
    statements: list[Statement] = []
    rows: set[str] = set()
    for line in lines:
        entry = _entry(reading, line.statements)
        new = entry is not None and entry.id not in rows
        rows |= {entry.id} if entry else set()
        statements.append(Statement(line.text, _quotes(reading, line.statements), entry if new else None))
    return [*head, *statements, *_notes(history)]


def _entry(reading: Reading, statements: Sequence[Said]) -> Entry | None:
    """The ledger's row behind a line, where one clause alone is told."""
    if len(statements) != 1 or (wanted := statements[0].mention.entry_id) is None:
        return None
    document_id = statements[0].told.document_id
    rows = (r.entry for r in reading.held if r.entry.document_id == document_id)
    return next((e for e in rows if e.id.split("-")[0] == wanted), None)


def _verdict(history: History, aspects: Sequence[Aspect]) -> str:
    moved = [_NAMES[a] for a in aspects if _was_replaced(history, a)]
    still = [_NAMES[a] for a in aspects if not _was_replaced(history, a)]
    open_ = [_NAMES[d.aspect] for d in history.disputes if d.aspect in aspects and not d.settled]
    if open_:
        return f"{history.name}的{'、'.join(dict.fromkeys(open_))}在文件中说法不一致。"
    handed_over = any(s.standing == "replaced" or s.statement.mention.says == "change" for s in history.leads)
    if moved == [_NAMES["lead"]] and not handed_over:
        return f"{history.name}的牵头单位没有更换，单位名称有变更。"
    said = f"{history.name}的{'、'.join(moved)}有变更。" if moved else ""
    return said or f"{history.name}的{'、'.join(still)}在已导入的文件中没有变更的记载。"


def _was_replaced(history: History, aspect: Aspect) -> bool:
    steps = {"lead": history.leads, "deadline": history.deadlines, "status": history.states}[aspect]
    moved = any(s.statement.mention.says == "change" and not s.statement.mention.proposed for s in steps)
    return moved or any(s.standing == "replaced" or s.renamed for s in steps)


def _notes(history: History) -> list[Statement]:
    """Names that were taken for one, and those that were not, for the reader to judge."""
    notes = [Statement(f"注：{reason}。") for reason in history.joined if not _SAME_NAME.match(reason)]
    return notes + [Statement(f"注：“{n.right.mention.full}”未作同一事项：{n.reason}。") for n in history.near[:3]]


def _quotes(reading: Reading, statements: Sequence[Said]) -> tuple[Quote, ...]:
    return tuple(
        Quote(document, Span(s.mention.start, s.mention.end))
        for s in statements
        if (document := reading.books.document(s.told.document_id))
    )


# ---- lists ---------------------------------------------------------------------------------------------------------


def _changed_ones(reading: Reading, overview: Overview, aspects: Sequence[Aspect]) -> Composition | None:
    """All things of which an aspect was changed, counted."""
    found = [(h, [a for a in aspects if _was_replaced(h, a)]) for h in overview.histories]
    listed = [(h, changed) for h, changed in found if changed and set(changed) != {"status"}]
    if not listed:
        return None
    statements: list[Statement] = []
    for history, changed in listed[:_MOST_LISTED]:
        for aspect in changed:
            line = history_lines(history, aspect)[-1]
            statements.append(Statement(f"{history.name}：{line.text}", _quotes(reading, line.statements)))
    shown = min(len(listed), _MOST_LISTED)
    closing = Statement(
        f"{'、'.join(_NAMES[a] for a in aspects)}有变更的事项共 {len(listed)} 个{_extent(shown, len(listed))}。"
    )
    return Composition(Verdict.ANSWERED, (*statements, closing), Completeness(shown, len(listed)))


def _conflicts(reading: Reading, conflicts: Sequence[Conflict]) -> Composition:
    """All contradictions, both sides each."""
    if not conflicts:
        text = f"在已导入的 {reading.searched} 份文件中没有发现牵头单位、时限、进展相互矛盾的事项。"
        return Composition(Verdict.ANSWERED, (Statement(text),), Completeness(0, 0))
    statements = []
    for conflict in conflicts[:_MOST_LISTED]:
        sides = "；".join(f"{document_of(s.statement.told)}为{s.value}" for s in conflict.steps)
        end = conflict.settled or "不能确定以哪一份为准"
        text = f"{conflict.thing}（{KINDS[conflict.aspect]}）：{sides}。{conflict.reason}，{end}。"
        statements.append(Statement(text, _quotes(reading, [s.statement for s in conflict.steps])))
    shown = len(statements)
    closing = Statement(f"共 {len(conflicts)} 处{_extent(shown, len(conflicts))}。")
    return Composition(Verdict.ANSWERED, (*statements, closing), Completeness(shown, len(conflicts)))


def _extent(shown: int, total: int) -> str:
    return "，全部列出" if shown == total else f"，列出前 {shown} 个"
