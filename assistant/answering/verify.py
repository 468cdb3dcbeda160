"""Whether a sentence stands on the clauses that it cites: rules of language, no model.

A sentence leaves only when nothing in it goes beyond the cited text. Names and numbers may also come from a
document's title, number and headings; who does what, by when and how far must be said by one statement of the text
itself. The rules withhold rather than guess; a withheld sentence is counted, and the reader still gets the clauses.

What rules cannot see: a wrong reading that uses only words of the right statement in their right roles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.answering.evidence import Evidence
from assistant.answering.sources import GENERIC, THING, Facts, Source, Window, facts_of, is_dependent, lay_out
from assistant.domain import claims, modality
from assistant.domain.roles import Part, Playing, same_body

_REPEATS = 5  # places of one quote that are looked at
_LONGEST = 400  # characters; no clerk wants a longer sentence, and none is checked well
_FOREIGN_MATTER = re.compile(
    r"https?:|ftp:|www\.|://|\]\(|<[a-z/!]|javascript:|data:|[\x00-\x08\x0b-\x1f\x7f]|[​-‏‪-‮⁦-⁩﻿]|"
    r"[a-z0-9-]+\.(?:com|cn|net|org|io|gov|edu|top|xyz)\b|`|\|",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"[\[【]\s*\^?\d{1,3}\s*[\]】]")
_HAN = re.compile("[一-鿿]")

# A sentence may use the weaker part where the clause gives the stronger one, never the reverse.
_CARRIED_BY = {Part.DUTY: {Part.LEAD, Part.DUTY, Part.HOST, Part.UNDERTAKE}}
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
_WHOLE = re.compile("全部|所有|一律|全体|全面完成|完全|无一例外|百分之百|每一|任何|各[^,;。]{1,12}(?:均|都)")
_WHOLE_SUPPORT = re.compile("全部|所有|一律|全体|完全|均|都|每|各|全市|全面|任何|100%|一切|凡")
_ONLY = re.compile("仅由|仅有|只有|唯一|只由|仅限|独家|单独")
_ONLY_SUPPORT = re.compile("仅|只|唯一|独|限")
_LEVEL = re.compile(
    "(?:国家|世界|全国|省部|省|市|县|区|乡镇|校|院)级|全[国省市县区]|[东南西北][门部侧岸区线段路街站城]|[上中下]游"
)
_MUST = re.compile("必须|务必|强制|一律")
_MUST_SUPPORT = re.compile("必须|务必|强制|一律|应|须|不得|严禁|要")
# The two characters before a kind of thing must stand somewhere in the text, unless they are such words.
_NAMED = re.compile(f"{THING.pattern}|部门|机构|处室|[科处](?=[,。;、(]|$)")
_OPEN_BEFORE_THING = re.compile("[的该此各个这那本等和与及由为是、,]")
_OFFICE = re.compile(
    "(?:常务副|副|执行)?(?:理事长|秘书长|会长|主任|组长|局长|处长|厅长|市长|校长|院长|主席)(?:单位)?|签发人|联系人|负责人|主持人|"
    "主送机关|抄送|成员单位|秘书处|联系电话"
)
_JOINS = re.compile("^[^由,]{2,60}(?:配合|参与|协助|协办|会办|支持)$")
_PASSIVE = re.compile("由|被|受|经|接受")
_GUESSED = re.compile("推定|推断|沿用|依上级|所属部分|总述")


@dataclass(frozen=True, slots=True)
class Check:
    """The result: ``reasons`` names every rule that the sentence breaks, in Chinese, for logs and tests."""

    ok: bool
    reasons: tuple[str, ...] = ()


def verify(sentence: str, cited: Sequence[Evidence]) -> Check:
    """Check one sentence, without its keys, against the evidence that it cites.

    A sentence that repeats whole clauses of the evidence word for word passes, unless it cuts off the 拟 or 不 that
    governs them.
    """
    if not cited:
        return Check(False, ("没有依据",))
    if len(sentence) > _LONGEST or _FOREIGN_MATTER.search(sentence):
        return Check(False, ("过长或含有链接、代码、控制字符",))
    text = claims.folded(sentence).strip("。.;,:!? ")
    sources = lay_out(cited)
    plain = [s for s in sources if not s.ordered]
    if len(_HAN.findall(text)) + len(re.findall("[0-9a-z]", text)) < 2:
        return Check(False, ("不成句",))
    if not plain:
        return Check(False, ("所引文字含有对程序的指令",))
    if any(_is_quote(text, source) for source in plain):
        return Check(True)
    reasons = [*_names(sentence, text, plain), *_statements(text, plain)]
    return Check(not reasons, tuple(dict.fromkeys(reasons)))


def _is_quote(text: str, source: Source) -> bool:
    at = -1
    for _ in range(_REPEATS):
        at = source.body.find(text, at + 1)
        if at < 0:
            return False
        start = max(source.body.rfind(mark, 0, at) for mark in "。;!?") + 1
        ends = [e for mark in "。;!?" if (e := source.body.find(mark, at + len(text))) >= 0]
        before, after = source.body[start:at], source.body[at + len(text) : min(ends, default=len(source.body))]
        clause = before[max(before.rfind(mark) for mark in ",:") + 1 :]
        cut = modality.planned_from(before) is not None or modality.denials(clause) or modality.denials(after)
        whole = not before or before[-1] in ",:、)" or not _HAN.search(before[-1])
        if not cut and (len(text) >= 8 or (whole and len(text) >= 4)):
            return True
    return False


# ---- names ---------------------------------------------------------------------------------------------------------


def _names(sentence: str, text: str, sources: list[Source]) -> Iterator[str]:
    body = "\n".join(s.body for s in sources)
    everything = "\n".join([body, *(s.around for s in sources)])
    if any(claims.folded(m.group()) not in everything for m in _REFERENCE.finditer(sentence)):
        yield "含有自编的注号"
    for name in claims.quoted_names(text):
        if name.strip("《》“”") not in everything:
            yield f"名称“{name}”不见于所引条款"
    for word in claims.latin_words(text):
        if word not in everything:
            yield f"“{word}”不见于所引条款"
    for person in claims.named_persons(text):
        if person not in everything:
            yield f"人名“{person}”不见于所引条款"
    yield from _offices(text, body)
    known = set(claims.identities(everything))
    for identity in claims.identities(text):
        if not any(identity.endswith(other) or other.endswith(identity) for other in known):
            yield f"文号“{identity}”不见于所引条款"
    units = {*facts_of(everything).units}
    for unit in facts_of(text).units:
        if not _unit_known(unit, units, everything):
            yield f"单位“{unit}”不见于所引条款"
    for match in _NAMED.finditer(text):
        lead = text[max(0, match.start() - 2) : match.start()]
        names = len(lead) == 2 and all(_HAN.match(c) for c in lead) and not _OPEN_BEFORE_THING.search(lead)
        if names and lead not in everything and not GENERIC.search(lead):
            yield f"“{lead}{match.group()}”不见于所引条款"
    for match in _LEVEL.finditer(text):
        level = match.group()
        if level not in everything and not (level[0] == "全" and re.search(f"[我本]{level[1]}", everything)):
            yield f"层级“{match.group()}”不见于所引条款"
    if _WHOLE.search(text) and not _WHOLE_SUPPORT.search(body):
        yield "“全部”之类的说法没有依据"
    if _ONLY.search(text) and not _ONLY_SUPPORT.search(body):
        yield "“唯一”之类的说法没有依据"


def _offices(text: str, body: str) -> Iterator[str]:
    """Who holds an office, or what stands under a label, must stand beside the same label in the text."""
    for match in _OFFICE.finditer(text):
        label = match.group()
        beside = [
            _holder(body, m.start()) + "\n" + _value(body, m.end())
            for m in _OFFICE.finditer(body)
            if m.group() == label
        ]
        given = re.match(r"(?:为|是|由|系|:|设在|叫)+([一-鿿0-9x]{2,24})", text[match.end() :])
        names = re.split("[、和与及]", re.split("担任|推荐|兼任", given.group(1))[0]) if given else []
        if not given and (subject := re.search(r"(?:^|,)([^,]{2,40})(?:是|为|担任|任)$", text[: match.start()])):
            names = re.split("[、和与及]", subject.group(1))
        if beside and any(n and not any(n in b or _bare_in(n, b) for b in beside) for n in names):
            yield f"“{label}”与原文不符"


def _bare_in(name: str, beside: str) -> bool:
    return any(same_body(name, unit) for unit in facts_of(beside).units)


def _holder(body: str, end: int) -> str:
    found = re.search(r"([^,;。:()]{2,40})(?:是|为|担任|任)$", body[max(0, end - 44) : end])
    return found.group(1) if found else ""


def _value(body: str, start: int) -> str:
    rest = re.split("[,;。)]", re.sub(r"\([^()]*\)", "", body[start : start + 200]), maxsplit=1)[0]
    after = _OFFICE.search(rest)
    return rest[: after.start()] if after else rest


def _unit_known(unit: str, units: set[str], everything: str) -> bool:
    if unit in everything:
        return True
    for other in units:
        if same_body(unit, other) and (len(unit) <= len(other) or unit[: -len(other)] in everything):
            return True
        if unit[:2] == other[:2] and unit[-1] == other[-1] and _is_subsequence(unit, other) and unit[-2:] in other:
            return True  # 碳纤维联合体 for 碳纤维市域产教联合体
    office = re.search("(?:办公室|秘书处|专班|领导小组)$", unit)
    if office and office.group() in everything and unit[: office.start()] in everything:
        return True
    return any(
        THING.search(unit[-4:]) and unit.endswith(t) and unit[: -len(t)] in everything for t in _thing_ends(unit)
    )


def _thing_ends(unit: str) -> list[str]:
    return [m.group() for m in THING.finditer(unit) if unit.endswith(m.group())]


def _is_subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(c in rest for c in short)


# ---- statements ----------------------------------------------------------------------------------------------------


def _statements(text: str, sources: list[Source]) -> list[str]:
    """Reasons against the statements of a sentence; each must be carried by one window of the evidence."""
    reasons: list[str] = list(_denied_elsewhere(text, sources))
    for group in filter(None, re.split("[;。!?]", text)):
        parts = _parts(group)
        reasons.extend(_carried(parts, group, sources))
    return reasons


def _parts(group: str) -> list[str]:
    """Clauses of a group; one that names no matter of its own stays with its neighbour."""
    found: list[str] = []
    waiting = ""
    for part in filter(None, re.split("(?<=,)", group)):
        if is_dependent(part):
            if found:
                found[-1] += part
            else:
                waiting += part
            continue
        found.append(waiting + part)
        waiting = ""
    return found if not waiting else [*found, waiting]


def _carried(parts: list[str], group: str, sources: list[Source]) -> list[str]:
    """Reasons why neither the whole nor its parts are carried; the parts' own where they were tried."""
    whole = _against("".join(parts), group, sources)
    if not whole or len(parts) < 2:
        return whole
    best = whole
    for cut in range(len(parts) - 1, 0, -1):
        head = _against("".join(parts[:cut]), group, sources)
        if head:
            continue
        rest = _carried(parts[cut:], group, sources)
        if not rest:
            return []
        best = rest
    return best


