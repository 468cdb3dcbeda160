"""How far a matter is, what is denied, what is swept together: where a part of a sentence and its atom differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.answering.checks.atoms import Atom
from assistant.answering.checks.sources import Facts, Window, facts_of
from assistant.answering.checks.wording import canonical, pairs_of, weighed_pairs
from assistant.domain.language import claims, modality

_OPPOSITES = [
    ("增加|增长|提高|提升|上升|扩大|上调|上浮", "减少|下降|降低|缩小|下调|缩减|压缩|下浮"),
    ("加强|强化", "削弱|弱化|放松"),
    ("同意|支持|赞成|采纳", "反对|不同意|否决|压减|淘汰|审慎|暂缓|暂不"),
    ("(?<!不)允许|(?<!不)准许|鼓励", "禁止|限制|不得|严禁"),
    ("必须|应当|强制", "可以|自愿|鼓励|可自行"),
    ("公开", "保密|不予公开"),
    ("新增|增设|保留", "取消|撤销|撤并"),
    ("合并", "拆分|分设"),
    ("免费|无偿|免收", "收费|有偿|收取"),
    ("开放", "关闭|封闭"),
    ("一次性", "每年|每月|逐年|按月|按年"),
    ("优秀", "合格|良好|基本合格"),
    ("上涨", "下跌"),
    ("按期|按时|如期|提前", "逾期|延期|推迟|滞后|延后"),
    ("超额|超过|高于", "低于|未达"),
    ("首次|第一次", "再次|多次"),
    ("长期", "短期|临时"),
    ("以上", "以下"),
    ("最快", "最慢"),
    ("最好|最优", "最差"),
    ("(?<!不)早于|不晚于", "(?<!不)晚于|不早于"),
    ("最多|最高|最长", "最少|最低|最短|不少于|不低于"),
    ("至少|不少于|不低于", "至多|不超过|最多|最高|最长"),
    ("满意", "不满意"),
    ("调整为|变更为|改为|改由|变为", "不变|维持不变"),
    ("城镇|城市|城区", "农村|乡村|乡镇"),
    ("定期", "不定期"),
    ("民办", "公办"),
    ("专职", "兼职"),
    ("线上", "线下"),
    ("上级", "下级"),
    ("书面", "口头"),
    ("初稿", "定稿|终稿"),
    ("新建", "续建|改建"),
    ("停止|终止|废止", "开始|恢复"),
    ("建设|新建|建立", "关闭|拆除"),
    ("全部|完全", "部分(?!门)|个别|少数"),
    ("首位|第一|居首|最高", "末位|倒数|垫底|最低"),
    ("多(?=[、,的])", "少(?=[、,的])"),
    ("双(?!方|边)", "单(?!位|独|元|据|项|列|一)"),
    ("事前", "事后"),
    ("上旬", "中旬|下旬"),
    ("已备案", "未备案"),
]
_OPPOSITE = [(re.compile(a), re.compile(b)) for a, b in _OPPOSITES]
_ENDS = frozenset(("完成", "成立", "启用", "落实", "达到"))
_LIMITS = re.compile("最多|至少")
_MUST = re.compile("必须|务必|强制|一律")
_MUST_SUPPORT = re.compile("必须|务必|强制|一律|应|须|不得|严禁|要")
_MAY = re.compile("(?<!不)可以|(?<!不)可自行|有权")
_BOUND_TO = re.compile("必须|应当|(?<!无)须|不得|严禁|禁止|不再|不予")
_WHOLE = re.compile(
    "全部|所有(?!权)|一律|全体(?!会议)|全面完成|完全|无一例外|百分之百|每一|任何|均(?!衡|价|等|匀|值|可)|都(?!市|会)"
)
_WHOLE_SUPPORT = re.compile(
    "全部|所有|一律|全体|完全|均(?!衡|价|等|匀|值|可)|都(?!市|会)|每[个家名位项所座处]|各|全面|全额|任何|100%|一切|凡|全覆盖|未经"
)
_DONE = re.compile("已(?!知|婚|故|备案)|业已|(?<![为除])了(?![解结])|完毕|正式(?:成立|揭牌|启用|运行)")
_ALREADY = re.compile("已(?!知|婚|故|备案)|业已")
_REACHED = re.compile("^建成|突破|[增达升]至|达|累计|共")
_FUTURE = re.compile("将(?=要|会|于|在|由|建成|完成|投用|启动|开放|增加|引进|新增)")
_RESULT = re.compile(
    "过半|已|了|现有|共有|完工|办结|目前(?!计划|拟)|累计|收到|发现|实到|同意|通过|批准|采纳|批复|纳入|列入|为[0-9]|达到?[0-9]|[0-9]日(?!前|内|起)"
)
_AHEAD = re.compile(
    "应当?(?!用|急)|须|要求|必须|力争|争取|确保|拟(?!定|订|制)|计划(?!的)|将|预计|目标(?!任务|的)|时限|每[年月季周半]|[0-9年月日底初末](?:之?前|以前|内)|"
    "(?<!截至)(?<!截止)到[0-9]{4}年|(?:学期|季|节|期|会)前|下一步|适时|报[一-鿿]{0,6}(?:审定|审批)"
)
_PROPOSED = re.compile("(?:关于|提出的?|您的?|对于?)([^,;。]{4,40}?)的(?:建议|意见|诉求|请求)")
_REST = re.compile("其余|其他|剩余|余下")
_HARD = re.compile("有(?:一定)?困难|存在困难|难以|无望|有难度")
_DENIAL = re.compile("禁止|未|不再|不予|不")
_PART_OF = re.compile("完成[^,;。]{0,12}?的?(?:[0-9.]+%|百分之|[一二三四五六七八九]成)")
_ON_CONDITION = re.compile("(?:须|需|要|应)经|才|方可|(?<!未)经[^,;。]{2,12}(?:后|的)|除非|只有")
_VOICE = re.compile("^(?:被|予以|能够?|再|有|曾|得到|经|作出|作)")
_SAID = 5  # characters behind a denial that say what is denied
_LONG_DENIAL = 14  # characters after a word of denial that it can reach
_ABOUT = 0.35  # share of an atom's words that a part must hold to speak of it


def other_progress(piece: str, facts: Facts, window: Window, there: Facts) -> Iterator[str]:
    """拟 added or dropped; under way without a ground."""
    if modality.claims_progress(piece) and not modality.in_progress(window.text):
        yield "“正在进行”没有依据"
    planned = window.planned_at is not None or modality.plans_outright(window.text)
    if modality.claims_plan(piece) and not planned and (facts.done or there.done or not _AHEAD.search(window.text)):
        yield "原文没有说“拟”"
    done = bool(facts.done) and facts.done <= there.done
    if window.planned_at is not None and not modality.plans(piece) and not done:
        end = modality.planned_to(window.text, window.planned_at)
        governed = window.text[window.planned_at : end]
        free = window.text[: window.planned_at] + "\n" + window.text[end:]
        # 计划实施某事，由甲负责: the plan does not govern who is made responsible.
        assigned = bool(facts.roles) and all(p.unit in free and p.unit not in governed for p in facts.roles)
        held = weighed_pairs(piece)
        bound = sum(w for b, w in held.items() if b in governed and b not in free)
        if not assigned and bound >= 1.5:
            yield "原文只是计划（拟）"


def claims_state(part: str) -> bool:
    """Whether a part tells something as done or under way."""
    return bool(_DONE.search(part) or modality.done_verbs(part) or modality.claims_progress(part))


def other_state(part: str, lead: str, atom: Atom, atoms: Sequence[Atom]) -> Iterator[str]:
    """What the part tells as done or under way must be told so, or as a count, by the atom that speaks of it.

    ``lead`` is what stands before the part in its sentence.
    """
    statement = [a for a in atoms if a.statement == atom.statement]
    if modality.claims_progress(part) and not any(modality.in_progress(a.text) for a in _of_one_actor(atom, statement)):
        yield "“正在进行”没有依据"
    if not claims_state(part) or modality.denials(part) or modality.claims_progress(part):
        return
    if not _DONE.search(part) and _AHEAD.search(lead + part):
        return
    kinds, words = modality.done_verbs(part), canonical(part)
    if _FUTURE.search(part) and atom.facts.done and not any(_AHEAD.search(a.text) for a in statement):
        yield "原文已经完成"
    if _PART_OF.search(atom.text) and "完成" in part and not facts_of(part).quantities:
        yield "原文只完成了一部分"
    if modality.plans_outright(atom.text) and not (atom.facts.done or _DONE.search(atom.text)):
        yield "“已完成”之类的说法没有依据"
        return
    counted = bool(facts_of(part).quantities)
    for other in statement:
        alike = other is atom or (not counted and _share(other, words) >= 0.5 and not _names_another(part, other))
        if kinds and kinds <= other.facts.done and alike:
            return
    ahead = any("完成" in a.words and not a.facts.done and _AHEAD.search(a.text) for a in statement)
    if "完成" in kinds and ahead and not any("完成" in a.facts.done for a in atoms if a.line == atom.line):
        yield "“已完成”之类的说法没有依据"
        return
    told = _told_of(part, atom, atoms)
    if not _is_done(told) or (_ALREADY.search(part) and _only_counted(told, atoms)):
        yield "“已完成”之类的说法没有依据"


def _only_counted(atom: Atom, atoms: Sequence[Atom]) -> bool:
    """Whether a number is all that makes the atom a result, and its paragraph sets tasks (建基地2个，年底前投用)."""
    if atom.facts.done or _DONE.search(atom.text) or _RESULT.search(atom.text) or _REACHED.search(atom.text):
        return False
    near = [a for a in atoms if a.line == atom.line]
    set_out = any(_AHEAD.search(a.text) or a.text.startswith(("由", "对")) or "牵头" in a.text for a in near)
    return set_out and not any(a.facts.done or _DONE.search(a.text) or _RESULT.search(a.text) for a in near)


def _names_another(part: str, other: Atom) -> bool:
    """Whether the atom opens with a thing of the same kind, but another (上游段 for 下游段)."""
    named = [n for n in claims.quoted_names(other.text) if n not in part]
    return bool(named) or (part[:1] != other.text[:1] and part[1:3] == other.text[1:3])


def _told_of(part: str, atom: Atom, atoms: Sequence[Atom]) -> Atom:
    """The atom that holds the part's number, or what stands round its 已 where the nearest does so much worse."""
    if atom.text[:2] == part[:2]:
        return atom
    counts = {(q.measure, q.value) for q in facts_of(part).quantities}
    holders = [a for a in atoms if counts & {(q.measure, q.value) for q in a.facts.quantities}]
    if holders and atom not in holders:
        return holders[0]
    done = _DONE.search(part)
    verb = weighed_pairs(canonical(part[max(0, done.start() - 4) : done.end() + 10])) if done else {}
    total = sum(verb.values())

    def held(other: Atom) -> float:
        rival = any(m == q.measure and v != q.value for m, v in counts for q in other.facts.quantities)
        return 0.0 if rival else sum(w for p, w in verb.items() if p in other.words)

    best = max(atoms, key=held, default=atom)
    return best if total >= 1 and held(atom) < 0.5 * total < 0.6 * total <= held(best) else atom


