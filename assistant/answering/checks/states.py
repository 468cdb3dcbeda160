"""How far, denied, or the opposite: what a piece of a sentence says otherwise than a window."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.answering.checks.wording import content, pairs_of
from assistant.answering.sources import Facts, Source, Window, facts_of
from assistant.domain import modality

_OPPOSITES = [
    ("增加|增长|提高|提升|上升|扩大|上调", "减少|下降|降低|缩小|下调|缩减|压缩"),
    ("加强|强化", "削弱|弱化|放松"),
    ("同意|支持|赞成|采纳", "反对|不同意|否决"),
    ("允许|准许|鼓励", "禁止|限制|不得|严禁"),
    ("必须|应当|强制", "可以|自愿|鼓励|可自行"),
    ("公开", "保密|不予公开"),
    ("新增|增设|保留", "取消|撤销|撤并"),
    ("合并", "拆分|分设"),
    ("免费|无偿", "收费|有偿"),
    ("上涨", "下跌"),
    ("按期|按时|如期|提前", "逾期|延期|推迟|滞后|延后"),
    ("超额|超过", "低于|未达"),
    ("首次|第一次", "再次|多次"),
    ("长期", "短期|临时"),
    ("以上", "以下"),
    ("最多|最高", "最少|最低"),
    ("满意", "不满意"),
    ("城镇|城市", "农村|乡村"),
    ("定期", "不定期"),
    ("民办", "公办"),
    ("专职", "兼职"),
    ("线上", "线下"),
    ("上级", "下级"),
    ("双(?!方|边)", "单(?!位|独|元|据|项|列|一)"),
    ("事前", "事后"),
]
_OPPOSITE = [(re.compile(a), re.compile(b)) for a, b in _OPPOSITES]
_MUST = re.compile("必须|务必|强制|一律")
_MUST_SUPPORT = re.compile("必须|务必|强制|一律|应|须|不得|严禁|要")


def other_progress(piece: str, facts: Facts, window: Window, there: Facts) -> Iterator[str]:
    """拟 told as done, done without a ground, 拟 added or dropped."""
    missing = facts.done - there.done
    if missing:
        yield f"“已{'、'.join(sorted(missing))}”没有依据"
    if modality.claims_progress(piece) and not modality.in_progress(window.text):
        yield "“正在进行”没有依据"
    if modality.claims_plan(piece) and window.planned_at is None and not modality.plans_outright(window.text):
        yield "原文没有说“拟”"
    if window.planned_at is not None and not modality.plans(piece) and not (facts.done and not missing):
        end = modality.planned_to(window.text, window.planned_at)
        governed = window.text[window.planned_at : end]
        free = window.text[: window.planned_at] + "\n" + window.text[end:]
        # 计划实施某事，由甲负责: the plan does not govern who is made responsible.
        assigned = bool(facts.roles) and all(p.unit in free and p.unit not in governed for p in facts.roles)
        if not assigned and sum(1 for b in pairs_of(piece) if b in governed and b not in free) >= 2:
            yield "原文只是计划（拟）"


def other_denials(piece: str, facts: Facts, window: Window, there: Facts) -> Iterator[str]:
    """A denial added or dropped."""
    if any(not any(_same_denial(mine, other) for other in there.denials) for mine in facts.denials):
        yield "原文没有这样的否定"
    if any(_told_undenied(denied, piece, facts.denials) for denied in there.denials):
        yield "漏掉了原文的否定"


def _same_denial(claimed: str, written: str) -> bool:
    return claimed[:1] == written[:1] or bool(pairs_of(claimed) & pairs_of(written))


def _told_undenied(denied: str, piece: str, denials: Sequence[str]) -> bool:
    """Whether the piece says what the text denies (继续保留 of 不再保留)."""
    verb = re.split("[^一-鿿]", denied[:2])[0]
    return bool(verb) and verb in piece and not any(verb in mine for mine in denials)


def lost_denials(text: str, sources: list[Source]) -> Iterator[str]:
    """A clause that denies what the sentence says without denial, wherever it stands in the cited text."""
    mine = modality.denials(text)
    for clause in (c for s in sources for w in s.windows for c in re.split("[,;。:]", w.text)):
        denied = modality.denials(clause)
        pairs = pairs_of(content(clause))
        near = bool(pairs) and sum(p in text for p in pairs) / len(pairs) >= 0.6
        if near and any(_told_undenied(d, text, mine) for d in denied if len(d) > 1):
            yield "漏掉了原文的否定"
            return


def other_state(piece: str, facts: Facts, window: Window) -> Iterator[str]:
    """The clause that speaks of the piece's matter must not say another state (甲已完成，乙正在办理)."""
    clauses = [c for c in re.split("[,;。]", window.text) if c]
    progress = modality.claims_progress(piece)
    if len(clauses) < 2 or not (facts.done or progress or facts.denials):
        return
    pairs = pairs_of(content(piece))
    shares = [sum(p in clause for p in pairs) for clause in clauses]
    clause = clauses[shares.index(max(shares))]
    if not max(shares) or shares.count(max(shares)) > 1:
        return
    there = facts_of(clause)
    denied, going = bool(there.denials), bool(modality.claims_progress(clause))
    other = (
        (bool(facts.done) and not there.done & facts.done and (denied or going))
        or (progress and bool(there.done) and not going)
        or (bool(facts.denials) and not facts.done and bool(there.done) and not denied)
    )
    if other:
        yield "状态与原文不符"


def opposed(piece: str, window: Window, source: Source) -> Iterator[str]:
    """The opposite of a word of the window."""
    known = window.text + "\n" + source.around
    for left, right in _OPPOSITE:
        for mine, other in ((left, right), (right, left)):
            if mine.search(piece) and not mine.search(known) and other.search(window.text):
                yield "说法与原文相反"
    if _MUST.search(piece) and not _MUST_SUPPORT.search(window.text):
        yield "“必须”之类的说法没有依据"