def _against(piece: str, group: str, sources: list[Source]) -> list[str]:
    """Reasons against one piece: those of the window that comes nearest to carrying it."""
    piece = piece.strip(",")
    facts = facts_of(piece)
    windows = [w for s in sources for w in s.windows]
    if not windows:
        return ["所引条款没有可用的文字"]
    if _GUESSED.search(group) and facts.roles:
        return _inherited(piece, facts, sources)
    tried = [(_breaks(piece, facts, w, sources), w) for w in _nearest(piece, facts, windows)]
    return min((reasons for reasons, _ in tried), key=len)


def _nearest(piece: str, facts: Facts, windows: list[Window]) -> list[Window]:
    """The windows to try: all for a piece with facts, the best covering ones for plain prose."""
    if _binds(facts) or modality.claims_progress(piece) or modality.claims_plan(piece):
        return windows
    best = max(_covered(piece, w.text) for w in windows)
    return [w for w in windows if _covered(piece, w.text) == best]


def _binds(facts: Facts) -> bool:
    return bool(facts.roles or facts.moments or facts.done or facts.times or facts.quantities)


def _breaks(piece: str, facts: Facts, window: Window, sources: list[Source]) -> list[str]:
    there = facts_of(window.text)
    source = sources_by_index(sources, window)
    reasons = [
        *_roles(facts, there),
        *_times(facts, there, source),
        *_counts(facts, there, source),
        *_how_far(piece, facts, window, there),
        *_denied(piece, facts, window, there),
        *_opposed(piece, window, source),
        *_beside_numbers(piece, facts, window),
        *_order_of_units(piece, facts, window),
        *_acts(piece, facts, window, there, source),
        *_other_state(piece, facts, window),
        *_verbs_of_units(piece, facts, window, there),
    ]
    if not reasons:
        reasons.extend(_substituted(piece, window))
    reasons.extend(_matter(piece, facts, window, source, sources))
    return reasons