def _of_one_actor(atom: Atom, statement: Sequence[Atom]) -> Iterator[Atom]:
    """The atom and those after it that name no other matter."""
    yield atom
    for other in statement:
        if len(other.lead) > len(atom.lead) and not other.own and not (other.facts.done or other.facts.denials):
            yield other


def _is_done(atom: Atom) -> bool:
    if atom.facts.done or _DONE.search(atom.text):
        return True
    if modality.in_progress(atom.text) or _AHEAD.search(atom.lead + atom.text) or atom.facts.denials:
        return False
    return bool(_RESULT.search(atom.text) or atom.facts.quantities)


def other_polarity(part: str, atom: Atom, atoms: Sequence[Atom]) -> Iterator[str]:
    """A denial dropped or added: what a word of denial governs here must be denied there, and the other way round."""
    denied, told = _denied(part), _told(part)
    for heads, region in denied:
        if "的" in part and region & _told(part[part.find("的") :]) == set() and _REST.search(_line(atom, atoms)):
            continue  # 没有配备的学校 for 其余学校
        if "未经" in part and any("经" in a.text for a in atoms if a.line == atom.line):
            continue
        heads = heads | {c for c in region if len(c) == 1}
        place = _place(heads, atom, atoms)
        near = [a for a in atoms if a.statement == (place or atom).statement]
        if place is not None:
            near += [a for a in atoms if abs(atoms.index(a) - atoms.index(place)) == 1]
        if any(heads & _flat(_denied(a.text)) for a in near):
            continue
        firsts = {h[0] for h in heads}
        if atom.facts.denials and firsts & {c for r in _denied(atom.text) for h in r[0] for c in h}:
            continue  # 不能用来发工资 for 不得用于发放
        if place is not None and not heads & _flat(_denied(place.text)):
            yield "原文没有这样的否定"
            return
        if place is None and any(region & _flat(_denied(a.text)) for a in atoms):
            continue
        if all(len(h) == 1 for h in heads) and any(a.facts.denials for a in near):
            continue
        if place is None and not any(a.facts.denials for a in near):
            yield "原文没有这样的否定"
            return
    if _declined(part, atom, atoms) and not modality.denials(part):
        yield "漏掉了原文的否定"
    if _HARD.search(atom.text) and not _HARD.search(part):
        yield "漏掉了原文的“困难”"
    if _ON_CONDITION.search(part):
        return
    words = canonical(part)
    if modality.plans(part) and any(modality.plans_outright(a.text) for a in atoms if a.statement == atom.statement):
        told = told - _planned_words(atom, atoms)  # 尚未开工，预计3月开工
    for other in atoms:
        if _says_denied(part, other, atoms):
            yield "漏掉了原文的否定"
            return
        for heads, _ in _denied(other.text):
            said = heads & told - _flat(denied)
            if not said or (other is not atom and _share(other, words) < _ABOUT):
                continue
            place = _place(said, atom, atoms)
            if place is other or (place is None and other is atom):
                yield "漏掉了原文的否定"
                return