def sources_by_index(sources: list[Source], window: Window) -> Source:
    """The source that a window belongs to."""
    return next(s for s in sources if any(w is window for w in s.windows))


def _roles(facts: Facts, there: Facts) -> Iterator[str]:
    for playing in facts.roles:
        if not any(_plays(playing, other) for other in there.roles):
            yield f"“{playing.unit}{playing.part.value}”与原文的分工不符"


def _plays(claimed: Playing, written: Playing) -> bool:
    return written.part in _CARRIED_BY.get(claimed.part, {claimed.part}) and (
        claimed.unit == written.unit or same_body(claimed.unit, written.unit)
    )


def _times(facts: Facts, there: Facts, source: Source) -> Iterator[str]:
    around = facts_of(source.around).moments
    for moment in facts.moments:
        if any(_same_moment(moment, other) for other in there.moments):
            if moment.year is None and "每年" in there.times and "每年" not in facts.times:
                yield f"“{moment.written}”在原文中是每年的"
            continue
        if moment.month is None and not moment.bound and not moment.part and any(m.year == moment.year for m in around):
            continue
        yield f"日期“{moment.written}”与原文不符"
    for name in facts.times - there.times:
        if not (name in ("年底", "月底") and any(m.part == "底" for m in there.moments)):
            yield f"时间“{name}”不见于原文"