def _planned_words(atom: Atom, atoms: Sequence[Atom]) -> set[str]:
    """What the statement of the atom plans."""
    planned = (a for a in atoms if a.statement == atom.statement and modality.plans_outright(a.text))
    return set().union(*(_told(a.text) for a in planned))


def _says_denied(part: str, other: Atom, atoms: Sequence[Atom]) -> bool:
    """Whether the part tells, word for word and undenied, what the atom denies and no atom tells (不得办成营利性园)."""
    here = _undenied(part)
    for tail in modality.denied_tails(other.text, _LONG_DENIAL):
        said = canonical(re.split("[^一-鿿]", tail)[0])[:_SAID]
        if len(said) >= _SAID - 1 and said in here and not any(said in _undenied(a.text) for a in atoms):
            return True
    return False


def _undenied(text: str) -> str:
    for tail in modality.denied_tails(text, _LONG_DENIAL):
        text = text.replace(tail, "\x00") if tail else text
    return canonical(text)


def _declined(part: str, atom: Atom, atoms: Sequence[Atom]) -> bool:
    """Whether the part tells as a matter of fact what a statement only names to decline it (关于…的建议，暂不考虑)."""
    statement = [a for a in atoms if a.statement == atom.statement]
    named = [m for a in statement if (m := _PROPOSED.search(a.text))]
    if not named or not any(a.facts.denials for a in statement) or re.search("建议|提出|诉求", part):
        return False
    words = weighed_pairs(canonical(named[0].group(1)))
    return sum(w for p, w in words.items() if p in canonical(part)) >= 0.6 * sum(words.values()) > 0