def _same_moment(claimed: claims.Moment, written: claims.Moment) -> bool:
    for mine, other in (
        (claimed.year, written.year),
        (claimed.month, written.month),
        (claimed.day, written.day),
    ):
        if mine is not None and mine != other:
            return False
    if claimed.bound and claimed.bound != written.bound:
        return False
    if claimed.bound and written.day is not None and claimed.day is None:
        return False  # 5月前 for 5月16日前
    return claimed.part == written.part or (not claimed.part and not claimed.bound)


def _counts(facts: Facts, there: Facts, source: Source) -> Iterator[str]:
    for quantity in facts.quantities:
        same = [q for q in there.quantities if _same_count(quantity, q)]
        if not same and quantity.measure.startswith("第"):
            same = [q for q in facts_of(source.around).quantities if q.value == quantity.value]
            if not same and re.search(rf"(?:^|\n){_ordinal(quantity)}[、(（]?", source.around):
                continue
        if not same and not quantity.measure and any(quantity.value in (m.year, m.month, m.day) for m in there.moments):
            continue
        if not same:
            yield f"数字“{quantity.written}”与原文不符"
        elif all(q.bound != quantity.bound for q in same):
            yield f"数字“{quantity.written}”的上下限与原文不符"


def _ordinal(quantity: claims.Quantity) -> str:
    from assistant.domain.numerals import to_chinese

    return to_chinese(int(quantity.value)) if 0 < quantity.value < 100 else "\x00"


def _same_count(claimed: claims.Quantity, written: claims.Quantity) -> bool:
    if claimed.value != written.value:
        return False
    return claimed.measure == written.measure or "" in (claimed.measure, written.measure)


def _how_far(piece: str, facts: Facts, window: Window, there: Facts) -> Iterator[str]:
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
        if not assigned and sum(1 for b in _bigrams(piece) if b in governed and b not in free) >= 2:
            yield "原文只是计划（拟）"


def _denied(piece: str, facts: Facts, window: Window, there: Facts) -> Iterator[str]:
    if any(not any(_same_denial(mine, other) for other in there.denials) for mine in facts.denials):
        yield "原文没有这样的否定"
    if any(_told_undenied(denied, piece, facts.denials) for denied in there.denials):
        yield "漏掉了原文的否定"


def _same_denial(claimed: str, written: str) -> bool:
    return claimed[:1] == written[:1] or bool(_bigrams(claimed) & _bigrams(written))


def _told_undenied(denied: str, piece: str, denials: Sequence[str]) -> bool:
    """Whether the piece says what the text denies (继续保留 of 不再保留)."""
    verb = re.split("[^一-鿿]", denied[:2])[0]
    return bool(verb) and verb in piece and not any(verb in mine for mine in denials)