def _line(atom: Atom, atoms: Sequence[Atom]) -> str:
    return "\n".join(a.text for a in atoms if a.line == atom.line)


def _place(region: set[str], atom: Atom, atoms: Sequence[Atom]) -> Atom | None:
    """Where the evidence speaks of the words of ``region``: the atom itself, else the one nearest to it."""
    held = [a for a in atoms if region & (_flat(_denied(a.text)) | _told(a.text))]
    if not held or atom in held:
        return atom if held else None
    return min(
        held,
        key=lambda a: (
            abs(a.line - atom.line),
            abs(a.statement - atom.statement),
            abs(atoms.index(a) - atoms.index(atom)),
        ),
    )


@lru_cache(maxsize=4096)
def _denied(text: str) -> list[tuple[set[str], set[str]]]:
    """For each word of denial the pairs of characters right after it, and all that it can govern."""
    regions: list[tuple[set[str], set[str]]] = []
    for tail in modality.denied_tails(text, _LONG_DENIAL):
        clause = re.split("[^一-鿿、]", tail)[0]
        clause = clause.split("的")[0] or clause  # 不合格的不予补助: what stands behind 的 is not denied
        items = [_VOICE.sub("", t) for t in clause.split("、")]
        items = [canonical(t) for t in items if t]
        if items:
            heads = set().union(*(pairs_of(t if t[0] in "向对给在为按" else t[:3]) or {t} for t in items))
            regions.append((heads, set().union(*(pairs_of(t) | {t[0]} for t in items))))
    return regions