def _denied_elsewhere(text: str, sources: list[Source]) -> Iterator[str]:
    """A clause that denies what the sentence says without denial, wherever it stands in the cited text."""
    mine = modality.denials(text)
    for clause in (c for s in sources for w in s.windows for c in re.split("[,;。:]", w.text)):
        denied = modality.denials(clause)
        pairs = _bigrams(_content(clause))
        near = bool(pairs) and sum(p in text for p in pairs) / len(pairs) >= 0.6
        if near and any(_told_undenied(d, text, mine) for d in denied if len(d) > 1):
            yield "漏掉了原文的否定"
            return


def _other_state(piece: str, facts: Facts, window: Window) -> Iterator[str]:
    """The clause that speaks of the piece's matter must not say another state (甲已完成，乙正在办理)."""
    clauses = [c for c in re.split("[,;。]", window.text) if c]
    progress = modality.claims_progress(piece)
    if len(clauses) < 2 or not (facts.done or progress or facts.denials):
        return
    pairs = _bigrams(_content(piece))
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


def _verbs_of_units(piece: str, facts: Facts, window: Window, there: Facts) -> Iterator[str]:
    """What stands right after a body must not stand right after another body only (甲组织、乙运营)."""
    for unit in facts.units:
        at = piece.find(unit)
        verb = piece[at + len(unit) : at + len(unit) + 2]
        if at < 0 or len(verb) < 2 or not all(_HAN.match(c) for c in verb) or verb[0] in "和与及等的由为是":
            continue
        holders = [other for other in there.units if f"{other}{verb}" in window.text]
        known = any(same_body(unit, other) for other in there.units)
        if known and holders and not any(same_body(unit, other) for other in holders):
            yield f"“{unit}{verb}”在原文中是另一单位"


_SYNONYMS = [
    frozenset(words.split())
    for words in (
        "召开 举行 举办",
        "补助 补贴 资助",
        "公布 发布 印发 下发 出台",
        "完成 办结 竣工 完工 建成",
        "设立 成立 建立 组建 创建",
        "讨论 研究",
        "时间 时限 期限",
        "达 达到 为 有 共",
        "每 各",
        "在 于 应 须 要 需",
        "制定 制订 编制 起草",
        "开始 启动 开工",
        "增加 新增 增设",
        "使用 利用",
        "协助 配合",
        "参加 参与",
        "及 和 与 、",
        "聘请 邀请",
        "我 本 全 该 此",
    )
]
_PREFIXES = re.compile("^(?:分管|常务)?(?:副|非|半|准|原|前|代|次|基本|初步|部分|大部分|原则上)$")


def _substituted(piece: str, window: Window) -> Iterator[str]:
    """A word of the text that another word stands for, between the same neighbours (向初中毕业生 → 向高中毕业生)."""
    matcher = SequenceMatcher(None, piece, window.text, autojunk=False)
    steps = matcher.get_opcodes()
    for n, (kind, a, b, c, d) in enumerate(steps):
        mine, written = piece[a:b], window.text[c:d]
        left = piece[a - 1 : a] if n and steps[n - 1][0] == "equal" else ""
        right = steps[n + 1] if n + 1 < len(steps) else None
        follows = right is not None and right[0] == "equal" and right[2] - right[1] >= 2
        if kind == "insert" and left and follows and _PREFIXES.match(written):
            yield f"漏掉了“{written}”"
        if kind != "replace" or not follows or len(mine) > 6 or (a and len(written) > 8):
            continue
        if a == 0 and right and right[2] - right[1] >= 3 and not _HAN.fullmatch(written):
            written = written[-len(mine) :]  # the piece begins within the statement
        if not (all(_HAN.match(x) for x in mine) and all(_HAN.match(x) for x in written)):
            continue
        if _is_subsequence(mine, written) or _is_subsequence(written, mine) or _means_same(mine, written):
            continue
        if not GENERIC.sub("", mine) or not GENERIC.sub("", written) or _stands(piece, a, b, window.text):
            continue
        yield f"原文的“{written}”写成了“{mine}”"


def _stands(piece: str, start: int, end: int, text: str) -> bool:
    """Whether the text has ``piece[start:end]`` too; a single character with one of its neighbours."""
    if end - start > 1:
        return piece[start:end] in text
    return piece[max(0, start - 1) : end] in text or piece[start : end + 1] in text


def _means_same(left: str, right: str) -> bool:
    return any(left in words and right in words for words in _SYNONYMS)


def _opposed(piece: str, window: Window, source: Source) -> Iterator[str]:
    known = window.text + "\n" + source.around
    for left, right in _OPPOSITE:
        for mine, other in ((left, right), (right, left)):
            if mine.search(piece) and not mine.search(known) and other.search(window.text):
                yield "说法与原文相反"
    if _MUST.search(piece) and not _MUST_SUPPORT.search(window.text):
        yield "“必须”之类的说法没有依据"


def _beside_numbers(piece: str, facts: Facts, window: Window) -> Iterator[str]:
    """The word before a number must not be one that stands before another number in the text (完成14项, 推进16项)."""
    clauses = [(c, facts_of(c).quantities) for c in re.split("[,、;。()]", window.text) if c]
    for clause in re.split("[,、;()]", piece):
        for quantity in facts_of(clause).quantities:
            words = re.search("[一-鿿]{2,4}$", clause[: clause.find(quantity.written)])
            if not words or quantity.measure in ("期", "届", "级"):
                continue
            word = words.group()[-2:]
            holders = [c for c, found in clauses if any(_same_count(quantity, q) for q in found)]
            rivals = [c for c, found in clauses if found and c not in holders and word in c]
            if holders and rivals and not any(word in c for c in holders):
                yield f"数字“{quantity.written}”与“{word}”在原文中不在一处"


def _order_of_units(piece: str, facts: Facts, window: Window) -> Iterator[str]:
    """Catch an exchange of subject and object: 甲评估乙 told as 乙评估甲."""
    if _PASSIVE.search(piece):
        return
    for left, right in zip(facts.units, facts.units[1:], strict=False):
        a, b = piece.find(left), piece.find(right)
        between = piece[a + len(left) : b]
        if a < 0 or b <= a or not between or not _HAN.search(between) or re.fullmatch("[和与及、等]+|以及", between):
            continue
        here_left, here_right = window.text.find(left), window.text.find(right)
        if 0 <= here_right < here_left:
            across = window.text[here_right + len(right) : here_left]
            if any(between[i : i + 2] in across for i in range(len(between) - 1)):
                yield f"“{left}”与“{right}”的主客关系与原文相反"


def _acts(piece: str, facts: Facts, window: Window, there: Facts, source: Source) -> Iterator[str]:
    """A body must do in the text what the sentence says it does (甲安排资金, 乙管理资金; 甲负责清淤, 乙负责绿化)."""
    playing = {p.unit for p in facts.roles}
    clauses = [c for c in re.split("[,，]", piece) if c]
    around = source.around + ("" if there.units else "\n" + window.topic)  # an elided subject stands before
    for unit in facts.units:
        if unit not in playing and THING.search(unit[-3:]):
            continue
        deeds = _deeds(unit, window.text)
        if not deeds:
            if unit not in playing and not _unit_known(unit, {*there.units}, f"{window.text}\n{around}"):
                yield f"“{unit}”不在所引的这一句里"
            continue
        told = piece if unit in playing else next((c for c in clauses if unit in c), "")
        pairs = _bigrams(_content(_without(told, facts.units)))
        done = f"{deeds}\n{window.topic}\n{source.around}"
        if len(pairs) >= 2 and sum(p in done for p in pairs) / len(pairs) < 0.4:
            yield f"“{unit}”所做的事与原文不符"


def _deeds(unit: str, text: str) -> str:
    """The clauses in which a unit acts: its own, those after it, and those before that wait for an actor.

    A clause that names another body and a matter ends it; one that only adds a body (乙配合) does not. In a table row
    all cells belong to all.
    """
    if text.count(":") >= 2:
        return text
    found: list[str] = []
    waiting: list[str] = []
    acting = False
    for clause in (c for c in re.split("[,;。:()]", text) if c):
        names = facts_of(clause).units
        actor = any(re.search(f"(?:^|由|经){re.escape(name)}", clause) for name in names)
        dependent = is_dependent(clause) or bool(names and _JOINS.search(clause))
        if any(n == unit or same_body(n, unit) for n in names):
            acting = True
            found.extend(waiting)
        elif actor and not dependent:
            acting = False
        if acting:
            found.append(clause)
        if not dependent:
            waiting = [] if actor else [*waiting, clause]
    return "\n".join(found)