def _flat(regions: Sequence[tuple[set[str], set[str]]]) -> set[str]:
    return set().union(*(region for _, region in regions)) if regions else set()


@lru_cache(maxsize=4096)
def _told(text: str) -> set[str]:
    """Pairs and characters of a text outside what it denies."""
    for tail in modality.denied_tails(text, _LONG_DENIAL):
        text = text.replace(re.split("[^一-鿿、]", tail)[0], "\x00", 1) if tail else text
    words = canonical(text)
    return pairs_of(words) | set(words)


def _share(atom: Atom, words: str) -> float:
    pairs = weighed_pairs(_DENIAL.sub("", atom.words))
    total = sum(pairs.values())
    return sum(w for p, w in pairs.items() if p in words) / total if total else 0.0


def opposed(part: str, atom: Atom, atoms: Sequence[Atom], around: str) -> Iterator[str]:
    """The opposite of a word of the atom, 必须 for 可以, all for some."""
    statement = "\n".join(a.text for a in atoms if a.statement == atom.statement)
    bounded = bool(facts_of(part).quantities)
    for left, right in _OPPOSITE:
        for mine, other in ((left, right), (right, left)):
            if bounded and _LIMITS.search(left.pattern):
                continue  # numbers are compared with their bounds
            turned = mine.search(part) and not other.search(part) and other.search(atom.text)
            if turned and not mine.search(atom.text + around):
                yield "说法与原文相反"
    if _MUST.search(part) and not _MUST_SUPPORT.search(statement):
        yield "“必须”之类的说法没有依据"
    if _MAY.search(part) and _BOUND_TO.search(atom.text) and "可" not in atom.text and not _ON_CONDITION.search(part):
        yield "“可以”之类的说法没有依据"
    yield from _swept(part, atom, atoms)


def _swept(part: str, atom: Atom, atoms: Sequence[Atom]) -> Iterator[str]:
    """All, every, each: the atom that holds what stands behind the word must say so as well."""
    whole = _WHOLE.search(part)
    if whole is None or sum(weighed_pairs(part).values()) < 1:
        return
    told = weighed_pairs(canonical(part[whole.end() : whole.end() + 8]))
    total = sum(told.values())
    near = [a for a in atoms if total and sum(w for p, w in told.items() if p in a.words) >= 0.6 * total]
    # 覆盖全部行政村 is about the villages; 全部完成 and 均已配备 are about what stands before them.
    of_noun = whole.group() in ("全部", "所有") and not modality.done_verbs(part) & _ENDS
    if not any(_WHOLE_SUPPORT.search(a.text) for a in (near if of_noun and near else (atom, *near))):
        yield "“全部”之类的说法没有依据"