def _without(text: str, names: Sequence[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "\x00")
    return text


# ---- matter --------------------------------------------------------------------------------------------------------


def _matter(piece: str, facts: Facts, window: Window, source: Source, sources: list[Source]) -> Iterator[str]:
    """Whether the piece speaks of what the window speaks of, in words that the evidence knows."""
    known = f"{window.text}\n{source.around}"
    elsewhere = "\n".join(s.body for s in sources)
    bare = _content(piece)
    if not bare:
        if not _binds(facts):
            yield "不成句"
        return
    uncovered = _uncovered(bare, known)
    total = sum(len(run) for run in re.findall("[一-鿿]+", bare))
    novel = sum(len(run) for run in _uncovered(bare, known + "\n" + elsewhere))
    if _binds(facts) or modality.claims_progress(piece) or modality.claims_plan(piece):
        for run in uncovered:
            stands_elsewhere = any(run[i : i + 2] in elsewhere for i in range(len(run) - 1))
            if stands_elsewhere and not _continues(run, piece, window):
                yield f"“{run}”属于另一条"
                return
    if total and novel / total > (_NOVEL_BOUND if _binds(facts) else _NOVEL):
        yield "内容超出所引条款"


_NOVEL_BOUND = 0.5
_NOVEL = 0.5


def _continues(run: str, piece: str, window: Window) -> bool:
    """Whether ``run`` is the matter that the text names just before and the window goes on with.

    “人才公寓二期正在施工” of “人才公寓一期已竣工；二期正在施工”: what follows the run opens a clause of the window.
    """
    if run[-2:] not in window.topic:
        return False
    rest = re.sub("^(?:项目|工程|工作|建设)", "", piece[piece.find(run) + len(run) :])
    openings = [re.sub("^(?:目前|其中|现|一是|二是|三是)", "", c)[:2] for c in re.split("[,;。:()]", window.text)]
    return rest[:2] in [o for o in openings if len(o) == 2]


def _content(piece: str) -> str:
    return GENERIC.sub(" ", re.sub("[^一-鿿]", " ", piece))


def _bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1) if _HAN.match(text[i]) and _HAN.match(text[i + 1])}


def _uncovered(bare: str, known: str) -> list[str]:
    """Runs of two or more Han characters that share no pair with ``known``."""
    found: list[str] = []
    for run in re.findall("[一-鿿]{2,}", bare):
        covered = [False] * len(run)
        for i in range(len(run) - 1):
            if run[i : i + 2] in known:
                covered[i] = covered[i + 1] = True
        start = None
        for i, hit in enumerate([*covered, True]):
            if not hit and start is None:
                start = i
            elif hit and start is not None:
                if i - start >= 2:
                    found.append(run[start:i])
                start = None
    return found


def _covered(piece: str, text: str) -> float:
    pairs = _bigrams(piece)
    return sum(1 for p in pairs if p in text) / len(pairs) if pairs else 0.0


def _inherited(piece: str, facts: Facts, sources: list[Source]) -> list[str]:
    """A lead taken over from the section above, marked 推定: the roles stand in one source, the matter in another."""
    windows = [w for s in sources for w in s.windows]
    stated = [w for w in windows if not list(_roles(facts, facts_of(w.text)))]
    if not stated:
        return list(_roles(facts, facts_of(windows[0].text)))
    everything = "\n".join([*(s.body for s in sources), *(s.around for s in sources)])
    bare = _content(piece)
    total = sum(len(run) for run in re.findall("[一-鿿]+", bare))
    novel = sum(len(run) for run in _uncovered(bare, everything))
    rest = Facts((), (), facts.quantities, facts.moments, facts.times, facts.done, facts.denials)
    reasons = min((_breaks_rest(rest, w, sources) for w in windows), key=len)
    if total and novel / total > _NOVEL:
        reasons = [*reasons, "内容超出所引条款"]
    return reasons


def _breaks_rest(facts: Facts, window: Window, sources: list[Source]) -> list[str]:
    there = facts_of(window.text)
    source = sources_by_index(sources, window)
    return [
        *_times(facts, there, source),
        *_counts(facts, there, source),
        *(["没有依据"] if facts.done - there.done else []),
    ]
